// Synthesizes a stack the way `cdktf synth` does: cross-stack references, aspects, validations, then the JSON. `Testing.synth` of
// CDKTF leaves out the first and, unless told, the third. See https://github.com/hashicorp/terraform-cdk/issues/3538

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AnnotationMetadataEntryType, Manifest, TerraformStack, Testing } from "cdktf";

/** JSON object. */
export type Json = { readonly [name: string]: unknown };

/** The content of `cdk.tf.json`. Throws one error with all mistakes that a validation or an error annotation reports. */
export function synthesized(stack: TerraformStack): Json {
  prepareAll(stack);
  const outdir = mkdtempSync(join(tmpdir(), "template-"));
  try {
    const manifest = new Manifest("testing", outdir, false);
    stack.synthesizer.synthesize({ outdir, manifest });
    const { synthesizedStackPath } = manifest.forStack(stack);
    return JSON.parse(readFileSync(join(outdir, synthesizedStackPath), "utf8"));
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

/** Note of a construct: path without the stack's id, empty for the stack itself, and message. */
export interface ConstructNote {
  /** Construct path. */
  readonly path: string;
  /** Message, beginning with the id of its rule. */
  readonly message: string;
}

/** Notes of a stack by level. Failed validations count as errors. */
export interface StackNotes {
  readonly errors: readonly ConstructNote[];
  readonly warnings: readonly ConstructNote[];
  readonly infos: readonly ConstructNote[];
}

/** The annotations of a stack's constructs and the results of their validations. Mistakes do not stop it. */
export function notesOf(stack: TerraformStack): StackNotes {
  prepareAll(stack);
  // Aspects may annotate. This is the public call that runs them; each runs once.
  Testing.synth(stack);
  const constructs = stack.node.findAll();
  const validations = constructs.flatMap((construct) =>
    construct.node.validate().map((message) => ({ path: pathIn(stack, construct.node.path), message })),
  );
  const annotated = (level: AnnotationMetadataEntryType) =>
    constructs.flatMap((construct) =>
      construct.node.metadata
        .filter((entry) => entry.type === level)
        .map((entry) => ({ path: pathIn(stack, construct.node.path), message: String(entry.data) })),
    );
  return {
    errors: [...validations, ...annotated(AnnotationMetadataEntryType.ERROR)],
    warnings: annotated(AnnotationMetadataEntryType.WARN),
    infos: annotated(AnnotationMetadataEntryType.INFO),
  };
}

/** A reference to another stack adds an output there, so all stacks of the app come first, as in an app's synth. */
function prepareAll(stack: TerraformStack): void {
  for (const each of stack.node.root.node.findAll()) {
    if (TerraformStack.isStack(each)) each.prepareStack();
  }
}

function pathIn(stack: TerraformStack, path: string): string {
  return path === stack.node.path ? "" : path.slice(stack.node.path.length + 1);
}
