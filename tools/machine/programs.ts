/** Synthesizes the programs of this repository: the reference stacks and the examples. */
import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { must } from "./processes";
import { repository } from "./repository";

/** A stack's folder and the text of its `cdk.tf.json`. */
export interface WrittenStack {
  readonly name: string;
  readonly folder: string;
  readonly text: string;
}

/** Writes the stacks of `stacks/main.ts` to a folder. */
export function synthesizeStacks(folder: string): void {
  node([join("stacks", "main.ts")], { ...process.env, CDKTF_OUTDIR: folder });
}

/** Writes the stacks of each program in `examples/` to a folder of the program's name. */
export function synthesizeExamples(folder: string): void {
  for (const name of examples()) mkdirSync(join(folder, name), { recursive: true });
  // One process for all: loading CDKTF and the providers takes longer than what the programs do.
  const calls = examples().map(
    (name) =>
      `process.env.CDKTF_OUTDIR = ${JSON.stringify(join(folder, name))};\n` +
      `await import(${JSON.stringify(join(repository, "examples", `${name}.ts`))});`,
  );
  node(["--input-type=module", "--eval", calls.join("\n")], process.env);
}

/** Names of the programs in `examples/`. */
export function examples(): string[] {
  return readdirSync(join(repository, "examples"))
    .filter((file) => file.endsWith(".ts"))
    .map((file) => basename(file, ".ts"));
}

/**
 * The stacks of an output folder.
 *
 * @throws Error when there is none, as a test over an empty list would prove nothing.
 */
export function stacksIn(out: string): WrittenStack[] {
  const stacks = join(out, "stacks");
  const names = existsSync(stacks) ? readdirSync(stacks).sort() : [];
  if (names.length === 0) throw new Error(`no stack was synthesized in ${out}`);
  return names.map((name) => {
    const folder = join(stacks, name);
    return { name, folder, text: readFileSync(join(folder, "cdk.tf.json"), "utf8") };
  });
}

function node(args: readonly string[], env: NodeJS.ProcessEnv): void {
  must(process.execPath, ["--import", "tsx", ...args], { cwd: repository, env });
}
