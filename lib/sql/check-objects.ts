// The rules of a description: everything that a server would refuse half-way, and what would let one component into another's data.

import type { IDatabaseServer } from "../database/database-server";
import { EngineFamily } from "../database/engine";
import { isKnown } from "../database/known";
import { LoginAuthentication } from "../database/login";
import type { SynthChecks } from "../database/synth-checks";
import type { ComponentObjects } from "./component-objects";
import { ALLOWED_EXTENSIONS } from "./data/extensions";
import { MYSQL_PRIVILEGES, POSTGRES_PRIVILEGES } from "./data/privileges";
import { SERVER_ROLES } from "./data/server-roles";
import { connectRole, LIST_SETTINGS } from "./desired-state";
import { checkMysqlDatabase, checkMysqlUser, checkPostgresName, checkRoleName } from "./object-names";
import type { SqlDatabase } from "./sql-database";
import type { SqlGrant } from "./sql-grant";
import type { SqlLogin } from "./sql-login";
import { SqlGrantTarget, SqlPrivilege } from "./sql-privilege";
import type { SqlSetting } from "./sql-setting";

/** PostgreSQL's own databases and the clouds'. */
const RESERVED_DATABASES =
  /^(postgres|template0|template1|rdsadmin|cloudsqladmin|azure_maintenance|azure_sys)$/i;

/** As far as the program for MySQL counts; see its plan. */
const MYSQL_COUNT = 300;

/** Reports what is wrong with a description. */
export function checkObjects(
  checks: SynthChecks,
  server: IDatabaseServer,
  components: ComponentObjects[],
  restrictAccess: boolean,
): void {
  const check = new ObjectChecks(checks, server, components, restrictAccess);
  check.acrossComponents();
  for (const component of components) check.component(component);
}

class ObjectChecks {
  private readonly postgres: boolean;
  private readonly cloud: string;
  private readonly roles: Set<string>;

  public constructor(
    private readonly checks: SynthChecks,
    private readonly server: IDatabaseServer,
    private readonly components: ComponentObjects[],
    private readonly restrictAccess: boolean,
  ) {
    this.postgres = server.engine.family === EngineFamily.POSTGRES;
    this.cloud = server.location.cloud;
    this.roles = new Set(
      components.flatMap((c) => [
        ...c.logins.map((l) => l.login.username),
        ...c.groupRoles.map((r) => r.name),
      ]),
    );
  }

  public acrossComponents(): void {
    const counts = {
      logins: this.components.flatMap((c) => c.logins).length,
      databases: this.components.flatMap((c) => c.databases).length,
      grants: this.components.flatMap((c) => c.databases.flatMap((d) => [d, ...(d.grants ?? [])])).length,
    };
    for (const [what, count] of Object.entries(counts)) {
      if (!this.postgres && count > MYSQL_COUNT) {
        this.checks.fail(
          what,
          count,
          `in MySQL a description has at most ${MYSQL_COUNT}; use several DatabaseObjects`,
        );
      }
    }
    this.unique(
      "component",
      this.components.map((c) => c.component),
      "each component is described once on a server",
    );
    this.unique(
      "databases.name",
      this.components.flatMap((c) => c.databases.map((d) => d.name)),
      "each database is described once on a server",
    );
    this.unique(
      "logins",
      this.components.flatMap((c) => c.logins.map((l) => l.login.username)),
      "a login belongs to one component and is described once; two that share one can read each other's data",
    );
    this.unique(
      "groupRoles.name",
      this.components.flatMap((c) => c.groupRoles.map((r) => r.name)),
      "each role is described once on a server",
    );
    this.unique(
      "logins.id",
      this.components.flatMap((c) => c.logins.map((l) => l.id ?? l.login.username)),
      "the id stands for the login's password and has to be its own",
    );
    const owners = new Map<string, string>();
    for (const component of this.components) {
      for (const { owner } of component.databases) {
        if (owner === undefined || !isKnown(owner)) continue;
        const other = owners.get(owner) ?? component.component;
        owners.set(owner, other);
        if (other !== component.component) {
          this.checks.fail(
            "owner",
            owner,
            `${other} and ${component.component} share it; give each component a login of its own`,
          );
        }
      }
    }
  }

  public component(component: ComponentObjects): void {
    const at = component.component;
    for (const login of component.logins) this.login(`${at}.logins`, login);
    if (!this.postgres && component.groupRoles.length > 0) {
      this.checks.fail(
        `${at}.groupRoles`,
        component.groupRoles.map((r) => r.name),
        "group roles are for PostgreSQL only",
      );
    }
    for (const role of component.groupRoles) {
      if (!role.existing) checkRoleName(this.checks, `${at}.groupRoles.name`, this.cloud, role.name);
      for (const group of role.memberOf ?? []) this.role(`${at}.groupRoles.memberOf`, group);
    }
    for (const database of component.databases) this.database(`${at}.databases`, component, database);
  }

  private login(at: string, login: SqlLogin): void {
    const { checks } = this;
    const name = login.login.username;
    const property = `${at}.login`;
    if (!isKnown(login.id ?? name)) {
      checks.fail(
        `${at}.id`,
        undefined,
        "the login's name is known only at apply, so it needs an id of its own",
      );
    }
    if (!login.existing) {
      if (this.postgres) checkRoleName(checks, property, this.cloud, name);
      else checkMysqlUser(checks, property, this.cloud, name);
    }
    checks.check(
      property,
      name,
      () => name !== this.server.adminLogin?.username,
      "the administrator's login is for nobody else; take another name",
    );
    const roles = SERVER_ROLES[this.cloud];
    if (login.login.authentication === LoginAuthentication.PROXY && !login.existing) {
      checks.fail(
        property,
        name,
        "a proxy logs in for it with the cloud's identity, so the cloud's API has to make it; set `existing`",
      );
    }
    if (login.login.authentication === LoginAuthentication.CLOUD_IDENTITY && !login.existing) {
      const possible =
        this.server.acceptsCloudIdentity &&
        (this.postgres ? roles?.sqlMakesIdentityLogins : this.cloud === "aws");
      if (!possible) {
        checks.fail(
          property,
          name,
          "SQL can't make a login by the cloud's identity on this server: make it by the cloud's API and set `existing`, or give it a password",
        );
      }
    }
    checks.wholeNumber(`${at}.connectionLimit`, login.connectionLimit, -1, 262_143);
    checks.matches(
      `${at}.validUntil`,
      login.validUntil,
      /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d)?Z)?$/,
      "allowed is a time in UTC such as 2027-01-31T00:00:00Z",
    );
    for (const group of login.memberOf ?? []) this.role(`${at}.memberOf`, group);
    this.settings(`${at}.settings`, login.settings, true);
    if (!this.postgres) {
      for (const option of [
        "memberOf",
        "inherit",
        "createDatabase",
        "createRole",
        "validUntil",
        "settings",
      ] as const) {
        if (login[option] !== undefined)
          checks.fail(`${at}.${option}`, login[option], "it is for PostgreSQL only");
      }
    } else {
      for (const option of ["host", "requireTls", "nativePassword"] as const) {
        if (login[option] !== undefined)
          checks.fail(`${at}.${option}`, login[option], "it is for MySQL only");
      }
    }
    checks.matches(
      `${at}.host`,
      login.host,
      /^[A-Za-z0-9.:%_/-]{1,60}$/,
      "allowed is a host, address or pattern as MySQL takes it",
    );
    if (login.requireTls === false) checks.optOut(`${at}.requireTls: ${name} may connect without TLS`);
  }

  private database(at: string, component: ComponentObjects, database: SqlDatabase): void {
    const { checks } = this;
    if (!database.existing) {
      if (this.postgres) {
        checkPostgresName(checks, `${at}.name`, database.name);
        checks.check(
          `${at}.name`,
          database.name,
          () => !RESERVED_DATABASES.test(database.name),
          "the server keeps this database for itself; take another name",
        );
      } else {
        checkMysqlDatabase(checks, `${at}.name`, this.cloud, database.name);
      }
    }
    const own = [
      ...component.logins.map((l) => l.login.username),
      ...component.groupRoles.map((r) => r.name),
    ];
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
      this.postgres ? /^[A-Za-z0-9_.@-]{1,63}$/ : /^[A-Za-z0-9_]{1,63}$/,
      "allowed is the name of a collation, such as C or utf8mb4_bin",
    );
    this.settings(`${at}.settings`, database.settings, false);
    const schemas = ["public", ...(database.schemas ?? []).map((s) => s.name)];
    this.unique(`${at}.schemas.name`, schemas.slice(1), "each schema is described once");
    for (const schema of database.schemas ?? []) {
      checkPostgresName(checks, `${at}.schemas.name`, schema.name);
      checks.check(
        `${at}.schemas.name`,
        schema.name,
        () => !/^pg_/i.test(schema.name) && schema.name !== "information_schema",
        "PostgreSQL keeps this name for itself; take another",
      );
      if (schema.owner) this.role(`${at}.schemas.owner`, schema.owner);
    }
    this.extensions(`${at}.extensions`, database, schemas);
    for (const grant of [...(database.grants ?? []), ...(database.defaultPrivileges ?? [])]) {
      this.grant(`${at}.grants`, grant, schemas);
    }
    for (const grant of database.defaultPrivileges ?? []) {
      checks.check(
        `${at}.defaultPrivileges.on`,
        grant.on,
        () => [SqlGrantTarget.TABLES, SqlGrantTarget.SEQUENCES, SqlGrantTarget.FUNCTIONS].includes(grant.on),
        "allowed are tables, sequences and functions",
      );
      if (grant.owner) this.role(`${at}.defaultPrivileges.owner`, grant.owner);
    }
    this.unique(
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
      if (!this.postgres) {
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
      if (query.runAs) this.role(`${at}.queries.runAs`, query.runAs);
    }
    if (database.restrictAccess ?? this.restrictAccess) {
      if (this.postgres)
        checkRoleName(checks, `${at}.restrictAccess`, this.cloud, connectRole(database.name));
      for (const user of database.users ?? []) this.role(`${at}.users`, user);
    } else if (database.users?.length) {
      checks.fail(
        `${at}.users`,
        database.users,
        "it says who may connect when access is restricted; set restrictAccess, or leave it out",
      );
    }
    if (!this.postgres) {
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
  }

  private extensions(at: string, database: SqlDatabase, schemas: string[]): void {
    this.unique(
      `${at}.name`,
      (database.extensions ?? []).map((e) => e.name),
      "each extension is described once",
    );
    const allowed = ALLOWED_EXTENSIONS[this.cloud];
    for (const { name, schema, acceptUnlisted } of database.extensions ?? []) {
      checkPostgresName(this.checks, `${at}.name`, name);
      this.checks.check(
        `${at}.name`,
        name,
        () => !allowed || acceptUnlisted === true || allowed.includes(name),
        `it is not on our copy of the list of ${this.cloud}; set acceptUnlisted when the cloud offers it by now`,
      );
      this.checks.check(
        `${at}.schema`,
        schema,
        () => schemas.includes(schema as string),
        `allowed are the database's schemas: ${schemas.join(", ")}`,
      );
    }
  }

  private grant(
    at: string,
    grant: SqlGrant | { on: SqlGrantTarget; schema?: string; grantee: string; privileges: SqlPrivilege[] },
    schemas: string[],
  ): void {
    const { checks } = this;
    if (!(this.postgres && grant.grantee === "public")) this.role(`${at}.grantee`, grant.grantee);
    if (!this.postgres) {
      checks.check(
        `${at}.on`,
        grant.on,
        () => grant.on === SqlGrantTarget.DATABASE,
        "in MySQL a grant is about a database",
      );
    }
    checks.check(
      `${at}.schema`,
      grant.schema,
      () => schemas.includes(grant.schema as string),
      `allowed are the database's schemas: ${schemas.join(", ")}`,
    );
    const legal = this.postgres ? POSTGRES_PRIVILEGES[grant.on] : MYSQL_PRIVILEGES;
    for (const privilege of grant.privileges) {
      checks.check(
        `${at}.privileges`,
        privilege,
        () => privilege === SqlPrivilege.ALL || (legal ?? []).includes(privilege),
        `${grant.on} has ${(legal ?? []).join(", ")}`,
      );
    }
  }

  private settings(at: string, settings: SqlSetting[] | undefined, ofRole: boolean): void {
    for (const setting of settings ?? []) {
      this.checks.matches(
        `${at}.name`,
        setting.name,
        /^[a-z_][a-z0-9_]*(\.[a-z_][a-z0-9_]*)?$/,
        "allowed is a parameter's name, in lower case",
      );
      this.checks.check(
        `${at}.values`,
        setting.values,
        () =>
          setting.values.length === 1 || (setting.values.length > 1 && LIST_SETTINGS.includes(setting.name)),
        `allowed is one value; a list only for ${LIST_SETTINGS.join(", ")}`,
      );
      if (!ofRole && setting.database !== undefined) {
        this.checks.fail(`${at}.database`, setting.database, "a database's own setting names no database");
      }
    }
  }

  private role(property: string, name: string): void {
    // A group of the server's or the cloud's, such as pg_monitor or rds_superuser, is there already.
    this.checks.check(
      property,
      name,
      () => this.roles.has(name) || /^(pg_|rds_|cloudsql|azure_)/.test(name),
      `no such role is described; there are ${[...this.roles].filter(isKnown).join(", ")}`,
    );
    if (name === SERVER_ROLES[this.cloud]?.adminGroup) {
      this.checks.optOut(`${property}: a role is a member of ${name}, the administrators`);
    }
  }

  private unique(property: string, names: string[], rule: string): void {
    const seen = new Set<string>();
    for (const name of names) {
      if (!isKnown(name)) continue;
      if (seen.has(name)) this.checks.fail(property, name, `it is there twice: ${rule}`);
      seen.add(name);
    }
  }
}
