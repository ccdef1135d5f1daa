// Generated descriptions and drifts on real servers: description -> run -> the catalog equals the description -> a second run says
// nothing -> drift -> run -> equal again. Many cases share a run, since the cost of a run is mostly its start. The catalog is read by
// queries of this file and compared with the description itself, not with what the program says.
import * as fc from "fast-check";
import { ComponentObjects, SqlGrantTarget, type SqlPrivilege, type SqlProgram } from "../../../lib/sql";
import { MYSQL_PRIVILEGES } from "../../../lib/sql/data/privileges";
import { loginPasswordKey } from "../../../lib/sql/objects/desired-state";
import { describeWith } from "../../support/describe-with";
import { Mysql, type MysqlTools, mariadbTools, mysqlTools } from "../../support/servers/mysql";
import { login, mysqlProgram } from "../../support/sql/sql-fixtures";
import { runProgram } from "../../support/sql/sql-program";

jest.setTimeout(900_000);

const SEED = Number(process.env.DEVPLATFORMS_SEED ?? 20261127);
/** Half of them run on MySQL, half on MariaDB. */
const CASES = 200;
const CASES_OF_A_RUN = 25;

interface Account {
  readonly name: string;
  readonly host: string;
  readonly password: string;
  readonly requireTls: boolean;
  readonly connections: number;
  readonly native: boolean;
}
interface Grant {
  readonly account: number;
  readonly privileges: string[];
  readonly grantable: boolean;
}
interface Database {
  readonly name: string;
  readonly owner: number;
  readonly charset: string;
  readonly collation?: string;
  readonly grants: Grant[];
}
interface Case {
  readonly accounts: Account[];
  readonly databases: Database[];
  readonly drifts: { readonly kind: number; readonly account: number; readonly database: number }[];
}

// Quotes, wildcards, comment signs and characters of two and three bytes; no spaces at the ends, which the server removes.
const suffix = fc
  .string({ unit: fc.constantFrom(..."ab_%'\"`\\-#; $é語"), minLength: 0, maxLength: 5 })
  .map((s) => `${s}x`);
const collations = [
  ["utf8mb4", undefined],
  ["utf8mb4", "utf8mb4_bin"],
  ["utf8mb4", "utf8mb4_unicode_ci"],
  ["latin1", undefined],
  ["utf8", "utf8_general_ci"],
] as const;

const cases: fc.Arbitrary<Case> = fc.record({
  accounts: fc.array(
    fc.record({
      name: suffix,
      host: fc.constantFrom("%", "%", "127.0.0.1", "127.0.0.%", "10.9.%"),
      password: fc.string({ unit: fc.constantFrom(..."aB1'\"\\ %$é;#"), minLength: 1, maxLength: 12 }),
      requireTls: fc.boolean(),
      connections: fc.constantFrom(0, 0, 7),
      native: fc.boolean(),
    }),
    { minLength: 1, maxLength: 2 },
  ),
  databases: fc
    .array(
      fc.record({
        name: fc.string({ unit: fc.constantFrom(..."ab_-C1"), minLength: 0, maxLength: 6 }),
        owner: fc.nat(7),
        charset: fc.nat(collations.length - 1),
        grants: fc.array(
          fc.record({
            account: fc.nat(7),
            privileges: fc.subarray([...MYSQL_PRIVILEGES], { minLength: 1, maxLength: 5 }),
            grantable: fc.boolean(),
          }),
          { maxLength: 1 },
        ),
      }),
      { minLength: 1, maxLength: 2 },
    )
    .map((databases) =>
      databases.map(({ charset, ...d }) => ({
        ...d,
        charset: collations[charset]?.[0] as string,
        collation: collations[charset]?.[1],
      })),
    ),
  drifts: fc.array(fc.record({ kind: fc.nat(1000), account: fc.nat(7), database: fc.nat(7) }), {
    minLength: 1,
    maxLength: 3,
  }),
});

/** Makes the names of a case unique. */
function numbered(of: Case, n: number): Case {
  return {
    ...of,
    accounts: of.accounts.map((a, i) => ({ ...a, name: `u${n}_${i}${a.name}` })),
    databases: of.databases.map((d, i) => ({
      ...d,
      name: `d${n}_${i}${d.name}`,
      owner: d.owner % of.accounts.length,
      // The owner has all privileges already.
      grants: d.grants
        .map((g) => ({ ...g, account: g.account % of.accounts.length }))
        .filter((g) => g.account !== d.owner % of.accounts.length),
    })),
  };
}

const text = (value: string) => `'${value.replace(/\\/g, "\\\\").replace(/'/g, "''")}'`;
const accountOf = (a: Account) => `${text(a.name)}@${text(a.host)}`;
const name = (value: string) => `\`${value.replace(/`/g, "``")}\``;
const pattern = (value: string) => name(value.replace(/_/g, "\\_").replace(/%/g, "\\%"));

/** Each kind of drift: the statements, for one account and one database of a case. */
const DRIFTS: { readonly [kind: string]: (a: Account, d: Database, tools: MysqlTools, n: number) => string } =
  {
    "another password": (a) => `ALTER USER ${accountOf(a)} IDENTIFIED BY 'another'`,
    "no password": (a) => `ALTER USER ${accountOf(a)} IDENTIFIED BY ''`,
    "a locked account": (a) => `ALTER USER ${accountOf(a)} ACCOUNT LOCK`,
    "an expired password": (a) => `ALTER USER ${accountOf(a)} PASSWORD EXPIRE`,
    "no TLS": (a) => `ALTER USER ${accountOf(a)} REQUIRE NONE`,
    "TLS required": (a) => `ALTER USER ${accountOf(a)} REQUIRE SSL`,
    "another connection limit": (a) => `ALTER USER ${accountOf(a)} WITH MAX_USER_CONNECTIONS 3`,
    "a socket instead of a password": (a, _d, tools) =>
      tools.name === "MySQL"
        ? `ALTER USER ${accountOf(a)} IDENTIFIED WITH sha256_password BY 'x'`
        : `ALTER USER ${accountOf(a)} IDENTIFIED VIA mysql_native_password USING PASSWORD('x') OR unix_socket`,
    "a global privilege": (a) => `GRANT SELECT, PROCESS ON *.* TO ${accountOf(a)}`,
    "global GRANT OPTION": (a) => `GRANT USAGE ON *.* TO ${accountOf(a)} WITH GRANT OPTION`,
    "a privilege on another database": (a) => `GRANT SELECT ON \`elsewhere\`.* TO ${accountOf(a)}`,
    "a privilege on all databases of a pattern": (a) => `GRANT SELECT ON \`d%\`.* TO ${accountOf(a)}`,
    "a name without escapes": (a, d) => `GRANT SELECT ON ${name(d.name)}.* TO ${accountOf(a)}`,
    "a privilege too many": (a, d) => `GRANT TRIGGER, EVENT ON ${pattern(d.name)}.* TO ${accountOf(a)}`,
    "GRANT OPTION on a database": (a, d) =>
      `GRANT SELECT ON ${pattern(d.name)}.* TO ${accountOf(a)} WITH GRANT OPTION`,
    "a privilege on a table": (a) =>
      `GRANT SELECT, INSERT ON elsewhere.kept TO ${accountOf(a)} WITH GRANT OPTION`,
    "a privilege on a column": (a) =>
      `GRANT SELECT (answer), UPDATE (answer) ON elsewhere.kept TO ${accountOf(a)}`,
    "a privilege on a procedure": (a) => `GRANT EXECUTE ON PROCEDURE elsewhere.look TO ${accountOf(a)}`,
    "a role": (a, _d, tools) =>
      `GRANT ${tools.name === "MySQL" ? "'reads_all'@'%'" : "reads_all"} TO ${accountOf(a)}`,
    "a proxy": (a) => `GRANT PROXY ON 'proxied'@'%' TO ${accountOf(a)}`,
    "a dropped account": (a) => `DROP USER ${accountOf(a)}`,
    "a dropped database": (_a, d) => `DROP DATABASE ${name(d.name)}`,
    "another character set": (_a, d) => `ALTER DATABASE ${name(d.name)} CHARACTER SET greek`,
    "no grants": (a) => `REVOKE ALL PRIVILEGES, GRANT OPTION FROM ${accountOf(a)}`,
    "an account of the name for another host": (a, d) =>
      `CREATE USER ${text(a.name)}@'192.168.%' IDENTIFIED BY 'x'; GRANT ALL ON ${pattern(d.name)}.* TO ${text(a.name)}@'192.168.%'`,
    "an account of the name that answers first": (a) =>
      a.host === "127.0.0.1"
        ? "DO 0"
        : `CREATE USER ${text(a.name)}@'127.0.0.1' IDENTIFIED BY ${text(a.password)}`,
    "an account that is not described": (_a, d, _t, n) =>
      `CREATE USER 'outsider${n}'@'%' IDENTIFIED BY 'x'; GRANT SELECT ON ${pattern(d.name)}.* TO 'outsider${n}'@'%'`,
  };
const KINDS = Object.keys(DRIFTS);

const all = fc.sample(cases, { seed: SEED, numRuns: CASES }).map(numbered);

describeWith("generated descriptions on MySQL", mysqlTools, (tools) => suite(tools, 0));
describeWith("generated descriptions on MariaDB", mariadbTools, (tools) => suite(tools, CASES / 2));

/** Runs half of the cases, from one on. */
function suite(tools: MysqlTools, from: number): void {
  let mysql: Mysql;
  beforeAll(async () => {
    mysql = await Mysql.start(tools);
    mysql.query(
      "CREATE DATABASE elsewhere; CREATE TABLE elsewhere.kept AS SELECT 42 AS answer; CREATE PROCEDURE elsewhere.look() SELECT 1;" +
        "CREATE ROLE reads_all; GRANT SELECT ON *.* TO reads_all; CREATE USER proxied@'%' IDENTIFIED BY 'x';" +
        // Only an account that may act as another may pass that on.
        "GRANT PROXY ON ''@'' TO root@localhost WITH GRANT OPTION; GRANT PROXY ON ''@'' TO platform_admin@'%' WITH GRANT OPTION" +
        // What the administrator may not revoke is refused, see the tests of objects; here it may.
        (tools.name === "MariaDB" ? ";GRANT reads_all TO platform_admin@'%' WITH ADMIN OPTION" : ""),
    );
  });
  afterAll(() => mysql?.stop());

  const program = (all: Case[]): SqlProgram =>
    mysqlProgram({ host: "127.0.0.1", port: mysql.port, admin: mysql.admin.user }, () =>
      all.map(
        (of, n) =>
          new ComponentObjects({
            component: `case-${n}`,
            logins: of.accounts.map((a) => ({
              login: login(a.name),
              host: a.host,
              requireTls: a.requireTls,
              connectionLimit: a.connections,
              nativePassword: a.native,
            })),
            databases: of.databases.map((d) => ({
              name: d.name,
              owner: of.accounts[d.owner]?.name as string,
              encoding: d.charset,
              collation: d.collation,
              grants: d.grants.map((g) => ({
                on: SqlGrantTarget.DATABASE,
                grantee: of.accounts[g.account]?.name as string,
                privileges: g.privileges as SqlPrivilege[],
                grantable: g.grantable,
              })),
            })),
          }),
      ),
    );
  const run = (all: Case[]) =>
    runProgram(program(all), {
      ca: mysql.ca,
      secrets: {
        admin: mysql.admin.password,
        ...Object.fromEntries(
          all.flatMap((of) =>
            of.accounts.map((a) => [loginPasswordKey({ login: login(a.name) }), a.password]),
          ),
        ),
      },
    });

  /** What the catalog must hold, from the description alone. */
  function wanted(all: Case[]): string[] {
    const lines = all.flatMap((of) => [
      ...of.accounts.map(
        (a) =>
          `account ${a.name}@${a.host} tls=${a.requireTls} connections=${a.connections} open password=right`,
      ),
      ...of.databases.map((d) => `database ${d.name} ${d.charset} ${d.collation ?? "default"}`),
      ...of.databases.flatMap((d) =>
        [{ account: d.owner, privileges: [...MYSQL_PRIVILEGES], grantable: false }, ...d.grants].map((g) => {
          const a = of.accounts[g.account] as Account;
          return `grant ${a.name}@${a.host} ${d.name.replace(/_/g, "\\_")} ${[...g.privileges].sort()} ${g.grantable}`;
        }),
      ),
    ]);
    return lines.sort();
  }

  /** What the catalog holds of these cases. */
  function found(all: Case[]): string[] {
    const mine = all.flatMap((of) => of.accounts);
    const names = new Set(mine.map((a) => a.name));
    const rows = (sql: string) =>
      mysql.query(sql).map((line) => line.split("\t").map((cell) => Buffer.from(cell, "hex").toString()));
    const locked =
      tools.name === "MySQL"
        ? "account_locked = 'Y'"
        : "(SELECT JSON_VALUE(p.Priv, '$.account_locked') = 1 FROM global_priv p WHERE p.User = user.User AND p.Host = user.Host) IS TRUE";
    const hex = (...columns: string[]) => columns.map((c) => `HEX(CONVERT(${c} USING utf8mb4))`).join(", ");
    const plugins = "('mysql_native_password', 'caching_sha2_password', 'sha256_password')";
    const accounts = rows(
      `SELECT ${hex("User", "Host", "ssl_type", "max_user_connections")}, ${hex(`CASE WHEN ${locked} THEN 'locked' WHEN password_expired = 'Y' THEN 'expired' WHEN plugin IN ${plugins} THEN 'open' ELSE plugin END`)} FROM user`,
    ).filter(([user]) => names.has(user as string));
    const lines = accounts
      .filter(
        ([user, host, , , state]) =>
          state !== "locked" || mine.some((a) => a.name === user && a.host === host),
      )
      .map(([user, host, ssl, connections, state]) => {
        const a = mine.find((each) => each.name === user && each.host === host);
        // This machine is no host of some accounts, and the locked account of the name for this host answers before some.
        const shadowed = accounts.some(([u, h]) => u === user && h === "127.0.0.1" && h !== host);
        const opens =
          a &&
          (shadowed || a.host.startsWith("10.") || mysql.as(a.name, a.password, "SELECT 1", "").code === 0);
        return `account ${user}@${host} tls=${ssl === "ANY"} connections=${connections} ${state} password=${opens ? "right" : "wrong"}`;
      });
    const open = new Set(lines.map((line) => line.split(" ")[1]));
    const mineToo = (grantee: string) =>
      accounts.find(([u, h, , , s]) => s !== "locked" && grantee === `'${u}'@'${h}'`);
    const held = new Map<string, { privileges: string[]; grantable: string }>();
    for (const [grantee, schema, privilege, grantable] of rows(
      `SELECT ${hex("GRANTEE", "TABLE_SCHEMA", "PRIVILEGE_TYPE", "IS_GRANTABLE")} FROM information_schema.SCHEMA_PRIVILEGES`,
    ) as string[][]) {
      const of = mineToo(grantee as string);
      if (!of) continue;
      const key = `grant ${of[0]}@${of[1]} ${schema}`;
      const entry = held.get(key) ?? { privileges: [], grantable: grantable as string };
      entry.privileges.push(privilege as string);
      held.set(key, entry);
    }
    for (const [key, { privileges, grantable }] of held) {
      // MariaDB's privileges that come with "all" are not described.
      const described = privileges.filter((p) => MYSQL_PRIVILEGES.includes(p)).sort();
      lines.push(`${key} ${described} ${grantable === "YES"}`);
    }
    for (const [grantee, privilege, grantable] of rows(
      `SELECT ${hex("GRANTEE", "PRIVILEGE_TYPE", "IS_GRANTABLE")} FROM information_schema.USER_PRIVILEGES WHERE PRIVILEGE_TYPE <> 'USAGE' OR IS_GRANTABLE = 'YES'`,
    ) as string[][]) {
      if (mineToo(grantee as string)) lines.push(`global ${grantee} ${privilege} ${grantable}`);
    }
    for (const [table, user, host] of [
      ["tables_priv", "User", "Host"],
      ["columns_priv", "User", "Host"],
      ["procs_priv", "User", "Host"],
      ["proxies_priv", "User", "Host"],
      tools.name === "MySQL" ? ["role_edges", "TO_USER", "TO_HOST"] : ["roles_mapping", "User", "Host"],
    ] as const) {
      for (const [u, h] of rows(`SELECT ${hex(user, host)} FROM ${table}`)) {
        if (mineToo(`'${u}'@'${h}'`)) lines.push(`${table} ${u}@${h}`);
      }
    }
    expect(open.size).toBeGreaterThan(0);
    const databases = new Map(all.flatMap((of) => of.databases.map((d) => [d.name, d] as const)));
    for (const [schema, charset, collation, isDefault] of rows(
      `SELECT ${hex("SCHEMA_NAME", "DEFAULT_CHARACTER_SET_NAME", "DEFAULT_COLLATION_NAME", "c.IS_DEFAULT")} FROM information_schema.SCHEMATA s JOIN information_schema.COLLATIONS c ON c.COLLATION_NAME = s.DEFAULT_COLLATION_NAME`,
    ) as string[][]) {
      const d = databases.get(schema as string);
      if (!d) continue;
      const old = (word: string) => word.replace("utf8mb3", "utf8");
      const seen = d.collation === undefined && isDefault === "Yes" ? "default" : old(collation as string);
      lines.push(`database ${schema} ${old(charset as string)} ${seen}`);
    }
    return lines.sort();
  }

  const seen = new Map<string, number>();
  const batches = Array.from({ length: CASES / 2 / CASES_OF_A_RUN }, (_, n) => from + n * CASES_OF_A_RUN);

  test.each(batches)(
    `cases from %i on, seed ${SEED}: the catalog equals the description, also after drift`,
    async (first) => {
      const some = all.slice(first, first + CASES_OF_A_RUN);
      const where = `seed ${SEED} (DEVPLATFORMS_SEED), cases ${first} to ${first + some.length - 1}`;
      const made = await run(some);
      expect([where, made.code, made.stderr]).toEqual([where, 0, ""]);
      expect([where, found(some)]).toEqual([where, wanted(some)]);
      const second = await run(some);
      expect([where, second.code, second.stdout]).toEqual([where, 0, "The server is as wanted.\n"]);

      const outsiders: string[] = [];
      const drifted: string[] = [];
      some.forEach((of, offset) => {
        for (const { kind, account, database } of of.drifts) {
          const word = KINDS[kind % KINDS.length] as string;
          const a = of.accounts[account % of.accounts.length] as Account;
          const d = of.databases[database % of.databases.length] as Database;
          const n = first + offset;
          const sql = (DRIFTS[word] as (typeof DRIFTS)[string])(a, d, tools, n);
          // Drifts of one case may contradict each other, such as a grant to an account that another drift dropped.
          if (mysql.root(sql).code !== 0) continue;
          seen.set(word, (seen.get(word) ?? 0) + 1);
          drifted.push(`case ${n}: ${word}: ${sql}`);
          if (word === "an account that is not described")
            outsiders.push(`'outsider${n}'@'%' may SELECT on `);
        }
      });
      const healed = await run(some);
      expect([where, drifted, healed.code, healed.stderr]).toEqual([where, drifted, 0, ""]);
      expect([where, drifted, found(some)]).toEqual([where, drifted, wanted(some)]);
      for (const outsider of outsiders) expect(healed.stdout).toContain(`note: ${outsider}`);
      const last = await run(some);
      expect([where, last.code, last.stdout.replace(/^note: .*\n/gm, "")]).toEqual([
        where,
        0,
        "The server is as wanted.\n",
      ]);
    },
  );

  test("every kind of drift was generated and is corrected or named", () => {
    console.log(
      `${tools.name}: ${CASES / 2} cases, ${KINDS.length} kinds of drift, ${[...seen.values()].reduce((a, b) => a + b, 0)} drifts`,
    );
    expect(KINDS.filter((kind) => !seen.has(kind))).toEqual([]);
  });
}
