/** Drift on the objects of a generated case: statements of a superuser, which may act as another role. */
import { type SqlGrant, SqlGrantTarget } from "../../../lib/sql";
import type { GeneratedCase } from "./generated-descriptions";

export interface Drift {
  readonly kind: string;
  readonly sql: string;
  readonly database?: string;
  /** Set if the administrator cannot correct it: the text that the run names it with, and the correction. */
  readonly refused?: string;
  readonly undo?: string;
}

const AS_ADMIN = "SET SESSION AUTHORIZATION platform_admin";

/** Two or three kinds of drift that do not touch the same thing, as the case's choices say. */
export function drifts(given: GeneratedCase, version: number): Drift[] {
  const { component, choices, prefix } = given;
  const [first] = component.databases;
  const { name, owner } = first!;
  const [login, other] = component.logins.map((l) => l.login.username).filter((each) => each !== owner) as [
    string,
    string,
  ];
  const restricted = first!.restrictAccess ?? true;
  const described = component.logins.find((l) => l.login.username === login)!;
  const pair = (described.memberOf ?? [])[0];
  const group = `${prefix}readers`;
  const on = (target: SqlGrantTarget): SqlGrant | undefined =>
    (first!.grants ?? []).find(
      (g) =>
        g.on === target && (target === SqlGrantTarget.DATABASE || g.schema === "app") && g.grantee !== owner,
    );
  const table = on(SqlGrantTarget.TABLES);
  const schema = on(SqlGrantTarget.SCHEMA);
  const databaseGrant = on(SqlGrantTarget.DATABASE);
  const inside = { database: name };

  const roles: (Drift | undefined)[] = [
    {
      kind: "role options",
      sql: `ALTER ROLE ${login} NOLOGIN CREATEDB NOINHERIT CONNECTION LIMIT 3 VALID UNTIL '2031-01-01'`,
    },
    { kind: "password", sql: `ALTER ROLE ${owner} PASSWORD 'other'` },
    {
      kind: "setting",
      sql: `ALTER ROLE ${owner} SET statement_timeout TO '1ms'; ALTER ROLE ${owner} RESET statement_timeout; ALTER DATABASE ${name} CONNECTION LIMIT 2`,
    },
    { kind: "member of the owner", sql: `${AS_ADMIN}; GRANT ${owner} TO stranger` },
    { kind: "outsider in a group", sql: `${AS_ADMIN}; GRANT ${group} TO stranger` },
    restricted
      ? { kind: "outsider in the connect role", sql: `${AS_ADMIN}; GRANT ${name}_connect TO stranger` }
      : undefined,
    pair ? { kind: "membership that is gone", sql: `${AS_ADMIN}; REVOKE ${pair} FROM ${login}` } : undefined,
    pair
      ? {
          kind: "membership with the ADMIN option",
          sql: `${AS_ADMIN}; GRANT ${pair} TO ${login} WITH ADMIN OPTION`,
        }
      : undefined,
    pair && version >= 16
      ? {
          kind: "membership without its options",
          sql: `${AS_ADMIN}; GRANT ${pair} TO ${login} WITH INHERIT ${!(described.inherit ?? true)}, SET FALSE`,
        }
      : undefined,
    version >= 16
      ? {
          kind: "predefined role by a superuser",
          sql: `GRANT pg_read_all_data TO ${other}`,
          refused: `REVOKE pg_read_all_data FROM ${other}`,
          undo: `REVOKE pg_read_all_data FROM ${other}`,
        }
      : { kind: "predefined role by a superuser", sql: `GRANT pg_read_all_settings TO ${other}` },
    version >= 16
      ? {
          kind: "member of the owner by a superuser",
          sql: `GRANT ${owner} TO stranger`,
          refused: `REVOKE ${owner} FROM stranger`,
          undo: `REVOKE ${owner} FROM stranger`,
        }
      : undefined,
  ];
  const access: (Drift | undefined)[] = [
    restricted
      ? { kind: "CONNECT for PUBLIC", sql: `GRANT CONNECT, TEMPORARY ON DATABASE ${name} TO PUBLIC` }
      : { kind: "PUBLIC shut out", sql: `REVOKE ALL ON DATABASE ${name} FROM PUBLIC` },
    restricted
      ? {
          kind: "CONNECT for a stranger",
          sql: `GRANT CONNECT ON DATABASE ${name} TO stranger WITH GRANT OPTION`,
        }
      : undefined,
    restricted
      ? { kind: "CONNECT for a described login", sql: `GRANT CREATE ON DATABASE ${name} TO ${other}` }
      : undefined,
    restricted
      ? {
          kind: "CONNECT handed on",
          sql: `GRANT CONNECT ON DATABASE ${name} TO ${login} WITH GRANT OPTION; SET SESSION AUTHORIZATION ${login}; GRANT CONNECT ON DATABASE ${name} TO stranger`,
        }
      : undefined,
    databaseGrant
      ? {
          kind: "grant on a database that is gone",
          sql: `REVOKE ALL ON DATABASE ${name} FROM ${databaseGrant.grantee} CASCADE`,
        }
      : undefined,
    { kind: "owner of a database", sql: `ALTER DATABASE ${name} OWNER TO ${login}` },
    restricted
      ? {
          kind: "connect role shut out",
          sql: `REVOKE CONNECT ON DATABASE ${name} FROM ${name}_connect, platform_admin`,
        }
      : undefined,
  ];
  const objects: (Drift | undefined)[] = [
    { kind: "USAGE of a schema for PUBLIC", sql: `GRANT USAGE, CREATE ON SCHEMA app TO PUBLIC`, ...inside },
    restricted
      ? { kind: "a schema for a stranger", sql: `GRANT ALL ON SCHEMA app TO stranger`, ...inside }
      : undefined,
    restricted
      ? {
          kind: "the schema public for a described login",
          sql: version >= 15 ? `GRANT CREATE ON SCHEMA public TO ${other}` : "SELECT 1",
          ...inside,
        }
      : undefined,
    { kind: "owner of a schema", sql: `ALTER SCHEMA app OWNER TO ${login}`, ...inside },
    {
      kind: "default privileges for a stranger",
      sql: `ALTER DEFAULT PRIVILEGES FOR ROLE ${owner} IN SCHEMA app GRANT SELECT ON TABLES TO stranger`,
      ...inside,
    },
    {
      kind: "default privileges for PUBLIC everywhere",
      sql: `ALTER DEFAULT PRIVILEGES FOR ROLE ${owner} GRANT SELECT ON TABLES TO PUBLIC; ALTER DEFAULT PRIVILEGES FOR ROLE ${owner} GRANT USAGE ON SCHEMAS TO stranger`,
      ...inside,
    },
    {
      kind: "extension that is gone",
      sql: "DROP EXTENSION IF EXISTS citext; DROP EXTENSION IF EXISTS pg_trgm",
      ...inside,
    },
    table
      ? {
          kind: "too much on a table",
          sql: `GRANT ALL ON app.page TO ${table.grantee} WITH GRANT OPTION`,
          ...inside,
        }
      : undefined,
    table
      ? {
          kind: "table grant that is gone",
          sql: `REVOKE ALL ON app.page FROM ${table.grantee} CASCADE`,
          ...inside,
        }
      : undefined,
    schema
      ? {
          kind: "schema grant handed on",
          sql: `GRANT ALL ON SCHEMA app TO ${schema.grantee} WITH GRANT OPTION; SET SESSION AUTHORIZATION ${schema.grantee}; GRANT USAGE ON SCHEMA app TO stranger`,
          ...inside,
        }
      : undefined,
    schema
      ? {
          kind: "schema grant that is gone",
          sql: `REVOKE ALL ON SCHEMA app FROM ${schema.grantee} CASCADE`,
          ...inside,
        }
      : undefined,
    {
      kind: "objects that are gone",
      sql: "DROP TABLE app.page; DROP SEQUENCE app.number; DROP FUNCTION app.answer()",
      ...inside,
    },
  ];
  return [roles, access, objects].map((of, i) => {
    const possible = of.filter((each): each is Drift => each !== undefined);
    return possible[Math.floor(choices[i]! * possible.length)]!;
  });
}
