import { DefaultTokenResolver, StringConcat, type TerraformStack, Token, Tokenization } from "cdktf";
import { describeValue, type Mismatch, mismatches } from "./compare-values";
import { failed } from "./failed";
import { isKnownType } from "./known-types";
import { hidden, isSecret } from "./secret-values";
import { type Json, synthesized } from "./synthesized-stack";
import { blocksOf, type TemplateBlock, TYPED } from "./template-block";

/** A class of the bindings, such as `DbInstance`, with the name of its Terraform type. */
export interface ResourceClass {
  /** Terraform type, such as `aws_db_instance`. */
  readonly tfResourceType: string;
}

/** A Terraform type by name, such as `"aws_db_instance"`, or by its class of the bindings. */
export type BlockType = string | ResourceClass;

/**
 * The synthesized JSON of a stack, with assertions.
 *
 * Properties that are given are compared deeply: an object may have further properties, a list may not. Values may be tokens of the
 * stack, matchers of `Match`, regular expressions, and asymmetric matchers of jest and vitest. A failed assertion throws an
 * error, so it works in every test runner.
 *
 * @example
 *   const template = Template.of(stack);
 *   template.hasResource("aws_db_instance", { multi_az: true, deletion_protection: true });
 *   template.hasNoResource("aws_db_instance", { publicly_accessible: true });
 * @see https://developer.hashicorp.com/terraform/cdktf/test/unit-tests
 */
export class Template {
  /**
   * Synthesizes a stack as `cdktf synth` does: with cross-stack references, aspects, validations and error annotations.
   *
   * @throws one error with all mistakes that validations and error annotations report.
   */
  public static of(stack: TerraformStack): Template {
    return new Template(synthesized(stack), stack);
  }

  /** Reads the content of a `cdk.tf.json`. */
  public static fromJson(json: unknown): Template {
    if (typeof json !== "object" || json === null || Array.isArray(json)) {
      throw new TypeError(`json must be the object of a cdk.tf.json (got ${describeValue(json)})`);
    }
    return new Template(json as Json);
  }

  /** Blocks of the stack, in the order of the JSON. */
  public readonly blocks: readonly TemplateBlock[];

  private constructor(
    /** The content of `cdk.tf.json`, with the metadata of CDKTF. */
    public readonly json: { readonly [name: string]: unknown },
    private readonly stack?: TerraformStack,
  ) {
    this.blocks = Object.entries(json).flatMap(([block, content]) => blocksOf(block, content));
  }

  /** Asserts that a resource has these properties, and returns all such resources. */
  public hasResource(
    type: BlockType,
    properties: { readonly [name: string]: unknown } = {},
  ): TemplateBlock[] {
    return this.some("resource", typeName(type), properties);
  }

  /** Asserts that a data source has these arguments, and returns all such data sources. */
  public hasDataSource(
    type: BlockType,
    properties: { readonly [name: string]: unknown } = {},
  ): TemplateBlock[] {
    return this.some("data", typeName(type), properties);
  }

  /** Asserts that an ephemeral resource has these arguments, and returns all such resources. */
  public hasEphemeralResource(
    type: string,
    properties: { readonly [name: string]: unknown } = {},
  ): TemplateBlock[] {
    return this.some("ephemeral", type, properties);
  }

  /** Asserts that a variable is declared with these arguments. */
  public hasVariable(name: string, properties: { readonly [name: string]: unknown } = {}): TemplateBlock {
    return this.named("variable", name, properties);
  }

  /** Asserts that an output is declared with these arguments. */
  public hasOutput(name: string, properties: { readonly [name: string]: unknown } = {}): TemplateBlock {
    return this.named("output", name, properties);
  }

  /** Asserts that a `moved` block has these arguments, `from` and `to`. */
  public hasMoved(properties: { readonly [name: string]: unknown }): TemplateBlock {
    return this.some("moved", "", properties)[0] as TemplateBlock;
  }

  /** Asserts that an `import` block has these arguments, such as `to` and `id`. */
  public hasImport(properties: { readonly [name: string]: unknown }): TemplateBlock {
    return this.some("import", "", properties)[0] as TemplateBlock;
  }

  /** Asserts the number of resources of a type. For none at all there is `hasNone`, which a misspelt type does not satisfy. */
  public resourceCountIs(type: BlockType, count: number): void {
    const name = typeName(type);
    if (count === 0) {
      this.hasNone(type);
      return;
    }
    const found = this.find("resource", name);
    if (found.length !== count) {
      failed(`${count} ${name}`, `${found.length}${listed(found)}`);
    }
  }

  /**
   * Asserts that no resource of a type has these properties.
   *
   * @throws also if the stack has no resource of the type: then the assertion would hold for every misspelt type. Use `hasNone` if
   *   there should be none.
   */
  public hasNoResource(type: BlockType, properties: { readonly [name: string]: unknown }): void {
    const name = typeName(type);
    const all = this.find("resource", name);
    if (all.length === 0) {
      failed(
        `resources of type ${name} to compare`,
        `none in this stack; hasNone("${name}") asserts that${this.near(name)}`,
      );
    }
    const found = all.filter((each) => this.differences(properties, each).length === 0);
    if (found.length > 0)
      failed(`no ${name} with ${described(properties, name)}`, `${found.length}${listed(found)}`);
  }

  /**
   * Asserts that the stack has no resource, data source or ephemeral resource of a type.
   *
   * @throws also if a type given by name does not begin with the name of a provider of this stack, such as `aws_`, or is no type of the
   *   provider's bindings that the project has installed (`@cdktf/provider-aws`, `.gen/providers/aws`). Without bindings, one that differs by
   *   one or two letters from a type of this stack is refused. A class of the bindings cannot be misspelt.
   */
  public hasNone(type: BlockType): void {
    const name = typeName(type);
    const found = this.blocks.filter((each) => TYPED.includes(each.block) && each.type === name);
    if (found.length > 0) failed(`no ${name}`, `${found.length}${listed(found)}`);
    if (typeof type !== "string") return;
    const meant = this.blocks.find((each) => TYPED.includes(each.block) && isMisspelt(name, each.type));
    if (meant) failed(`no ${name}`, `${meant.type}; is ${name} misspelt? A class of the bindings is not`);
    const providers = this.blocks.filter(({ block }) => block === "provider").map((each) => each.name);
    if (isKnownType(name, providers) === false) {
      failed(
        "a type of the installed bindings",
        `${name}, of which they have neither a resource nor a data source${this.near(name)}`,
      );
    }
    const types = this.blocks.filter((each) => TYPED.includes(each.block)).map((each) => each.type);
    const known = ["terraform", ...providers, ...types.map((each) => each.split("_")[0] as string)];
    if (!known.includes(name.split("_")[0] as string)) {
      failed(
        "a type of one of the stack's providers",
        `${name}; providers: ${[...new Set(known.slice(1))].sort().join(", ") || "none"}${this.near(name)}`,
      );
    }
  }

  /**
   * Returns the block of a construct.
   *
   * @param path construct path without the stack's id, such as `server/instance`. A construct around it stands for its child `Resource`, or
   *   for its only block.
   * @throws if there is no block, or if there are several.
   */
  public at(path: string): TemplateBlock {
    const exact = this.blocks.filter((each) => each.path === path);
    const own = exact.length > 0 ? exact : this.blocks.filter((each) => each.path === `${path}/Resource`);
    const found = own.length > 0 ? own : this.blocks.filter((each) => each.path.startsWith(`${path}/`));
    if (found.length === 1) return found[0] as TemplateBlock;
    const all = this.blocks.filter((each) => each.path !== "").map((each) => each.path);
    return failed(
      `one block at the construct path ${path}`,
      found.length > 0 ? `${found.length}${listed(found)}` : `none; paths: ${shortList(all)}`,
    );
  }

  /** Asserts that the block of a construct has these properties. See `at`. */
  public hasAt(path: string, properties: { readonly [name: string]: unknown }): TemplateBlock {
    const block = this.at(path);
    const differences = this.differences(properties, block);
    if (differences.length > 0)
      failed(`${block.address} with ${described(properties, block.type)}`, lines(differences));
    return block;
  }

  /** Blocks of a kind and type that have these properties; empty if there are none. */
  public find(
    block: string,
    type: string,
    properties: { readonly [name: string]: unknown } = {},
  ): TemplateBlock[] {
    return this.blocks.filter(
      (each) => each.block === block && each.type === type && this.differences(properties, each).length === 0,
    );
  }

  private some(block: string, type: string, properties: Json): TemplateBlock[] {
    const found = this.find(block, type, properties);
    if (found.length > 0) return found;
    const all = this.find(block, type);
    const what = [block === "resource" ? "" : block, type].filter(Boolean).join(" ");
    if (all.length === 0) {
      const wanted = Object.keys(properties).length === 0 ? "" : ` with ${described(properties, type)}`;
      return failed(`one ${what}${wanted}`, `none${this.near(type)}`);
    }
    const closest = all
      .map((each) => ({ each, differences: this.differences(properties, each) }))
      .sort((a, b) => a.differences.length - b.differences.length)[0] as {
      each: TemplateBlock;
      differences: Mismatch[];
    };
    const { each, differences } = closest;
    const where = each.path === "" ? each.address : `${each.address} (${each.path})`;
    return failed(
      `one ${what} with ${described(properties, type)}`,
      `${all.length}, of which ${where} is the closest:${lines(differences)}`,
    );
  }

  private named(block: string, name: string, properties: Json): TemplateBlock {
    const all = this.blocks.filter((each) => each.block === block);
    const found = all.find((each) => each.name === name);
    const wanted = Object.keys(properties).length === 0 ? "" : ` with ${describeValue(properties)}`;
    if (!found)
      return failed(`the ${block} ${name}${wanted}`, `${shortList(all.map((each) => each.name)) || "none"}`);
    const differences = this.differences(properties, found);
    if (differences.length > 0) failed(`the ${block} ${name}${wanted}`, lines(differences));
    return found;
  }

  private differences(properties: Json, { type, values }: TemplateBlock): Mismatch[] {
    return mismatches(this.resolved(properties), values, "", false).map((each) =>
      isSecret(each.path, type) || (values.sensitive === true && each.path === "default")
        ? withoutSecrets(each)
        : each,
    );
  }

  /** Tokens among the expected values; matchers keep theirs. */
  private resolved(value: unknown): unknown {
    const scope = this.stack;
    if (scope === undefined || typeof value === "function") return value;
    if (
      Token.isUnresolved(value) ||
      (Array.isArray(value) && value.some((each) => Token.isUnresolved(each)))
    ) {
      const resolver = new DefaultTokenResolver(new StringConcat());
      return Tokenization.resolve(value, { scope, resolver, preparing: false });
    }
    if (Array.isArray(value)) return value.map((each) => this.resolved(each));
    if (typeof value !== "object" || value === null) return value;
    if (Object.getPrototypeOf(value) !== Object.prototype) return value;
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, this.resolved(each)]));
  }

  /** Types of the stack that are spelt alike. */
  private near(type: string): string {
    const types = [...new Set(this.blocks.map((each) => each.type))].filter(
      (each) => each !== "" && each !== type,
    );
    const words = type.split("_").filter((word) => word.length > 3);
    const alike = types
      .map((each) => ({ each, common: words.filter((word) => each.includes(word.slice(0, -1))).length }))
      .filter(({ common }) => common > 0)
      .sort((a, b) => b.common - a.common)
      .slice(0, 3)
      .map(({ each }) => each);
    return alike.length === 0 ? "" : `; this stack has ${alike.join(", ")}`;
  }
}

/** Types of fewer letters are too alike: `aws_lb` and `aws_alb` are two. */
const SHORTEST_COMPARED = 12;

/** True for a name that differs from a type by one letter, or by two that stand together or are exchanged. */
function isMisspelt(name: string, type: string): boolean {
  if (Math.min(name.length, type.length) < SHORTEST_COMPARED || name === type) return false;
  // `kubernetes_horizontal_pod_autoscaler_v1` and `_v2` are two.
  if (name.replace(/\d/g, "") === type.replace(/\d/g, "")) return false;
  const longest = Math.max(name.length, type.length);
  let start = 0;
  while (start < longest && name[start] === type[start]) start++;
  let end = 0;
  while (end < longest - start && name.at(-1 - end) === type.at(-1 - end)) end++;
  return longest - start - end <= 2;
}

/** Expected properties in words, without secrets. */
function described(properties: Json, type: string): string {
  const shown = Object.entries(properties).map(([name, value]) => [
    name,
    isSecret(name, type) && !isMatcherLike(value) ? hidden(value) : value,
  ]);
  return describeValue(Object.fromEntries(shown));
}

/** Matchers and tokens describe themselves. */
function isMatcherLike(value: unknown): boolean {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) !== Object.prototype;
}

function withoutSecrets({ path, ...words }: Mismatch): Mismatch {
  const [expected, actual] = [secretWords(words.expected), secretWords(words.actual)];
  return { path, expected, actual: actual === expected ? "another one" : actual };
}

function secretWords(words: string): string {
  return words === "not set" || words.includes("${") ? words : "a secret, which is not shown";
}

function typeName(type: BlockType): string {
  return typeof type === "string" ? type : type.tfResourceType;
}

function listed(blocks: readonly TemplateBlock[]): string {
  return blocks.length === 0 ? "" : `: ${shortList(blocks.map(({ address }) => address))}`;
}

function shortList(texts: readonly string[]): string {
  const shown = texts.slice(0, 10).join(", ");
  return texts.length > 10 ? `${shown} and ${texts.length - 10} more` : shown;
}

function lines(differences: readonly Mismatch[]): string {
  return differences
    .map(({ path, expected, actual }) => `\n  ${path}: expected ${expected}, got ${actual}`)
    .join("");
}
