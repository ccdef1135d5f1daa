// The program that cdktf.json and `npm start` run: it synthesizes the reference architectures. `npm start -- coder-aws` does one.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { App, type TerraformStack } from "cdktf";
import { RestoreRunbook } from "../lib/recovery";
import { stackSummary } from "../lib/review";

type Builder = (app: App) => TerraformStack;

// Imported on demand: loading one cloud's provider bindings takes more time than the rest of the program.
const STACKS = new Map<string, () => Promise<Builder>>([
  ["coder-aws", async () => (await import("./inputs/aws")).coderAws],
  ["coder-google", async () => (await import("./inputs/google")).coderGoogle],
  ["coder-azure", async () => (await import("./inputs/azure")).coderAzure],
  ["gitpod-aws", async () => (await import("./inputs/aws")).gitpodAws],
  ["gitpod-google", async () => (await import("./inputs/google")).gitpodGoogle],
  ["gitpod-azure", async () => (await import("./inputs/azure")).gitpodAzure],
  ["gitlab-aws", async () => (await import("./inputs/aws")).gitlabAws],
  ["gitlab-google", async () => (await import("./inputs/google")).gitlabGoogle],
  ["gitlab-azure", async () => (await import("./inputs/azure")).gitlabAzure],
]);

/** Names of the reference architectures. */
export const STACK_NAMES: readonly string[] = [...STACKS.keys()];

/**
 * Synthesizes reference architectures.
 *
 * @param names names of the stacks; all stacks when the list is empty
 * @param outdir output folder; `CDKTF_OUTDIR` or `cdktf.out` by default
 * @returns the stacks and the output folder
 * @throws Error with the validation errors of all stacks
 */
export async function synthesize(
  names: readonly string[] = [],
  outdir?: string,
): Promise<{ outdir: string; stacks: TerraformStack[] }> {
  const unknown = names.filter((name) => !STACKS.has(name));
  if (unknown.length > 0) {
    throw new Error(`unknown stack: ${unknown.join(", ")}; must be one of ${STACK_NAMES.join(", ")}`);
  }
  // Stack traces in the metadata would make the output differ between machines.
  const app = new App({ outdir, stackTraces: false });
  const stacks: TerraformStack[] = [];
  for (const name of names.length > 0 ? names : STACK_NAMES) {
    const load = STACKS.get(name);
    if (load) stacks.push((await load())(app));
  }
  try {
    app.synth();
  } catch (error) {
    // CDKTF stops at the first stack with errors; report those of all stacks.
    const problems = stacks.flatMap((stack) =>
      stack.node
        .findAll()
        .flatMap((node) => node.node.validate().map((text) => `[${node.node.path}] ${text}`)),
    );
    throw problems.length > 0
      ? new Error(`${problems.length} validation errors:\n  ${problems.join("\n  ")}`)
      : error;
  }
  return { outdir: app.outdir, stacks };
}

async function main(names: string[]): Promise<void> {
  const { outdir, stacks } = await synthesize(names);
  for (const stack of stacks) {
    const { runbook } = stack as TerraformStack & { readonly runbook?: RestoreRunbook };
    runbook?.writeTo(join(outdir, "stacks", stack.node.id));
  }
  // The cdktf CLI prints its own summary and reads the output folder.
  if (process.env.CDKTF_OUTDIR) return;
  const manifest = JSON.parse(readFileSync(join(outdir, "manifest.json"), "utf8"));
  for (const stack of stacks) {
    const entry = manifest.stacks[stack.node.id];
    const file = join(outdir, entry.synthesizedStackPath);
    console.log(stackSummary(stack.node.id, JSON.parse(readFileSync(file, "utf8")), entry.annotations));
    console.log(`\n  written to ${file}`);
    console.log(`  restore runbook: ${join(outdir, "stacks", stack.node.id, RestoreRunbook.FILE_NAME)}\n`);
  }
}

if (require.main === module) {
  main(process.argv.slice(2)).catch((error: Error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
}
