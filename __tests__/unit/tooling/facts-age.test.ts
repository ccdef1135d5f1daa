/** The tables of facts say when their sources were read, and old ones are named. */
import { factTables } from "../../../lib/cli/doctor/fact-tables";
import { staleTables } from "../../../tools/facts-age";
import { repository } from "../../../tools/machine/repository";

const tables = factTables(repository);

test("every table of facts has the date at which its sources were read", () => {
  expect(tables.length).toBeGreaterThan(20);
  expect(tables.filter(({ read }) => read === undefined)).toEqual([]);
});

test("default versions of charts and images are tables with a date", () => {
  expect(tables.map(({ file }) => file)).toEqual(
    expect.arrayContaining([
      "stacks/data/default-versions.ts",
      "lib/kubernetes/data/client-images.ts",
      "lib/gitpod/installer/data/helm-image.ts",
      "lib/pooling/pgbouncer/data/pgbouncer-facts.ts",
    ]),
  );
});

test("names a table after 90 days, and one without a date", () => {
  const table = { file: "lib/aws/rds/data/limits.ts", read: "2026-11-01" };
  expect(staleTables([table], new Date("2027-01-30"))).toEqual([]);
  expect(staleTables([table], new Date("2027-01-31"))).toEqual([expect.stringContaining("91 days ago")]);
  expect(staleTables([{ file: "lib/aws/rds/data/limits.ts" }], new Date("2026-11-01"))).toEqual([
    expect.stringContaining("does not say when"),
  ]);
});
