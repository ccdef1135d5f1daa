import { DatabaseEngine, EngineFamily, MysqlVersion, PostgresVersion } from "../../../lib/database";

test.each([
  [PostgresVersion.V13, "13", "13"],
  [PostgresVersion.V14, "14", "14"],
  [PostgresVersion.V15, "15", "15"],
  [PostgresVersion.V16, "16", "16"],
  [PostgresVersion.V17, "17", "17"],
  [PostgresVersion.V18, "18", "18"],
  [PostgresVersion.of("17.5"), "17.5", "17"],
  [PostgresVersion.of("13.23-rds.20260701"), "13.23-rds.20260701", "13"],
])("PostgreSQL %p", (given, version, majorVersion) => {
  expect(DatabaseEngine.postgres(given)).toMatchObject({
    family: EngineFamily.POSTGRES,
    version,
    majorVersion,
    defaultPort: 5432,
    label: `PostgreSQL ${version}`,
  });
});

test.each([
  [MysqlVersion.V5_7, "5.7", "5.7"],
  [MysqlVersion.V8_0, "8.0", "8.0"],
  [MysqlVersion.V8_4, "8.4", "8.4"],
  [MysqlVersion.of("8.0.21"), "8.0.21", "8.0"],
  [MysqlVersion.of("8.4.5"), "8.4.5", "8.4"],
])("MySQL %p", (given, version, majorVersion) => {
  expect(DatabaseEngine.mysql(given)).toMatchObject({
    family: EngineFamily.MYSQL,
    version,
    majorVersion,
    defaultPort: 3306,
    label: `MySQL ${version}`,
  });
});
