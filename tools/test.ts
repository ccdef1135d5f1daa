/**
 * `npm test`: every check of this repository, one after the other, with a table at the end.
 *
 *   npm test                      everything
 *   npm test -- unit policy       these only
 *
 * A step whose tool is missing is reported as skipped, with the reason; DEVPLATFORMS_REQUIRE_ALL=1 turns a skip
 * into a failure. The clouds tier mostly waits for the emulator and
 * the databases tier for servers, so they run beside all the others.
 */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { providersInUse } from "./machine/terraform";
import { report } from "./test/report";
import { type Result, runStep } from "./test/run-step";
import { type Step, steps } from "./test/steps";

async function main(): Promise<number> {
  const wanted = process.argv.slice(2);
  const unknown = wanted.filter((name) => !steps.some((step) => step.name === name));
  if (unknown.length > 0) {
    console.error(
      `no such step: ${unknown.join(", ")}; there are: ${steps.map((step) => step.name).join(", ")}`,
    );
    return 2;
  }
  const chosen = steps.filter((step) => wanted.length === 0 || wanted.includes(step.name));
  const logs = join(__dirname, "..", "node_modules", ".cache", "test-logs");
  mkdirSync(logs, { recursive: true });

  // What several tiers need, such as the stacks' JSON, is made once: see __tests__/support/shared-in-run.ts.
  const shared = mkdtempSync(join(tmpdir(), "devplatforms-run-"));
  process.env.DEVPLATFORMS_RUN_FOLDER = shared;
  process.once("exit", () => rmSync(shared, { recursive: true, force: true }));

  console.log(`Terraform providers: ${providersInUse()}`);

  const run = async (step: Step): Promise<Result> => {
    const result = await runStep(step, logs);
    console.log(
      `${step.name}: ${result.failed > 0 ? "failed" : "done"} after ${result.seconds.toFixed(1)} s`,
    );
    return result;
  };
  const beside = chosen.filter((step) => step.mostlyWaits).map(run);
  const results: Result[] = [];
  for (const step of chosen.filter((each) => !each.mostlyWaits)) {
    results.push(await run(step));
  }
  results.push(...(await Promise.all(beside)));
  return report(results, process.env.DEVPLATFORMS_REQUIRE_ALL === "1");
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error) => {
    console.error(error);
    process.exitCode = 1;
  },
);
