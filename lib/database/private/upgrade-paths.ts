import type { MajorUpgradePath } from "../changes/major-upgrade";
import { type DatabaseEngine, EngineFamily } from "../engine";
import { type EngineSupport, supportedMajors } from "./engine-support";

/**
 * Upgrades between the versions that a service supports: of PostgreSQL to each later major version, of MySQL to the next series, which
 * MySQL does not skip. A service may want a minor version first, which its own command shows.
 *
 * @see https://www.postgresql.org/docs/current/pgupgrade.html
 * @see https://dev.mysql.com/doc/refman/8.4/en/upgrade-paths.html
 */
export function upgradePaths(engine: DatabaseEngine, support: EngineSupport): MajorUpgradePath[] {
  const majors = supportedMajors(engine, support);
  return majors.map((from, i) => ({
    from,
    to: majors.slice(i + 1, engine.family === EngineFamily.MYSQL ? i + 2 : undefined),
  }));
}
