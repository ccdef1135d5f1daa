/**
 * Synthesizes a stack the way the app does (cross-stack references, aspects, validations, then JSON), without files.
 *
 * `Testing.synth` of CDKTF leaves out the first, and the validations unless asked; both have hidden mistakes before.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type AnnotationMetadataEntryType,
  App,
  type ITerraformDependable,
  TerraformElement,
  TerraformProvider,
  TerraformStack,
} from "cdktf";
import { invokeAspects } from "cdktf/lib/synthesize/synthesizer";

/** The date by which tests judge ends of support, unless they name one. */
export const TEST_TODAY = "2026-11-22";

// The same key as TODAY_CONTEXT of lib/database, which this file does not load: tests of other rooms need not pay for it.
const TODAY = "cdktf-devplatforms/today";

export interface SynthesizeOptions {
  /** The stack's id. Default: `test`. */
  readonly stackId?: string;
  /** The app's context; adds to the fixed date and may change it. */
  readonly context?: Record<string, unknown>;
  /**
   * Whether providers that `build` makes none of are put in place of the stack's own, so that tests of constructs need
   * not make them. Default: true. A test of a whole stack sets false.
   */
  readonly standInProviders?: boolean;
}

/** A note that a construct left: the construct's path without the stack's id, and the text. */
export interface Note {
  readonly path: string;
  readonly message: string;
}

// biome-ignore lint/suspicious/noExplicitAny: tests look into Terraform JSON of any shape
export type Json = any;

export interface Synthesized {
  /** The Terraform JSON, without CDKTF's metadata (`//`) and with provider versions masked. */
  readonly json: Json;
  /** `json.resource[type]` as a list, in the order of the JSON; empty when there is none. */
  resources(type: string): Json[];
  /** The only resource of a type. Throws when there are none or several. */
  resource(type: string): Json;
  /** The only data source of a type. */
  data(type: string): Json;
  /** The only ephemeral resource of a type. */
  ephemeral(type: string): Json;
  /** Warnings by construct, in the order of the tree. */
  readonly warnings: Note[];
  /** Infos, such as opt-outs. */
  readonly infos: Note[];
  /** The stack, for assertions on the construct tree. */
  readonly stack: TerraformStack;
}

/** Synthesizes what `build` makes. Throws an error with all problems when a validation fails. */
export function synthesize(
  build: (stack: TerraformStack) => void,
  options: SynthesizeOptions = {},
): Synthesized {
  const stack = prepare(build, options);
  const problems = validate(stack);
  if (problems.length > 0) {
    throw new Error(
      `the stack has ${problems.length} problems:\n${problems.map((p) => `[${p.path}] ${p.message}`).join("\n")}`,
    );
  }
  const json = clean(JSON.parse(JSON.stringify(stack.toTerraform())));
  const of = (kind: string, type: string): Json[] => Object.values(json[kind]?.[type] ?? {});
  const only = (kind: string, type: string): Json => {
    const found = of(kind, type);
    if (found.length !== 1) {
      const names = Object.keys(json[kind]?.[type] ?? {}).join(", ");
      throw new Error(`expected one ${kind} of type ${type}, found ${found.length} (${names})`);
    }
    return found[0];
  };
  return {
    json,
    resources: (type) => of("resource", type),
    resource: (type) => only("resource", type),
    data: (type) => only("data", type),
    ephemeral: (type) => only("ephemeral", type),
    warnings: notes(stack, "@cdktf/warn" as AnnotationMetadataEntryType),
    infos: notes(stack, "@cdktf/info" as AnnotationMetadataEntryType),
    stack,
  };
}

/**
 * What the validations of the tree say about what `build` makes, each as `[path] message`, path without the stack's id.
 * Empty when all is well. What `build` itself throws is thrown.
 */
export function problemsOf(
  build: (stack: TerraformStack) => void,
  options: SynthesizeOptions = {},
): string[] {
  return validate(prepare(build, options)).map((p) => (p.path ? `[${p.path}] ${p.message}` : p.message));
}

/** The tree below a construct as indented ids, for tests that freeze it. */
export function treeOf(construct: TerraformStack["node"]["root"], level = 0): string {
  return construct.node.children
    .map((child) => `${"  ".repeat(level)}${child.node.id}\n${treeOf(child, level + 1)}`)
    .join("");
}

/** The resources that one waits for by `depends_on`, directly or by way of others. */
export function waitedFor(json: Json, address: string, found = new Set<string>()): Set<string> {
  const [type = "", name = ""] = address.split(".");
  for (const next of json.resource[type]?.[name]?.depends_on ?? []) {
    if (found.has(next)) continue;
    found.add(next);
    waitedFor(json, next, found);
  }
  return found;
}

/** The dependables that `depends_on` names: without the placeholder of those that may be added later. */
export function rendered(dependables: readonly ITerraformDependable[]): ITerraformDependable[] {
  return dependables.filter(({ fqn }) => fqn !== undefined);
}

function prepare(build: (stack: TerraformStack) => void, options: SynthesizeOptions): TerraformStack {
  const outdir = mkdtempSync(join(tmpdir(), "synth-"));
  try {
    const app = new App({
      outdir,
      stackTraces: false,
      context: { [TODAY]: TEST_TODAY, ...options.context },
    });
    const stack = new TerraformStack(app, options.stackId ?? "test");
    build(stack);
    if (options.standInProviders ?? true) addStandIns(stack);
    stack.prepareStack();
    invokeAspects(stack);
    return stack;
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

function validate(stack: TerraformStack): Note[] {
  return stack.node
    .findAll()
    .flatMap((construct) =>
      construct.node.validate().map((message) => ({ path: pathIn(stack, construct.node.path), message })),
    );
}

function notes(stack: TerraformStack, level: AnnotationMetadataEntryType): Note[] {
  return stack.node.findAll().flatMap((construct) =>
    construct.node.metadata
      .filter((entry) => entry.type === level)
      .map((entry) => ({
        path: pathIn(stack, construct.node.path),
        message: String(entry.data),
      })),
  );
}

function pathIn(stack: TerraformStack, path: string): string {
  return path === stack.node.path ? "" : path.slice(stack.node.path.length + 1);
}

class StandIn extends TerraformProvider {}

type GeneratorMetadata = ConstructorParameters<typeof TerraformProvider>[2]["terraformGeneratorMetadata"];

/** CDKTF reports resources whose provider is missing; a test of a construct is not about that. */
function addStandIns(stack: TerraformStack): void {
  const present = new Set(stack.allProviders().map((p) => p.terraformResourceType));
  for (const element of stack.node.findAll()) {
    if (!TerraformElement.isTerraformElement(element)) continue;
    const { terraformGeneratorMetadata: metadata, _elementType: kind } = element as unknown as {
      terraformGeneratorMetadata?: GeneratorMetadata;
      _elementType?: string;
    };
    // CDKTF has no ephemeral resources, so ours carry no provider's name but in their type.
    const name = metadata?.providerName ?? /^ephemeral\.([a-z0-9]+)_/.exec(kind ?? "")?.[1];
    if (name === undefined || name === "terraform" || present.has(name)) continue;
    present.add(name);
    new StandIn(stack, `stand-in-${name}`, {
      terraformResourceType: name,
      terraformProviderSource: name,
      terraformGeneratorMetadata: metadata ?? { providerName: name },
    });
  }
}

function clean(value: Json): Json {
  if (Array.isArray(value)) return value.map(clean);
  if (value === null || typeof value !== "object") return value;
  const entries = Object.entries(value).filter(([key]) => key !== "//");
  const cleaned: Json = Object.fromEntries(entries.map(([key, member]) => [key, clean(member)]));
  for (const provider of Object.values<Json>(cleaned.required_providers ?? {})) {
    if (provider?.version) provider.version = "*";
  }
  // CDKTF's default backend names a path on this machine.
  if (cleaned.backend?.local) cleaned.backend.local = "*";
  return cleaned;
}
