// The rules of a logical database, and of what is in it.

import type { ComponentObjects } from "./component-objects";
import { ALLOWED_EXTENSIONS } from "./data/extensions";
import type { DescriptionChecks } from "./description-checks";
import { connectRole } from "./desired-state";
import { checkGrant } from "./grant-checks";
import { checkMysqlDatabase, checkPostgresName, checkRoleName } from "./object-names";
import type { SqlDatabase } from "./sql-database";
import { SqlGrantTarget, SqlPrivilege } from "./sql-privilege";

/** PostgreSQL's own databases and the clouds'. */
const RESERVED_DATABASES =
  /^(postgres|template0|template1|rdsadmin|cloudsqladmin|azure_maintenance|azure_sys)$/i;

/** Reports what is wrong with a database of a component. @internal */
export function checkDatabase(
  on: DescriptionChecks,
  at: string,
  component: ComponentObjects,
  database: SqlDatabase,
): void {
  checkItself(on, at, component, database);
  const schemas = ["public", ...(database.schemas ?? []).map((s) => s.name)];
  on.unique(`${at}.schemas.name`, schemas.slice(1), "each schema is described once");
  checkSchemas(on, at, database);
  checkExtensions(on, `${at}.extensions`, database, schemas);
  checkGrants(on, at, database, schemas);
  checkQueries(on, at, database);
  checkAccess(on, at, database);
  if (!on.postgres) checkForMysql(on, at, database);
}

function checkItself(
  on: DescriptionChecks,
  at: string,
  component: ComponentObjects,
  database: SqlDatabase,
): void {
  const { checks, postgres } = on;
  if (!database.existing) {
    if (postgres) {
      checkPostgresName(checks, `${at}.name`, database.name);
      checks.check(
        `${at}.name`,
        database.name,
        () => !RESERVED_DATABASES.test(database.name),
        "the server keeps this database for itself; take another name",
      );
    } else {
      checkMysqlDatabase(checks, `${at}.name`, on.cloud, database.name);
    }
  }
  const own = [...component.logins.map((l) => l.login.username), ...component.groupRoles.map((r) => r.name)];
  if (database.owner === undefined) {
    if (!component.logins.some((l) => l.existing)) {
      checks.fail(
        `${at}.owner`,
        undefined,
        "a database is its component's; only for a login that the cloud's API makes it may be left out",
      );
    }
  } else {
    const { owner } = database;
    checks.check(
      `${at}.owner`,
      owner,
      () => own.includes(owner),
      `allowed are the component's own roles: ${own.join(", ")}`,
    );
  }
  checks.wholeNumber(`${at}.connectionLimit`, database.connectionLimit, -1, 262_143);
  checks.matches(
    `${at}.encoding`,
    database.encoding,
    /^[A-Za-z0-9_]{1,63}$/,
    "allowed is the name of an encoding, such as UTF8",
  );
  checks.matches(
    `${at}.collation`,
    database.collation,
    postgres ? /^[A-Za-z0-9_.@-]{1,63}$/ : /^[A-Za-z0-9_]{1,63}$/,
    "allowed is the name of a collation, such as C or utf8mb4_bin",
  );
  on.settings(`${at}.settings`, database.settings, false);
}

function checkSchemas(on: DescriptionChecks, at: string, database: SqlDatabase): void {
  const { checks } = on;
  for (const schema of database.schemas ?? []) {
    checkPostgresName(checks, `${at}.schemas.name`, schema.name);
    checks.check(
      `${at}.schemas.name`,
      schema.name,
      () => !/^pg_/i.test(schema.name) && schema.name !== "information_schema",
      "PostgreSQL keeps this name for itself; take another",
    );
    if (schema.owner) on.role(`${at}.schemas.owner`, schema.owner);
  }
}

function checkExtensions(on: DescriptionChecks, at: string, database: SqlDatabase, schemas: string[]): void {
  const { checks } = on;
  on.unique(
    `${at}.name`,
    (database.extensions ?? []).map((e) => e.name),
    "each extension is described once",
  );
  const allowed = ALLOWED_EXTENSIONS[on.cloud];
  for (const { name, schema, acceptUnlisted } of database.extensions ?? []) {
    checkPostgresName(checks, `${at}.name`, name);
    checks.check(
      `${at}.name`,
      name,
      () => !allowed || acceptUnlisted === true || allowed.includes(name),
      `it is not on our copy of the list of ${on.cloud}; set acceptUnlisted when the cloud offers it by now`,
    );
    checks.check(
      `${at}.schema`,
      schema,
      () => schemas.includes(schema as string),
      `allowed are the database's schemas: ${schemas.join(", ")}`,
    );
  }
}

function checkGrants(on: DescriptionChecks, at: string, database: SqlDatabase, schemas: string[]): void {
  const { checks } = on;
  for (const grant of [...(database.grants ?? []), ...(database.defaultPrivileges ?? [])]) {
    checkGrant(on, `${at}.grants`, grant, schemas);
  }
  for (const grant of database.defaultPrivileges ?? []) {
    checks.check(
      `${at}.defaultPrivileges.on`,
      grant.on,
      () => [SqlGrantTarget.TABLES, SqlGrantTarget.SEQUENCES, SqlGrantTarget.FUNCTIONS].includes(grant.on),
      "allowed are tables, sequences and functions",
    );
    if (grant.owner) on.role(`${at}.defaultPrivileges.owner`, grant.owner);
  }
}

function checkQueries(on: DescriptionChecks, at: string, database: SqlDatabase): void {
  const { checks, postgres } = on;
  on.unique(
    `${at}.queries.name`,
    (database.queries ?? []).map((q) => q.name),
    "each query has a name of its own",
  );
  for (const query of database.queries ?? []) {
    checkPostgresName(checks, `${at}.queries.name`, query.name);
    checks.check(
      `${at}.queries.sql`,
      query.sql,
      () => query.sql.trim() !== "",
      "a query has to do something",
    );
    if (!postgres) {
      checks.check(
        `${at}.queries.sql`,
        query.sql,
        () => !/;\s*\S/.test(query.sql),
        "in MySQL a query is one statement: a run that is killed between two would never do the second",
      );
    }
    checks.check(
      `${at}.queries.unless`,
      query.unless,
      () => /^\s*(select|with|values)\b/i.test(query.unless) && !/;\s*$/.test(query.unless),
      "allowed is a SELECT for one boolean, without a semicolon",
    );
    if (query.runAs) on.role(`${at}.queries.runAs`, query.runAs);
  }
}

/** Who may connect. */
function checkAccess(on: DescriptionChecks, at: string, database: SqlDatabase): void {
  const { checks, postgres } = on;
  if (database.restrictAccess ?? on.restrictAccess) {
    if (postgres) checkRoleName(checks, `${at}.restrictAccess`, on.cloud, connectRole(database.name));
    for (const user of database.users ?? []) on.role(`${at}.users`, user);
    if (postgres) checkOpenDoors(on, at, database);
  } else if (database.users?.length) {
    checks.fail(
      `${at}.users`,
      database.users,
      "it says who may connect when access is restricted; set restrictAccess, or leave it out",
    );
  }
}

/** Grants to everybody that restricted access takes back: each run would undo what the one before has done. */
function checkOpenDoors({ checks }: DescriptionChecks, at: string, database: SqlDatabase): void {
  for (const { on, schema, grantee, privileges } of database.grants ?? []) {
    const create = privileges.some((p) => p === SqlPrivilege.CREATE || p === SqlPrivilege.ALL);
    const taken =
      on === SqlGrantTarget.DATABASE
        ? privileges.length > 0
        : on === SqlGrantTarget.SCHEMA && (schema ?? "public") === "public" && create;
    if (grantee !== "public" || !taken) continue;
    checks.fail(
      `${at}.grants.grantee`,
      grantee,
      `restricted access leaves everybody nothing of a database and no CREATE in the schema public; set restrictAccess to false, or name roles`,
    );
  }
}

/** What MySQL has not. */
function checkForMysql({ checks }: DescriptionChecks, at: string, database: SqlDatabase): void {
  for (const option of [
    "connectionLimit",
    "characterType",
    "settings",
    "schemas",
    "extensions",
    "defaultPrivileges",
    "restrictAccess",
    "users",
  ] as const) {
    const value = database[option];
    if (value !== undefined && !(Array.isArray(value) && value.length === 0)) {
      checks.fail(
        `${at}.${option}`,
        value,
        "it is for PostgreSQL only; MySQL lets nobody into a database without a grant",
      );
    }
  }
}
