/** Runs one step in a process of its own, keeps its output in a file, and counts what passed. */
import { spawn } from "node:child_process";
import { createWriteStream, existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Step } from "./steps";

export interface Result {
  readonly name: string;
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly seconds: number;
  /** Why something was skipped, one line for each reason. */
  readonly skipReasons: readonly string[];
  /** What to print of a failure. */
  readonly failure?: string;
  readonly log: string;
  /** The one reason for which the step may be skipped where every other one is required. */
  readonly maySkip?: string;
}

/** The part of Jest's JSON report that is read here. */
interface JestReport {
  readonly testResults: readonly {
    readonly name: string;
    readonly message: string;
    readonly status: string;
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
  }[];
}

/** Tests in `describeWith` (see __tests__/support/describe-with.ts) carry the reason of a skip in their name. */
const SKIP_REASON = /skipped: [^)]*/;

export async function runStep(step: Step, logs: string): Promise<Result> {
  const log = join(logs, `${step.name}.log`);
  const reportFile = join(logs, `${step.name}.json`);
  rmSync(reportFile, { force: true });
  const started = Date.now();
  const argv = step.jest ? [...step.command, "--json", `--outputFile=${reportFile}`] : [...step.command];
  const code = await run(argv, log);
  const seconds = (Date.now() - started) / 1000;
  const base = { name: step.name, seconds, log, maySkip: step.maySkip };
  if (!step.jest) {
    const failed = code === 0 ? 0 : 1;
    const failure = failed ? tail(log) : undefined;
    const reason = failed ? undefined : /^skipped: .+$/m.exec(readFileSync(log, "utf8"))?.[0];
    if (reason) return { ...base, passed: 0, failed: 0, skipped: 1, skipReasons: [reason] };
    return { ...base, passed: 1 - failed, failed, skipped: 0, skipReasons: [], failure };
  }
  if (!existsSync(reportFile)) {
    return { ...base, passed: 0, failed: 1, skipped: 0, skipReasons: [], failure: tail(log) };
  }
  return { ...base, ...count(JSON.parse(readFileSync(reportFile, "utf8")) as JestReport, code) };
}

/** Counts tests, and a file that could not even start as one failure. */
export function count(
  report: JestReport,
  code: number,
): Omit<Result, "name" | "seconds" | "log" | "maySkip"> {
  const tests = report.testResults.flatMap((file) => file.assertionResults);
  const broken = report.testResults.filter(
    (file) => file.status === "failed" && !file.assertionResults.some((test) => test.status === "failed"),
  );
  const passed = tests.filter((test) => test.status === "passed").length;
  const skipped = tests.filter((test) => test.status === "pending" || test.status === "todo");
  const reasons = skipped.map((test) => SKIP_REASON.exec(test.fullName)?.[0] ?? `skipped: ${test.fullName}`);
  let failed = tests.filter((test) => test.status === "failed").length + broken.length;
  let failure = report.testResults
    .filter((file) => file.status === "failed")
    .map((file) => file.message)
    .join("\n");
  if (failed === 0 && passed === 0 && skipped.length === 0) {
    failed = 1;
    failure = "no test was found: a step that runs nothing proves nothing";
  } else if (failed === 0 && code !== 0) {
    failed = 1;
    failure = `all tests passed, yet the step ended with exit code ${code}: see its log`;
  }
  return {
    passed,
    failed,
    skipped: skipped.length,
    skipReasons: [...new Set(reasons)],
    failure: failed > 0 ? failure : undefined,
  };
}

/** No step may hold up the run for ever. */
const LONGEST = 45 * 60_000;

function run(argv: readonly string[], log: string): Promise<number> {
  const [file, ...args] = argv;
  return new Promise((resolve, reject) => {
    const output = createWriteStream(log);
    const child = spawn(file as string, args, {
      // A process group of its own, so that nothing a step starts outlives it.
      detached: true,
      cwd: join(__dirname, "..", ".."),
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, NO_COLOR: "1" },
    });
    child.stdout.pipe(output, { end: false });
    child.stderr.pipe(output, { end: false });
    child.on("error", reject);
    const end = setTimeout(() => {
      output.write(`\nended by the runner after ${LONGEST / 60_000} minutes\n`);
      endGroup(child.pid);
    }, LONGEST);
    child.on("exit", () => endGroup(child.pid));
    child.on("close", (code) => {
      clearTimeout(end);
      output.end(() => resolve(code ?? 1));
    });
  });
}

/** Ends what is left of a step's process group. */
function endGroup(id: number | undefined): void {
  try {
    process.kill(-(id as number), "SIGKILL");
  } catch {
    // Nothing is left.
  }
}

function tail(log: string, lines = 80): string {
  return readFileSync(log, "utf8").trimEnd().split("\n").slice(-lines).join("\n");
}
