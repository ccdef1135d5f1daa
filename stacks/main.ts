// The app that cdktf.json runs, and what `npm start` prints. `npm start -- coder-aws` does one stack.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { App, type TerraformStack } from "cdktf";
import { stackSummary } from "../lib/review";

type Builder = (app: App) => TerraformStack;

// Loaded when asked for: one cloud's bindings cost more time than the rest of the program.
const STACKS = new Map<string, () => Promise<Builder>>([
  ["coder-aws", async () => (await import("./coder-aws-inputs")).coderAws],
  ["coder-google", async () => (await import("./coder-google-inputs")).coderGoogle],
  ["coder-azure", async () => (await import("./coder-azure-inputs")).coderAzure],
  ["gitpod-aws", async () => (await import("./gitpod-aws-inputs")).gitpodAws],
  ["gitpod-google", async () => (await import("./gitpod-google-inputs")).gitpodGoogle],
  ["gitpod-azure", async () => (await import("./gitpod-azure-inputs")).gitpodAzure],
  ["gitlab-aws", async () => (await import("./gitlab-aws-inputs")).gitlabAws],
  ["gitlab-google", async () => (await import("./gitlab-google-inputs")).gitlabGoogle],
  ["gitlab-azure", async () => (await import("./gitlab-azure-inputs")).gitlabAzure],
]);

/** The names of the reference architectures. */
export const STACK_NAMES: readonly string[] = [...STACKS.keys()];

/**
 * Synthesizes reference architectures.
 *
 * @param names which ones; all of them when the list is empty.
 * @param outdir where to; `CDKTF_OUTDIR` or `cdktf.out` when it is left out.
 * @returns the stacks and the folder they were written to.
 * @throws Error with the mistakes of all stacks, when there are any.
 */
export async function synthesize(
  names: readonly string[] = [],
  outdir?: string,
): Promise<{ outdir: string; stacks: TerraformStack[] }> {
  const unknown = names.filter((name) => !STACKS.has(name));
  if (unknown.length > 0) {
    throw new Error(`no stack is called ${unknown.join(", ")}; there are ${STACK_NAMES.join(", ")}`);
  }
  // Where a construct was made is nothing a reader of the output needs, and it would differ between machines.
  const app = new App({ outdir, stackTraces: false });
  const stacks: TerraformStack[] = [];
  for (const name of names.length > 0 ? names : STACK_NAMES) {
    const load = STACKS.get(name);
    if (load) stacks.push((await load())(app));
  }
  try {
    app.synth();
  } catch (error) {
    // CDKTF stops at the first stack with mistakes; the user wants them all.
    const problems = stacks.flatMap((stack) =>
      stack.node
        .findAll()
        .flatMap((node) => node.node.validate().map((text) => `[${node.node.path}] ${text}`)),
    );
    throw problems.length > 0 ? new Error(`${problems.length} mistakes:\n  ${problems.join("\n  ")}`) : error;
  }
  return { outdir: app.outdir, stacks };
}

async function main(names: string[]): Promise<void> {
  const { outdir, stacks } = await synthesize(names);
  // The cdktf CLI prints what matters to it, and reads the rest from the folder.
  if (process.env.CDKTF_OUTDIR) return;
  const manifest = JSON.parse(readFileSync(join(outdir, "manifest.json"), "utf8"));
  for (const stack of stacks) {
    const entry = manifest.stacks[stack.node.id];
    const file = join(outdir, entry.synthesizedStackPath);
    console.log(stackSummary(stack.node.id, JSON.parse(readFileSync(file, "utf8")), entry.annotations));
    console.log(`\n  written to ${file}\n`);
  }
}

if (require.main === module) {
  main(process.argv.slice(2)).catch((error: Error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
}
