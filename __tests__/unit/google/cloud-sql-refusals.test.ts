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
        "a PostgreSQL minor",
        { engine: DatabaseEngine.postgres(PostgresVersion.of("17.5")) },
        /^engine is "PostgreSQL 17.5": Cloud SQL chooses the minor version itself; allowed are the majors 13/,
      ],
      [
        "an unknown major",
        { engine: DatabaseEngine.postgres(PostgresVersion.of("99")) },
        /^engine is "PostgreSQL 99": known major versions are/,
      ],
      [
        "a minor of MySQL 8.4",
        { engine: DatabaseEngine.mysql(MysqlVersion.of("8.4.5")) },
        /^engine is "MySQL 8.4.5": allowed are 5.7, 8.0, 8.4 and/,
      ],
      [
        "a minor of MySQL 8.0 that Cloud SQL has not",
        { engine: DatabaseEngine.mysql(MysqlVersion.of("8.0.38")), acceptExtendedSupport: "8.0" },
        /^engine is "MySQL 8.0.38": allowed are/,
      ],
      [
        "a version past its support",
        { engine: DatabaseEngine.postgres(PostgresVersion.V13) },
        /^engine is "PostgreSQL 13": its standard support on google ended on 2026-02-01/,
      ],
    ],
  ],
  [
    "machine and edition",
    [
      [
        "a custom machine in Enterprise Plus",
        { edition: CloudSqlEdition.ENTERPRISE_PLUS },
        /^edition is "ENTERPRISE_PLUS": db-custom-4-16384 belongs to ENTERPRISE; leave edition out/,
      ],
      [
        "an Enterprise Plus machine in Enterprise",
        { size: MachineSize.memory(4), edition: CloudSqlEdition.ENTERPRISE },
        /^edition is "ENTERPRISE": db-perf-optimized-N-4 belongs to ENTERPRISE_PLUS/,
      ],
      [
        "a shared core in Enterprise Plus",
        {
          size: MachineSize.of({ names: { google: "db-f1-micro" } }),
          edition: CloudSqlEdition.ENTERPRISE_PLUS,
        },
        /^edition is "ENTERPRISE_PLUS": db-f1-micro belongs to ENTERPRISE/,
      ],
      [
        "Enterprise Plus for MySQL 5.7",
        {
          engine: DatabaseEngine.mysql(MysqlVersion.V5_7),
          acceptExtendedSupport: "5.7",
          size: MachineSize.memory(4),
        },
        /^size is "memory\(4\)": MySQL 5.7 is not offered in ENTERPRISE_PLUS/,
      ],
      [
        "an unknown machine without an edition",
        { size: MachineSize.of({ names: { google: "db-c4a-highmem-4" } }) },
        /^edition is not set: the library does not know db-c4a-highmem-4/,
      ],
      [
        "a size that Google has not",
        { size: MachineSize.of({ names: { aws: "db.m7g.large" } }) },
        /^size is .*: Cloud SQL has no machine of this size/,
      ],
      [
        "an odd number of vCPU",
        { size: MachineSize.of({ names: { google: "db-custom-3-12288" } }) },
        /^size is "db-custom-3-12288": allowed are 1 vCPU or an even number up to 96/,
      ],
      [
        "too many vCPU",
        { size: MachineSize.of({ names: { google: "db-custom-98-401408" } }) },
        /^size is "db-custom-98-401408": allowed are 1 vCPU or an even number up to 96/,
      ],
      [
        "too much memory",
        { size: MachineSize.of({ names: { google: "db-custom-2-16384" } }) },
        /^size is "db-custom-2-16384": 2 vCPU take 3840 to 13312 MiB of memory, in steps of 256/,
      ],
      [
        "too little memory",
        { size: MachineSize.of({ names: { google: "db-custom-8-7168" } }) },
        /^size is "db-custom-8-7168": 8 vCPU take 7424 to 53248 MiB/,
      ],
      [
        "memory off the steps of 256 MiB",
        { size: MachineSize.of({ names: { google: "db-custom-2-8000" } }) },
        /^size is "db-custom-2-8000": 2 vCPU take/,
      ],
      [
        "a custom machine written wrongly",
        { size: MachineSize.of({ names: { google: "db-custom-4" } }) },
        /^size is "db-custom-4": a custom machine is written db-custom-VCPU-MIB/,
      ],
      [
        "an Enterprise Plus machine of no such size",
        { size: MachineSize.of({ names: { google: "db-perf-optimized-N-6" } }) },
        /^size is "db-perf-optimized-N-6": allowed are db-perf-optimized-N- with 2, 4/,
      ],
      [
        "a data cache in Enterprise",
        { dataCache: true },
        /^dataCache is true: only machines of ENTERPRISE_PLUS have one/,
      ],
    ],
  ],
  [
    "storage",
    [
      [
        "a disk that is too small",
        { storage: { sizeGiB: 9 } },
        /^storage.sizeGiB is 9: allowed is a whole number from 10 to 65536 GiB/,
      ],
      ["half a GiB", { storage: { sizeGiB: 10.5 } }, /^storage.sizeGiB is 10.5: allowed is a whole number/],
      [
        "a ceiling below the size",
        { storage: { sizeGiB: 100, maxSizeGiB: 50 } },
        /^storage.maxSizeGiB is 50/,
      ],
      [
        "IOPS, which follow from the size",
        { storage: { sizeGiB: 100, iops: 3000 } },
        /^storage.iops is 3000: Cloud SQL derives it/,
      ],
      [
        "throughput, which does too",
        { storage: { sizeGiB: 100, throughputMiBps: 200 } },
        /^storage.throughputMiBps is 200: Cloud SQL derives it/,
      ],
      [
        "applying a size that is always applied",
        { applyStorageSize: true },
        /^applyStorageSize is true: without storage.maxSizeGiB the size is always applied/,
      ],
    ],
  ],
  [
    "backups",
    [
      [
        "no backups",
        { backup: { retentionDays: 0 } },
        /^backup.retentionDays is 0: allowed is a whole number from 2 to 365 days/,
      ],
      [
        "one backup, which leaves no room for logs",
        { backup: { retentionDays: 1 } },
        /^backup.retentionDays is 1/,
      ],
      ["too many backups", { backup: { retentionDays: 366 } }, /^backup.retentionDays is 366/],
      [
        "too many days of logs for Enterprise",
        { transactionLogRetentionDays: 8 },
        /^transactionLogRetentionDays is 8: allowed is a whole number from 1 to 7 days in ENTERPRISE/,
      ],
      [
        "too many days of logs for Enterprise Plus",
        { size: MachineSize.memory(4), backup: { retentionDays: 100 }, transactionLogRetentionDays: 36 },
        /^transactionLogRetentionDays is 36: allowed is a whole number from 1 to 35 days in ENTERPRISE_PLUS/,
      ],
      [
        "logs that reach back beyond the backups",
        { backup: { retentionDays: 5 }, transactionLogRetentionDays: 5 },
        /^transactionLogRetentionDays is 5: it has to stay below backup.retentionDays, 5/,
      ],
      [
        "a time that is none",
        { backup: { window: { start: "3:00" } } },
        /^backup.window.start is "3:00": allowed is a time such as 03:00/,
      ],
      [
        "a place that is none",
        { backupLocation: "Europe" },
        /^backupLocation is "Europe": allowed is a region such as europe-west1 or a multi-region/,
      ],
    ],
  ],
  [
    "maintenance",
    [
      [
        "a time that is none",
        { maintenanceWindow: { day: DayOfWeek.MONDAY, start: "24:00" } },
        /^maintenanceWindow.start is "24:00"/,
      ],
      [
        "a day that is none",
        { maintenanceWindow: { day: "someday" as DayOfWeek, start: "03:00" } },
        /^maintenanceWindow.day is "someday": allowed are mon, tue/,
      ],
      [
        "a length that is none",
        { maintenanceWindow: { day: DayOfWeek.MONDAY, start: "03:00", minutes: 10 } },
        /^maintenanceWindow.minutes is 10/,
      ],
      [
        "minor versions held back",
        { autoMinorVersionUpgrade: false },
        /^autoMinorVersionUpgrade is false: Cloud SQL installs minor versions/,
      ],
      [
        "more than 90 days without updates",
        { denyMaintenance: { startDate: "2026-12-01", endDate: "2027-03-02" } },
        /^denyMaintenance is "2026-12-01 to 2027-03-02": allowed are 1 to 90 days/,
      ],
      [
        "more than 90 days over New Year",
        { denyMaintenance: { startDate: "11-15", endDate: "02-28" } },
        /^denyMaintenance is "11-15 to 02-28"/,
      ],
      [
        "an end before the start",
        { denyMaintenance: { startDate: "2026-12-20", endDate: "2026-12-01" } },
        /^denyMaintenance is/,
      ],
      [
        "one day with a year and one without",
        { denyMaintenance: { startDate: "2026-12-20", endDate: "01-02" } },
        /^denyMaintenance.endDate is "01-02": both days have a year, or neither has/,
      ],
      [
        "a day that is none",
        { denyMaintenance: { startDate: "13-01", endDate: "12-02" } },
        /^denyMaintenance.startDate is "13-01"/,
      ],
      [
        "a time that is none",
        { denyMaintenance: { startDate: "12-01", endDate: "12-02", time: "noon" } },
        /^denyMaintenance.time is "noon"/,
      ],
    ],
  ],
  [
    "flags",
    [
      [
        "one with a property of its own",
        { parameters: { max_connections: "500" } },
        /^parameters.max_connections is "500": it has a property of its own; set maxConnections/,
      ],
      [
        "the IAM flag of PostgreSQL",
        { parameters: { "cloudsql.iam_authentication": "off" } },
        /set iamAuthentication/,
      ],
      [
        "the IAM flag of MySQL",
        { engine: MYSQL, parameters: { cloudsql_iam_authentication: "off" } },
        /set iamAuthentication/,
      ],
      [
        "TLS as a flag of MySQL",
        { engine: MYSQL, parameters: { require_secure_transport: "ON" } },
        /set tlsMode/,
      ],
      ["slow queries as a flag", { parameters: { log_min_duration_statement: "100" } }, /set slowQueryMs/],
      ["a name that is none", { parameters: { "Work Mem": "8" } }, /^parameters, the name is "Work Mem"/],
      [
        "too few connections",
        { maxConnections: 5 },
        /^maxConnections is 5: allowed is a whole number from 14 to 262143/,
      ],
      [
        "too many connections for MySQL",
        { engine: MYSQL, maxConnections: 100_001 },
        /^maxConnections is 100001: allowed is a whole number from 10 to 100000/,
      ],
      ["a slow query of half a millisecond", { slowQueryMs: 0.5 }, /^slowQueryMs is 0.5/],
    ],
  ],
  [
    "the customer's key",
    [
      [
        "in another region",
        { encryptionKey: CryptoKey.fromKeyName(KEY.replace("west1", "west4")) },
        /^encryptionKey is ".*": the key has to be in the instance's region, europe-west1/,
      ],
      [
        "in all regions",
        { encryptionKey: CryptoKey.fromKeyName(KEY.replace("europe-west1", "global")) },
        /the key has to be in the instance's region/,
      ],
      [
        "a version of it",
        { encryptionKey: CryptoKey.fromKeyName(`${KEY}/cryptoKeyVersions/1`) },
        /^encryptionKey is ".*": allowed is projects\/PROJECT\/locations/,
      ],
      [
        "an agent without a key",
        { encryptionServiceAgent: "a@b.iam.gserviceaccount.com" },
        /^encryptionServiceAgent is ".*": it is of use with encryptionKeyName only/,
      ],
      [
        "an agent that is none",
        { encryptionKey: CryptoKey.fromKeyName(KEY), encryptionServiceAgent: "agent" },
        /^encryptionServiceAgent is "agent": allowed is an e-mail address/,
      ],
      [
        "a pool that is none",
        { certificateAuthority: CloudSqlCertificateAuthority.pool("pool") },
        /^certificateAuthority is "pool": allowed is projects\/PROJECT\/locations\/REGION\/caPools/,
      ],
    ],
  ],
  [
    "place and name",
    [
      [
        "a region that is none",
        { region: "Belgium" },
        /^region is "Belgium": allowed is a region such as europe-west1/,
      ],
      ["a zone as the region", { region: "europe-west1-b" }, /^region is "europe-west1-b"/],
      [
        "a zone of another region",
        { zone: "europe-west4-a" },
        /^zone is "europe-west4-a": allowed is a zone of the region, such as europe-west1-b/,
      ],
      [
        "a second zone alone",
        { secondaryZone: "europe-west1-c" },
        /^secondaryZone is "europe-west1-c": it is of use with zone only/,
      ],
      [
        "the same zone twice",
        { zone: "europe-west1-b", secondaryZone: "europe-west1-b" },
        /^secondaryZone is "europe-west1-b": it has to differ from zone/,
      ],
      [
        "a second zone without a standby",
        { zone: "europe-west1-b", secondaryZone: "europe-west1-c", availability: Availability.ZONAL },
        /^secondaryZone is "europe-west1-c": there is a standby with/,
      ],
      ["capitals in the name", { instanceName: "Coder" }, /^instanceName is "Coder": allowed are up to 84/],
      [
        "a name that is too long with its project",
        { instanceName: "a".repeat(80), project: "a-project-of-thirty-characters" },
        /^instanceName is "a-project-.*": project and name together have at most 98 characters/,
      ],
    ],
  ],
  [
    "labels",
    [
      [
        "capitals in a name",
        { tags: { Team: "x" } },
        /^tags, the name "Team" is "Team": a label's name has 1 to 63 lower-case letters/,
      ],
      ["a digit first", { tags: { "1team": "x" } }, /^tags, the name "1team"/],
      [
        "a space in a value",
        { tags: { team: "the platform" } },
        /^tags.team is "the platform": a label's value has up to 63/,
      ],
      [
        "too many",
        { tags: Object.fromEntries(Array.from({ length: 65 }, (_, i) => [`l${i}`, "x"])) },
        /^tags is "65 tags": allowed are 64/,
      ],
    ],
  ],
  [
    "administrator",
    [
      [
        "PostgreSQL's own",
        { adminLogin: CloudSqlAdminLogin.generated({ username: "postgres" }) },
        /^adminLogin is "postgres": the name is reserved/,
      ],
      [
        "MySQL's own",
        { engine: MYSQL, adminLogin: CloudSqlAdminLogin.generated({ username: "root" }) },
        /^adminLogin is "root": the name is reserved/,
      ],
      [
        "a name that is too long for all engines",
        { adminLogin: CloudSqlAdminLogin.generated({ username: "a".repeat(17) }) },
        /^adminLogin is "a{17}": allowed are 1 to 16/,
      ],
    ],
  ],
])("%s", (_, cases) => {
  test.each(cases)("%s", (_name, props, message) => {
    expect(problems(props)).toEqual([expect.stringMatching(message)]);
  });
});

test("a password version below 1 is refused at once, since nothing would be written", () => {
  expect(problems({ passwordVersion: 0 })).toEqual([
    expect.stringMatching(/^passwordVersion is 0: allowed is a whole number from 1/),
  ]);
});

test("all mistakes are told at once, each with the construct's path", () => {
  expect(
    problemsOf(
      (stack) => void server(stack, { region: "Belgium", storage: { sizeGiB: 1 }, slowQueryMs: -2 }),
    ),
  ).toEqual([
    expect.stringMatching(/^\[db\] region is/),
    expect.stringMatching(/^\[db\] storage.sizeGiB is/),
    expect.stringMatching(/^\[db\] slowQueryMs is/),
  ]);
});

test("what is at the edge is allowed", () => {
  expect(problems({ denyMaintenance: { startDate: "2026-12-01", endDate: "2027-03-01" } })).toEqual([]);
  expect(problems({ size: MachineSize.of({ names: { google: "db-custom-2-13312" } }) })).toEqual([]);
  expect(problems({ size: MachineSize.of({ names: { google: "db-custom-1-3840" } }) })).toEqual([]);
  expect(problems({ backup: { retentionDays: 365 }, transactionLogRetentionDays: 7 })).toEqual([]);
  expect(problems({ tags: { straße: "münchen_1" } })).toEqual([]);
});
