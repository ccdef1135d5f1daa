/**
 * `npm run local -- recovery`: a PostgreSQL is backed up, lost and brought back, with the programs and commands that the library writes
 * for a cluster. In place of the bucket there is a folder; all else is as in production.
 */
import { chmodSync, copyFileSync, existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { KubernetesProvider } from "@cdktf/provider-kubernetes/lib/provider";
import { App, TerraformStack, TerraformVariable } from "cdktf";
import {
  Cloud,
  DatabaseEngine,
  DatabaseLogin,
  DatabaseServer,
  PostgresVersion,
  type RestoreStep,
  SecretValue,
} from "../../lib/database";
import { LogicalBackup, RehearsalCheck, RestoreRehearsal } from "../../lib/recovery";
import { ObjectStore, ObjectStoreKind } from "../../lib/storage";
import type { PostgresTools } from "../machine/postgres";
import { findProgram, must, run } from "../machine/processes";
import { rclone as rcloneProgram } from "../machine/rclone";
import { recoveryJob, runJob } from "../machine/recovery-job";
import { Unavailable } from "../machine/unavailable";
import type { LocalFolder, Settings } from "./folder";
import { startServer, stopServer } from "./server";
import { applyStack } from "./stack";

const NAME = "local";
const NEWEST = "SELECT extract(epoch FROM max(created_at)) FROM notes";

/** The program of a backup and its rehearsal, as a user writes it. */
class RecoveryStack extends TerraformStack {
  public readonly backup: LogicalBackup;

  public constructor(app: App, settings: Settings) {
    super(app, "recovery");
    new KubernetesProvider(this, "kubernetes", {});
    const password = new TerraformVariable(this, "coder", { type: "string" });
    const key = new TerraformVariable(this, "key", { type: "string" });
    const server = DatabaseServer.fromServerAttributes(this, "postgres", {
      engine: DatabaseEngine.postgres(PostgresVersion.V17),
      host: "localhost",
      port: settings.postgresPort,
    });
    const coder = server.database("coder", {
      owner: DatabaseLogin.withPassword("coder", SecretValue.fromVariable(password, 1)),
    });
    this.backup = new LogicalBackup(this, "backup", {
      databases: [coder],
      store: ObjectStore.fromObjectStoreAttributes(this, "store", {
        kind: ObjectStoreKind.S3,
        bucketName: "backups",
        region: "eu-central-1",
        endpoint: "objects.example.com",
      }),
      identity: {
        cloud: Cloud.SELF_MANAGED,
        namespace: "backups",
        serviceAccountName: "backup",
        serviceAccountAnnotations: {},
        podLabels: {},
        dependables: [],
      },
      backupName: NAME,
      encryptionKey: SecretValue.fromVariable(key, 1),
    });
    new RestoreRehearsal(this, "rehearsal", {
      backup: this.backup,
      checks: [
        RehearsalCheck.newestRow(coder, NEWEST, 48),
        RehearsalCheck.atLeast("notes", coder, "SELECT count(*) FROM notes", 1),
      ],
    });
  }
}

/** Backs up, rehearses, loses and restores; throws when a row is missing in the end. */
export async function recover(folder: LocalFolder, tools: PostgresTools, terraform: string): Promise<void> {
  const settings = await folder.open();
  const started = Date.now();
  const say = (text: string) =>
    console.log(`${((Date.now() - started) / 1000).toFixed(1).padStart(5)} s  ${text}`);
  const path = programs(folder, tools);
  const app = new App({ outdir: folder.join("cdktf.out-recovery"), stackTraces: false });
  const stack = new RecoveryStack(app, settings);
  app.synth();
  const written = readFileSync(
    folder.join("cdktf.out-recovery", "stacks", "recovery", "cdk.tf.json"),
    "utf8",
  );
  const json = JSON.parse(written);

  stopServer(folder, tools);
  let ca = startServer(folder, settings, tools);
  applyStack(folder, settings, ca, terraform);
  const sql = (text: string) =>
    must(tools.psql, ["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-c", text], {
      env: login(settings, ca),
    }).trim();
  sql(`CREATE TABLE IF NOT EXISTS notes (id bigserial PRIMARY KEY, note text NOT NULL, created_at timestamptz NOT NULL DEFAULT now());
    INSERT INTO notes (note) SELECT 'note ' || n FROM generate_series(1, 1000) n`);
  const state = () =>
    sql("SELECT count(*) || ' rows, ' || md5(string_agg(notes::text, ',' ORDER BY id)) FROM notes");
  const before = state();
  say(`the database coder has ${before}`);

  // In place of the bucket: rclone takes a folder of the name of the bucket.
  const work = folder.forServers("store");
  const copies = folder.forServers("rehearsals");
  const key = Buffer.from(settings.passwords.gitlab).toString("hex");
  const job = async (name: string, environment: { [variable: string]: string }) => {
    const done = await runJob(recoveryJob(json, name), {
      path,
      cwd: work,
      user: folder.user,
      secrets: { "database-password": settings.passwords.coder, "encryption-key": key },
      environment: { RCLONE_CONFIG_STORE_TYPE: "local", ...environment },
    });
    if (done.code !== 0) throw new Error(`the job ${name} failed:\n${done.stderr}`);
  };
  await job(NAME, { PGSSLROOTCERT: ca });
  const object = (file: string) =>
    JSON.parse(readFileSync(join(work, "backups", stack.backup.path, file), "utf8"));
  const { stamp } = object("latest.json") as { stamp: string };
  say(`backup ${stamp} is in ${join(work, "backups", stack.backup.path)}, encrypted`);
  await job(`${NAME}-rehearsal`, { REHEARSAL_FOLDER: copies });
  const result = object("rehearsals/latest.json") as {
    measuredRpoSeconds: number;
    measuredRtoSeconds: number;
  };
  say(
    `the rehearsal restored it into a second server: measured RPO ${result.measuredRpoSeconds} s, RTO ${result.measuredRtoSeconds} s`,
  );

  stopServer(folder, tools);
  rmSync(folder.join("postgres"), { recursive: true });
  say("the server is lost, with its data");
  ca = startServer(folder, settings, tools);
  applyStack(folder, settings, ca, terraform);
  say("Terraform has made the databases and logins on a new server");
  const steps = stack.backup.protection().procedures.flatMap((procedure) => procedure.steps);
  follow(
    folder,
    steps,
    {
      ...login(settings, ca),
      PATH: path,
      HOME: work,
      RCLONE_CONFIG: "/dev/null",
      BACKUP_STAMP: stamp,
      RESTORE_HOST: "localhost",
      RESTORE_USER: "coder",
    },
    work,
    key,
  );
  const after = state();
  say(`the database coder has ${after}`);
  stopServer(folder, tools);
  if (after !== before) throw new Error(`the rows differ: ${before} before, ${after} after`);
  console.log(`\nBrought back. Everything is in ${folder.path}; \`npm run local -- down\` removes it.`);
}

/** Runs the commands of a restore as the runbook has them, with the values that it asks for. */
function follow(
  folder: LocalFolder,
  steps: readonly RestoreStep[],
  env: NodeJS.ProcessEnv,
  cwd: string,
  key: string,
): void {
  const commands = steps.flatMap((step) => step.commands ?? []);
  // The only command that differs: the folder in place of the bucket.
  const script = ["set -euo pipefail", ...commands]
    .join("\n")
    .replace('export RCLONE_CONFIG_STORE_TYPE="s3"', 'export RCLONE_CONFIG_STORE_TYPE="local"');
  const done = run("bash", ["-c", script], { env, cwd, input: `${key}\n`, ...folder.user });
  if (done.code !== 0) throw new Error(`the restore failed:\n${done.stderr}`);
}

function login(settings: Settings, ca: string): NodeJS.ProcessEnv {
  return {
    ...process.env,
    PGHOST: "localhost",
    PGPORT: String(settings.postgresPort),
    PGUSER: "coder",
    PGPASSWORD: settings.passwords.coder,
    PGDATABASE: "coder",
    PGSSLMODE: "verify-full",
    PGSSLROOTCERT: ca,
  };
}

/** @returns PATH with PostgreSQL's programs and rclone, which is built with Go the first time. */
function programs(folder: LocalFolder, tools: PostgresTools): string {
  const built = rcloneProgram();
  const found = built instanceof Unavailable ? findProgram(["rclone"]) : built;
  if (found === undefined) throw new Error((built as Unavailable).reason);
  const bin = folder.join("bin");
  mkdirSync(bin, { recursive: true });
  if (!existsSync(join(bin, "rclone"))) copyFileSync(found, join(bin, "rclone"));
  chmodSync(join(bin, "rclone"), 0o755);
  return [bin, dirname(tools.initdb), "/usr/bin", "/bin"].join(":");
}
