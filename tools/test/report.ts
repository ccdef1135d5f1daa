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
  const allowed = results.filter((each) => !requireAll || isExcused(each));
  const skipped = allowed.reduce((total, each) => total + each.skipped, 0);
  const wanting = sum("skipped") - skipped;
  if (wanting > 0) {
    console.log("\nDEVPLATFORMS_REQUIRE_ALL=1: what was skipped counts as failed");
  }
  const failed = sum("failed") + wanting;
  console.log(`\n${sum("passed")} passed, ${failed} failed, ${skipped} skipped`);
  return failed > 0 ? 1 : 0;
}

/** True if the step was skipped for the one reason that is allowed, and for no other. */
function isExcused({ maySkip, skipReasons }: Result): boolean {
  return maySkip !== undefined && skipReasons.every((reason) => reason === `skipped: ${maySkip}`);
}

function row(name: string, ...cells: (string | number)[]): string {
  return name.padEnd(12) + cells.map((cell) => String(cell).padStart(9)).join("");
}
