/** Runs the program of a `DatabaseObjects` on this machine, as a back end would, without Terraform. */
import { type ChildProcess, spawn } from "node:child_process";
import type { ITerraformDependable, TerraformStack } from "cdktf";
import type { ISqlBackend, SqlProgram } from "../../../lib/sql";
import type { Finished } from "../../../tools/machine/processes";
import { synthesize } from "../synth";

/** A back end that only remembers what it was given. */
export class RecordingBackend implements ISqlBackend {
  public program?: SqlProgram;
  /** All of them, in order. */
  public readonly programs: SqlProgram[] = [];

  public run(_scope: unknown, program: SqlProgram): ITerraformDependable[] {
    this.program = program;
    this.programs.push(program);
    return [{ fqn: program.name }];
  }
}

/** The program that `build` asks a back end for; all problems of the description are thrown. */
export function programOf(build: (stack: TerraformStack, backend: ISqlBackend) => void): SqlProgram {
  const backend = new RecordingBackend();
  synthesize((stack) => build(stack, backend));
  if (!backend.program) throw new Error("nothing was given to the back end");
  return backend.program;
}

export interface RunProgramOptions {
  /** What stands for the secrets, by their keys. */
  readonly secrets: Readonly<Record<string, string>>;
  /** The file with the server's authority. */
  readonly ca: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly path?: string;
  /** Gets the process, whose group a test may kill. */
  readonly started?: (child: ChildProcess) => void;
}

/** Runs a program in a process group of its own. */
export function runProgram(program: SqlProgram, options: RunProgramOptions): Promise<Finished> {
  // What is escaped for Terraform reads as Terraform would read it.
  const settings = Object.entries(program.environment).map(([name, value]) => [
    name,
    value.replace(/\$\$\{/g, "${").replace(/%%\{/g, "%{"),
  ]);
  const child = spawn("sh", ["-c", program.script], {
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      PATH: options.path ?? process.env.PATH,
      HOME: "/nonexistent",
      ...Object.fromEntries(settings),
      SQL_CA: "",
      SQL_CA_FILE: options.ca,
      SQL_SECRETS: "",
      ...Object.fromEntries(Object.entries(options.secrets).map(([k, v]) => [`SQL_SECRET_${k}`, v])),
      ...options.environment,
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
