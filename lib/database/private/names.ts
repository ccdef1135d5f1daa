import type { ReservedNames } from "../database-server";
import { type DatabaseEngine, EngineFamily } from "../engine";
import { ADMIN_NAME, DATABASE_NAME, RESERVED_DATABASES, USER_NAME } from "./data/name-rules";
import type { SynthChecks } from "./synth-checks";

/**
 * Reports a database name that the engine refuses or that the server reserves.
 *
 * @param checks where to report.
 * @param property the property's name as the user writes it.
 * @param engine the engine.
 * @param name the name.
 * @param reserved names that the service reserves. @default - none beyond the engine's own
 */
export function checkDatabaseName(
  checks: SynthChecks,
  property: string,
  engine: DatabaseEngine,
  name: string,
  reserved?: ReservedNames,
): void {
  const rule = DATABASE_NAME[engine.family];
  if (rule) checks.matches(property, name, rule.pattern, rule.rule);
  const taken = [...(RESERVED_DATABASES[engine.family] ?? []), ...(reserved?.databases ?? [])];
  checks.check(
    property,
    name,
    () => !taken.includes(name.toLowerCase()),
    "must not be a database that the server reserves; choose another name",
  );
}

/**
 * Reports an administrator name that the cloud refuses.
 *
 * @param checks where to report.
 * @param property the property's name as the user writes it.
 * @param name the name; may be a token or not set.
 * @param reserved names that the service reserves. @default - none
 */
export function checkAdminName(
  checks: SynthChecks,
  property: string,
  name: string | undefined,
  reserved?: ReservedNames,
): void {
  checks.matches(property, name, ADMIN_NAME.pattern, ADMIN_NAME.rule);
  checkReserved(checks, property, name, reserved);
  checkPostgresPrefix(checks, property, name);
}

/**
 * Reports an application's user name that the engine refuses or that the service reserves.
 *
 * @param checks where to report.
 * @param property the property's name as the user writes it.
 * @param engine the engine.
 * @param name the name; may be a token or not set.
 * @param reserved names that the service reserves. @default - none
 */
export function checkUserName(
  checks: SynthChecks,
  property: string,
  engine: DatabaseEngine,
  name: string | undefined,
  reserved?: ReservedNames,
): void {
  const rule = USER_NAME[engine.family];
  if (rule) checks.matches(property, name, rule.pattern, rule.rule);
  checkReserved(checks, property, name, reserved);
  if (engine.family === EngineFamily.POSTGRES) checkPostgresPrefix(checks, property, name);
}

// PostgreSQL reserves the prefix ("Predefined Roles"), and Azure does for both engines.
function checkPostgresPrefix(checks: SynthChecks, property: string, name: string | undefined): void {
  checks.check(
    property,
    name,
    () => !/^pg_/i.test(name as string),
    "must not begin with pg_, which PostgreSQL reserves; choose another name",
  );
}

function checkReserved(
  checks: SynthChecks,
  property: string,
  name: string | undefined,
  reserved: ReservedNames | undefined,
): void {
  const users = reserved?.users ?? [];
  checks.check(
    property,
    name,
    () => !users.includes((name as string).toLowerCase()),
    `must not be one of the reserved names ${users.join(", ")}; choose another name`,
  );
}
