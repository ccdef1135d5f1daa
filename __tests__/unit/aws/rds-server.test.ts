import { ref, Token } from "cdktf";
import { EncryptionKey, RdsAdminLogin, RdsCertificateAuthority, type RdsServer } from "../../../lib/aws";
import {
  Availability,
  Cloud,
  DatabaseLogin,
  DayOfWeek,
  DeletionPolicy,
  LoginAuthentication,
  MachineSize,
  SecretValue,
} from "../../../lib/database";
import { problemsOf, rendered, synthesize, treeOf } from "../../support/synth";
import { MYSQL, network, parametersOf, server } from "./fixture";

const KEY = "arn:aws:kms:eu-central-1:123456789012:key/0a1b2c3d";

/** What consumers of a generated secret compare: its stored value, and not its version number alone. */
const storedValue = (secret: string) =>
  expect.stringMatching(
    `^\\$\\{sum\\(\\[1, parseint\\(substr\\(sha256\\(aws_secretsmanager_secret_version\\.postgres_${secret}_Version_\\w+\\.id\\), 0, 12\\), 16\\)\\]\\)\\}$`,
  );

describe("defaults", () => {
  const out = synthesize((stack) => {
    server(stack, { storage: { sizeGiB: 100, maxSizeGiB: 500 } });
  });
  const instance = out.resource("aws_db_instance");

  test("private, Multi-AZ, encrypted, backed up, monitored, protected from deletion", () => {
    expect(instance).toMatchObject({
      identifier: "test-postgres",
      engine: "postgres",
      engine_version: "17",
      engine_lifecycle_support: "open-source-rds-extended-support-disabled",
      instance_class: "db.m7g.large",
      port: 5432,
      multi_az: true,
      publicly_accessible: false,
      storage_type: "gp3",
      allocated_storage: 100,
      max_allocated_storage: 500,
      storage_encrypted: true,
      kms_key_id: "${aws_kms_key.postgres_Key_79B220DF.arn}",
      backup_retention_period: 14,
      backup_window: "03:00-04:00",
      maintenance_window: "sun:04:30-sun:05:30",
      copy_tags_to_snapshot: true,
      auto_minor_version_upgrade: true,
      apply_immediately: false,
      deletion_protection: true,
      skip_final_snapshot: false,
      delete_automated_backups: false,
      iam_database_authentication_enabled: true,
      ca_cert_identifier: "rds-ca-rsa2048-g1",
      performance_insights_enabled: true,
      performance_insights_kms_key_id: "${aws_kms_key.postgres_Key_79B220DF.arn}",
      performance_insights_retention_period: 7,
      monitoring_interval: 60,
      enabled_cloudwatch_logs_exports: ["postgresql", "upgrade", "iam-db-auth-error"],
      lifecycle: { prevent_destroy: true, ignore_changes: ["engine_lifecycle_support"] },
    });
    expect(instance).not.toHaveProperty("iops");
    expect(instance).not.toHaveProperty("storage_throughput");
  });

  test("the password is in the write-only argument only", () => {
    expect(instance).not.toHaveProperty("password");
    expect(instance.password_wo).toBe(
      "${ephemeral.aws_secretsmanager_secret_version.postgres_AdminPassword_Stored_DA737F0C.secret_string}",
    );
    expect(instance.password_wo_version).toEqual(storedValue("AdminPassword"));
    expect(instance.username).toBe("dbadmin");
  });

  test("log groups are created before the server, encrypted and kept for a year", () => {
    const groups = out.resources("aws_cloudwatch_log_group");
    expect(groups.map((group) => group.name).sort()).toEqual([
      "/aws/rds/instance/test-postgres/iam-db-auth-error",
      "/aws/rds/instance/test-postgres/postgresql",
      "/aws/rds/instance/test-postgres/upgrade",
    ]);
    for (const group of groups) {
      expect(group).toMatchObject({ retention_in_days: 365, kms_key_id: instance.kms_key_id });
    }
    const needed = Object.keys(out.json.resource.aws_cloudwatch_log_group);
    for (const id of needed) expect(instance.depends_on).toContain(`aws_cloudwatch_log_group.${id}`);
  });

  test("the name of the final snapshot ends in an id that differs for a new server", () => {
    expect(instance.final_snapshot_identifier).toBe(
      "test-postgres-final-${substr(terraform_data.postgres_FinalSnapshotId_AA93F8BB.id, 0, 8)}",
    );
    expect(out.json.resource.terraform_data.postgres_FinalSnapshotId_AA93F8BB.triggers_replace).toEqual({
      engine: "postgres",
      key: instance.kms_key_id,
      username: "dbadmin",
    });
  });

  test("no opt-outs and no warnings", () => {
    expect(out.infos).toEqual([]);
    expect(out.warnings).toEqual([]);
  });

  test("the tree is a contract: another construct id would replace the database", () => {
    expect(treeOf(out.stack.node.findChild("postgres"))).toBe(
      [
        "Key",
        "  Resource",
        "  Alias",
        "Parameters",
        "  Resource",
        "Monitoring",
        "  Resource",
        "  Policy",
        "Log-postgresql",
        "Log-upgrade",
        "Log-iam-db-auth-error",
        "AdminPassword",
        "  Random",
        "  Resource",
        "  Version",
        "  Stored",
        "FinalSnapshotId",
        "Resource",
        "ConnectionsInForce",
        "",
      ].join("\n"),
    );
    expect(Object.keys(out.json.resource.aws_db_instance)).toEqual(["postgres_6BBC2FA4"]);
  });
});

test("MySQL has its version, port, logs and parameter group family", () => {
  const out = synthesize((stack) => {
    server(stack, { engine: MYSQL });
  });
  expect(out.resource("aws_db_instance")).toMatchObject({
    engine: "mysql",
    engine_version: "8.4",
    port: 3306,
    enabled_cloudwatch_logs_exports: ["error", "slowquery", "iam-db-auth-error"],
  });
  expect(out.resource("aws_db_parameter_group").family).toBe("mysql8.4");
});

test("every prop is written to the resources", () => {
  const out = synthesize((stack) => {
    server(stack, {
      identifier: "coder-db",
      size: MachineSize.memory(8),
      storage: { sizeGiB: 400, iops: 16_000, throughputMiBps: 4_000 },
      port: 6432,
      backup: { retentionDays: 35, window: { start: "23:30", minutes: 90 } },
      maintenanceWindow: { day: DayOfWeek.MONDAY, start: "02:00" },
      performanceInsightsRetentionDays: 731,
      monitoringIntervalSeconds: 15,
      cloudwatchLogsRetentionDays: 0,
      certificateAuthority: RdsCertificateAuthority.ECC384_G1,
      maxConnections: 500,
      slowQueryMs: 250,
      applyImmediately: true,
      allowMajorVersionUpgrade: true,
      encryptionKey: EncryptionKey.fromKeyArn(KEY),
      passwordVersion: 3,
      tags: { team: "platform" },
    });
  });
  expect(out.resource("aws_db_instance")).toMatchObject({
    identifier: "coder-db",
    instance_class: "db.r7g.2xlarge",
    allocated_storage: 400,
    iops: 16_000,
    storage_throughput: 4_000,
    port: 6432,
    backup_retention_period: 35,
    backup_window: "23:30-01:00",
    maintenance_window: "mon:02:00-mon:03:00",
    performance_insights_retention_period: 731,
    monitoring_interval: 15,
    ca_cert_identifier: "rds-ca-ecc384-g1",
    apply_immediately: true,
    allow_major_version_upgrade: true,
    kms_key_id: KEY,
    password_wo_version: storedValue("AdminPassword"),
    tags: { team: "platform" },
  });
  expect(out.resources("aws_kms_key")).toEqual([]);
  expect(out.resource("aws_secretsmanager_secret").kms_key_id).toBe(KEY);
  expect(out.resource("aws_secretsmanager_secret_version").secret_string_wo_version).toBe(3);
  expect(parametersOf(out.resource("aws_db_parameter_group"))).toMatchObject({
    max_connections: "500",
    log_min_duration_statement: "250",
  });
  for (const type of [
    "aws_cloudwatch_log_group",
    "aws_iam_role",
    "aws_db_parameter_group",
    "aws_secretsmanager_secret",
  ]) {
    for (const resource of out.resources(type)) expect(resource.tags).toEqual({ team: "platform" });
  }
});

describe("deletion policy", () => {
  test("snapshot: no deletion protection, a final snapshot, retained backups", () => {
    const out = synthesize((stack) => {
      server(stack, {
        deletionPolicy: DeletionPolicy.SNAPSHOT,
        encryptionKey: EncryptionKey.fromKeyArn(KEY),
      });
    });
    const instance = out.resource("aws_db_instance");
    expect(instance).toMatchObject({
      deletion_protection: false,
      skip_final_snapshot: false,
      delete_automated_backups: false,
    });
    expect(instance.final_snapshot_identifier).toMatch(/^test-postgres-final-/);
    expect(instance.lifecycle.prevent_destroy).toBeFalsy();
    expect(out.infos[0]?.message).toMatch(/^opt-out: RDS-DELETION-POLICY: deletionPolicy/);
  });

  test("snapshot: refuses a key that is deleted with the server", () => {
    expect(problemsOf((stack) => void server(stack, { deletionPolicy: DeletionPolicy.SNAPSHOT }))).toEqual([
      expect.stringMatching(
        /^\[postgres\] RDS-DELETION-POLICY: deletionPolicy must be retain or delete .*encryptionKey/,
      ),
    ]);
  });

  test("snapshot: takes an EncryptionKey", () => {
    const problems = problemsOf((stack) => {
      const key = new EncryptionKey(stack, "key", { logGroups: "/aws/rds/instance/*" });
      server(stack, { deletionPolicy: DeletionPolicy.SNAPSHOT, encryptionKey: key });
    });
    expect(problems).toEqual([]);
  });

  test("delete: server, backups and key are deleted, recorded as an opt-out", () => {
    const out = synthesize((stack) => {
      server(stack, { deletionPolicy: DeletionPolicy.DELETE });
    });
    expect(out.resource("aws_db_instance")).toMatchObject({
      deletion_protection: false,
      skip_final_snapshot: true,
      delete_automated_backups: true,
    });
    expect(out.resource("aws_db_instance")).not.toHaveProperty("final_snapshot_identifier");
    expect(out.resource("aws_kms_key").lifecycle?.prevent_destroy).toBeFalsy();
    expect(out.infos[0]?.message).toMatch(/^opt-out: RDS-DELETION-POLICY: deletionPolicy/);
  });

  test("retain: server and key are protected", () => {
    const out = synthesize((stack) => void server(stack));
    expect(out.resource("aws_kms_key").lifecycle.prevent_destroy).toBe(true);
  });
});

test("each disabled secure default is recorded as an opt-out", () => {
  const out = synthesize((stack) => {
    server(stack, {
      availability: Availability.ZONAL,
      publiclyAccessible: true,
      tlsEnforced: false,
      iamAuthentication: false,
      monitoringIntervalSeconds: 0,
      autoMinorVersionUpgrade: false,
      performanceInsights: false,
    });
  });
  const given = out.infos.map((info) => /^opt-out: RDS-[A-Z-]+: (\w+):/.exec(info.message)?.[1]).sort();
  expect(given).toEqual([
    "autoMinorVersionUpgrade",
    "availability",
    "iamAuthentication",
    "monitoringIntervalSeconds",
    "performanceInsights",
    "publiclyAccessible",
    "tlsEnforced",
  ]);
  expect(out.resource("aws_db_instance")).toMatchObject({
    multi_az: false,
    publicly_accessible: true,
    iam_database_authentication_enabled: false,
    monitoring_interval: 0,
    performance_insights_enabled: false,
    enabled_cloudwatch_logs_exports: ["postgresql", "upgrade"],
  });
  expect(out.resource("aws_db_instance")).not.toHaveProperty("performance_insights_kms_key_id");
  expect(out.resources("aws_iam_role")).toEqual([]);
  expect(parametersOf(out.resource("aws_db_parameter_group"))["rds.force_ssl"]).toBe("0");
});

describe("adminLogin", () => {
  test("managed by RDS: no generated password, and the secret is never taken by index", () => {
    const out = synthesize((stack) => {
      server(stack, { adminLogin: RdsAdminLogin.managedByRds({ username: "keeper" }) });
    });
    const instance = out.resource("aws_db_instance");
    expect(instance).toMatchObject({
      username: "keeper",
      manage_master_user_password: true,
      master_user_secret_kms_key_id: instance.kms_key_id,
    });
    expect(instance).not.toHaveProperty("password_wo");
    expect(out.resources("aws_secretsmanager_secret")).toEqual([]);
    expect(out.ephemeral("aws_secretsmanager_secret_version").secret_id).toBe(
      "${one(aws_db_instance.postgres_6BBC2FA4.master_user_secret[*].secret_arn)}",
    );
  });

  test("given: has Terraform check the password before RDS refuses it", () => {
    const out = synthesize((stack) => {
      const password = SecretValue.fromEphemeral("${var.password}", { version: 4 });
      server(stack, { adminLogin: RdsAdminLogin.given(DatabaseLogin.withPassword("owner", password)) });
    });
    const instance = out.resource("aws_db_instance");
    expect(instance).toMatchObject({
      username: "owner",
      password_wo: "${var.password}",
      password_wo_version: 4,
    });
    expect(instance.lifecycle.precondition[0].condition).toBe(
      "${length(var.password) >= 8 && length(var.password) <= 128}",
    );
  });

  test("refuses a login without password, and reserved and long names", () => {
    const failing = (adminLogin: RdsAdminLogin) => problemsOf((stack) => void server(stack, { adminLogin }));
    expect(failing(RdsAdminLogin.given(DatabaseLogin.withCloudIdentity("owner")))).toEqual([
      expect.stringContaining("adminLogin must have a password"),
    ]);
    expect(failing(RdsAdminLogin.generated({ username: "rdsadmin" }))).toEqual([
      expect.stringContaining("adminLogin.username"),
    ]);
    expect(failing(RdsAdminLogin.managedByRds({ username: "a23456789012345678" }))).toEqual([
      expect.stringContaining("adminLogin.username"),
    ]);
  });
});

describe("databases", () => {
  test("each database has an owner with a secret", () => {
    let made: RdsServer | undefined;
    const out = synthesize((stack) => {
      made = server(stack, { passwordVersion: 2 });
      const database = made.database("coder");
      expect(database.owner.username).toBe("coder");
      expect(made.database("coder")).toBe(database);
      expect(made.secretOf("coder")?.node.id).toBe("Login-coder");
      expect(made.secretOf("dbadmin")?.node.id).toBe("AdminPassword");
      expect(made.secretOf("somebody")).toBeUndefined();
    });
    expect(out.json.resource.aws_secretsmanager_secret["postgres_Login-coder_A73B8F25"]).toMatchObject({
      name_prefix: "test-postgres/coder-",
      recovery_window_in_days: 30,
    });
    expect(treeOf(out.stack.node.findChild("postgres").node.findChild("Login-coder"))).toBe(
      "Random\nResource\nVersion\nStored\n",
    );
  });

  test("users that alternate have a secret each, and the one that is not in use gets the next password", () => {
    const out = synthesize((stack) => {
      const made = server(stack, { passwordVersion: 6, alternatingUsersSince: 4 });
      const { owner } = made.database("coder");
      expect([owner.username, owner.ownerName]).toEqual(["coder", "coder"]);
      expect(owner.alternating?.clone.username).toBe("coder_clone");
      expect(made.secretOf("coder_clone")?.node.id).toBe("Login-coder_clone");
      expect(made.database("more", { ownerName: "coder" }).owner.alternating?.clone.password).toBe(
        owner.alternating?.clone.password,
      );
    });
    const versions = out.json.resource.aws_secretsmanager_secret_version;
    const of = (part: string) =>
      Object.entries<Record<string, unknown>>(versions).flatMap(([name, each]) =>
        name.includes(part) ? [each.secret_string_wo_version] : [],
      );
    expect([of("AdminPassword"), of("Login-coder_Version"), of("Login-coder_clone")]).toEqual([
      [6],
      [6],
      [5],
    ]);
  });

  test("two databases of one owner share its secret", () => {
    const out = synthesize((stack) => {
      const made = server(stack);
      made.database("one", { ownerName: "app" });
      made.database("two", { ownerName: "app" });
    });
    expect(out.resources("aws_secretsmanager_secret")).toHaveLength(2);
  });

  test("an owner with an IAM identity has no secret", () => {
    const out = synthesize((stack) => {
      const { owner } = server(stack).database("coder", {
        ownerAuthentication: LoginAuthentication.CLOUD_IDENTITY,
      });
      expect(owner.password).toBeUndefined();
      expect(owner.authentication).toBe(LoginAuthentication.CLOUD_IDENTITY);
    });
    expect(out.resources("aws_secretsmanager_secret")).toHaveLength(1);
  });

  test("refuses an identity without IAM authentication, and the master user as owner", () => {
    expect(
      problemsOf((stack) => {
        server(stack, { iamAuthentication: false }).database("coder", {
          ownerAuthentication: LoginAuthentication.CLOUD_IDENTITY,
        });
      }),
    ).toEqual([expect.stringContaining("server accepts no cloud identities")]);
    expect(problemsOf((stack) => void server(stack).database("coder", { ownerName: "dbadmin" }))).toEqual([
      expect.stringContaining("must not be the administrator's login"),
    ]);
  });
});

test("IDatabaseServer: endpoint, TLS, location, capacity, dependables", () => {
  synthesize((stack) => {
    const made = server(stack, { network: network(stack, ["sg-0a1"]) });
    expect(made.endpoint).toMatchObject({ port: 5432, isPrivate: true });
    expect(made.tls).toMatchObject({ enforced: true, hostnameVerifiable: true });
    expect(made.tls.caCertificatesPem).toMatch(/^-----BEGIN CERTIFICATE-----/);
    expect(made.location).toEqual({ cloud: Cloud.AWS, region: "eu-central-1" });
    expect(made.acceptsCloudIdentity).toBe(true);
    expect(made.connectionBudget.capacity?.maximum).toBe(766);
    // The instance, the subnet group, the security group, and the rule that lets the client in.
    expect(rendered(made.dependables)).toHaveLength(4);
  });
});

describe("values that are known to Terraform only", () => {
  test("are written to the resources and checked by Terraform", () => {
    const out = synthesize((stack) => {
      server(stack, {
        identifier: Token.asString(ref("var.name")),
        region: Token.asString(ref("var.region")),
        storage: {
          sizeGiB: Token.asNumber(ref("var.size")),
          maxSizeGiB: Token.asNumber(ref("var.max")),
          iops: Token.asNumber(ref("var.iops")),
        },
        port: Token.asNumber(ref("var.port")),
        backup: { retentionDays: Token.asNumber(ref("var.days")) },
        maxConnections: Token.asNumber(ref("var.connections")),
        slowQueryMs: Token.asNumber(ref("var.slow")),
        cloudwatchLogsRetentionDays: Token.asNumber(ref("var.logs")),
        monitoringIntervalSeconds: Token.asNumber(ref("var.interval")),
        encryptionKey: EncryptionKey.fromKeyArn(Token.asString(ref("var.key"))),
        passwordVersion: Token.asNumber(ref("var.password_version")),
        adminLogin: RdsAdminLogin.generated({ username: Token.asString(ref("var.admin")) }),
        parameters: { work_mem: Token.asString(ref("var.work_mem")) },
      }).database("coder");
    });
    const instance = out.resource("aws_db_instance");
    expect(instance).toMatchObject({
      identifier: "${var.name}",
      allocated_storage: "${var.size}",
      iops: "${var.iops}",
      port: "${var.port}",
      backup_retention_period: "${var.days}",
      username: "${var.admin}",
      kms_key_id: "${var.key}",
      password_wo_version: storedValue("AdminPassword"),
    });
    const conditions = instance.lifecycle.precondition.map((p: { condition: string }) => p.condition);
    expect(conditions.slice(0, 4)).toEqual([
      '${((length(var.name) <= 63) && can(regex("^[a-z](-?[a-z0-9])*$", var.name)))}',
      "${((tonumber(var.port) >= 1150) && (tonumber(var.port) <= 65535))}",
      "${((tonumber(var.days) >= 1) && (tonumber(var.days) <= 35))}",
      "${((tonumber(var.size) >= 400) && (tonumber(var.size) <= 65536))}",
    ]);
    const parameters = parametersOf(out.resource("aws_db_parameter_group"));
    expect(parameters).toMatchObject({
      max_connections: "${var.connections}",
      log_min_duration_statement: "${var.slow}",
      work_mem: "${var.work_mem}",
    });
  });

  test("may be texts with a template", () => {
    const out = synthesize((stack) => {
      const made = server(stack, { identifier: "${var.name}", region: "${var.region}" });
      expect(made.tls.caCertificatesPem).toBeDefined();
    });
    const text = JSON.stringify(out.json);
    expect(text).not.toContain("$${");
    const conditions = out
      .resource("aws_db_instance")
      .lifecycle.precondition.map((p: { condition: string }) => p.condition);
    expect(conditions).toContain("${contains(keys(local.RdsRoots), var.region)}");
  });
});
