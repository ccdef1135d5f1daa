import { DatabaseEngine, MysqlVersion, PostgresVersion } from "../../../lib/database";
import {
  CloudSqlCertificateAuthority,
  CloudSqlEdition,
  CloudSqlIamKind,
  MaintenanceTrack,
  TlsMode,
} from "../../../lib/google";
import { databaseVersion } from "../../../lib/google/cloud-sql/cloud-sql-version";
import { CLOUD_SQL_SUPPORT } from "../../../lib/google/cloud-sql/data/engine-support";
import { MYSQL_8_0_MINORS } from "../../../lib/google/cloud-sql/data/versions";
import enums from "./fixtures/sqladmin-enums.json";

test.each([
  ["edition", Object.values(CloudSqlEdition)],
  ["sslMode", Object.values(TlsMode)],
  ["updateTrack", Object.values(MaintenanceTrack)],
  ["userType", Object.values(CloudSqlIamKind)],
  [
    "serverCaMode",
    [
      CloudSqlCertificateAuthority.PER_INSTANCE.mode,
      CloudSqlCertificateAuthority.REGIONAL.mode,
      CloudSqlCertificateAuthority.pool("p").mode,
    ],
  ],
  ["availabilityType", ["REGIONAL", "ZONAL"]],
  ["connectorEnforcement", ["REQUIRED", "NOT_REQUIRED"]],
  ["dataDiskType", ["PD_SSD"]],
  ["retentionUnit", ["COUNT"]],
  ["instanceType", ["CLOUD_SQL_INSTANCE"]],
] as const)("%s", (name, ours) => {
  for (const value of ours) expect(enums[name]).toContain(value);
});

test("versions", () => {
  const ours = [
    ...CLOUD_SQL_SUPPORT.releases.map(({ family, major }) =>
      family === "postgres"
        ? DatabaseEngine.postgres(PostgresVersion.of(major))
        : DatabaseEngine.mysql(MysqlVersion.of(major)),
    ),
    ...MYSQL_8_0_MINORS.map((minor) => DatabaseEngine.mysql(MysqlVersion.of(`8.0.${minor}`))),
  ].map(databaseVersion);
  for (const version of ours) expect(enums.databaseVersion).toContain(version);
  // Every minor of MySQL 8.0 that can be had.
  expect(enums.databaseVersion.filter((version) => /^MYSQL_8_0_\d+$/.test(version)).sort()).toEqual(
    ours.filter((version) => /^MYSQL_8_0_\d+$/.test(version)).sort(),
  );
});
