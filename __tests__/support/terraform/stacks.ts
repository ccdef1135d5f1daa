/** The stacks that the tiers look at: those of `stacks/main.ts` and those of the examples, synthesized once in a run. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { must } from "../../../tools/machine/processes";
import { repository } from "../../../tools/machine/repository";
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
  const programs = readdirSync(join(repository, "examples")).filter((file) => file.endsWith(".ts"));
  const out = sharedFolder("examples", (folder) => {
    // One process for all: loading CDKTF and the providers takes longer than what the programs do.
    const calls = programs.map(
      (file) =>
        `process.env.CDKTF_OUTDIR = ${JSON.stringify(join(folder, basename(file, ".ts")))};\n` +
        `await import(${JSON.stringify(join(repository, "examples", file))});`,
    );
    node(["--input-type=module", "--eval", calls.join("\n")], process.env);
  });
  return programs.flatMap((file) => {
    const program = basename(file, ".ts");
    return stacksIn(join(out, program)).map((each) => ({ ...each, name: `${program}/${each.name}` }));
  });
}

/** The stacks of `stacks/main.ts`. There is at least one, as a test over an empty list would prove nothing. */
export function synthesizedStacks(): readonly SynthesizedStack[] {
  return stacksIn(
    sharedFolder("stacks", (folder) => {
      node([join("stacks", "main.ts")], { ...process.env, CDKTF_OUTDIR: folder });
    }),
  );
}

/**
 * True for a stack that reads the state of another one, which Terraform does in the plan: it is planned where both are applied
 * (`two-stacks.test.ts`).
 */
export function readsAnotherState({ json }: SynthesizedStack): boolean {
  return Object.keys((json.data as object | undefined) ?? {}).includes("terraform_remote_state");
}

function node(args: readonly string[], env: NodeJS.ProcessEnv): void {
  must(process.execPath, ["--import", "tsx", ...args], { cwd: repository, env });
}

function stacksIn(out: string): readonly SynthesizedStack[] {
  const stacks = join(out, "stacks");
  const names = existsSync(stacks) ? readdirSync(stacks).sort() : [];
  if (names.length === 0) {
    throw new Error(`no stack was synthesized in ${out}`);
  }
  return names.map((name) => {
    const folder = join(stacks, name);
    const json = JSON.parse(readFileSync(join(folder, "cdk.tf.json"), "utf8")) as StackJson;
    return { name, folder, json };
  });
}
