/** A plan in Terraform's JSON with a number of changed resources: what stacks of databases, buckets, releases and their surroundings have. */

interface Resource {
  readonly type: string;
  readonly before: Record<string, unknown>;
  /** Attributes that change. */
  readonly after: Record<string, unknown>;
  /** Marks of sensitive values. */
  readonly sensitive?: Record<string, unknown>;
}

const tags = (n: number) => ({ Name: `resource-${n}`, Environment: "production", Team: "platform" });
const numbered = <T>(count: number, make: (n: number) => T): T[] =>
  Array.from({ length: count }, (_, n) => make(n));
/** Values as JSON, as `lib/kubernetes` writes them. */
const document = (tag: string) =>
  JSON.stringify({
    image: { tag },
    env: Object.fromEntries(numbered(20, (n) => [`VARIABLE_${n}`, `value ${n}`])),
  });
const containers = (image: string) =>
  numbered(2, (n) => ({
    name: `container-${n}`,
    image,
    env: numbered(10, (variable) => ({ name: `VARIABLE_${variable}`, value: "value" })),
  }));
const flags = (value: string) => numbered(6, (n) => ({ name: `flag_${n}`, value: n === 3 ? value : "on" }));
const lifecycle = (days: number) =>
  numbered(4, (n) => ({
    id: `rule-${n}`,
    status: "Enabled",
    filter: [{ prefix: `prefix-${n}/` }],
    expiration: [{ days: n === 2 ? days : 365 }],
  }));

const release = (n: number): Resource => ({
  type: "helm_release",
  before: { name: `release-${n}`, version: "1.2.3", values: [document("1")] },
  after: { values: [document("2")] },
});
const parameters = (value: string) =>
  flags(value).map((flag) => ({ ...flag, apply_method: "pending-reboot" }));
const parameterGroup = (n: number): Resource => ({
  type: "aws_db_parameter_group",
  before: { name: `parameters-${n}`, family: "postgres17", parameter: parameters("on") },
  after: { parameter: parameters("off") },
});

/** One of each in turn. */
const RESOURCES: readonly ((n: number) => Resource)[] = [
  (n) => ({
    type: "aws_db_instance",
    before: {
      identifier: `server-${n}`,
      engine_version: "17.5",
      instance_class: "db.m7g.large",
      allocated_storage: 100,
      backup_retention_period: 14,
      apply_immediately: false,
      multi_az: true,
      password: "not-a-secret",
      vpc_security_group_ids: ["sg-1", "sg-2"],
      tags: tags(n),
    },
    after: { instance_class: "db.m7g.xlarge" },
    sensitive: { password: true, tags: {}, vpc_security_group_ids: [false, false] },
  }),
  () => ({
    type: "aws_s3_bucket_lifecycle_configuration",
    before: { rule: lifecycle(365) },
    after: { rule: lifecycle(7) },
  }),
  (n) => ({
    type: "aws_iam_role",
    before: { name: `role-${n}`, assume_role_policy: JSON.stringify({ Statement: [{ Effect: "Allow" }] }) },
    after: { tags: tags(n) },
  }),
  // One of 50 is a release: the stacks of this repository have no more.
  (n) => (n % 50 === 3 ? release(n) : parameterGroup(n)),
  () => ({
    type: "google_sql_database_instance",
    before: {
      database_version: "POSTGRES_17",
      settings: [{ tier: "db-custom-4-15360", availability_type: "REGIONAL", database_flags: flags("on") }],
    },
    after: {
      settings: [{ tier: "db-custom-4-15360", availability_type: "ZONAL", database_flags: flags("off") }],
    },
  }),
  (n) => ({
    type: "kubernetes_secret_v1",
    before: { metadata: [{ name: `secret-${n}`, namespace: "coder" }], data: { password: "not-a-secret" } },
    after: { data: { password: "not-a-secret-2" } },
    sensitive: { data: true },
  }),
  (n) => ({
    type: "kubernetes_deployment_v1",
    before: {
      metadata: [{ name: `deployment-${n}`, namespace: "coder" }],
      spec: [{ template: [{ spec: [{ container: containers("image:1") }] }] }],
    },
    after: { spec: [{ template: [{ spec: [{ container: containers("image:2") }] }] }] },
  }),
  () => ({
    type: "azurerm_postgresql_flexible_server",
    before: { sku_name: "GP_Standard_D4ds_v5", backup_retention_days: 14, version: "17" },
    after: { backup_retention_days: 7 },
  }),
  () => ({
    type: "aws_security_group_rule",
    before: { type: "ingress", from_port: 5432, to_port: 5432, cidr_blocks: ["10.0.0.0/8"] },
    after: { cidr_blocks: ["10.0.0.0/16"] },
  }),
  (n) => ({
    type: "random_id",
    before: { byte_length: 8, keepers: { name: "a" } },
    after: { keepers: { name: `${n}` } },
  }),
];

/** The plan. Nine resources name the server before them; one of 40 is replaced, one of 40 destroyed. */
export function planOf(count: number): object {
  const made = numbered(count, (n) => {
    const make = RESOURCES[n % RESOURCES.length] as (typeof RESOURCES)[number];
    const resource = make(n);
    return { ...resource, n, address: `${resource.type}.resource_${n}` };
  });
  return {
    format_version: "1.2",
    terraform_version: "1.11.4",
    applyable: true,
    complete: true,
    errored: false,
    resource_changes: made.map(({ type, address, before, after, sensitive = {}, n }) => {
      const actions = n % 40 === 11 ? ["delete", "create"] : n % 40 === 27 ? ["delete"] : ["update"];
      const planned = actions.join() === "delete" ? null : { ...before, ...after };
      return {
        address,
        mode: "managed",
        type,
        name: `resource_${n}`,
        change: {
          actions,
          before,
          after: planned,
          after_unknown: planned !== null && n % 5 === 0 ? { arn: true } : {},
          before_sensitive: sensitive,
          after_sensitive: planned === null ? false : sensitive,
          ...(actions.length === 2 ? { replace_paths: [["name"]] } : {}),
        },
      };
    }),
    configuration: {
      root_module: {
        resources: made.map(({ type, address, before, n }) => {
          const used = n % 10 === 0 ? undefined : made[n - (n % 10)]?.address;
          return {
            address,
            mode: "managed",
            type,
            name: `resource_${n}`,
            expressions: {
              ...Object.fromEntries(
                Object.entries(before).map(([name, value]) => [name, { constant_value: value }]),
              ),
              ...(used === undefined ? {} : { description: { references: [`${used}.id`, used] } }),
            },
          };
        }),
      },
    },
  };
}
