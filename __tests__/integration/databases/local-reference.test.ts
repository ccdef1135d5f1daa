/** `npm run local`, as a new user types it: up, up again after something was changed, down. */
import { spawn } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { must, run } from "../../../tools/machine/processes";
import { rclone } from "../../../tools/machine/rclone";
import { repository } from "../../../tools/machine/repository";
import { terraformTools } from "../../../tools/machine/terraform";
import { Unavailable } from "../../../tools/machine/unavailable";
import { describeWith } from "../../support/describe-with";
import { poolingTools } from "../../support/servers/pooling";

jest.setTimeout(180_000);

const needs = () => {
  const terraform = terraformTools();
  return terraform instanceof Unavailable ? terraform : poolingTools();
};

describeWith("the local reference", needs, (tools) => {
  const base = mkdtempSync(join(tmpdir(), "devplatforms-local-"));
  const folder = join(base, "here");
  // mkdtemp's folder is for its maker only; the server's user has to come through.
  must("chmod", ["755", base]);
  const local = (...args: string[]) =>
    run(process.execPath, ["--import", "tsx", "tools/local/main.ts", ...args], {
      cwd: repository,
      env: { ...process.env, DEVPLATFORMS_LOCAL: folder },
    });
  afterAll(() => {
    local("down");
    rmSync(base, { recursive: true, force: true });
  });

  test("starts, and each user reaches its databases only", () => {
    const done = local();
    expect(done).toMatchObject({ code: 0, stderr: "" });
    expect(done.stdout).toMatch(
      /the server +gitlab +gitlabhq_production_ci +yes +amcheck, btree_gist, pg_trgm/,
    );
    expect(done.stdout).toMatch(/PgBouncer +coder +coder +yes/);
    expect(done.stdout).toMatch(/PgBouncer +coder +gitlab_main +refused/);
  });

  test("a server is backed up, lost and brought back in less than two minutes", () => {
    const tools = rclone();
    // Without Go and rclone there is nothing to bring backups away with; the tier's other tests say so.
    if (tools instanceof Unavailable) throw new Error(tools.reason);
    const began = Date.now();
    const done = local("recovery");
    expect(done).toMatchObject({ code: 0, stderr: "" });
    const states = [...done.stdout.matchAll(/the database coder has (\d+ rows, \w+)/g)].map(
      ([, rows]) => rows,
    );
    expect(states).toEqual([states[0], states[0]]);
    expect(done.stdout).toMatch(/measured RPO \d+ s, RTO \d+ s/);
    expect(Date.now() - began).toBeLessThan(120_000);
  });

  test("no password is in Terraform's files, and password files are readable by their owner only", () => {
    const { passwords } = JSON.parse(readFileSync(join(folder, "settings.json"), "utf8"));
    const written = readdirSync(join(folder, "terraform"), { withFileTypes: true }).filter((f) => f.isFile());
    expect(written.map((f) => f.name)).toContain("terraform.tfstate");
    for (const { name } of written) {
      const text = readFileSync(join(folder, "terraform", name), "utf8");
      for (const password of Object.values<string>(passwords))
        expect([name, text.includes(password)]).toEqual([name, false]);
    }
  });

  test("a second run corrects manual changes", () => {
    const settings = JSON.parse(readFileSync(join(folder, "settings.json"), "utf8"));
    must(
      tools.postgres.psql,
      ["-X", "-q", "-c", "GRANT CONNECT ON DATABASE coder TO PUBLIC", "-c", "ALTER ROLE gitlab NOLOGIN"],
      {
        env: {
          ...process.env,
          PGHOST: "127.0.0.1",
          PGPORT: String(settings.postgresPort),
          PGUSER: "dbadmin",
          PGPASSWORD: settings.passwords.dbadmin,
          PGDATABASE: "postgres",
          PGSSLMODE: "require",
        },
      },
    );
    // The summary would say so, and fail.
    expect(local("up")).toMatchObject({ code: 0, stderr: "" });
  });

  test("names a port that another process uses, and does not end a process with a reused process id", async () => {
    const { poolerPort } = JSON.parse(readFileSync(join(folder, "settings.json"), "utf8"));
    const pid = join(folder, "pgbouncer", "pid");
    const pooler = readFileSync(pid, "utf8").trim();
    must("kill", ["-INT", pooler]);
    const other = createServer();
    await new Promise<void>((resolve) => {
      const listen = () => other.listen(poolerPort, "127.0.0.1", resolve);
      // Until PgBouncer has let go of it.
      other.on("error", () => setTimeout(listen, 100));
      listen();
    });
    // A number that was the pooler's before the machine was started anew, say.
    const innocent = spawn("sleep", ["100"]);
    const ended = jest.fn();
    innocent.once("exit", ended);
    writeFileSync(pid, `${innocent.pid}\n`);
    try {
      const done = local();
      expect(done.code).toBe(1);
      expect(done.stderr).toContain(`port ${poolerPort} is taken by another program`);
      await new Promise((resolve) => setTimeout(resolve, 300));
      expect(ended).not.toHaveBeenCalled();
    } finally {
      innocent.kill();
      other.close();
    }
    expect(local()).toMatchObject({ code: 0, stderr: "" });
  });

  test("refuses a folder with other files and does not remove it", () => {
    const home = join(base, "home");
    mkdirSync(home);
    writeFileSync(join(home, "letter"), "dear");
    for (const command of ["up", "down"]) {
      const done = run(process.execPath, ["--import", "tsx", "tools/local/main.ts", command], {
        cwd: repository,
        env: { ...process.env, DEVPLATFORMS_LOCAL: home },
      });
      expect([done.code, done.stderr]).toEqual([
        1,
        `${home} holds something else; name an empty folder or a new one\n`,
      ]);
    }
    expect(readdirSync(home)).toEqual(["letter"]);
  });

  test("stops and removes its folder and processes", () => {
    const { postgresPort } = JSON.parse(readFileSync(join(folder, "settings.json"), "utf8"));
    expect(local("down")).toMatchObject({ code: 0, stdout: "stopped, and removed\n" });
    expect(existsSync(folder)).toBe(false);
    const ping = run(tools.postgres.psql, ["-c", "SELECT 1"], {
      env: {
        ...process.env,
        PGHOST: "127.0.0.1",
        PGPORT: String(postgresPort),
        PGUSER: "dbadmin",
        PGPASSWORD: "x",
        PGDATABASE: "postgres",
      },
    });
    expect(ping.stderr).toContain("Connection refused");
  });

  test("an unknown command is refused", () => {
    expect(local("sideways")).toMatchObject({
      code: 1,
      stderr: "no command is called sideways; there are up, recovery and down\n",
    });
  });
});
