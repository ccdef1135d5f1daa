/** A Patroni cluster fails over under a writing client that connects through PgBouncer with the leader watch. */
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createServer, type Server as HttpServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { TerraformStack } from "cdktf";
import {
  DatabaseEngine,
  DatabaseLogin,
  ExistingServer,
  PostgresVersion,
  SecretValue,
} from "../../lib/database";
import {
  ClientTls,
  LEADER_EXIT_CODES,
  LeaderWatch,
  PatroniLeaderSource,
  PgBouncer,
  PgBouncerImage,
} from "../../lib/pooling";
import { describeWith, Unavailable } from "../support/availability";
import { PatroniCluster, patroniTools } from "../support/patroni";
import { LocalPooler, literal, poolingTools } from "../support/pooling";
import { freePort } from "../support/processes";

jest.setTimeout(300_000);

const GITLAB = { user: "gitlab", password: "writes rows" };
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

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
    const server = new ExistingServer(stack, "cluster", {
      engine: DatabaseEngine.postgres(PostgresVersion.V15),
      host: "localhost",
      port: first?.port,
      tls: { enforced: true, certifiesHost: true, caCertificatesPem: readFileSync(cluster.ca, "utf8") },
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
      image: PgBouncerImage.of("pgbouncer:1.18.0", "1.18.0"),
      clientTls: ClientTls.none(),
      entries: [{ database: server.database("main", { owner }), poolSize: 5 }],
      leaderWatches: [new LeaderWatch(stack, "watch", { server, source, pauseSeconds: 2 })],
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
    const leader = await cluster.leader();
    if (!leader) throw new Error("the cluster has no leader");
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

  afterAll(async () => {
    await pooler?.stop();
    await cluster?.stop();
  });

  test("the leader dies: writes resume by themselves and no acknowledged row is missing", async () => {
    const writer = new Writer(1);
    await sleep(3000);
    const old = await cluster.leader();
    if (!old) throw new Error("the cluster has no leader");
    // An application keeps its connections; in transaction mode they outlive the server.
    const application = spawn(pooling.postgres.psql, ["-XAtqw", "-v", "ON_ERROR_STOP=1"], {
      env: clientEnvironment(),
    });
    const applicationEnds = new Promise<number | null>((resolve) => application.on("exit", resolve));
    application.stdin.write("INSERT INTO rows VALUES (-10);\n");
    const before = writer.acknowledged.length;
    expect(before).toBeGreaterThan(10);
    await cluster.kill(old);
    const killed = Date.now();
    while (!writer.times.some((t) => t > killed + 1000) && Date.now() < killed + 90_000) await sleep(100);
    await sleep(2000);
    await writer.stop();
    const leader = await cluster.leader();
    expect(leader).toBeDefined();
    expect(leader?.name).not.toBe(old.name);
    application.stdin.end("INSERT INTO rows VALUES (-11);\n");
    expect(await applicationEnds).toBe(0);
    const present = rowsOn(leader as NonNullable<typeof leader>);
    expect([present.has(-10), present.has(-11)]).toEqual([true, true]);
    expect(writer.acknowledged.filter((n) => !present.has(n))).toEqual([]);
    expect(writer.acknowledged.length).toBeGreaterThan(before + 5);
    console.info(
      `failover: writes stood still for ${writer.longestGap.toFixed(1)} s (lock of 10 s); ${writer.acknowledged.length} rows acknowledged, ` +
        `${writer.acknowledged.filter((n) => present.has(n)).length} there, ${writer.failed} refused`,
    );
    expect(writer.longestGap).toBeLessThan(40);
    cluster.startNode(old);
    await cluster.waitForStandby(60);
  });

  test("a switchover under load: no acknowledged row is missing", async () => {
    const old = await cluster.leader();
    const candidate = cluster.nodes.find((n) => n.name !== old?.name);
    if (!old || !candidate) throw new Error("the cluster has no leader");
    const writer = new Writer(1_000_000);
    await sleep(2000);
    expect(await cluster.switchover(old.name, candidate.name)).toBe(200);
    const end = Date.now() + 60_000;
    while ((await cluster.leader())?.name !== candidate.name && Date.now() < end) await sleep(100);
    await sleep(4000);
    await writer.stop();
    const present = rowsOn(candidate);
    expect(writer.acknowledged.filter((n) => !present.has(n))).toEqual([]);
    expect(writer.longestGap).toBeLessThan(20);
    console.info(
      `switchover: writes stood still for ${writer.longestGap.toFixed(1)} s; ${writer.acknowledged.length} rows acknowledged, all there, ${writer.failed} refused`,
    );
    await cluster.waitForStandby(60);
  });

  test("two leaders: the database is cut off until one is left", async () => {
    const pretender: HttpServer = createServer((_, response) => response.writeHead(200).end());
    await new Promise<void>((resolve) => pretender.listen(0, "127.0.0.1", resolve));
    await pooler.stopContainer("watch-main");
    const pretending = `http://127.0.0.1:${(pretender.address() as AddressInfo).port}`;
    const args = pooler.argumentsOf("watch-main");
    const handler = (...more: string[]) =>
      runAsync("/bin/sh", [pooler.path("/etc/pgbouncer-scripts/leader-handler"), ...args, "--once", ...more]);
    // The members as they are, but for the leader, of which nothing is known.
    const leader = (await cluster.leader()) as NonNullable<Awaited<ReturnType<typeof cluster.leader>>>;
    const leaderless = args.filter(
      (arg, n) => !(arg.includes(`:${leader.port}=`) || args[n + 1]?.includes(`:${leader.port}=`)),
    );
    try {
      expect((await handler()).code).toBe(LEADER_EXIT_CODES.done);
      const long = new Promise<number>((resolve) => {
        const started = Date.now();
        void insertSql("INSERT INTO rows SELECT -3 FROM pg_sleep(60)").then(() =>
          resolve(Date.now() - started),
        );
      });
      await sleep(500);
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
      expect(await long).toBeLessThan(20_000);
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
