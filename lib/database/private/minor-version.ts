import type { DatabaseEngine } from "../engine";
import { isResolved } from "./is-resolved";
import type { SynthChecks } from "./synth-checks";

/** A cloud's setting of automatic minor version upgrades. */
export interface MinorVersionUpgrades {
  /** Name of the property, as the user writes it. */
  readonly property: string;
  /** True if the cloud upgrades to later minor versions by itself. */
  readonly enabled: boolean;
}

/**
 * Reports a full version, such as `17.5`, together with automatic minor version upgrades: once the cloud has upgraded the server, the
 * program asks for a downgrade, which the cloud refuses together with every other change.
 *
 * @param checks where to report.
 * @param engine the engine asked for.
 * @param upgrades the cloud's setting.
 */
export function checkMinorVersion(
  checks: SynthChecks,
  engine: DatabaseEngine,
  upgrades: MinorVersionUpgrades,
): void {
  const { version, majorVersion } = engine;
  if (!upgrades.enabled || !isResolved(version) || version === majorVersion) return;
  checks.fail(
    "engine",
    version,
    `must be the major version ${majorVersion} while ${upgrades.property} is true, since each plan asks for a downgrade once the cloud has upgraded the minor version; leave the minor version out, or, where an upgrade needs a full version as its target, set ${upgrades.property} to false and raise the version yourself`,
    `engine.${upgrades.property}`,
  );
}
