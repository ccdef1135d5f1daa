import { Cloud, type DatabaseEngine, EngineFamily } from "../../database";
import { engineSupport, isResolved, type SynthChecks } from "../../database/private";
import { MYSQL_8_0_MINORS, MYSQL_SERIES, POSTGRES_MAJORS } from "./data/cloud-sql-versions";

/**
 * The engine as Cloud SQL writes it, such as `POSTGRES_17` or `MYSQL_8_0_44`.
 *
 * @internal
 */
export function databaseVersion(engine: DatabaseEngine): string {
  // Reported with the support dates; a token must not be taken apart.
  if (!isResolved(engine.version)) return engine.version;
  return `${engine.family === EngineFamily.POSTGRES ? "POSTGRES" : "MYSQL"}_${engine.version.replace(/\./g, "_")}`;
}

/** Reports a version that Cloud SQL has not. @internal */
export function checkVersion(checks: SynthChecks, engine: DatabaseEngine): void {
  // What is not known at all is reported with the support dates.
  if (!isResolved(engine.version) || !engineSupport(engine, Cloud.GOOGLE).known) return;
  if (engine.family === EngineFamily.POSTGRES) {
    checks.check(
      "engine",
      engine.label,
      () => POSTGRES_MAJORS.includes(engine.version),
      `Cloud SQL chooses the minor version itself; allowed are the majors ${POSTGRES_MAJORS.join(", ")}`,
    );
    return;
  }
  const minors = MYSQL_8_0_MINORS.map((minor) => `8.0.${minor}`);
  checks.check(
    "engine",
    engine.label,
    () => MYSQL_SERIES.includes(engine.version) || minors.includes(engine.version),
    `allowed are ${MYSQL_SERIES.join(", ")} and the minor versions 8.0.${MYSQL_8_0_MINORS.join(", .")}; of the others Cloud SQL chooses the minor version itself`,
  );
}
