import { MysqlReadReplica, PostgresReadReplica } from "../../../lib/azure";
import {
  Availability,
  DatabaseEngine,
  DeletionPolicy,
  MachineSize,
  MysqlVersion,
} from "../../../lib/database";
import { azureNetwork, mysql, postgres, VAULT_ID } from "../../support/azure-stack";
import { problemsOf, synthesize, treeOf } from "../../support/synth";

const PG = "azurerm_postgresql_flexible_server";
const MY = "azurerm_mysql_flexible_server";
const only = (
  json: { resource: { [type: string]: { [name: string]: unknown } } },
  type: string,
  id: string,
) =>
  Object.entries(json.resource[type] ?? {}).find(([name]) => name.startsWith(id))?.[1] as {
    [key: string]: unknown;
  };

test("a PostgreSQL replica has no login, backups, standby and parameters", () => {
  const { json, stack } = synthesize((s) => {
    const replica = new PostgresReadReplica(s, "replica", { source: postgres(s, { maxConnections: 600 }) });
    expect(replica.isReplica).toBe(true);
    expect(replica.connectionCapacity?.maximum).toBe(600);
  });
  const { lifecycle, depends_on, name, authentication, ...rest } = only(json, PG, "replica") as never as {
    lifecycle: { ignore_changes: string[]; prevent_destroy: boolean };
    [key: string]: unknown;
  };
  expect(rest).toEqual({
    auto_grow_enabled: true,
    create_mode: "Replica",
    geo_redundant_backup_enabled: false,
    location: "westeurope",
    maintenance_window: { day_of_week: 0, start_hour: 4, start_minute: 30 },
    public_network_access_enabled: false,
    resource_group_name: "platform",
    sku_name: "GP_Standard_D4ds_v5",
    source_server_id: expect.stringMatching(/^\$\{azurerm_postgresql_flexible_server\.postgres_\w+\.id\}$/),
    storage_mb: 131072,
    timeouts: { create: "3h", delete: "1h", update: "3h" },
    version: "17",
  });
  expect(lifecycle).toMatchObject({ prevent_destroy: true });
  expect(lifecycle.ignore_changes).toEqual([
    "zone",
    "storage_mb",
    "create_mode",
    "source_server_id",
    "point_in_time_restore_time_in_utc",
  ]);
  expect(authentication).toEqual({ active_directory_auth_enabled: false, password_auth_enabled: true });
  expect(name).toContain("random_id.replica_Name");
  // max_connections of the replica comes before that of the source, so the replica cannot wait for the source's parameters.
  expect(JSON.stringify(depends_on)).not.toContain("flexible_server_configuration");
  expect(treeOf(stack.node.findChild("replica"))).toBe(
    "Name\n  Resource\nCreation\nResource\nLock\nEndpoint\nParameters\n  max_connections\n",
  );
});

test("a replica of a source without recovery parameters waits for the complete source", () => {
  const { json, stack } = synthesize((s) => {
    new PostgresReadReplica(s, "replica", { source: postgres(s) });
  });
  // Azure accepts one change of a server at a time.
  expect(only(json, PG, "replica").depends_on).toContainEqual(
    expect.stringContaining("flexible_server_configuration"),
  );
  expect(treeOf(stack.node.findChild("replica"))).toContain("Parameters\n");
});

describe("recovery parameters", () => {
  const CONFIGURATION = "azurerm_postgresql_flexible_server_configuration";
  const parameters = { max_worker_processes: "16", work_mem: "65536" };

  test("are set on the replica, and on the source only after that", () => {
    const { json } = synthesize((stack) => {
      const source = postgres(stack, { maxConnections: 600, parameters });
      new PostgresReadReplica(stack, "replica", { source });
      new PostgresReadReplica(stack, "second", { source, maxConnections: 800 });
    });
    const set = json.resource[CONFIGURATION] as { [name: string]: { [key: string]: unknown } };
    const of = (owner: string) => Object.entries(set).filter(([id]) => id.startsWith(`${owner}_`));
    const values = (owner: string) => of(owner).map(([, { name, value }]) => [name, value]);
    expect(values("replica")).toEqual([
      ["max_connections", "600"],
      ["max_worker_processes", "16"],
    ]);
    expect(values("second")).toEqual([
      ["max_connections", "800"],
      ["max_worker_processes", "16"],
    ]);
    const [, first] = of("postgres")[0] as [string, { depends_on: string[] }];
    for (const owner of ["replica", "second"]) {
      expect(first.depends_on).toContain(`${CONFIGURATION}.${of(owner).at(-1)?.[0]}`);
    }
  });

  test.each<[string, object, RegExp]>([
    [
      "maxConnections",
      { maxConnections: 599 },
      /AZURE-POSTGRES-MAX-CONNECTIONS: maxConnections must be at least 600, the source's.*"599"/,
    ],
    [
      "another one",
      { parameters: { max_worker_processes: "8" } },
      /AZURE-POSTGRES-PARAMETERS-MAX-WORKER-PROCESSES: parameters.max_worker_processes must be at least 16.*"8"/,
    ],
  ])("a lower value of %s is refused", (_, props, message) => {
    const found = problemsOf((stack) => {
      const source = postgres(stack, { maxConnections: 600, parameters });
      new PostgresReadReplica(stack, "replica", { source, ...props });
    });
    expect(found).toEqual([expect.stringMatching(message)]);
  });
});

test.each<[string, object, RegExp]>([
  [
    "size",
    { size: MachineSize.general(2) },
    /AZURE-POSTGRES-SIZE: size must be at least as large as the source's, GP_Standard_D4ds_v5/,
  ],
  [
    "storage",
    { storage: { sizeGiB: 64, maxSizeGiB: 512 } },
    /AZURE-POSTGRES-STORAGE-SIZE-GIB: storage.sizeGiB must be at least 128/,
  ],
  [
    "storage without autogrow",
    { storage: { sizeGiB: 256 } },
    /AZURE-POSTGRES-STORAGE-MAX-SIZE-GIB: storage.maxSizeGiB must be set/,
  ],
])("a smaller %s than the source's is refused, since Azure would", (_, props, message) => {
  expect(
    problemsOf(
      (stack) => void new PostgresReadReplica(stack, "replica", { source: postgres(stack), ...props }),
    ),
  ).toEqual([expect.stringMatching(message)]);
});

test("a MySQL replica can have a newer version than its source, for an upgrade of the replica first", () => {
  const { json } = synthesize((stack) => {
    const source = mysql(stack, { engine: DatabaseEngine.mysql(MysqlVersion.V8_0) });
    new MysqlReadReplica(stack, "replica", { source, engine: DatabaseEngine.mysql(MysqlVersion.V8_4) });
  });
  expect(only(json, MY, "mysql").version).toBe("8.0.21");
  expect(only(json, MY, "replica").version).toBe("8.4");
});

test("a MySQL replica takes backup retention and resource group from its source", () => {
  const { json } = synthesize((stack) => {
    const source = mysql(stack, { resourceGroupName: "databases", ioScaling: true });
    new MysqlReadReplica(stack, "replica", { source, network: azureNetwork(stack, "other", "elsewhere") });
  });
  const replica = only(json, MY, "replica");
  expect(replica).toMatchObject({
    create_mode: "Replica",
    resource_group_name: "databases",
    storage: { size_gb: 128, io_scaling_enabled: true },
    public_network_access: "Disabled",
  });
  expect(replica.administrator_login).toBeUndefined();
  expect(replica.backup_retention_days).toBeUndefined();
  expect((replica.lifecycle as { ignore_changes: string[] }).ignore_changes).toContain(
    "backup_retention_days",
  );
});

test("region, resource group, size, parameters and deletion policy of a replica", () => {
  const { json, resources } = synthesize((stack) => {
    new PostgresReadReplica(stack, "replica", {
      source: postgres(stack),
      location: "northeurope",
      resourceGroupName: "reports",
      size: MachineSize.memory(8),
      parameters: { work_mem: "65536" },
      deletionPolicy: DeletionPolicy.DELETE,
      promoted: true,
      serverName: "coder-replica",
    });
  });
  expect(only(json, PG, "replica")).toMatchObject({
    name: "coder-replica",
    location: "northeurope",
    resource_group_name: "reports",
    sku_name: "MO_Standard_E8ds_v5",
    replication_role: "None",
  });
  expect(resources("azurerm_postgresql_flexible_server_configuration").at(-1)).toMatchObject({
    name: "work_mem",
  });
});

test("customer-managed keys: the source's in its region, another one elsewhere", () => {
  const keyId = `https://keys.vault.azure.net/keys/postgres/${"0123456789abcdef".repeat(2)}`;
  const encryptionKey = {
    keyId,
    keyVaultId: VAULT_ID,
    geoBackup: { keyId, keyVaultId: VAULT_ID, location: "northeurope" },
  };
  const found = problemsOf((stack) => {
    new PostgresReadReplica(stack, "replica", {
      source: postgres(stack, { encryptionKey }),
      location: "northeurope",
    });
  });
  expect(found).toEqual([
    expect.stringMatching(
      /^\[replica\] AZURE-POSTGRES-ENCRYPTION-KEY: encryptionKey must be set to a key in northeurope.*\(got not set\)/,
    ),
  ]);
  const { json } = synthesize((stack) => {
    new PostgresReadReplica(stack, "replica", { source: postgres(stack, { encryptionKey }) });
  });
  expect(only(json, PG, "replica").customer_managed_key).toMatchObject({ key_vault_key_id: keyId });
  expect(Object.keys(only(json, PG, "replica").customer_managed_key as object)).not.toContain(
    "geo_backup_key_vault_key_id",
  );
});

test.each([
  [
    { sizeGiB: 64, maxSizeGiB: 512 },
    "AZURE-MYSQL-STORAGE-SIZE-GIB: storage.sizeGiB must be at least 128, the source's",
  ],
  [
    { sizeGiB: 256 },
    "AZURE-MYSQL-STORAGE-MAX-SIZE-GIB: storage.maxSizeGiB must be set where the source has storage autogrow",
  ],
])("refuses a MySQL replica whose disk fills before its source's: %j", (storage, message) => {
  expect(
    problemsOf((stack) => void new MysqlReadReplica(stack, "replica", { source: mysql(stack), storage })),
  ).toEqual([expect.stringContaining(message)]);
});

test("refuses burstable SKUs for source and replica", () => {
  const burstable = { size: MachineSize.burstable(2, 4), availability: Availability.ZONAL };
  expect(
    problemsOf(
      (stack) => void new PostgresReadReplica(stack, "replica", { source: postgres(stack, burstable) }),
    ),
  ).toEqual([
    expect.stringMatching(
      /^\[replica\] AZURE-POSTGRES-SOURCE: source must not be on a burstable SKU.*"B_Standard_B2s"/,
    ),
  ]);
  expect(
    problemsOf(
      (stack) => void new MysqlReadReplica(stack, "replica", { source: mysql(stack), size: burstable.size }),
    ),
  ).toEqual([
    expect.stringMatching(
      /^\[replica\] AZURE-MYSQL-SIZE: size must not be a burstable SKU \(got "B_Standard_B2s"\)/,
    ),
  ]);
});
