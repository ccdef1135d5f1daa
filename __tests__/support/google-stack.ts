/** Writes a stack of Google constructs to a folder, with the providers that a real stack would have. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { GoogleProvider } from "@cdktf/provider-google/lib/provider";
import { RandomProvider } from "@cdktf/provider-random/lib/provider";
import { App, TerraformStack } from "cdktf";
import { TEST_TODAY } from "./synth";

const folders: string[] = [];

function removeFolders(): void {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
}

/** @returns the folder that holds the stack's `cdk.tf.json`; it goes when the process ends. */
export function googleStack(build: (stack: TerraformStack) => void): string {
  const outdir = mkdtempSync(join(tmpdir(), "devplatforms-google-"));
  if (folders.length === 0) process.once("exit", removeFolders);
  folders.push(outdir);
  const context = { "cdktf-devplatforms/today": TEST_TODAY };
  const app = new App({ outdir, stackTraces: false, context });
  const stack = new TerraformStack(app, "test");
  new GoogleProvider(stack, "google", { project: "platform", region: "europe-west1", accessToken: "x" });
  new RandomProvider(stack, "random", {});
  build(stack);
  app.synth();
  return join(outdir, "stacks", "test");
}
