/** The Terraform JSON of what a test builds, in a folder of its own, for Terraform to work on. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TerraformStack } from "cdktf";
import { synthesize } from "../synth";

// One listener for all stacks: Node warns of a leak at the eleventh.
const written: string[] = [];
process.once("exit", () => {
  for (const folder of written) rmSync(folder, { recursive: true, force: true });
});

/** @returns the folder with the stack's `cdk.tf.json`, which lasts as long as the process. */
export function writtenStack(build: (stack: TerraformStack) => void): string {
  const { stack } = synthesize(build);
  const folder = mkdtempSync(join(tmpdir(), "devplatforms-written-"));
  written.push(folder);
  writeFileSync(join(folder, "cdk.tf.json"), JSON.stringify(stack.toTerraform(), undefined, 2));
  return folder;
}
