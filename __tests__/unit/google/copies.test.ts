import type { TerraformStack } from "cdktf";
import { DatabaseProvisioning, MachineSize } from "../../../lib/database";
import {
  CloudSqlAdminLogin,
  CloudSqlReadReplica,
  type CloudSqlReadReplicaProps,
  CloudSqlServer,
  CloudSqlServerFromBackup,
  CloudSqlServerFromPointInTime,
  type CloudSqlServerProps,
  CryptoKey,
  PrivateServiceConnect,
  TlsMode,
} from "../../../lib/google";
import { DatabaseNetwork } from "../../../lib/google/network/database-network";
import { type Json, problemsOf, synthesize } from "../../support/synth";
import { MYSQL, POSTGRES, server, VPC } from "./fixture";

const KEY = "projects/keys/locations/europe-west1/keyRings/r/cryptoKeys/k";

function copies(source: Partial<CloudSqlServerProps>, replica: Partial<CloudSqlReadReplicaProps> = {}) {
  return (stack: Parameters<Parameters<typeof synthesize>[0]>[0]) => {
    new CloudSqlReadReplica(stack, "replica", { source: server(stack, source), ...replica });
  };
}
const replica = (source: Partial<CloudSqlServerProps>, props: Partial<CloudSqlReadReplicaProps> = {}): Json =>
  synthesize(copies(source, props)).json.resource.google_sql_database_instance.replica_002F81F9;
const problems = (source: Partial<CloudSqlServerProps>, props: Partial<CloudSqlReadReplicaProps> = {}) =>
  problemsOf(copies(source, props));

describe("a read replica", () => {
  test("replicates its source with the same flags, without backups and maintenance window", () => {
    const made = replica({
      maxConnections: 400,
      parameters: { work_mem: "8192" },
      tlsMode: TlsMode.ENCRYPTED,
    });
    expect(made).toMatchObject({
      master_instance_name: "${google_sql_database_instance.db_ECC37780.name}",
      database_version: "POSTGRES_17",
      deletion_protection: true,
      lifecycle: { prevent_destroy: true },
      settings: {
        availability_type: "ZONAL",
        tier: "db-custom-4-16384",
        edition: "ENTERPRISE",
        disk_size: 100,
      },
    });
    expect(made.settings.backup_configuration).toBeUndefined();
    expect(made.settings.maintenance_window).toBeUndefined();
    expect(made.settings.database_flags).toEqual(
      expect.arrayContaining([
        { name: "max_connections", value: "400" },
        { name: "work_mem", value: "8192" },
        { name: "cloudsql.iam_authentication", value: "on" },
      ]),
    );
  });

  test("is no opt-out of high availability", () => {
    expect(synthesize(copies({})).infos).toEqual([]);
  });

  test("uses the key of its source in the same region, without another grant", () => {
    const { resources, json } = synthesize(copies({ encryptionKey: CryptoKey.fromKeyName(KEY) }));
    expect(json.resource.google_sql_database_instance.replica_002F81F9.encryption_key_name).toBe(KEY);
    expect(resources("google_kms_crypto_key_iam_member")).toHaveLength(1);
  });

  test("in another region needs a key of that region", () => {
    expect(problems({ encryptionKey: CryptoKey.fromKeyName(KEY) }, { region: "europe-west4" })).toEqual([
      "[replica] CLOUDSQL-REPLICA-ENCRYPTION-KEY: encryptionKey must be set to a key of europe-west4, since the source is encrypted with a key of europe-west1 (got not set)",
    ]);
    const own = KEY.replace("west1", "west4");
    expect(
      replica(
        { encryptionKey: CryptoKey.fromKeyName(KEY) },
        { region: "europe-west4", encryptionKey: CryptoKey.fromKeyName(own) },
      ),
    ).toMatchObject({
      region: "europe-west4",
      encryption_key_name: own,
    });
  });

  test("can have another size", () => {
    expect(replica({}, { size: MachineSize.memory(4) }).settings).toMatchObject({
      edition: "ENTERPRISE_PLUS",
    });
  });

  test("becomes a server with backups when promoted, in place", () => {
    const made = replica({}, { promoted: true, backup: { retentionDays: 20 } });
    expect(made.master_instance_name).toBeUndefined();
    expect(made.instance_type).toBe("CLOUD_SQL_INSTANCE");
    expect(made.settings.backup_configuration).toMatchObject({
      enabled: true,
      point_in_time_recovery_enabled: true,
    });
    expect(made.settings.maintenance_window).toBeDefined();
  });

  test.each([
    [
      { maxConnections: 400 },
      { maxConnections: 300 },
      /^\[replica\] CLOUDSQL-REPLICA-MAX-CONNECTIONS: maxConnections must be at least the source's, 400, .* \(got 300\)$/,
    ],
    [
      {},
      { storage: { sizeGiB: 50 } },
      /^\[replica\] CLOUDSQL-REPLICA-STORAGE-SIZE-GI-?B: storage.sizeGiB must be at least the source's, 100 \(got 50\)$/,
    ],
    [
      {},
      { backup: { retentionDays: 7 } },
      /^\[replica\] CLOUDSQL-REPLICA-BACKUP: backup must be left out until the replica is promoted/,
    ],
    [
      {},
      { denyMaintenance: { startDate: "12-01", endDate: "12-02" } },
      /^\[replica\] CLOUDSQL-REPLICA-DENY-MAINTENANCE: denyMaintenance must be left out/,
    ],
    [{}, { region: "Belgium" }, /^\[replica\] CLOUDSQL-REPLICA-REGION: region must be .*"Belgium"/],
  ])("%#: refuses what Cloud SQL refuses", (source, props, message) => {
    expect(problems(source, props)).toEqual([expect.stringMatching(message)]);
  });

  const growing = { sizeGiB: 100, maxSizeGiB: 500 };

  test("starts with the disk of its source as grown, since Cloud SQL refuses a smaller one", () => {
    expect(replica({ storage: growing })).toMatchObject({
      settings: { disk_size: "${max(100, google_sql_database_instance.db_ECC37780.settings[0].disk_size)}" },
      lifecycle: { ignore_changes: ["settings[0].disk_size"] },
    });
    expect(replica({ storage: growing }, { promoted: true }).settings.disk_size).toBe(100);
    expect(replica({ storage: growing }, { applyStorageSize: true }).settings.disk_size).toBe(100);
    expect(replica({}).settings.disk_size).toBe(100);
  });

  test("of an existing server starts with its disk as grown, and reads the list, which does not fail without it", () => {
    const { resource, json } = synthesize((stack) => {
      const source = CloudSqlServer.fromServerAttributes(stack, "db", {
        instanceName: "coder",
        project: "platform",
        region: "europe-west1",
        engine: POSTGRES,
        host: "10.0.0.3",
        caCertificatesPem: "-----BEGIN CERTIFICATE-----",
        size: MachineSize.general(4),
        network: DatabaseNetwork.fromDatabaseNetworkAttributes(stack, "network", { networkId: VPC }),
      });
      new CloudSqlReadReplica(stack, "replica", { source, storage: growing });
    });
    const [name] = Object.keys(json.data.google_sql_database_instances);
    const list = `data.google_sql_database_instances.${name}.instances`;
    expect(resource("google_sql_database_instance").settings.disk_size).toBe(
      `\${max(100, lookup(zipmap(${list}[*].name, ${list}[*].settings[0].disk_size), "coder", 0))}`,
    );
  });

  test("grows if its source grows", () => {
    expect(problems({ storage: growing }, { storage: { sizeGiB: 200 } })).toEqual([
      expect.stringMatching(
        /^\[replica\] CLOUDSQL-REPLICA-STORAGE-MAX-SIZE-GIB: storage.maxSizeGiB must be set, since the source's disk grows/,
      ),
    ]);
  });

  test("enforces connectors if its source does, unless told otherwise, which is recorded", () => {
    expect(replica({ connectorRequired: true }).settings.connector_enforcement).toBe("REQUIRED");
    expect(
      synthesize(copies({ connectorRequired: true }, { connectorRequired: false })).infos.map(
        ({ message }) => message,
      ),
    ).toEqual([expect.stringMatching(/^opt-out: CLOUDSQL-REPLICA-CONNECTOR-REQUIRED: /)]);
  });

  const PSC_REGION = "europe-west1";
  const psc = (stack: TerraformStack, id: string, region: string) =>
    new PrivateServiceConnect(stack, id, {
      networkId: VPC,
      subnetworkId: `projects/platform/regions/${region}/subnetworks/endpoints`,
      allowedConsumerProjects: ["platform"],
    });

  test("of a source with Private Service Connect has an endpoint of its region", () => {
    const { json, resources } = synthesize((stack) => {
      const source = server(stack, { network: psc(stack, "network", PSC_REGION) });
      new CloudSqlReadReplica(stack, "replica", { source });
      const region = "europe-west4";
      new CloudSqlReadReplica(stack, "far", { source, region, network: psc(stack, "far-network", region) });
    });
    const instances = Object.values<Json>(json.resource.google_sql_database_instance);
    expect(instances).toHaveLength(3);
    for (const { settings } of instances) {
      expect(settings.ip_configuration).toMatchObject({
        ipv4_enabled: false,
        psc_config: [{ psc_enabled: true }],
      });
      expect(settings.ip_configuration.private_network).toBeUndefined();
    }
    const subnet = (region: string) => `projects/platform/regions/${region}/subnetworks/endpoints`;
    expect(
      resources("google_compute_address")
        .map(({ region, subnetwork }) => [region, subnetwork])
        .sort(),
    ).toEqual([
      ["europe-west1", subnet("europe-west1")],
      ["europe-west1", subnet("europe-west1")],
      ["europe-west4", subnet("europe-west4")],
    ]);
    expect(new Set(resources("google_compute_forwarding_rule").map(({ target }) => target)).size).toBe(3);
  });

  test.each([undefined, true, false])(
    "is refused where Cloud SQL creates none: connectors required, Private Service Connect (replica: %s)",
    (connectorRequired) => {
      expect(
        problemsOf((stack) => {
          const source = server(stack, {
            network: psc(stack, "network", PSC_REGION),
            connectorRequired: true,
          });
          new CloudSqlReadReplica(stack, "replica", { source, connectorRequired });
        }),
      ).toEqual([
        expect.stringMatching(
          /^\[replica\] CLOUDSQL-REPLICA-SOURCE: source must not have both connectorRequired and Private Service Connect.* \(got "test\/db"\); /,
        ),
      ]);
    },
  );

  test("that is promoted may keep a source with connectors required and Private Service Connect", () => {
    expect(
      problemsOf((stack) => {
        const source = server(stack, { network: psc(stack, "network", PSC_REGION), connectorRequired: true });
        new CloudSqlReadReplica(stack, "replica", { source, promoted: true });
      }),
    ).toEqual([]);
  });

  test("of MySQL can have fewer connections", () => {
    expect(problems({ engine: MYSQL, maxConnections: 400 }, { maxConnections: 300 })).toEqual([]);
  });
});

describe("a restored server", () => {
  type Stack = Parameters<Parameters<typeof synthesize>[0]>[0];
  const common = (stack: Stack): CloudSqlServerProps => ({
    engine: POSTGRES,
    size: MachineSize.general(4),
    storage: { sizeGiB: 100, maxSizeGiB: 500 },
    network: DatabaseNetwork.fromDatabaseNetworkAttributes(stack, "network", {
      networkId: VPC,
      allocatedRangeName: "sql",
    }),
    region: "europe-west1",
  });

  test("from a backup reads the backup only at creation", () => {
    const { resource, resources } = synthesize((stack) => {
      const db = new CloudSqlServerFromBackup(stack, "db", {
        ...common(stack),
        backupRunId: 1763780400000,
        sourceInstance: "coder-1a2b3c4d",
      });
      const database = db.database("coder");
      expect(database.provisioning).toBe(DatabaseProvisioning.CLOUD_API);
    });
    expect(resource("google_sql_database_instance")).toMatchObject({
      restore_backup_context: { backup_run_id: 1763780400000, instance_id: "coder-1a2b3c4d" },
      lifecycle: {
        prevent_destroy: true,
        ignore_changes: ["settings[0].disk_size", "restore_backup_context"],
      },
    });
    // The database comes with the backup; the user gets a new password.
    expect(resources("google_sql_database")).toEqual([]);
    expect(resource("google_sql_user").name).toBe("coder");
  });

  test("from a point in time is a clone", () => {
    const { resource } = synthesize((stack) => {
      new CloudSqlServerFromPointInTime(stack, "db", {
        ...common(stack),
        adminLogin: CloudSqlAdminLogin.generated(),
        sourceInstance: "coder-1a2b3c4d",
        restoreTime: "2026-11-22T03:04:05Z",
      });
    });
    expect(resource("google_sql_database_instance")).toMatchObject({
      clone: {
        source_instance_name: "coder-1a2b3c4d",
        point_in_time: "2026-11-22T03:04:05Z",
        allocated_ip_range: "sql",
      },
      lifecycle: { ignore_changes: ["settings[0].disk_size", "clone"] },
    });
  });

  test.each([
    ["2026-02-30T03:04:05Z"],
    ["2026-11-22 03:04:05"],
    ["2026-11-22T03:04:05+01:00"],
    ["yesterday"],
  ])("refuses the time %s", (restoreTime) => {
    expect(
      problemsOf((stack) => {
        new CloudSqlServerFromPointInTime(stack, "db", {
          ...common(stack),
          sourceInstance: "x",
          restoreTime,
        });
      }),
    ).toEqual([expect.stringMatching(/restoreTime must be a time in UTC, such as 2026-11-22T03:04:05Z/)]);
  });

  test("refuses to clone itself, and invalid sources", () => {
    expect(
      problemsOf((stack) => {
        new CloudSqlServerFromPointInTime(stack, "a", {
          ...common(stack),
          sourceInstance: "db",
          instanceName: "db",
        });
        new CloudSqlServerFromBackup(stack, "b", {
          ...common(stack.node.findChild("a") as never),
          backupRunId: 0.5,
          sourceInstance: "project:db",
        });
      }),
    ).toEqual([
      expect.stringMatching(
        /^\[a\] CLOUDSQL-SOURCE-INSTANCE: sourceInstance must differ from instanceName \(got "db"\)/,
      ),
      expect.stringMatching(/^\[b\] CLOUDSQL-BACKUP-RUN-ID: backupRunId .*0\.5/),
      expect.stringMatching(
        /^\[b\] CLOUDSQL-SOURCE-INSTANCE: sourceInstance must be the name of an instance/,
      ),
    ]);
  });
});
