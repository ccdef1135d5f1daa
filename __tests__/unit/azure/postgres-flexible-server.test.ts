import { TerraformOutput, type TerraformStack, TerraformVariable } from "cdktf";
import {
  AzureAdminLogin,
  type PostgresFlexibleServerProps,
  SecretVault,
  StandbyPlacement,
} from "../../../lib/azure";
import {
  Availability,
  Cloud,
  DatabaseEngine,
  DatabaseLogin,
  DatabaseProvisioning,
  DayOfWeek,
  DeletionPolicy,
  LoginAuthentication,
  MachineSize,
  MysqlVersion,
  PostgresVersion,
  SecretValue,
} from "../../../lib/database";
import { azureId, postgres, VAULT_ID } from "../../support/azure-stack";
import { problemsOf, synthesize, treeOf } from "../../support/synth";

const TYPE = "azurerm_postgresql_flexible_server";

const server = (props: Partial<PostgresFlexibleServerProps> = {}) =>
  synthesize((stack) => void postgres(stack, props));
const problems = (props: Partial<PostgresFlexibleServerProps>) =>
  problemsOf((stack) => void postgres(stack, props));

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
      authentication: { active_directory_auth_enabled: false, password_auth_enabled: true },
      auto_grow_enabled: true,
      backup_retention_days: 14,
      geo_redundant_backup_enabled: true,
      high_availability: { mode: "ZoneRedundant" },
      location: "westeurope",
      maintenance_window: { day_of_week: 0, start_hour: 4, start_minute: 30 },
      public_network_access_enabled: false,
      resource_group_name: "platform",
      sku_name: "GP_Standard_D4ds_v5",
      storage_mb: 131072,
      timeouts: { create: "3h", delete: "1h", update: "3h" },
      version: "17",
    });
    // Neither create_mode nor zones are written: Azure never returns the first, and changes the others.
    expect(Object.keys(rest)).not.toEqual(expect.arrayContaining(["create_mode"]));
    expect(name).toMatch(/^\$\{random_id\.postgres_Name_\w+\.hex\}$/);
    expect(administrator_password_wo).toMatch(/^\$\{ephemeral\.azurerm_key_vault_secret\.\w+\.value\}$/);
    expect(depends_on).toEqual([expect.stringMatching(/^azurerm_key_vault_secret\.postgres_AdminPassword/)]);
    expect(lifecycle.prevent_destroy).toBe(true);
    expect(lifecycle.ignore_changes).toEqual([
      "zone",
      "high_availability[0].standby_availability_zone",
      "storage_mb",
    ]);
    expect(lifecycle.precondition).toHaveLength(4);
  });

  test("has a management lock, and a private endpoint before the server parameters", () => {
    const { resource, resources } = server();
    expect(resource("azurerm_management_lock")).toMatchObject({
      lock_level: "CanNotDelete",
      scope: expect.stringContaining(TYPE),
    });
    const endpoint = resource("azurerm_private_endpoint");
    expect(endpoint.private_service_connection).toMatchObject({
      subresource_names: ["postgresqlServer"],
      is_manual_connection: false,
      private_connection_resource_id: expect.stringContaining(`${TYPE}.`),
    });
    expect(endpoint.private_dns_zone_group.private_dns_zone_ids[0]).toContain("azurerm_private_dns_zone.");
    const [first, second] = resources("azurerm_postgresql_flexible_server_configuration");
    expect(first.depends_on).toContainEqual(expect.stringMatching(/^azurerm_private_endpoint\./));
    expect(second.depends_on).toEqual([
      expect.stringMatching(/^azurerm_postgresql_flexible_server_configuration\./),
    ]);
  });

  test("dependables are server, endpoint, DNS link and the last server parameter", () => {
    const { json } = synthesize((stack) => {
      new TerraformOutput(stack, "after", { value: "x", dependsOn: postgres(stack).dependables });
    });
    const types = json.output.after.depends_on.map((each: string) => each.replace("${", "").split(".")[0]);
    expect(types).toEqual([
      TYPE,
      "azurerm_private_endpoint",
      "azurerm_private_dns_zone_virtual_network_link",
      "azurerm_postgresql_flexible_server_configuration",
    ]);
  });

  test("freezes ids and names", () => {
    const { stack, resource, json } = server();
    const tree = treeOf(stack.node.findChild("postgres"));
    expect(tree).toBe(
      [
        "Name",
        "  Resource",
        "AdminPassword",
        "  Random",
        "  Generation",
        "  Resource",
        "  Stored",
        "Resource",
        "Lock",
        "Endpoint",
        "Parameters",
        "  connection_throttle.enable",
        "  log_checkpoints",
        "  log_min_duration_statement",
        "  require_secure_transport",
        "  ssl_min_protocol_version",
        "",
      ].join("\n"),
    );
    // The state keeps the name, whatever a later version writes here.
    expect(resource("random_id")).toEqual({
      byte_length: 4,
      prefix: "test-postgres-",
      lifecycle: { ignore_changes: "all" },
    });
    expect(Object.keys(json.resource[TYPE])).toEqual(["postgres_6BBC2FA4"]);
  });

  test("implements the contract", () => {
    synthesize((stack) => {
      const it = postgres(stack);
      expect(it.endpoint).toMatchObject({ port: 5432, isPrivate: true });
      expect(it.tls).toEqual({ enforced: true, hostnameVerifiable: true });
      expect(it.location).toEqual({ cloud: Cloud.AZURE, region: "westeurope" });
      expect(it.acceptsCloudIdentity).toBe(false);
      expect(it.adminLogin?.username).toBe("dbadmin");
      expect(it.connectionBudget.capacity).toEqual({
        maximum: 1718,
        reserved: 15,
        basis: "the default of GP_Standard_D4ds_v5",
      });
    });
  });
});

describe("props", () => {
  test("names, resource group, region and tags of all resources", () => {
    const { resource, resources } = server({
      serverName: "coder-prod",
      resourceGroupName: "databases",
      location: "northeurope",
      tags: { team: "platform" },
    });
    expect(resource(TYPE)).toMatchObject({
      name: "coder-prod",
      resource_group_name: "databases",
      location: "northeurope",
      tags: { team: "platform" },
    });
    expect(resources("random_id")).toEqual([]);
    expect(resource("azurerm_private_endpoint")).toMatchObject({
      name: "coder-prod-endpoint",
      tags: { team: "platform" },
      // The private endpoint is in the region of the network, not of the server.
      location: "westeurope",
    });
    expect(resource("azurerm_key_vault_secret")).toMatchObject({
      name: "coder-prod-dbadmin",
      tags: { team: "platform" },
    });
  });

  test("without storage autogrow changes of the size are not ignored", () => {
    const { resource } = server({ storage: { sizeGiB: 100 } });
    expect(resource(TYPE)).toMatchObject({ storage_mb: 131072, auto_grow_enabled: false });
    expect(resource(TYPE).lifecycle.ignore_changes).not.toContain("storage_mb");
  });

  test("with storage autogrow changes of the performance tier are ignored", () => {
    const { resource } = server({ storageTier: "P20" });
    expect(resource(TYPE).storage_tier).toBe("P20");
    expect(resource(TYPE).lifecycle.ignore_changes).toEqual(
      expect.arrayContaining(["storage_mb", "storage_tier"]),
    );
  });

  test("a warning names the rounded storage size", () => {
    expect(server({ storage: { sizeGiB: 100 } }).warnings).toContainEqual(
      expect.objectContaining({ message: expect.stringContaining("so the server gets 128") }),
    );
  });

  test("availability zones and high availability modes", () => {
    const { resource } = server({ zone: "1", standbyZone: "2" });
    expect(resource(TYPE)).toMatchObject({
      zone: "1",
      high_availability: { mode: "ZoneRedundant", standby_availability_zone: "2" },
    });
    expect(server({ standby: StandbyPlacement.SAME_ZONE }).resource(TYPE).high_availability).toEqual({
      mode: "SameZone",
    });
    expect(server({ availability: Availability.ZONAL }).resource(TYPE).high_availability).toBeUndefined();
  });

  test("backup retention and maintenance window", () => {
    const { resource } = server({
      backup: { retentionDays: 35 },
      geoRedundantBackup: false,
      maintenanceWindow: { day: DayOfWeek.SATURDAY, start: "22:15" },
    });
    expect(resource(TYPE)).toMatchObject({
      backup_retention_days: 35,
      geo_redundant_backup_enabled: false,
      maintenance_window: { day_of_week: 6, start_hour: 22, start_minute: 15 },
    });
  });

  test("the week begins on Sunday", () => {
    const day = (d: DayOfWeek) =>
      server({ maintenanceWindow: { day: d, start: "00:00" } }).resource(TYPE).maintenance_window.day_of_week;
    expect(day(DayOfWeek.SUNDAY)).toBe(0);
    expect(day(DayOfWeek.MONDAY)).toBe(1);
    expect(day(DayOfWeek.SATURDAY)).toBe(6);
  });

  test("opt-outs are recorded", () => {
    const { infos, resources, resource } = server({
      availability: Availability.ZONAL,
      geoRedundantBackup: false,
      deletionPolicy: DeletionPolicy.DELETE,
    });
    expect(infos.map(({ message }) => message.split(":").slice(0, 2).join(":"))).toEqual([
      "opt-out: AZURE-POSTGRES-AVAILABILITY",
      "opt-out: AZURE-POSTGRES-GEO-REDUNDANT-BACKUP",
      "opt-out: AZURE-POSTGRES-DELETION-POLICY",
    ]);
    expect(resources("azurerm_management_lock")).toEqual([]);
    expect(resource(TYPE).lifecycle.prevent_destroy).toBeUndefined();
    expect(server().infos).toEqual([]);
  });

  test("deletionLock: false leaves prevent_destroy", () => {
    const { infos, resources, resource } = server({ deletionLock: false });
    expect(resources("azurerm_management_lock")).toEqual([]);
    expect(resource(TYPE).lifecycle.prevent_destroy).toBe(true);
    expect(infos[0]?.message).toContain("opt-out: AZURE-POSTGRES-DELETION-LOCK: deletionLock");
  });

  test("SNAPSHOT warns that Azure creates no final snapshot", () => {
    const { warnings } = server({ deletionPolicy: DeletionPolicy.SNAPSHOT });
    expect(warnings).toContainEqual({
      path: "postgres",
      message: expect.stringContaining("Azure creates no final snapshot"),
    });
  });

  test("server parameters are sorted, whatever their order in the props", () => {
    const values = (parameters: { [name: string]: string }) =>
      server({ parameters, maxConnections: 900, slowQueryMs: 250, extensions: ["pg_trgm", "btree_gist"] })
        .resources("azurerm_postgresql_flexible_server_configuration")
        .map(({ name, value }) => `${name}=${value}`);
    const expected = [
      "azure.extensions=BTREE_GIST,PG_TRGM",
      "connection_throttle.enable=on",
      "idle_in_transaction_session_timeout=60000",
      "log_checkpoints=on",
      "log_min_duration_statement=250",
      "max_connections=900",
      "require_secure_transport=on",
      "ssl_min_protocol_version=TLSv1.2",
      "work_mem=8192",
    ];
    expect(values({ work_mem: "8192", idle_in_transaction_session_timeout: "60000" })).toEqual(expected);
    expect(values({ idle_in_transaction_session_timeout: "60000", work_mem: "8192" })).toEqual(expected);
  });

  test("a static server parameter warns of the restart", () => {
    expect(server({ maxConnections: 900 }).warnings).toContainEqual({
      path: "postgres",
      message: expect.stringMatching(/max_connections: .*restarts the server during the apply/),
    });
    expect(server({ slowQueryMs: 10 }).warnings.filter(({ message }) => /restart/.test(message))).toEqual([]);
  });

  test("a Microsoft Entra administrator beside password authentication", () => {
    const { resource } = server({ entraAdministrator: { objectId: "o", principalName: "dbas" } });
    expect(resource(TYPE).authentication).toEqual({
      active_directory_auth_enabled: true,
      password_auth_enabled: true,
      tenant_id: expect.stringContaining("data.azurerm_client_config"),
    });
    const type = "azurerm_postgresql_flexible_server_active_directory_administrator";
    expect(resource(type)).toMatchObject({
      object_id: "o",
      principal_name: "dbas",
      principal_type: "Group",
    });
    expect(resource(type).depends_on.at(-1)).toMatch(/^azurerm_postgresql_flexible_server_configuration\./);
  });

  test("without password authentication there is no administrator login, and databases exist", () => {
    const { resource, resources } = synthesize((stack) => {
      const it = postgres(stack, {
        passwordAuthentication: false,
        entraAdministrator: { objectId: "o", principalName: "dbas", tenantId: "t" },
      });
      const database = it.database("reports", { owner: DatabaseLogin.withCloudIdentity("reporter") });
      expect(database.provisioning).toBe(DatabaseProvisioning.CLOUD_API);
      expect(it.adminLogin).toBeUndefined();
    });
    expect(Object.keys(resource(TYPE)).filter((key) => key.startsWith("administrator"))).toEqual([]);
    expect(resources("azurerm_key_vault_secret")).toEqual([]);
  });
});

describe("databases", () => {
  test("have an owner with a secret, and are created in SQL", () => {
    const { resources } = synthesize((stack) => {
      const it = postgres(stack);
      const database = it.database("coder");
      expect(database.provisioning).toBe(DatabaseProvisioning.SQL_JOB);
      expect(database.owner.username).toBe("coder");
      expect(database.dependables).toEqual(it.dependables);
      expect(it.database("coder")).toBe(database);
    });
    // No resource stands for the data: Terraform would drop it when the resource is removed from the program.
    expect(resources("azurerm_postgresql_flexible_server_database")).toEqual([]);
    expect(resources("azurerm_key_vault_secret")).toHaveLength(2);
  });

  test("may share an owner", () => {
    const { resources } = synthesize((stack) => {
      const it = postgres(stack);
      it.database("gitlab", { ownerName: "gitlab_app" });
      it.database("registry", { ownerName: "gitlab_app" });
    });
    const names = resources("azurerm_key_vault_secret").map(({ name }) => name.replace(/\$\{.*\}/, "*"));
    // Secret names have no underscores: a changed name gets a hash, so that two logins never share a secret.
    expect(names).toEqual(["*-dbadmin", expect.stringMatching(/^\*-gitlab-app-[0-9a-f]{8}$/)]);
  });

  test("an incremented password version rotates all passwords", () => {
    const { resources, resource } = synthesize(
      (stack) => void postgres(stack, { passwordVersion: 7 }).database("coder"),
    );
    expect(resources("azurerm_key_vault_secret").map((secret) => secret.value_wo_version)).toEqual([7, 7]);
    expect(resource(TYPE).administrator_password_wo_version).toMatch(
      /AdminPassword_Generation_\w+\.id\}\/\$\{azurerm_key_vault_secret\.\w+\.version\}/,
    );
  });

  test("users that alternate have a secret each, and the one that is not in use gets the next password", () => {
    const { resources } = synthesize((stack) => {
      const props = { passwordVersion: 3, alternatingUsersSince: 2 };
      const { owner } = postgres(stack, props).database("coder");
      expect([owner.username, owner.ownerName]).toEqual(["coder_clone", "coder"]);
    });
    expect(
      resources("azurerm_key_vault_secret").map((secret) => [
        secret.name.replace(/\$\{.*\}/, "*"),
        secret.value_wo_version,
      ]),
    ).toEqual([
      ["*-dbadmin", 3],
      ["*-coder", 2],
      [expect.stringMatching(/^\*-coder-clone-[0-9a-f]{8}$/), 3],
    ]);
  });

  const of = (
    props: Partial<PostgresFlexibleServerProps>,
    ...database: Parameters<ReturnType<typeof postgres>["database"]>
  ) => problemsOf((stack) => void postgres(stack, props).database(...database));

  test("an owner with a password is refused without password authentication", () => {
    const entraAdministrator = { objectId: "o", principalName: "dbas", tenantId: "t" };
    expect(of({ passwordAuthentication: false, entraAdministrator }, "coder")).toEqual([
      expect.stringMatching(
        /AZURE-POSTGRES-DATABASE-OWNER: database "coder" must have an owner with Microsoft Entra.*passwordAuthentication is false.*Coder/s,
      ),
    ]);
  });

  test("an owner with an identity must exist, and requires Microsoft Entra authentication", () => {
    const ownerAuthentication = LoginAuthentication.CLOUD_IDENTITY;
    expect(of({}, "reports", { ownerAuthentication })).toEqual([
      expect.stringContaining("only a Microsoft Entra administrator can create a Microsoft Entra login"),
    ]);
    const owner = DatabaseLogin.withCloudIdentity("reporter");
    expect(of({}, "reports", { owner })).toEqual([
      expect.stringContaining("server accepts no cloud identities"),
    ]);
    expect(of({ entraAdministrator: { objectId: "o", principalName: "d" } }, "reports", { owner })).toEqual(
      [],
    );
  });

  test("refuses owners behind a proxy, the administrator as owner, and reserved names", () => {
    expect(of({}, "coder", { ownerAuthentication: LoginAuthentication.PROXY })).toEqual([
      expect.stringContaining("Azure has no auth proxy"),
    ]);
    expect(of({}, "coder", { ownerName: "dbadmin" })).toEqual([
      expect.stringContaining("must not be the administrator's login"),
    ]);
    expect(of({}, "azure_sys")).toEqual([
      expect.stringContaining("must not be a database that the server reserves"),
    ]);
    expect(of({}, "coder", { ownerName: "azure_superuser" })).toEqual([
      expect.stringContaining("must not be one of the reserved names"),
    ]);
  });

  test("refuses an owner whose name is a token", () => {
    expect(() =>
      synthesize((stack) => {
        const name = new TerraformVariable(stack, "name", { type: "string" }).stringValue;
        postgres(stack).database("coder", { ownerName: name });
      }),
    ).toThrow("ownerName of database");
  });
});

describe("refusals at synth", () => {
  const cases: [string, Partial<PostgresFlexibleServerProps>, RegExp][] = [
    [
      "a name with capitals",
      { serverName: "Coder" },
      /serverName .*3 to 63.*"Coder"|serverName .*"Coder".*3 to 63/,
    ],
    ["a name of two letters", { serverName: "pg" }, /serverName .*"pg"/],
    ["a name that ends in a hyphen", { serverName: "coder-" }, /serverName .*"coder-"/],
    [
      "another engine",
      { engine: DatabaseEngine.mysql(MysqlVersion.V8_4) },
      /AZURE-POSTGRES-ENGINE: engine must be PostgreSQL for this class \(got "MySQL 8.4"\)/,
    ],
    [
      "a minor version",
      { engine: DatabaseEngine.postgres(PostgresVersion.of("17.5")) },
      /Azure chooses the minor version/,
    ],
    [
      "an engine past its support",
      { engine: DatabaseEngine.postgres(PostgresVersion.V13) },
      /standard support: on Azure it ended on 2026-07-31/,
    ],
    [
      "a standby on a burstable machine",
      { size: MachineSize.burstable(2, 4) },
      /availability must be zonal on a burstable SKU such as B_Standard_B2s \(got "zone-redundant"\)/,
    ],
    [
      "a size that Azure lacks",
      { size: MachineSize.general(3) },
      /size must be a size that Azure has \(got "general\(3\)"\)/,
    ],
    [
      "a SKU of a later provider",
      { size: MachineSize.of({ names: { azure: "GP_Standard_D4ds_v6" } }) },
      /size must be a SKU that the azurerm provider accepts .*"GP_Standard_D4ds_v6"/,
    ],
    [
      "a SKU with a tail",
      { size: MachineSize.of({ names: { azure: "GP_Standard_D4ds_v5x" } }) },
      /must be a SKU/,
    ],
    [
      "a size of another cloud only",
      { size: MachineSize.of({ names: { aws: "db.m7g.large" } }) },
      /must be a size that Azure has/,
    ],
    ["a small storage size", { storage: { sizeGiB: 8 } }, /must be at least half of one of .*set 32/],
    ["a storage size that is too large", { storage: { sizeGiB: 40_000 } }, /storage.sizeGiB .*40000/],
    ["IOPS", { storage: { sizeGiB: 128, iops: 3000 } }, /Azure derives it from the storage tier/],
    [
      "a tier that the size does not allow",
      { storageTier: "P6" },
      /storageTier must be one of P10, P15.* for 128 GiB \(got "P6"\)/,
    ],
    ["an unknown tier", { storageTier: "P99" }, /storageTier must be .*"P99"/],
    [
      "six days of backups",
      { backup: { retentionDays: 6 } },
      /backup.retentionDays .*7 to 35.*6|backup.retentionDays is 6: .* 7 to 35/,
    ],
    ["36 days of backups", { backup: { retentionDays: 36 } }, /7 to 35/],
    ["a zone by its region", { zone: "westeurope-1" }, /zone must be "1", "2" or "3" \(got "westeurope-1"\)/],
    ["a standby in its own zone", { zone: "1", standbyZone: "1" }, /standbyZone must be another zone than 1/],
    [
      "a standby zone without a standby",
      { availability: Availability.ZONAL, standbyZone: "2" },
      /standbyZone must not be set where availability is zonal/,
    ],
    [
      "a standby in another zone, in the same zone",
      { standby: StandbyPlacement.SAME_ZONE, zone: "1", standbyZone: "2" },
      /standbyZone must be 1, the zone of the server/,
    ],
    [
      "an illegal time",
      { maintenanceWindow: { day: DayOfWeek.SUNDAY, start: "25:00" } },
      /maintenanceWindow.start/,
    ],
    [
      "a reserved administrator",
      { adminLogin: AzureAdminLogin.generated({ username: "azure_pg_admin" }) },
      /reserved/,
    ],
    ["administrator", { adminLogin: AzureAdminLogin.generated({ username: "Administrator" }) }, /reserved/],
    ["pg_admin", { adminLogin: AzureAdminLogin.generated({ username: "pg_admin" }) }, /begin with pg_/],
    [
      "an administrator by identity",
      { adminLogin: AzureAdminLogin.given(DatabaseLogin.withCloudIdentity("dba")) },
      /adminLogin must have a password .*entraAdministrator/,
    ],
    ["24 connections", { maxConnections: 24 }, /maxConnections .*24.*|maxConnections .*25 to 5000/],
    ["a slow query of minus two", { slowQueryMs: -2 }, /slowQueryMs .*-2/],
    [
      "TLS switched off",
      { parameters: { require_secure_transport: "off" } },
      /AZURE-POSTGRES-PARAMETERS-OWNED: parameters.require_secure_transport must not be set here \(got "off"\); the library enforces TLS/,
    ],
    [
      "connections as a parameter",
      { parameters: { max_connections: "9" } },
      /must not be set here .*use maxConnections/,
    ],
    ["extensions as a parameter", { parameters: { "azure.extensions": "x" } }, /use extensions/],
    [
      "an illegal parameter name",
      { parameters: { "Work Mem": "1" } },
      /must have names of server parameters/,
    ],
    ["an illegal extension name", { extensions: ["pg trgm"] }, /extensions must be names of extensions/],
    [
      "neither passwords nor Microsoft Entra",
      { passwordAuthentication: false },
      /entraAdministrator must be set where passwordAuthentication is false/,
    ],
    [
      "no passwords and an administrator",
      {
        passwordAuthentication: false,
        entraAdministrator: { objectId: "o", principalName: "d", tenantId: "t" },
        adminLogin: AzureAdminLogin.generated(),
      },
      /adminLogin must not be set where passwordAuthentication is false \(got "dbadmin"\)/,
    ],
    [
      "a directory identity, which is for MySQL",
      {
        entraAdministrator: {
          objectId: "o",
          principalName: "d",
          identityId: azureId("Microsoft.ManagedIdentity/userAssignedIdentities", "i"),
        },
      },
      /entraAdministrator.identityId must not be set for PostgreSQL/,
    ],
    [
      "no key vault for the password",
      { vault: undefined },
      /vault must be set to store the password of dbadmin/,
    ],
    ["extended support of another version", { acceptExtendedSupport: "13" }, /acceptExtendedSupport/],
  ];
  test.each(cases)("%s", (_, props, rule) => {
    expect(problems(props).filter((problem) => rule.test(problem))).toHaveLength(1);
  });

  test("reports all problems, with path and id", () => {
    const found = problems({
      serverName: "X",
      backup: { retentionDays: 1 },
      storage: { sizeGiB: 8 },
      passwordVersion: 0,
    });
    expect(found).toHaveLength(4);
    expect(found.every((problem) => problem.startsWith("[postgres] AZURE-POSTGRES-"))).toBe(true);
  });

  test("a version that has left standard support in the last days", () => {
    const engine = DatabaseEngine.postgres(PostgresVersion.V14);
    expect(problems({ engine })).toEqual([expect.stringContaining("ended on 2026-11-12")]);
  });
});

describe("tokens", () => {
  const variable = (stack: TerraformStack, name: string, type = "string") =>
    new TerraformVariable(stack, name, { type });

  test("are accepted at synth, and checked by preconditions", () => {
    const { resource } = synthesize((stack) => {
      const number = (name: string) => variable(stack, name, "number").numberValue;
      postgres(stack, {
        serverName: variable(stack, "server_name").stringValue,
        location: variable(stack, "location").stringValue,
        zone: variable(stack, "zone").stringValue,
        standbyZone: variable(stack, "standby_zone").stringValue,
        storage: { sizeGiB: number("size"), maxSizeGiB: number("max_size") },
        storageTier: variable(stack, "tier").stringValue,
        backup: { retentionDays: number("days") },
        maxConnections: number("connections"),
        slowQueryMs: number("slow"),
        extensions: variable(stack, "extensions", "list(string)").listValue,
        passwordVersion: number("version"),
        adminLogin: AzureAdminLogin.generated({ username: variable(stack, "admin").stringValue }),
      }).database("coder");
    });
    const it = resource(TYPE);
    expect(it.storage_mb).toBe(
      "${min([for mb in [32768, 65536, 131072, 262144, 524288, 1048576, 2097152, 4193280, 4194304, 8388608, 16777216, 33553408] : mb if mb >= (var.size) * 1024]...)}",
    );
    const rules = it.lifecycle.precondition.map(
      ({ error_message }: { error_message: string }) => error_message,
    );
    expect(rules).toEqual(
      expect.arrayContaining([
        expect.stringContaining("server's name must have 3 to 63"),
        expect.stringContaining("1 to 32767 GiB"),
      ]),
    );
  });

  test("a given login, from a variable", () => {
    const { resource, resources } = synthesize((stack) => {
      const password = SecretValue.fromVariable(variable(stack, "password"), 3);
      postgres(stack, { adminLogin: AzureAdminLogin.given(DatabaseLogin.withPassword("boss", password)) });
    });
    expect(resource(TYPE)).toMatchObject({
      administrator_login: "boss",
      administrator_password_wo: "${var.password}",
      administrator_password_wo_version: 3,
    });
    expect(resources("azurerm_key_vault_secret")).toEqual([]);
    expect(resource(TYPE).lifecycle.precondition[1].condition).toBe(
      "${trimspace(var.password) == var.password}",
    );
  });

  test("a maintenance window must be known at synth", () => {
    expect(
      problemsOf((stack) => {
        const start = variable(stack, "start").stringValue;
        postgres(stack, { maintenanceWindow: { day: DayOfWeek.SUNDAY, start } });
      }),
    ).toEqual([expect.stringContaining("maintenanceWindow must be known at synth (got not known at synth)")]);
  });

  test("the resource ID of a key vault", () => {
    const { resource } = synthesize((stack) => {
      const keyVaultId = variable(stack, "vault").stringValue;
      postgres(stack, { vault: SecretVault.fromKeyVaultId(keyVaultId) });
    });
    expect(resource("azurerm_key_vault_secret").key_vault_id).toBe("${var.vault}");
    expect(VAULT_ID).toContain("/vaults/");
  });
});
