/** Writes a stack of AWS constructs to a folder, with the provider that a real stack would have. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AwsProvider, type AwsProviderConfig } from "@cdktf/provider-aws/lib/provider";
import { App, TerraformStack } from "cdktf";
import { TEST_TODAY } from "./synth";

const folders: string[] = [];

function removeFolders(): void {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
}

/**
 * @param build what the stack is of
 * @param settings of the provider, beside the region
 * @returns the folder that holds the stack's `cdk.tf.json`; it goes when the process ends.
 */
export function awsStack(build: (stack: TerraformStack) => void, settings: AwsProviderConfig = {}): string {
  const outdir = mkdtempSync(join(tmpdir(), "devplatforms-aws-"));
  if (folders.length === 0) process.once("exit", removeFolders);
  folders.push(outdir);
  const context = { "cdktf-devplatforms/today": TEST_TODAY };
  const app = new App({ outdir, stackTraces: false, context });
  const stack = new TerraformStack(app, "test");
  new AwsProvider(stack, "aws", { region: "eu-central-1", ...settings });
  build(stack);
  app.synth();
  return join(outdir, "stacks", "test");
}
