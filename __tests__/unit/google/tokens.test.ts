/** Values that are not known at synth: never refused at synth, checked by preconditions where it matters. */
import { TerraformVariable } from "cdktf";
import type { Construct } from "constructs";
import { DatabaseEngine, DatabaseLogin, PostgresVersion, SecretValue } from "../../../lib/database";
import {
  CloudSqlAdminLogin,
  CloudSqlAlerts,
  CloudSqlReadReplica,
  type CloudSqlServerProps,
  CryptoKey,
} from "../../../lib/google";
import { problemsOf, synthesize } from "../../support/synth";
import { MYSQL, server } from "./fixture";

const text = (scope: Construct, id: string) =>
  new TerraformVariable(scope, id, { type: "string" }).stringValue;
const number = (scope: Construct, id: string) =>
  new TerraformVariable(scope, id, { type: "number" }).numberValue;

function everything(scope: Construct): Partial<CloudSqlServerProps> {
  return {
    region: text(scope, "region"),
    project: text(scope, "project"),
    instanceName: text(scope, "name"),
    zone: text(scope, "zone"),
    secondaryZone: text(scope, "zone2"),
    encryptionKey: CryptoKey.fromKeyName(text(scope, "key")),
    encryptionServiceAgent: text(scope, "agent"),
    storage: { sizeGiB: number(scope, "size"), maxSizeGiB: number(scope, "max") },
    backup: { retentionDays: number(scope, "retention"), window: { start: text(scope, "backup") } },
    backupLocation: text(scope, "location"),
    maxConnections: number(scope, "connections"),
    slowQueryMs: number(scope, "slow"),
    passwordVersion: number(scope, "version"),
    parameters: { work_mem: text(scope, "memory") },
    tags: { team: text(scope, "team") },
    denyMaintenance: { startDate: text(scope, "from"), endDate: text(scope, "to") },
  };
}

test("a server accepts tokens for all values", () => {
  const { resource } = synthesize((stack) => {
    const db = server(stack, everything(stack));
    db.database("coder");
    new CloudSqlReadReplica(stack, "replica", {
      source: db,
      region: text(stack, "elsewhere"),
      encryptionKey: CryptoKey.fromKeyName(text(stack, "key2")),
    });
    new CloudSqlAlerts(stack, "alerts", { server: db, notificationChannels: [text(stack, "channel")] });
  });
  const made = resource("google_sql_user");
  expect(made.password_wo_version).toContain("${var.version}");
});

test("numbers stay numbers, also inside flags", () => {
  const { resource } = synthesize((stack) => void server(stack, everything(stack)));
  const { settings } = resource("google_sql_database_instance");
  expect(settings).toMatchObject({
    disk_size: "${var.size}",
    disk_autoresize: true,
    disk_autoresize_limit: "${var.max}",
  });
  expect(settings.database_flags).toEqual(
    expect.arrayContaining([
      { name: "max_connections", value: "${var.connections}" },
      { name: "log_min_duration_statement", value: "${var.slow}" },
    ]),
  );
  expect(settings.backup_configuration).toMatchObject({
    transaction_log_retention_days: "${min((var.retention - 1), 7)}",
    backup_retention_settings: { retained_backups: "${var.retention}" },
  });
});

test("MySQL's slow queries are in seconds", () => {
  const { resource } = synthesize(
    (stack) => void server(stack, { engine: MYSQL, slowQueryMs: number(stack, "slow") }),
  );
  expect(resource("google_sql_database_instance").settings.database_flags).toContainEqual({
    name: "long_query_time",
    value: "${(var.slow / 1000)}",
  });
});

test("preconditions check what is not known at synth", () => {
  const { resource } = synthesize((stack) => void server(stack, everything(stack)));
  expect(
    resource("google_sql_database_instance").lifecycle.precondition.map(
      (each: { condition: string; error_message: string }) => each.condition,
    ),
  ).toEqual([
    "${(var.size >= 10)}",
    "${(var.max > var.size)}",
    "${((var.retention >= 2) && (var.retention <= 365))}",
  ]);
});

test("transaction log retention is compared with a retention that is not known at synth", () => {
  const { resource } = synthesize(
    (stack) =>
      void server(stack, {
        backup: { retentionDays: number(stack, "retention") },
        transactionLogRetentionDays: number(stack, "logs"),
      }),
  );
  const conditions = resource("google_sql_database_instance").lifecycle.precondition;
  expect(conditions[1].condition).toBe("${((var.logs <= 7) && (var.logs < var.retention))}");
});

test("owners whose names are not known at synth are different users", () => {
  const { resources, stack } = synthesize((stack) => {
    const password = new TerraformVariable(stack, "password", { type: "string" });
    const owner = (id: string) =>
      DatabaseLogin.withPassword(text(stack, id), SecretValue.fromVariable(password, 1));
    const db = server(stack, { adminLogin: CloudSqlAdminLogin.none() });
    db.database("one", { owner: owner("user1") });
    db.database("two", { owner: owner("user2") });
  });
  expect(resources("google_sql_user").map((user) => user.name)).toEqual(["${var.user1}", "${var.user2}"]);
  expect(stack.node.findChild("db").node.tryFindChild("OwnerOf-one")).toBeDefined();
});

test("database names and versions must be known at synth", () => {
  expect(() => synthesize((stack) => void server(stack).database(text(stack, "database")))).toThrow(
    /DB-NAME: the name of a database must be known at synth/,
  );
  expect(
    problemsOf((stack) => {
      const version = text(stack, "version");
      server(stack, { engine: DatabaseEngine.postgres(PostgresVersion.of(version)) });
    }),
  ).toEqual([expect.stringMatching(/CLOUDSQL-ENGINE: engine must have a version that is known at synth/)]);
});

test("a maintenance window must be known at synth, since its day becomes a number", () => {
  expect(
    problemsOf((stack) => {
      server(stack, { maintenanceWindow: { day: text(stack, "day") as never, start: "03:00" } });
    }),
  ).toEqual([expect.stringMatching(/CLOUDSQL-MAINTENANCE-WINDOW: maintenanceWindow must be known at synth/)]);
});
