// SQL takes nearly every name in quotes. The exceptions are refused here or, for names known only at apply, by the program.

import type { IDatabaseServer } from "../../database";
import type { SynthChecks } from "../../database/private";
import {
  MYSQL_RESERVED_DATABASES,
  MYSQL_RESERVED_USERS,
  POSTGRES_RESERVED_DATABASES,
  POSTGRES_RESERVED_ROLES,
} from "../data/reserved-names";

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what the pattern finds
const CONTROL = /[\u0000-\u001f\u007f]/;

/** Reports a name that PostgreSQL would truncate or refuse. */
export function checkPostgresName(checks: SynthChecks, property: string, name: string): void {
  checks.check(
    property,
    name,
    () =>
      Buffer.byteLength(name) >= 1 &&
      Buffer.byteLength(name) <= 63 &&
      !CONTROL.test(name) &&
      isWellFormed(name),
    "must be 1 to 63 bytes of UTF-8 without control characters",
  );
}

/** Reports a role name that PostgreSQL or the cloud reserves. */
export function checkRoleName(
  checks: SynthChecks,
  property: string,
  server: IDatabaseServer,
  name: string,
): void {
  checkPostgresName(checks, property, name);
  checks.check(
    property,
    name,
    () => !/^pg_/i.test(name) && !reserved(POSTGRES_RESERVED_ROLES, server.reservedNames?.users, name),
    "must not be a name that PostgreSQL or the cloud reserves",
  );
}

/** Reports a user name that MySQL refuses or reserves. */
export function checkMysqlUser(
  checks: SynthChecks,
  property: string,
  server: IDatabaseServer,
  name: string,
): void {
  checks.check(
    property,
    name,
    () =>
      [...name].length >= 1 &&
      [...name].length <= 32 &&
      !CONTROL.test(name) &&
      // The server stores up to three bytes per character; it removes spaces at the ends and, at login, quotes around a name.
      [...name].every((c) => c.length === 1) &&
      name === name.trim() &&
      !/^'.*'$/.test(name) &&
      isWellFormed(name),
    "must be 1 to 32 characters of up to three bytes in UTF-8, without control characters and without spaces or quotes around the name",
  );
  checks.check(
    property,
    name,
    () => !reserved(MYSQL_RESERVED_USERS, server.reservedNames?.users, name),
    "must not be a name that MySQL or the cloud reserves",
  );
}

/** Reports a database name that PostgreSQL would truncate or refuse, or that the server reserves. */
export function checkPostgresDatabase(
  checks: SynthChecks,
  property: string,
  server: IDatabaseServer,
  name: string,
): void {
  checkPostgresName(checks, property, name);
  checks.check(
    property,
    name,
    () => !reserved(POSTGRES_RESERVED_DATABASES, server.reservedNames?.databases, name),
    "must not be a database that the server reserves",
  );
}

/** Reports a MySQL database name that would need escapes in file names or grants, or that the server reserves. */
export function checkMysqlDatabase(
  checks: SynthChecks,
  property: string,
  server: IDatabaseServer,
  name: string,
): void {
  checks.matches(
    property,
    name,
    /^[A-Za-z0-9_][A-Za-z0-9_-]{0,63}$/,
    "must be 1 to 64 letters, digits, underscores and hyphens, and not begin with a hyphen",
  );
  checks.check(
    property,
    name,
    () => !reserved(MYSQL_RESERVED_DATABASES, server.reservedNames?.databases, name),
    "must not be a database that the server reserves",
  );
  if (server.sqlRules?.lowerCaseDatabases) {
    checks.check(
      property,
      name,
      () => name === name.toLowerCase(),
      "must be lower case, since the server stores names so (lower_case_table_names=1)",
    );
  }
}

function reserved(engine: readonly string[], service: readonly string[] | undefined, name: string): boolean {
  return [...engine, ...(service ?? [])].includes(name.toLowerCase());
}

// A lone surrogate has no UTF-8 form: JSON would carry it, and the server would receive another character.
function isWellFormed(text: string): boolean {
  return Buffer.from(text, "utf8").toString("utf8") === text;
}
