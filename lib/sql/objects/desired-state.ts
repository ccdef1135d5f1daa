// Converts descriptions into the JSON that the programs in `scripts` read. Its member names are a contract with the programs.

import type { IDatabaseServer } from "../../database";
import { EngineFamily, LoginAuthentication } from "../../database";
import { isResolved, shortHash } from "../../database/private";
import { MYSQL_PRIVILEGES, POSTGRES_PRIVILEGES } from "../data/privileges";
import type { ComponentObjects } from "./component-objects";
import type { SqlDatabase } from "./sql-database";
import { type SqlDefaultPrivileges, type SqlGrant, SqlGrantTarget, SqlPrivilege } from "./sql-grant";
import type { SqlGroupRole, SqlLogin, SqlSetting } from "./sql-login";

/** Session default of a parameter. */
interface SettingState {
  readonly name: string;
  readonly database: string | null;
  readonly values: string[];
  readonly list: boolean;
}

/** Login or group role. */
interface RoleState {
  readonly name: string;
  readonly existing: boolean;
  readonly login: boolean;
  readonly cloudIdentity: boolean;
  readonly password: string | null;
  readonly inherit: boolean;
  readonly createDatabase: boolean;
  readonly createRole: boolean;
  readonly connectionLimit: number;
  readonly validUntil: string | null;
  readonly memberOf: string[];
  readonly settings: SettingState[];
}

/** Privileges of a role on a kind of objects. */
interface GrantState {
  readonly on: string;
  readonly schema: string | null;
  readonly grantee: string;
  readonly privileges: string[];
  readonly grantable: boolean;
}

/** Default privileges; the owner creates the objects. */
interface DefaultPrivilegeState extends GrantState {
  readonly owner: string | null;
}

/** Database and the objects in it. */
interface DatabaseState {
  readonly name: string;
  readonly owner: string | null;
  readonly existing: boolean;
  readonly encoding: string | null;
  readonly lcCollate: string | null;
  readonly lcCtype: string | null;
  readonly connectionLimit: number;
  readonly settings: SettingState[];
  readonly schemas: { readonly name: string; readonly owner: string | null }[];
  readonly extensions: {
    readonly name: string;
    readonly schema: string | null;
    readonly version: string | null;
  }[];
  readonly grants: GrantState[];
  readonly defaultPrivileges: DefaultPrivilegeState[];
  readonly queries: {
    readonly name: string;
    readonly sql: string;
    readonly unless: string;
    readonly runAs: string | null;
  }[];
  readonly revokePublic: boolean;
}

/** Desired state of a PostgreSQL server. */
export interface PostgresState {
  readonly identityRole: string | null;
  readonly extensionHint: string | null;
  /** Prefixes of roles that belong to the service. */
  readonly predefined: string[];
  readonly roles: RoleState[];
  readonly databases: DatabaseState[];
}

/** Desired state of a MySQL server. */
export interface MysqlState {
  readonly users: {
    readonly name: string;
    readonly host: string;
    readonly existing: boolean;
    readonly password: string | null;
    readonly cloudIdentity: boolean;
    readonly nativePassword: boolean;
    readonly requireTls: boolean;
    readonly maxConnections: number;
  }[];
  readonly databases: {
    readonly name: string;
    readonly existing: boolean;
    readonly characterSet: string;
    readonly collation: string | null;
    readonly queries: { readonly name: string; readonly sql: string; readonly unless: string }[];
  }[];
  readonly grants: {
    readonly database: string;
    readonly user: string;
    readonly host: string;
    readonly privileges: string[];
    readonly grantable: boolean;
  }[];
}

/** Parameters whose value is a list of separately quoted names (PostgreSQL's GUC_LIST_QUOTE). */
export const LIST_SETTINGS: readonly string[] = [
  "search_path",
  "temp_tablespaces",
  "session_preload_libraries",
  "local_preload_libraries",
];

/** Role that has CONNECT on a database with restricted access. */
export function connectRole(database: string): string {
  return `${database}_connect`;
}

/** Key of a login's password among the program's secrets; made from the login's id, not from its position in the list. */
export function loginPasswordKey(login: SqlLogin): string {
  return `p${shortHash(login.id ?? login.login.username)}`;
}

/** True if the program sets the login's password. */
export function hasPassword(login: SqlLogin): boolean {
  return !login.existing && login.login.password !== undefined;
}

/** The desired state of a PostgreSQL server. */
function postgresState(
  server: IDatabaseServer,
  components: ComponentObjects[],
  restrictAccess: boolean,
): PostgresState {
  const databases = components.flatMap((c) => c.databases);
  const restricted = databases.filter((d) => d.restrictAccess ?? restrictAccess);
  // A membership gives a login with NOINHERIT no CONNECT; it gets the privileges itself.
  const logins = components.flatMap((c) => c.logins);
  const direct = new Set(logins.filter((l) => l.inherit === false).map((l) => l.login.username));
  const groupsOf = (name: string) =>
    direct.has(name) ? [] : restricted.filter((d) => d.users?.includes(name)).map((d) => connectRole(d.name));
  const connectRoles = restricted.map((d): SqlGroupRole => ({ name: connectRole(d.name) }));
  return {
    identityRole: server.sqlRules?.identityRole ?? null,
    extensionHint: server.sqlRules?.extensionHint ?? null,
    predefined: [...(server.sqlRules?.predefinedRolePrefixes ?? [])],
    roles: [
      ...logins.map((l) => loginState(l, groupsOf(l.login.username))),
      ...[...components.flatMap((c) => c.groupRoles), ...connectRoles].map(groupState),
    ],
    databases: databases.map((d) =>
      databaseState(
        d,
        restricted.includes(d)
          ? [connectRole(d.name), ...(d.users ?? []).filter((user) => direct.has(user))]
          : undefined,
      ),
    ),
  };
}

function loginState(login: SqlLogin, connectRoles: string[]): RoleState {
  return {
    name: login.login.username,
    existing: login.existing ?? false,
    login: true,
    cloudIdentity: login.login.authentication === LoginAuthentication.CLOUD_IDENTITY,
    password: hasPassword(login) ? loginPasswordKey(login) : null,
    inherit: login.inherit ?? true,
    createDatabase: login.createDatabase ?? false,
    createRole: login.createRole ?? false,
    connectionLimit: login.connectionLimit ?? -1,
    validUntil: login.validUntil ?? null,
    memberOf: [...(login.memberOf ?? []), ...connectRoles],
    settings: settingState(login.settings),
  };
}

function groupState(role: SqlGroupRole): RoleState {
  return {
    name: role.name,
    existing: role.existing ?? false,
    login: false,
    cloudIdentity: false,
    password: null,
    inherit: true,
    createDatabase: false,
    createRole: false,
    connectionLimit: -1,
    validUntil: null,
    memberOf: role.memberOf ?? [],
    settings: [],
  };
}

/** @param connecting roles that may connect; not set if all may. */
function databaseState(database: SqlDatabase, connecting: string[] | undefined): DatabaseState {
  const schemas = (database.schemas ?? []).map((s) => ({
    name: s.name,
    owner: s.owner ?? database.owner ?? null,
  }));
  const places = ["public", ...schemas.map((s) => s.name).filter((name) => name !== "public")];
  const access = (connecting ?? []).flatMap((grantee): SqlGrant[] => [
    { on: SqlGrantTarget.DATABASE, grantee, privileges: [SqlPrivilege.CONNECT] },
    ...places.map((schema) => ({
      on: SqlGrantTarget.SCHEMA,
      schema,
      grantee,
      privileges: [SqlPrivilege.USAGE],
    })),
  ]);
  return {
    name: database.name,
    owner: database.owner ?? null,
    existing: database.existing ?? false,
    encoding: database.existing ? null : (database.encoding ?? "UTF8"),
    lcCollate: database.collation ?? null,
    lcCtype: database.characterType ?? database.collation ?? null,
    connectionLimit: database.connectionLimit ?? -1,
    settings: settingState(database.settings),
    schemas,
    extensions: (database.extensions ?? []).map(({ name, schema, version }) => ({
      name,
      schema: schema ?? null,
      version: version ?? null,
    })),
    grants: [...(database.grants ?? []), ...access].map(grantState),
    defaultPrivileges: (database.defaultPrivileges ?? []).map((d) => ({
      ...grantState(d),
      owner: d.owner ?? database.owner ?? null,
    })),
    queries: (database.queries ?? []).map(({ name, sql, unless, runAs }) => ({
      name,
      sql,
      unless,
      runAs: runAs ?? null,
    })),
    revokePublic: connecting !== undefined,
  };
}

function settingState(settings: SqlSetting[] | undefined): SettingState[] {
  return (settings ?? []).map((s) => ({
    name: s.name,
    database: s.database ?? null,
    values: s.values,
    list: LIST_SETTINGS.includes(s.name),
  }));
}

function grantState(grant: SqlGrant | SqlDefaultPrivileges): GrantState {
  return {
    on: grant.on,
    schema: grant.on === SqlGrantTarget.DATABASE ? null : (grant.schema ?? "public"),
    grantee: grant.grantee,
    privileges: expand(grant.privileges, POSTGRES_PRIVILEGES[grant.on] ?? []),
    grantable: "grantable" in grant ? (grant.grantable ?? false) : false,
  };
}

/** The desired state of a MySQL server. */
export function mysqlState(components: ComponentObjects[]): MysqlState {
  const logins = components.flatMap((c) => c.logins);
  const databases = components.flatMap((c) => c.databases);
  const hostOf = (name: string) => logins.find((l) => l.login.username === name)?.host ?? "%";
  const grants = databases.flatMap((d) => [
    ...(d.owner === undefined
      ? []
      : [
          {
            database: d.name,
            user: d.owner,
            host: hostOf(d.owner),
            privileges: [...MYSQL_PRIVILEGES],
            grantable: false,
          },
        ]),
    ...(d.grants ?? []).map((g) => ({
      database: d.name,
      user: g.grantee,
      host: hostOf(g.grantee),
      privileges: expand(g.privileges, MYSQL_PRIVILEGES),
      grantable: g.grantable ?? false,
    })),
  ]);
  return {
    users: logins.map((l) => ({
      name: l.login.username,
      host: l.host ?? "%",
      existing: l.existing ?? false,
      password: hasPassword(l) ? loginPasswordKey(l) : null,
      cloudIdentity: l.login.authentication === LoginAuthentication.CLOUD_IDENTITY,
      nativePassword: l.nativePassword ?? false,
      requireTls: l.requireTls ?? true,
      maxConnections: Math.max(l.connectionLimit ?? 0, 0),
    })),
    databases: databases.map((d) => ({
      name: d.name,
      existing: d.existing ?? false,
      characterSet: d.encoding ?? "utf8mb4",
      collation: d.collation ?? null,
      queries: (d.queries ?? []).map(({ name, sql, unless }) => ({ name, sql, unless })),
    })),
    grants,
  };
}

function expand(privileges: SqlPrivilege[], all: readonly string[]): string[] {
  if (!isResolved(privileges)) return privileges;
  return [...new Set(privileges.flatMap((p) => (p === SqlPrivilege.ALL ? [...all] : [p as string])))].sort();
}

/** The desired state of a server. */
export function desiredState(
  server: IDatabaseServer,
  components: ComponentObjects[],
  restrictAccess: boolean,
): PostgresState | MysqlState {
  return server.engine.family === EngineFamily.POSTGRES
    ? postgresState(server, components, restrictAccess)
    : mysqlState(components);
}
