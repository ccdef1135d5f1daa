// Rules of a logical database and of the objects in it.

import { MYSQL_PRIVILEGES, POSTGRES_PRIVILEGES } from "../data/privileges";
import type { ComponentObjects } from "./component-objects";
import type { DescriptionChecks } from "./description-checks";
import { connectRole } from "./desired-state";
import { checkMysqlDatabase, checkPostgresDatabase, checkPostgresName, checkRoleName } from "./name-checks";
import type { SqlDatabase } from "./sql-database";
import { type SqlDefaultPrivileges, type SqlGrant, SqlGrantTarget, SqlPrivilege } from "./sql-grant";

/** Reports mistakes in a database of a component. @internal */
export function checkSqlDatabase(
  description: DescriptionChecks,
  at: string,
  component: ComponentObjects,
  database: SqlDatabase,
): void {
  checkProperties(description, at, component, database);
  const schemas = ["public", ...(database.schemas ?? []).map((s) => s.name)];
  description.unique(`${at}.schemas.name`, schemas.slice(1), "must be described once");
  checkSchemas(description, at, database);
  checkExtensions(description, `${at}.extensions`, database, schemas);
  checkGrants(description, at, database, schemas);
  checkQueries(description, at, database);
  checkAccess(description, at, database);
  if (!description.postgres) checkForMysql(description, at, database);
}

function checkProperties(
  description: DescriptionChecks,
  at: string,
  component: ComponentObjects,
  database: SqlDatabase,
): void {
  const { checks, postgres } = description;
  if (!database.existing) {
    if (postgres) {
      checkPostgresDatabase(checks, `${at}.name`, description.server, database.name);
    } else {
      checkMysqlDatabase(checks, `${at}.name`, description.server, database.name);
    }
  }
  const own = [...component.logins.map((l) => l.login.username), ...component.groupRoles.map((r) => r.name)];
  const { owner } = database;
  if (owner === undefined) {
    if (!component.logins.some((l) => l.existing)) {
      checks.fail(
        `${at}.owner`,
        undefined,
        "must be set to a role of the component; it may be left out only for a login that the cloud's API creates",
      );
    }
  } else {
    checks.check(
      `${at}.owner`,
      owner,
      () => own.includes(owner),
      `must be a role of the component: ${own.join(", ")}`,
    );
  }
  checks.wholeNumber(`${at}.connectionLimit`, database.connectionLimit, -1, 262_143);
  checks.matches(
    `${at}.encoding`,
    database.encoding,
    /^[A-Za-z0-9_]{1,63}$/,
    "must be the name of an encoding or character set, such as UTF8",
  );
  checks.matches(
    `${at}.collation`,
    database.collation,
    postgres ? /^[A-Za-z0-9_.@-]{1,63}$/ : /^[A-Za-z0-9_]{1,63}$/,
    "must be the name of a collation, such as C or utf8mb4_bin",
  );
  description.settings(`${at}.settings`, database.settings, false);
}

function checkSchemas(description: DescriptionChecks, at: string, database: SqlDatabase): void {
  const { checks } = description;
  for (const schema of database.schemas ?? []) {
    checkPostgresName(checks, `${at}.schemas.name`, schema.name);
    checks.check(
      `${at}.schemas.name`,
      schema.name,
      () => !/^pg_/i.test(schema.name) && schema.name !== "information_schema",
      "must not be a schema that PostgreSQL reserves",
    );
    if (schema.owner) description.role(`${at}.schemas.owner`, schema.owner);
  }
}

function checkExtensions(
  description: DescriptionChecks,
  at: string,
  database: SqlDatabase,
  schemas: string[],
): void {
  const { checks, server } = description;
  description.unique(
    `${at}.name`,
    (database.extensions ?? []).map((e) => e.name),
    "must be described once",
  );
  const allowed = server.sqlRules?.extensions;
  for (const { name, schema, acceptUnlisted } of database.extensions ?? []) {
    checkPostgresName(checks, `${at}.name`, name);
    checks.check(
      `${at}.name`,
      name,
      () => !allowed || acceptUnlisted === true || allowed.includes(name),
      `must be in the known extension list for ${server.location.cloud.name}; if the service supports it, set acceptUnlisted`,
    );
    checks.check(
      `${at}.schema`,
      schema,
      () => schemas.includes(schema as string),
      `must be a schema of the database: ${schemas.join(", ")}`,
    );
  }
}

function checkGrants(
  description: DescriptionChecks,
  at: string,
  database: SqlDatabase,
  schemas: string[],
): void {
  const { checks } = description;
  for (const grant of [...(database.grants ?? []), ...(database.defaultPrivileges ?? [])]) {
    checkGrant(description, `${at}.grants`, grant, schemas);
  }
  for (const grant of database.defaultPrivileges ?? []) {
    checks.check(
      `${at}.defaultPrivileges.on`,
      grant.on,
      () => [SqlGrantTarget.TABLES, SqlGrantTarget.SEQUENCES, SqlGrantTarget.FUNCTIONS].includes(grant.on),
      "must be tables, sequences or functions",
    );
    if (grant.owner) description.role(`${at}.defaultPrivileges.owner`, grant.owner);
  }
}

function checkGrant(
  description: DescriptionChecks,
  at: string,
  grant: SqlGrant | SqlDefaultPrivileges,
  schemas: string[],
): void {
  const { checks, postgres } = description;
  if (!(postgres && grant.grantee === "public")) description.role(`${at}.grantee`, grant.grantee);
  if (!postgres) {
    checks.check(
      `${at}.on`,
      grant.on,
      () => grant.on === SqlGrantTarget.DATABASE,
      "must be database in MySQL",
    );
  }
  checks.check(
    `${at}.schema`,
    grant.schema,
    () => schemas.includes(grant.schema as string),
    `must be a schema of the database: ${schemas.join(", ")}`,
  );
  const privileges = (postgres ? POSTGRES_PRIVILEGES[grant.on] : MYSQL_PRIVILEGES) ?? [];
  for (const privilege of grant.privileges) {
    checks.check(
      `${at}.privileges`,
      privilege,
      () => privilege === SqlPrivilege.ALL || privileges.includes(privilege),
      `must be a privilege of ${grant.on}: ${privileges.join(", ")}`,
    );
  }
}

function checkQueries(description: DescriptionChecks, at: string, database: SqlDatabase): void {
  const { checks, postgres } = description;
  description.unique(
    `${at}.queries.name`,
    (database.queries ?? []).map((q) => q.name),
    "must be unique in the database",
  );
  for (const query of database.queries ?? []) {
    checkPostgresName(checks, `${at}.queries.name`, query.name);
    checks.check(`${at}.queries.sql`, query.sql, () => query.sql.trim() !== "", "must not be empty");
    if (!postgres) {
      checks.check(
        `${at}.queries.sql`,
        query.sql,
        () => !/;\s*\S/.test(query.sql),
        "must be one statement in MySQL: a run that is interrupted between two statements would never run the second",
      );
    }
    checks.check(
      `${at}.queries.unless`,
      query.unless,
      () => /^\s*(select|with|values)\b/i.test(query.unless) && !/;\s*$/.test(query.unless),
      "must be a SELECT of one boolean, without a semicolon",
    );
    if (query.runAs) description.role(`${at}.queries.runAs`, query.runAs);
  }
}

/** Rules of the restriction of CONNECT. */
function checkAccess(description: DescriptionChecks, at: string, database: SqlDatabase): void {
  const { checks, postgres } = description;
  if (database.restrictAccess ?? description.restrictAccess) {
    if (postgres) {
      checkRoleName(checks, `${at}.restrictAccess`, description.server, connectRole(database.name));
      checkPublicGrants(description, at, database);
    }
    for (const user of database.users ?? []) description.role(`${at}.users`, user);
  } else if (database.users?.length) {
    checks.fail(
      `${at}.users`,
      database.users,
      "must not be set unless access is restricted; set restrictAccess, or leave users out",
    );
  }
}

/** Grants to PUBLIC that restricted access revokes: each run would undo the previous one. */
function checkPublicGrants({ checks }: DescriptionChecks, at: string, database: SqlDatabase): void {
  for (const { on, schema, grantee, privileges } of database.grants ?? []) {
    const create = privileges.some((p) => p === SqlPrivilege.CREATE || p === SqlPrivilege.ALL);
    const revoked =
      on === SqlGrantTarget.DATABASE
        ? privileges.length > 0
        : on === SqlGrantTarget.SCHEMA && (schema ?? "public") === "public" && create;
    if (grantee !== "public" || !revoked) continue;
    checks.fail(
      `${at}.grants.grantee`,
      grantee,
      "must be a role: restricted access revokes all privileges on the database and CREATE on the schema public from PUBLIC; set restrictAccess to false, or name roles",
    );
  }
}

const POSTGRES_DATABASE_OPTIONS = [
  "connectionLimit",
  "characterType",
  "settings",
  "schemas",
  "extensions",
  "defaultPrivileges",
  "restrictAccess",
  "users",
] as const;

/** Options that MySQL does not have. */
function checkForMysql({ checks }: DescriptionChecks, at: string, database: SqlDatabase): void {
  for (const option of POSTGRES_DATABASE_OPTIONS) {
    const value = database[option];
    if (value === undefined || (Array.isArray(value) && value.length === 0)) continue;
    checks.fail(
      `${at}.${option}`,
      value,
      "must not be set for MySQL: it is PostgreSQL only, and MySQL lets no user into a database without a grant",
    );
  }
}
