/** The stacks that the tiers look at: those of `stacks/main.ts` and those of the examples, synthesized once in a run. */
import { join } from "node:path";
import { examples, stacksIn, synthesizeExamples, synthesizeStacks } from "../../../tools/machine/programs";
import { sharedFolder } from "../shared-in-run";
import type { Attributes } from "./plan";

/** What CDKTF writes for a stack, as far as it is read here. */
export interface StackJson {
  readonly terraform: { readonly required_version?: string; readonly [key: string]: unknown };
  readonly variable?: Readonly<Record<string, { readonly default?: unknown; readonly type?: string }>>;
  readonly resource?: Readonly<Record<string, Readonly<Record<string, Attributes>>>>;
  readonly [key: string]: unknown;
}

export interface SynthesizedStack {
  readonly name: string;
  /** The folder that holds its `cdk.tf.json`. */
  readonly folder: string;
  readonly json: StackJson;
}

/** The stacks of each program in `examples/`. */
export function synthesizedExamples(): readonly SynthesizedStack[] {
  const out = sharedFolder("examples", synthesizeExamples);
  return examples().flatMap((program) =>
    parsed(join(out, program)).map((each) => ({ ...each, name: `${program}/${each.name}` })),
  );
}

/** The stacks of `stacks/main.ts`. */
export function synthesizedStacks(): readonly SynthesizedStack[] {
  return parsed(sharedFolder("stacks", synthesizeStacks));
}

/**
 * True for a stack that reads the state of another one, which Terraform does in the plan: it is planned where both are applied
 * (`two-stacks.test.ts`).
 */
export function readsAnotherState({ json }: SynthesizedStack): boolean {
  return Object.keys((json.data as object | undefined) ?? {}).includes("terraform_remote_state");
}

function parsed(out: string): readonly SynthesizedStack[] {
  return stacksIn(out).map(({ name, folder, text }) => ({
    name,
    folder,
    json: JSON.parse(text) as StackJson,
  }));
}
