import { type StackAnnotation, stackSummary } from "../../../lib/review";

const at = (path: string, values: object) => ({ "//": { metadata: { path: `shop/${path}` } }, ...values });

const RDS = {
  engine: "postgres",
  engine_version: "17",
  instance_class: "db.m7g.large",
  allocated_storage: 100,
  max_allocated_storage: 500,
  multi_az: true,
  backup_retention_period: 14,
  storage_encrypted: true,
  deletion_protection: true,
};

function summary(json: object, annotations: StackAnnotation[] = []): string {
  return stackSummary("shop", json, annotations);
}
/** The lines under a heading, without their indent; the text behind a heading that has no lines. */
function under(title: string, text: string): string[] {
  const lines = text.split("\n");
  const start = lines.findIndex((line) => line.startsWith(`  ${title}`));
  if (start < 0) return [];
  const [, inline] = (lines[start] as string).split(": ");
  if (inline) return [inline];
  const rest = lines.slice(start + 1);
  const end = rest.findIndex((line) => !line.startsWith("    "));
  return rest.slice(0, end < 0 ? undefined : end).map((line) => line.slice(4));
}
const resource = (type: string, values: object, path = "thing/Resource") =>
  summary({ resource: { [type]: { name: at(path, values) } } });

test("the whole summary", () => {
  const json = {
    "//": { metadata: {} },
    variable: {
      region: { type: "string", description: "The AWS region" },
      size: { type: "number", default: 3 },
    },
    ephemeral: { random_password: { a: {}, b: {} } },
    resource: {
      aws_db_instance: { a: at("db/Resource", RDS) },
      aws_cloudwatch_metric_alarm: { a: at("alarms/cpu", {}), b: at("alarms/disk", {}) },
      aws_secretsmanager_secret: { a: at("secret", {}) },
      helm_release: {
        a: at("coder/Release/Resource", { chart: "coder", version: "2.33.6", namespace: "coder" }),
      },
      aws_strange_thing: { a: {}, b: {} },
    },
  };
  const notes: StackAnnotation[] = [
    { constructPath: "shop/db", level: "@cdktf/warn", message: "watch out" },
    {
      constructPath: "shop/db",
      level: "@cdktf/info",
      message: "opt-out: RDS-PUBLICLY-ACCESSIBLE: publiclyAccessible: a public address",
    },
    { constructPath: "shop", level: "@cdktf/info", message: "by the way" },
  ];
  expect(summary(json, notes)).toBe(`shop: 7 resources

  Database servers
    db: PostgreSQL 17, db.m7g.large, 100 GiB, storage autoscaling to 500 GiB, Multi-AZ, backup retention 14 days, deletion protection

  Creates
    Databases         1 RDS DB instance
    Secrets and keys  1 secret in Secrets Manager
    Monitoring        2 CloudWatch alarms
    Helm              1 Helm release
    Other             2 aws_strange_thing

  Helm releases
    coder/Release: chart coder 2.33.6 in namespace coder

  Public exposure in the stack: none

  Not in the stack
    coder/Release: resources and exposure by defaults of the chart

  Opt-outs of secure defaults
    RDS-PUBLICLY-ACCESSIBLE at db: publiclyAccessible: a public address

  Warnings
    db: watch out

  Notes
    the stack: by the way

  Required variables
    region: The AWS region

  Secrets
    2 ephemeral values, in no plan and no state`);
});

test("an empty stack", () => {
  expect(summary({})).toBe(`shop: 0 resources

  Public exposure in the stack: none

  Opt-outs of secure defaults: none in the annotations given`);
});

test("opt-outs and warnings are unknown without the annotations, and not none", () => {
  expect(stackSummary("shop", {})).toBe(`shop: 0 resources

  Public exposure in the stack: none

  Opt-outs of secure defaults: unknown; pass the annotations of manifest.json

  Warnings: unknown; pass the annotations of manifest.json`);
});

test.each([undefined, null, 1, "x", [], { resource: null }, { resource: { a: { b: null } }, variable: [] }])(
  "accepts %p",
  (json) => {
    expect(stackSummary("shop", json, [])).toMatch(/^shop: \d resources?/);
  },
);

describe("databases", () => {
  const line = (type: string, values: object) => under("Database servers", resource(type, values));

  test("missing protection of an RDS DB instance is in capitals", () => {
    const bare = {
      engine: "mysql",
      instance_class: "db.t3.micro",
      allocated_storage: 20,
      backup_retention_period: 0,
    };
    expect(line("aws_db_instance", { ...bare, skip_final_snapshot: true })).toEqual([
      "thing: MySQL (default version of the cloud), db.t3.micro, 20 GiB, Single-AZ, NO BACKUPS, NOT ENCRYPTED, " +
        "NO DELETION PROTECTION, NO FINAL SNAPSHOT",
    ]);
  });

  test("prevent_destroy counts as protection", () => {
    const [text] = line("aws_db_instance", {
      ...RDS,
      deletion_protection: false,
      lifecycle: { prevent_destroy: true },
    });
    expect(text).toMatch(/prevent_destroy in Terraform$/);
  });

  test("sources of replicas and restores are shown", () => {
    expect(
      line("aws_db_instance", {
        replicate_source_db: "${aws_db_instance.a.arn}",
        instance_class: "db.m7g.large",
      })[0],
    ).toMatch(/^thing: read replica, db\.m7g\.large, Single-AZ/);
    expect(line("aws_db_instance", { ...RDS, snapshot_identifier: "rds:shop-2026" })[1]).toBe(
      "  restored from rds:shop-2026",
    );
    expect(
      line("aws_db_instance", {
        ...RDS,
        restore_to_point_in_time: { source_db_instance_identifier: "shop" },
      })[1],
    ).toBe("  restored from shop");
  });

  test("expressions are not shown", () => {
    const [text] = line("aws_db_instance", {
      ...RDS,
      engine_version: "${var.engine_version}",
      instance_class: "${local.a}-${local.b}",
    });
    expect(text).toMatch(
      "thing: PostgreSQL (variable engine_version), (known after apply), 100 GiB, storage autoscaling to 500 GiB, Multi-AZ, backup retention 14 days, deletion protection",
    );
  });

  test("Cloud SQL", () => {
    const settings = {
      tier: "db-custom-4-16384",
      availability_type: "REGIONAL",
      disk_size: 100,
      disk_autoresize: true,
      disk_autoresize_limit: 500,
      deletion_protection_enabled: true,
      backup_configuration: { enabled: true, backup_retention_settings: { retained_backups: 14 } },
      ip_configuration: { ipv4_enabled: false },
    };
    expect(line("google_sql_database_instance", { database_version: "POSTGRES_17", settings })).toEqual([
      "thing: PostgreSQL 17, db-custom-4-16384, 100 GiB, storage autoscaling to 500 GiB, regional HA, backup retention 14 days, deletion protection",
    ]);
    expect(
      line("google_sql_database_instance", {
        database_version: "MYSQL_8_0",
        settings: [{ tier: "db-f1-micro" }],
      }),
    ).toEqual(["thing: MySQL 8.0, db-f1-micro, zonal, no HA, NO BACKUPS, NO DELETION PROTECTION"]);
  });

  test("Azure", () => {
    const pg = {
      version: "17",
      sku_name: "GP_Standard_D4ds_v5",
      storage_mb: 131_072,
      backup_retention_days: 14,
      high_availability: { mode: "ZoneRedundant" },
      lifecycle: { prevent_destroy: true },
    };
    expect(line("azurerm_postgresql_flexible_server", pg)).toEqual([
      "thing: PostgreSQL 17, GP_Standard_D4ds_v5, 128 GiB, zone-redundant HA, backup retention 14 days, prevent_destroy in Terraform",
    ]);
    expect(
      line("azurerm_mysql_flexible_server", {
        version: "8.4",
        sku_name: "GP_Standard_D2ads_v5",
        storage: [{ size_gb: 64, auto_grow_enabled: true }],
        high_availability: [{ mode: "SameZone" }],
      }),
    ).toEqual([
      "thing: MySQL 8.4, GP_Standard_D2ads_v5, 64 GiB, storage auto-grow, same-zone HA, NO DELETION PROTECTION",
    ]);
  });
});

describe("public exposure", () => {
  const lines = (type: string, values: object) => under("Public exposure", resource(type, values));
  const NOTHING = ["none"];

  test.each([
    ["aws_db_instance", { publicly_accessible: true }, ["thing: public IP address"]],
    ["aws_db_instance", { publicly_accessible: false }, NOTHING],
    [
      "aws_vpc_security_group_ingress_rule",
      { cidr_ipv4: "0.0.0.0/0", from_port: 5432, to_port: 5432 },
      ["thing: open to THE INTERNET on port 5432"],
    ],
    [
      "aws_vpc_security_group_ingress_rule",
      { cidr_ipv6: "::/0", from_port: 1, to_port: 65_535 },
      ["thing: open to THE INTERNET on port 1-65535"],
    ],
    ["aws_vpc_security_group_ingress_rule", { referenced_security_group_id: "sg-1" }, NOTHING],
    [
      "aws_security_group",
      { ingress: [{ cidr_blocks: ["10.0.0.0/8", "0.0.0.0/0"], from_port: 22, to_port: 22 }] },
      ["thing: open to 10.0.0.0/8 on port 22", "thing: open to THE INTERNET on port 22"],
    ],
    [
      "aws_security_group_rule",
      { type: "ingress", cidr_blocks: ["0.0.0.0/0"], from_port: 3306, to_port: 3306 },
      ["thing: open to THE INTERNET on port 3306"],
    ],
    ["aws_security_group_rule", { type: "egress", cidr_blocks: ["0.0.0.0/0"] }, NOTHING],
    [
      "google_sql_database_instance",
      { settings: { ip_configuration: { authorized_networks: [{ value: "0.0.0.0/0" }] } } },
      ["thing: public IP address", "thing: open to THE INTERNET"],
    ],
    ["google_sql_database_instance", { settings: { ip_configuration: { ipv4_enabled: false } } }, NOTHING],
    ["azurerm_postgresql_flexible_server", {}, ["thing: public IP address"]],
    ["azurerm_postgresql_flexible_server", { delegated_subnet_id: "x" }, NOTHING],
    ["azurerm_postgresql_flexible_server", { public_network_access_enabled: false }, NOTHING],
    ["azurerm_mysql_flexible_server", { public_network_access: "Disabled" }, NOTHING],
    ["azurerm_mysql_flexible_server", { public_network_access: "Enabled" }, ["thing: public IP address"]],
    [
      "azurerm_postgresql_flexible_server_firewall_rule",
      { start_ip_address: "0.0.0.0", end_ip_address: "0.0.0.0" },
      ["thing: open to ALL AZURE SERVICES, of all customers"],
    ],
    [
      "azurerm_mysql_flexible_server_firewall_rule",
      { start_ip_address: "0.0.0.0", end_ip_address: "255.255.255.255" },
      ["thing: open to THE INTERNET"],
    ],
    ["kubernetes_service_v1", { spec: { type: "LoadBalancer" } }, ["thing: Service of type LoadBalancer"]],
    ["kubernetes_service_v1", { spec: { type: "ClusterIP" } }, NOTHING],
    [
      "helm_release",
      {
        values: [
          "coder:\n  service:\n    type: LoadBalancer\n  ingress:\n    enable: true\n",
          "${jsonencode({})}",
        ],
      },
      [
        "thing: Service of type LoadBalancer (value coder.service.type)",
        "thing: Ingress (value coder.ingress.enable)",
      ],
    ],
    ["helm_release", { values: ["not: [yaml"] }, NOTHING],
  ])("%s %j", (type, values, expected) => {
    expect(lines(type, values)).toEqual(expected);
  });
});

test("a chart without a version is in capitals", () => {
  expect(under("Helm releases", resource("helm_release", { chart: "coder" }))).toEqual([
    "thing: chart coder ANY VERSION in namespace default",
  ]);
});

test("resources that a Job with a role binding creates are listed as not in the stack", () => {
  const pods = (account?: string) => ({ template: { spec: { service_account_name: account } } });
  const job = (path: string, account?: string) => at(path, { spec: pods(account) });
  const unseen = (resource: object) => under("Not in the stack", summary({ resource }));
  const binding = { subject: [{ kind: "ServiceAccount", name: "installer", namespace: "gitpod" }] };
  const jobs = { a: job("gitpod/Resource", "installer"), b: job("setup", "cloud-identity"), c: job("sql") };
  const line = "resources and exposure that the Job creates as the service account installer";
  expect(unseen({ kubernetes_job_v1: jobs })).toEqual([]);
  for (const type of ["kubernetes_cluster_role_binding_v1", "kubernetes_role_binding_v1"]) {
    expect(unseen({ kubernetes_job_v1: jobs, [type]: { a: binding } })).toEqual([`gitpod: ${line}`]);
  }
  const cron = { a: at("nightly", { spec: { job_template: { spec: pods("installer") } } }) };
  expect(unseen({ kubernetes_cron_job_v1: cron, kubernetes_role_binding_v1: { a: binding } })).toEqual([
    `nightly: ${line}`,
  ]);
});

test("ephemeral variables are counted with generated secrets", () => {
  const secrets = (json: object) => under("Secrets", summary(json));
  const given = { type: "string", sensitive: true, ephemeral: true };
  expect(secrets({ variable: { key: given, kept: { type: "string", sensitive: true } } })).toEqual([
    "1 ephemeral value, in no plan and no state",
  ]);
  expect(
    secrets({ variable: { key: given, other: given }, ephemeral: { random_password: { a: {} } } }),
  ).toEqual(["3 ephemeral values, in no plan and no state"]);
  expect(secrets({ variable: { kept: { type: "string" } } })).toEqual([]);
});

test("a resource without CDKTF metadata has its Terraform address", () => {
  const text = summary({ resource: { aws_db_instance: { raw: { publicly_accessible: true } } } });
  expect(under("Public exposure", text)).toEqual(["aws_db_instance.raw: public IP address"]);
});
