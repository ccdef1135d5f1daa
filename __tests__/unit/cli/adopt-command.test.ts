/**
 * `devplatforms adopt` for the states of common modules. The fixtures have the resources, addresses and attributes of
 * terraform-aws-modules/rds, terraform-google-modules/sql-db and the flexible servers of Azure Verified Modules, with the attributes of the
 * pinned providers' schemas (read 2026-11).
 */
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Script } from "node:vm";
import { gunzipSync } from "node:zlib";
import { ModuleKind, ScriptTarget, transpileModule } from "typescript";
import { adopt } from "../../../lib/cli/adopt/adopt";
import { COMPUTED_ATTRIBUTES } from "../../../lib/cli/adopt/data/computed-attributes";
import { differences } from "../../../lib/cli/adopt/plan/differences";
import { remainingEffects } from "../../../lib/cli/adopt/plan/effects";
import { literal } from "../../../lib/cli/adopt/program/expression";
import { print } from "../../../lib/cli/adopt/program/print";
import { readState } from "../../../lib/cli/adopt/state/read-state";
import { run } from "../../../tools/machine/processes";
import { repository } from "../../../tools/machine/repository";

const PASSWORD = "hunter2-secret";
const file = (name: string) => join(__dirname, "fixtures", "adopt", `${name}.json`);
const fixture = (name: string) => JSON.parse(readFileSync(file(name), "utf8"));
const line = (text: string, part: string) => text.split("\n").find((each) => each.includes(part)) ?? "";

describe.each([
  [
    "terraform-aws-modules-rds",
    [
      "availability: Availability.ZONAL",
      'backup: { retentionDays: 7, window: { start: "03:00", minutes: 180 } }',
      'storage_type: "gp2"',
      "deletion_protection: false",
      'parameters: { "rds.logical_replication": "1" }',
      'monitoring_role_arn: "arn:aws:iam::123456789012:role/prod-db-monitoring"',
      'new RdsReadReplica(this, "prod-db-replica"',
      'parameter_group_name: "default.postgres15"',
      'hold(prodDbReplica, "Log-postgresql", { count: 0 });',
    ],
  ],
  [
    "terraform-google-modules-sql-db",
    [
      "tlsMode: TlsMode.OPTIONAL",
      '"settings.ip_configuration.ipv4_enabled": true',
      '{ name: "office", value: "203.0.113.0/24" }',
      '"settings.backup_configuration.point_in_time_recovery_enabled": false',
      'new CloudSqlReadReplica(this, "acme-pg-replica0"',
      "lifecycle_rule: undefined",
    ],
  ],
  [
    "azure-avm-flexible-servers",
    [
      "geoRedundantBackup: false",
      'extensions: ["pg_trgm"]',
      'public_network_access: "Enabled"',
      'hold(acmeMysql, "Parameters/require_secure_transport", { value: "OFF" });',
      'hold(acmeMysql, "Endpoint", { count: 0 });',
      'new PostgresReadReplica(this, "acme-pg-replica"',
      "adminLogin: AzureAdminLogin.existing(",
    ],
  ],
])("the state of %s", (name, expected) => {
  const written = adopt(fixture(name));

  test("is written as it is, so that the first plan has no effect that needs an approval", async () => {
    const { program, report, isReady } = await written;
    expect(report).not.toMatch(/does not synthesize until|effects nevertheless/);
    expect(isReady).toBe(true);
    for (const each of expected) expect(program).toContain(each);
  });

  test("leaves no password in the program or the list, and says which values are not written", async () => {
    const { program, report } = await written;
    expect(JSON.stringify(fixture(name))).toContain(PASSWORD);
    expect(`${program}${report}`).not.toContain(PASSWORD);
  });
});

test("later changes say their effect and time, one by one", async () => {
  const aws = await adopt(fixture("terraform-aws-modules-rds"));
  expect(line(aws.report, "`multi_az`")).toMatch(
    /property `availability` .*`false` to `true`.*When: maintenance window\. \[RDS-MULTI-AZ-ON\]/,
  );
  expect(line(aws.report, "line `storage_type`")).toMatch(/`"gp2"` to `"gp3"`.*RDS-STORAGE-TYPE/);
  expect(aws.report).toContain("- `Resource: password`");
  const azure = await adopt(fixture("azure-avm-flexible-servers"));
  expect(line(azure.report, "`geoRedundantBackup`")).toMatch(/data-loss.*AZPG-REPLACED/);
  expect(line(azure.report, "property `availability` (`high_availability`)")).toContain("AZPG-");
  const google = await adopt(fixture("terraform-google-modules-sql-db"));
  expect(line(google.report, "`settings.ip_configuration.ssl_mode`")).toMatch(
    /outage.*CLOUDSQL-TLS-REQUIRED/,
  );
});

test("what the constructs cannot say is said, and what is not supported is refused by name", async () => {
  const google = await adopt(fixture("terraform-google-modules-sql-db"));
  expect(google.report).toContain("acme-reports): Cloud SQL for SQL Server is not supported");
  expect(google.report).toContain("`Resource: settings.deny_maintenance_period");
  const azure = await adopt(fixture("azure-avm-flexible-servers"));
  expect(azure.report).toContain("azurerm_postgresql_server.old: Single Server, which Azure has retired");
  expect(azure.report).toContain('firewall_rule.this["office"]: the construct has no firewall rules');
});

const instance = (values: object) => ({
  format_version: "1.0",
  values: {
    root_module: {
      resources: [
        {
          address: "aws_db_instance.one",
          mode: "managed",
          type: "aws_db_instance",
          values: { identifier: "one", instance_class: "db.m5.large", ...values },
        },
      ],
    },
  },
});

test.each([
  ["no object", [], "the JSON is no object"],
  ["a plan", { format_version: "1.2", resource_changes: [] }, "Not a state but a plan"],
  ["the file of a state", { version: 4, lineage: "x", resources: [] }, "but the file of a state"],
  ["another format", { format_version: "2.0" }, 'format_version must be 1.x (got "2.0")'],
  ["an empty state", { format_version: "1.0", values: { root_module: {} } }, "has no resources"],
  ["Aurora", instance({ engine: "aurora-postgresql", engine_version: "15.4" }), "Aurora is not RDS"],
  ["MariaDB", instance({ engine: "mariadb", engine_version: "10.11" }), "engine mariadb is not supported"],
  ["SQL Server", instance({ engine: "sqlserver-se", engine_version: "15.00" }), "engine sqlserver-se is not"],
  ["no version", instance({ engine: "postgres" }), "its engine version is not known"],
  [
    "a replica without its source",
    instance({ engine: "postgres", engine_version: "15.4", replicate_source_db: "main" }),
    "its source main is not adopted",
  ],
])("%s is refused", async (_, json, message) => {
  await expect(adopt(json)).rejects.toThrow(message);
});

test("an unknown major version is written, and its refusal is shown", async () => {
  const { report, isReady } = await adopt(
    instance({
      engine: "postgres",
      engine_version: "9.6.24",
      allocated_storage: 20,
      vpc_security_group_ids: ["sg-0a1b2c3d"],
      storage_encrypted: true,
    }),
  );
  expect(isReady).toBe(false);
  expect(report).toMatch(
    /does not synthesize until these are solved[\s\S]*engine must have one of the major versions/,
  );
});

test("buckets keep their policy, rules and access, and get nothing that they do not have", async () => {
  const resource = (type: string, bucket: string, values: object) => ({
    address: `${type}.${bucket}`,
    mode: "managed",
    type,
    values: { id: bucket, bucket, ...values },
  });
  const { program, report, isReady } = await adopt({
    format_version: "1.0",
    values: {
      root_module: {
        resources: [
          resource("aws_s3_bucket", "objects", { region: "eu-central-1", force_destroy: true }),
          resource("aws_s3_bucket_versioning", "objects", {
            versioning_configuration: [{ status: "Enabled" }],
          }),
          resource("aws_s3_bucket_lifecycle_configuration", "objects", {
            rule: [{ id: "keep", status: "Enabled", filter: [{ prefix: "" }], expiration: [{ days: 400 }] }],
          }),
          resource("aws_s3_bucket_policy", "objects", {
            policy: '{"Statement":[{"Resource":"x/${aws:username}"}]}',
          }),
          resource("aws_s3_bucket_cors_configuration", "objects", {}),
          resource("aws_s3_bucket", "plain", { region: "eu-west-1" }),
        ],
      },
    },
  });
  expect(isReady).toBe(true);
  for (const part of [
    'Versioning: "objects"',
    'filter: [{ prefix: "" }]',
    // Terraform would read an expression.
    "x/$${aws:username}",
    'hold(objects, "Ownership", { count: 0 });',
    'hold(plain, "Lifecycle", { count: 0 });',
    "versioned: false",
    "provider: awsEuWest1",
  ])
    expect(program).toContain(part);
  expect(report).toContain("aws_s3_bucket_cors_configuration.objects: the construct has no such part");
});

test("servers made by hand are read from the output of describe-db-instances, by name", async () => {
  const described = (DBInstanceIdentifier: string) => ({
    DBInstanceIdentifier,
    DBInstanceArn: `arn:aws:rds:eu-west-1:123456789012:db:${DBInstanceIdentifier}`,
    DBInstanceClass: "db.m5.large",
    Engine: "mysql",
    EngineVersion: "8.4.5",
    MasterUsername: "root_user",
    AllocatedStorage: 50,
    StorageType: "gp3",
    Iops: 3000,
    StorageThroughput: 125,
    StorageEncrypted: true,
    KmsKeyId: "arn:aws:kms:eu-west-1:123456789012:key/0a1b2c3d-0000-4000-8000-000000000001",
    MultiAZ: true,
    BackupRetentionPeriod: 0,
    PreferredBackupWindow: "23:00-23:30",
    PreferredMaintenanceWindow: "sun:23:45-mon:00:15",
    AutoMinorVersionUpgrade: false,
    PubliclyAccessible: true,
    DeletionProtection: true,
    CopyTagsToSnapshot: true,
    IAMDatabaseAuthenticationEnabled: true,
    PerformanceInsightsEnabled: true,
    PerformanceInsightsRetentionPeriod: 731,
    MonitoringInterval: 0,
    CACertificateIdentifier: "rds-ca-rsa4096-g1",
    DBParameterGroups: [{ DBParameterGroupName: "default.mysql8.4" }],
    DBSubnetGroup: { DBSubnetGroupName: "default" },
    VpcSecurityGroups: [{ VpcSecurityGroupId: "sg-0a1b2c3d" }, { VpcSecurityGroupId: "sg-0a1b2c3e" }],
    MasterUserSecret: { SecretArn: "arn:aws:secretsmanager:eu-west-1:123456789012:secret:rds-x" },
    TagList: [{ Key: "env", Value: "prod" }],
  });
  const json = { DBInstances: [described("one"), described("two")] };
  const { program, report, isReady } = await adopt(json, { rds: ["two"] });
  expect(isReady).toBe(true);
  expect(program).not.toContain('"one"');
  for (const part of [
    'new DataAwsDbSubnetGroup(this, "network-subnets", { name: "default" })',
    'DatabaseEngine.mysql(MysqlVersion.of("8.4.5"))',
    "RdsAdminLogin.managedByRds",
    "publiclyAccessible: true",
    "certificateAuthority: RdsCertificateAuthority.RSA4096_G1",
    "performanceInsightsRetentionDays: 731",
    "autoMinorVersionUpgrade: false",
    "backup_retention_period: 0",
    'vpc_security_group_ids: ["sg-0a1b2c3d", "sg-0a1b2c3e"]',
  ])
    expect(program).toContain(part);
  expect(line(report, "`publicly_accessible`")).toContain("publiclyAccessible");
  await expect(adopt(json, { rds: ["three"] })).rejects.toThrow("--rds three: not in the input.");
});

test("differences: blocks, sets, sensitive values, ignored paths and what a provider keeps", () => {
  const found = differences(
    "google_sql_database_instance",
    {
      settings: [
        {
          tier: "a",
          disk_size: 20,
          database_flags: [{ name: "x", value: "1" }],
          pricing_plan: "PER_USE",
          time_zone: "CET",
        },
      ],
      root_password: "secret",
      self_link: "computed",
      region: "europe-west1",
    },
    { root_password: true },
    {
      settings: {
        tier: "b",
        disk_size: 10,
        database_flags: [
          { name: "x", value: "1" },
          { name: "y", value: "2" },
        ],
      },
      region: "${data.google_client_config.x.region}",
      lifecycle: { ignore_changes: ["settings[0].disk_size"] },
    },
    () => undefined,
  );
  expect(found.map(({ path, isPlanned, isSensitive }) => [path, isPlanned, isSensitive])).toEqual([
    ["settings.tier", true, false],
    ["settings.database_flags", true, false],
    ["settings.time_zone", false, false],
    ["region", true, false],
    ["root_password", false, true],
  ]);
});

const state = (...resources: readonly object[]) => ({
  format_version: "1.0",
  values: {
    root_module: {
      resources: resources.map((each) => ({
        mode: "managed",
        address: "x.y",
        sensitive_values: {},
        ...each,
      })),
    },
  },
});
const rds = (values: object, more: object = {}) => ({
  type: "aws_db_instance",
  ...more,
  values: {
    arn: "arn:aws:rds:eu-west-1:123456789012:db:x",
    identifier: "one",
    engine: "postgres",
    engine_version: "16.4",
    instance_class: "db.m5.large",
    allocated_storage: 100,
    username: "postgres",
    vpc_security_group_ids: ["sg-0a1b2c3d4e5f60001"],
    ...values,
  },
});
const cloudSql = (values: object, sensitive_values: object = {}) => ({
  type: "google_sql_database_instance",
  sensitive_values,
  values: {
    name: "one",
    project: "platform",
    region: "europe-west1",
    database_version: "POSTGRES_16",
    settings: [
      {
        tier: "db-custom-2-8192",
        edition: "ENTERPRISE",
        ip_configuration: [{ private_network: "projects/platform/global/networks/main" }],
        database_flags: [{ name: "work_mem", value: PASSWORD }],
      },
    ],
    ...values,
  },
});
/** The errors of the compiler's parser and of the engine, which also knows constants that are declared twice. */
const errorsOf = (program: string): string[] => {
  const { outputText, diagnostics = [] } = transpileModule(program, {
    reportDiagnostics: true,
    compilerOptions: { target: ScriptTarget.ES2022, module: ModuleKind.CommonJS },
  });
  const found = diagnostics.map(({ messageText }) => String(messageText));
  try {
    new Script(`(function (exports, require) {${outputText}})`);
  } catch (error) {
    found.push(String(error));
  }
  return found;
};

test("text of a state is no code of the program, whatever is in it", async () => {
  const code = (separator: string) => `x${separator}process.exit(42); //`;
  const { program } = await adopt(
    state(
      rds({ engine_version: code("16.4\n") }, { address: code("\u2028") }),
      rds({ identifier: "two", username: code("\r"), region: "eu-west-2`;process.exit(42);//" }),
      { type: "aws_s3_bucket", address: code("\n"), values: { id: "b" } },
      rds({ identifier: "three", tags: JSON.parse('{"__proto__":"x"}') }),
    ),
  );
  expect(errorsOf(program)).toEqual([]);
  expect(program).not.toMatch(/^\s*process\.exit/m);
  expect(print(literal({ "${a}": "%{b}" }), 0, 0)).toBe('{ "$${a}": "%%{b}" }');
  expect(program).toContain('tags: { ["__proto__"]: "x" }');
});

test("names of servers and buckets are no names that the program has, and begin with a letter", async () => {
  const names = [
    "id",
    "scope",
    "aws",
    "arguments",
    "eval",
    "undefined",
    "db-password",
    "db",
    "aws-eu-west-2",
  ];
  const { program } = await adopt(
    state(
      ...names.map((identifier) => rds({ identifier })),
      rds({ identifier: "network-subnets" }),
      rds({ identifier: "other", region: "eu-west-2" }),
      cloudSql({ name: "google" }),
      { type: "aws_s3_bucket", values: { id: "123-logs" } },
    ),
  );
  expect(errorsOf(program)).toEqual([]);
  expect(program).toContain('new S3Bucket(this, "the-123-logs"');
});

test("two of one name in other regions or projects are both written, and other accounts are refused", async () => {
  const { program, report } = await adopt(
    state(
      rds({}),
      rds({ arn: "arn:aws:rds:eu-west-2:123456789012:db:x", instance_class: "db.m5.xlarge" }),
      rds({ identifier: "far", arn: "arn:aws:rds:eu-west-1:210987654321:db:x" }),
      rds({ identifier: "copy", arn: "arn:aws:rds:eu-west-2:123456789012:db:x", replicate_source_db: "one" }),
      cloudSql({ project: "a" }),
      cloudSql({ project: "b" }),
    ),
  );
  expect(program.match(/new (RdsServer|CloudSqlServer)\(/g)).toHaveLength(4);
  expect(program).toMatch(/identifier: "copy",\s+source: one2,/);
  expect(report).toContain("(far): it is in account 210987654321");
});

test("servers of a second subscription are refused by name", async () => {
  const server = (name: string, subscription: string) => ({
    type: "azurerm_postgresql_flexible_server",
    values: {
      id: `/subscriptions/${subscription}/resourceGroups/rg/providers/Microsoft.DBforPostgreSQL/flexibleServers/${name}`,
      name,
      resource_group_name: "rg",
      location: "westeurope",
      version: "16",
      sku_name: "GP_Standard_D4ds_v5",
      storage_mb: 131072,
      administrator_login: "pg",
    },
  });
  const { program, report } = await adopt(state(server("near", "1"), server("far", "2")));
  expect(program.match(/new PostgresFlexibleServer\(/g)).toHaveLength(1);
  expect(report).toContain("(far): it is in subscription 2, and the provider of the program has one (1)");
});

test("sensitive values are written nowhere: tags, parameters, flags, names, and passwords without a mark", async () => {
  const server = "/subscriptions/1/resourceGroups/rg/providers/Microsoft.DBforPostgreSQL/flexibleServers/pg";
  const { program, report, isReady } = await adopt(
    state(
      rds(
        { tags: { a: PASSWORD }, username: PASSWORD, password: PASSWORD, parameter_group_name: "secret" },
        { sensitive_values: { tags: { a: true }, username: true } },
      ),
      {
        type: "aws_db_parameter_group",
        values: { name: "secret", parameter: [{ name: "pgaudit.role", value: PASSWORD }] },
        sensitive_values: { parameter: [{ value: true }] },
      },
      { type: "aws_s3_bucket", values: { id: "b" } },
      {
        type: "aws_s3_bucket_policy",
        values: { id: "b", bucket: "b", policy: PASSWORD },
        sensitive_values: { policy: true },
      },
      cloudSql({}, { settings: [{ database_flags: [{ value: true }] }] }),
      {
        type: "azurerm_postgresql_flexible_server",
        values: {
          id: server,
          name: "pg",
          resource_group_name: "rg",
          location: "westeurope",
          version: "16",
          sku_name: "GP_Standard_D4ds_v5",
          storage_mb: 131072,
          administrator_login: "pg",
          administrator_password: PASSWORD,
        },
      },
      {
        type: "azurerm_postgresql_flexible_server_configuration",
        values: { id: `${server}/configurations/x`, server_id: server, name: "x", value: PASSWORD },
        sensitive_values: { value: true },
      },
    ),
  );
  expect(`${program}${report}`).not.toContain(PASSWORD);
  expect(isReady).toBe(false);
  for (const part of [
    "one Resource: username is sensitive in the state",
    "b Policy: policy is sensitive in the state",
    "parameter_group_name secret: has values that are sensitive",
    "a value of settings.database_flags is sensitive",
    "x.y: sensitive in the state, and not written",
    "- `Resource: administrator_password`",
  ])
    expect(report).toContain(part);
});

test("resources without a name are refused one and all, and do not stop the others", async () => {
  const { report } = await adopt(
    state(
      rds({}),
      rds({ identifier: null }),
      { type: "google_sql_database_instance", values: { database_version: "POSTGRES_16" } },
      { type: "google_storage_bucket", values: {} },
      { type: "azurerm_mysql_flexible_server", values: { version: "8.0.21" } },
      { type: "aws_s3_bucket", values: {} },
    ),
  );
  for (const part of [
    "x.y (no identifier): identifier or instance class is missing",
    "x.y: name, region must be in the input",
    "x.y: name, location must be in the input",
    "x.y: id, name, resource_group_name, location must be in the input",
    "x.y: id must be in the input",
  ])
    expect(report).toContain(part);
});

test("a difference that nothing holds back is an effect of the first plan, and an argument of the state alone is none", () => {
  const planned = (path: string, now: unknown, to: unknown) => ({
    construct: "server",
    resource: { path: "Resource", id: "one", harmless: ["skip_final_snapshot"] },
    type: "aws_db_instance",
    name: "server",
    before: { identifier: "one", [path]: now },
    differences: [{ path, now, planned: to, isPlanned: true, isSensitive: false }],
  });
  expect(remainingEffects([planned("storage_encrypted", false, true)]).join()).toContain("[RDS-REPLACED]");
  expect(remainingEffects([planned("publicly_accessible", false, true)]).join()).toContain("[RDS-PUBLIC]");
  expect(remainingEffects([planned("skip_final_snapshot", false, true)])).toEqual([]);
});

test("the table of computed attributes is that of the pinned providers", () => {
  const schema = (provider: string) =>
    JSON.parse(
      gunzipSync(
        readFileSync(join(repository, "tools/terraform-mirror/schemas", `hashicorp_${provider}.json.gz`)),
      ).toString(),
    ).resource_schemas;
  const schemas = { ...schema("aws_6.25.0"), ...schema("google_6.50.0"), ...schema("azurerm_4.55.0") };
  interface Block {
    readonly attributes?: {
      readonly [name: string]: { readonly computed?: boolean; readonly optional?: boolean };
    };
    readonly block_types?: { readonly [name: string]: { readonly block: Block } };
  }
  const paths = (block: Block, optional: boolean, prefix = ""): string[] => [
    ...Object.entries(block.attributes ?? {})
      .filter(([, { computed, optional: is }]) => computed && (is ?? false) === optional)
      .map(([name]) => prefix + name),
    ...Object.entries(block.block_types ?? {}).flatMap(([name, { block: inner }]) =>
      paths(inner, optional, `${prefix}${name}.`),
    ),
  ];
  for (const [type, attributes] of Object.entries(COMPUTED_ATTRIBUTES))
    expect([type, attributes]).toEqual([
      type,
      {
        computed: paths(schemas[type].block, false).sort().join(" "),
        kept: paths(schemas[type].block, true).sort().join(" "),
      },
    ]);
});

test("resources of modules are found, and data sources are not", () => {
  const resources = readState(fixture("terraform-aws-modules-rds"));
  expect(resources.map(({ address }) => address)).toContain(
    'module.db.module.db_instance.aws_cloudwatch_log_group.this["postgresql"]',
  );
});

test("the command writes a folder once, and prints from standard input", () => {
  const folder = mkdtempSync(join(tmpdir(), "adopt-"));
  try {
    const command = (...args: string[]) =>
      run(process.execPath, ["--import", "tsx", join(repository, "lib/cli/main.ts"), "adopt", ...args], {
        cwd: repository,
      });
    const name = file("terraform-google-modules-sql-db");
    const out = join(folder, "data");
    const first = command(name, "--out", out);
    expect([first.code, first.stderr]).toEqual([0, ""]);
    for (const each of ["main.ts", "HARDENING.md", "cdktf.json"])
      expect(existsSync(join(out, each))).toBe(true);
    const second = command(name, "--out", out);
    expect([second.code, second.stderr]).toEqual([
      1,
      expect.stringContaining("has main.ts, HARDENING.md, cdktf.json already"),
    ]);
    const wrong = command(join(repository, "README.md"));
    expect([wrong.code, wrong.stdout, wrong.stderr]).toEqual([1, "", expect.stringContaining("Not a state")]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
