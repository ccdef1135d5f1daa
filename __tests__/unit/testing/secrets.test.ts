/** Secrets that a program holds as literal texts are in no message of an assertion and in no snapshot. */
import { expectPlan, Match, snapshotText, Template } from "../../../lib/testing";
import { planJson } from "../../support/review/plan-json";

const SECRET = "hunter2-0b5c1f";
const template = Template.fromJson({
  terraform: {},
  provider: { helm: [{ kubernetes: { token: SECRET } }] },
  variable: { admin: { default: SECRET, sensitive: true }, size: { default: "small" } },
  resource: {
    aws_db_instance: { db: { engine: "postgres", password: SECRET, username: "dbadmin" } },
    kubernetes_secret_v1: { db: { metadata: { name: "db" }, data: { url: `postgres://a:${SECRET}@b/c` } } },
    azurerm_key_vault_secret: { db: { name: "db", value: SECRET } },
    aws_secretsmanager_secret_version: { db: { secret_string: JSON.stringify({ password: SECRET }) } },
    helm_release: {
      app: {
        values: [`app:\n  auth:\n    password: ${SECRET}\n    existingSecret: db\n`],
        set_sensitive: [{ name: "a", value: SECRET }],
      },
    },
    google_sql_user: { db: { password: "${random_password.db.result}" } },
  },
});

function messageOf(assertion: () => unknown): string {
  try {
    assertion();
  } catch (error) {
    return String(error);
  }
  throw new Error("the assertion holds");
}

test.each<[string, () => unknown]>([
  ["a property", () => template.hasResource("aws_db_instance", { password: "other" })],
  ["an expected one", () => template.hasResource("aws_db_instance", { password: SECRET, engine: "mysql" })],
  ["a property beside it", () => template.hasResource("aws_db_instance", { engine: "mysql" })],
  ["a property that must not be", () => template.hasNoResource("aws_db_instance", { password: SECRET })],
  ["absence", () => template.hasResource("aws_db_instance", { password: Match.absent() })],
  ["the data of a Secret", () => template.hasResource("kubernetes_secret_v1", { data: { url: "x" } })],
  ["all data of a Secret", () => template.hasResource("kubernetes_secret_v1", { data: "x" })],
  ["exact data", () => template.hasResource("kubernetes_secret_v1", { data: Match.objectEquals({}) })],
  ["expected data", () => template.hasResource("kubernetes_secret_v1", { data: { url: SECRET } })],
  ["a secret in Key Vault", () => template.hasResource("azurerm_key_vault_secret", { value: "x" })],
  ["a stored value", () => template.hasResource("aws_secretsmanager_secret_version", { secret_string: "x" })],
  ["a sensitive value of a chart", () => template.hasResource("helm_release", { set_sensitive: [] })],
  ["a sensitive variable", () => template.hasVariable("admin", { default: "x" })],
])("%s", (_, assertion) => {
  expect(messageOf(assertion)).not.toContain(SECRET);
});

test("what is no secret is shown, and so is an expression that names one", () => {
  expect(messageOf(() => template.hasResource("aws_db_instance", { engine: "mysql" }))).toContain(
    '"postgres"',
  );
  expect(messageOf(() => template.hasVariable("size", { default: "large" }))).toContain('"small"');
  expect(messageOf(() => template.hasResource("google_sql_user", { password: "x" }))).toContain(
    "${random_password.db.result}",
  );
});

test("a snapshot has none, also in opened Helm values and JSON", () => {
  const text = snapshotText(template);
  expect(text).not.toContain(SECRET);
  expect(text).toContain("existingSecret: db");
  expect(text).toContain("${random_password.db.result}");
  expect(text).toContain("default: small");
});

test("a failed expectation about a plan has none", () => {
  const plan = planJson([
    {
      address: "aws_db_instance.db",
      actions: ["update"],
      before: { password: SECRET, multi_az: true },
      after: { password: `${SECRET}2`, multi_az: false },
    },
  ]);
  expect(messageOf(() => expectPlan(plan).toCauseNoOutage())).not.toContain(SECRET);
});

test("an expression with the flag g matches each time", () => {
  const named = /aws_db/g;
  for (let time = 0; time < 3; time++)
    template.hasResource("aws_db_instance", { engine: /post/g, username: /^d/y });
  const plan = planJson([
    { address: "aws_db_instance.a", actions: ["create"], after: {} },
    { address: "aws_db_instance.b", actions: ["create"], after: {} },
  ]);
  expectPlan(plan).toChangeOnly([named]);
});
