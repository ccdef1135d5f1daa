/** PgBouncer runs from the generated files: each component reaches its own database only, and a reload drops nothing. */
import { spawn } from "node:child_process";
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { TerraformStack } from "cdktf";
import {
  DatabaseEngine,
  DatabaseLogin,
  DatabaseServer,
  type IDatabaseServer,
  PoolMode,
  PostgresVersion,
  SecretValue,
} from "../../../lib/database";
import { AuthQuery, ClientTls, PgBouncer, type PoolEntry } from "../../../lib/pooling";
import { makeCertificates } from "../../../tools/machine/certificates";
import { Postgres } from "../../../tools/machine/postgres";
import { findProgram, freePort, mustAsync, run } from "../../../tools/machine/processes";
import { describeWith } from "../../support/describe-with";
import { LocalPooler, literal, own, poolingTools } from "../../support/servers/pooling";

jest.setTimeout(180_000);

/** Passwords that break naive files: quotes, backslashes, Terraform's and the shell's own signs. */
const USERS = {
  main: { user: "gitlab", password: 'a "quoted" $(word) \\ ${x} %{y} %1;#' },
  ci: { user: "gitlab_ci", password: "plain-1" },
  registry: { user: "registry@component", password: "md5-like'but not" },
};
type Component = keyof typeof USERS;

describeWith("a pooler on a real server", poolingTools, (tools) => {
  let postgres: Postgres;
  let pooler: LocalPooler;
  let port: number;
  const { image } = tools;

  const build =
    (entries: (server: IDatabaseServer) => PoolEntry[], authQuery?: AuthQuery) => (stack: TerraformStack) => {
      const server = DatabaseServer.fromServerAttributes(stack, "server", {
        engine: DatabaseEngine.postgres(PostgresVersion.V15),
        host: "localhost",
        port: postgres.port,
        maxConnections: 100,
        tls: {
          enforced: true,
          hostnameVerifiable: true,
          caCertificatesPem: readFileSync(postgres.ca, "utf8"),
        },
      });
      new PgBouncer(stack, "pooler", {
        namespace: "test",
        port,
        image,
        clientTls: ClientTls.none(),
        entries: entries(server),
        authQuery,
      });
    };
  const login = (name: Component) =>
    DatabaseLogin.withPassword(
      USERS[name].user,
      SecretValue.fromEphemeral(literal(USERS[name].password), { version: 1 }),
    );
  const single = (
    stack: TerraformStack,
    itsPort: number,
    options: {
      host?: string;
      ca?: string;
      drainSeconds?: number;
      authQuery?: AuthQuery;
      clientTls?: ClientTls;
    },
  ) => {
    const server = DatabaseServer.fromServerAttributes(stack, "server", {
      engine: DatabaseEngine.postgres(PostgresVersion.V15),
      host: options.host ?? "localhost",
      port: postgres.port,
      tls: {
        enforced: true,
        hostnameVerifiable: true,
        caCertificatesPem: readFileSync(options.ca ?? postgres.ca, "utf8"),
      },
    });
    new PgBouncer(stack, "pooler", {
      namespace: "test",
      port: itsPort,
      image,
      drainSeconds: options.drainSeconds,
      authQuery: options.authQuery,
      clientTls: options.clientTls ?? ClientTls.none(),
      entries: [{ database: server.database("main", { owner: login("main") }), poolSize: 2 }],
    });
  };
  const strangersCa = () => {
    const folder = join(pooler.folder, "stranger");
    mkdirSync(folder);
    return makeCertificates(folder).ca;
  };
  const three = (server: IDatabaseServer): PoolEntry[] => [
    { database: server.database("main", { owner: login("main") }), poolSize: 5 },
    { database: server.database("ci-data", { owner: login("ci") }), name: "ci", poolSize: 5 },
    {
      database: server.database("registry", { owner: login("registry") }),
      mode: PoolMode.SESSION,
      poolSize: 4,
    },
  ];

  beforeAll(async () => {
    postgres = await Postgres.start(tools.postgres);
    for (const [name, { user, password }] of Object.entries(USERS)) {
      postgres.query(`CREATE ROLE "${user}" LOGIN PASSWORD :'password'`, { variables: { password } });
      postgres.query(`GRANT "${user}" TO CURRENT_USER`);
      postgres.query(`CREATE DATABASE "${name === "ci" ? "ci-data" : name}" OWNER "${user}"`);
    }
    port = await freePort();
    pooler = new LocalPooler(tools, build(three));
    await pooler.start();
  });

  afterAll(async () => {
    await pooler?.stop();
    await postgres?.stop();
  });

  const connect = (database: string, component: Component, password = USERS[component].password) =>
    pooler.psql("SELECT current_user || ' in ' || current_database()", {
      database,
      user: USERS[component].user,
      password,
    });

  test("every component connects with its own user, to the server with TLS", () => {
    expect(connect("main", "main").stdout.trim()).toBe("gitlab in main");
    expect(connect("ci", "ci").stdout.trim()).toBe("gitlab_ci in ci-data");
    expect(connect("registry", "registry").stdout.trim()).toBe("registry@component in registry");
    const tls = pooler.psql("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()", {
      database: "main",
      ...USERS.main,
    });
    expect(tls.stdout.trim()).toBe("t");
  });

  test("no component reaches another's database, although the server would let it", () => {
    // PUBLIC may connect to every database of this server: the pooler is what refuses.
    expect(postgres.query("SELECT current_user", { database: "main", ...USERS.ci })).toEqual(["gitlab_ci"]);
    for (const [database, component] of [
      ["main", "ci"],
      ["main", "registry"],
      ["ci", "main"],
      ["registry", "main"],
    ] as const) {
      const refused = connect(database, component);
      expect(refused.code).not.toBe(0);
      expect(refused.stderr).toMatch(/login rejected|no such|no authentication method/);
    }
  });

  test("a database that is not listed is refused before the password is checked", () => {
    // Up to PgBouncer 1.26.0 a client that got as far as SCRAM here could become another user (CVE-2026-107350).
    for (const password of [USERS.main.password, "wrong"]) {
      const refused = pooler.psql("SELECT 1", { database: "missing", user: USERS.main.user, password });
      expect([password, refused.code === 0]).toEqual([password, false]);
      expect(refused.stderr).toMatch(/login rejected/);
    }
  });

  test("a wrong password, an unknown user, the exporter's user and the console are refused over the network", () => {
    expect(connect("main", "main", "wrong").code).not.toBe(0);
    expect(connect("main", "main", "").code).not.toBe(0);
    expect(pooler.psql("SELECT 1", { database: "main", user: "nobody", password: "x" }).code).not.toBe(0);
    for (const user of ["pgbouncer", "pgbouncer_exporter", "gitlab"]) {
      for (const password of ["", USERS.main.password]) {
        expect(pooler.psql("SHOW POOLS", { database: "pgbouncer", user, password }).code).not.toBe(0);
      }
    }
    expect(
      pooler.psql("SELECT 1", { database: "main", user: "pgbouncer_exporter", password: "" }).code,
    ).not.toBe(0);
  });

  test("the exporter reads statistics over the Unix socket and has no other rights", () => {
    // As root, that is not as PgBouncer's own system user.
    const env = { PGHOST: pooler.path("/run/pgbouncer") };
    const exporter = { database: "pgbouncer", user: "pgbouncer_exporter", env };
    expect(pooler.psql("SHOW POOLS", exporter).stdout).toContain("main|gitlab|");
    for (const command of ["PAUSE", "KILL main", "SHUTDOWN", "RELOAD", "SET max_client_conn = 1"]) {
      expect(pooler.psql(command, exporter).stderr).toMatch(/admin access needed/);
    }
  });

  test("the console shows the sizes and modes of the entries", () => {
    const rows = pooler.console("SHOW DATABASES").map((row) => row.split("|"));
    const of = (name: string) => rows.find((row) => row[0] === name) ?? [];
    expect(of("main")).toEqual(expect.arrayContaining(["localhost", "5", "transaction"]));
    expect(of("registry")).toEqual(expect.arrayContaining(["4", "session"]));
    expect(pooler.console("SHOW CONFIG").find((row) => row.startsWith("max_client_conn|"))).toContain(
      "|1510|",
    );
  });

  test.each([
    // The same address in another notation, which is not in the certificate.
    ["of another name", "::ffff:127.0.0.1", () => postgres.ca, /name .* not present in server certificate/],
    ["of an unknown authority", "localhost", () => strangersCa(), /certificate verify failed/],
  ])("a server with a certificate %s is refused", async (_, host, ca, reason) => {
    const other = await freePort();
    const wrong = new LocalPooler(tools, (stack) => single(stack, other, { host, ca: ca() }));
    try {
      await wrong.start();
      const env = { PGCONNECT_TIMEOUT: "4" };
      expect(wrong.psql("SELECT 1", { database: "main", ...USERS.main, env }).code).not.toBe(0);
      expect(readFileSync(wrong.logOf("pgbouncer"), "utf8")).toMatch(reason);
    } finally {
      await wrong.stop();
    }
  });

  test("changes under load reload in place: no transaction and no connection is lost", async () => {
    const pgbench = findProgram(["pgbench"], [join(tools.postgres.psql, ".."), "/usr/lib/postgresql/15/bin"]);
    if (pgbench === undefined) throw new Error("pgbench comes with the server");
    postgres.query("CREATE TABLE counted (n bigint)", { database: "main", ...USERS.main });
    const script = join(pooler.folder, "script.sql");
    writeFileSync(script, "BEGIN;\nINSERT INTO counted VALUES (1);\nSELECT pg_sleep(0.002);\nCOMMIT;\n");
    const seconds = 15;
    const load = mustAsync(
      pgbench,
      ["-n", "-c", "8", "-j", "2", "-T", String(seconds), "-f", script, "main"],
      {
        env: {
          ...process.env,
          PGHOST: "127.0.0.1",
          PGPORT: String(port),
          PGUSER: USERS.main.user,
          PGPASSWORD: USERS.main.password,
        },
      },
    );
    const pids = pooler.pgbouncerPids();
    expect(pids).toHaveLength(1);
    const log = () => readFileSync(pooler.logOf("pgbouncer"), "utf8");
    const reloads = () => log().split("reloading").length - 1;
    const before = reloads();
    // Smaller pools, an entry and its user that go, and that come back.
    const variants: ((server: IDatabaseServer) => PoolEntry[])[] = [
      (server) => three(server).map((e) => ({ ...e, poolSize: 3 })),
      (server) => three(server).slice(0, 2),
      three,
    ];
    for (const [n, entries] of variants.entries()) {
      pooler.write(build(entries));
      const end = Date.now() + 60_000;
      while (reloads() - before <= n && Date.now() < end)
        await new Promise((resolve) => setTimeout(resolve, 50));
      // One change of several files is one reload.
      expect(reloads() - before).toBe(n + 1);
    }
    const output = await load;
    expect(reloads() - before).toBe(3);
    expect(pooler.pgbouncerPids()).toEqual(pids);
    const done = Number(/number of transactions actually processed: (\d+)/.exec(output)?.[1]);
    expect(output).toMatch(/number of failed transactions: 0 /);
    expect(done).toBeGreaterThan(200);
    expect(postgres.query("SELECT count(*) FROM counted", { database: "main", ...USERS.main })).toEqual([
      String(done),
    ]);
    console.info(`reloaded ${reloads() - before} times under load: ${done} transactions, none lost`);
  });

  test("a changed password is accepted without a restart, the old one is refused, and connections stay open", async () => {
    const { user } = USERS.ci;
    const application = spawn(tools.postgres.psql, ["-XAtqw", "-v", "ON_ERROR_STOP=1"], {
      env: {
        ...process.env,
        PGHOST: "127.0.0.1",
        PGPORT: String(port),
        PGUSER: user,
        PGPASSWORD: USERS.ci.password,
        PGDATABASE: "ci",
      },
    });
    const ends = new Promise<number | null>((resolve) => application.on("exit", resolve));
    application.stdin.write("SELECT 1;\n");
    await new Promise((resolve) => setTimeout(resolve, 300));
    const password = 'new "one"';
    postgres.query(`ALTER ROLE "${user}" PASSWORD :'password'`, { variables: { password } });
    const renewed = DatabaseLogin.withPassword(
      user,
      SecretValue.fromEphemeral(literal(password), { version: 2 }),
    );
    pooler.write(
      build((server) => three(server).map((e) => (e.name === "ci" ? { ...e, login: renewed } : e))),
    );
    const end = Date.now() + 10_000;
    while (connect("ci", "ci", password).code !== 0 && Date.now() < end)
      await new Promise((resolve) => setTimeout(resolve, 100));
    expect(connect("ci", "ci", password).stdout.trim()).toBe("gitlab_ci in ci-data");
    expect(connect("ci", "ci").code).not.toBe(0);
    application.stdin.end("SELECT 2;\n");
    expect(await ends).toBe(0);
  });

  test("after SIGTERM the pooler accepts clients for the drain time, waits for transactions and exits", async () => {
    const other = await freePort();
    const ending = new LocalPooler(tools, (stack) => single(stack, other, { drainSeconds: 2 }));
    try {
      await ending.start();
      const env = {
        ...process.env,
        PGHOST: "127.0.0.1",
        PGPORT: String(other),
        PGUSER: USERS.main.user,
        PGPASSWORD: USERS.main.password,
        PGDATABASE: "main",
      };
      // Runs longer than the pooler serves on.
      const transaction = mustAsync(
        tools.postgres.psql,
        ["-XAtc", "BEGIN", "-c", "SELECT pg_sleep(5)", "-c", "SELECT 'committed'", "-c", "COMMIT"],
        { env },
      );
      await new Promise((resolve) => setTimeout(resolve, 500));
      const [child] = ending.pgbouncerPids();
      const parent = run("ps", ["-o", "ppid=", "-p", child as string]).stdout.trim();
      run("kill", ["-TERM", parent]);
      await new Promise((resolve) => setTimeout(resolve, 800));
      expect(ending.psql("SELECT 'still here'", { database: "main", ...USERS.main }).stdout).toContain(
        "still here",
      );
      expect(await transaction).toContain("committed");
      await new Promise((resolve) => setTimeout(resolve, 1500));
      expect(ending.pgbouncerPids()).toEqual([]);
    } finally {
      await ending.stop();
    }
  });

  test("clients with TLS: the certificate is verified, plain connections are refused, a renewed one is used at once", async () => {
    const other = await freePort();
    const secure = new LocalPooler(tools, (stack) =>
      single(stack, other, { clientTls: ClientTls.fromSecret("pooler-tls") }),
    );
    const tls = secure.path("/etc/pgbouncer-tls");
    // As Kubernetes mounts a renewed secret: other files under the same names.
    const renew = () => {
      const made = join(secure.folder, `made-${Date.now()}`);
      mkdirSync(made);
      mkdirSync(tls, { recursive: true });
      const { ca, certificate, key } = makeCertificates(made);
      copyFileSync(certificate, join(tls, "tls.crt"));
      copyFileSync(key, join(tls, "tls.key"));
      own(tools.postgres, join(tls, "tls.key"));
      return ca;
    };
    const connect = (ca: string, sslmode = "verify-full") =>
      secure.psql("SELECT 'in'", {
        database: "main",
        ...USERS.main,
        env: { PGHOST: "localhost", PGHOSTADDR: "127.0.0.1", PGSSLMODE: sslmode, PGSSLROOTCERT: ca },
      });
    try {
      const first = renew();
      await secure.start();
      expect(connect(first).stdout).toContain("in");
      expect(connect(first, "disable").stderr).toMatch(/SSL required|login rejected/);
      const second = renew();
      const end = Date.now() + 10_000;
      while (connect(second).code !== 0 && Date.now() < end)
        await new Promise((resolve) => setTimeout(resolve, 100));
      expect(connect(second).stdout).toContain("in");
      expect(connect(first).code).not.toBe(0);
    } finally {
      await secure.stop();
    }
  });

  test("with auth_query the pooler keeps no component's password, and superusers are not looked up", async () => {
    const root = { user: "rds_superuser_of_test", password: "superuser" };
    const query = new AuthQuery(
      DatabaseLogin.withPassword("pool_auth", SecretValue.fromEphemeral(literal("asking"), { version: 1 })),
    );
    postgres.query("CREATE ROLE pool_auth LOGIN PASSWORD 'asking'", root);
    for (let times = 0; times < 2; times++) postgres.query(query.setupSql, { database: "main", ...root });
    const other = await freePort();
    const asking = new LocalPooler(tools, (stack) => single(stack, other, { authQuery: query }));
    try {
      await asking.start();
      expect(readFileSync(asking.path("/etc/pgbouncer-secret/userlist.txt"), "utf8")).toBe(
        '"pgbouncer_exporter" ""\n"pool_auth" "asking"',
      );
      expect(asking.psql("SELECT current_user", { database: "main", ...USERS.main }).stdout.trim()).toBe(
        "gitlab",
      );
      expect(asking.psql("SELECT 1", { database: "main", user: "gitlab", password: "wrong" }).code).not.toBe(
        0,
      );
      const as = { database: "main", user: "pool_auth", password: "asking" };
      expect(
        postgres.query("SELECT count(*) FROM pgbouncer.user_lookup('rds_superuser_of_test')", as),
      ).toEqual(["0"]);
      expect(postgres.query("SELECT left(passwd, 13) FROM pgbouncer.user_lookup('gitlab')", as)).toEqual([
        "SCRAM-SHA-256",
      ]);
      expect(
        postgres.psql("SELECT pgbouncer.user_lookup('gitlab')", { database: "main", ...USERS.registry })
          .stderr,
      ).toMatch(/permission denied/);
    } finally {
      await asking.stop();
    }
  });
});
