/**
 * `npm run local`: the library at work on this machine, without a cloud and without a cluster. Starts a PostgreSQL, lets Terraform
 * bring about what Coder and GitLab need on it, puts PgBouncer in front, and connects. `npm run local -- recovery`
 * backs up a server, loses it and brings it back; `npm run local -- down` removes it all.
 */
import { rmSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { type PostgresTools, postgresTools } from "../machine/postgres";
import { findProgram, run } from "../machine/processes";
import { repository } from "../machine/repository";
import { Unavailable } from "../machine/unavailable";
import { LocalFolder, type Settings } from "./folder";
import { startPooler, stopPooler } from "./pooler";
import { recover } from "./recovery";
import { ADMIN, startServer, stopServer } from "./server";
import { applyStack } from "./stack";

async function main([command = "up"]: string[]): Promise<void> {
  const tools = postgresTools();
  if (tools instanceof Unavailable) throw new Error(tools.reason);
  const folder = new LocalFolder(process.env.DEVPLATFORMS_LOCAL ?? join(repository, ".local"), tools);
  // A server of its own, which may be lost.
  const besides = new LocalFolder(`${folder.path}-recovery`, tools);
  if (command === "down") {
    folder.mustBeOurs();
    stopPooler(folder);
    for (const each of [folder, besides]) {
      each.mustBeOurs();
      stopServer(each, tools);
      rmSync(each.path, { recursive: true, force: true });
    }
    console.log("stopped, and removed");
  } else if (command === "recovery") {
    await recover(besides, tools, terraformOf());
  } else if (command === "up") {
    await up(folder, tools);
  } else {
    throw new Error(`no command is called ${command}; there are up, recovery and down`);
  }
}

async function up(folder: LocalFolder, tools: PostgresTools): Promise<void> {
  const terraform = terraformOf();
  const settings = await folder.open();
  const started = Date.now();
  stopPooler(folder);
  stopServer(folder, tools);
  await mustBeFree(folder, settings.postgresPort);
  await mustBeFree(folder, settings.poolerPort);
  const ca = startServer(folder, settings, tools);
  console.log(`PostgreSQL listens on localhost:${settings.postgresPort}`);
  const stack = applyStack(folder, settings, ca, terraform);
  console.log("Terraform has applied what Coder and GitLab need");
  const pgbouncer = findProgram(["pgbouncer"], ["/usr/sbin"]);
  if (pgbouncer) {
    startPooler(folder, settings, stack, ca, pgbouncer);
    console.log(`PgBouncer listens on localhost:${settings.poolerPort}`);
  } else {
    console.log("PgBouncer is not installed, so there is no pooler");
  }
  console.log(`\n${summary(settings, tools, ca, pgbouncer !== undefined)}`);
  console.log(
    `\nReady after ${((Date.now() - started) / 1000).toFixed(1)} s. Everything is in ${folder.path};`,
  );
  console.log("`npm run local` again puts right what was changed, `npm run local -- down` removes it.");
}

function terraformOf(): string {
  const terraform = findProgram([process.env.TERRAFORM_BINARY_NAME ?? "terraform", "tofu"]);
  if (!terraform) throw new Error("there is neither terraform nor tofu on PATH");
  return terraform;
}

/** The ports were chosen the first time; since then somebody else may have taken one. */
async function mustBeFree(folder: LocalFolder, port: number): Promise<void> {
  const free = await new Promise<boolean>((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
  if (free) return;
  throw new Error(
    `port ${port} is taken by another program; end that one, change it in ${folder.join("settings.json")}, or begin anew after \`npm run local -- down\``,
  );
}

interface Attempt {
  readonly user: keyof Settings["passwords"];
  readonly database: string;
  readonly may: boolean;
}

const DIRECT: Attempt[] = [
  { user: "coder", database: "coder", may: true },
  { user: "gitlab", database: "gitlabhq_production", may: true },
  { user: "gitlab", database: "gitlabhq_production_ci", may: true },
  { user: "coder", database: "gitlabhq_production", may: false },
  { user: "gitlab", database: "coder", may: false },
];
const POOLED: Attempt[] = [
  { user: "coder", database: "coder", may: true },
  { user: "gitlab", database: "gitlab_main", may: true },
  { user: "gitlab", database: "gitlab_ci", may: true },
  { user: "coder", database: "gitlab_main", may: false },
];

/** Connects as every user, allowed or not, and says how it went. */
function summary(settings: Settings, tools: PostgresTools, ca: string, pooled: boolean): string {
  const rows = [["through", "user", "database", "log-in", "extensions"]];
  const attempts = [
    ...DIRECT.map((a) => ({
      ...a,
      through: "the server",
      port: settings.postgresPort,
      sslmode: "verify-full",
    })),
    ...(pooled ? POOLED : []).map((a) => ({
      ...a,
      through: "PgBouncer",
      port: settings.poolerPort,
      sslmode: "disable",
    })),
  ];
  let wrong = 0;
  for (const { through, user, database, may, port, sslmode } of attempts) {
    const sql =
      "SELECT string_agg(extname, ', ' ORDER BY extname) FROM pg_extension WHERE extname <> 'plpgsql'";
    const done = run(tools.psql, ["--no-psqlrc", "--no-align", "--tuples-only", "--command", sql], {
      env: {
        ...process.env,
        PGHOST: "localhost",
        PGHOSTADDR: "127.0.0.1",
        PGPORT: String(port),
        PGUSER: user,
        PGPASSWORD: settings.passwords[user],
        PGDATABASE: database,
        PGSSLMODE: sslmode,
        PGSSLROOTCERT: ca,
        PGCONNECT_TIMEOUT: "10",
      },
    });
    const could = done.code === 0;
    if (could !== may) wrong += 1;
    rows.push([through, user, database, could ? "yes" : "refused", could ? done.stdout.trim() || "-" : ""]);
    if (could !== may) rows.push(["", "", "", may ? "SHOULD WORK" : "SHOULD BE REFUSED", done.stderr.trim()]);
  }
  const widths = (rows[0] as string[]).map((_, i) =>
    Math.max(...rows.map((row) => (row[i] as string).length)),
  );
  const table = rows.map((row) =>
    row
      .map((cell, i) => cell.padEnd(widths[i] as number))
      .join("  ")
      .trimEnd(),
  );
  if (wrong > 0) throw new Error(`${table.join("\n")}\n\n${wrong} log-ins went otherwise than they should`);
  return `The administrator is ${ADMIN}; no component uses it.\n\n${table.join("\n")}`;
}

main(process.argv.slice(2)).catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
