/** Runs the two programs of a `FlexibleServerRestoreRehearsal` on this machine, with the files and variables that the synthesized stack has. */
import { type ChildProcess, spawn } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Finished } from "../../../tools/machine/processes";

// biome-ignore lint/suspicious/noExplicitAny: Terraform JSON
type Json = any;

/** Containers of a CronJob: variables and program. */
export interface Pod {
  readonly files: Readonly<Record<string, string>>;
  readonly containers: readonly {
    readonly name: string;
    readonly program: string;
    readonly environment: Record<string, string>;
  }[];
}

export function podOf(json: Json, jobName: string): Pod {
  const named = (type: string, name: string): Json =>
    Object.values(json.resource[type] as Json).find((each) => (each as Json).metadata.name === name);
  const plain = (text: string) => text.replace(/\$\$\{/g, "${").replace(/%%\{/g, "%{");
  const spec = named("kubernetes_cron_job_v1", jobName).spec.job_template.spec.template.spec;
  const data = named("kubernetes_config_map_v1", `${jobName}-scripts`).data as Record<string, string>;
  return {
    files: Object.fromEntries(Object.entries(data).map(([name, text]) => [name, plain(text)])),
    containers: spec.container.map((each: Json) => ({
      name: each.name,
      program: each.command[1].split("/").at(-1),
      environment: Object.fromEntries(
        (each.env as { name: string; value: string }[]).map(({ name, value }) => [name, plain(value)]),
      ),
    })),
  };
}

/** A pod that runs. */
export class PodRun {
  public readonly folder = mkdtempSync(join(tmpdir(), "devplatforms-rehearsal-"));
  public readonly exchange = join(this.folder, "exchange");
  private readonly children = new Map<string, ChildProcess>();
  private readonly ends = new Map<string, Promise<Finished>>();

  public constructor(pod: Pod, environment: Readonly<Record<string, string>>, path: string) {
    const scripts = join(this.folder, "scripts");
    for (const each of [scripts, this.exchange]) mkdirSync(each);
    for (const [name, text] of Object.entries(pod.files)) writeFileSync(join(scripts, name), text);
    const token = join(this.folder, "token");
    writeFileSync(token, "federated token");
    for (const container of pod.containers) {
      const tmp = join(this.folder, `tmp-${container.name}`);
      mkdirSync(tmp);
      chmodSync(tmp, 0o700);
      const child = spawn("sh", [join(scripts, container.program)], {
        detached: true,
        stdio: ["ignore", "pipe", "pipe"],
        cwd: this.folder,
        env: {
          ...container.environment,
          HOME: tmp,
          TMPDIR: tmp,
          REHEARSAL_EXCHANGE: this.exchange,
          ...(container.environment.REHEARSAL_CHECKS ? { REHEARSAL_CHECKS: scripts } : {}),
          // The webhook skips the container with the database's client.
          ...(container.name === "sql"
            ? {}
            : { AZURE_CLIENT_ID: "client", AZURE_TENANT_ID: "tenant", AZURE_FEDERATED_TOKEN_FILE: token }),
          ...environment,
          PATH: path,
        },
      });
      this.children.set(container.name, child);
      this.ends.set(container.name, ended(child));
    }
  }

  /** Waits for both programs. */
  public async end(): Promise<{ readonly [container: string]: Finished }> {
    const entries = [...this.ends].map(async ([name, end]) => [name, await end] as const);
    const finished = Object.fromEntries(await Promise.all(entries));
    rmSync(this.folder, { recursive: true, force: true });
    return finished;
  }

  /** Sends a signal to the process of a container alone, as the kubelet does. */
  public signal(container: string, signal: NodeJS.Signals): void {
    this.children.get(container)?.kill(signal);
  }

  /** Kills a container with all its processes. */
  public kill(container: string): void {
    process.kill(-(this.children.get(container)?.pid as number), "SIGKILL");
  }
}

function ended(child: ChildProcess): Promise<Finished> {
  let [stdout, stderr] = ["", ""];
  child.stdout?.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ code: code ?? 137, stdout, stderr }));
  });
}
