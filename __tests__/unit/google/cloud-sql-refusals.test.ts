import {
  Availability,
  DatabaseEngine,
  DayOfWeek,
  MachineSize,
  MysqlVersion,
  PostgresVersion,
} from "../../../lib/database";
import {
  CloudSqlAdminLogin,
  CloudSqlCertificateAuthority,
  CloudSqlEdition,
  type CloudSqlServerProps,
  CryptoKey,
} from "../../../lib/google";
import { problemsOf } from "../../support/synth";
import { MYSQL, server } from "./fixture";

const KEY = "projects/keys/locations/europe-west1/keyRings/r/cryptoKeys/k";
const problems = (props: Partial<CloudSqlServerProps>) =>
  problemsOf((stack) => void server(stack, props)).map((problem) => problem.replace(/^\[db\] /, ""));

describe.each<[string, [string, Partial<CloudSqlServerProps>, RegExp][]]>([
  [
    "version",
    [
      [
        "a PostgreSQL minor version",
        { engine: DatabaseEngine.postgres(PostgresVersion.of("17.5")) },
        /^CLOUDSQL-ENGINE: engine must be a major version, 13, .*, since Cloud SQL chooses the minor version \(got "PostgreSQL 17.5"\)$/,
      ],
      [
        "an unknown major version",
        { engine: DatabaseEngine.postgres(PostgresVersion.of("99")) },
        /^CLOUDSQL-ENGINE: engine .*"PostgreSQL 99"/,
      ],
      [
        "a minor version of MySQL 8.4",
        { engine: DatabaseEngine.mysql(MysqlVersion.of("8.4.5")) },
        /^CLOUDSQL-ENGINE: engine must be 5.7, 8.0, 8.4, .* \(got "MySQL 8.4.5"\)$/,
      ],
      [
        "a minor version of MySQL 8.0 that Cloud SQL does not offer",
        { engine: DatabaseEngine.mysql(MysqlVersion.of("8.0.38")), acceptExtendedSupport: "8.0" },
        /^CLOUDSQL-ENGINE: engine must be .* \(got "MySQL 8.0.38"\)$/,
      ],
      [
        "a version past its support",
        { engine: DatabaseEngine.postgres(PostgresVersion.V13) },
        /^CLOUDSQL-ENGINE: engine .*"PostgreSQL 13".*2026-02-01|2026-02-01.*"PostgreSQL 13"/,
      ],
    ],
  ],
  [
    "machine and edition",
    [
      [
        "a custom machine in Enterprise Plus",
        { edition: CloudSqlEdition.ENTERPRISE_PLUS },
        /^CLOUDSQL-EDITION: edition must be ENTERPRISE, the edition of db-custom-4-16384 \(got "ENTERPRISE_PLUS"\); leave edition out/,
      ],
      [
        "an Enterprise Plus machine in Enterprise",
        { size: MachineSize.memory(4), edition: CloudSqlEdition.ENTERPRISE },
        /^CLOUDSQL-EDITION: edition must be ENTERPRISE_PLUS, the edition of db-perf-optimized-N-4 /,
      ],
      [
        "a shared core in Enterprise Plus",
        {
          size: MachineSize.of({ names: { google: "db-f1-micro" } }),
          edition: CloudSqlEdition.ENTERPRISE_PLUS,
        },
        /^CLOUDSQL-EDITION: edition must be ENTERPRISE, the edition of db-f1-micro /,
      ],
      [
        "Enterprise Plus for MySQL 5.7",
        {
          engine: DatabaseEngine.mysql(MysqlVersion.V5_7),
          acceptExtendedSupport: "5.7",
          size: MachineSize.memory(4),
        },
        /^CLOUDSQL-SIZE: size must not be an ENTERPRISE_PLUS machine for MySQL 5.7, .* \(got "memory\(4\)"\)/,
      ],
      [
        "an unknown machine without an edition",
        { size: MachineSize.of({ names: { google: "db-c4a-highmem-4" } }) },
        /^CLOUDSQL-EDITION: edition must be set .*does not know db-c4a-highmem-4 \(got not set\)$/,
      ],
      [
        "a size that Google does not offer",
        { size: MachineSize.of({ names: { aws: "db.m7g.large" } }) },
        /^CLOUDSQL-SIZE: size must be general\(\) with an even number/,
      ],
      [
        "an odd number of vCPU",
        { size: MachineSize.of({ names: { google: "db-custom-3-12288" } }) },
        /^CLOUDSQL-SIZE: size must have 1 vCPU or an even number of up to 96 \(got "db-custom-3-12288"\)$/,
      ],
      [
        "too many vCPU",
        { size: MachineSize.of({ names: { google: "db-custom-98-401408" } }) },
        /^CLOUDSQL-SIZE: size must have 1 vCPU or an even number of up to 96 \(got "db-custom-98-401408"\)$/,
      ],
      [
        "too much memory",
        { size: MachineSize.of({ names: { google: "db-custom-2-16384" } }) },
        /^CLOUDSQL-SIZE: size must have, with 2 vCPU, 3840 to 13312 MiB of memory, in steps of 256 \(got "db-custom-2-16384"\)$/,
      ],
      [
        "too little memory",
        { size: MachineSize.of({ names: { google: "db-custom-8-7168" } }) },
        /^CLOUDSQL-SIZE: size must have, with 8 vCPU, 7424 to 53248 MiB/,
      ],
      [
        "memory off the steps of 256 MiB",
        { size: MachineSize.of({ names: { google: "db-custom-2-8000" } }) },
        /^CLOUDSQL-SIZE: size must have, with 2 vCPU, .*"db-custom-2-8000"/,
      ],
      [
        "a malformed custom machine type",
        { size: MachineSize.of({ names: { google: "db-custom-4" } }) },
        /^CLOUDSQL-SIZE: size must be db-custom-VCPU-MIB/,
      ],
      [
        "an unknown Enterprise Plus machine type",
        { size: MachineSize.of({ names: { google: "db-perf-optimized-N-6" } }) },
        /^CLOUDSQL-SIZE: size must be db-perf-optimized-N- with 2, 4/,
      ],
      [
        "a data cache in Enterprise",
        { dataCache: true },
        /^CLOUDSQL-DATA-CACHE: dataCache must be left out on ENTERPRISE machines \(got true\); use size memory\(\)/,
      ],
    ],
  ],
  [
    "storage",
    [
      [
        "a disk that is too small",
        { storage: { sizeGiB: 9 } },
        /^CLOUDSQL-STORAGE-SIZE-GI-?B: storage.sizeGiB .*10 to 65536 GiB/,
      ],
      ["half a GiB", { storage: { sizeGiB: 10.5 } }, /^CLOUDSQL-STORAGE-SIZE-GI-?B: storage.sizeGiB .*10\.5/],
      [
        "a maximum below the size",
        { storage: { sizeGiB: 100, maxSizeGiB: 50 } },
        /^CLOUDSQL-STORAGE-MAX-SIZE-GI-?B: storage.maxSizeGiB .*50/,
      ],
      [
        "IOPS, which follow from the size",
        { storage: { sizeGiB: 100, iops: 3000 } },
        /^CLOUDSQL-STORAGE-IOPS: storage.iops .*3000/,
      ],
      [
        "throughput, which follows from the size too",
        { storage: { sizeGiB: 100, throughputMiBps: 200 } },
        /^CLOUDSQL-STORAGE-THROUGHPUT-MI-?BPS: storage.throughputMiBps .*200/,
      ],
      [
        "applyStorageSize without automatic storage increase",
        { applyStorageSize: true },
        /^CLOUDSQL-APPLY-STORAGE-SIZE: applyStorageSize must be left out/,
      ],
    ],
  ],
  [
    "backups",
    [
      [
        "no backups",
        { backup: { retentionDays: 0 } },
        /^CLOUDSQL-BACKUP-RETENTION-DAYS: backup.retentionDays .*2 to 365 days/,
      ],
      [
        "one backup, which leaves no room for transaction logs",
        { backup: { retentionDays: 1 } },
        /^CLOUDSQL-BACKUP-RETENTION-DAYS: backup.retentionDays .*1/,
      ],
      [
        "too many backups",
        { backup: { retentionDays: 366 } },
        /^CLOUDSQL-BACKUP-RETENTION-DAYS: backup.retentionDays .*366/,
      ],
      [
        "too many days of transaction logs for Enterprise",
        { transactionLogRetentionDays: 8 },
        /^CLOUDSQL-TRANSACTION-LOG-RETENTION-DAYS: transactionLogRetentionDays .*1 to 7 days in ENTERPRISE/,
      ],
      [
        "too many days of transaction logs for Enterprise Plus",
        { size: MachineSize.memory(4), backup: { retentionDays: 100 }, transactionLogRetentionDays: 36 },
        /^CLOUDSQL-TRANSACTION-LOG-RETENTION-DAYS: transactionLogRetentionDays .*1 to 35 days in ENTERPRISE_PLUS/,
      ],
      [
        "transaction logs older than the backups",
        { backup: { retentionDays: 5 }, transactionLogRetentionDays: 5 },
        /^CLOUDSQL-TRANSACTION-LOG-RETENTION-DAYS: transactionLogRetentionDays must be less than backup.retentionDays, 5, .* \(got 5\)$/,
      ],
      [
        "an invalid time",
        { backup: { window: { start: "3:00" } } },
        /^CLOUDSQL-BACKUP-WINDOW-START: backup.window.start must be a time in UTC, such as 03:00 \(got "3:00"\)$/,
      ],
      [
        "an invalid backup location",
        { backupLocation: "Europe" },
        /^CLOUDSQL-BACKUP-LOCATION: backupLocation must be a region such as europe-west1, or a multi-region: us, eu or asia \(got "Europe"\)$/,
      ],
    ],
  ],
  [
    "maintenance",
    [
      [
        "an invalid time",
        { maintenanceWindow: { day: DayOfWeek.MONDAY, start: "24:00" } },
        /^CLOUDSQL-MAINTENANCE-WINDOW-START: maintenanceWindow.start must be .*"24:00"/,
      ],
      [
        "an invalid day",
        { maintenanceWindow: { day: "someday" as DayOfWeek, start: "03:00" } },
        /^CLOUDSQL-MAINTENANCE-WINDOW-DAY: maintenanceWindow.day must be mon, tue/,
      ],
      [
        "an invalid duration",
        { maintenanceWindow: { day: DayOfWeek.MONDAY, start: "03:00", minutes: 10 } },
        /^CLOUDSQL-MAINTENANCE-WINDOW-MINUTES: maintenanceWindow.minutes .*10/,
      ],
      [
        "disabled minor version upgrades",
        { autoMinorVersionUpgrade: false },
        /^CLOUDSQL-AUTO-MINOR-VERSION-UPGRADE: autoMinorVersionUpgrade must be left out or true/,
      ],
      [
        "a deny maintenance period of more than 90 days",
        { denyMaintenance: { startDate: "2026-12-01", endDate: "2027-03-02" } },
        /^CLOUDSQL-DENY-MAINTENANCE: denyMaintenance must be 1 to 90 days, .* \(got "2026-12-01 to 2027-03-02"\)$/,
      ],
      [
        "a deny maintenance period of more than 90 days over New Year",
        { denyMaintenance: { startDate: "11-15", endDate: "02-28" } },
        /^CLOUDSQL-DENY-MAINTENANCE: denyMaintenance must be .*"11-15 to 02-28"/,
      ],
      [
        "an end before the start",
        { denyMaintenance: { startDate: "2026-12-20", endDate: "2026-12-01" } },
        /^CLOUDSQL-DENY-MAINTENANCE: denyMaintenance must be/,
      ],
      [
        "one day with a year and one without",
        { denyMaintenance: { startDate: "2026-12-20", endDate: "01-02" } },
        /^CLOUDSQL-DENY-MAINTENANCE-END-DATE: denyMaintenance.endDate must have a year if the start date has one/,
      ],
      [
        "an invalid day",
        { denyMaintenance: { startDate: "13-01", endDate: "12-02" } },
        /^CLOUDSQL-DENY-MAINTENANCE-START-DATE: denyMaintenance.startDate must be .*"13-01"/,
      ],
      [
        "an invalid time",
        { denyMaintenance: { startDate: "12-01", endDate: "12-02", time: "noon" } },
        /^CLOUDSQL-DENY-MAINTENANCE-TIME: denyMaintenance.time must be .*"noon"/,
      ],
    ],
  ],
  [
    "flags",
    [
      [
        "a flag that a property sets",
        { parameters: { max_connections: "500" } },
        /^CLOUDSQL-PARAMETERS: parameters\["max_connections"\] must be left out \(got "500"\); set the property maxConnections/,
      ],
      [
        "the IAM flag of PostgreSQL",
        { parameters: { "cloudsql.iam_authentication": "off" } },
        /set the property iamAuthentication/,
      ],
      [
        "the IAM flag of MySQL",
        { engine: MYSQL, parameters: { cloudsql_iam_authentication: "off" } },
        /set the property iamAuthentication/,
      ],
      [
        "TLS as a flag of MySQL",
        { engine: MYSQL, parameters: { require_secure_transport: "ON" } },
        /set the property tlsMode/,
      ],
      [
        "slow queries as a flag",
        { parameters: { log_min_duration_statement: "100" } },
        /set the property slowQueryMs/,
      ],
      [
        "an invalid flag name",
        { parameters: { "Work Mem": "8" } },
        /^CLOUDSQL-PARAMETERS: parameters must have names of lower-case .*"Work Mem"/,
      ],
      [
        "too few connections",
        { maxConnections: 5 },
        /^CLOUDSQL-MAX-CONNECTIONS: maxConnections .*14 to 262143/,
      ],
      [
        "too many connections for MySQL",
        { engine: MYSQL, maxConnections: 100_001 },
        /^CLOUDSQL-MAX-CONNECTIONS: maxConnections .*10 to 100000/,
      ],
      [
        "a slow query of half a millisecond",
        { slowQueryMs: 0.5 },
        /^CLOUDSQL-SLOW-QUERY-MS: slowQueryMs .*0\.5/,
      ],
    ],
  ],
  [
    "customer-managed encryption key",
    [
      [
        "a key in another region",
        { encryptionKey: CryptoKey.fromKeyName(KEY.replace("west1", "west4")) },
        /^CLOUDSQL-ENCRYPTION-KEY-LOCATION: encryptionKey must be in the location of the instance, europe-west1 \(got ".*"\)$/,
      ],
      [
        "a global key",
        { encryptionKey: CryptoKey.fromKeyName(KEY.replace("europe-west1", "global")) },
        /encryptionKey must be in the location of the instance/,
      ],
      [
        "a key version",
        { encryptionKey: CryptoKey.fromKeyName(`${KEY}/cryptoKeyVersions/1`) },
        /^CLOUDSQL-ENCRYPTION-KEY: encryptionKey must be projects\/PROJECT\/locations/,
      ],
      [
        "a service agent without a key",
        { encryptionServiceAgent: "a@b.iam.gserviceaccount.com" },
        /^CLOUDSQL-ENCRYPTION-SERVICE-AGENT: encryptionServiceAgent must be left out without encryptionKey/,
      ],
      [
        "an invalid service agent",
        { encryptionKey: CryptoKey.fromKeyName(KEY), encryptionServiceAgent: "agent" },
        /^CLOUDSQL-ENCRYPTION-SERVICE-AGENT: encryptionServiceAgent must be an e-mail address/,
      ],
      [
        "an invalid CA pool",
        { certificateAuthority: CloudSqlCertificateAuthority.pool("pool") },
        /^CLOUDSQL-CERTIFICATE-AUTHORITY: certificateAuthority must be projects\/PROJECT\/locations\/REGION\/caPools/,
      ],
    ],
  ],
  [
    "location and name",
    [
      [
        "an invalid region",
        { region: "Belgium" },
        /^CLOUDSQL-REGION: region must be a region, such as europe-west1 \(got "Belgium"\)$/,
      ],
      [
        "a zone as the region",
        { region: "europe-west1-b" },
        /^CLOUDSQL-REGION: region must be .*"europe-west1-b"/,
      ],
      [
        "a zone of another region",
        { zone: "europe-west4-a" },
        /^CLOUDSQL-ZONE: zone must be a zone of the region, such as europe-west1-b \(got "europe-west4-a"\)$/,
      ],
      [
        "a secondary zone without a zone",
        { secondaryZone: "europe-west1-c" },
        /^CLOUDSQL-SECONDARY-ZONE: secondaryZone must be left out without zone /,
      ],
      [
        "the same zone twice",
        { zone: "europe-west1-b", secondaryZone: "europe-west1-b" },
        /^CLOUDSQL-SECONDARY-ZONE: secondaryZone must differ from zone /,
      ],
      [
        "a secondary zone without a standby instance",
        { zone: "europe-west1-b", secondaryZone: "europe-west1-c", availability: Availability.ZONAL },
        /^CLOUDSQL-SECONDARY-ZONE: secondaryZone must be left out without a standby instance /,
      ],
      [
        "upper-case letters in the name",
        { instanceName: "Coder" },
        /^CLOUDSQL-INSTANCE-NAME: instanceName .*"Coder"/,
      ],
      [
        "a name that is too long with its project",
        { instanceName: "a".repeat(80), project: "a-project-of-thirty-characters" },
        /^CLOUDSQL-INSTANCE-NAME: instanceName must have at most 98 characters together with the project /,
      ],
    ],
  ],
  [
    "labels",
    [
      [
        "upper-case letters in a key",
        { tags: { Team: "x" } },
        /^CLOUDSQL-TAGS: tags\["Team"\] must have a key of 1 to 63 lower-case letters/,
      ],
      ["a digit first", { tags: { "1team": "x" } }, /^CLOUDSQL-TAGS: tags\["1team"\] must have a key/],
      [
        "a space in a value",
        { tags: { team: "the platform" } },
        /^CLOUDSQL-TAGS: tags\["team"\] must be up to 63 .*"the platform"/,
      ],
      [
        "too many",
        { tags: Object.fromEntries(Array.from({ length: 65 }, (_, i) => [`l${i}`, "x"])) },
        /^CLOUDSQL-TAGS: tags must be at most 64 labels \(got "65 tags"\)$/,
      ],
    ],
  ],
  [
    "administrator",
    [
      [
        "the default user of PostgreSQL",
        { adminLogin: CloudSqlAdminLogin.generated({ username: "postgres" }) },
        /^CLOUDSQL-ADMIN-LOGIN: adminLogin .*reserved/,
      ],
      [
        "the default user of MySQL",
        { engine: MYSQL, adminLogin: CloudSqlAdminLogin.generated({ username: "root" }) },
        /^CLOUDSQL-ADMIN-LOGIN: adminLogin .*reserved/,
      ],
      [
        "a name that is too long for all engines",
        { adminLogin: CloudSqlAdminLogin.generated({ username: "a".repeat(17) }) },
        /^CLOUDSQL-ADMIN-LOGIN: adminLogin .*1 to 16/,
      ],
    ],
  ],
])("%s", (_, cases) => {
  test.each(cases)("%s", (_name, props, message) => {
    expect(problems(props)).toEqual([expect.stringMatching(message)]);
  });
});

test("refuses a password version below 1, with which nothing would be written", () => {
  expect(problems({ passwordVersion: 0 })).toEqual([
    expect.stringMatching(/^CLOUDSQL-PASSWORD-VERSION: passwordVersion .*from 1/),
  ]);
});

test("reports all mistakes together, each with the construct's path", () => {
  expect(
    problemsOf(
      (stack) => void server(stack, { region: "Belgium", storage: { sizeGiB: 1 }, slowQueryMs: -2 }),
    ),
  ).toEqual([
    expect.stringMatching(/^\[db\] CLOUDSQL-REGION: /),
    expect.stringMatching(/^\[db\] CLOUDSQL-STORAGE-SIZE-GI-?B: /),
    expect.stringMatching(/^\[db\] CLOUDSQL-SLOW-QUERY-MS: /),
  ]);
});

test("allows the limits themselves", () => {
  expect(problems({ denyMaintenance: { startDate: "2026-12-01", endDate: "2027-03-01" } })).toEqual([]);
  expect(problems({ size: MachineSize.of({ names: { google: "db-custom-2-13312" } }) })).toEqual([]);
  expect(problems({ size: MachineSize.of({ names: { google: "db-custom-1-3840" } }) })).toEqual([]);
  expect(problems({ backup: { retentionDays: 365 }, transactionLogRetentionDays: 7 })).toEqual([]);
  expect(problems({ tags: { straße: "münchen_1" } })).toEqual([]);
});
