import type { IConstruct } from "constructs";
import { today } from "./clock";
import { Cloud } from "./cloud";
import { ENGINE_SUPPORT, type SupportDates } from "./data/engine-support-dates";
import type { DatabaseEngine } from "./engine";
import { isKnown } from "./known";
import type { SynthChecks } from "./synth-checks";

const WARN_DAYS = 180;
const DAY_MS = 86_400_000;

/** How long a cloud supports an engine version. */
export interface EngineSupportStatus {
  /** Whether the library knows this release at all. */
  readonly known: boolean;
  /** The last day of standard support as `YYYY-MM-DD`; not set when none is published. */
  readonly standardEnd?: string;
  /** The last day of paid extended support as `YYYY-MM-DD`; not set when none is sold. */
  readonly extendedEnd?: string;
}

/**
 * The support dates of an engine on a cloud.
 *
 * @param engine the engine and version.
 * @param cloud the cloud; a self-managed server is judged by the community's dates.
 */
export function engineSupport(engine: DatabaseEngine, cloud: Cloud): EngineSupportStatus {
  const entry = ENGINE_SUPPORT.find((e) => e.family === engine.family && e.major === engine.majorVersion);
  if (!entry) return { known: false };
  const dates: SupportDates = cloud === Cloud.SELF_MANAGED ? entry.community : entry[cloud];
  return { known: true, ...dates };
}

/** The releases of an engine's family that the library knows, oldest first. */
export function knownMajors(engine: DatabaseEngine): string[] {
  return ENGINE_SUPPORT.filter((e) => e.family === engine.family).map((e) => e.major);
}

/**
 * Reports an engine past its support and warns within 180 days of the end.
 *
 * @param scope gives the date (see `TODAY_CONTEXT`).
 * @param checks where to report.
 * @param engine the engine asked for.
 * @param cloud where the server runs.
 * @param acceptExtendedSupport the major version whose paid extended support the user accepts by name.
 */
export function checkEngineSupport(
  scope: IConstruct,
  checks: SynthChecks,
  engine: DatabaseEngine,
  cloud: Cloud,
  acceptExtendedSupport?: string,
): void {
  if (!isKnown(engine.version)) {
    // The version decides the parameter family, the limits and the support dates, so it can't wait for the plan.
    checks.fail("engine", engine.version, "the version has to be known at synth");
    return;
  }
  const status = engineSupport(engine, cloud);
  if (!status.known) {
    checks.fail("engine", engine.label, `known major versions are ${knownMajors(engine).join(", ")}`);
    return;
  }
  checks.check(
    "acceptExtendedSupport",
    acceptExtendedSupport,
    () => acceptExtendedSupport === engine.majorVersion,
    `it has to name the engine's major version, "${engine.majorVersion}", or be left out`,
  );
  if (!status.standardEnd) return;
  const now = today(scope).getTime();
  const left = Math.floor((Date.parse(status.standardEnd) - now) / DAY_MS);
  if (left > WARN_DAYS) return;
  if (left >= 0) {
    checks.warn(
      `${engine.label} leaves standard support on ${cloud} in ${left} days, on ${status.standardEnd}: plan the upgrade`,
    );
    return;
  }
  const extendedLeft = status.extendedEnd ? Date.parse(status.extendedEnd) - now : -1;
  if (extendedLeft < 0) {
    const end = status.extendedEnd ?? status.standardEnd;
    checks.fail(
      "engine",
      engine.label,
      `its support on ${cloud} ended on ${end}; take a later major version`,
    );
  } else if (acceptExtendedSupport === engine.majorVersion) {
    checks.optOut(
      `acceptExtendedSupport: ${engine.label} left standard support on ${status.standardEnd}; extended support is charged until ${status.extendedEnd}`,
    );
  } else {
    checks.fail(
      "engine",
      engine.label,
      `its standard support on ${cloud} ended on ${status.standardEnd}; take a later major version, or accept the price of ` +
        `extended support (until ${status.extendedEnd}) with acceptExtendedSupport: "${engine.majorVersion}"`,
    );
  }
}
