/**
 * Writes the program that makes the same resources with CDKTF and the provider's bindings alone, as a person would write it:
 * attributes in camel case, references as attributes of the resources before. It is written out, not interpreted, so that
 * its time is CDKTF's and nothing else.
 */
import type { Block, Recipe, Values } from "./recipe";

const RANDOM = {
  name: "RandomProvider",
  module: "@cdktf/provider-random/lib/provider",
  statement: '  new RandomProvider(stack, "random", {});',
};

/** The providers of each cloud's stack, as `our-stack.ts` makes them. */
const PROVIDERS: { readonly [cloud: string]: readonly (typeof RANDOM)[] } = {
  aws: [
    {
      name: "AwsProvider",
      module: "@cdktf/provider-aws/lib/provider",
      statement: '  new AwsProvider(stack, "aws", { region: "eu-central-1" });',
    },
  ],
  google: [
    {
      name: "GoogleProvider",
      module: "@cdktf/provider-google/lib/provider",
      statement: '  new GoogleProvider(stack, "google", { project: "platform", region: "europe-west1" });',
    },
    RANDOM,
  ],
  azure: [
    {
      name: "AzurermProvider",
      module: "@cdktf/provider-azurerm/lib/provider",
      statement: '  new AzurermProvider(stack, "azurerm", { features: [{}] });',
    },
    RANDOM,
  ],
};

export function rawProgram(cloud: string, recipe: Recipe): string {
  const blocks = [...recipe.shared, ...recipe.perServer];
  const bindings = new Map(
    blocks.flatMap(({ binding }) => (binding ? [[binding.className, binding.module]] : [])),
  );
  const variables = new Map<string, Variable>();
  for (const [i, block] of blocks.entries()) {
    const { kind, type, name, binding } = block;
    if (!binding) continue;
    const attributes = require(binding.module)[binding.className].prototype;
    variables.set(kind === "data" ? `data.${type}.${name}` : `${type}.${name}`, {
      name: `element${i}`,
      attributes,
    });
  }
  const statement = (block: Block) => statementOf(block, variables);
  return [
    'const { App, TerraformLocal, TerraformStack } = require("cdktf");',
    ...[...bindings].map(([name, module]) => `const { ${name} } = require(${JSON.stringify(module)});`),
    ...(PROVIDERS[cloud] ?? []).map(({ name, module }) => `const { ${name} } = require("${module}");`),
    "exports.rawStack = (servers, outdir) => {",
    "  const app = new App({ outdir, stackTraces: false });",
    '  const stack = new TerraformStack(app, "bench");',
    ...(PROVIDERS[cloud] ?? []).map(({ statement }) => statement),
    ...recipe.shared.map(statement),
    "  for (let i = 0; i < servers; i++) {",
    "    const server = `server${i}`;",
    ...recipe.perServer.map(statement),
    "  }",
    "  return app;",
    "};",
  ].join("\n");
}

interface Variable {
  readonly name: string;
  /** The class's prototype, which has a getter for each attribute. */
  readonly attributes: object;
}

type Variables = ReadonlyMap<string, Variable>;

function statementOf(block: Block, variables: Variables): string {
  const { kind, type, name, values, binding } = block;
  const id = text(name);
  if (kind === "local") return `  new TerraformLocal(stack, ${id}, ${code(values.value, new Map())});`;
  // CDKTF has no ephemeral resources.
  if (!binding) return `  stack.addOverride("ephemeral.${type}." + ${id}, ${plain(values)});`;
  const { name: variable } = variables.get(
    kind === "data" ? `data.${type}.${name}` : `${type}.${name}`,
  ) as Variable;
  return `  const ${variable} = new ${binding.className}(stack, ${id}, ${config(values, variables)});`;
}

function config({ depends_on: dependsOn, ...values }: Values, variables: Variables): string {
  const members = Object.entries(values).map(
    ([key, value]) => `${JSON.stringify(camelCase(key))}: ${code(value, variables)}`,
  );
  if (dependsOn) {
    const names = (dependsOn as string[]).flatMap((address) => variables.get(address)?.name ?? []);
    members.push(`dependsOn: [${names.join(", ")}]`);
  }
  return `{ ${members.join(", ")} }`;
}

const REFERENCE = /\$\{((?:data\.)?\w+\.[\w-]+)\.(\w+)\}/g;

// Maps such as tags keep their keys; of those here none has an underscore.
function code(value: unknown, variables: Variables): string {
  if (typeof value === "string") return withReferences(value, variables);
  if (Array.isArray(value)) return `[${value.map((each) => code(each, variables)).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const members = Object.entries(value).map(
    ([key, member]) => `${text(camelCase(key))}: ${code(member, variables)}`,
  );
  return `{ ${members.join(", ")} }`;
}

/** A text, with attributes of other resources where it refers to them, as in a template literal. */
function withReferences(value: string, variables: Variables): string {
  const parts: string[] = [];
  let end = 0;
  for (const match of value.matchAll(REFERENCE)) {
    const [whole, address = "", attribute = ""] = match;
    const element = variables.get(address);
    const getter = camelCase(attribute);
    if (!element || !(getter in element.attributes)) continue;
    if (match.index > end) parts.push(text(value.slice(end, match.index)));
    parts.push(`${element.name}.${getter}`);
    end = match.index + whole.length;
  }
  if (end < value.length || parts.length === 0) parts.push(text(value.slice(end)));
  return parts.join(" + ");
}

/** A value whose keys are Terraform's already. */
function plain(value: unknown): string {
  if (typeof value === "string") return text(value);
  if (Array.isArray(value)) return `[${value.map(plain).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  return `{ ${Object.entries(value)
    .map(([key, member]) => `${JSON.stringify(key)}: ${plain(member)}`)
    .join(", ")} }`;
}

/** A text in which the first server's name stands for each server's. */
function text(value: string): string {
  return value
    .split("server0")
    .map((part) => JSON.stringify(part))
    .join(" + server + ");
}

function camelCase(name: string): string {
  return name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}
