import type { IConstruct } from "constructs";
import type { Cloud } from "../cloud";
import type { DatabaseEngine } from "../engine";
import { COMMUNITY_RELEASES } from "./data/community-releases";
import { isResolved } from "./is-resolved";
import type { SynthChecks } from "./synth-checks";
import { today } from "./time/clock";

const WARN_DAYS = 180;
const DAY_MS = 86_400_000;
// RDS gives the suffix to releases under extended support, such as 13.23-rds.20260701.
const VERSION = /^\d+(\.\d+)*(-rds\.\d{8})?$/;

/** Support dates of a release, as `YYYY-MM-DD`. */
export interface EngineRelease {
  /** The engine family. */
  readonly family: "postgres" | "mysql";
  /** Major version of PostgreSQL, or release series of MySQL. */
  readonly major: string;
  /** Last day of standard support. @default - none is published */
  readonly standardEnd?: string;
  /** Last day of paid extended support. @default - none is sold */
  readonly extendedEnd?: string;
}

/** Support of engine versions by a service or by the communities. */
export interface EngineSupport {
  /** Where the releases are supported, for messages, such as `on RDS`. */
  readonly provider: string;
  /** The releases, oldest first within a family. */
  readonly releases: readonly EngineRelease[];
}

/** Support by the PostgreSQL and MySQL communities, for self-managed servers. */
export const COMMUNITY_SUPPORT: EngineSupport = {
  provider: "in the community",
  releases: COMMUNITY_RELEASES,
};

// Shared between the copies of a package that is loaded twice (CommonJS and ESM), as the clouds are.
const REGISTRY = Symbol.for("cdktf-devplatforms.EngineSupport");

function registry(): Map<Cloud, EngineSupport> {
  const globals = globalThis as { [REGISTRY]?: Map<Cloud, EngineSupport> };
  globals[REGISTRY] ??= new Map<Cloud, EngineSupport>();
  return globals[REGISTRY];
}

/**
 * Makes the support dates of a cloud's usual service known to servers of that cloud that no class of the cloud describes
 * (`DatabaseServer.fromServerAttributes`).
 *
 * @param cloud the cloud.
 * @param support the dates; returned.
 */
export function registerEngineSupport(cloud: Cloud, support: EngineSupport): EngineSupport {
  registry().set(cloud, support);
  return support;
}

/** The support dates that a cloud's room has registered; `undefined` if the program loads no room of the cloud. */
export function registeredEngineSupport(cloud: Cloud): EngineSupport | undefined {
  return registry().get(cloud);
}

/**
 * The support dates of an engine, or `undefined` if the release is not known.
 *
 * @param engine the engine and version.
 * @param support the support of the service.
 */
export function engineRelease(engine: DatabaseEngine, support: EngineSupport): EngineRelease | undefined {
  return support.releases.find((r) => r.family === engine.family && r.major === engine.majorVersion);
}

/** The major versions of an engine's family that a service supports, oldest first. */
export function supportedMajors(engine: DatabaseEngine, support: EngineSupport): string[] {
  return support.releases.filter((r) => r.family === engine.family).map((r) => r.major);
}

/**
 * Reports an engine past its support and warns within 180 days of the end. The last day of support still is one.
 *
 * @param scope gives the date (see `TODAY_CONTEXT`).
 * @param checks where to report.
 * @param engine the engine asked for.
 * @param support the support of the service; `COMMUNITY_SUPPORT` for a self-managed server.
 * @param acceptExtendedSupport the major version that is used past its standard support: at the price of extended support if
 *   the service sells it, without support otherwise. Past extended support it has no effect.
 */
export function checkEngineSupport(
  scope: IConstruct,
  checks: SynthChecks,
  engine: DatabaseEngine,
  support: EngineSupport,
  acceptExtendedSupport?: string,
): void {
  const { majorVersion, label } = engine;
  if (!isResolved(engine.version)) {
    // The version determines the parameter family, the limits and the support dates, so it can't wait for the plan.
    checks.fail("engine", engine.version, "must have a version that is known at synth");
    return;
  }
  const release = engineRelease(engine, support);
  if (!release) {
    checks.fail(
      "engine",
      label,
      `must have one of the major versions ${supportedMajors(engine, support).join(", ")}`,
    );
    return;
  }
  checks.check(
    "engine",
    engine.version,
    () => VERSION.test(engine.version),
    `must have a version such as ${majorVersion} or ${majorVersion}.1`,
  );
  checks.check(
    "acceptExtendedSupport",
    acceptExtendedSupport,
    () => acceptExtendedSupport === majorVersion,
    `must be the engine's major version, "${majorVersion}"; leave it out if the version is in standard support`,
  );
  const { standardEnd, extendedEnd } = release;
  if (!standardEnd) return;
  const by = support.provider;
  const now = today(scope);
  const left = daysUntil(standardEnd, now);
  if (left > WARN_DAYS) return;
  if (left >= 0) {
    checks.warn(
      // No count of days: it would change the snapshots and reviews of a program every day.
      `engine: standard support of ${label} ${by} ends on ${standardEnd}; plan the upgrade`,
      "engine.supportEnds",
    );
  } else if (extendedEnd && daysUntil(extendedEnd, now) < 0) {
    checks.fail(
      "engine",
      label,
      `must be a supported version: support ${by} ended on ${extendedEnd}; choose a later major version`,
    );
  } else if (acceptExtendedSupport === majorVersion) {
    const price = extendedEnd
      ? `extended support is charged until ${extendedEnd}`
      : "there is no extended support";
    checks.optOut(
      `acceptExtendedSupport: ${label} is past standard support, which ${by} ended on ${standardEnd}; ${price}`,
    );
  } else {
    const price = extendedEnd
      ? `accept the charges for extended support (until ${extendedEnd})`
      : "continue without support";
    checks.fail(
      "engine",
      label,
      `must be in standard support: ${by} it ended on ${standardEnd}; choose a later major version, or ${price} with acceptExtendedSupport: "${majorVersion}"`,
    );
  }
}

function daysUntil(date: string, now: Date): number {
  return Math.floor((Date.parse(date) - now.getTime()) / DAY_MS);
}
