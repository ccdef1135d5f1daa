/** Runs other programs: to their end, or as servers that are ended by their process id. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { closeSync, existsSync, openSync, readFileSync } from "node:fs";
import { createServer } from "node:net";
import { delimiter, join } from "node:path";

export interface Finished {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly input?: string;
  /** The user and group to run as. */
  readonly uid?: number;
  readonly gid?: number;
}

/** Runs a program to its end, whatever its exit code. */
export function run(program: string, args: readonly string[], options: RunOptions = {}): Finished {
  const done = spawnSync(program, args, { encoding: "utf8", maxBuffer: 256 << 20, ...options });
  // A program may end before it has read its input: a refused psql does. Its exit code and messages are there all the same.
  const unread = (done.error as NodeJS.ErrnoException | undefined)?.code === "EPIPE" && done.status !== null;
  if (done.error && !unread) {
    return { code: 127, stdout: done.stdout ?? "", stderr: `${program}: ${done.error.message}` };
  }
  return { code: done.status ?? 1, stdout: done.stdout, stderr: done.stderr };
}

/** Runs a program that has to succeed. */
export function must(program: string, args: readonly string[], options: RunOptions = {}): string {
  const done = run(program, args, options);
  if (done.code !== 0) {
    const output = (done.stderr.trim() || done.stdout.trim()).slice(-6000);
    throw new Error(`${program} ${args.slice(0, 6).join(" ")} ended with exit code ${done.code}:\n${output}`);
  }
  return done.stdout;
}

/** Like `must`, without blocking this process: tiers that wait for minutes let other work go on. */
export function mustAsync(
  program: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: options.cwd,
      env: options.env,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
      stdout += chunk;
    });
    child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
      stderr += chunk;
    });
    child.on("error", reject);
    child.on("close", (code) => {
      if (code === 0) {
        resolve(stdout);
      } else {
        const output = (stderr.trim() || stdout.trim()).slice(-6000);
        reject(
          new Error(`${program} ${args.slice(0, 6).join(" ")} ended with exit code ${code}:\n${output}`),
        );
      }
    });
  });
}

/** @returns the path of the first of these programs that is on PATH or in one of the further folders. */
export function findProgram(names: readonly string[], folders: readonly string[] = []): string | undefined {
  const all = [...(process.env.PATH ?? "").split(delimiter), ...folders];
  for (const name of names) {
    const folder = all.find((each) => each !== "" && existsSync(join(each, name)));
    if (folder !== undefined) {
      return join(folder, name);
    }
  }
  return undefined;
}

/** @returns a port on loopback that nobody listens on right now. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}

// One listener for all servers: Node warns of a leak at the eleventh.
const running = new Set<ChildProcess>();
process.once("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});

/** A server started by a test, which the same test stops. */
export class Server {
  private readonly child: ChildProcess;
  private exit: number | null | undefined;

  /**
   * @param log the file that takes its output
   */
  public constructor(
    private readonly name: string,
    program: string,
    args: readonly string[],
    private readonly log: string,
    options: RunOptions = {},
  ) {
    const output = openSync(log, "a");
    this.child = spawn(program, args, { stdio: ["ignore", output, output], ...options });
    closeSync(output);
    this.child.on("error", () => {
      this.exit = 127;
    });
    this.child.on("exit", (code) => {
      this.exit = code;
    });
    // A test that is interrupted must neither leave its servers behind nor wait for them.
    this.child.unref();
    running.add(this.child);
    this.child.once("exit", () => running.delete(this.child));
  }

  public get isRunning(): boolean {
    return this.exit === undefined;
  }

  /** Waits until `ready` no longer throws and gives true. */
  public async waitUntil(ready: () => Promise<boolean> | boolean, seconds: number): Promise<void> {
    const end = Date.now() + seconds * 1000;
    for (;;) {
      const problem = await attempt(ready);
      if (problem === undefined) {
        return;
      }
      if (this.exit !== undefined || Date.now() > end) {
        const state = this.exit === undefined ? `is not ready after ${seconds} s` : `ended with ${this.exit}`;
        await this.stop();
        throw new Error(
          `${this.name} ${state} (${problem}):\n${readFileSync(this.log, "utf8").slice(-4000)}`,
        );
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  /** Ends it, by force if it does not end by itself. */
  public async stop(signal: NodeJS.Signals = "SIGTERM"): Promise<void> {
    if (this.exit !== undefined) {
      return;
    }
    const ended = new Promise<void>((resolve) => this.child.once("exit", () => resolve()));
    this.child.kill(signal);
    const force = setTimeout(() => this.child.kill("SIGKILL"), 10_000);
    await ended;
    clearTimeout(force);
  }
}

/** @returns why it is not ready, if it is not. */
async function attempt(ready: () => Promise<boolean> | boolean): Promise<string | undefined> {
  try {
    return (await ready()) ? undefined : "it says that it is not ready";
  } catch (error) {
    return String(error);
  }
}
