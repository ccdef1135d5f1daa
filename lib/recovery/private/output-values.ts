// Values that only Terraform knows, in texts that are written at synth: each becomes an output, and the text a command that reads it.

import { createHash } from "node:crypto";
import { DefaultTokenResolver, StringConcat, TerraformOutput, TerraformStack, Tokenization } from "cdktf";
import type { IConstruct } from "constructs";

/** Prefix of the outputs. */
const PREFIX = "restore_";

/** Text before, inside and after a template of Terraform. */
interface Part {
  readonly text: string;
  readonly expression: boolean;
}

/** Outputs of a stack for the values in a text. @internal */
export class OutputValues {
  private readonly stack: TerraformStack;

  public constructor(private readonly scope: IConstruct) {
    this.stack = TerraformStack.of(scope);
  }

  /** A command of the shell, or code: `$NAME` for each value. The command quotes it. */
  public command(text: string): string {
    return this.replace(text, (name) => `$${variableOf(name)}`);
  }

  /** A sentence: `$NAME` as code for each value. */
  public prose(text: string): string {
    return this.replace(text, (name) => `\`$${variableOf(name)}\``);
  }

  /**
   * Commands that read the values of texts into variables of the shell. They are read once, before a restore: an apply changes the outputs to
   * the names of the restored resources.
   */
  public assignments(texts: readonly string[]): string[] {
    const names = texts.flatMap((text) => OutputValues.expressions(this.scope, text).map(({ name }) => name));
    return [...new Set(names)].sort().map((name) => `${variableOf(name)}="$(terraform output -raw ${name})"`);
  }

  /** Names of the outputs that a text needs, with their expressions, without creating them. */
  public static expressions(scope: IConstruct, text: string): { name: string; expression: string }[] {
    return parts(resolved(scope, text))
      .filter(({ expression }) => expression)
      .map(({ text: expression }) => ({ name: outputName(expression), expression }));
  }

  /** Creates an output for each value in the texts. */
  public create(texts: readonly string[]): TerraformOutput[] {
    const created: TerraformOutput[] = [];
    for (const text of texts) {
      for (const { name, expression } of OutputValues.expressions(this.scope, text)) {
        if (this.stack.node.tryFindChild(name)) continue;
        created.push(
          new TerraformOutput(this.stack, name, {
            staticId: true,
            description: "Name in the restore runbook",
            value: `\${${expression}}`,
          }),
        );
      }
    }
    return created;
  }

  private replace(text: string, write: (name: string) => string): string {
    return parts(resolved(this.scope, text))
      .map((part) => (part.expression ? write(outputName(part.text)) : part.text))
      .join("");
  }
}

function resolved(scope: IConstruct, text: string): string {
  const resolver = new DefaultTokenResolver(new StringConcat());
  return String(Tokenization.resolve(text, { scope, resolver, preparing: false }));
}

/** Variable of the shell for an output, in upper case. */
function variableOf(name: string): string {
  return name.slice(PREFIX.length).toUpperCase();
}

/** `restore_` and the words of the expression, which are the same in every run. */
function outputName(expression: string): string {
  const words = expression.replace(/[^A-Za-z0-9]+/g, "_").replace(/^_+|_+$/g, "");
  const name = `${PREFIX}${words}`;
  if (name.length <= 90) return name;
  return `${name.slice(0, 80)}_${createHash("sha256").update(expression).digest("hex").slice(0, 8)}`;
}

function parts(text: string): Part[] {
  const found: Part[] = [];
  let rest = text;
  for (;;) {
    const start = rest.indexOf("${");
    if (start < 0) break;
    const end = closingBrace(rest, start + 2);
    found.push({ text: rest.slice(0, start), expression: false });
    found.push({ text: rest.slice(start + 2, end), expression: true });
    rest = rest.slice(end + 1);
  }
  return [...found, { text: rest, expression: false }];
}

function closingBrace(text: string, from: number): number {
  let depth = 1;
  let quoted = false;
  for (let i = from; i < text.length; i++) {
    const char = text[i];
    if (char === "\\") i++;
    else if (char === '"') quoted = !quoted;
    else if (!quoted && char === "{") depth++;
    else if (!quoted && char === "}" && --depth === 0) return i;
  }
  return text.length;
}
