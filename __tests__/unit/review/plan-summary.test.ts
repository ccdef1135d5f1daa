import { planSummary } from "../../../lib/review";

interface Given {
  readonly address?: string;
  readonly type?: string;
  readonly actions: string[];
  readonly before?: object | null;
  readonly after?: object | null;
  readonly change?: object;
  readonly more?: object;
}

const change = ({
  type = "aws_db_instance",
  address = `${type}.a`,
  actions,
  before,
  after,
  change: rest,
  more,
}: Given) => ({
  address,
  mode: "managed",
  type,
  change: { actions, before: before ?? null, after: after ?? null, ...rest },
  ...more,
});
const summary = (...changes: Given[]) => planSummary({ resource_changes: changes.map(change) });

describe("headline", () => {
  test.each([
    [[], "no changes"],
    [[["no-op"], ["read"]], "no changes"],
    [[["create"]], "1 to create"],
    [
      [["create"], ["update"], ["delete", "create"], ["create", "delete"], ["delete"], ["forget"]],
      "1 to create, 1 to update in place, 2 to replace, 1 to destroy, 1 to remove from the state",
    ],
  ])("%j", (actions, headline) => {
    expect(summary(...actions.map((each) => ({ actions: each }))).split("\n")[0]).toBe(headline);
  });
});

test("data loss comes first, with the reason", () => {
  const text = summary(
    { type: "aws_cloudwatch_metric_alarm", actions: ["create"] },
    { type: "aws_iam_role", actions: ["delete", "create"], change: { replace_paths: [["name"]] } },
    {
      address: "aws_db_instance.postgres",
      actions: ["delete", "create"],
      change: { replace_paths: [["identifier"], ["storage_encrypted"]] },
    },
    {
      address: "kubernetes_namespace_v1.coder",
      type: "kubernetes_namespace_v1",
      actions: ["delete"],
      more: { action_reason: "delete_because_no_resource_config" },
    },
    {
      type: "aws_secretsmanager_secret",
      actions: ["create", "delete"],
      more: { action_reason: "replace_because_tainted" },
    },
  );
  expect(text).toBe(`1 to create, 3 to replace, 1 to destroy

  DATA LOSS
    aws_db_instance.postgres (RDS DB instance): replaced because of identifier, storage_encrypted
    aws_secretsmanager_secret.a (secret in Secrets Manager): replaced because it is tainted: the last apply failed after its creation
    kubernetes_namespace_v1.coder (namespace): destroyed because it is no longer in the program

  Replaced
    aws_iam_role.a (IAM role): replaced because of name

  Created
    1 CloudWatch alarm`);
});

describe("updates in place", () => {
  const before = { instance_class: "db.m7g.large", multi_az: true, tags: { a: "1" }, address: "x" };

  test("list changed attributes, with values where they are relevant and not secret", () => {
    expect(
      summary({
        actions: ["update"],
        before,
        after: { ...before, instance_class: "db.m7g.xlarge", tags: { a: "2" }, iops: 12_000 },
        change: { after_unknown: { address: true } },
      }),
    ).toBe(`1 to update in place

  Updated in place
    aws_db_instance.a (RDS DB instance): address, instance_class db.m7g.large -> db.m7g.xlarge, iops unset -> 12000, tags`);
  });

  test("do not show values that may be secret", () => {
    const text = summary({
      actions: ["update"],
      before: { password: "hunter1", engine_version: "16", values: ["hunter2"], version: "a" },
      after: { password: "hunter3", engine_version: "hunter4", values: ["hunter5"], version: "hunter6" },
      change: { after_sensitive: { engine_version: true }, before_sensitive: { version: true } },
    });
    expect(text).not.toContain("hunter");
    expect(text).toContain(
      "    aws_db_instance.a (RDS DB instance): engine_version, password, values, version",
    );
  });

  test("show no value of a resource that is sensitive as a whole", () => {
    const text = summary({
      actions: ["update"],
      before: { engine_version: "16" },
      after: { engine_version: "17" },
      change: { before_sensitive: true },
    });
    expect(text).toMatch(/: engine_version$/);
  });
});

test("removed, moved, deposed and drifted resources have separate sections", () => {
  const text = planSummary({
    errored: true,
    resource_changes: [
      change({ address: "aws_db_instance.kept", actions: ["forget"] }),
      change({
        address: "aws_db_instance.new",
        actions: ["no-op"],
        more: { previous_address: "aws_db_instance.old" },
      }),
      change({
        address: "aws_iam_role.a",
        type: "aws_iam_role",
        actions: ["delete"],
        more: { deposed: "1234" },
      }),
    ],
    resource_drift: [
      change({ actions: ["update"], before: { allocated_storage: 100 }, after: { allocated_storage: 120 } }),
    ],
    checks: [
      { address: { to_display: "helm_release.coder" }, status: "fail" },
      { address: { to_display: "helm_release.other" }, status: "pass" },
    ],
  });
  expect(text).toBe(`1 to destroy, 1 to remove from the state

  Incomplete
    Terraform reported an error while planning

  Destroyed
    aws_iam_role.a (IAM role): destroyed; deposed object of an earlier replacement

  Removed from the state and not destroyed
    aws_db_instance.kept (RDS DB instance)

  Moved
    aws_db_instance.old -> aws_db_instance.new

  Changed outside Terraform since the last apply
    aws_db_instance.a (RDS DB instance): allocated_storage 100 -> 120

  Failed checks
    helm_release.coder`);
});

test.each([
  "aws_db_instance",
  "google_sql_database_instance",
  "azurerm_postgresql_flexible_server",
  "azurerm_mysql_flexible_server",
  "google_sql_database",
  "aws_s3_bucket",
  "aws_kms_key",
  "azurerm_key_vault",
  "google_secret_manager_secret",
  "kubernetes_persistent_volume_claim_v1",
  "random_password",
])("destroying %s is data loss", (type) => {
  expect(summary({ type, actions: ["delete"] })).toContain("  DATA LOSS");
});

test.each(["aws_db_parameter_group", "helm_release", "kubernetes_secret_v1", "some_unknown_type"])(
  "destroying %s is no data loss",
  (type) => {
    expect(summary({ type, actions: ["delete"] })).not.toContain("  DATA LOSS");
    expect(summary({ type, actions: ["delete"] })).toContain("Destroyed");
  },
);

test.each([undefined, null, 1, "x", [], {}, { resource_changes: {} }, { checks: [null, {}] }])(
  "accepts %p",
  (plan) => {
    expect(planSummary(plan)).toBe("no changes");
  },
);
