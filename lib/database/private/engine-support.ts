import type { IConstruct } from "constructs";
import { Cloud } from "../cloud";
import type { DatabaseEngine } from "../engine";
import { today } from "./clock";
import { ENGINE_SUPPORT, type SupportDates } from "./data/engine-support-dates";
import { isResolved } from "./is-resolved";
import type { SynthChecks } from "./synth-checks";

const WARN_DAYS = 180;
const DAY_MS = 86_400_000;
// The suffix is what RDS gives to releases under extended support, such as 13.23-rds.20260701.
const VERSION = /^\d+(\.\d+)*(-rds\.\d{8})?$/;

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
  const dates: SupportDates =
    cloud === Cloud.SELF_MANAGED ? entry.community : entry[cloud.name as "aws" | "google" | "azure"];
  return { known: true, ...dates };
}

/** The releases of an engine's family that the library knows, oldest first. */
export function knownMajors(engine: DatabaseEngine): string[] {
  return ENGINE_SUPPORT.filter((e) => e.family === engine.family).map((e) => e.major);
}

/**
 * Reports an engine past its support and warns within 180 days of the end. The last day of support still is one.
 *
 * @param scope gives the date (see `TODAY_CONTEXT`).
 * @param checks where to report.
 * @param engine the engine asked for.
 * @param cloud where the server runs; a self-managed server is judged by the community's dates.
 * @param acceptExtendedSupport the major version that the user keeps, by name, past its standard support: at the price of
 *   extended support where the cloud sells it, without any support elsewhere. Past extended support nothing helps.
 */
export function checkEngineSupport(
  scope: IConstruct,
  checks: SynthChecks,
  engine: DatabaseEngine,
  cloud: Cloud,
  acceptExtendedSupport?: string,
): void {
  if (!isResolved(engine.version)) {
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
    "engine",
    engine.version,
    () => VERSION.test(engine.version),
    `allowed is a version such as ${engine.majorVersion} or ${engine.majorVersion}.1`,
  );
  checks.check(
    "acceptExtendedSupport",
    acceptExtendedSupport,
    () => acceptExtendedSupport === engine.majorVersion,
    `it has to name the engine's major version, "${engine.majorVersion}", or be left out`,
  );
  const { standardEnd, extendedEnd } = status;
  if (!standardEnd) return;
  const by = cloud === Cloud.SELF_MANAGED ? "by the community" : `on ${cloud}`;
  const now = today(scope);
  const left = daysUntil(standardEnd, now);
  if (left > WARN_DAYS) return;
  if (left >= 0) {
    checks.warn(
      `${engine.label} leaves standard support ${by} in ${left} days, on ${standardEnd}: plan the upgrade`,
    );
  } else if (extendedEnd && daysUntil(extendedEnd, now) < 0) {
    checks.fail(
      "engine",
      engine.label,
      `its support ${by} ended on ${extendedEnd}; take a later major version`,
    );
  } else if (acceptExtendedSupport === engine.majorVersion) {
    const price = extendedEnd ? `extended support is charged until ${extendedEnd}` : "nothing follows it";
    checks.optOut(
      `acceptExtendedSupport: ${engine.label} left standard support ${by} on ${standardEnd}; ${price}`,
    );
  } else {
    const price = extendedEnd
      ? `accept the price of extended support (until ${extendedEnd})`
      : "go on without support";
    checks.fail(
      "engine",
      engine.label,
      `its standard support ${by} ended on ${standardEnd}; take a later major version, ` +
        `or ${price} with acceptExtendedSupport: "${engine.majorVersion}"`,
    );
  }
}

function daysUntil(date: string, now: Date): number {
  return Math.floor((Date.parse(date) - now.getTime()) / DAY_MS);
}
