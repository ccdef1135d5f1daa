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

describe("a server with the defaults", () => {
  test("has private access, a zone-redundant standby, geo-redundant backups and prevent_destroy", () => {
    const { resource } = server();
    const { lifecycle, depends_on, name, administrator_password_wo, ...rest } = resource(TYPE);
    expect(rest).toEqual({
      administrator_login: "dbadmin",
      // Of the stored secret and its version, so that a secret made anew reaches the server.
      administrator_password_wo_version: expect.stringMatching(
        /AdminPassword_Generation_\w+\.id\}\/\$\{azurerm_key_vault_secret\.\w+\.version\}/,
      ),
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

  test("has a private endpoint, enforced TLS and audit logs of connections", () => {
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

  test("keeps the high availability mode at creation in the state", () => {
    const { resources, resource } = server({ standby: StandbyPlacement.SAME_ZONE });
    const creation = resources("terraform_data").find(({ input }) => input && "standby" in input);
    expect(creation).toMatchObject({
      input: { standby: "SameZone" },
      lifecycle: { ignore_changes: ["input"] },
    });
    expect(resource(TYPE).lifecycle.precondition.at(-1).condition).toMatch(
      /^\$\{contains\(\["none", "SameZone", "ZoneRedundant"\], .*terraform_data\.\w+\.output/,
    );
  });

  test("freezes ids", () => {
    const { stack } = server();
    const ids = treeOf(stack.node.findChild("mysql"))
      .split("\n")
      .filter((line) => line !== "" && !line.startsWith(" "));
    expect(ids).toEqual(["Name", "AdminPassword", "Creation", "Resource", "Lock", "Endpoint", "Parameters"]);
  });

  test("implements the contract", () => {
    synthesize((stack) => {
      const it = mysql(stack);
      expect(it.endpoint).toMatchObject({ port: 3306, isPrivate: true });
      expect(it.tls).toEqual({ enforced: true, hostnameVerifiable: true });
      expect(it.connectionBudget.capacity?.maximum).toBe(1365);
      expect(it.database("gitpod").provisioning).toBe(DatabaseProvisioning.SQL_JOB);
    });
  });
});

describe("props", () => {
  test("versions in Azure's spelling", () => {
    const version = (v: MysqlVersion) => server({ engine: DatabaseEngine.mysql(v) }).resource(TYPE).version;
    expect(version(MysqlVersion.V8_0)).toBe("8.0.21");
    expect(version(MysqlVersion.V8_4)).toBe("8.4");
  });

  test("5.7 with acceptExtendedSupport only, and without TLS 1.3", () => {
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

  test("a zonal server may have no storage autogrow", () => {
    const { resource } = server({ availability: Availability.ZONAL, storage: { sizeGiB: 20, iops: 500 } });
    expect(resource(TYPE).storage).toEqual({
      auto_grow_enabled: false,
      io_scaling_enabled: false,
      iops: 500,
      size_gb: 20,
    });
    expect(resource(TYPE).lifecycle.ignore_changes).toEqual(["zone"]);
  });

  test("autoscale IOPS", () => {
    expect(server({ ioScaling: true }).resource(TYPE).storage).toMatchObject({ io_scaling_enabled: true });
  });

  test("slow query log: disabled, and in seconds", () => {
    const parameters = (slowQueryMs: number) =>
      server({ slowQueryMs })
        .resources("azurerm_mysql_flexible_server_configuration")
        .map(({ name, value }) => `${name}=${value}`);
    expect(parameters(2500)).toContain("long_query_time=2.5");
    expect(parameters(-1)).toContain("slow_query_log=OFF");
    expect(parameters(-1).join()).not.toContain("long_query_time");
  });

  test("a static server parameter warns that it takes effect at the next restart", () => {
    const { warnings } = server({ parameters: { performance_schema: "ON" } });
    expect(warnings).toContainEqual({
      path: "mysql",
      message: expect.stringMatching(/performance_schema: .*takes effect at the next restart/),
    });
  });

  test("a Microsoft Entra administrator with the directory identity", () => {
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

describe("refusals at synth", () => {
  const cases: [string, Partial<MysqlFlexibleServerProps>, RegExp][] = [
    [
      "high availability without storage autogrow",
      { storage: { sizeGiB: 128 } },
      /AZURE-MYSQL-STORAGE-MAX-SIZE-GIB: storage.maxSizeGiB must be set for a MySQL server with high availability.*\(got not set\)/,
    ],
    [
      "PostgreSQL",
      { engine: DatabaseEngine.postgres(PostgresVersion.V17) },
      /engine must be MySQL for this class/,
    ],
    [
      "a minor version",
      { engine: DatabaseEngine.mysql(MysqlVersion.of("8.4.5")) },
      /Azure chooses the minor version/,
    ],
    [
      "a SKU that the provider refuses for MySQL",
      { size: MachineSize.of({ names: { azure: "GP_Standard_D4ds_v5" } }) },
      /size must be a SKU that the azurerm provider accepts for MySQL 8.4 \(got "GP_Standard_D4ds_v5"\)/,
    ],
    [
      "a SKU with a tail",
      { size: MachineSize.of({ names: { azure: "MO_Standard_E4ds_v5_nonsense" } }) },
      /size must be a SKU/,
    ],
    [
      "a standby on a burstable machine",
      { size: MachineSize.burstable(2, 4) },
      /availability must be zonal on a burstable SKU such as B_Standard_B2s/,
    ],
    [
      "19 GiB",
      { storage: { sizeGiB: 19, maxSizeGiB: 100 } },
      /storage.sizeGiB .*19|storage.sizeGiB .*20 to 16384/,
    ],
    [
      "few IOPS",
      { storage: { sizeGiB: 100, maxSizeGiB: 200, iops: 100 } },
      /storage.iops .*100|storage.iops .*360 to 48000/,
    ],
    [
      "throughput",
      { storage: { sizeGiB: 100, maxSizeGiB: 200, throughputMiBps: 100 } },
      /storage.throughputMiBps .*100/,
    ],
    [
      "IOPS together with autoscale IOPS",
      { storage: { sizeGiB: 100, maxSizeGiB: 200, iops: 500 }, ioScaling: true },
      /storage.iops must not be set together with ioScaling \(got 500\)/,
    ],
    ["no backups", { backup: { retentionDays: 0 } }, /backup.retentionDays .*1 to 35/],
    [
      "more connections than twice the default",
      { maxConnections: 3000 },
      /maxConnections must be at most 2730 on GP_Standard_D4ads_v5.*3000/,
    ],
    [
      "password authentication disabled by a parameter",
      { parameters: { aad_auth_only: "ON" } },
      /disables password authentication/,
    ],
    ["TLS versions as a parameter", { parameters: { tls_version: "TLSv1" } }, /the minimum is TLS 1.2/],
    ["slow queries as a parameter", { parameters: { long_query_time: "1" } }, /use slowQueryMs/],
    ["root", { adminLogin: AzureAdminLogin.generated({ username: "root" }) }, /reserved/],
    [
      "a Microsoft Entra administrator without the directory identity",
      { entraAdministrator: { objectId: "o", principalName: "d" } },
      /entraAdministrator.identityId must be set for MySQL.*\(got not set\)/,
    ],
    [
      "an identity by name",
      { entraAdministrator: { objectId: "o", principalName: "d", identityId: "directory" } },
      /entraAdministrator.identityId must be a resource ID .*"directory"/,
    ],
  ];
  test.each(cases)("%s", (_, props, rule) => {
    expect(problems(props).filter((problem) => rule.test(problem))).toHaveLength(1);
  });
});

test("tokens are accepted at synth", () => {
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
