import {
  Availability,
  Cloud,
  DatabaseEngine,
  DayOfWeek,
  DeletionPolicy,
  MachineSize,
  MysqlVersion,
  PostgresVersion,
  SslMode,
  strictestSslMode,
} from "../../../lib/database";
import {
  CloudSqlCertificateAuthority,
  CloudSqlEdition,
  type CloudSqlServer,
  type CloudSqlServerProps,
  CryptoKey,
  DatabaseNetwork,
  MaintenanceTrack,
  TlsMode,
} from "../../../lib/google";
import { type Json, synthesize, treeOf } from "../../support/synth";
import { MYSQL, POSTGRES, server, VPC } from "./fixture";

const KEY = "projects/keys/locations/europe-west1/keyRings/r/cryptoKeys/k";

const instance = (props: Partial<CloudSqlServerProps> = {}): Json =>
  synthesize((stack) => void server(stack, props)).resource("google_sql_database_instance");
const settings = (props: Partial<CloudSqlServerProps> = {}): Json => instance(props).settings;
const flags = (props: Partial<CloudSqlServerProps> = {}): Record<string, string> =>
  Object.fromEntries(settings(props).database_flags.map((flag: Json) => [flag.name, flag.value]));
const infos = (props: Partial<CloudSqlServerProps>) =>
  synthesize((stack) => void server(stack, props)).infos.map((note) => note.message);

describe("a PostgreSQL server with defaults", () => {
  test("is private, redundant, backed up, protected, observed and speaks TLS only", () => {
    expect(instance()).toEqual({
      name: "test-db-${random_id.db_Name_CE8D45E2.hex}",
      region: "europe-west1",
      database_version: "POSTGRES_17",
      deletion_protection: true,
      lifecycle: { prevent_destroy: true },
      settings: {
        tier: "db-custom-4-16384",
        edition: "ENTERPRISE",
        availability_type: "REGIONAL",
        disk_type: "PD_SSD",
        disk_size: 100,
        disk_autoresize: false,
        deletion_protection_enabled: true,
        retain_backups_on_delete: true,
        connector_enforcement: "NOT_REQUIRED",
        backup_configuration: {
          enabled: true,
          start_time: "03:00",
          point_in_time_recovery_enabled: true,
          transaction_log_retention_days: 7,
          backup_retention_settings: { retained_backups: 14, retention_unit: "COUNT" },
        },
        database_flags: [
          { name: "cloudsql.enable_pgaudit", value: "on" },
          { name: "cloudsql.iam_authentication", value: "on" },
          { name: "log_checkpoints", value: "on" },
          { name: "log_connections", value: "on" },
          { name: "log_disconnections", value: "on" },
          { name: "log_lock_waits", value: "on" },
          { name: "log_min_duration_statement", value: "-1" },
          { name: "log_min_error_statement", value: "error" },
          { name: "log_min_messages", value: "warning" },
          { name: "log_statement", value: "ddl" },
          { name: "log_temp_files", value: "0" },
        ],
        insights_config: {
          query_insights_enabled: true,
          query_plans_per_minute: 5,
          query_string_length: 1024,
          record_application_tags: true,
          record_client_address: false,
        },
        ip_configuration: {
          ipv4_enabled: false,
          private_network: VPC,
          ssl_mode: "ENCRYPTED_ONLY",
          server_ca_mode: "GOOGLE_MANAGED_INTERNAL_CA",
        },
        maintenance_window: { day: 7, hour: 5, update_track: "stable" },
      },
    });
  });

  test("gives up nothing and warns of nothing", () => {
    const { infos, warnings } = synthesize((stack) => void server(stack));
    expect(infos).toEqual([]);
    expect(warnings).toEqual([]);
  });

  test("keeps its tree, from which the names in the state follow", () => {
    const { stack } = synthesize((stack) => server(stack).database("coder"));
    expect(treeOf(stack.node.findChild("db"))).toBe(
      [
        "Name",
        "  Resource",
        "Resource",
        "User-coder",
        "  Password",
        "    Random",
        "    Resource",
        "    Version",
        "  Resource",
        "Database-coder",
        "  Resource",
        "",
      ].join("\n"),
    );
  });

  test("tells applications where it listens and what to trust", () => {
    let made: CloudSqlServer | undefined;
    synthesize((stack) => {
      made = server(stack);
    });
    expect(made?.endpoint).toMatchObject({ port: 5432, isPrivate: true });
    expect(made?.location).toEqual({ cloud: Cloud.GOOGLE, region: "europe-west1" });
    expect(made?.tls).toMatchObject({ enforced: true, hostnameVerifiable: false });
    expect(strictestSslMode(made!.tls)).toBe(SslMode.VERIFY_CA);
    expect(made?.acceptsCloudIdentity).toBe(true);
    expect(made?.adminLogin).toBeUndefined();
    // 16 GiB: 500 of Cloud SQL's ladder, less those that Google keeps.
    expect(made?.connectionBudget.available).toBe(490);
  });
});

describe("a MySQL server with defaults", () => {
  test("has a binary log in place of PostgreSQL's switch, which the provider refuses on MySQL", () => {
    expect(settings({ engine: MYSQL }).backup_configuration).toEqual({
      enabled: true,
      start_time: "03:00",
      binary_log_enabled: true,
      transaction_log_retention_days: 7,
      backup_retention_settings: { retained_backups: 14, retention_unit: "COUNT" },
    });
  });

  test("has MySQL's flags", () => {
    expect(flags({ engine: MYSQL })).toEqual({
      cloudsql_iam_authentication: "on",
      local_infile: "off",
      skip_show_database: "on",
    });
  });
});

describe("versions", () => {
  test.each([
    [DatabaseEngine.postgres(PostgresVersion.V18), "POSTGRES_18"],
    [DatabaseEngine.mysql(MysqlVersion.V8_4), "MYSQL_8_4"],
  ])("%p is %s", (engine, version) => {
    expect(instance({ engine }).database_version).toBe(version);
  });

  test("of MySQL 8.0 the minor can be chosen", () => {
    const engine = DatabaseEngine.mysql(MysqlVersion.of("8.0.44"));
    expect(instance({ engine, acceptExtendedSupport: "8.0" }).database_version).toBe("MYSQL_8_0_44");
  });
});

describe("machine and edition", () => {
  test.each([
    [MachineSize.general(2), "db-custom-2-8192", "ENTERPRISE"],
    [MachineSize.memory(8), "db-perf-optimized-N-8", "ENTERPRISE_PLUS"],
    [MachineSize.burstable(2, 1), "db-f1-micro", "ENTERPRISE"],
    [MachineSize.of({ names: { google: "db-custom-8-30720" } }), "db-custom-8-30720", "ENTERPRISE"],
  ])("%#: the edition is always written", (size, tier, edition) => {
    expect(settings({ size })).toMatchObject({ tier, edition });
  });

  test("a machine that the library does not know takes the edition given", () => {
    const size = MachineSize.of({ names: { google: "db-c4a-highmem-4" }, memoryGiB: 32 });
    expect(settings({ size, edition: CloudSqlEdition.ENTERPRISE_PLUS })).toMatchObject({
      tier: "db-c4a-highmem-4",
      edition: "ENTERPRISE_PLUS",
    });
  });

  test("Enterprise Plus keeps logs longer and has a data cache", () => {
    const made = settings({
      size: MachineSize.memory(4),
      backup: { retentionDays: 30 },
      dataCache: true,
    });
    expect(made.backup_configuration.transaction_log_retention_days).toBe(29);
    expect(made.data_cache_config).toEqual({ data_cache_enabled: true });
  });
});

describe("storage", () => {
  test("a disk that Cloud SQL may enlarge is no change in a later plan", () => {
    const made = instance({ storage: { sizeGiB: 100, maxSizeGiB: 500 } });
    expect(made.settings).toMatchObject({
      disk_autoresize: true,
      disk_autoresize_limit: 500,
      disk_size: 100,
    });
    expect(made.lifecycle.ignore_changes).toEqual(["settings[0].disk_size"]);
  });

  test("applyStorageSize writes the size all the same", () => {
    const made = instance({ storage: { sizeGiB: 300, maxSizeGiB: 500 }, applyStorageSize: true });
    expect(made.settings).toMatchObject({ disk_autoresize: true, disk_size: 300 });
    expect(made.lifecycle.ignore_changes).toBeUndefined();
  });
});

describe("backups", () => {
  test("logs stay below the retained backups, and below what the edition allows", () => {
    const days = (retentionDays: number) =>
      settings({ backup: { retentionDays } }).backup_configuration.transaction_log_retention_days;
    expect([2, 3, 8, 9, 365].map(days)).toEqual([1, 2, 7, 7, 7]);
  });

  test("place, time and logs can be chosen", () => {
    expect(
      settings({
        backup: { retentionDays: 35, window: { start: "22:30" } },
        transactionLogRetentionDays: 5,
        backupLocation: "eu",
      }).backup_configuration,
    ).toMatchObject({
      start_time: "22:30",
      location: "eu",
      transaction_log_retention_days: 5,
      backup_retention_settings: { retained_backups: 35 },
    });
  });
});

describe("maintenance", () => {
  test.each([
    [DayOfWeek.MONDAY, "00:00", 1, 0],
    [DayOfWeek.WEDNESDAY, "23:00", 3, 23],
    [DayOfWeek.SATURDAY, "04:30", 6, 5],
    [DayOfWeek.SATURDAY, "23:01", 7, 0],
    [DayOfWeek.SUNDAY, "23:30", 1, 0],
  ])("%s %s is day %d, hour %d", (day, start, number, hour) => {
    expect(settings({ maintenanceWindow: { day, start } }).maintenance_window).toMatchObject({
      day: number,
      hour,
    });
  });

  test("says where it differs from what was asked for", () => {
    const { warnings } = synthesize((stack) =>
      server(stack, { maintenanceWindow: { day: DayOfWeek.SUNDAY, start: "23:30", minutes: 120 } }),
    );
    expect(warnings.map((note) => note.message)).toEqual([
      "maintenanceWindow starts at 23:30: Cloud SQL takes full hours, so it is mon 00:00 UTC",
      "maintenanceWindow.minutes is 120: Cloud SQL starts maintenance within an hour and takes no length",
    ]);
  });

  test("track and a time without updates", () => {
    expect(
      settings({
        maintenanceTrack: MaintenanceTrack.WEEK5,
        denyMaintenance: { startDate: "11-15", endDate: "01-10" },
      }),
    ).toMatchObject({
      maintenance_window: { update_track: "week5" },
      deny_maintenance_period: { start_date: "11-15", end_date: "01-10", time: "00:00:00" },
    });
  });
});

describe("deletion", () => {
  test("SNAPSHOT keeps the backups and can be destroyed", () => {
    const made = instance({ deletionPolicy: DeletionPolicy.SNAPSHOT });
    expect(made.deletion_protection).toBe(false);
    expect(made.lifecycle).toEqual({});
    expect(made.settings).toMatchObject({
      deletion_protection_enabled: false,
      retain_backups_on_delete: true,
    });
    expect(infos({ deletionPolicy: DeletionPolicy.SNAPSHOT })).toEqual([
      expect.stringMatching(/^opt-out: deletionPolicy: .*makes no further one$/),
    ]);
  });

  test("DELETE lets the backups go too", () => {
    const made = instance({ deletionPolicy: DeletionPolicy.DELETE });
    expect(made.settings).toMatchObject({
      deletion_protection_enabled: false,
      retain_backups_on_delete: false,
    });
    expect(infos({ deletionPolicy: DeletionPolicy.DELETE })).toEqual([
      "opt-out: deletionPolicy: the instance goes with its automated backups",
    ]);
  });
});

describe("flags", () => {
  test("follow from properties", () => {
    expect(flags({ maxConnections: 300, slowQueryMs: 250, iamAuthentication: false })).toMatchObject({
      max_connections: "300",
      log_min_duration_statement: "250",
    });
    expect(flags({ iamAuthentication: false })["cloudsql.iam_authentication"]).toBeUndefined();
    expect(flags({ engine: MYSQL, slowQueryMs: 1500 })).toMatchObject({
      slow_query_log: "on",
      log_output: "FILE",
      long_query_time: "1.5",
    });
  });

  test("of the user's go over the safe ones, which is noted", () => {
    expect(flags({ parameters: { work_mem: "8192", log_connections: "off" } })).toMatchObject({
      work_mem: "8192",
      log_connections: "off",
    });
    expect(infos({ parameters: { log_connections: "off", log_statement: "all" } })).toEqual([
      'opt-out: parameters.log_connections: "off" in place of "on"',
    ]);
  });

  test("max_connections counts for the budget", () => {
    let available: number | undefined;
    synthesize((stack) => {
      available = server(stack, { maxConnections: 300 }).connectionBudget.available;
    });
    expect(available).toBe(290);
  });
});

describe("TLS", () => {
  test("with Google's regional authority clients check the host, whose name leads to the address", () => {
    let made: CloudSqlServer | undefined;
    const { resource } = synthesize((stack) => {
      made = server(stack, { certificateAuthority: CloudSqlCertificateAuthority.REGIONAL });
    });
    expect(strictestSslMode(made!.tls)).toBe(SslMode.VERIFY_FULL);
    expect(resource("google_sql_database_instance").settings.ip_configuration.server_ca_mode).toBe(
      "GOOGLE_MANAGED_CAS_CA",
    );
    expect(resource("google_dns_managed_zone")).toMatchObject({
      name: "test-db-dns",
      dns_name: '${trimsuffix(google_sql_database_instance.db_ECC37780.dns_name, ".")}.',
      visibility: "private",
      private_visibility_config: { networks: [{ network_url: VPC }] },
    });
    expect(resource("google_dns_record_set")).toMatchObject({
      type: "A",
      rrdatas: ["${google_sql_database_instance.db_ECC37780.private_ip_address}"],
    });
  });

  test("an authority of yours", () => {
    const pool = "projects/p/locations/europe-west1/caPools/databases";
    expect(
      settings({ certificateAuthority: CloudSqlCertificateAuthority.pool(pool) }).ip_configuration,
    ).toMatchObject({
      server_ca_mode: "CUSTOMER_MANAGED_CAS_CA",
      server_ca_pool: pool,
    });
  });

  test("MUTUAL makes a client certificate, and says where its key is", () => {
    let made: CloudSqlServer | undefined;
    const { resource, infos } = synthesize((stack) => {
      made = server(stack, { tlsMode: TlsMode.MUTUAL, passwordVersion: 3 });
    });
    expect(resource("google_sql_database_instance").settings.ip_configuration.ssl_mode).toBe(
      "TRUSTED_CLIENT_CERTIFICATE_REQUIRED",
    );
    expect(resource("google_sql_ssl_cert")).toMatchObject({
      common_name: "clients-3",
      lifecycle: { create_before_destroy: true },
    });
    expect(made?.tls.clientCertificate?.privateKeyPem.version).toBe(3);
    expect(infos.map((note) => note.message)).toEqual([
      "opt-out: tlsMode: the private key of the client certificate is in Terraform's state; protect the state",
    ]);
  });

  test("OPTIONAL is an opt-out", () => {
    expect(infos({ tlsMode: TlsMode.OPTIONAL })).toEqual([
      "opt-out: tlsMode: connections without TLS are let in",
    ]);
  });
});

describe("a customer's key", () => {
  test("is granted to Cloud SQL's service agent before the instance is made", () => {
    const { resource, data } = synthesize(
      (stack) => void server(stack, { encryptionKey: CryptoKey.fromKeyName(KEY) }),
    );
    expect(data("google_project")).toEqual({});
    expect(resource("google_kms_crypto_key_iam_member")).toEqual({
      crypto_key_id: KEY,
      role: "roles/cloudkms.cryptoKeyEncrypterDecrypter",
      member:
        "serviceAccount:service-${data.google_project.GoogleProject.number}@gcp-sa-cloud-sql.iam.gserviceaccount.com",
    });
    const made = resource("google_sql_database_instance");
    expect(made.encryption_key_name).toBe(KEY);
    expect(made.depends_on).toEqual(["google_kms_crypto_key_iam_member.db_EncryptionGrant_0773F6B2"]);
  });

  test("may be granted elsewhere, or to an agent that the program knows", () => {
    const none = synthesize(
      (stack) => void server(stack, { encryptionKey: CryptoKey.fromKeyName(KEY), grantEncryptionKey: false }),
    );
    expect(none.resources("google_kms_crypto_key_iam_member")).toEqual([]);
    const given = synthesize(
      (stack) =>
        void server(stack, {
          encryptionKey: CryptoKey.fromKeyName(KEY),
          encryptionServiceAgent: "agent@example.iam.gserviceaccount.com",
        }),
    );
    expect(given.resource("google_kms_crypto_key_iam_member").member).toBe(
      "serviceAccount:agent@example.iam.gserviceaccount.com",
    );
    expect(given.json.data).toBeUndefined();
  });
});

describe("the name", () => {
  test("ends in random digits that change with what makes the instance a new one", () => {
    const { resource } = synthesize(
      (stack) => void server(stack, { encryptionKey: CryptoKey.fromKeyName(KEY) }),
    );
    expect(resource("random_id")).toEqual({
      byte_length: 4,
      keepers: {
        engine: "postgres",
        region: "europe-west1",
        encryptionKey: KEY,
        reach: "private-service-access",
      },
    });
  });

  test("fits with the longest project into 98 characters", () => {
    const long = "a-very-long-construct-id-that-goes-on-and-on-and-on-for-ever";
    const { resource } = synthesize((stack) => void server(stack, {}, long));
    const name = resource("google_sql_database_instance").name.replace(/\$\{.*\}/, "12345678");
    expect(name.length).toBeLessThanOrEqual(98 - 30 - 1);
    expect(name).toMatch(/^[a-z][a-z0-9-]*$/);
  });

  test("given is taken as it is, without a random end", () => {
    const { resource, resources } = synthesize((stack) => void server(stack, { instanceName: "coder-db" }));
    expect(resource("google_sql_database_instance").name).toBe("coder-db");
    expect(resources("random_id")).toEqual([]);
  });
});

describe("other choices", () => {
  test("zones, project, connectors and labels", () => {
    const made = instance({
      project: "platform",
      zone: "europe-west1-b",
      secondaryZone: "europe-west1-c",
      connectorRequired: true,
      queryInsights: false,
      tags: { team: "platform" },
    });
    expect(made.project).toBe("platform");
    expect(made.settings).toMatchObject({
      location_preference: { zone: "europe-west1-b", secondary_zone: "europe-west1-c" },
      connector_enforcement: "REQUIRED",
      insights_config: { query_insights_enabled: false },
      user_labels: { team: "platform" },
    });
  });

  test("one zone only is an opt-out", () => {
    expect(settings({ availability: Availability.ZONAL }).availability_type).toBe("ZONAL");
    expect(infos({ availability: Availability.ZONAL, size: MachineSize.burstable(2, 1) })).toEqual([
      "opt-out: availability: the server does not survive the loss of its zone",
      "opt-out: size: db-f1-micro shares its processor and has no SLA; for trials only",
    ]);
  });

  test("what has to exist first does", () => {
    const { resource, json } = synthesize((stack) => {
      const network = new DatabaseNetwork(stack, "network", { networkId: VPC });
      server(stack, { network, engine: POSTGRES });
    });
    const [connection] = Object.keys(json.resource.google_service_networking_connection);
    expect(resource("google_sql_database_instance").depends_on).toEqual([
      `google_service_networking_connection.${connection}`,
    ]);
  });
});
