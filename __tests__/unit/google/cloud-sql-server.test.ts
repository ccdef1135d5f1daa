import { TerraformOutput, Token } from "cdktf";
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
  test("is private, highly available, backed up, protected against deletion, and accepts only TLS", () => {
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
          { name: "log_min_duration_statement", value: "1000" },
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

  test("has no opt-outs and no warnings", () => {
    const { infos, warnings } = synthesize((stack) => void server(stack));
    expect(infos).toEqual([]);
    expect(warnings).toEqual([]);
  });

  test("keeps its construct tree, which determines the addresses in the state", () => {
    const { stack } = synthesize((stack) => server(stack).database("coder"));
    expect(treeOf(stack.node.findChild("db"))).toBe(
      [
        "Name",
        "  Resource",
        "Resource",
        "ServerCas",
        "Admin",
        "  Password",
        "    Random",
        "    Resource",
        "    Version",
        "  Resource",
        "Login-coder",
        "  Random",
        "  Resource",
        "  Version",
        "Database-coder",
        "",
      ].join("\n"),
    );
  });

  test("gives applications its endpoint and TLS settings", () => {
    let made: CloudSqlServer | undefined;
    synthesize((stack) => {
      made = server(stack);
    });
    expect(made?.endpoint).toMatchObject({ port: 5432, isPrivate: true });
    expect(made?.location).toEqual({ cloud: Cloud.GOOGLE, region: "europe-west1" });
    expect(made?.tls).toMatchObject({ enforced: true, hostnameVerifiable: false });
    expect(strictestSslMode(made!.tls)).toBe(SslMode.VERIFY_CA);
    expect(made?.acceptsCloudIdentity).toBe(true);
    expect(made?.adminLogin?.username).toBe("dbadmin");
    // 16 GiB: 500 of Cloud SQL's ladder, less those that Google reserves.
    expect(made?.connectionBudget.available).toBe(490);
  });
});

describe("a MySQL server with defaults", () => {
  test("has the binary log enabled instead of PostgreSQL's argument, which the provider refuses for MySQL", () => {
    expect(settings({ engine: MYSQL }).backup_configuration).toEqual({
      enabled: true,
      start_time: "03:00",
      binary_log_enabled: true,
      transaction_log_retention_days: 7,
      backup_retention_settings: { retained_backups: 14, retention_unit: "COUNT" },
    });
  });

  test("has MySQL's flags, and a slow query log unless it is disabled", () => {
    expect(flags({ engine: MYSQL, slowQueryMs: -1 }).slow_query_log).toBeUndefined();
    expect(flags({ engine: MYSQL })).toEqual({
      cloudsql_iam_authentication: "on",
      local_infile: "off",
      log_output: "FILE",
      long_query_time: "1",
      skip_show_database: "on",
      slow_query_log: "on",
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

  test("MySQL 8.0 can be set to a minor version", () => {
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
  ])("%#: the edition is always set", (size, tier, edition) => {
    expect(settings({ size })).toMatchObject({ tier, edition });
  });

  test("an unknown machine type needs the edition", () => {
    const size = MachineSize.of({ names: { google: "db-c4a-highmem-4" }, memoryGiB: 32 });
    expect(settings({ size, edition: CloudSqlEdition.ENTERPRISE_PLUS })).toMatchObject({
      tier: "db-c4a-highmem-4",
      edition: "ENTERPRISE_PLUS",
    });
  });

  test("Enterprise Plus retains transaction logs longer and has a data cache", () => {
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
  test("automatic storage increase is no change in a later plan", () => {
    const made = instance({ storage: { sizeGiB: 100, maxSizeGiB: 500 } });
    expect(made.settings).toMatchObject({
      disk_autoresize: true,
      disk_autoresize_limit: 500,
      disk_size: 100,
    });
    expect(made.lifecycle.ignore_changes).toEqual(["settings[0].disk_size"]);
  });

  test("applyStorageSize applies the size with automatic storage increase", () => {
    const made = instance({ storage: { sizeGiB: 300, maxSizeGiB: 500 }, applyStorageSize: true });
    expect(made.settings).toMatchObject({ disk_autoresize: true, disk_size: 300 });
    expect(made.lifecycle.ignore_changes).toBeUndefined();
  });
});

describe("backups", () => {
  test("transaction log retention stays below the retained backups and the limit of the edition", () => {
    const days = (retentionDays: number) =>
      settings({ backup: { retentionDays } }).backup_configuration.transaction_log_retention_days;
    expect([2, 3, 8, 9, 365].map(days)).toEqual([1, 2, 7, 7, 7]);
  });

  test("location, window and transaction log retention can be set", () => {
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

  test("warns where Cloud SQL's window differs from the property", () => {
    const { warnings } = synthesize((stack) =>
      server(stack, { maintenanceWindow: { day: DayOfWeek.SUNDAY, start: "23:30", minutes: 120 } }),
    );
    expect(warnings.map((note) => note.message)).toEqual([
      "CLOUDSQL-MAINTENANCE-WINDOW-START: maintenanceWindow.start is 23:30: Cloud SQL starts maintenance on the hour, so the window begins mon 00:00 UTC",
      "CLOUDSQL-MAINTENANCE-WINDOW-MINUTES: maintenanceWindow.minutes is 120: Cloud SQL starts maintenance within one hour, and the length cannot be set",
    ]);
  });

  test("order of update and deny maintenance period", () => {
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
  test("SNAPSHOT allows deletion and retains the backups", () => {
    const made = instance({ deletionPolicy: DeletionPolicy.SNAPSHOT });
    expect(made.deletion_protection).toBe(false);
    expect(made.lifecycle).toEqual({});
    expect(made.settings).toMatchObject({
      deletion_protection_enabled: false,
      retain_backups_on_delete: true,
    });
    expect(infos({ deletionPolicy: DeletionPolicy.SNAPSHOT })).toEqual([
      expect.stringMatching(/^opt-out: CLOUDSQL-DELETION-POLICY: deletionPolicy: .*takes no final backup$/),
    ]);
  });

  test("DELETE also deletes the backups", () => {
    const made = instance({ deletionPolicy: DeletionPolicy.DELETE });
    expect(made.settings).toMatchObject({
      deletion_protection_enabled: false,
      retain_backups_on_delete: false,
    });
    expect(infos({ deletionPolicy: DeletionPolicy.DELETE })).toEqual([
      "opt-out: CLOUDSQL-DELETION-POLICY: deletionPolicy: the instance can be deleted, together with its automated backups",
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

  test("in parameters override the secure ones, which is recorded", () => {
    expect(flags({ parameters: { work_mem: "8192", log_connections: "off" } })).toMatchObject({
      work_mem: "8192",
      log_connections: "off",
    });
    expect(infos({ parameters: { log_connections: "off", log_statement: "all" } })).toEqual([
      'opt-out: CLOUDSQL-PARAMETERS: parameters.log_connections: "off" instead of "on"',
    ]);
  });

  test("max_connections sets the connection budget", () => {
    let available: number | undefined;
    synthesize((stack) => {
      available = server(stack, { maxConnections: 300 }).connectionBudget.available;
    });
    expect(available).toBe(290);
  });
});

describe("TLS", () => {
  test("clients trust the upcoming CA of an instance before it is rotated in", () => {
    const { json } = synthesize((stack) => {
      new TerraformOutput(stack, "ca", { value: server(stack).tls.caCertificatesPem });
    });
    const [[id, { instance }]] = Object.entries(json.data.google_sql_ca_certs) as [
      [string, { instance: string }],
    ];
    expect(json.output.ca.value).toBe(`\${join("\\n", sort(data.google_sql_ca_certs.${id}.certs[*].cert))}`);
    // The name is known before the instance exists: the data source would be read too early.
    expect(instance).toMatch(/^\$\{google_sql_database_instance\.\w+\.self_link\}$/);
  });

  test("with a regional CA clients verify the host name, which resolves to the private address", () => {
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

  test("customer-managed CA", () => {
    const pool = "projects/p/locations/europe-west1/caPools/databases";
    expect(
      settings({ certificateAuthority: CloudSqlCertificateAuthority.pool(pool) }).ip_configuration,
    ).toMatchObject({
      server_ca_mode: "CUSTOMER_MANAGED_CAS_CA",
      server_ca_pool: pool,
    });
  });

  test("MUTUAL creates a client certificate, and records that the state contains its key", () => {
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
    expect(Token.isUnresolved(made?.tls.clientCertificate?.privateKeyPem.version)).toBe(true);
    expect(infos.map((note) => note.message)).toEqual([
      "opt-out: CLOUDSQL-TLS-MODE: tlsMode: Terraform's state contains the private key of the client certificate; protect the state",
    ]);
  });

  test("OPTIONAL is an opt-out", () => {
    expect(infos({ tlsMode: TlsMode.OPTIONAL })).toEqual([
      "opt-out: CLOUDSQL-TLS-MODE: tlsMode: connections without TLS are accepted",
    ]);
  });
});

describe("a customer-managed encryption key", () => {
  test("is granted to Cloud SQL's service agent before the instance is created", () => {
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

  test("can be granted elsewhere, or to a given service agent", () => {
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
    expect(Object.keys(given.json.data)).toEqual(["google_sql_ca_certs"]);
  });
});

describe("the name", () => {
  test("ends in random digits that change when the instance must be replaced", () => {
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

  test("has at most 98 characters together with the longest project", () => {
    const long = "a-very-long-construct-id-that-goes-on-and-on-and-on-for-ever";
    const { resource } = synthesize((stack) => void server(stack, {}, long));
    const name = resource("google_sql_database_instance").name.replace(/\$\{.*\}/, "12345678");
    expect(name.length).toBeLessThanOrEqual(98 - 30 - 1);
    expect(name).toMatch(/^[a-z][a-z0-9-]*$/);
  });

  test("that is set has no random suffix", () => {
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

  test("ZONAL availability and a shared-core machine are opt-outs", () => {
    expect(settings({ availability: Availability.ZONAL }).availability_type).toBe("ZONAL");
    expect(infos({ availability: Availability.ZONAL, size: MachineSize.burstable(2, 1) })).toEqual([
      "opt-out: CLOUDSQL-AVAILABILITY: availability: no high availability; the outage of a zone is an outage of the server",
      "opt-out: CLOUDSQL-SIZE: size: db-f1-micro is a shared-core machine type, which the SLA does not cover; use it only for tests",
    ]);
  });

  test("the instance depends on the private services access connection", () => {
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
