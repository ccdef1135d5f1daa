import { type TerraformStack, TerraformVariable } from "cdktf";
import {
  AzureAdminLogin,
  MysqlServerFromGeoBackup,
  MysqlServerFromPointInTime,
  PostgresServerFromGeoBackup,
  PostgresServerFromPointInTime,
  type PostgresServerFromPointInTimeProps,
  SecretVault,
  StoredSecret,
} from "../../../lib/azure";
import {
  Availability,
  DatabaseEngine,
  DatabaseLogin,
  DatabaseProvisioning,
  MachineSize,
  MysqlVersion,
  PostgresVersion,
} from "../../../lib/database";
import { azureId, azureNetwork, VAULT_ID } from "../../support/azure-stack";
import { problemsOf, synthesize } from "../../support/synth";

const PG = "azurerm_postgresql_flexible_server";
const MY = "azurerm_mysql_flexible_server";
const sourceServerId = azureId("Microsoft.DBforPostgreSQL/flexibleServers", "coder-old");
const restoreTime = "2026-11-22T03:04:05Z";
const intent = { size: MachineSize.general(4), storage: { sizeGiB: 128, maxSizeGiB: 512 } };
const forPostgres = { ...intent, engine: DatabaseEngine.postgres(PostgresVersion.V17) };
const forMysql = { ...intent, engine: DatabaseEngine.mysql(MysqlVersion.V8_4) };

function common(stack: TerraformStack) {
  const { value } = new StoredSecret(stack, "old", { secretId: `${VAULT_ID}/secrets/coder-old-dbadmin` });
  return {
    network: azureNetwork(stack),
    vault: SecretVault.fromKeyVaultId(VAULT_ID),
    adminLogin: AzureAdminLogin.given(DatabaseLogin.withPassword("dbadmin", value)),
    sourceServerId,
  };
}

const restore = (stack: TerraformStack, props: Partial<PostgresServerFromPointInTimeProps> = {}) =>
  new PostgresServerFromPointInTime(stack, "restored", {
    ...forPostgres,
    ...common(stack),
    restoreTime,
    ...props,
  });

describe("to a point in time", () => {
  test("ignores changes of source and time, and sets no login and password", () => {
    const { resource } = synthesize((stack) => {
      const server = restore(stack);
      expect(server.adminLogin?.username).toBe("dbadmin");
      expect(server.database("coder").provisioning).toBe(DatabaseProvisioning.SQL_JOB);
    });
    const server = resource(PG);
    expect(server).toMatchObject({
      create_mode: "PointInTimeRestore",
      source_server_id: sourceServerId,
      point_in_time_restore_time_in_utc: restoreTime,
    });
    expect(Object.keys(server).filter((key) => key.startsWith("administrator"))).toEqual([]);
    expect(server.lifecycle.ignore_changes).toEqual([
      "zone",
      "storage_mb",
      "create_mode",
      "source_server_id",
      "point_in_time_restore_time_in_utc",
    ]);
    expect(server.lifecycle.prevent_destroy).toBe(true);
  });

  test("of MySQL", () => {
    const { resource } = synthesize((stack) => {
      new MysqlServerFromPointInTime(stack, "restored", { ...forMysql, ...common(stack), restoreTime });
    });
    expect(resource(MY)).toMatchObject({
      create_mode: "PointInTimeRestore",
      point_in_time_restore_time_in_utc: restoreTime,
    });
  });

  test("without an administrator owners must be given", () => {
    expect(problemsOf((stack) => void restore(stack, { adminLogin: undefined }).database("coder"))).toEqual([
      expect.stringContaining(
        "must have an owner that exists, since the server has no adminLogin to create one",
      ),
    ]);
    synthesize((stack) => {
      const { value } = new StoredSecret(stack, "owner", {
        secretId: `${VAULT_ID}/secrets/coder-old-coder`,
      });
      const owner = DatabaseLogin.withPassword("coder", value);
      expect(restore(stack, { adminLogin: undefined }).database("coder", { owner }).provisioning).toBe(
        DatabaseProvisioning.CLOUD_API,
      );
    });
  });

  test("takes tokens", () => {
    const { resource } = synthesize((stack) => {
      const value = (name: string) => new TerraformVariable(stack, name, { type: "string" }).stringValue;
      restore(stack, { sourceServerId: value("source"), restoreTime: value("time") });
    });
    expect(resource(PG)).toMatchObject({ source_server_id: "${var.source}" });
  });

  const cases: [string, Partial<PostgresServerFromPointInTimeProps>, RegExp][] = [
    [
      "a source by name",
      { sourceServerId: "coder-old" },
      /AZURE-POSTGRES-SOURCE-SERVER-ID: sourceServerId must be a resource ID .*"coder-old"/,
    ],
    ["a time without its zone", { restoreTime: "2026-11-22T03:04:05" }, /restoreTime must be a time in UTC/],
    ["30 February", { restoreTime: "2026-02-30T00:00:00Z" }, /restoreTime must be .*"2026-02-30T00:00:00Z"/],
    ["its source's name", { serverName: "coder-old" }, /serverName must be another name than the source's/],
    [
      "a new administrator",
      { adminLogin: AzureAdminLogin.generated() },
      /adminLogin must be AzureAdminLogin.given for a restored server/,
    ],
  ];
  test.each(cases)("refuses %s", (_, props, rule) => {
    expect(problemsOf((stack) => void restore(stack, props))).toEqual([expect.stringMatching(rule)]);
  });
});

test("geo-restores from geo-redundant backups", () => {
  const location = "northeurope";
  const pg = synthesize((stack) => {
    new PostgresServerFromGeoBackup(stack, "restored", {
      ...forPostgres,
      ...common(stack),
      location,
      restoreTime,
    });
  }).resource(PG);
  expect(pg).toMatchObject({
    create_mode: "GeoRestore",
    // The region that would hold the copies is lost.
    geo_redundant_backup_enabled: false,
    location,
    point_in_time_restore_time_in_utc: restoreTime,
  });
  const my = synthesize((stack) => {
    new MysqlServerFromGeoBackup(stack, "restored", { ...forMysql, ...common(stack), location });
  }).resource(MY);
  expect(my).toMatchObject({ create_mode: "GeoRestore", location, geo_redundant_backup_enabled: false });
  for (const server of [pg, my]) expect(server.high_availability).toBeUndefined();
  expect(my.point_in_time_restore_time_in_utc).toBeUndefined();
});

test("a restored server has no standby at first, which is recorded, and can have one later", () => {
  const { resource, infos } = synthesize((stack) => void restore(stack));
  expect(resource(PG).high_availability).toBeUndefined();
  expect(infos.map(({ message }) => message)).toContainEqual(
    expect.stringMatching(
      /opt-out: AZURE-POSTGRES-AVAILABILITY: .*until availability is set to ZONE_REDUNDANT/,
    ),
  );
  const later = synthesize((stack) => void restore(stack, { availability: Availability.ZONE_REDUNDANT }));
  expect(later.resource(PG).high_availability).toEqual({ mode: "ZoneRedundant" });
});
