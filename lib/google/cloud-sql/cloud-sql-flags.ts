import { Op, Token } from "cdktf";
import { type DatabaseEngine, EngineFamily } from "../../database";
import { isResolved, type SynthChecks } from "../../database/private";
import { FLAG_PROPERTIES, MYSQL_FLAGS, POSTGRES_FLAGS } from "./data/cloud-sql-flags";
import { MAX_CONNECTIONS } from "./data/cloud-sql-limits";

/** What the flags of a server follow from. @internal */
export interface FlagIntents {
  readonly engine: DatabaseEngine;
  readonly iamAuthentication: boolean;
  readonly maxConnections?: number;
  readonly slowQueryMs?: number;
  readonly parameters?: { readonly [name: string]: string };
}

/** A database flag, as the provider's bindings write it. @internal */
export interface Flag {
  readonly name: string;
  readonly value: string;
}

/**
 * The flags of a server, sorted by name: the safe ones, those that follow from properties, and the user's over them.
 *
 * @internal
 */
export function databaseFlags(intents: FlagIntents): Flag[] {
  const { engine, iamAuthentication, maxConnections, slowQueryMs = -1, parameters } = intents;
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

/** Reports flags that Cloud SQL refuses or that undo a property, and notes those that undo a safe value. @internal */
export function checkFlags(checks: SynthChecks, intents: FlagIntents): void {
  const { family } = intents.engine;
  const limits = MAX_CONNECTIONS[family];
  if (limits) checks.wholeNumber("maxConnections", intents.maxConnections, limits.min, limits.max);
  checks.wholeNumber("slowQueryMs", intents.slowQueryMs, -1, 2_147_483_647, "milliseconds");
  for (const [name, value] of Object.entries(intents.parameters ?? {})) {
    if (!isResolved(name)) {
      checks.fail("parameters", name, "the name of a parameter has to be known at synth");
      continue;
    }
    checks.matches(
      "parameters, the name",
      name,
      /^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*$/,
      "a flag's name has lower-case letters, digits and underscores, and dots between its parts",
    );
    const property = FLAG_PROPERTIES[family]?.[name];
    if (property) {
      checks.fail(`parameters.${name}`, value, `it has a property of its own; set ${property}`);
      continue;
    }
    const safe = (family === EngineFamily.POSTGRES ? POSTGRES_FLAGS : MYSQL_FLAGS).find(
      (f) => f.name === name,
    );
    if (safe && value !== safe.value && !safe.alsoSafe?.includes(value)) {
      checks.optOut(
        `parameters.${name}: ${isResolved(value) ? JSON.stringify(value) : "a value known later"} in place of "${safe.value}"`,
      );
    }
  }
}
