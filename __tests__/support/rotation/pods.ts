/**
 * Pods of an application that never stop to connect: each has the login with which it started, opens a new connection again and again, and
 * keeps every refusal. They are replaced one after the other when there is a new revision, as by a rolling update; and one pod starts anew all
 * the time under the present revision, as after an eviction, with the Secret of that moment.
 */
import { spawn } from "node:child_process";
import type { Revision, RotatedStack } from "./rotated-stack";

/** Opens a connection, works, and closes it. @returns what went wrong; undefined if nothing did. */
export type Attempt = () => Promise<string | undefined>;

export interface PodsOptions {
  readonly stack: RotatedStack;
  /** A pod that starts now: reads the Secret, and connects with what it read from then on. */
  readonly start: (revision: Revision) => Attempt;
  readonly replicas: number;
  /** Attempts of a starting pod that may fail before it is ready, as behind an init container that waits; 0: none. */
  readonly startFailures?: number;
}

/** A session of a client that reads SQL. @returns what it says when it fails. */
export function session(
  program: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  sql: string,
): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      stdio: ["pipe", "ignore", "pipe"],
      env: { PATH: process.env.PATH, ...env },
    });
    let stderr = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
    });
    child.on("error", reject);
    child.on("close", (code) => resolve(code === 0 ? undefined : stderr || `status ${code}`));
    // A client that is refused does not read.
    child.stdin.on("error", () => undefined);
    child.stdin.end(sql);
  });
}

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

export class Pods {
  /** Refusals of ready pods. */
  public readonly refusals: string[] = [];
  public connections = 0;
  private stopped = false;
  private readonly loops: Promise<void>[] = [];

  public constructor(private readonly options: PodsOptions) {}

  /** Starts the pods, once the first revision is there. */
  public start(): void {
    this.loops.push(this.rollOut(), this.restartAgainAndAgain());
  }

  public async stop(): Promise<void> {
    this.stopped = true;
    await Promise.all(this.loops);
  }

  /** The controller: replaces pods of an old revision one by one, each after its successor is ready. */
  private async rollOut(): Promise<void> {
    const { stack, replicas } = this.options;
    let pods: { revision: string; end: () => Promise<void> }[] = [];
    while (!this.stopped) {
      const wanted = stack.release();
      const old = wanted && pods.filter((pod) => pod.revision !== wanted.revision);
      if (!wanted || !old || (pods.length >= replicas && old.length === 0)) {
        if (wanted) stack.rolled(wanted.revision, "rolled");
        await pause(50);
        continue;
      }
      const made = await this.pod(wanted);
      if (!made) continue;
      pods.push({ revision: wanted.revision, end: made });
      if (old.length === 0) continue;
      // The old pod goes on for a while: Kubernetes lets it drain.
      await pause(200);
      const first = old[0] as (typeof pods)[number];
      await first.end();
      pods = pods.filter((pod) => pod !== first);
      stack.rolled(wanted.revision, "half");
      await pause(300);
    }
    await Promise.all(pods.map((pod) => pod.end()));
  }

  /** @returns what ends the pod; undefined if it did not become ready. */
  private async pod(revision: Revision): Promise<(() => Promise<void>) | undefined> {
    const attempt = this.options.start(revision);
    if (!(await this.ready(attempt, revision))) return undefined;
    let ended = false;
    const loop = (async () => {
      while (!ended) await this.count(attempt, revision);
    })();
    return async () => {
      ended = true;
      await loop;
    };
  }

  private async ready(attempt: Attempt, revision: Revision): Promise<boolean> {
    for (let failures = 0; !this.stopped; failures++) {
      this.connections++;
      const problem = await attempt();
      if (problem === undefined) return true;
      if (failures >= (this.options.startFailures ?? 0)) {
        this.refusals.push(`starting pod of ${revision.revision}: ${problem}`);
        return false;
      }
      await pause(100);
    }
    return false;
  }

  private async count(attempt: Attempt, { revision }: Revision): Promise<void> {
    this.connections++;
    const problem = await attempt();
    if (problem !== undefined) this.refusals.push(`pod of ${revision}: ${problem}`);
  }

  private async restartAgainAndAgain(): Promise<void> {
    while (!this.stopped) {
      const revision = this.options.stack.release();
      if (revision) await this.ready(this.options.start(revision), revision);
      await pause(50);
    }
  }
}
