// Names that are valid for the engines. Sources, read 2026-11: postgresql.org "Identifiers and Key Words", dev.mysql.com
// "Schema Object Names", and the validators of the aws, google and azurerm providers, of which the strictest counts.

import type { Rule } from "../synth-checks";

/** A pattern and its meaning. */
export interface NameRule {
  readonly pattern: RegExp;
  readonly rule: Rule;
}

/** Database names; the same everywhere so that a program can move. With a hyphen they need quotes in SQL. */
export const DATABASE_NAME: { readonly [family: string]: NameRule } = {
  postgres: {
    pattern: /^[a-zA-Z_][a-zA-Z0-9_-]{0,62}$/,
    rule: "must be 1 to 63 letters, digits, underscores and hyphens, with a letter or underscore first",
  },
  mysql: {
    pattern: /^[a-zA-Z_][a-zA-Z0-9_-]{0,63}$/,
    rule: "must be 1 to 64 letters, digits, underscores and hyphens, with a letter or underscore first",
  },
};

/** Databases that every server of the engine has. */
export const RESERVED_DATABASES: { readonly [family: string]: readonly string[] } = {
  postgres: ["postgres", "template0", "template1"],
  mysql: ["mysql", "information_schema", "performance_schema", "sys"],
};

/** Administrator names that are valid on every cloud and for both engines: RDS for MySQL allows 1 to 16 characters, PostgreSQL up to 63. */
export const ADMIN_NAME: NameRule = {
  pattern: /^[a-zA-Z][a-zA-Z0-9_]{0,15}$/,
  rule: "must be 1 to 16 letters, digits and underscores, with a letter first",
};

/** User names of applications: 63 characters in PostgreSQL, 32 in MySQL. */
export const USER_NAME: { readonly [family: string]: NameRule } = {
  postgres: {
    pattern: /^[a-zA-Z_][a-zA-Z0-9_@.-]{0,62}$/,
    rule: "must be 1 to 63 letters, digits and _ @ . -, with a letter or underscore first",
  },
  mysql: {
    pattern: /^[a-zA-Z_][a-zA-Z0-9_@.-]{0,31}$/,
    rule: "must be 1 to 32 letters, digits and _ @ . -, with a letter or underscore first",
  },
};
