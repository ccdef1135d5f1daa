/** A Patroni cluster fails over under a writing client that connects through PgBouncer with the leader watch. */
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createServer, type Server as HttpServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { TerraformStack } from "cdktf";
import { gte } from "semver";
import {
  DatabaseEngine,
  DatabaseLogin,
  DatabaseServer,
  PostgresVersion,
  SecretValue,
} from "../../../lib/database";
import {
  ClientTls,
  LEADER_EXIT_CODES,
  LeaderWatch,
  PatroniLeaderSource,
  PgBouncer,
} from "../../../lib/pooling";
import { freePort } from "../../../tools/machine/processes";
import { Unavailable } from "../../../tools/machine/unavailable";
import { describeWith } from "../../support/describe-with";
import { PatroniCluster, patroniTools } from "../../support/servers/patroni";
import { LocalPooler, literal, poolingTools } from "../../support/servers/pooling";

jest.setTimeout(600_000);

const GITLAB = { user: "gitlab", password: "writes rows" };
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Waits for something, for so long that a busy machine gets there too. */
async function until(holds: () => boolean | Promise<boolean>, seconds: number, what: string): Promise<void> {
  for (const end = Date.now() + seconds * 1000; !(await holds()); await sleep(100)) {
    if (Date.now() > end) throw new Error(`not after ${seconds} s: ${what}`);
  }
}

function tools() {
  const [patroni, pooling] = [patroniTools(), poolingTools()];
  if (patroni instanceof Unavailable) return patroni;
  return pooling instanceof Unavailable ? pooling : { patroni, pooling };
}

describeWith("a Patroni cluster behind a pooler with a leader watch", tools, ({ patroni, pooling }) => {
  let cluster: PatroniCluster;
  let pooler: LocalPooler;
  let port: number;

  const build = (stack: TerraformStack) => {
    const [first] = cluster.nodes;
    const server = DatabaseServer.fromServerAttributes(stack, "cluster", {
      engine: DatabaseEngine.postgres(PostgresVersion.V15),
      host: "localhost",
      port: first?.port,
      tls: { enforced: true, hostnameVerifiable: true, caCertificatesPem: readFileSync(cluster.ca, "utf8") },
    });
    const owner = DatabaseLogin.withPassword(
      GITLAB.user,
      SecretValue.fromEphemeral(literal(GITLAB.password), { version: 1 }),
    );
    const source = new PatroniLeaderSource(
      cluster.nodes.map((n) => ({ host: "localhost", port: n.port, apiUrl: `http://127.0.0.1:${n.api}` })),
    );
    new PgBouncer(stack, "pooler", {
      namespace: "test",
      port,
      image: pooling.image,
      clientTls: ClientTls.none(),
      entries: [{ database: server.database("main", { owner }), poolSize: 5 }],
      leaderWatches: [new LeaderWatch(stack, "watch", { server, source })],
    });
  };

  /** Writes one row after the other, each by a client of its own, until told to stop; keeps what was acknowledged. */
  class Writer {
    public readonly acknowledged: number[] = [];
    public readonly times: number[] = [];
    public failed = 0;
    private stopped = false;
    private readonly done: Promise<void>;
    public constructor(private next: number) {
      this.done = this.write();
    }
    private async write(): Promise<void> {
      while (!this.stopped) {
        const n = this.next++;
        const { code } = await insert(n);
        if (code === 0) {
          this.acknowledged.push(n);
          this.times.push(Date.now());
        } else {
          this.failed++;
          await sleep(50);
        }
      }
    }
    public async stop(): Promise<void> {
      this.stopped = true;
      await this.done;
    }
    /** The longest time between two acknowledged rows, in seconds. */
    public get longestGap(): number {
      return Math.max(...this.times.slice(1).map((t, i) => t - (this.times[i] as number))) / 1000;
    }
  }

  /** A client that keeps its connection to the pooler. */
  class Application {
    private readonly child = spawn(pooling.postgres.psql, ["-XAtqw", "-v", "ON_ERROR_STOP=1"], {
      env: clientEnvironment(),
    });
    private readonly ended = new Promise<number | null>((resolve) => this.child.on("exit", resolve));
    private stdout = "";
    private stderr = "";
    public constructor() {
      applications.push(this);
      this.child.stdin.on("error", () => undefined);
      this.child.stdout.on("data", (chunk) => {
        this.stdout += String(chunk);
      });
      this.child.stderr.on("data", (chunk) => {
        this.stderr += String(chunk);
      });
    }
    /** Writes a row and waits until the server has acknowledged it. */
    public async insert(n: number): Promise<void> {
      this.child.stdin.write(`INSERT INTO rows VALUES (${n}) RETURNING 'row ' || n;\n`);
      const answered = () => this.stdout.includes(`row ${n}\n`) || this.child.exitCode !== null;
      await until(answered, 120, `the application has written ${n}`);
    }
    public async end(): Promise<{ code: number | null; stderr: string }> {
      this.child.stdin.end();
      return { code: await this.ended, stderr: this.stderr };
    }
    public kill(): void {
      this.child.kill("SIGKILL");
    }
  }
  const applications: Application[] = [];

  /** The one that leads; after a change it may take a moment. */
  const leads = async (): Promise<PatroniCluster["nodes"][number]> => {
    let found: Awaited<ReturnType<typeof cluster.leader>>;
    const oneLeads = async () => {
      found = await cluster.leader();
      return found !== undefined;
    };
    await until(oneLeads, 120, "one node leads");
    return found as NonNullable<typeof found>;
  };

  const clientEnvironment = (): NodeJS.ProcessEnv => ({
    ...process.env,
    PGHOST: "127.0.0.1",
    PGPORT: String(port),
    PGUSER: GITLAB.user,
    PGPASSWORD: GITLAB.password,
    PGDATABASE: "main",
    PGCONNECT_TIMEOUT: "60",
  });
  const insert = (n: number) => insertSql(`INSERT INTO rows VALUES (${n})`);
  const insertSql = (sql: string): Promise<{ code: number | null }> =>
    new Promise((resolve) => {
      const child = spawn(pooling.postgres.psql, ["-XAtqw", "-c", sql], {
        stdio: "ignore",
        env: clientEnvironment(),
      });
      child.on("exit", (code) => resolve({ code }));
    });

  const rowsOn = (node: PatroniCluster["nodes"][number]) =>
    new Set(cluster.psql(node, "SELECT n FROM rows", GITLAB, "main").stdout.trim().split("\n").map(Number));

  beforeAll(async () => {
    cluster = await PatroniCluster.start(patroni, 2);
    const leader = await leads();
    for (const sql of [
      `CREATE ROLE gitlab LOGIN PASSWORD '${GITLAB.password}'`,
      "CREATE DATABASE main OWNER gitlab",
    ]) {
      expect(cluster.psql(leader, sql).stderr).toBe("");
    }
    expect(cluster.psql(leader, "CREATE TABLE rows (n bigint PRIMARY KEY)", GITLAB, "main").stderr).toBe("");
    port = await freePort();
    pooler = new LocalPooler(pooling, build);
    await pooler.start();
  });

  // One test may leave the cluster with a single node; the next one needs two.
  beforeEach(async () => {
    for (const node of cluster.nodes) if (!node.server?.isRunning) cluster.startNode(node);
    await cluster.waitForStandby(120);
  });

  afterAll(async () => {
    for (const application of applications) application.kill();
    await pooler?.stop();
    await cluster?.stop();
  });

  test("when the leader is killed, writes resume and no acknowledged row is missing", async () => {
    const writer = new Writer(1);
    const old = await leads();
    // An application keeps its connections; in transaction mode they outlive the server. What runs on the server in the
    // moment of its death is lost with it, so the application waits for its answer first.
    const application = new Application();
    await application.insert(-10);
    await until(() => writer.acknowledged.length > 10, 60, "the writer has written");
    const before = writer.acknowledged.length;
    await cluster.kill(old);
    const killed = Date.now();
    await until(() => writer.times.some((t) => t > killed + 1000), 120, "rows are written again");
    await sleep(2000);
    await writer.stop();
    const leader = await leads();
    expect(leader.name).not.toBe(old.name);
    await application.insert(-11);
    expect(await application.end()).toEqual({ code: 0, stderr: "" });
    const present = rowsOn(leader);
    expect([present.has(-10), present.has(-11)]).toEqual([true, true]);
    expect(writer.acknowledged.filter((n) => !present.has(n))).toEqual([]);
    expect(writer.acknowledged.length).toBeGreaterThan(before + 5);
    console.info(
      `failover: writes stood still for ${writer.longestGap.toFixed(1)} s (lock of 10 s); ${writer.acknowledged.length} rows acknowledged, ` +
        `${writer.acknowledged.filter((n) => present.has(n)).length} there, ${writer.failed} refused`,
    );
    expect(writer.longestGap).toBeLessThan(40);
  });

  test("a switchover under load: no acknowledged row is missing", async () => {
    const old = await leads();
    const candidate = cluster.nodes.find((n) => n !== old) as PatroniCluster["nodes"][number];
    const application = new Application();
    await application.insert(-20);
    const writer = new Writer(1_000_000);
    await until(() => writer.acknowledged.length > 10, 60, "the writer has written");
    // 503: Patroni did not wait for the end of it, on a busy machine.
    expect([200, 503]).toContain(await cluster.switchover(old.name, candidate.name));
    await until(async () => (await cluster.leader()) === candidate, 120, `${candidate.name} leads`);
    const switched = Date.now();
    await until(() => writer.times.some((t) => t > switched + 1000), 120, "rows are written again");
    await writer.stop();
    await application.insert(-21);
    expect(await application.end()).toEqual({ code: 0, stderr: "" });
    const present = rowsOn(candidate);
    expect(writer.acknowledged.filter((n) => !present.has(n))).toEqual([]);
    expect(writer.longestGap).toBeLessThan(20);
    console.info(
      `switchover: writes stood still for ${writer.longestGap.toFixed(1)} s; ${writer.acknowledged.length} rows acknowledged, all there, ${writer.failed} refused`,
    );
  });

  test("with two leaders the database is closed until one remains", async () => {
    const pretender: HttpServer = createServer((_, response) => response.writeHead(200).end());
    await new Promise<void>((resolve) => pretender.listen(0, "127.0.0.1", resolve));
    await pooler.stopContainer("watch-main");
    const pretending = `http://127.0.0.1:${(pretender.address() as AddressInfo).port}`;
    const args = pooler.argumentsOf("watch-main");
    const handler = (...more: string[]) =>
      runAsync("/bin/sh", [pooler.path("/etc/pgbouncer-scripts/leader-handler"), ...args, "--once", ...more]);
    // The members as they are, but for the leader, of which nothing is known.
    const leader = await leads();
    const leaderless = args.filter(
      (arg, n) => !(arg.includes(`:${leader.port}=`) || args[n + 1]?.includes(`:${leader.port}=`)),
    );
    try {
      expect((await handler()).code).toBe(LEADER_EXIT_CODES.done);
      const long = new Promise<number>((resolve) => {
        const started = Date.now();
        void insertSql("INSERT INTO rows SELECT -3 FROM pg_sleep(300)").then(() =>
          resolve(Date.now() - started),
        );
      });
      const runs =
        "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%pg_sleep(300)'";
      await until(() => cluster.psql(leader, runs).stdout.trim() === "1", 60, "the long transaction runs");
      const none = await runAsync("/bin/sh", [
        pooler.path("/etc/pgbouncer-scripts/leader-handler"),
        ...leaderless,
        "--once",
      ]);
      expect(none.code).toBe(LEADER_EXIT_CODES.noLeader);
      const split = await handler("--member", `localhost:5999=${pretending}`);
      expect(split.code).toBe(LEADER_EXIT_CODES.splitBrain);
      expect(split.stderr).toContain("SPLIT BRAIN");
      // It was left to run while there was no leader, and is cut off now.
      expect(await long).toBeLessThan(60_000);
      const env = { PGCONNECT_TIMEOUT: "3" };
      expect(pooler.psql("INSERT INTO rows VALUES (-1)", { database: "main", ...GITLAB, env }).code).not.toBe(
        0,
      );
      expect((await handler()).code).toBe(LEADER_EXIT_CODES.done);
      expect((await insert(-2)).code).toBe(0);
      const rows = rowsOn(leader);
      expect([rows.has(-1), rows.has(-2), rows.has(-3)]).toEqual([false, true, false]);
    } finally {
      pretender.close();
    }
  });

  test("a transaction that does not end is terminated when the leader changes; since PgBouncer 1.24 only that one", async () => {
    const leader = await leads();
    const other = cluster.nodes.find((n) => n !== leader) as PatroniCluster["nodes"][number];
    const pretender: HttpServer = createServer((_, response) => response.writeHead(200).end());
    await new Promise<void>((resolve) => pretender.listen(0, "127.0.0.1", resolve));
    await pooler.stopContainer("watch-main");
    const script = pooler.path("/etc/pgbouncer-scripts/leader-handler");
    const args = pooler.argumentsOf("watch-main");
    // Only the other one, and it says that it leads.
    const at = args.indexOf("--member");
    const members = args.filter((arg) => arg === "--member").length;
    const pretending = `http://127.0.0.1:${(pretender.address() as AddressInfo).port}`;
    const others = [...args.slice(0, at), "--member", `localhost:${other.port}=${pretending}`];
    try {
      expect((await runAsync("/bin/sh", [script, ...args, "--once"])).code).toBe(LEADER_EXIT_CODES.done);
      const application = new Application();
      await application.insert(-30);
      const long = insertSql("INSERT INTO rows SELECT -31 FROM pg_sleep(301)");
      const runs =
        "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%pg_sleep(301)'";
      await until(() => cluster.psql(leader, runs).stdout.trim() === "1", 60, "the long transaction runs");
      const moved = await runAsync("/bin/sh", [script, ...others, ...args.slice(at + 2 * members), "--once"]);
      expect(moved.code).toBe(LEADER_EXIT_CODES.done);
      expect(moved.stderr).toContain("they are cut off");
      expect((await long).code).not.toBe(0);
      expect((await runAsync("/bin/sh", [script, ...args, "--once"])).code).toBe(LEADER_EXIT_CODES.done);
      if (gte(pooling.image.version, "1.24.0")) {
        await application.insert(-32);
        expect(await application.end()).toEqual({ code: 0, stderr: "" });
      } else {
        // The older one has ended all connections; who comes anew gets in.
        expect((await insert(-32)).code).toBe(0);
      }
      const rows = rowsOn(leader);
      expect([rows.has(-30), rows.has(-31), rows.has(-32)]).toEqual([true, false, true]);
    } finally {
      pretender.close();
    }
  });

  /** The pretender answers from this process, so the program may not block it. */
  function runAsync(program: string, args: string[]): Promise<{ code: number | null; stderr: string }> {
    return new Promise((resolve) => {
      const child = spawn(program, args, {
        ...pooling.postgres.user,
        cwd: pooler.folder,
        stdio: ["ignore", "ignore", "pipe"],
      });
      let stderr = "";
      child.stderr.on("data", (chunk) => {
        stderr += String(chunk);
      });
      child.on("exit", (code) => resolve({ code, stderr }));
    });
  }
});
