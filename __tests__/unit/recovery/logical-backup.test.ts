import type { TerraformStack } from "cdktf";
import { DatabaseLogin, RecoveryScenario } from "../../../lib/database";
import { BackupImage, LogicalBackup, type LogicalBackupProps } from "../../../lib/recovery";
import { ObjectStore, ObjectStoreKey, ObjectStoreKind } from "../../../lib/storage";
import { problemsOf, synthesize } from "../../support/synth";
import {
  database,
  IDENTITY,
  logicalBackup,
  mysqlDatabase,
  database as onServer,
  secret,
  store,
} from "./recovery-fixture";
import { lockedBucket } from "./velero-fixtures";

type Wrong = (stack: TerraformStack) => Partial<LogicalBackupProps>;

const problems = (props: Wrong) => problemsOf((stack) => void logicalBackup(stack, props(stack)));

test.each<[string, Wrong]>([
  ["BACKUP-SCHEDULE: schedule must be a cron expression of five fields", () => ({ schedule: "0 2 * * 7" })],
  [
    "BACKUP-SCHEDULE: schedule must be a cron expression of five fields",
    () => ({ schedule: "TZ=UTC 0 2 * * *" }),
  ],
  [
    'BACKUP-TIME-ZONE: timeZone must be a name of the IANA time zone database, such as Europe/Berlin (got "Mars/North")',
    () => ({ timeZone: "Mars/North" }),
  ],
  [
    'BACKUP-TIME-ZONE: timeZone must be a name of the IANA time zone database, such as Europe/Berlin (got "+01:00")',
    () => ({ timeZone: "+01:00" }),
  ],
  ["BACKUP-KEEP: keep must be a whole number from 2 to 1000 backups (got 1)", () => ({ keep: 1 })],
  [
    "BACKUP-MAX-AGE-HOURS: maxAgeHours must be at least 30 hours, the longest gap of the schedule and the deadline (got 24)",
    () => ({ maxAgeHours: 24 }),
  ],
  [
    'BACKUP-IMAGE: image must have clients of PostgreSQL 17 or later (got "postgres 16.13")',
    () => ({ image: BackupImage.postgres("registry.example.com/postgres:16.13", "16.13") }),
  ],
  [
    'BACKUP-IMAGE: image must have clients of PostgreSQL 17 or later (got "mysql 8.4.10")',
    () => ({ image: BackupImage.mysql("registry.example.com/mysql:8.4.10", "8.4.10") }),
  ],
  [
    'BACKUP-IMAGE: image must have clients of MySQL 8.4 or later (got "mysql 8.0.40")',
    (stack) => ({
      databases: [mysqlDatabase(stack)],
      image: BackupImage.mysql("registry.example.com/mysql:8.0.40", "8.0.40"),
    }),
  ],
  [
    "BACKUP-IMAGE: image must be an image with an exact tag or digest, not latest",
    () => ({ image: BackupImage.postgres("postgres", "17.9") }),
  ],
  [
    "BACKUP-RCLONE-IMAGE: rcloneImage must be an image with an exact tag or digest, not latest",
    () => ({ rcloneImage: "rclone/rclone:latest" }),
  ],
  [
    "BACKUP-IDENTITY: identity must be set, or else storeKey (got not set)",
    () => ({ identity: undefined, namespace: "backups" }),
  ],
  [
    'BACKUP-IDENTITY: identity must be set, or else storeKey (got "identity and storeKey")',
    (stack) => ({ storeKey: ObjectStoreKey.s3("id", secret(stack, "key")) }),
  ],
  [
    'BACKUP-STORE-KEY-KIND: storeKey.kind must be s3, the API of the store (got "gcs")',
    (stack) => ({
      identity: undefined,
      namespace: "backups",
      storeKey: ObjectStoreKey.gcs(secret(stack, "key")),
    }),
  ],
  [
    'BACKUP-NAMESPACE: namespace must be backups, the namespace of the identity\'s service account (got "coder")',
    () => ({ namespace: "coder" }),
  ],
  [
    "BACKUP-NAMESPACE: namespace must be set (got not set); or set identity",
    (stack) => ({ identity: undefined, storeKey: ObjectStoreKey.s3("id", secret(stack, "key")) }),
  ],
  [
    'BACKUP-DATABASES: databases must be named once (got "coder")',
    (stack) => ({ databases: [database(stack), database(stack)] }),
  ],
  [
    'BACKUP-DATABASES: databases must be on one server, test/postgres.example.com (got "ci")',
    (stack) => ({ databases: [database(stack), onServer(stack, "ci", { host: "other.example.com" })] }),
  ],
  [
    "BACKUP-LOGIN: login must be set, since registry belongs to another owner than coder (got not set)",
    (stack) => ({ databases: [database(stack), onServer(stack, "registry", {}, "registry")] }),
  ],
  ["BACKUP-LOGIN: login must have a password", () => ({ login: DatabaseLogin.withCloudIdentity("backup") })],
  [
    "BACKUP-ROLES: roles must be left out for MySQL",
    (stack) => ({ databases: [mysqlDatabase(stack)], roles: true }),
  ],
  [
    "BACKUP-BACKUP-NAME: backupName must be 1 to 36 lower-case letters",
    () => ({ backupName: "a".repeat(37) }),
  ],
  [
    "BACKUP-STORE-LOCK-DAYS: store.lockDays must be at least 13, the days for which keep keeps a backup (got 12); otherwise the last backups can be deleted while they are needed",
    (stack) => ({ store: lockedStore(stack, 12) }),
  ],
  [
    "BACKUP-STORE-LOCK-DAYS: store.lockDays must be at least 28, the days for which keep keeps a backup (got 27)",
    (stack) => ({ store: lockedStore(stack, 27), keep: 5, schedule: "@weekly" }),
  ],
  [
    "BACKUP-STORE-LOCK-DAYS: store.lockDays must not be set on Cloud Storage, whose retention policy also refuses to overwrite latest.json (got 90)",
    (stack) => ({ store: lockedBucket(stack, ObjectStoreKind.GCS, 90) }),
  ],
  ["BACKUP-NODE-SELECTOR: nodeSelector must have values of", () => ({ nodeSelector: { pool: "a b" } })],
  ["BACKUP-NODE-SELECTOR: nodeSelector must have names of", () => ({ nodeSelector: { "a/b/c": "x" } })],
  ["BACKUP-LABELS: labels must have values of", () => ({ labels: { team: "a,b" } })],
  ['BACKUP-CPU: cpu must be a quantity of Kubernetes above zero, such as "500m"', () => ({ cpu: "0" })],
  ["BACKUP-PREFIX: prefix must be letters", () => ({ prefix: "/backups" })],
  [
    "BACKUP-DEADLINE-MINUTES: deadlineMinutes must be a whole number from 5 to 2880 minutes (got 1)",
    () => ({ deadlineMinutes: 1 }),
  ],
])("refused: %s", (message, props) => {
  expect(problems(props).join("\n")).toContain(message);
});

const lockedStore = (stack: TerraformStack, lockDays: number) =>
  ObjectStore.fromObjectStoreAttributes(stack, "locked", {
    kind: ObjectStoreKind.S3,
    bucketName: "backups",
    region: "eu-central-1",
    endpoint: "objects.example.com",
    lockDays,
  });

test("a lock of the dumps is taken on S3, told of if it is longer, and warned of on Azure", () => {
  const told = (store: (stack: TerraformStack) => LogicalBackupProps["store"]) => {
    const { infos, warnings } = synthesize((stack) => {
      const made = store(stack);
      logicalBackup(stack, { store: made, identity: { ...IDENTITY, cloud: made.cloud } });
    });
    return [...infos, ...warnings]
      .map(({ message }) => message)
      .filter((message) => message.includes(".lockDays: "));
  };
  expect(told((stack) => lockedStore(stack, 13))).toEqual([]);
  expect(told((stack) => lockedStore(stack, 30))).toEqual([
    "BACKUP-STORE-LOCK-LONGER: store.lockDays: versions of deleted backups stay until their lock ends, up to 17 days after keep has deleted them",
  ]);
  expect(told((stack) => lockedBucket(stack, ObjectStoreKind.AZURE_BLOB, 13))).toEqual([
    expect.stringContaining("only a version-level immutability policy works"),
  ]);
  // A store of the program, whose policy is known.
  expect(told((stack) => lockedBucket(stack, ObjectStoreKind.AZURE_BLOB, 13, []))).toEqual([]);
});

test("two backups share neither a name nor a service account", () => {
  const found = problemsOf((stack) => {
    logicalBackup(stack, { backupName: "one" });
    new LogicalBackup(stack, "other", {
      databases: [database(stack)],
      store: store(stack),
      identity: IDENTITY,
      backupName: "one",
    });
  }).join("\n");
  expect(found).toContain(
    'BACKUP-BACKUP-NAME: backupName must be unique (got "one"); test/backup is another CronJob',
  );
  expect(found).toContain("BACKUP-IDENTITY-SERVICE-ACCOUNT-NAME: identity.serviceAccountName must be unique");
});

test("a mistake in the labels is reported once, not for each object that has them", () => {
  expect(problems(() => ({ labels: { team: "a b" } }))).toHaveLength(1);
});

test("all mistakes are reported together", () => {
  const found = problems(() => ({ schedule: "x", keep: 0, timeZone: "nowhere", prefix: "/" }));
  expect(found).toHaveLength(4);
});

test("a backup that is right has no problem, and needs no more than databases, store and identity", () => {
  expect(problems(() => ({}))).toEqual([]);
});

test("more than 100 GiB is a warning", () => {
  const warned = (databaseSizeGiB: number) =>
    synthesize((stack) => void logicalBackup(stack, { databaseSizeGiB })).warnings.filter(({ message }) =>
      message.startsWith("BACKUP-DATABASE-SIZE-GIB-LARGE"),
    );
  expect(warned(100)).toHaveLength(0);
  expect(warned(101)).toHaveLength(1);
});

test("a stream of twice the expected size has few enough parts", () => {
  const size = (databaseSizeGiB: number) => {
    const { json } = synthesize((stack) => void logicalBackup(stack, { databaseSizeGiB }));
    return Number.parseInt(environment(json, "test-backup").RCLONE_CONFIG_STORE_CHUNK_SIZE as string, 10);
  };
  // rclone's own default of 5 MiB ends a stream after 48 GiB.
  expect(size(1)).toBe(16);
  for (const gib of [50, 100, 1000]) expect(size(gib) * 10_000).toBeGreaterThanOrEqual(gib * 2 * 1024);
});

test("no secret is in the environment, the arguments or a ConfigMap", () => {
  const { json, resources } = synthesize(
    (stack) => void logicalBackup(stack, { encryptionKey: secret(stack, "key") }),
  );
  const text = JSON.stringify([resources("kubernetes_cron_job_v1"), resources("kubernetes_config_map_v1")]);
  expect(text).not.toMatch(/var\.|ephemeral\./);
  expect(json.resource.kubernetes_secret_v1).toMatchObject({});
  expect(JSON.stringify(resources("kubernetes_secret_v1"))).toMatch(/data_wo/);
});

test("pods get no token of Kubernetes, no privileges and no connections", () => {
  const { resources } = synthesize((stack) => void logicalBackup(stack));
  for (const { spec } of resources("kubernetes_cron_job_v1")) {
    expect(spec).toMatchObject({
      concurrency_policy: "Forbid",
      timezone: "Etc/UTC",
      starting_deadline_seconds: 3600,
    });
    const pod = spec.job_template.spec.template.spec;
    expect(pod).toMatchObject({ automount_service_account_token: false, enable_service_links: false });
    expect(spec.job_template.spec.template.metadata.labels).toMatchObject(IDENTITY.podLabels);
    for (const container of [...pod.container, ...(pod.init_container ?? [])]) {
      expect(container.security_context).toMatchObject({
        run_as_non_root: true,
        read_only_root_filesystem: true,
      });
    }
  }
  const [policy] = resources("kubernetes_network_policy_v1");
  expect(policy.spec).toMatchObject({ policy_types: ["Ingress"] });
  expect(policy.spec.ingress).toBeUndefined();
});

test("the protection states loss and retention of the schedule, and covers a lost region only from another one", () => {
  let found: ReturnType<ReturnType<typeof logicalBackup>["protection"]> | undefined;
  synthesize((stack) => {
    found = logicalBackup(stack, { keep: 15, encryptionKey: secret(stack, "key") }).protection();
  });
  expect(found).toMatchObject({ lossMinutes: 1440, retentionDays: 14 });
  expect(found?.keys).toHaveLength(1);
  expect(found?.procedures[0]?.scenarios).toEqual([
    RecoveryScenario.LOST_DATABASE,
    RecoveryScenario.BAD_MIGRATION,
  ]);
});

function environment(json: { resource: Record<string, unknown> }, name: string): Record<string, string> {
  // biome-ignore lint/suspicious/noExplicitAny: Terraform JSON
  const jobs = Object.values(json.resource.kubernetes_cron_job_v1 as any) as any[];
  const job = jobs.find((each) => each.metadata.name === name);
  const variables = job.spec.job_template.spec.template.spec.container[0].env as {
    name: string;
    value: string;
  }[];
  return Object.fromEntries(variables.map((each) => [each.name, each.value]));
}
