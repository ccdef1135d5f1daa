/** Changes of a program that are in no argument of a resource, and values that change while their expressions do not. */
import { compareStacks, type PlanReview } from "../../../lib/review";

type Json = { [name: string]: unknown };

const database = (own: Json = {}) => ({
  identifier: "coder",
  engine: "postgres",
  instance_class: "db.m7g.large",
  backup_retention_period: 14,
  ...own,
});

function program(resource: Json, more: Json = {}): Json {
  return {
    "//": { metadata: { stackName: "coder", version: "0.21.0" } },
    terraform: { backend: { local: { path: "/home/a/terraform.coder.tfstate" } } },
    provider: { aws: [{ region: "eu-central-1" }, { alias: "dr", region: "eu-west-1" }] },
    resource,
    ...more,
  };
}

const one = (own: Json = {}) => ({ aws_db_instance: { db: database(own) } });

function rules({ findings, notes }: PlanReview): string[] {
  return [...findings, ...notes].map(({ rule, address }) => `${rule} ${address}`).sort();
}

const actions = ({ changes }: PlanReview) => changes.map(({ address, action }) => `${action} ${address}`);

test("fewer instances are destroyed; what for_each becomes is not known", () => {
  const counted = (count: unknown) => program(one({ count }));
  const fewer = compareStacks(counted(2), counted(1));
  expect(rules(fewer)).toEqual(["INSTANCES-FEWER aws_db_instance.db"]);
  expect(fewer.findings[0]).toMatchObject({ effects: ["data-loss"] });
  expect(fewer.verdict).toBe("approval needed");
  expect(rules(compareStacks(counted(1), counted(2)))).toEqual(["INSTANCES-NOT-KNOWN aws_db_instance.db"]);
  const each = (...keys: string[]) =>
    program(one({ for_each: Object.fromEntries(keys.map((key) => [key, key])) }));
  expect(rules(compareStacks(each("a", "b"), each("a")))).toEqual(["INSTANCES-NOT-KNOWN aws_db_instance.db"]);
  expect(compareStacks(each("a"), each("a")).verdict).toBe("nothing to do");
});

test("another Region, another provider of a resource and another place of the state are told", () => {
  const region = { provider: { aws: [{ region: "us-east-1" }, { alias: "dr", region: "eu-west-1" }] } };
  expect(rules(compareStacks(program(one()), program(one(), region)))).toEqual([
    "PROVIDER-CHANGED provider.aws",
  ]);
  expect(rules(compareStacks(program(one()), program(one({ provider: "aws.dr" }))))).toEqual([
    "PROVIDER-OF-RESOURCE-CHANGED aws_db_instance.db",
  ]);
  const backend = (s3: Json) => ({ terraform: { backend: { s3 } } });
  expect(
    rules(compareStacks(program(one(), backend({ key: "a" })), program(one(), backend({ key: "b" })))),
  ).toEqual(["STATE-MOVED terraform.backend"]);
  const elsewhere = { terraform: { backend: { local: { path: "/build/7/terraform.coder.tfstate" } } } };
  expect(compareStacks(program(one()), program(one(), elsewhere)).verdict).toBe("nothing to do");
});

test("a module that changes, or that is gone, is not passed over", () => {
  const network = (module: Json, more: Json = {}) => program(one(), { module, ...more });
  const before = network({ network: { source: "./network", cidr: "10.0.0.0/16" } });
  expect(
    rules(compareStacks(before, network({ network: { source: "./network", cidr: "10.1.0.0/16" } }))),
  ).toEqual(["MODULE-NOT-KNOWN module.network"]);
  expect(compareStacks(before, network({})).findings[0]?.words).toMatch(/^The module is gone/);
  const byLocal = (cidr: string) =>
    network({ network: { source: "./network", cidr: "${local.cidr}" } }, { locals: { cidr } });
  expect(rules(compareStacks(byLocal("10.0.0.0/16"), byLocal("10.1.0.0/16")))).toEqual([
    "MODULE-NOT-KNOWN module.network",
  ]);
});

test.each([
  ["local", (days: number) => ({ locals: { days } }), "${local.days}"],
  [
    "local of a local",
    (days: number) => ({ locals: { base: days, days: "${local.base}" } }),
    "${local.days}",
  ],
  ["variable", (days: number) => ({ variable: { days: { default: days } } }), "${var.days}"],
  [
    "data source",
    (days: number) => ({ data: { aws_ssm_parameter: { days: { name: `/${days}` } } } }),
    "${data.aws_ssm_parameter.days.value}",
  ],
])("a %s that changes is a change of what names it", (_, more, expression) => {
  const of = (days: number) => program(one({ backup_retention_period: expression }), more(days));
  const review = compareStacks(of(14), of(0));
  expect(rules(review)).toEqual(["EFFECT-NOT-KNOWN aws_db_instance.db"]);
  expect(compareStacks(of(14), of(14)).verdict).toBe("nothing to do");
});

test("what a replaced resource gives away replaces those that name it", () => {
  const of = (multi_region: boolean, own: Json = {}) =>
    program({
      aws_kms_key: { key: { description: "database", multi_region } },
      ...one({ kms_key_id: "${aws_kms_key.key.arn}", ...own }),
    });
  const review = compareStacks(of(false), of(true));
  expect(actions(review)).toEqual(["replace aws_kms_key.key", "replace aws_db_instance.db"]);
  expect(rules(review)).toContain("RDS-REPLACED aws_db_instance.db");
  // A setting of the program that stays is known.
  const tagged = (multi_region: boolean) =>
    of(multi_region, { kms_key_id: undefined, tags: { key: "${aws_kms_key.key.description}" } });
  expect(actions(compareStacks(tagged(false), tagged(true)))).toEqual(["replace aws_kms_key.key"]);
  const ignoring = (multi_region: boolean) =>
    of(multi_region, { lifecycle: { ignore_changes: ["kms_key_id"] } });
  expect(actions(compareStacks(ignoring(false), ignoring(true)))).toEqual(["replace aws_kms_key.key"]);
});

test("a move changes nothing, also for what names the moved resource and over several moves", () => {
  const of = (name: string, moved: Json[] = []) =>
    program(
      {
        aws_kms_key: { [name]: { description: "database" } },
        ...one({ kms_key_id: `\${aws_kms_key.${name}.arn}` }),
      },
      { moved },
    );
  const step = (from: string, to: string) => ({ from: `aws_kms_key.${from}`, to: `aws_kms_key.${to}` });
  const review = compareStacks(of("a"), of("c", [step("a", "b"), step("b", "c")]));
  expect(rules(review)).toEqual([]);
  expect(actions(review)).toEqual([]);
  expect(review.moved).toEqual(["aws_kms_key.a -> aws_kms_key.c"]);
  expect(actions(compareStacks(of("a"), of("c")))).toContain("destroy aws_kms_key.a");
});

test("lists of blocks are read like objects, as Terraform reads them", () => {
  const listed = (own: Json) => program([{ aws_db_instance: [{ db: [database(own)] }] }] as unknown as Json);
  expect(compareStacks(program(one()), listed({})).verdict).toBe("nothing to do");
  expect(rules(compareStacks(listed({}), listed({ backup_retention_period: 0 })))).toEqual([
    "PLAN-REPEATS-UNTIL-WINDOW aws_db_instance.db",
    "RDS-BACKUPS-OFF aws_db_instance.db",
  ]);
});

test("two stacks are not two versions of one", () => {
  const other = { "//": { metadata: { stackName: "gitlab" } } };
  expect(rules(compareStacks(program(one()), program(one(), other)))).toEqual(["STACKS-DIFFER terraform"]);
});
