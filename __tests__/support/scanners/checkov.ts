/**
 * checkov: a scanner of plans. It gets plan JSON, as it does not see lists of blocks in a stack's own file. One process scans all
 * plans of a test file, since it takes longer to start than to scan.
 */
import { type ChildProcessByStdio, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { repository } from "../../../tools/machine/repository";
import type { PlanJson } from "../terraform/plan";

export interface CheckovFinding {
  readonly id: string;
  readonly title: string;
  /** The address of the resource. */
  readonly resource: string;
}

export interface CheckovResult {
  readonly findings: readonly CheckovFinding[];
  /** How many checks were done and passed: none means that nothing was scanned. */
  readonly passed: number;
  readonly resources: number;
}

/** What `scan_plans.py` prints. */
interface Output {
  readonly findings: readonly CheckovFinding[];
  readonly passed: number;
  readonly resource_count: number;
  readonly parsing_errors: number;
}

class Scanner {
  private readonly child: ChildProcessByStdio<Writable, Readable, Readable>;
  private readonly lines: AsyncIterator<string>;
  private stderr = "";

  public constructor(interpreter: string) {
    const script = join(repository, "tools", "python", "scan_plans.py");
    this.child = spawn(interpreter, [script], { cwd: tmpdir(), stdio: ["pipe", "pipe", "pipe"] });
    this.child.stderr.setEncoding("utf8").on("data", (text: string) => {
      this.stderr += text;
    });
    this.lines = createInterface(this.child.stdout)[Symbol.asyncIterator]();
  }

  /** Plans are answered in the order in which they are given. */
  public async scan(file: string): Promise<Output> {
    this.child.stdin.write(`${file}\n`);
    const { value, done } = await this.lines.next();
    if (done) throw new Error(`checkov ended:\n${this.stderr.slice(-2000)}`);
    return JSON.parse(value) as Output;
  }

  public async end(): Promise<void> {
    const ended = new Promise((resolve) => this.child.once("close", resolve));
    this.child.kill();
    await ended;
  }
}

let scanner: Scanner | undefined;

// A process that waits for plans would keep Jest from ending.
afterAll(() => scanner?.end());

/** @param interpreter the Python environment `checkov` */
export async function checkov(interpreter: string, plan: PlanJson): Promise<CheckovResult> {
  const folder = mkdtempSync(join(tmpdir(), "devplatforms-checkov-"));
  try {
    const file = join(folder, "plan.json");
    writeFileSync(file, JSON.stringify(plan));
    scanner ??= new Scanner(interpreter);
    const { findings, passed, resource_count: resources, parsing_errors } = await scanner.scan(file);
    if (parsing_errors > 0) {
      throw new Error("checkov could not read the plan");
    }
    return { findings, passed, resources };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
