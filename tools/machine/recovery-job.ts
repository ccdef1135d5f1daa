/** Runs the program of a CronJob of `lib/recovery` on this machine, with the files and variables that the synthesized stack has. */
import { type ChildProcess, spawn } from "node:child_process";
import { chmodSync, chownSync, mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Finished } from "./processes";

// biome-ignore lint/suspicious/noExplicitAny: Terraform JSON
type Json = any;

export interface RecoveryJob {
  readonly files: Readonly<Record<string, string>>;
  readonly environment: Readonly<Record<string, string>>;
}

/** The job of a name in Terraform JSON. */
export function recoveryJob(json: Json, name: string): RecoveryJob {
  const named = (type: string, wanted: string): Json =>
    Object.values(json.resource[type] as Json).find((each) => (each as Json).metadata.name === wanted);
  const plain = (text: string) => text.replace(/\$\$\{/g, "${").replace(/%%\{/g, "%{");
  const pod = named("kubernetes_cron_job_v1", name).spec.job_template.spec.template.spec;
  const files = Object.entries(
    named("kubernetes_config_map_v1", `${name}-scripts`).data as Record<string, string>,
  );
  const variables = pod.container[0].env as { name: string; value: string }[];
  return {
    files: Object.fromEntries(files.map(([file, text]) => [file, plain(text)])),
    environment: Object.fromEntries(variables.map((each) => [each.name, plain(each.value)])),
  };
}

export interface RunJobOptions {
  readonly secrets: Readonly<Record<string, string>>;
  /** Variables in place of those of the pod. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Programs of the image. */
  readonly path: string;
  /** Working folder. @default - a folder of the run */
  readonly cwd?: string;
  readonly shell?: readonly string[];
  readonly user?: { readonly uid: number; readonly gid: number };
  /** Gets the process, whose group a test may kill. */
  readonly started?: (child: ChildProcess) => void;
}

/** Runs a job to its end. */
export function runJob(job: RecoveryJob, options: RunJobOptions): Promise<Finished> {
  const { user, shell = ["sh"] } = options;
  const folder = mkdtempSync(join(tmpdir(), "devplatforms-job-"));
  const own = (path: string) => {
    if (user) chownSync(path, user.uid, user.gid);
  };
  const fill = (name: string, files: Readonly<Record<string, string>>) => {
    const path = join(folder, name);
    mkdirSync(path);
    for (const [file, text] of Object.entries(files)) {
      writeFileSync(join(path, file), text, { mode: 0o400 });
      own(join(path, file));
    }
    own(path);
    return path;
  };
  chmodSync(folder, 0o755);
  const scripts = fill("scripts", job.files);
  const secrets = fill("secrets", options.secrets);
  const tmp = fill("tmp", {});
  const checks: Record<string, string> = job.environment.REHEARSAL_CHECKS
    ? { REHEARSAL_CHECKS: scripts }
    : {};
  const [program, ...args] = shell;
  const child = spawn(program as string, [...args, join(scripts, "job.sh")], {
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
    cwd: options.cwd ?? folder,
    ...user,
    env: {
      ...job.environment,
      SSL_CERT_FILE: undefined,
      JOB_SECRETS: secrets,
      HOME: tmp,
      TMPDIR: tmp,
      ...checks,
      ...options.environment,
      PATH: options.path,
    },
  });
  options.started?.(child);
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ code: code ?? 137, stdout, stderr }));
  });
}
