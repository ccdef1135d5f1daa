// Names that SQL takes quoted: nearly everything. What is left is refused here or, when it is known only later, by the program.

import type { SynthChecks } from "../database/private";
import { isResolved, RESERVED_USERS } from "../database/private";
import { MYSQL_RESERVED_USERS, POSTGRES_RESERVED_ROLES } from "./data/server-roles";

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROL = /[\u0000-\u001f\u007f]/;

/** Reports a name that PostgreSQL would cut or refuse. */
export function checkPostgresName(checks: SynthChecks, property: string, name: string): void {
  checks.check(
    property,
    name,
    () =>
      Buffer.byteLength(name) >= 1 &&
      Buffer.byteLength(name) <= 63 &&
      !CONTROL.test(name) &&
      isWellFormed(name),
    "allowed are 1 to 63 bytes of UTF-8 without control characters",
  );
}

/** Reports the name of a role that PostgreSQL or the cloud keeps for itself. */
export function checkRoleName(checks: SynthChecks, property: string, cloud: string, name: string): void {
  checkPostgresName(checks, property, name);
  checks.check(
    property,
    name,
    () => !/^pg_/i.test(name) && !reserved(cloud, POSTGRES_RESERVED_ROLES, name),
    "PostgreSQL or the cloud keeps this name for itself; take another",
  );
}

/** Reports the name of a user that MySQL would refuse or that is taken. */
export function checkMysqlUser(checks: SynthChecks, property: string, cloud: string, name: string): void {
  checks.check(
    property,
    name,
    () =>
      [...name].length >= 1 &&
      [...name].length <= 32 &&
      !CONTROL.test(name) &&
      // The server keeps three bytes for a character, takes spaces off the ends and, at log-in, quotes around a name.
      [...name].every((c) => c.length === 1) &&
      name === name.trim() &&
      !/^'.*'$/.test(name) &&
      isWellFormed(name),
    "allowed are 1 to 32 characters of up to three bytes in UTF-8, without control characters, and without spaces or quotes around the name",
  );
  checks.check(
    property,
    name,
    () => !reserved(cloud, MYSQL_RESERVED_USERS, name),
    "MySQL or the cloud keeps this name for itself; take another",
  );
}

/** Reports the name of a MySQL database that has to be escaped in file names or grants. */
export function checkMysqlDatabase(checks: SynthChecks, property: string, cloud: string, name: string): void {
  checks.matches(
    property,
    name,
    /^[A-Za-z0-9_][A-Za-z0-9_-]{0,63}$/,
    "allowed are 1 to 64 letters, digits, underscores and hyphens, with no hyphen first",
  );
  checks.check(
    property,
    name,
    () => !["mysql", "information_schema", "performance_schema", "sys"].includes(name.toLowerCase()),
    "the server keeps this database for itself; take another name",
  );
  if (cloud === "azure" && isResolved(name)) {
    checks.check(
      property,
      name,
      () => name === name.toLowerCase(),
      "Azure writes names in lower case (lower_case_table_names=1)",
    );
  }
}

function reserved(cloud: string, engine: readonly string[], name: string): boolean {
  const lower = name.toLowerCase();
  return engine.includes(lower) || (RESERVED_USERS[cloud] ?? []).includes(lower);
}

// A lone surrogate has no UTF-8 form; JSON would carry it and the server would get something else.
function isWellFormed(text: string): boolean {
  return Buffer.from(text, "utf8").toString("utf8") === text;
}
