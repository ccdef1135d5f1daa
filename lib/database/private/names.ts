import type { Cloud } from "../cloud";
import { type DatabaseEngine, EngineFamily } from "../engine";
import {
  ADMIN_NAME,
  DATABASE_NAME,
  RESERVED_DATABASES,
  RESERVED_USERS,
  SERVER_NAME,
  USER_NAME,
} from "./data/name-rules";
import type { SynthChecks } from "./synth-checks";

/**
 * Reports a server name that the cloud refuses.
 *
 * @param checks where to report.
 * @param property the property's name as the user writes it.
 * @param cloud the cloud; a self-managed server may have any name.
 * @param name the name; may be a token or not set.
 */
export function checkServerName(
  checks: SynthChecks,
  property: string,
  cloud: Cloud,
  name: string | undefined,
): void {
  const rule = SERVER_NAME[cloud.name];
  if (rule) checks.matches(property, name, rule.pattern, rule.rule);
}

/**
 * Reports a database name that the engine refuses or that every server already has.
 *
 * @param checks where to report.
 * @param property the property's name as the user writes it.
 * @param engine the engine.
 * @param name the name.
 */
export function checkDatabaseName(
  checks: SynthChecks,
  property: string,
  engine: DatabaseEngine,
  name: string,
): void {
  const rule = DATABASE_NAME[engine.family];
  if (rule) checks.matches(property, name, rule.pattern, rule.rule);
  checks.check(
    property,
    name,
    () => !RESERVED_DATABASES[engine.family]?.includes(name.toLowerCase()),
    "the server keeps this database for itself; take another name",
  );
}

/**
 * Reports the name of an administrator that the cloud refuses.
 *
 * @param checks where to report.
 * @param property the property's name as the user writes it.
 * @param cloud the cloud.
 * @param name the name; may be a token or not set.
 */
export function checkAdminName(
  checks: SynthChecks,
  property: string,
  cloud: Cloud,
  name: string | undefined,
): void {
  checks.matches(property, name, ADMIN_NAME.pattern, ADMIN_NAME.rule);
  checkReserved(checks, property, cloud, name);
  checkPostgresPrefix(checks, property, name);
}

/**
 * Reports the name of an application's user that the engine or the cloud refuses.
 *
 * @param checks where to report.
 * @param property the property's name as the user writes it.
 * @param cloud the cloud.
 * @param engine the engine.
 * @param name the name; may be a token or not set.
 */
export function checkUserName(
  checks: SynthChecks,
  property: string,
  cloud: Cloud,
  engine: DatabaseEngine,
  name: string | undefined,
): void {
  const rule = USER_NAME[engine.family];
  if (rule) checks.matches(property, name, rule.pattern, rule.rule);
  checkReserved(checks, property, cloud, name);
  if (engine.family === EngineFamily.POSTGRES) checkPostgresPrefix(checks, property, name);
}

// PostgreSQL keeps the prefix for itself ("Predefined Roles"), and Azure for both engines.
function checkPostgresPrefix(checks: SynthChecks, property: string, name: string | undefined): void {
  checks.check(
    property,
    name,
    () => !/^pg_/i.test(name as string),
    "names that begin with pg_ belong to PostgreSQL; take another",
  );
}

function checkReserved(checks: SynthChecks, property: string, cloud: Cloud, name: string | undefined): void {
  const reserved = RESERVED_USERS[cloud.name] ?? [];
  checks.check(
    property,
    name,
    () => !reserved.includes((name as string).toLowerCase()),
    `the name is reserved; not allowed are ${reserved.join(", ")}`,
  );
}
