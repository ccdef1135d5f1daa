/** Prints what failed and the table of all steps. The last line is alone on its line and is what machines read. */
import type { Result } from "./run-step";

/** @returns the exit code: 0 only if nothing failed. */
export function report(results: readonly Result[], requireAll: boolean): number {
  for (const result of results.filter((each) => each.failure !== undefined)) {
    console.log(`\n──── ${result.name}: failed (whole log: ${result.log})\n${result.failure}`);
  }
  console.log(`\n${row("step", "passed", "failed", "skipped", "seconds")}`);
  for (const each of results) {
    console.log(row(each.name, each.passed, each.failed, each.skipped, each.seconds.toFixed(1)));
    for (const reason of each.skipReasons) {
      console.log(`  ${reason}`);
    }
  }
  const sum = (key: "passed" | "failed" | "skipped") => results.reduce((total, each) => total + each[key], 0);
  const skipped = sum("skipped");
  if (requireAll && skipped > 0) {
    console.log("\nDEVPLATFORMS_REQUIRE_ALL=1: what was skipped counts as failed");
  }
  const failed = sum("failed") + (requireAll ? skipped : 0);
  console.log(`\n${sum("passed")} passed, ${failed} failed, ${requireAll ? 0 : skipped} skipped`);
  return failed > 0 ? 1 : 0;
}

function row(name: string, ...cells: (string | number)[]): string {
  return name.padEnd(12) + cells.map((cell) => String(cell).padStart(9)).join("");
}
