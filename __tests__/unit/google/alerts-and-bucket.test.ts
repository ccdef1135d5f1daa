import { DeletionPolicy, MachineSize } from "../../../lib/database";
import {
  BackupBucket,
  type BackupBucketProps,
  CloudSqlAlerts,
  type CloudSqlAlertsProps,
  CloudSqlEdition,
  CloudSqlReadReplica,
  type CloudSqlServerProps,
  CryptoKey,
  RetentionPolicyState,
} from "../../../lib/google";
import { ObjectStoreKind } from "../../../lib/storage";
import { problemsOf, synthesize } from "../../support/synth";
import { MYSQL, server } from "./fixture";

describe("alerts", () => {
  const channels = ["projects/platform/notificationChannels/1"];
  const alerts = (props: Partial<CloudSqlServerProps> = {}, own: Partial<CloudSqlAlertsProps> = {}) =>
    synthesize((stack) => {
      new CloudSqlAlerts(stack, "alerts", {
        server: server(stack, props),
        notificationChannels: channels,
        ...own,
      });
    });
  const thresholds = (made: ReturnType<typeof alerts>) =>
    Object.fromEntries(
      made.resources("google_monitoring_alert_policy").map((policy) => {
        const { filter, threshold_value: value } = policy.conditions[0].condition_threshold ?? {
          filter: policy.conditions[0].condition_matched_log.filter,
        };
        return [/database\/([a-z_/]+)"/.exec(filter)?.[1] ?? "log", value];
      }),
    );
  const policy = (made: ReturnType<typeof alerts>, id: string) =>
    made.resources("google_monitoring_alert_policy").find((each) => each.display_name.endsWith(`: ${id}`));

  test("monitor availability, disk, CPU, memory and connections", () => {
    const made = alerts();
    expect(thresholds(made)).toEqual({
      up: 1,
      // The forecast, after the alert on the present use.
      "disk/utilization": 0.95,
      "cpu/utilization": 0.85,
      "memory/utilization": 0.95,
      "postgresql/num_backends": 400,
      "postgresql/deadlock_count": 5,
      "postgresql/transaction_id_utilization": 0.5,
      "postgresql/vacuum/oldest_transaction_age": 50_000_000,
      "replication/log_archive_failure_count": 0,
      log: undefined,
    });
    expect(policy(made, "Disk").conditions[0].condition_threshold.threshold_value).toBe(0.85);
    const [up] = made.resources("google_monitoring_alert_policy");
    expect(up).toMatchObject({ combiner: "OR", severity: "CRITICAL", notification_channels: channels });
    expect(up.conditions[0].condition_threshold).toMatchObject({
      filter:
        'resource.type = "cloudsql_database" AND resource.labels.database_id = ' +
        '"${google_sql_database_instance.db_ECC37780.project}:${google_sql_database_instance.db_ECC37780.name}" ' +
        'AND metric.type = "cloudsql.googleapis.com/database/up"',
      comparison: "COMPARISON_LT",
      duration: "180s",
    });
  });

  test("sum PostgreSQL's connections over all databases", () => {
    const connections = alerts()
      .resources("google_monitoring_alert_policy")
      .find((policy) => policy.display_name.endsWith("Connections"));
    expect(connections.conditions[0].condition_threshold.aggregations[0]).toMatchObject({
      cross_series_reducer: "REDUCE_SUM",
    });
  });

  test("of MySQL use its metrics", () => {
    const found = thresholds(alerts({ engine: MYSQL }));
    expect(found).toMatchObject({ "network/connections": 3200, "mysql/innodb/deadlocks_count": 5 });
    expect(Object.keys(found).filter((name) => name.startsWith("postgresql/"))).toEqual([]);
  });

  test("of the disk's growth are raised before the disk is full", () => {
    const forecast = policy(alerts({}, { storageForecastHours: 60 }), "DiskForecast");
    expect(forecast.conditions[0].condition_threshold).toMatchObject({
      threshold_value: 0.95,
      forecast_options: { forecast_horizon: "216000s" },
    });
    expect(policy(alerts(), "Disk").conditions[0].condition_threshold.forecast_options).toBeUndefined();
  });

  test("of counters add the values of five minutes, over all databases", () => {
    const [aggregation] = policy(alerts({}, { deadlocksPerMinute: 2 }), "Deadlocks").conditions[0]
      .condition_threshold.aggregations;
    expect(aggregation).toEqual({
      alignment_period: "300s",
      per_series_aligner: "ALIGN_SUM",
      cross_series_reducer: "REDUCE_SUM",
      group_by_fields: ["resource.label.database_id"],
    });
  });

  test("of a replication slot leave other old transactions out", () => {
    expect(policy(alerts(), "ReplicationSlot").conditions[0].condition_threshold.filter).toMatch(
      / AND metric\.labels\.oldest_transaction_type = "replication_slot"$/,
    );
  });

  test("of failed backups read the log of the server's project", () => {
    const backups = policy(alerts(), "Backups");
    expect(backups.conditions).toHaveLength(1);
    expect(backups.conditions[0].condition_matched_log.filter).toMatch(
      /methodName = "cloudsql\.instances\.automatedBackup" AND .*STATUS_FAILED/,
    );
    expect(backups.alert_strategy).toEqual({
      auto_close: "604800s",
      notification_rate_limit: { period: "3600s" },
    });
    expect(policy(alerts({}, { project: "monitoring" }), "Backups")).toBeUndefined();
    expect(policy(alerts({}, { project: "monitoring" }), "Up").project).toBe("monitoring");
  });

  test("of a replica monitor the replication lag", () => {
    const made = synthesize((stack) => {
      const replica = new CloudSqlReadReplica(stack, "replica", { source: server(stack) });
      new CloudSqlAlerts(stack, "alerts", {
        server: replica,
        notificationChannels: channels,
        replicaLagSeconds: 10,
      });
    });
    expect(policy(made, "ReplicaLag").conditions[0].condition_threshold).toMatchObject({
      comparison: "COMPARISON_GT",
      threshold_value: 10,
    });
    // A negative lag says that replication is inactive.
    expect(policy(made, "ReplicaStopped").conditions[0].condition_threshold).toMatchObject({
      comparison: "COMPARISON_LT",
      threshold_value: 0,
    });
    for (const id of ["Backups", "TransactionIds", "LogArchive"]) expect(policy(made, id)).toBeUndefined();
  });

  test("warn that there is no alert for connections if their maximum is not known", () => {
    const size = MachineSize.of({ names: { google: "db-c4a-highmem-4" } });
    const made = alerts({ size, edition: CloudSqlEdition.ENTERPRISE_PLUS });
    expect(thresholds(made)["postgresql/num_backends"]).toBeUndefined();
    expect(made.warnings.map((note) => note.message)).toEqual([
      expect.stringMatching(
        /^CLOUDSQL-ALERTS-CONNECTIONS-PERCENT: connectionsPercent: no alert for connections, .*set its maxConnections/,
      ),
    ]);
  });

  test.each([
    [
      { notificationChannels: [] },
      /CLOUDSQL-ALERTS-NOTIFICATION-CHANNELS: notificationChannels must have at least one channel \(got \[\]\)/,
    ],
    [
      { notificationChannels: ["ops@example.com"] },
      /notificationChannels must be projects\/PROJECT.*"ops@example.com"/,
    ],
    [{ cpuPercent: 0.85 }, /CLOUDSQL-ALERTS-CPU-PERCENT: cpuPercent .*10 to 100 per cent/],
    [{ storageForecastHours: 61 }, /CLOUDSQL-ALERTS-STORAGE-FORECAST-HOURS: .*1 to 60 hours \(got 61\)/],
    [{ deadlocksPerMinute: 0 }, /deadlocksPerMinute must be more than 0/],
    [{ storageUsedPercent: 0 }, /CLOUDSQL-ALERTS-STORAGE-USED-PERCENT: storageUsedPercent /],
    [{ replicaLagSeconds: 30 }, /CLOUDSQL-ALERTS-REPLICA-LAG-SECONDS: replicaLagSeconds must be left out/],
  ])("refuse %j", (own, message) => {
    expect(
      problemsOf((stack) => {
        new CloudSqlAlerts(stack, "alerts", {
          server: server(stack),
          notificationChannels: channels,
          ...own,
        });
      }),
    ).toEqual([expect.stringMatching(message)]);
  });
});

describe("a bucket for backups", () => {
  const KEY = "projects/keys/locations/europe/keyRings/r/cryptoKeys/k";
  const bucket = (props: Partial<BackupBucketProps> = {}) =>
    synthesize((stack) => {
      new BackupBucket(stack, "bucket", { bucketName: "platform-backups", location: "EU", ...props });
    });

  test("is never public, has Object Versioning and is retained", () => {
    expect(bucket().resource("google_storage_bucket")).toMatchObject({
      name: "platform-backups",
      location: "EU",
      uniform_bucket_level_access: true,
      public_access_prevention: "enforced",
      versioning: { enabled: true },
      force_destroy: false,
      lifecycle: { prevent_destroy: true },
      lifecycle_rule: [
        { action: { type: "Delete" }, condition: { days_since_noncurrent_time: 30, with_state: "ARCHIVED" } },
        { action: { type: "AbortIncompleteMultipartUpload" }, condition: { age: 7 } },
      ],
    });
  });

  test("with a customer-managed key is created after the grant", () => {
    const made = bucket({ encryptionKey: CryptoKey.fromKeyName(KEY), expireDays: 90, logBucket: "logs" });
    expect(made.resource("google_storage_bucket")).toMatchObject({
      encryption: { default_kms_key_name: KEY },
      logging: { log_bucket: "logs" },
      depends_on: [expect.stringMatching(/^google_kms_crypto_key_iam_member\./)],
    });
    expect(made.resource("google_storage_bucket").lifecycle_rule).toContainEqual({
      action: { type: "Delete" },
      condition: { age: 90, with_state: "LIVE" },
    });
  });

  test("with a retention policy has no Object Versioning, which is a warning", () => {
    const made = bucket({ lockDays: 14, expireDays: 14 });
    expect(made.resource("google_storage_bucket")).toMatchObject({
      retention_policy: { retention_period: 1_209_600 },
      versioning: { enabled: false },
    });
    expect(made.warnings).toHaveLength(1);
  });

  test("reports the lock to those that write to it, and protects without versions under it", () => {
    const { stack } = bucket({ lockDays: 14 });
    const made = stack.node.findChild("bucket") as BackupBucket;
    expect(made).toMatchObject({ kind: ObjectStoreKind.GCS, lockDays: 14, region: "EU" });
    const mechanisms = (of: BackupBucket) => of.protections.map(({ mechanism }) => mechanism);
    expect(mechanisms(made)).toEqual(["Cloud Storage soft delete", "Cloud Storage multi-region"]);
    const unlocked = bucket().stack.node.findChild("bucket") as BackupBucket;
    expect(unlocked.lockDays).toBeUndefined();
    expect(mechanisms(unlocked)).toContain("Cloud Storage Object Versioning");
  });

  test("locks the policy itself only on request, which is noted", () => {
    const made = bucket({ lockDays: 14, lockState: RetentionPolicyState.LOCKED });
    expect(made.resource("google_storage_bucket").retention_policy).toEqual({
      retention_period: 1_209_600,
      is_locked: true,
    });
    expect(made.infos.map(({ message }) => message).join()).toContain("irreversible");
    const message = (props: Partial<BackupBucketProps>) =>
      problemsOf((stack) => {
        new BackupBucket(stack, "bucket", { bucketName: "platform-backups", location: "EU", ...props });
      }).join();
    expect(message({ lockState: RetentionPolicyState.LOCKED })).toContain(
      "lockState must be left out without lockDays",
    );
    expect(
      message({ lockDays: 1, lockState: RetentionPolicyState.LOCKED, deletionPolicy: DeletionPolicy.DELETE }),
    ).toContain("deletionPolicy must be retain with a locked policy");
  });

  test("can be deleted with another deletion policy, and its objects only with DELETE", () => {
    expect(
      bucket({ deletionPolicy: DeletionPolicy.SNAPSHOT }).resource("google_storage_bucket").force_destroy,
    ).toBe(false);
    const made = bucket({ deletionPolicy: DeletionPolicy.DELETE });
    expect(made.resource("google_storage_bucket").force_destroy).toBe(true);
    expect(made.infos.map((note) => note.message)).toEqual([
      "opt-out: GCS-DELETION-POLICY: deletionPolicy: the bucket can be deleted",
    ]);
  });

  test("grants a server only the role to read and write objects", () => {
    const { resource } = synthesize((stack) => {
      const made = new BackupBucket(stack, "bucket", { bucketName: "platform-backups", location: "EU" });
      made.grantReadWriteToMember(
        "Exporter",
        `serviceAccount:${server(stack).resource.serviceAccountEmailAddress}`,
      );
    });
    expect(resource("google_storage_bucket_iam_member").role).toBe("roles/storage.objectUser");
  });

  test.each([
    [{ bucketName: "Backups" }, /GCS-BUCKET-NAME: bucketName .*"Backups"/],
    [{ bucketName: "my-google-backups" }, /without the word google/],
    [{ location: "Europe/Brussels" }, /GCS-LOCATION: location must be a region .*"Europe\/Brussels"/],
    [{ expireDays: 0 }, /GCS-EXPIRE-DAYS: expireDays /],
    [
      { lockDays: 30, expireDays: 10 },
      /GCS-EXPIRE-DAYS: expireDays must be at least lockDays, .* \(got 10\)$/,
    ],
    [{ noncurrentDays: 0 }, /GCS-NONCURRENT-DAYS: noncurrentDays /],
    [
      { encryptionKey: CryptoKey.fromKeyName("k") },
      /GCS-ENCRYPTION-KEY: encryptionKey must be projects\/PROJECT.*"k"/,
    ],
  ])("refuses %j", (wrong, message) => {
    expect(
      problemsOf((stack) => {
        new BackupBucket(stack, "bucket", { bucketName: "platform-backups", location: "EU", ...wrong });
      }),
    ).toEqual([expect.stringMatching(message)]);
  });
});
