/** One measurement in a process of its own: `node measure-review.js <file>` reviews the plan in the file and writes its text. */
import { readPlanFile } from "../lib/cli/read-plan-file";
import { renderText, reviewPlan } from "../lib/review";

async function main(): Promise<void> {
  const review = reviewPlan(await readPlanFile(process.argv[2] as string));
  if (review.verdict !== "approval needed" || renderText(review).length < 100_000) {
    throw new Error(`the review says ${review.verdict}`);
  }
  const { user, system } = process.cpuUsage();
  process.stdout.write(
    JSON.stringify({ cpuMs: (user + system) / 1000, peakMiB: process.resourceUsage().maxRSS / 1024 }),
  );
}

void main();
