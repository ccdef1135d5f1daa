import type { TerraformStack } from "cdktf";
import { Cloud, DatabaseEngine, DatabaseLogin, DatabaseServer, PostgresVersion } from "../../../lib/database";
import {
  ComponentObjects,
  type ComponentObjectsProps,
  DatabaseObjects,
  type DatabaseObjectsProps,
  LocalSqlBackend,
  type SqlDatabase,
  SqlGrantTarget,
  type SqlLogin,
  SqlPresets,
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

test("a description without mistakes has none", () => {
  expect(problems(wiki())).toEqual([]);
  expect(problems(wiki(), { mysql: true })).toEqual([]);
});

test("what looks alike is not refused", () => {
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
    'component is "wiki": it is there twice',
  ],
  [
    "a database twice",
    [
      wiki(),
      wiki({ component: "b", logins: [{ login: login("b") }], databases: [{ name: "wiki", owner: "b" }] }),
    ],
    'databases.name is "wiki": it is there twice',
  ],
  [
    "a login of two components",
    [wiki(), wiki({ component: "b", databases: [] })],
    'logins is "wiki": it is there twice',
  ],
  [
    "an owner of two components",
    [wiki(), wiki({ component: "b", logins: [], databases: [{ name: "b", owner: "wiki" }] })],
    'owner is "wiki": wiki and b share it; give each component a login of its own',
  ],
  [
    "an owner that is not described",
    withDatabase({ owner: "ghost" }),
    'wiki.databases.owner is "ghost": allowed are the component\'s own roles: wiki',
  ],
  [
    "the administrator as a login",
    wiki({ logins: [{ login: login("dbadmin") }], databases: [] }),
    "the administrator's login is for nobody else",
  ],
  [
    "a name of PostgreSQL",
    wiki({ logins: [{ login: login("pg_app") }], databases: [] }),
    'wiki.logins.login is "pg_app": PostgreSQL or the cloud keeps this name',
  ],
  [
    "a name of the cloud",
    wiki({ logins: [{ login: login("rdsadmin") }], databases: [] }),
    "keeps this name for itself",
    { server: { cloud: Cloud.AWS } },
  ],
  [
    "a database of the server",
    withDatabase({ name: "template1" }),
    'wiki.databases.name is "template1": the server keeps this database for itself',
  ],
  ["a name that would be cut", withDatabase({ name: "ä".repeat(32) }), "allowed are 1 to 63 bytes of UTF-8"],
  ["a name with a line break", withDatabase({ name: "a\nb" }), "without control characters"],
  [
    "a schema of the server",
    withDatabase({ schemas: [{ name: "pg_x" }] }),
    "PostgreSQL keeps this name for itself",
  ],
  [
    "an extension that the cloud lacks",
    withDatabase({ extensions: [{ name: "timescaledb" }] }),
    'wiki.databases.extensions.name is "timescaledb": it is not on our copy of the list of aws',
    { server: { cloud: Cloud.AWS } },
  ],
  [
    "an extension in an unknown schema",
    withDatabase({ extensions: [{ name: "pg_trgm", schema: "ext" }] }),
    "allowed are the database's schemas: public",
  ],
  [
    "a membership in an unknown group",
    withLogin({ memberOf: ["readers"] }),
    'wiki.logins.memberOf is "readers": no such role is described',
  ],
  [
    "a grant to an unknown role",
    withDatabase({ grants: [{ on: SqlGrantTarget.SCHEMA, grantee: "x", privileges: [] }] }),
    'wiki.databases.grants.grantee is "x": no such role is described; there are wiki',
  ],
  [
    "a privilege that the target lacks",
    withDatabase({
      grants: [{ on: SqlGrantTarget.SCHEMA, grantee: "wiki", privileges: [SqlPrivilege.SELECT] }],
    }),
    'wiki.databases.grants.privileges is "SELECT": schema has CREATE, USAGE',
  ],
  [
    "default privileges of a schema",
    withDatabase({ defaultPrivileges: [{ on: SqlGrantTarget.SCHEMA, grantee: "wiki", privileges: [] }] }),
    "allowed are tables, sequences and functions",
  ],
  [
    "a setting with an odd name",
    withLogin({ settings: [{ name: "x; DROP", values: ["1"] }] }),
    "allowed is a parameter's name",
  ],
  [
    "a list where there is one value",
    withLogin({ settings: [{ name: "work_mem", values: ["1MB", "2MB"] }] }),
    "allowed is one value; a list only for search_path",
  ],
  ["a connection limit below none", withLogin({ connectionLimit: -2 }), "allowed is a whole number from -1"],
  ["an expiry that is no time", withLogin({ validUntil: "tomorrow" }), "allowed is a time in UTC"],
  [
    "users of a database that is open",
    withDatabase({ users: ["wiki"], restrictAccess: false }),
    "it says who may connect when access is restricted",
  ],
  [
    "a guard that is no question",
    withDatabase({ queries: [{ name: "q", sql: "SELECT 1", unless: "DROP TABLE t" }] }),
    "allowed is a SELECT for one boolean",
  ],
  [
    "two queries of a name",
    withDatabase({
      queries: [
        { name: "q", sql: "SELECT 1", unless: "SELECT true" },
        { name: "q", sql: "SELECT 2", unless: "SELECT true" },
      ],
    }),
    "each query has a name of its own",
  ],
  [
    "a login by identity where SQL makes none",
    wiki({ logins: [{ login: DatabaseLogin.withCloudIdentity("wiki") }] }),
    "SQL can't make a login by the cloud's identity on this server",
    { server: { cloud: Cloud.GOOGLE, acceptsCloudIdentity: true } },
  ],
  [
    "a login through a proxy",
    wiki({ logins: [{ login: DatabaseLogin.throughProxy("wiki") }] }),
    "the cloud's API has to make it",
  ],
  ["MySQL's options on PostgreSQL", withLogin({ host: "10.%" }), "it is for MySQL only"],
  [
    "PostgreSQL's options on MySQL",
    withDatabase({ extensions: [{ name: "pg_trgm" }] }),
    "it is for PostgreSQL only",
    { mysql: true },
  ],
  [
    "a group role on MySQL",
    wiki({ groupRoles: [{ name: "g" }] }),
    "group roles are for PostgreSQL only",
    { mysql: true },
  ],
  [
    "a name too long for MySQL",
    wiki({ logins: [{ login: login("x".repeat(33)) }], databases: [] }),
    "allowed are 1 to 32 characters",
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
    "Azure writes names in lower case",
    { mysql: true, server: { cloud: Cloud.AZURE } },
  ],
  [
    "two statements in MySQL",
    withDatabase({
      queries: [{ name: "q", sql: "CREATE TABLE t (i int); INSERT INTO t VALUES (1)", unless: "SELECT 1" }],
    }),
    "in MySQL a query is one statement",
    { mysql: true },
  ],
  [
    "a grant on a schema in MySQL",
    withDatabase({ grants: [{ on: SqlGrantTarget.SCHEMA, grantee: "wiki", privileges: [] }] }),
    "in MySQL a grant is about a database",
    { mysql: true },
  ],
  ["nothing", [], "components is []: there is nothing to make"],
  [
    "two logins that stand for one password",
    wiki({
      logins: [
        { login: login("wiki"), id: "x" },
        { login: login("b"), id: "x" },
      ],
    }),
    'logins.id is "x": it is there twice: the id stands for the login\'s password',
  ],
  [
    "a group role twice",
    wiki({ groupRoles: [{ name: "g" }, { name: "g" }] }),
    'groupRoles.name is "g": it is there twice',
  ],
  [
    "a database without an owner",
    withDatabase({ owner: undefined }),
    "wiki.databases.owner is not set: a database is its component's",
  ],
  [
    "an encoding that is no name",
    withDatabase({ encoding: "UTF8'; --" }),
    "allowed is the name of an encoding, such as UTF8",
  ],
  [
    "a collation that is no name",
    withDatabase({ collation: "de DE" }),
    "allowed is the name of a collation, such as C or utf8mb4_bin",
  ],
  [
    "a schema twice",
    withDatabase({ schemas: [{ name: "app" }, { name: "app" }] }),
    'schemas.name is "app": it is there twice',
  ],
  [
    "a schema of an unknown owner",
    withDatabase({ schemas: [{ name: "app", owner: "ghost" }] }),
    'wiki.databases.schemas.owner is "ghost": no such role is described',
  ],
  [
    "an extension twice",
    withDatabase({ extensions: [{ name: "pg_trgm" }, { name: "pg_trgm" }] }),
    'extensions.name is "pg_trgm": it is there twice',
  ],
  [
    "default privileges of an unknown role",
    withDatabase({
      defaultPrivileges: [{ on: SqlGrantTarget.TABLES, owner: "ghost", grantee: "wiki", privileges: [] }],
    }),
    'wiki.databases.defaultPrivileges.owner is "ghost": no such role is described',
  ],
  [
    "a group with the name of a login",
    wiki({ groupRoles: [{ name: "wiki" }] }),
    'groupRoles.name is "wiki": a login has this name; a role is one or the other',
  ],
  [
    "a login with the name of those who may connect",
    wiki({ logins: [{ login: login("wiki") }, { login: login("wiki_connect") }] }),
    'databases.name is "wiki": those who may connect to it become members of wiki_connect, which is described as another role',
  ],
  [
    "a group with the name of those who may connect",
    wiki({ groupRoles: [{ name: "wiki_connect" }] }),
    "become members of wiki_connect, which is described as another role",
  ],
  [
    "a closed database that is open to everybody",
    withDatabase({
      grants: [{ on: SqlGrantTarget.DATABASE, grantee: "public", privileges: [SqlPrivilege.CONNECT] }],
    }),
    'wiki.databases.grants.grantee is "public": restricted access leaves everybody nothing of a database',
  ],
  [
    "a closed database whose schema takes objects from everybody",
    withDatabase({
      grants: [{ on: SqlGrantTarget.SCHEMA, grantee: "public", privileges: [SqlPrivilege.ALL] }],
    }),
    "no CREATE in the schema public; set restrictAccess to false, or name roles",
  ],
  [
    "a setting with two values",
    withLogin({
      settings: [
        { name: "timezone", values: ["UTC"], database: "wiki" },
        { name: "timezone", values: ["Europe/Berlin"], database: "wiki" },
      ],
    }),
    'wiki.logins.settings.name is "timezone in wiki": it is there twice: each setting has one value',
  ],
  [
    "a grant in an unknown schema",
    withDatabase({
      grants: [{ on: SqlGrantTarget.TABLES, schema: "app", grantee: "wiki", privileges: [] }],
    }),
    "allowed are the database's schemas: public",
  ],
  [
    "an unknown user of a database",
    withDatabase({ users: ["ghost"] }),
    'wiki.databases.users is "ghost": no such role is described',
  ],
  [
    "a name that leaves no room for the role that may connect",
    withDatabase({ name: "x".repeat(60) }),
    `wiki.databases.restrictAccess is "${"x".repeat(60)}_connect": allowed are 1 to 63 bytes`,
  ],
  [
    "a query that does nothing",
    withDatabase({ queries: [{ name: "q", sql: " ", unless: "SELECT true" }] }),
    "a query has to do something",
  ],
  [
    "a query of an unknown role",
    withDatabase({ queries: [{ name: "q", sql: "SELECT 1", unless: "SELECT true", runAs: "ghost" }] }),
    'wiki.databases.queries.runAs is "ghost": no such role is described',
  ],
  [
    "a database's setting for another database",
    withDatabase({ settings: [{ name: "work_mem", values: ["1MB"], database: "b" }] }),
    "a database's own setting names no database",
  ],
  [
    "a host that is no pattern",
    withLogin({ host: "10.0.0.1'; --" }),
    "allowed is a host, address or pattern as MySQL takes it",
    { mysql: true },
  ],
  [
    "a user of MySQL's own",
    wiki({ logins: [{ login: login("mysql.sys") }], databases: [] }),
    "MySQL or the cloud keeps this name for itself",
    { mysql: true },
  ],
  [
    "a database of MySQL's own",
    withDatabase({ name: "sys" }),
    "the server keeps this database for itself",
    { mysql: true },
  ],
  [
    "a privilege that MySQL lacks",
    withDatabase({
      grants: [{ on: SqlGrantTarget.DATABASE, grantee: "wiki", privileges: [SqlPrivilege.USAGE] }],
    }),
    'wiki.databases.grants.privileges is "USAGE": database has ALTER, ',
    { mysql: true },
  ],
])("%s is refused", (...row) => {
  // A fourth parameter would be taken for a callback in rows that are shorter.
  const [, components, message, options] = row;
  expect(problems(components, options).join("\n")).toContain(message);
});

test("more than the program for MySQL counts is refused", () => {
  const names = Array.from({ length: 301 }, (_, i) => `wiki${i}`);
  const many = wiki({ logins: names.map((name) => ({ login: login(name) })), databases: [] });
  expect(problems(many, { mysql: true }).join()).toContain(
    "logins is 301: in MySQL a description has at most 300",
  );
});

test("a description that is too long for a variable is refused", () => {
  const many = wiki({
    groupRoles: Array.from({ length: 700 }, (_, i) => ({ name: `role${i}` })),
    databases: [],
  });
  expect(problems(many).join()).toContain(
    "a description may have 120000 bytes as JSON; use several DatabaseObjects",
  );
});

test("a server without an administrator cannot be set up", () => {
  const found = problemsOf((stack) => {
    const server = postgresServer(stack);
    Object.assign(server, { adminLogin: undefined });
    new DatabaseObjects(stack, "objects", { server, components: [wiki()], backend: new RecordingBackend() });
  });
  expect(found.join()).toContain(
    "server.adminLogin is not set: making objects in SQL takes the server's administrator",
  );
});

test("a database on another server is described there", () => {
  const found = problemsOf((stack) => {
    const server = postgresServer(stack);
    const other = postgresServer(stack, { id: "other" });
    const main = server.database("gitlab", { owner: login("gitlab") });
    const ci = other.database("gitlab_ci", { owner: login("gitlab") });
    new DatabaseObjects(stack, "objects", {
      server,
      components: [SqlPresets.gitlabRails({ main, ci })],
      backend: new RecordingBackend(),
    });
  });
  expect(found).toEqual([
    '[objects] gitlab.databases is "gitlab_ci": it is on the server test/other; describe it in a DatabaseObjects of that server',
  ]);
});

test("a login or a database of two components in two descriptions of one server", () => {
  const found = (second: ComponentObjects, { mysql }: Case = {}) =>
    problemsOf((stack) => {
      const server = mysql ? mysqlServer(stack) : postgresServer(stack);
      for (const [id, component] of Object.entries({ first: wiki(), second })) {
        new DatabaseObjects(stack, id, { server, components: [component], backend: new RecordingBackend() });
      }
    });
  const again =
    "it is wiki's, which test/first describes; two components that share it reach each other's data";
  expect(found(wiki())).toEqual([]);
  expect(found(wiki({ component: "b" }))).toEqual([
    `[second] logins is "wiki": ${again}`,
    `[second] databases.name is "wiki": ${again}`,
  ]);
  const own = { component: "b", databases: [{ name: "b", owner: "wiki" }] };
  expect(found(wiki(own))).toEqual([`[second] logins is "wiki": ${again}`]);
  expect(found(wiki({ ...own, logins: [{ login: login("wiki"), existing: true }] }))).toEqual([]);
  const elsewhere = wiki({ ...own, logins: [{ login: login("wiki"), host: "10.%" }] });
  expect(found(elsewhere, { mysql: true })).toEqual([]);
  expect(found(wiki(own), { mysql: true })).toEqual([`[second] logins is "wiki": ${again}`]);
});

test("authorities that no variable holds are refused where they would be one", () => {
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
    '[objects] server.tls.caCertificatesPem is "165055 bytes": a variable of a program holds at most 120000 bytes; give the authorities of the server\'s region only',
  ]);
});

test("names that only Terraform knows are judged by nobody here, but need an id", () => {
  const name = "${var.name}";
  const unknown = (id?: string) =>
    wiki({ logins: [{ login: login(name), id }], databases: [{ name: "${var.db}", owner: name }] });
  expect(problems(unknown())).toEqual([
    "[objects] wiki.logins.id is not set: the login's name is known only at apply, so it needs an id of its own",
  ]);
  expect(problems(unknown("wiki"))).toEqual([]);
});

test("a login without TLS is written down for the review", () => {
  const { infos } = synthesize((stack) => make(stack, [withLogin({ requireTls: false })], { mysql: true }));
  expect(infos.map((i) => i.message)).toEqual([
    "opt-out: wiki.logins.requireTls: wiki may connect without TLS",
  ]);
});

test("an open door is written down for the review", () => {
  const { infos } = synthesize((stack) =>
    make(stack, [withLogin({ memberOf: ["rds_superuser"] })], {
      server: { cloud: Cloud.AWS },
      objects: { restrictAccess: false },
    }),
  );
  expect(infos.map((i) => i.message)).toEqual([
    "opt-out: restrictAccess: every login of the server may connect to every database",
    "opt-out: wiki.logins.memberOf: a role is a member of rds_superuser, the administrators",
  ]);
});
