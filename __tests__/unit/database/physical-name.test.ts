// These names are a public contract: a server whose name changes is replaced. A test here that has to change is a new
// major version.
import { Construct } from "constructs";
import { physicalName, shortHash } from "../../../lib/database/private";
import { synthesize } from "../../support/synth";

function nameOf(ids: string[], maxLength?: number): string {
  let name = "";
  synthesize(
    (stack) => {
      const [, ...rest] = ids;
      const scope = rest.reduce<Construct>((parent, id) => new Construct(parent, id), stack);
      name = physicalName(scope, maxLength);
    },
    { stackId: ids[0] },
  );
  return name;
}

test.each([
  [["shop", "db"], "shop-db"],
  [["shop", "Data", "Postgres_1"], "shop-data-postgres-1"],
  [["Shop.prod", "db--main-"], "shop-prod-db-main"],
  [["1shop", "db"], "d-1shop-db"],
  [["_", "-"], "d"],
  [["shop", "dätenbank"], "shop-d-tenbank"],
])("%j is %s", (ids, name) => {
  expect(nameOf(ids)).toBe(name);
});

test("a long path is cut and told apart by a hash of the whole", () => {
  const long = "a".repeat(40);
  expect(nameOf(["shop", long, `${long}-1`])).toBe(
    `shop-${"a".repeat(40)}-aaaaaaaa-${shortHash(`shop/${long}/${long}-1`)}`,
  );
  expect(nameOf(["shop", long, `${long}-1`])).toHaveLength(63);
  expect(nameOf(["shop", long, `${long}-2`])).not.toBe(nameOf(["shop", long, `${long}-1`]));
  expect(nameOf(["shop", "database"], 12)).toBe(`sho-${shortHash("shop/database")}`);
});

test("a cut does not leave two hyphens", () => {
  expect(nameOf(["abc", "def"], 6 + 7)).toBe("abc-def");
  expect(nameOf(["abcd", "efghijklmnop"], 14)).toBe(`abcd-${shortHash("abcd/efghijklmnop")}`);
});

test("the hash stands still", () => {
  expect(shortHash("shop/db")).toBe("ad9c1afe");
});
