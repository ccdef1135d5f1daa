/** Generated descriptions of one component on a PostgreSQL server, with the catalog that they have to lead to. */
import fc from "fast-check";
import {
  ComponentObjects,
  type SqlDatabase,
  type SqlDefaultPrivileges,
  type SqlGrant,
  SqlGrantTarget,
  type SqlLogin,
  type SqlPrivilege,
} from "../../../lib/sql";
import { POSTGRES_PRIVILEGES } from "../../../lib/sql/data/privileges";
import { login } from "./sql-fixtures";

/** One generated case; all its names begin with the prefix `g<number>_`. */
export interface GeneratedCase {
  readonly prefix: string;
  readonly component: ComponentObjects;
  /** Choices for the drift, from 0 to 1. */
  readonly choices: readonly number[];
}

const TARGETS = ["database", "schema", "tables", "sequences", "functions"] as const;
const maybe = <T>(of: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(of, { nil: undefined });

/** A case; the shape is chosen first, so that names refer to what is there. */
export const generatedCase = (number: number): fc.Arbitrary<GeneratedCase> => {
  const prefix = `g${number}_`;
  const logins = ["owner", "app", "reports"].map((name) => prefix + name);
  const groups = ["readers", "writers"].map((name) => prefix + name);
  const roles = [...logins, ...groups];
  const databases = ["one", "two"].map((name) => prefix + name);
  const someOf = (names: readonly string[]) => fc.subarray([...names]);

  const loginOf = (name: string): fc.Arbitrary<SqlLogin> =>
    fc
      .record({
        memberOf: someOf(groups),
        inherit: maybe(fc.boolean()),
        createDatabase: maybe(fc.boolean()),
        connectionLimit: maybe(fc.integer({ min: 1, max: 50 })),
        validUntil: maybe(fc.constantFrom("2099-01-01T00:00:00Z", "2020-01-01T00:00:00Z")),
        timeout: maybe(fc.constantFrom("15s", "1min")),
        path: maybe(fc.constantFrom(["app", "public"], ["$user"])),
        memory: maybe(fc.constantFrom("8MB", "16MB")),
      })
      .map(({ timeout, path, memory, ...rest }) => ({
        ...rest,
        login: login(name),
        settings: [
          ...(timeout ? [{ name: "statement_timeout", values: [timeout] }] : []),
          ...(path ? [{ name: "search_path", values: [...path] }] : []),
          ...(memory ? [{ name: "work_mem", values: [memory], database: databases[0] }] : []),
        ],
      }));

  const grantOf = (schemas: readonly string[]): fc.Arbitrary<SqlGrant> =>
    fc.constantFrom(...TARGETS).chain((on) =>
      fc.record({
        on: fc.constant(on as SqlGrantTarget),
        // Before PostgreSQL 15 only a superuser can grant on "public".
        schema: fc.constantFrom(
          ...(on === "schema" ? schemas.slice(1) : schemas),
          schemas[schemas.length - 1]!,
        ),
        grantee: fc.constantFrom(...roles),
        privileges: fc
          .subarray([...POSTGRES_PRIVILEGES[on]!], { minLength: 1 })
          .map((names) => names as SqlPrivilege[]),
        grantable: fc.boolean(),
      }),
    );
  const defaultOf = (owner: string, schemas: readonly string[]): fc.Arbitrary<SqlDefaultPrivileges> =>
    fc.constantFrom("tables", "sequences", "functions").chain((on) =>
      fc.record({
        on: fc.constant(on as SqlGrantTarget),
        schema: fc.constantFrom(...schemas),
        owner: fc.constant(owner),
        grantee: fc.constantFrom(...roles.filter((role) => role !== owner)),
        privileges: fc
          .subarray([...POSTGRES_PRIVILEGES[on]!], { minLength: 1 })
          .map((names) => names as SqlPrivilege[]),
      }),
    );
  const databaseOf = (name: string): fc.Arbitrary<SqlDatabase> =>
    fc.record({ owner: fc.constantFrom(...logins), second: fc.boolean() }).chain(({ owner, second }) => {
      const schemas = ["public", "app", ...(second ? ["More app"] : [])];
      return fc
        .record({
          restrictAccess: maybe(fc.boolean()),
          users: someOf(logins.filter((role) => role !== owner)),
          connectionLimit: maybe(fc.integer({ min: 5, max: 90 })),
          lock: maybe(fc.constantFrom("5s", "9s")),
          extensions: fc.subarray([{ name: "citext" }, { name: "pg_trgm", schema: "app" }]),
          grants: fc.array(grantOf(schemas), { maxLength: 4 }),
          defaultPrivileges: fc.array(defaultOf(owner, schemas), { maxLength: 2 }),
          collation: maybe(fc.constant("C")),
        })
        .map(({ lock, users, restrictAccess, grants, ...rest }) => ({
          ...rest,
          name,
          owner,
          restrictAccess,
          users: restrictAccess === false ? undefined : users,
          schemas: schemas.slice(1).map((schema) => ({ name: schema })),
          settings: lock ? [{ name: "lock_timeout", values: [lock] }] : [],
          grants: grants.map((grant) =>
            grant.on === SqlGrantTarget.SCHEMA && grant.schema === "public"
              ? { ...grant, schema: "app" }
              : grant,
          ),
          queries: [
            {
              name: "objects",
              sql: `CREATE TABLE app.page (id int); CREATE SEQUENCE app.number; CREATE FUNCTION app.answer() RETURNS int LANGUAGE sql AS 'SELECT 42'`,
              unless: "SELECT to_regclass('app.page') IS NOT NULL",
            },
          ],
        }));
    });

  return fc
    .record({
      logins: fc.tuple(...logins.map(loginOf)),
      nested: fc.boolean(),
      databases: fc.tuple(...databases.map(databaseOf)),
      count: fc.integer({ min: 1, max: 2 }),
      choices: fc.array(
        fc.integer({ min: 0, max: 999 }).map((n) => n / 1000),
        { minLength: 3, maxLength: 3 },
      ),
    })
    .map(({ logins: made, nested, databases: all, count, choices }) => {
      const kept = all.slice(0, count);
      return {
        prefix,
        choices,
        component: new ComponentObjects({
          component: `g${number}`,
          logins: made,
          groupRoles: [{ name: groups[0]! }, { name: groups[1]!, memberOf: nested ? [groups[0]!] : [] }],
          databases: kept,
        }),
      };
    });
};

/** Lines that the catalog must have for a case on a server version, in the form of `catalogQueries`. */
export function expectedCatalog({ component }: GeneratedCase, version: number, admin: string): string[] {
  const lines: string[] = [];
  const inherits = (name: string) => component.logins.find((l) => l.login.username === name)?.inherit ?? true;
  const member = (group: string, name: string) =>
    lines.push(`member ${name} of ${group}${version >= 16 ? ` inherit ${inherits(name)} set true` : ""}`);
  for (const l of component.logins) {
    const name = l.login.username;
    lines.push(
      `role ${name} login true inherit ${l.inherit ?? true} createdb ${l.createDatabase ?? false} createrole false limit ${l.connectionLimit ?? -1} until ${(l.validUntil ?? "-").slice(0, 10)}`,
    );
    for (const group of l.memberOf ?? []) member(group, name);
    for (const { name: setting, values, database } of l.settings ?? []) {
      lines.push(
        `setting ${name} ${database ?? "-"} ${setting}=${values.map((v) => (v.startsWith("$") ? `"${v}"` : v)).join(", ")}`,
      );
    }
  }
  for (const role of component.groupRoles) {
    lines.push(`role ${role.name} login false inherit true createdb false createrole false limit -1 until -`);
    for (const group of role.memberOf ?? []) member(group, role.name);
  }
  for (const database of component.databases) {
    const { name, owner } = database;
    const restricted = database.restrictAccess ?? true;
    const connect = `${name}_connect`;
    const direct: string[] = [];
    lines.push(`database ${name} owner ${owner} limit ${database.connectionLimit ?? -1}`);
    for (const { name: setting, values } of database.settings ?? []) {
      lines.push(`setting - ${name} ${setting}=${values.join(", ")}`);
    }
    if (restricted) {
      lines.push(`role ${connect} login false inherit true createdb false createrole false limit -1 until -`);
      for (const user of database.users ?? []) {
        if (inherits(user)) member(connect, user);
        else direct.push(user);
      }
    }
    const acl = new Acl(lines);
    const grants = (on: string, schema?: string) =>
      (database.grants ?? []).filter(
        (g) => g.on === on && (on === "database" || (g.schema ?? "public") === schema),
      );
    const on = `database ${name}`;
    acl.all(on, owner!, POSTGRES_PRIVILEGES.database!);
    for (const g of grants("database")) acl.grant(on, g.grantee, g.privileges, g.grantable, owner);
    if (restricted) {
      for (const who of [connect, ...direct, admin]) acl.grant(on, who, ["CONNECT"], false, owner);
    } else acl.grant(on, "public", ["CONNECT", "TEMPORARY"], false, owner);
    for (const { name: schema } of database.schemas ?? []) {
      const place = `schema ${name} ${schema}`;
      lines.push(`${place} owner ${owner}`);
      acl.all(place, owner!, POSTGRES_PRIVILEGES.schema!);
      for (const g of grants("schema", schema)) acl.grant(place, g.grantee, g.privileges, g.grantable, owner);
      if (restricted) for (const who of [connect, ...direct]) acl.grant(place, who, ["USAGE"], false, owner);
    }
    const top = `schema ${name} public`;
    if (version >= 15) {
      acl.all(top, "pg_database_owner", POSTGRES_PRIVILEGES.schema!);
      acl.grant(top, "public", ["USAGE"], false);
      if (restricted) for (const who of [connect, ...direct]) acl.grant(top, who, ["USAGE"], false, owner);
    }
    for (const [kind, object] of [
      ["tables", "page"],
      ["sequences", "number"],
      ["functions", "answer"],
    ] as const) {
      const place = `${kind} ${name} app.${object}`;
      acl.all(
        place,
        owner!,
        POSTGRES_PRIVILEGES[kind]!,
        version >= 17 && kind === "tables" ? ["MAINTAIN"] : [],
      );
      const wished = grants(kind, "app");
      for (const g of wished) acl.grant(place, g.grantee, g.privileges, g.grantable, owner);
      if (kind === "functions" && !wished.some((g) => g.grantee === "public")) {
        acl.grant(place, "public", ["EXECUTE"], false);
      }
      for (const d of database.defaultPrivileges ?? []) {
        if (d.on !== kind || d.schema !== "app" || wished.some((g) => g.grantee === d.grantee)) continue;
        acl.grant(place, d.grantee, d.privileges, false, owner);
      }
    }
    for (const d of database.defaultPrivileges ?? []) {
      acl.grant(`default ${name} ${d.owner} ${d.schema} ${d.on}`, d.grantee, d.privileges, false);
    }
    acl.write();
    for (const { name: extension, schema } of database.extensions ?? []) {
      lines.push(`extension ${name} ${extension} in ${schema ?? "public"}`);
    }
  }
  return [...new Set(lines)].sort();
}

class Acl {
  private readonly entries = new Map<string, Map<string, boolean>>();
  public constructor(private readonly lines: string[]) {}

  public all(place: string, owner: string, privileges: readonly string[], more: string[] = []): void {
    this.grant(place, owner, [...privileges, ...more], false);
  }

  public grant(
    place: string,
    grantee: string,
    privileges: readonly string[],
    grantable = false,
    owner?: string,
  ): void {
    if (grantee === owner) return;
    const key = `acl ${place} to ${grantee}`;
    const present = this.entries.get(key) ?? new Map<string, boolean>();
    for (const privilege of privileges) present.set(privilege, grantable || present.get(privilege) === true);
    this.entries.set(key, present);
  }

  public write(): void {
    for (const [key, privileges] of this.entries) {
      const names = [...privileges].map(([name, grantable]) => name + (grantable ? "*" : "")).sort();
      this.lines.push(`${key}: ${names.join(" ")}`);
    }
  }
}

/** SQL that says the same of the catalog: for the server, and for a database. Run by a superuser. */
export function catalogQueries(version: number): { readonly server: string; readonly database: string } {
  const entries = (place: string, acl: string, from: string) =>
    `SELECT format('acl %s to %s: ', ${place}, coalesce(r.rolname, 'public')) || string_agg(DISTINCT privilege_type || CASE WHEN is_grantable AND a.grantee <> o.owner THEN '*' ELSE '' END, ' '
              ORDER BY privilege_type || CASE WHEN is_grantable AND a.grantee <> o.owner THEN '*' ELSE '' END)
              || CASE WHEN bool_or(a.grantor <> o.owner) THEN ' by another' ELSE '' END
       FROM (${from}) o, aclexplode(${acl}) a LEFT JOIN pg_roles r ON r.oid = a.grantee GROUP BY ${place}, r.rolname`;
  const ours = (name: string) => `${name} ~ '^g[0-9]+_'`;
  return {
    server: `
      SELECT format('role %s login %s inherit %s createdb %s createrole %s limit %s until %s', rolname, rolcanlogin::text, rolinherit::text, rolcreatedb::text, rolcreaterole::text, rolconnlimit,
                    CASE WHEN isfinite(rolvaliduntil) THEN to_char(rolvaliduntil AT TIME ZONE 'UTC', 'YYYY-MM-DD') ELSE '-' END) FROM pg_roles WHERE ${ours("rolname")}
      UNION ALL
      SELECT format('member %s of %s', u.rolname, g.rolname)${version >= 16 ? " || format(' inherit %s set %s', bool_or(inherit_option)::text, bool_or(set_option)::text)" : ""}
             || CASE WHEN bool_or(admin_option) THEN ' admin' ELSE '' END
        FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid JOIN pg_roles u ON u.oid = m.member
       WHERE (${ours("g.rolname")} OR ${ours("u.rolname")}) AND u.rolname <> 'platform_admin' GROUP BY u.rolname, g.rolname
      UNION ALL
      SELECT format('setting %s %s %s', coalesce(r.rolname, '-'), coalesce(d.datname, '-'), e) FROM pg_db_role_setting s CROSS JOIN unnest(setconfig) e
        LEFT JOIN pg_roles r ON r.oid = s.setrole LEFT JOIN pg_database d ON d.oid = s.setdatabase
      UNION ALL
      SELECT format('database %s owner %s limit %s', datname, pg_get_userbyid(datdba), datconnlimit) || CASE WHEN datallowconn THEN '' ELSE ' closed' END FROM pg_database WHERE ${ours("datname")}
      UNION ALL
      ${entries("'database ' || o.datname", "coalesce(o.datacl, acldefault('d', o.owner))", `SELECT *, datdba AS owner FROM pg_database WHERE ${ours("datname")}`)}`,
    database: `
      SELECT format('schema %s %s owner %s', current_database(), nspname, pg_get_userbyid(nspowner)) FROM pg_namespace WHERE nspname IN ('app', 'More app')
      UNION ALL
      ${entries("format('schema %s %s', current_database(), o.nspname)", "coalesce(o.nspacl, acldefault('n', o.owner))", `SELECT *, nspowner AS owner FROM pg_namespace WHERE nspname IN ('app', 'More app'${version >= 15 ? ", 'public'" : ""})`)}
      UNION ALL
      ${entries("format('%s %s app.%s', o.kind, current_database(), o.name)", "o.acl", `SELECT CASE relkind WHEN 'S' THEN 'sequences' ELSE 'tables' END AS kind, relname AS name, relowner AS owner, coalesce(relacl, acldefault(CASE relkind WHEN 'S' THEN 's' ELSE 'r' END::"char", relowner)) AS acl FROM pg_class WHERE relnamespace = to_regnamespace('app') AND relname IN ('page', 'number') UNION ALL SELECT 'functions', proname, proowner, coalesce(proacl, acldefault('f', proowner)) FROM pg_proc WHERE pronamespace = to_regnamespace('app') AND proname = 'answer'`)}
      UNION ALL
      SELECT format('acl default %s %s %s %s to %s: ', current_database(), pg_get_userbyid(d.defaclrole), coalesce(n.nspname, '-'), CASE d.defaclobjtype WHEN 'r' THEN 'tables' WHEN 'S' THEN 'sequences' WHEN 'f' THEN 'functions' ELSE d.defaclobjtype::text END, coalesce(r.rolname, 'public'))
             || string_agg(privilege_type || CASE WHEN is_grantable THEN '*' ELSE '' END, ' ' ORDER BY privilege_type)
        FROM pg_default_acl d LEFT JOIN pg_namespace n ON n.oid = d.defaclnamespace CROSS JOIN LATERAL aclexplode(d.defaclacl) a LEFT JOIN pg_roles r ON r.oid = a.grantee
       WHERE a.grantee <> d.defaclrole AND NOT (d.defaclnamespace = 0 AND d.defaclobjtype = 'f' AND a.grantee = 0)
       GROUP BY d.defaclrole, n.nspname, d.defaclobjtype, r.rolname
      UNION ALL
      SELECT format('extension %s %s in %s', current_database(), extname, extnamespace::regnamespace::text) FROM pg_extension WHERE extname <> 'plpgsql'`,
  };
}
