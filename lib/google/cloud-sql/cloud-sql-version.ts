import { type DatabaseEngine, EngineFamily } from "../../database";
import { engineRelease, isResolved, type SynthChecks, supportedMajors } from "../../database/private";
import { CLOUD_SQL_SUPPORT } from "./data/engine-support";
import { MYSQL_8_0_MINORS } from "./data/versions";

/** True for MySQL. @internal */
export function isMysql(engine: DatabaseEngine): boolean {
  return engine.family === EngineFamily.MYSQL;
}

/** The `database_version`, such as `POSTGRES_17` or `MYSQL_8_0_44`. @internal */
export function databaseVersion(engine: DatabaseEngine): string {
  // A token is reported with the support dates; it must not be split.
  if (!isResolved(engine.version)) return engine.version;
  return `${engine.family === EngineFamily.POSTGRES ? "POSTGRES" : "MYSQL"}_${engine.version.replace(/\./g, "_")}`;
}

/** Refuses a version that Cloud SQL does not offer. @internal */
export function checkVersion(checks: SynthChecks, engine: DatabaseEngine): void {
  // Unknown versions are reported with the support dates.
  if (!isResolved(engine.version) || !engineRelease(engine, CLOUD_SQL_SUPPORT)) return;
  const majors = supportedMajors(engine, CLOUD_SQL_SUPPORT).join(", ");
  if (engine.family === EngineFamily.POSTGRES) {
    checks.check(
      "engine",
      engine.label,
      () => engine.version === engine.majorVersion,
      `must be a major version, ${majors}, since Cloud SQL chooses the minor version`,
    );
    return;
  }
  const minors = MYSQL_8_0_MINORS.map((minor) => `8.0.${minor}`);
  checks.check(
    "engine",
    engine.label,
    () => engine.version === engine.majorVersion || minors.includes(engine.version),
    `must be ${majors}, for which Cloud SQL chooses the minor version, or one of the minor versions 8.0.${MYSQL_8_0_MINORS.join(", .")}`,
  );
}
