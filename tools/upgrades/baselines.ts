/**
 * Output of the reference stacks and examples by released version, in `baselines/VERSION.json.br`. A test plans from each to the present output, so
 * that an upgrade of this library replaces nothing and each change of what is applied already stands in CHANGELOG.md.
 */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brotliCompressSync, brotliDecompressSync, constants } from "node:zlib";
import semver from "semver";
import { examples, stacksIn, synthesizeExamples, synthesizeStacks } from "../machine/programs";
import { repository } from "../machine/repository";

const FOLDER = join(repository, "baselines");
const SUFFIX = ".json.br";

/** The synthesized stacks of a version: `cdk.tf.json` without CDKTF's metadata, by the stack's name. */
export interface Baseline {
  readonly version: string;
  readonly stacks: { readonly [name: string]: object };
}

/** The baselines that are kept, the oldest first. */
export function baselines(): Baseline[] {
  const files = existsSync(FOLDER) ? readdirSync(FOLDER).filter((file) => file.endsWith(SUFFIX)) : [];
  return files
    .map((file) => file.slice(0, -SUFFIX.length))
    .sort(semver.compare)
    .map((version) => ({
      version,
      stacks: JSON.parse(brotliDecompressSync(readFileSync(join(FOLDER, version + SUFFIX))).toString("utf8")),
    }));
}

/**
 * Synthesizes all programs and keeps the output as that of a version.
 *
 * @param version the version
 * @returns the file
 */
export function writeBaseline(version: string): string {
  const scratch = mkdtempSync(join(tmpdir(), "devplatforms-baseline-"));
  try {
    const [stacks, programs] = [join(scratch, "stacks"), join(scratch, "examples")];
    synthesizeStacks(stacks);
    synthesizeExamples(programs);
    const written = [
      ...stacksIn(stacks).map(({ name, text }) => [name, text] as const),
      ...examples().flatMap((program) =>
        stacksIn(join(programs, program)).map(({ name, text }) => [`${program}/${name}`, text] as const),
      ),
    ];
    const all = Object.fromEntries(written.map(([name, text]) => [name, comparable(JSON.parse(text))]));
    const text = Buffer.from(JSON.stringify(all));
    mkdirSync(FOLDER, { recursive: true });
    const file = join(FOLDER, version + SUFFIX);
    // The window holds all stacks, which repeat each other's certificates and scripts.
    const params = { [constants.BROTLI_PARAM_LGWIN]: 24, [constants.BROTLI_PARAM_SIZE_HINT]: text.length };
    writeFileSync(file, brotliCompressSync(text, { params }));
    return file;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** A stack without CDKTF's metadata and without its backend, which names a path of the machine. */
export function comparable(stack: object): object {
  return JSON.parse(
    JSON.stringify(stack, (key, value) => (key === "//" || key === "backend" ? undefined : value)),
  );
}

if (require.main === module) {
  const version = process.argv[2];
  if (semver.valid(version) === null) {
    console.error(`the version must be a semantic version (got ${version ?? "none"})`);
    process.exitCode = 1;
  } else {
    console.log(writeBaseline(version as string));
  }
}
