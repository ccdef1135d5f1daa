import { coerce, lt } from "semver";
import { type DatabaseEngine, EngineFamily } from "../engine";
import { isResolved } from "./is-resolved";
import type { SynthChecks } from "./synth-checks";

/**
 * Checks the engine of a read replica that is not left to its source: MySQL replicates from an older version to a newer one and not
 * back, PostgreSQL between equal major versions only.
 *
 * @see https://dev.mysql.com/doc/refman/8.4/en/replication-compatibility.html
 * @internal
 */
export function checkReplicaEngine(
  checks: SynthChecks,
  replica: DatabaseEngine,
  source: DatabaseEngine,
): void {
  if (replica.family !== EngineFamily.MYSQL || source.family !== EngineFamily.MYSQL) {
    checks.fail(
      "engine",
      replica.label,
      "must be left out unless replica and source are MySQL, since PostgreSQL does not replicate between major versions",
    );
    return;
  }
  if (!isResolved([replica.majorVersion, source.majorVersion])) return;
  const [its, sources] = [coerce(replica.majorVersion), coerce(source.majorVersion)];
  checks.check(
    "engine",
    replica.label,
    () => its !== null && sources !== null && !lt(its, sources),
    `must not be older than the source's, ${source.label}, which MySQL cannot replicate from; upgrade the replicas before their source`,
  );
}
