// Database flags of an instance: the secure ones, those that properties set, and the user's.

import { Op, Token } from "cdktf";
import { type DatabaseEngine, EngineFamily } from "../../database";
import { isResolved, type SynthChecks } from "../../database/private";
import type { CloudSqlInstanceOptions } from "./cloud-sql-instance";
import { FLAG_PROPERTIES, MYSQL_FLAGS, POSTGRES_FLAGS } from "./data/flags";
import { MAX_CONNECTIONS } from "./data/limits";

/** Properties that set flags. @internal */
export type FlagOptions = Pick<
  CloudSqlInstanceOptions,
  "iamAuthentication" | "maxConnections" | "slowQueryMs" | "parameters"
>;

/** A database flag, in the form of the provider's bindings. @internal */
export interface Flag {
  readonly name: string;
  readonly value: string;
}

/** The flags of an instance, sorted by name. `parameters` override the secure flags. @internal */
export function databaseFlags(engine: DatabaseEngine, options: FlagOptions): Flag[] {
  const { iamAuthentication = true, maxConnections, slowQueryMs = 1000, parameters } = options;
  const postgres = engine.family === EngineFamily.POSTGRES;
  const flags = new Map<string, string>();
  for (const { name, value } of postgres ? POSTGRES_FLAGS : MYSQL_FLAGS) flags.set(name, value);
  const iam = postgres ? "cloudsql.iam_authentication" : "cloudsql_iam_authentication";
  if (iamAuthentication) flags.set(iam, "on");
  if (postgres) {
    flags.set("log_min_duration_statement", String(slowQueryMs));
  } else if (!isResolved(slowQueryMs) || slowQueryMs >= 0) {
    flags.set("slow_query_log", "on");
    flags.set("log_output", "FILE");
    // In seconds.
    const seconds = isResolved(slowQueryMs) ? slowQueryMs / 1000 : Token.asString(Op.div(slowQueryMs, 1000));
    flags.set("long_query_time", String(seconds));
  }
  if (maxConnections !== undefined) flags.set("max_connections", String(maxConnections));
  for (const [name, value] of Object.entries(parameters ?? {})) flags.set(name, value);
  return [...flags].map(([name, value]) => ({ name, value })).sort((a, b) => (a.name < b.name ? -1 : 1));
}

/**
 * Refuses flags that Cloud SQL refuses or that contradict a property, and records those that override a secure flag.
 *
 * @internal
 */
export function checkFlags(checks: SynthChecks, engine: DatabaseEngine, options: FlagOptions): void {
  const { family } = engine;
  const limits = MAX_CONNECTIONS[family];
  if (limits) checks.wholeNumber("maxConnections", options.maxConnections, limits.min, limits.max);
  checks.wholeNumber("slowQueryMs", options.slowQueryMs, -1, 2_147_483_647, "milliseconds");
  for (const [name, value] of Object.entries(options.parameters ?? {})) {
    if (!isResolved(name)) {
      checks.fail("parameters", name, "must have names that are known at synth");
      continue;
    }
    checks.matches(
      "parameters",
      name,
      /^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*$/,
      "must have names of lower-case letters, digits and underscores, with dots between parts",
    );
    const property = FLAG_PROPERTIES[family]?.[name];
    if (property) {
      checks.fail(`parameters["${name}"]`, value, `must be left out; set the property ${property}`);
      continue;
    }
    const secure = (family === EngineFamily.POSTGRES ? POSTGRES_FLAGS : MYSQL_FLAGS).find(
      (flag) => flag.name === name,
    );
    if (secure && value !== secure.value && !secure.alsoSecure?.includes(value)) {
      const shown = isResolved(value) ? JSON.stringify(value) : "a value not known at synth";
      checks.optOut(`parameters.${name}: ${shown} instead of "${secure.value}"`, "parameters");
    }
  }
}
