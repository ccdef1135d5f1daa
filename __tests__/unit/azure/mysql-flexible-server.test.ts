import { type TerraformStack, TerraformVariable } from "cdktf";
import { AzureAdminLogin, type MysqlFlexibleServerProps, StandbyPlacement } from "../../../lib/azure";
import {
  Availability,
  DatabaseEngine,
  DatabaseProvisioning,
  MachineSize,
  MysqlVersion,
  PostgresVersion,
} from "../../../lib/database";
import { azureId, mysql } from "../../support/azure-stack";
import { problemsOf, synthesize, treeOf } from "../../support/synth";

const TYPE = "azurerm_mysql_flexible_server";
const IDENTITY = azureId("Microsoft.ManagedIdentity/userAssignedIdentities", "directory");

const server = (props: Partial<MysqlFlexibleServerProps> = {}) =>
  synthesize((stack) => void mysql(stack, props));
const problems = (props: Partial<MysqlFlexibleServerProps>) =>
  problemsOf((stack) => void mysql(stack, props));

describe("a server that says nothing", () => {
  test("is private, redundant, backed up in two regions and protected", () => {
    const { resource } = server();
    const { lifecycle, depends_on, name, administrator_password_wo, ...rest } = resource(TYPE);
    expect(rest).toEqual({
      administrator_login: "dbadmin",
      administrator_password_wo_version: 1,
      backup_retention_days: 14,
      geo_redundant_backup_enabled: true,
      high_availability: { mode: "ZoneRedundant" },
      location: "westeurope",
      maintenance_window: { day_of_week: 0, start_hour: 4, start_minute: 30 },
      public_network_access: "Disabled",
      resource_group_name: "platform",
      sku_name: "GP_Standard_D4ads_v5",
      storage: { auto_grow_enabled: true, io_scaling_enabled: false, size_gb: 128 },
      timeouts: { create: "3h", delete: "1h", update: "3h" },
      version: "8.4",
    });
    expect(lifecycle.prevent_destroy).toBe(true);
    expect(lifecycle.ignore_changes).toEqual([
      "zone",
      "high_availability[0].standby_availability_zone",
      "storage[0].size_gb",
    ]);
  });

  test("listens in private, with TLS and an audit of connections", () => {
    const { resource, resources } = server();
    expect(resource("azurerm_private_endpoint").private_service_connection.subresource_names).toEqual([
      "mysqlServer",
    ]);
    expect(resource("azurerm_private_dns_zone").name).toBe("privatelink.mysql.database.azure.com");
    const parameters = resources("azurerm_mysql_flexible_server_configuration");
    expect(parameters.map(({ name, value }) => `${name}=${value}`)).toEqual([
      "audit_log_enabled=ON",
      "audit_log_events=CONNECTION",
      "long_query_time=1",
      "require_secure_transport=ON",
      "slow_query_log=ON",
      "tls_version=TLSv1.2,TLSv1.3",
    ]);
    expect(parameters.slice(1).every((each) => each.depends_on.length === 1)).toBe(true);
  });

  test("remembers the standby that it was made with", () => {
    const { resources, resource } = server({ standby: StandbyPlacement.SAME_ZONE });
    const memory = resources("terraform_data").find(({ input }) => "standby" in input);
    expect(memory).toMatchObject({
      input: { standby: "SameZone" },
      lifecycle: { ignore_changes: ["input"] },
    });
    expect(resource(TYPE).lifecycle.precondition.at(-1).condition).toMatch(
      /^\$\{contains\(\["SameZone", "ZoneRedundant"\], .*terraform_data\.\w+\.output/,
    );
  });

  test("keeps ids", () => {
    const { stack } = server();
    const ids = treeOf(stack.node.findChild("mysql"))
      .split("\n")
      .filter((line) => line !== "" && !line.startsWith(" "));
    expect(ids).toEqual(["Name", "AdminPassword", "Creation", "Resource", "Lock", "Endpoint", "Parameters"]);
  });

  test("gives the contract", () => {
    synthesize((stack) => {
      const it = mysql(stack);
      expect(it.endpoint).toMatchObject({ port: 3306, isPrivate: true });
      expect(it.tls).toEqual({ enforced: true, hostnameVerifiable: true });
      expect(it.connectionBudget.capacity?.maximum).toBe(1365);
      expect(it.database("gitpod").provisioning).toBe(DatabaseProvisioning.SQL_JOB);
    });
  });
});

describe("what a user changes", () => {
  test("versions by Azure's names", () => {
    const version = (v: MysqlVersion) => server({ engine: DatabaseEngine.mysql(v) }).resource(TYPE).version;
    expect(version(MysqlVersion.V8_0)).toBe("8.0.21");
    expect(version(MysqlVersion.V8_4)).toBe("8.4");
  });

  test("5.7 by name only, and without TLS 1.3", () => {
    const engine = DatabaseEngine.mysql(MysqlVersion.V5_7);
    expect(problems({ engine })).toEqual([expect.stringContaining("ended on 2026-07-31")]);
    const { resources, infos } = server({ engine, acceptExtendedSupport: "5.7" });
    const tls = resources("azurerm_mysql_flexible_server_configuration").find(
      ({ name }) => name === "tls_version",
    );
    expect(tls.value).toBe("TLSv1.2");
    expect(infos).toContainEqual(
      expect.objectContaining({ message: expect.stringContaining("acceptExtendedSupport") }),
    );
  });

  test("a zonal server may have a disk that does not grow", () => {
    const { resource } = server({ availability: Availability.ZONAL, storage: { sizeGiB: 20, iops: 500 } });
    expect(resource(TYPE).storage).toEqual({
      auto_grow_enabled: false,
      io_scaling_enabled: false,
      iops: 500,
      size_gb: 20,
    });
    expect(resource(TYPE).lifecycle.ignore_changes).toEqual(["zone"]);
  });

  test("I/O that scales", () => {
    expect(server({ ioScaling: true }).resource(TYPE).storage).toMatchObject({ io_scaling_enabled: true });
  });

  test("slow queries: never, and in seconds", () => {
    const parameters = (slowQueryMs: number) =>
      server({ slowQueryMs })
        .resources("azurerm_mysql_flexible_server_configuration")
        .map(({ name, value }) => `${name}=${value}`);
    expect(parameters(2500)).toContain("long_query_time=2.5");
    expect(parameters(-1)).toContain("slow_query_log=OFF");
    expect(parameters(-1).join()).not.toContain("long_query_time");
  });

  test("a static parameter waits for a restart, and that is said", () => {
    const { warnings } = server({ parameters: { performance_schema: "ON" } });
    expect(warnings).toContainEqual({
      path: "mysql",
      message: expect.stringMatching(/performance_schema: .*keeps the old value until somebody restarts/),
    });
  });

  test("Entra administrator with the identity that looks people up", () => {
    const { resource } = server({
      entraAdministrator: { objectId: "o", principalName: "dbas", tenantId: "t", identityId: IDENTITY },
    });
    expect(resource(TYPE).identity).toEqual({ type: "UserAssigned", identity_ids: [IDENTITY] });
    expect(resource("azurerm_mysql_flexible_server_active_directory_administrator")).toMatchObject({
      identity_id: IDENTITY,
      login: "dbas",
      object_id: "o",
      tenant_id: "t",
    });
  });
});

describe("wrong input is reported at synth", () => {
  const cases: [string, Partial<MysqlFlexibleServerProps>, RegExp][] = [
    [
      "a standby without a disk that grows",
      { storage: { sizeGiB: 128 } },
      /storage.maxSizeGiB is not set: a MySQL server with a standby needs a disk that grows/,
    ],
    ["PostgreSQL", { engine: DatabaseEngine.postgres(PostgresVersion.V17) }, /this server is for MySQL only/],
    [
      "an exact minor version that Azure does not let one choose",
      { engine: DatabaseEngine.mysql(MysqlVersion.of("8.4.5")) },
      /Azure chooses the minor version itself/,
    ],
    [
      "the SKUs that the provider refuses for MySQL",
      { size: MachineSize.of({ names: { azure: "GP_Standard_D4ds_v5" } }) },
      /size is "GP_Standard_D4ds_v5": the provider knows no such SKU for MySQL 8.4/,
    ],
    [
      "what an unanchored pattern would let through",
      { size: MachineSize.of({ names: { azure: "MO_Standard_E4ds_v5_nonsense" } }) },
      /knows no such SKU/,
    ],
    [
      "a standby on a burstable machine",
      { size: MachineSize.burstable(2, 4) },
      /burstable machines such as B_Standard_B2s have no standby/,
    ],
    [
      "a disk of 19 GiB",
      { storage: { sizeGiB: 19, maxSizeGiB: 100 } },
      /storage.sizeGiB is 19: .* 20 to 16384/,
    ],
    [
      "few IOPS",
      { storage: { sizeGiB: 100, maxSizeGiB: 200, iops: 100 } },
      /storage.iops is 100: .* 360 to 48000/,
    ],
    [
      "throughput",
      { storage: { sizeGiB: 100, maxSizeGiB: 200, throughputMiBps: 100 } },
      /storage.throughputMiBps is 100/,
    ],
    [
      "IOPS given and scaled",
      { storage: { sizeGiB: 100, maxSizeGiB: 200, iops: 500 }, ioScaling: true },
      /storage.iops is 500: leave it out with ioScaling/,
    ],
    ["no backups", { backup: { retentionDays: 0 } }, /backup.retentionDays is 0: .* 1 to 35/],
    [
      "more connections than Azure lets the machine have",
      { maxConnections: 3000 },
      /maxConnections is 3000: a GP_Standard_D4ads_v5 takes 2730 at most/,
    ],
    ["passwords switched off", { parameters: { aad_auth_only: "ON" } }, /applications log in by password/],
    ["TLS by hand", { parameters: { tls_version: "TLSv1" } }, /TLS 1.2 is the least/],
    ["slow queries by hand", { parameters: { long_query_time: "1" } }, /use slowQueryMs/],
    ["root", { adminLogin: AzureAdminLogin.generated({ username: "root" }) }, /the name is reserved/],
    [
      "Entra without the identity",
      { entraAdministrator: { objectId: "o", principalName: "d" } },
      /entraAdministrator.identityId is not set: MySQL looks people up/,
    ],
    [
      "an identity that is none",
      { entraAdministrator: { objectId: "o", principalName: "d", identityId: "directory" } },
      /entraAdministrator.identityId is "directory": it has to be a resource id/,
    ],
  ];
  test.each(cases)("%s", (_, props, rule) => {
    expect(problems(props).filter((problem) => rule.test(problem))).toHaveLength(1);
  });
});

test("values that only Terraform knows are taken without judgement", () => {
  const { resource, resources } = synthesize((stack) => {
    const number = (name: string) => variable(stack, name, "number").numberValue;
    mysql(stack, {
      storage: { sizeGiB: number("size"), maxSizeGiB: number("max"), iops: number("iops") },
      maxConnections: number("connections"),
      slowQueryMs: number("slow"),
      backup: { retentionDays: number("days") },
      zone: variable(stack, "zone").stringValue,
    });
  });
  expect(resource(TYPE).storage).toMatchObject({ size_gb: "${var.size}", iops: "${var.iops}" });
  const values = Object.fromEntries(
    resources("azurerm_mysql_flexible_server_configuration").map(({ name, value }) => [name, value]),
  );
  expect(values).toMatchObject({
    long_query_time: "${(var.slow / 1000)}",
    max_connections: "${var.connections}",
  });
});

function variable(stack: TerraformStack, name: string, type = "string"): TerraformVariable {
  return new TerraformVariable(stack, name, { type });
}
