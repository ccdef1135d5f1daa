import type { TerraformStack } from "cdktf";
import { Cloud, DatabaseEngine, DatabaseLogin, DatabaseServer, PostgresVersion } from "../../../lib/database";
import { GitlabSql } from "../../../lib/gitlab";
import {
  ComponentObjects,
  type ComponentObjectsProps,
  DatabaseObjects,
  type DatabaseObjectsProps,
  LocalSqlBackend,
  type SqlDatabase,
  SqlGrantTarget,
  type SqlLogin,
  SqlPrivilege,
} from "../../../lib/sql";
import { login, mysqlServer, postgresServer, type ServerOptions } from "../../support/sql/sql-fixtures";
import { RecordingBackend } from "../../support/sql/sql-program";
import { problemsOf, synthesize } from "../../support/synth";

const wiki = (more: Partial<ComponentObjectsProps> = {}): ComponentObjects =>
  new ComponentObjects({
    component: "wiki",
    logins: [{ login: login("wiki") }],
    databases: [{ name: "wiki", owner: "wiki" }],
    ...more,
  });
const withLogin = (more: Partial<SqlLogin>) => wiki({ logins: [{ login: login("wiki"), ...more }] });
const withDatabase = (more: Partial<SqlDatabase>) =>
  wiki({ databases: [{ name: "wiki", owner: "wiki", ...more }] });

interface Case {
  readonly server?: ServerOptions;
  readonly mysql?: boolean;
  readonly objects?: Partial<DatabaseObjectsProps>;
}

function make(stack: TerraformStack, components: ComponentObjects[], { server, mysql, objects }: Case): void {
  const made = mysql ? mysqlServer(stack, server) : postgresServer(stack, server);
  new DatabaseObjects(stack, "objects", {
    server: made,
    components,
    backend: new RecordingBackend(),
    ...objects,
  });
}
const problems = (component: ComponentObjects | ComponentObjects[], options: Case = {}) =>
  problemsOf((stack) => make(stack, [component].flat(), options));

test("a valid description has no problems", () => {
  expect(problems(wiki())).toEqual([]);
  expect(problems(wiki(), { mysql: true })).toEqual([]);
});

test("similar but valid descriptions are accepted", () => {
  const { DATABASE, SCHEMA } = SqlGrantTarget;
  const open = { on: DATABASE, grantee: "public", privileges: [SqlPrivilege.CONNECT] };
  expect(problems(withDatabase({ restrictAccess: false, grants: [open] }))).toEqual([]);
  expect(
    problems(withDatabase({ grants: [{ on: SCHEMA, grantee: "public", privileges: [SqlPrivilege.USAGE] }] })),
  ).toEqual([]);
  expect(
    problems(
      wiki({
        logins: [{ login: login("wiki") }, { login: login("wiki_connect") }],
        databases: [{ name: "wiki", owner: "wiki", restrictAccess: false }],
      }),
    ),
  ).toEqual([]);
  expect(
    problems(
      withLogin({
        settings: [
          { name: "timezone", values: ["UTC"] },
          { name: "timezone", values: ["Europe/Berlin"], database: "wiki" },
        ],
      }),
    ),
  ).toEqual([]);
});

test.each<[string, ComponentObjects | ComponentObjects[], string, Case?]>([
  [
    "a component twice",
    [wiki(), wiki({ logins: [], databases: [] })],
    'SQL-COMPONENT: component must be described once per server (got "wiki")',
  ],
  [
    "a database twice",
    [
      wiki(),
      wiki({ component: "b", logins: [{ login: login("b") }], databases: [{ name: "wiki", owner: "b" }] }),
    ],
    'SQL-DATABASES-NAME: databases.name must be described once per server (got "wiki")',
  ],
  [
    "a login of two components",
    [wiki(), wiki({ component: "b", databases: [] })],
    'SQL-LOGINS: logins must belong to one component and be described once: components that share a login can read each other\'s data (got "wiki")',
  ],
  [
    "an owner of two components",
    [wiki(), wiki({ component: "b", logins: [], databases: [{ name: "b", owner: "wiki" }] })],
    'SQL-OWNER: owner must belong to one component: wiki and b share it (got "wiki"); give each component a separate login',
  ],
  [
    "an owner that is not described",
    withDatabase({ owner: "ghost" }),
    'SQL-COMPONENTS-DATABASES-OWNER: components[wiki].databases.owner must be a role of the component: wiki (got "ghost")',
  ],
  [
    "the administrator as a login",
    wiki({ logins: [{ login: login("dbadmin") }], databases: [] }),
    'SQL-COMPONENTS-LOGINS-LOGIN: components[wiki].logins.login must not be the administrator\'s login (got "dbadmin"); use another name',
  ],
  [
    "a name of PostgreSQL",
    wiki({ logins: [{ login: login("pg_app") }], databases: [] }),
    'SQL-COMPONENTS-LOGINS-LOGIN: components[wiki].logins.login must not be a name that PostgreSQL or the cloud reserves (got "pg_app")',
  ],
  [
    "a name of the cloud",
    wiki({ logins: [{ login: login("rdsadmin") }], databases: [] }),
    'SQL-COMPONENTS-LOGINS-LOGIN: components[wiki].logins.login must not be a name that PostgreSQL or the cloud reserves (got "rdsadmin")',
    { server: { cloud: Cloud.AWS } },
  ],
  [
    "a database of the server",
    withDatabase({ name: "template1" }),
    'SQL-COMPONENTS-DATABASES-NAME: components[wiki].databases.name must not be a database that the server reserves (got "template1")',
  ],
  [
    "a name that would be cut",
    withDatabase({ name: "ä".repeat(32) }),
    'SQL-COMPONENTS-DATABASES-NAME: components[wiki].databases.name must be 1 to 63 bytes of UTF-8 without control characters (got "ääääääääääääääääääääääääääääääää")',
  ],
  ["a name with a line break", withDatabase({ name: "a\nb" }), "without control characters"],
  [
    "a schema of the server",
    withDatabase({ schemas: [{ name: "pg_x" }] }),
    'SQL-COMPONENTS-DATABASES-SCHEMAS-NAME: components[wiki].databases.schemas.name must not be a schema that PostgreSQL reserves (got "pg_x")',
  ],
  [
    "an extension that the cloud lacks",
    withDatabase({ extensions: [{ name: "timescaledb" }] }),
    "SQL-COMPONENTS-DATABASES-EXTENSIONS-NAME: components[wiki].databases.extensions.name must be in the known extension list for aws",
    { server: { cloud: Cloud.AWS } },
  ],
  [
    "an extension in an unknown schema",
    withDatabase({ extensions: [{ name: "pg_trgm", schema: "ext" }] }),
    'SQL-COMPONENTS-DATABASES-EXTENSIONS-SCHEMA: components[wiki].databases.extensions.schema must be a schema of the database: public (got "ext")',
  ],
  [
    "a membership in an unknown group",
    withLogin({ memberOf: ["readers"] }),
    'SQL-COMPONENTS-LOGINS-MEMBER-OF: components[wiki].logins.memberOf must be a described role: wiki (got "readers")',
  ],
  [
    "a grant to an unknown role",
    withDatabase({ grants: [{ on: SqlGrantTarget.SCHEMA, grantee: "x", privileges: [] }] }),
    'SQL-COMPONENTS-DATABASES-GRANTS-GRANTEE: components[wiki].databases.grants.grantee must be a described role: wiki (got "x")',
  ],
  [
    "a privilege that the target lacks",
    withDatabase({
      grants: [{ on: SqlGrantTarget.SCHEMA, grantee: "wiki", privileges: [SqlPrivilege.SELECT] }],
    }),
    'SQL-COMPONENTS-DATABASES-GRANTS-PRIVILEGES: components[wiki].databases.grants.privileges must be a privilege of schema: CREATE, USAGE (got "SELECT")',
  ],
  [
    "default privileges of a schema",
    withDatabase({ defaultPrivileges: [{ on: SqlGrantTarget.SCHEMA, grantee: "wiki", privileges: [] }] }),
    'SQL-COMPONENTS-DATABASES-DEFAULT-PRIVILEGES-ON: components[wiki].databases.defaultPrivileges.on must be tables, sequences or functions (got "schema")',
  ],
  [
    "a setting with an odd name",
    withLogin({ settings: [{ name: "x; DROP", values: ["1"] }] }),
    'SQL-COMPONENTS-LOGINS-SETTINGS-NAME: components[wiki].logins.settings.name must be a parameter name in lower case (got "x; DROP")',
  ],
  [
    "a list where there is one value",
    withLogin({ settings: [{ name: "work_mem", values: ["1MB", "2MB"] }] }),
    "SQL-COMPONENTS-LOGINS-SETTINGS-VALUES: components[wiki].logins.settings.values must be one value",
  ],
  ["a connection limit below none", withLogin({ connectionLimit: -2 }), "must be a whole number from -1"],
  [
    "an expiry that is no time",
    withLogin({ validUntil: "tomorrow" }),
    'SQL-COMPONENTS-LOGINS-VALID-UNTIL: components[wiki].logins.validUntil must be a time in UTC, such as 2027-01-31T00:00:00Z (got "tomorrow")',
  ],
  [
    "users of a database that is open",
    withDatabase({ users: ["wiki"], restrictAccess: false }),
    'SQL-COMPONENTS-DATABASES-USERS: components[wiki].databases.users must not be set unless access is restricted (got ["wiki"]); set restrictAccess, or leave users out',
  ],
  [
    "a guard that is no question",
    withDatabase({ queries: [{ name: "q", sql: "SELECT 1", unless: "DROP TABLE t" }] }),
    'SQL-COMPONENTS-DATABASES-QUERIES-UNLESS: components[wiki].databases.queries.unless must be a SELECT of one boolean, without a semicolon (got "DROP TABLE t")',
  ],
  [
    "two queries of a name",
    withDatabase({
      queries: [
        { name: "q", sql: "SELECT 1", unless: "SELECT true" },
        { name: "q", sql: "SELECT 2", unless: "SELECT true" },
      ],
    }),
    'SQL-COMPONENTS-DATABASES-QUERIES-NAME: components[wiki].databases.queries.name must be unique in the database (got "q")',
  ],
  [
    "a login by identity where SQL makes none",
    wiki({ logins: [{ login: DatabaseLogin.withCloudIdentity("wiki") }] }),
    "SQL-COMPONENTS-LOGINS-LOGIN: components[wiki].logins.login must have a password or exist: SQL cannot create a login for a cloud identity on this server",
    { server: { cloud: Cloud.GOOGLE, acceptsCloudIdentity: true } },
  ],
  [
    "a login through a proxy",
    wiki({ logins: [{ login: DatabaseLogin.throughProxy("wiki") }] }),
    "SQL-COMPONENTS-LOGINS-LOGIN: components[wiki].logins.login must exist: the proxy logs in with a cloud identity, which only the cloud's API can create",
  ],
  [
    "MySQL's options on PostgreSQL",
    withLogin({ host: "10.%" }),
    'SQL-COMPONENTS-LOGINS-HOST: components[wiki].logins.host must not be set for PostgreSQL: it is MySQL only (got "10.%")',
  ],
  [
    "PostgreSQL's options on MySQL",
    withDatabase({ extensions: [{ name: "pg_trgm" }] }),
    "SQL-COMPONENTS-DATABASES-EXTENSIONS: components[wiki].databases.extensions must not be set for MySQL: it is PostgreSQL only, and MySQL lets no user into a database",
    { mysql: true },
  ],
  [
    "a group role on MySQL",
    wiki({ groupRoles: [{ name: "g" }] }),
    'SQL-COMPONENTS-GROUP-ROLES: components[wiki].groupRoles must not be set for MySQL: group roles are PostgreSQL only (got ["g"])',
    { mysql: true },
  ],
  [
    "a name too long for MySQL",
    wiki({ logins: [{ login: login("x".repeat(33)) }], databases: [] }),
    "SQL-COMPONENTS-LOGINS-LOGIN: components[wiki].logins.login must be 1 to 32 characters of up to three bytes in UTF-8, without control characters and without spaces or",
    { mysql: true },
  ],
  [
    "a user that MySQL would unquote",
    wiki({ logins: [{ login: login("'x'") }], databases: [] }),
    "without spaces or quotes around the name",
    { mysql: true },
  ],
  [
    "a capital on Azure",
    wiki({ databases: [{ name: "Wiki", owner: "wiki" }] }),
    'SQL-COMPONENTS-DATABASES-NAME: components[wiki].databases.name must be lower case, since the server stores names so (lower_case_table_names=1) (got "Wiki")',
    { mysql: true, server: { cloud: Cloud.AZURE } },
  ],
  [
    "two statements in MySQL",
    withDatabase({
      queries: [{ name: "q", sql: "CREATE TABLE t (i int); INSERT INTO t VALUES (1)", unless: "SELECT 1" }],
    }),
    "SQL-COMPONENTS-DATABASES-QUERIES-SQL: components[wiki].databases.queries.sql must be one statement in MySQL: a run that is interrupted between two statements would never",
    { mysql: true },
  ],
  [
    "a grant on a schema in MySQL",
    withDatabase({ grants: [{ on: SqlGrantTarget.SCHEMA, grantee: "wiki", privileges: [] }] }),
    'SQL-COMPONENTS-DATABASES-GRANTS-ON: components[wiki].databases.grants.on must be database in MySQL (got "schema")',
    { mysql: true },
  ],
  ["nothing", [], "SQL-COMPONENTS: components must not be empty (got [])"],
  [
    "two logins that stand for one password",
    wiki({
      logins: [
        { login: login("wiki"), id: "x" },
        { login: login("b"), id: "x" },
      ],
    }),
    'SQL-LOGINS-ID: logins.id must be unique: the id identifies the login\'s password (got "x")',
  ],
  [
    "a group role twice",
    wiki({ groupRoles: [{ name: "g" }, { name: "g" }] }),
    'SQL-GROUP-ROLES-NAME: groupRoles.name must be described once per server (got "g")',
  ],
  [
    "a database without an owner",
    withDatabase({ owner: undefined }),
    "SQL-COMPONENTS-DATABASES-OWNER: components[wiki].databases.owner must be set to a role of the component",
  ],
  [
    "an encoding that is no name",
    withDatabase({ encoding: "UTF8'; --" }),
    'SQL-COMPONENTS-DATABASES-ENCODING: components[wiki].databases.encoding must be the name of an encoding or character set, such as UTF8 (got "UTF8\'; --")',
  ],
  [
    "a collation that is no name",
    withDatabase({ collation: "de DE" }),
    'SQL-COMPONENTS-DATABASES-COLLATION: components[wiki].databases.collation must be the name of a collation, such as C or utf8mb4_bin (got "de DE")',
  ],
  [
    "a schema twice",
    withDatabase({ schemas: [{ name: "app" }, { name: "app" }] }),
    'SQL-COMPONENTS-DATABASES-SCHEMAS-NAME: components[wiki].databases.schemas.name must be described once (got "app")',
  ],
  [
    "a schema of an unknown owner",
    withDatabase({ schemas: [{ name: "app", owner: "ghost" }] }),
    'SQL-COMPONENTS-DATABASES-SCHEMAS-OWNER: components[wiki].databases.schemas.owner must be a described role: wiki (got "ghost")',
  ],
  [
    "an extension twice",
    withDatabase({ extensions: [{ name: "pg_trgm" }, { name: "pg_trgm" }] }),
    'SQL-COMPONENTS-DATABASES-EXTENSIONS-NAME: components[wiki].databases.extensions.name must be described once (got "pg_trgm")',
  ],
  [
    "default privileges of an unknown role",
    withDatabase({
      defaultPrivileges: [{ on: SqlGrantTarget.TABLES, owner: "ghost", grantee: "wiki", privileges: [] }],
    }),
    'SQL-COMPONENTS-DATABASES-DEFAULT-PRIVILEGES-OWNER: components[wiki].databases.defaultPrivileges.owner must be a described role: wiki (got "ghost")',
  ],
  [
    "a group with the name of a login",
    wiki({ groupRoles: [{ name: "wiki" }] }),
    'SQL-GROUP-ROLES-NAME: groupRoles.name must not be the name of a login: a role is a login or a group (got "wiki")',
  ],
  [
    "a login with the name of those who may connect",
    wiki({ logins: [{ login: login("wiki") }, { login: login("wiki_connect") }] }),
    'SQL-DATABASES-NAME: databases.name must leave the role name wiki_connect free, which grants CONNECT on the database (got "wiki"); rename the described role wiki_connect',
  ],
  [
    "a group with the name of those who may connect",
    wiki({ groupRoles: [{ name: "wiki_connect" }] }),
    'SQL-DATABASES-NAME: databases.name must leave the role name wiki_connect free, which grants CONNECT on the database (got "wiki"); rename the described role wiki_connect',
  ],
  [
    "a closed database that is open to everybody",
    withDatabase({
      grants: [{ on: SqlGrantTarget.DATABASE, grantee: "public", privileges: [SqlPrivilege.CONNECT] }],
    }),
    "SQL-COMPONENTS-DATABASES-GRANTS-GRANTEE: components[wiki].databases.grants.grantee must be a role: restricted access revokes all privileges on the database and CREATE on",
  ],
  [
    "a closed database whose schema takes objects from everybody",
    withDatabase({
      grants: [{ on: SqlGrantTarget.SCHEMA, grantee: "public", privileges: [SqlPrivilege.ALL] }],
    }),
    "SQL-COMPONENTS-DATABASES-GRANTS-GRANTEE: components[wiki].databases.grants.grantee must be a role: restricted access revokes all privileges on the database and CREATE on",
  ],
  [
    "a setting with two values",
    withLogin({
      settings: [
        { name: "timezone", values: ["UTC"], database: "wiki" },
        { name: "timezone", values: ["Europe/Berlin"], database: "wiki" },
      ],
    }),
    'SQL-COMPONENTS-LOGINS-SETTINGS-NAME: components[wiki].logins.settings.name must be set once (got "timezone in wiki")',
  ],
  [
    "a grant in an unknown schema",
    withDatabase({
      grants: [{ on: SqlGrantTarget.TABLES, schema: "app", grantee: "wiki", privileges: [] }],
    }),
    'SQL-COMPONENTS-DATABASES-GRANTS-SCHEMA: components[wiki].databases.grants.schema must be a schema of the database: public (got "app")',
  ],
  [
    "an unknown user of a database",
    withDatabase({ users: ["ghost"] }),
    'SQL-COMPONENTS-DATABASES-USERS: components[wiki].databases.users must be a described role: wiki (got "ghost")',
  ],
  [
    "a name that leaves no room for the role that may connect",
    withDatabase({ name: "x".repeat(60) }),
    `components[wiki].databases.restrictAccess must be 1 to 63 bytes of UTF-8 without control characters (got "${"x".repeat(60)}_connect")`,
  ],
  [
    "a query that does nothing",
    withDatabase({ queries: [{ name: "q", sql: " ", unless: "SELECT true" }] }),
    'SQL-COMPONENTS-DATABASES-QUERIES-SQL: components[wiki].databases.queries.sql must not be empty (got " ")',
  ],
  [
    "a query of an unknown role",
    withDatabase({ queries: [{ name: "q", sql: "SELECT 1", unless: "SELECT true", runAs: "ghost" }] }),
    'SQL-COMPONENTS-DATABASES-QUERIES-RUN-AS: components[wiki].databases.queries.runAs must be a described role: wiki (got "ghost")',
  ],
  [
    "a database's setting for another database",
    withDatabase({ settings: [{ name: "work_mem", values: ["1MB"], database: "b" }] }),
    'SQL-COMPONENTS-DATABASES-SETTINGS-DATABASE: components[wiki].databases.settings.database must not be set: a setting of a database applies to that database (got "b")',
  ],
  [
    "a host that is no pattern",
    withLogin({ host: "10.0.0.1'; --" }),
    'SQL-COMPONENTS-LOGINS-HOST: components[wiki].logins.host must be a host name, an IP address or a pattern of MySQL account names (got "10.0.0.1\'; --")',
    { mysql: true },
  ],
  [
    "a user of MySQL's own",
    wiki({ logins: [{ login: login("mysql.sys") }], databases: [] }),
    'SQL-COMPONENTS-LOGINS-LOGIN: components[wiki].logins.login must not be a name that MySQL or the cloud reserves (got "mysql.sys")',
    { mysql: true },
  ],
  [
    "a database of MySQL's own",
    withDatabase({ name: "sys" }),
    'SQL-COMPONENTS-DATABASES-NAME: components[wiki].databases.name must not be a database that the server reserves (got "sys")',
    { mysql: true },
  ],
  [
    "a privilege that MySQL lacks",
    withDatabase({
      grants: [{ on: SqlGrantTarget.DATABASE, grantee: "wiki", privileges: [SqlPrivilege.USAGE] }],
    }),
    "SQL-COMPONENTS-DATABASES-GRANTS-PRIVILEGES: components[wiki].databases.grants.privileges must be a privilege of database: ALTER, ALTER ROUTINE, CREATE, CREATE ROUTINE,",
    { mysql: true },
  ],
])("%s is refused", (...row) => {
  // A fourth parameter would be taken for a callback in rows that are shorter.
  const [, components, message, options] = row;
  expect(problems(components, options).join("\n")).toContain(message);
});

test("more entries than the MySQL program supports are refused", () => {
  const names = Array.from({ length: 301 }, (_, i) => `wiki${i}`);
  const many = wiki({ logins: names.map((name) => ({ login: login(name) })), databases: [] });
  expect(problems(many, { mysql: true }).join()).toContain(
    "SQL-LOGINS: logins must be at most 300 in one description of a MySQL server (got 301); use several DatabaseObjects",
  );
});

test("a description that exceeds an environment variable is refused", () => {
  const many = wiki({
    groupRoles: Array.from({ length: 700 }, (_, i) => ({ name: `role${i}` })),
    databases: [],
  });
  expect(problems(many).join()).toContain(
    'SQL-COMPONENTS-SIZE: components must be at most 120000 bytes as JSON (got "148648 bytes"); use several DatabaseObjects',
  );
});

test("a server without an administrator login is refused", () => {
  const found = problemsOf((stack) => {
    const server = postgresServer(stack);
    Object.assign(server, { adminLogin: undefined });
    new DatabaseObjects(stack, "objects", { server, components: [wiki()], backend: new RecordingBackend() });
  });
  expect(found.join()).toContain(
    "SQL-SERVER-ADMIN-LOGIN: server.adminLogin must be set, with a password, to create objects in SQL (got not set)",
  );
});

test("a database of another server is refused", () => {
  const found = problemsOf((stack) => {
    const server = postgresServer(stack);
    const other = postgresServer(stack, { id: "other" });
    const main = server.database("gitlab", { owner: login("gitlab") });
    const ci = other.database("gitlab_ci", { owner: login("gitlab") });
    new DatabaseObjects(stack, "objects", {
      server,
      components: [GitlabSql.rails({ main, ci })],
      backend: new RecordingBackend(),
    });
  });
  expect(found).toEqual([
    '[objects] SQL-COMPONENTS-DATABASES: components[gitlab].databases must be on the server of this DatabaseObjects: it is on test/other (got "gitlab_ci"); describe it in a DatabaseObjects of that server',
  ]);
});

test("two descriptions of a server that share a login or database are refused", () => {
  const found = (second: ComponentObjects, { mysql }: Case = {}) =>
    problemsOf((stack) => {
      const server = mysql ? mysqlServer(stack) : postgresServer(stack);
      for (const [id, component] of Object.entries({ first: wiki(), second })) {
        new DatabaseObjects(stack, id, { server, components: [component], backend: new RecordingBackend() });
      }
    });
  const again = (id: string, property: string) =>
    `[second] ${id}: ${property} must belong to one component: test/first describes it for wiki, and components that share it reach each other's data (got "wiki")`;
  expect(found(wiki())).toEqual([]);
  expect(found(wiki({ component: "b" }))).toEqual([
    again("SQL-LOGINS", "logins"),
    again("SQL-DATABASES-NAME", "databases.name"),
  ]);
  const own = { component: "b", databases: [{ name: "b", owner: "wiki" }] };
  expect(found(wiki(own))).toEqual([again("SQL-LOGINS", "logins")]);
  expect(found(wiki({ ...own, logins: [{ login: login("wiki"), existing: true }] }))).toEqual([]);
  const elsewhere = wiki({ ...own, logins: [{ login: login("wiki"), host: "10.%" }] });
  expect(found(elsewhere, { mysql: true })).toEqual([again("SQL-LOGINS", "logins")]);
  // The same component twice, with another value of one option.
  const differs = (id: string, property: string) =>
    `[second] ${id}: ${property} must be described alike in each DatabaseObjects of a server: test/first describes it otherwise, and each run would undo the other's (got "wiki")`;
  expect(found(wiki({ logins: [{ login: login("wiki"), connectionLimit: 3 }] }))).toEqual([
    differs("SQL-LOGINS", "logins"),
  ]);
  const limited = wiki({ databases: [{ name: "wiki", owner: "wiki", encoding: "latin1" }] });
  for (const engine of [{}, { mysql: true }]) {
    expect(found(limited, engine)).toContain(differs("SQL-DATABASES-NAME", "databases.name"));
  }
  expect(found(wiki({ databases: [{ name: "more", owner: "wiki", users: ["wiki"] }] }))).toEqual([]);
  // On MySQL, the run of one description would revoke what the other grants; two that say the same do not.
  expect(found(wiki(), { mysql: true })).toEqual([]);
  const inOne = expect.stringContaining("must be described with all its databases in one DatabaseObjects");
  expect(
    found(wiki({ ...own, logins: [{ login: login("wiki"), existing: true }] }), { mysql: true }),
  ).toEqual([inOne]);
  expect(found(wiki({ databases: [{ name: "b", owner: "wiki" }] }), { mysql: true })).toEqual([inOne, inOne]);
  expect(found(wiki(own), { mysql: true })).toEqual([again("SQL-LOGINS", "logins")]);
});

test("CA certificates that exceed an environment variable are refused by the local back end", () => {
  const found = (caCertificatesPem: string) =>
    problemsOf((stack) => {
      const server = DatabaseServer.fromServerAttributes(stack, "postgres", {
        engine: DatabaseEngine.postgres(PostgresVersion.V17),
        host: "localhost",
        location: { cloud: Cloud.SELF_MANAGED },
        adminLogin: login("dbadmin"),
        tls: { enforced: true, hostnameVerifiable: true, caCertificatesPem },
      });
      new DatabaseObjects(stack, "objects", { server, components: [wiki()], backend: new LocalSqlBackend() });
    });
  const pem = (bytes: number) =>
    `-----BEGIN CERTIFICATE-----\n${"A".repeat(bytes)}\n-----END CERTIFICATE-----\n`;
  expect(found(pem(1000))).toEqual([]);
  expect(found("${data.http.authorities.body}")).toEqual([]);
  expect(found(pem(165_000))).toEqual([
    '[objects] SQL-SERVER-TLS-CA-CERTIFICATES-PEM: server.tls.caCertificatesPem must be at most 120000 bytes, the limit of an environment variable (got "165055 bytes"); pass the CA bundle of the server\'s region',
  ]);
});

test("names known only at apply are not checked, but need an id", () => {
  const name = "${var.name}";
  const unknown = (id?: string) =>
    wiki({ logins: [{ login: login(name), id }], databases: [{ name: "${var.db}", owner: name }] });
  expect(problems(unknown())).toEqual([
    "[objects] SQL-COMPONENTS-LOGINS-ID: components[wiki].logins.id must be set when the user name is known only at apply (got not set)",
  ]);
  expect(problems(unknown("wiki"))).toEqual([]);
});

test("a login without TLS is recorded as an opt-out", () => {
  const { infos } = synthesize((stack) => make(stack, [withLogin({ requireTls: false })], { mysql: true }));
  expect(infos.map((i) => i.message)).toEqual([
    "opt-out: SQL-COMPONENTS-LOGINS-REQUIRE-TLS: components[wiki].logins.requireTls: wiki may connect without TLS",
  ]);
});

test("unrestricted access and administrator membership are recorded as opt-outs", () => {
  const { infos } = synthesize((stack) =>
    make(stack, [withLogin({ memberOf: ["rds_superuser"] })], {
      server: { cloud: Cloud.AWS },
      objects: { restrictAccess: false },
    }),
  );
  expect(infos.map((i) => i.message)).toEqual([
    "opt-out: SQL-RESTRICT-ACCESS: restrictAccess: every login of the server may connect to every database",
    "opt-out: SQL-MEMBER-OF: components[wiki].logins.memberOf: the role is a member of the administrators' role rds_superuser",
  ]);
});
