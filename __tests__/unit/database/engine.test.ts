import { DatabaseEngine, EngineFamily, MysqlVersion, PostgresVersion } from "../../../lib/database";

test.each([...Object.entries(PostgresVersion), ...Object.entries(MysqlVersion)])(
  "%s has the version of its name",
  (name, { version, major }: PostgresVersion | MysqlVersion) => {
    expect(`V${version.replace(".", "_")}`).toBe(name);
    expect(major).toBe(version);
  },
);

test.each([
  [PostgresVersion.V17, "17", "17"],
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
