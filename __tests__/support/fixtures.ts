/** Configurations written by hand, each bad in known ways: what a check says of them shows that it can fail. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { repository } from "../../tools/machine/repository";
import type { StackJson, SynthesizedStack } from "./terraform/stacks";

export function fixture(tier: string, name: string): SynthesizedStack {
  const folder = join(repository, "__tests__", "integration", tier, "fixtures", name);
  return { name, folder, json: JSON.parse(readFileSync(join(folder, "cdk.tf.json"), "utf8")) as StackJson };
}
