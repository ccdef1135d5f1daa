/** The watch on a Consul service, with a real PgBouncer: what it does with every answer, in every shell it may meet. */
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { TerraformStack } from "cdktf";
import {
  DatabaseEngine,
  DatabaseLogin,
  DatabaseServer,
  PostgresVersion,
  SecretValue,
} from "../../../lib/database";
import {
  ClientTls,
  ConsulLeaderSource,
  LEADER_EXIT_CODES,
  LeaderWatch,
  PgBouncer,
} from "../../../lib/pooling";
import { findProgram, freePort, must } from "../../../tools/machine/processes";
import { describeWith } from "../../support/describe-with";
import { Consul, healthEntry, type Instance } from "../../support/servers/consul";
import { LocalPooler, literal, own, poolingTools } from "../../support/servers/pooling";

jest.setTimeout(120_000);

const node = (n: number, role: string, more: Partial<Instance> = {}): Instance => ({
  node: `db${n}`,
  address: `db${n}.internal`,
  port: 5430 + n,
  tags: role === "primary" ? ["master", "primary"] : [role],
  ...more,
});
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const until = async (holds: () => boolean) => {
  for (const end = Date.now() + 20_000; !holds() && Date.now() < end; ) await sleep(50);
  expect(holds()).toBe(true);
};

/** Small images have busybox for everything, and no curl. */
function busyboxFolder(pooler: LocalPooler): string {
  const busybox = findProgram(["busybox"]) as string;
  const folder = join(pooler.folder, "busybox");
  mkdirSync(folder);
  for (const name of [
    "sh",
    "awk",
    "sed",
    "cat",
    "cp",
    "mv",
    "rm",
    "mkdir",
    "rmdir",
    "date",
    "sort",
    "cmp",
    "timeout",
    "wget",
    "sleep",
    "cksum",
    "tr",
  ]) {
    symlinkSync(busybox, join(folder, name));
  }
  return folder;
}

describeWith("a watch on a Consul service", poolingTools, (tools) => {
  let consul: Consul;
  let pooler: LocalPooler;
  let port: number;
  const TOKEN = "the token's value";

  const build = (stack: TerraformStack) => {
    const entry = (name: string, service: ConsulLeaderSource) => {
      const server = DatabaseServer.fromServerAttributes(stack, `cluster-${name}`, {
        engine: DatabaseEngine.postgres(PostgresVersion.V15),
        host: "seed.internal",
      });
      const owner = DatabaseLogin.withPassword(
        `gitlab_${name}`,
        SecretValue.fromEphemeral(literal("x"), { version: 1 }),
      );
      return {
        entry: { database: server.database(name, { owner }), poolSize: 2 },
        watch: new LeaderWatch(stack, `watch-${name}`, { server, source: service, pauseSeconds: 1 }),
      };
    };
    const token = SecretValue.fromEphemeral(literal(TOKEN), { version: 1 });
    const clusters = [
      entry("main", ConsulLeaderSource.fromPatroni("GitLab_Main", { url: consul.url, token })),
      // The second cluster in the same Consul, whose service has a healthy instance on the leader only.
      entry(
        "ci",
        ConsulLeaderSource.fromService("ci-cluster", { url: consul.url, token, datacenter: "dc1" }),
      ),
    ];
    new PgBouncer(stack, "pooler", {
      namespace: "test",
      port,
      image: tools.image,
      clientTls: ClientTls.none(),
      entries: clusters.map((c) => c.entry),
      leaderWatches: clusters.map((c) => c.watch),
    });
  };

  const shown = (name: string) => {
    const row =
      pooler
        .console("SHOW DATABASES")
        .find((line) => line.startsWith(`${name}|`))
        ?.split("|") ?? [];
    // Paused and disabled are the last columns.
    return `${row[1]}:${row[2]} ${row.at(-2) === "1" ? "paused" : "open"}`;
  };

  /** One round of a watch, or the handler with an answer on its standard input. */
  const once = (
    args: readonly string[],
    input?: string,
    env: NodeJS.ProcessEnv = {},
  ): Promise<{ code: number | null; stderr: string }> =>
    new Promise((resolve) => {
      const script = pooler.path("/etc/pgbouncer-scripts/leader-handler");
      const child = spawn("sh", [script, ...args], {
        ...tools.postgres.user,
        cwd: pooler.folder,
        env: { ...process.env, ...env },
      });
      let stderr = "";
      child.stderr.on("data", (chunk) => {
        stderr += String(chunk);
      });
      child.on("exit", (code) => resolve({ code, stderr }));
      child.stdin.on("error", () => undefined);
      child.stdin.end(input ?? "");
    });

  beforeAll(async () => {
    consul = await Consul.start();
    consul.requiredToken = TOKEN;
    consul.set("gitlab-main", [node(1, "primary"), node(2, "replica")]);
    consul.set("ci-cluster", [node(3, ""), node(4, "", { checks: ["passing", "critical"] })]);
    port = await freePort();
    pooler = new LocalPooler(tools, build);
    await pooler.start();
  });

  afterAll(async () => {
    await pooler?.stop();
    await consul?.stop();
  });

  test("PgBouncer starts with each database on the leader of its cluster", async () => {
    await until(() => shown("main") === "db1.internal:5431 open" && shown("ci") === "db3.internal:5433 open");
    const [query] = consul.queries.filter((q) => q.pathname.endsWith("/ci-cluster"));
    expect(query?.searchParams.get("dc")).toBe("dc1");
    // Reads that may be old are never asked for.
    expect(consul.queries.some((q) => q.searchParams.has("stale"))).toBe(false);
    expect(new Set(consul.tokens)).toEqual(new Set([TOKEN]));
  });

  test("a blocking query with the index of the last answer returns a change at once", async () => {
    // Both have their first answer and ask the question that waits.
    await sleep(3000);
    const asked = consul.queries.length;
    await sleep(3000);
    expect(consul.queries.length - asked).toBe(0);
    const changed = Date.now();
    consul.set("gitlab-main", [node(1, "replica"), node(2, "primary")]);
    await until(() => shown("main") === "db2.internal:5432 open");
    expect(Date.now() - changed).toBeLessThan(5000);
    expect(shown("ci")).toBe("db3.internal:5433 open");
    expect(Number(consul.queries.at(-1)?.searchParams.get("index"))).toBeGreaterThan(0);
  });

  test("without a leader new transactions wait, and continue on the next leader", async () => {
    consul.set("gitlab-main", [node(1, "replica")]);
    await until(() => shown("main") === "db2.internal:5432 paused");
    expect(shown("ci")).toBe("db3.internal:5433 open");
    consul.set("gitlab-main", [node(1, "primary"), node(2, "replica")]);
    await until(() => shown("main") === "db1.internal:5431 open");
  });

  test("with two leaders the database is closed until one remains", async () => {
    consul.set("gitlab-main", [node(1, "primary"), node(2, "primary")]);
    await until(() => shown("main") === "db1.internal:5431 paused");
    expect(readFileSync(pooler.logOf("watch-main"), "utf8")).toContain(
      "SPLIT BRAIN, several instances lead: db1.internal 5431,db2.internal 5432",
    );
    consul.set("gitlab-main", [node(2, "primary")]);
    await until(() => shown("main") === "db2.internal:5432 open");
  });

  test("an instance with a failing check is not the leader", async () => {
    for (const checks of [
      ["critical", "passing"],
      ["passing", "critical"],
      ["passing", "warning"],
    ] as const) {
      consul.set("gitlab-main", [node(2, "primary", { checks })]);
      await until(() => shown("main").endsWith("paused"));
      consul.set("gitlab-main", [node(2, "primary")]);
      await until(() => shown("main").endsWith("open"));
    }
  });

  test("an answer of a Consul cluster without a leader, and no answer, change nothing", async () => {
    consul.knownLeader = false;
    consul.set("gitlab-main", [node(1, "primary")]);
    await sleep(2500);
    expect(shown("main")).toBe("db2.internal:5432 open");
    consul.knownLeader = true;
    await until(() => shown("main") === "db1.internal:5431 open");
    consul.requiredToken = "another";
    consul.set("gitlab-main", []);
    await sleep(2500);
    expect(shown("main")).toBe("db1.internal:5431 open");
    consul.requiredToken = TOKEN;
    consul.set("gitlab-main", [node(1, "primary")]);
    await until(() => shown("main") === "db1.internal:5431 open");
  });

  test("an index that goes backwards resets the blocking query", async () => {
    await sleep(1500);
    consul.startAnew();
    await sleep(1500);
    const indexes = consul.queries
      .filter((q) => q.pathname.endsWith("/gitlab-main"))
      .slice(-3)
      .map((q) => q.searchParams.get("index"));
    expect(indexes).toContain(null);
    consul.set("gitlab-main", [node(2, "primary")]);
    await until(() => shown("main") === "db2.internal:5432 open");
  });

  test("an operator's PAUSE is left unchanged, and a lost RELOAD is repeated", async () => {
    pooler.console("PAUSE main");
    consul.set("gitlab-main", [node(2, "primary"), node(1, "replica")]);
    await sleep(2000);
    expect(shown("main")).toBe("db2.internal:5432 paused");
    pooler.console("RESUME main");
    // The file says one thing and PgBouncer has another: what counts is PgBouncer.
    await pooler.stopContainer("watch-main");
    const ini = pooler.path("/run/pgbouncer/database-main.ini");
    const right = readFileSync(ini, "utf8");
    writeFileSync(ini, right.replace("db2.internal", "db9.internal"));
    pooler.console("RELOAD");
    writeFileSync(ini, right);
    expect(shown("main")).toContain("db9.internal");
    expect((await once([...pooler.argumentsOf("watch-main"), "--once"])).code).toBe(LEADER_EXIT_CODES.done);
    expect(shown("main")).toBe("db2.internal:5432 open");
  });

  test("a watch that starts after one was killed in the middle of a move goes on at once", async () => {
    const ini = pooler.path("/run/pgbouncer/database-main.ini");
    mkdirSync(`${ini}.lock`);
    writeFileSync(`${ini}.lock/since`, String(Math.floor(Date.now() / 1000)));
    writeFileSync(`${ini}.held`, "pause\n");
    for (const path of [`${ini}.lock`, `${ini}.lock/since`, `${ini}.held`]) own(tools.postgres, path);
    pooler.console("PAUSE main");
    consul.set("gitlab-main", [node(1, "primary")]);
    const script = pooler.path("/etc/pgbouncer-scripts/leader-handler");
    const watch = spawn("sh", [script, ...pooler.argumentsOf("watch-main")], {
      ...tools.postgres.user,
      cwd: pooler.folder,
      stdio: "ignore",
    });
    const started = Date.now();
    await until(() => shown("main") === "db1.internal:5431 open");
    expect(Date.now() - started).toBeLessThan(15_000);
    watch.kill("SIGTERM");
    await new Promise((resolve) => watch.on("exit", resolve));
    consul.set("gitlab-main", [node(2, "primary")]);
    expect((await once([...pooler.argumentsOf("watch-main"), "--once"])).code).toBe(LEADER_EXIT_CODES.done);
  });

  describe("one round", () => {
    const round = (more: string[] = [], env: NodeJS.ProcessEnv = {}) =>
      once([...pooler.argumentsOf("watch-main"), "--once", ...more], undefined, env);

    test("each outcome has a distinct exit code", async () => {
      expect((await round()).code).toBe(0);
      consul.garbled = '[{"Node": {"Node": "db1"';
      expect((await round()).code).toBe(LEADER_EXIT_CODES.unreadable);
      consul.garbled = undefined;
      consul.set("gitlab-main", [node(1, "primary"), node(2, "primary")]);
      expect((await round()).code).toBe(LEADER_EXIT_CODES.splitBrain);
      consul.set("gitlab-main", [node(2, "replica")]);
      expect((await round()).code).toBe(LEADER_EXIT_CODES.noLeader);
      consul.set("gitlab-main", [node(2, "primary")]);
      expect((await round(["--port", "1"])).code).toBe(LEADER_EXIT_CODES.notTold);
      expect((await round(["--url", "http://127.0.0.1:1"])).code).toBe(LEADER_EXIT_CODES.noAnswer);
      expect((await round(["--nonsense", "x"])).code).toBe(LEADER_EXIT_CODES.usage);
      expect((await once(["unknown", "--database", "main", "--ini", "x"])).code).toBe(
        LEADER_EXIT_CODES.usage,
      );
      expect((await round()).code).toBe(0);
      expect(shown("main")).toBe("db2.internal:5432 open");
    });

    test("an answer that Consul's ACLs filtered, and a service without instances, change nothing", async () => {
      consul.set("gitlab-main", [node(2, "primary")]);
      expect((await round()).code).toBe(0);
      consul.filtered = true;
      const filtered = await round();
      consul.filtered = false;
      expect(filtered).toMatchObject({
        code: LEADER_EXIT_CODES.noAnswer,
        stderr: expect.stringContaining("left results out by its ACLs"),
      });
      consul.set("gitlab-main", []);
      expect((await round()).code).toBe(LEADER_EXIT_CODES.noAnswer);
      expect(shown("main")).toBe("db2.internal:5432 open");
      consul.set("gitlab-main", [node(2, "primary")]);
    });

    test("no token is written to the log", async () => {
      const said = [await round(), await round(["--url", "http://127.0.0.1:1"])]
        .map((r) => r.stderr)
        .join("");
      expect(said).not.toContain(TOKEN);
      expect(readFileSync(pooler.logOf("watch-main"), "utf8")).not.toContain(TOKEN);
    });

    test.each([
      ["a host that would change the configuration", { address: "db1 pool_mode=session" }],
      ["a host with a quote", { address: "db1'" }],
      ["a host with a line break", { address: "db1\n[pgbouncer]\nauth_type=any" }],
      ["a host that the shell would run", { address: "$(touch /tmp/x)" }],
      ["a port that is none", { port: 0 }],
      ["a port that is too high", { port: 65_536 }],
    ])("%s is refused", async (_, wrong) => {
      const before = shown("main");
      consul.set("gitlab-main", [node(1, "primary", wrong)]);
      expect((await round()).code).toBe(LEADER_EXIT_CODES.unreadable);
      expect(shown("main")).toBe(before);
      consul.set("gitlab-main", [node(2, "primary")]);
    });

    test("works with busybox wget, without curl", async () => {
      if (findProgram(["busybox"]) === undefined) throw new Error("busybox is not installed");
      const folder = busyboxFolder(pooler);
      symlinkSync(tools.postgres.psql, join(folder, "psql"));
      const env = { PATH: folder };
      consul.set("gitlab-main", [node(1, "primary"), node(2, "replica")]);
      expect(await round([], env)).toMatchObject({ code: 0 });
      expect(shown("main")).toBe("db1.internal:5431 open");
      consul.knownLeader = false;
      expect((await round([], env)).code).toBe(LEADER_EXIT_CODES.noAnswer);
      consul.knownLeader = true;
      consul.requiredToken = "another";
      expect((await round([], env)).code).toBe(LEADER_EXIT_CODES.noAnswer);
      consul.requiredToken = TOKEN;
      // Its wget would take any certificate.
      const https = await round(["--url", "https://127.0.0.1:1"], env);
      expect(https.code).toBe(LEADER_EXIT_CODES.usage);
      expect(https.stderr).toContain("curl is needed");
    });
  });

  describe("the handler of the Linux package", () => {
    /** The package's file holds all databases and belongs to Consul's user. */
    const listFile = () => join(pooler.folder, "databases.ini");
    let args: string[];

    beforeAll(() => {
      writeFileSync(
        listFile(),
        '[databases]\n\nmain = host=old port=5432 auth_user=pgbouncer dbname=main\n\nci = host=old2 auth_user=pgbouncer\n\n"other" = host=keep\n',
        { mode: 0o640 },
      );
      own(tools.postgres, listFile());
      own(tools.postgres, pooler.folder);
      must("chmod", ["755", pooler.folder]);
      const console = ["--host", pooler.path("/run/pgbouncer"), "--port", String(port)];
      args = ["handle", "--ini", listFile(), ...console, "--retry", "0"];
      mainArgs = [
        ...["handle", "--database", "main", "--ini", pooler.path("/run/pgbouncer/database-main.ini")],
        ...console,
        ...["--tags", "primary", "--pause", "1"],
      ];
    });
    let mainArgs: string[];
    const answerOf = (n: number) => JSON.stringify([healthEntry("x", node(n, "primary"))]);
    /** A console whose commands run `before` first. */
    const psqlAfter = (name: string, before: string) => {
      const file = join(pooler.folder, name);
      writeFileSync(file, `#!/bin/sh\n${before}\nexec ${tools.postgres.psql} "$@"\n`, { mode: 0o755 });
      return ["--psql", file];
    };

    test("a move that fails is tried again without another event", async () => {
      expect((await once(mainArgs, answerOf(1))).code).toBe(0);
      const ready = join(pooler.folder, "ready");
      const psql = psqlAfter("psql-later", `[ -e ${ready} ] || exit 1`);
      expect((await once([...mainArgs, ...psql], answerOf(2))).code).toBe(LEADER_EXIT_CODES.notTold);
      expect(shown("main")).toBe("db1.internal:5431 open");
      writeFileSync(ready, "");
      await until(() => shown("main") === "db2.internal:5432 open");
    });

    test("a handler that is killed after PAUSE leaves no client waiting", async () => {
      const killed = join(pooler.folder, "killed");
      const lock = pooler.path("/run/pgbouncer/database-main.ini.lock/pid");
      const psql = psqlAfter(
        "psql-kills",
        `case "$*" in *PAUSE*) [ -e ${killed} ] || { touch ${killed}; ${tools.postgres.psql} "$@"; kill -KILL "$(cat ${lock})"; exit 1; } ;; esac`,
      );
      own(tools.postgres, pooler.folder);
      expect((await once([...mainArgs, ...psql], answerOf(1))).code).toBeNull();
      await until(() => shown("main") === "db1.internal:5431 open");
    });

    test("an older answer does not win over a newer one", async () => {
      expect((await once(mainArgs, answerOf(2), { CONSUL_INDEX: "20" })).code).toBe(0);
      const older = await once(mainArgs, answerOf(1), { CONSUL_INDEX: "10" });
      expect(older).toMatchObject({ code: 0, stderr: expect.stringContaining("an older answer") });
      expect(shown("main")).toBe("db2.internal:5432 open");
    });

    test("a newer answer that comes while an older one waits for transactions wins", async () => {
      const waits = join(pooler.folder, "waits");
      const psql = psqlAfter("psql-waits", `case "$*" in *PAUSE*) touch ${waits}; sleep 4 ;; esac`);
      own(tools.postgres, pooler.folder);
      const slow = once([...mainArgs, ...psql, "--pause", "8"], answerOf(1), { CONSUL_INDEX: "30" });
      await until(() => existsSync(waits));
      expect((await once(mainArgs, answerOf(3), { CONSUL_INDEX: "31" })).code).toBe(0);
      expect(await slow).toMatchObject({ code: 0, stderr: expect.stringContaining("a newer answer") });
      expect(shown("main")).toBe("db3.internal:5433 open");
    });

    test("a guardian that is killed leaves no file behind, and the next event goes on", async () => {
      const psql = psqlAfter("psql-never", "exit 1");
      const files = () =>
        readdirSync(pooler.path("/run/pgbouncer")).filter((f) => /\.(answer|new|put|note|lock)/.test(f));
      const failed = await once([...mainArgs, ...psql, "--retry", "600"], answerOf(1), {
        CONSUL_INDEX: "40",
      });
      expect(failed.code).toBe(LEADER_EXIT_CODES.notTold);
      const guardians = () =>
        readdirSync("/proc").filter((pid) => {
          try {
            const words = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
            return words.includes("guard") && words.includes(pooler.path("/run/pgbouncer/database-main.ini"));
          } catch {
            return false;
          }
        });
      // Those of earlier events may be asleep still.
      expect(guardians()).not.toEqual([]);
      for (const guardian of guardians()) process.kill(Number(guardian), "SIGKILL");
      await until(() => guardians().length === 0);
      expect((await once(mainArgs, answerOf(2), { CONSUL_INDEX: "41" })).code).toBe(0);
      expect(files()).toEqual([]);
      expect(shown("main")).toBe("db2.internal:5432 open");
    });

    test("a folder that cannot be written to, as with a full disk, leaves PgBouncer as it is", async () => {
      must("chmod", ["555", pooler.path("/run/pgbouncer")]);
      const done = await once(mainArgs, answerOf(1), { CONSUL_INDEX: "50" });
      must("chmod", ["755", pooler.path("/run/pgbouncer")]);
      expect(done).toMatchObject({
        code: LEADER_EXIT_CODES.notTold,
        stderr: expect.stringContaining("cannot be made: is the disk full"),
      });
      expect(shown("main")).toBe("db2.internal:5432 open");
    });

    test("a lock of a clock that was set back does not last", async () => {
      const lock = pooler.path("/run/pgbouncer/database-main.ini.lock");
      mkdirSync(lock);
      writeFileSync(join(lock, "until"), String(Math.floor(Date.now() / 1000) + 86_400));
      own(tools.postgres, lock);
      own(tools.postgres, join(lock, "until"));
      expect((await once(mainArgs, answerOf(1), { CONSUL_INDEX: "51" })).code).toBe(0);
      expect(shown("main")).toBe("db1.internal:5431 open");
      expect((await once(mainArgs, answerOf(2), { CONSUL_INDEX: "52" })).code).toBe(0);
    });

    test("eight handlers at once change their own line and no other, and keep the file's mode", async () => {
      const answer = (n: number) =>
        JSON.stringify([healthEntry("x", node(n, "primary")), healthEntry("x", node(9, "replica"))]);
      const databases = Array.from({ length: 8 }, (_, n) => (n % 2 ? "ci" : "main"));
      const done = await Promise.all(
        databases.map((name) =>
          once([...args, "--database", name, "--tags", "primary"], answer(name === "ci" ? 7 : 6)),
        ),
      );
      // PgBouncer includes another file here, so it is right that the handler says it was not followed.
      // A handler that finds a newer event of its database leaves the work to that one.
      for (const { code } of done) expect([LEADER_EXIT_CODES.notTold, 0]).toContain(code);
      expect(readFileSync(listFile(), "utf8")).toBe(
        '[databases]\n\nmain = host=db6.internal port=5436 auth_user=pgbouncer dbname=main\n\nci = host=db7.internal port=5437 auth_user=pgbouncer\n\n"other" = host=keep\n',
      );
      expect(must("stat", ["-c", "%a", listFile()]).trim()).toBe("640");
    });

    test("a database that is not in the file is reported, and an answer without instances changes nothing", async () => {
      const answer = JSON.stringify([healthEntry("x", node(1, "primary"))]);
      const missing = await once([...args, "--database", "absent"], answer);
      expect(missing).toMatchObject({
        code: LEADER_EXIT_CODES.notTold,
        stderr: expect.stringContaining("no line"),
      });
      for (const [input, code] of [
        ["[]", 6],
        ["", 2],
        ["null", 2],
        ["{}", 2],
        ["[1,]", 2],
        ["[] x", 2],
      ] as const) {
        expect([input, (await once([...args, "--database", "other", "--no-hold"], input)).code]).toEqual([
          input,
          code,
        ]);
      }
    });
  });
});
