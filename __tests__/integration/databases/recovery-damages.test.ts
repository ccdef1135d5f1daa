/**
 * Backups and rehearsals that go wrong: each fault is noticed, no run with one reports success, the backup that counts stays as it was, and
 * the source too.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { IDatabase } from "../../../lib/database";
import { RehearsalCheck } from "../../../lib/recovery";
import { ObjectStoreKind } from "../../../lib/storage";
import { Postgres } from "../../../tools/machine/postgres";
import { type Finished, must, run as runProgram } from "../../../tools/machine/processes";
import { describeWith } from "../../support/describe-with";
import {
  RecoveryPrograms,
  type RecoveryTools,
  recoveryTools,
} from "../../support/recovery/recovery-programs";
import { type Source, Way } from "../../support/recovery/whole-way";
import { Mysql } from "../../support/servers/mysql";
import { type RunningStore, startS3 } from "../../support/servers/object-stores";

jest.setTimeout(300_000);

const NEWEST = "SELECT extract(epoch FROM max(created_at)) FROM notes";
const OWNER = { user: "coder", password: "secret", database: "coder" };
/** Three MB that do not compress take some seconds. */
const SLOW = { RCLONE_BWLIMIT: "300k" };

async function until(condition: () => boolean): Promise<void> {
  const end = Date.now() + 60_000;
  while (!condition()) {
    if (Date.now() > end) throw new Error("it has not come about within a minute");
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

describeWith("damages of backups and rehearsals", recoveryTools, (tools: RecoveryTools) => {
  const folder = mkdtempSync(join(tmpdir(), "devplatforms-damages-"));
  const programs = new RecoveryPrograms(tools);
  let postgres: Postgres;
  let store: RunningStore;
  let way: Way;
  let good: string;
  let rows: string[];

  const prepared = async (): Promise<Postgres> => {
    const server = await Postgres.start(tools.postgres);
    const root = { user: "rds_superuser_of_test", password: "superuser" };
    server.query("CREATE ROLE coder LOGIN PASSWORD 'secret'", root);
    server.query("CREATE DATABASE coder OWNER coder", root);
    server.query(
      `CREATE TABLE notes (id bigserial PRIMARY KEY, note text, created_at timestamptz DEFAULT now());
       INSERT INTO notes (note) SELECT string_agg(md5(random()::text), '') FROM generate_series(1, 2000) n, generate_series(1, 50) m GROUP BY n`,
      OWNER,
    );
    return server;
  };
  const sourceOf = (server: Postgres): Source => ({
    family: "postgres",
    port: server.port,
    ca: server.ca,
    user: OWNER.user,
    password: OWNER.password,
    databases: ["coder"],
    image: programs.postgres(),
  });
  const wayOf = (source: Source, name: string) =>
    new Way({
      source,
      kind: ObjectStoreKind.S3,
      store,
      tools: tools.stores,
      name,
      folder,
      encrypted: true,
      backup: { keep: 2 },
      checks: ([first]) =>
        source.family === "postgres"
          ? [RehearsalCheck.newestRow(first as IDatabase, NEWEST, 48)]
          : [RehearsalCheck.atLeast("one", first as IDatabase, "SELECT 1", 1)],
    });
  const sourceRows = () =>
    postgres.query("SELECT md5(string_agg(notes::text, ',' ORDER BY id)) FROM notes", OWNER);
  /** A folder before the programs of the image, with one program that a test puts in place. */
  const withProgram = (name: string, text: string): { path: string } => {
    const bin = mkdtempSync(join(folder, "bin-"));
    chmodSync(bin, 0o755);
    writeFileSync(join(bin, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
    return { path: `${bin}:${way.options.source.image.path}` };
  };
  const real = (name: string) =>
    must("sh", ["-c", `PATH=${way.options.source.image.path} command -v ${name}`]).trim();
  /** A run failed with this reason, and changed nothing that counts. */
  const refused = (done: Finished, reason: RegExp) => {
    expect(done.stderr).toMatch(reason);
    expect(done.code).not.toBe(0);
    expect(way.backups()).toContain(good);
    expect(JSON.parse(way.rclone("cat", "latest.json").stdout).stamp).toBe(good);
    expect(way.objects().filter((each) => !each.startsWith(good) && each !== "latest.json")).toEqual([]);
    expect(sourceRows()).toEqual(rows);
  };
  const notRehearsed = (done: Finished, reason: RegExp) => {
    refused(done, reason);
    expect(way.results().at(-1)).toMatchObject({ passed: false });
    expect(way.rclone("lsf", "rehearsals/latest.json").stdout).toBe("");
    expect(way.leftCopies()).toEqual([]);
  };

  beforeAll(async () => {
    chmodSync(folder, 0o755);
    store = await startS3(folder);
    postgres = await prepared();
    way = wayOf(sourceOf(postgres), "damaged");
    const done = await way.backup();
    expect([done.code, done.code === 0 ? "" : done.stderr]).toEqual([0, ""]);
    good = way.backups()[0] as string;
    rows = sourceRows();
  });
  afterAll(async () => {
    await postgres?.stop();
    await store?.stop();
    programs.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  test("a dump that is cut off, by a client that reports success", async () => {
    const cut = withProgram(
      "pg_dump",
      `case $1 in --version) exec ${real("pg_dump")} "$@" ;; esac; ${real("pg_dump")} "$@" | head -c 1000000`,
    );
    refused(await way.backup(cut), /the dump of coder is not whole/);
  });

  test("a client that is older than the server", async () => {
    const old = withProgram("pg_dump", "echo 'pg_dump (PostgreSQL) 14.22'");
    refused(
      await way.backup(old),
      /pg_dump 14\.22 is older than the server, 15.*use an image of PostgreSQL 15/,
    );
  });

  test("a wrong password", async () => {
    refused(await way.backup({ secrets: { "database-password": "wrong" } }), /the server does not answer/);
  });

  test("an upload that is killed", async () => {
    let job: ChildProcess | undefined;
    const done = way.backup({ environment: SLOW, started: (child) => (job = child) });
    const uploads = () =>
      runProgram("pgrep", ["-g", String(job?.pid), "-f", "rclone rcat"])
        .stdout.split("\n")
        .filter(Boolean);
    await until(() => uploads().length > 0);
    must("kill", ["-9", ...uploads()]);
    refused(await done, /the (upload|dump) of coder (failed|ended early)/);
  });

  test("a server that is gone during the dump", async () => {
    const other = await prepared();
    const name = "gone";
    const lost = wayOf(sourceOf(other), name);
    let job: ChildProcess | undefined;
    // A lock keeps pg_dump in the middle of its work.
    const holder = spawn(
      tools.postgres.psql,
      ["-X", "-c", "BEGIN", "-c", "LOCK TABLE notes", "-c", "SELECT pg_sleep(60)"],
      {
        stdio: "ignore",
        env: { ...process.env, ...other.environment(OWNER) },
      },
    );
    const locked =
      "SELECT 1 FROM pg_locks WHERE mode = 'AccessExclusiveLock' AND granted AND relation = 'notes'::regclass";
    await until(() => other.query(locked, OWNER).length > 0);
    const done = lost.backup({ started: (child) => (job = child) });
    await until(() => runProgram("pgrep", ["-g", String(job?.pid), "-x", "pg_dump"]).code === 0);
    await other.stop();
    const { code, stderr } = await done;
    // The server ends pg_dump and the session with the lock, in an order of its choice.
    expect(stderr).toMatch(/error: the (dump of coder ended early|session with the lock (ended|was lost))/);
    holder.kill();
    expect([code, lost.objects()]).toEqual([1, []]);
  });

  test("two runs at once", async () => {
    let first: ChildProcess | undefined;
    const slow = way.backup({ environment: SLOW, started: (child) => (first = child) });
    await until(() => runProgram("pgrep", ["-g", String(first?.pid), "-x", "pg_dump"]).code === 0);
    const second = await way.backup();
    expect([second.code, second.stderr]).toEqual([
      1,
      expect.stringMatching(/another run of damaged is in progress/),
    ]);
    const done = await slow;
    expect([done.code, done.code === 0 ? "" : done.stderr]).toEqual([0, ""]);
    const [, newer] = way.backups();
    good = newer as string;
  });

  test("a run that is killed leaves no backup that counts, and the next one removes the oldest", async () => {
    let job: ChildProcess | undefined;
    const killed = way.backup({ environment: SLOW, started: (child) => (job = child) });
    await until(() => runProgram("pgrep", ["-g", String(job?.pid), "-f", "rclone rcat"]).code === 0);
    process.kill(-(job?.pid as number), "SIGKILL");
    await killed;
    expect(way.backups()).toHaveLength(2);
    const done = await way.backup();
    expect([done.code, done.code === 0 ? "" : done.stderr]).toEqual([0, ""]);
    expect(way.backups()).toHaveLength(2);
    // From here on there is one, which the next tests damage.
    const [older, newest] = way.backups() as [string, string];
    for (const file of ["manifest.json", "1-coder.dump", "roles.sql"])
      way.rclone("deletefile", `${older}/${file}`);
    good = newest;
  });

  test("another key of the backups", async () => {
    notRehearsed(
      await way.rehearse({ secrets: { "encryption-key": "another key with many letters" } }),
      /(roles|1-coder\.dump).* cannot be read/,
    );
  });

  test("a dump that was cut off or changed in the store", async () => {
    const object = `${good}/1-coder.dump`;
    const work = join(folder, "object");
    const { environment } = way.jobs.backup;
    const store_ = `${environment.STORE_ROOT}/${object}`;
    expect(way.rclone("lsf", object).stdout).not.toBe("");
    const env = {
      ...Object.fromEntries(Object.entries(environment).filter(([name]) => name.startsWith("RCLONE"))),
      ...store.environment,
      PATH: process.env.PATH,
      RCLONE_CONFIG: "/dev/null",
    };
    const rclone = (...args: string[]) => must(tools.stores.rclone, args, { env });
    rclone("copyto", store_, work);
    const whole = readFileSync(work);
    const put = (bytes: Buffer) => {
      writeFileSync(work, bytes);
      rclone("copyto", "--ignore-times", work, store_);
    };
    put(whole.subarray(0, whole.length / 2));
    notRehearsed(await way.rehearse(), /1-coder\.dump (has \d+ bytes, and the manifest says|cannot be read)/);
    const changed = Buffer.from(whole);
    changed[whole.length >> 1] = (changed[whole.length >> 1] as number) ^ 1;
    put(changed);
    notRehearsed(await way.rehearse(), /1-coder\.dump (cannot be read|is not what was backed up)/);
    put(whole);
  });

  test("a full disk", async () => {
    const small = join(folder, "small");
    mkdirSync(small);
    must("mount", ["-t", "tmpfs", "-o", "size=45m,mode=0777", "tmpfs", small]);
    try {
      notRehearsed(
        await way.rehearse({ environment: { REHEARSAL_FOLDER: small } }),
        /the scratch server cannot be made|does not start|the disk is full|cannot be restored/,
      );
    } finally {
      must("umount", ["-l", small]);
    }
  });

  test("a backup that is too old", async () => {
    notRehearsed(
      await way.rehearse({ environment: { REHEARSAL_MAX_AGE_SECONDS: "0" } }),
      /the newest backup, .* is 0 hours old/,
    );
  });

  test("a copy that kill -9 left, which is in the way of the next rehearsal and is swept later", async () => {
    let job: ChildProcess | undefined;
    const killed = way.rehearse({ started: (child) => (job = child) });
    const ready = (each: string) => {
      const file = join(way.copies, each, "data", "postmaster.pid");
      // initdb's own server has such a file as well.
      return existsSync(file) && readFileSync(file, "utf8").includes("ready");
    };
    await until(() => way.leftCopies().some(ready));
    process.kill(job?.pid as number, "SIGKILL");
    await killed;
    const [left] = way.leftCopies() as [string];
    const pid = readFileSync(join(way.copies, left, "data", "postmaster.pid"), "utf8").split(
      "\n",
    )[0] as string;
    expect(existsSync(`/proc/${pid}`)).toBe(true);
    const next = await way.rehearse();
    expect([next.code, next.stderr]).toEqual([1, expect.stringContaining(`there is another copy, ${left}`)]);
    expect(way.leftCopies()).toEqual([left]);

    const swept = await way.rehearse({ environment: { REHEARSAL_LEFTOVER_SECONDS: "0" } });
    expect([swept.code, swept.code === 0 ? "" : swept.stderr]).toEqual([0, ""]);
    expect(swept.stderr).toContain(`the copy ${left} was left over and is deleted`);
    expect([way.leftCopies(), existsSync(`/proc/${pid}`)]).toEqual([[], false]);
    expect(way.results().at(-1)).toMatchObject({ passed: true });
  });

  test("nothing but a copy is ever deleted", async () => {
    const other = join(way.copies, "damaged-rehearsal-of-a-person");
    mkdirSync(other);
    const done = await way.rehearse({ environment: { REHEARSAL_LEFTOVER_SECONDS: "0" } });
    expect(done.code).toBe(1);
    expect(existsSync(other)).toBe(true);
    rmSync(other, { recursive: true });
  });

  test("a row that is newer than the backup says it is, and one that is missing", async () => {
    postgres.query(
      "INSERT INTO notes (note, created_at) VALUES ('from the future', now() + interval '2 hours')",
      OWNER,
    );
    expect((await way.backup()).code).toBe(0);
    const newer = await way.rehearse();
    expect([newer.code, newer.stderr]).toEqual([
      1,
      expect.stringMatching(/newest row is \d+ s newer than the backup/),
    ]);
    expect(way.results().at(-1)).toMatchObject({
      passed: false,
      reason: expect.stringContaining("newest row of coder"),
    });
    postgres.query("DELETE FROM notes", OWNER);
    expect((await way.backup()).code).toBe(0);
    const none = await way.rehearse();
    expect([none.code, none.stderr]).toEqual([1, expect.stringContaining("there is no row")]);
  });

  test("a dump of MySQL that is cut off", async () => {
    const server = await Mysql.start(tools.mariadb);
    try {
      server.query("CREATE DATABASE gitpod; CREATE TABLE gitpod.t (i int)");
      const source: Source = {
        family: "mysql",
        port: server.port,
        ca: server.ca,
        user: server.admin.user,
        password: server.admin.password,
        databases: ["gitpod"],
        image: programs.mariadb(),
      };
      const mysql = wayOf(source, "damaged-mysql");
      const whole = must("sh", ["-c", "command -v mysqldump"]).trim();
      const cut = withProgram(
        "mysqldump",
        `case "$*" in *--single-transaction*) ${whole} "$@" | head -n 30 ;; *) exec ${whole} "$@" ;; esac`,
      );
      const done = await mysql.backup({
        path: `${cut.path.split(":")[0]}:${source.image.path}`,
        environment: { BACKUP_MINIMUM_BYTES: "1" },
      });
      expect([done.code, done.stderr]).toEqual([
        1,
        expect.stringContaining("the dump of gitpod is not whole"),
      ]);
      expect(mysql.objects()).toEqual([]);
    } finally {
      await server.stop();
    }
  });
});
