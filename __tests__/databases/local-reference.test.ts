/** `npm run local`, as a new user types it: up, up again after something was changed, down. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describeWith, Unavailable } from "../support/availability";
import { poolingTools } from "../support/pooling";
import { must, run } from "../support/processes";
import { repository } from "../support/repository";
import { terraformTools } from "../support/terraform-tools";

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

  test("comes up, and every user gets where it may and nowhere else", () => {
    const done = local();
    expect(done).toMatchObject({ code: 0, stderr: "" });
    expect(done.stdout).toMatch(
      /the server +gitlab +gitlabhq_production_ci +yes +amcheck, btree_gist, pg_trgm/,
    );
    expect(done.stdout).toMatch(/PgBouncer +coder +coder +yes/);
    expect(done.stdout).toMatch(/PgBouncer +coder +gitlab_main +refused/);
  });

  test("no password is in what Terraform has written, and the files with passwords are their owner's", () => {
    const { passwords } = JSON.parse(readFileSync(join(folder, "settings.json"), "utf8"));
    const written = readdirSync(join(folder, "terraform"), { withFileTypes: true }).filter((f) => f.isFile());
    expect(written.map((f) => f.name)).toContain("terraform.tfstate");
    for (const { name } of written) {
      const text = readFileSync(join(folder, "terraform", name), "utf8");
      for (const password of Object.values<string>(passwords))
        expect([name, text.includes(password)]).toEqual([name, false]);
    }
  });

  test("a second run puts right what somebody changed", () => {
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

  test("goes down without a trace", () => {
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
      stderr: "no command is called sideways; there are up and down\n",
    });
  });
});
