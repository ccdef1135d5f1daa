/** The stacks that the tiers look at: those of `stacks/main.ts` and those of the examples, synthesized once a file. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { must } from "../../../tools/machine/processes";
import { repository } from "../../../tools/machine/repository";
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

/** The stacks of `stacks/main.ts`. There is at least one, as a test over an empty list would prove nothing. */
export function synthesizedStacks(): readonly SynthesizedStack[] {
  return synthesize("stacks/main.ts", (name) => name);
}

/** The stacks of each program in `examples/`. */
export function synthesizedExamples(): readonly SynthesizedStack[] {
  const programs = readdirSync(join(repository, "examples")).filter((file) => file.endsWith(".ts"));
  return programs.flatMap((file) =>
    synthesize(join("examples", file), (name) => `${basename(file, ".ts")}/${name}`),
  );
}

// One listener for all programs: Node warns of a leak at the eleventh.
const written: string[] = [];
process.once("exit", () => {
  for (const folder of written) rmSync(folder, { recursive: true, force: true });
});

/**
 * @param program the path of a program that synthesizes, in this repository
 * @param args for the program
 */
export function synthesize(
  program: string,
  name: (stack: string) => string,
  args: readonly string[] = [],
): readonly SynthesizedStack[] {
  const out = mkdtempSync(join(tmpdir(), "devplatforms-synth-"));
  written.push(out);
  const env = { ...process.env, CDKTF_OUTDIR: out };
  must(process.execPath, ["--import", "tsx", program, ...args], { cwd: repository, env });
  const stacks = join(out, "stacks");
  const names = existsSync(stacks) ? readdirSync(stacks).sort() : [];
  if (names.length === 0) {
    throw new Error(`${program} synthesized no stack`);
  }
  return names.map((each) => {
    const folder = join(stacks, each);
    const json = JSON.parse(readFileSync(join(folder, "cdk.tf.json"), "utf8")) as StackJson;
    return { name: name(each), folder, json };
  });
}
