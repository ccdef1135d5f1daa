import type { Expression, Statement } from "./expression";

const WIDTH = 100;
const IDENTIFIER = /^[A-Za-z_$][\w$]*$/;

/** The text of statements, each line indented by a number of spaces. */
export function printStatements(statements: readonly Statement[], indent: number): string {
  return statements
    .map(({ comment = [], constant, expression }) => {
      const space = " ".repeat(indent);
      const head = constant === undefined ? space : `${space}const ${constant} = `;
      return [
        ...comment.map((line) => `${space}// ${onOneLine(line)}\n`),
        `${head}${print(expression, indent, head.length)};\n`,
      ].join("");
    })
    .join("");
}

/** A comment ends with its line: text of a state must not begin another one, which would be code. */
function onOneLine(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]+/gu, " ");
}

/**
 * The text of an expression: on one line where it fits, else divided at its outermost brackets.
 *
 * @param indent spaces before the line.
 * @param column characters before the expression on its line.
 */
export function print(expression: Expression, indent: number, column: number): string {
  const flat = printFlat(expression);
  if (column + flat.length + 1 <= WIDTH) return flat;
  const inner = indent + 2;
  const lines = (texts: readonly string[]) =>
    `\n${texts.map((each) => `${" ".repeat(inner)}${each},\n`).join("")}${" ".repeat(indent)}`;
  switch (expression.kind) {
    case "list":
      return `[${lines(expression.items.map((each) => print(each, inner, inner)))}]`;
    case "object":
      return `{${lines(
        expression.entries.map(([name, each]) => {
          if (each.kind === "variable" && each.name === name) return name;
          const head = `${keyText(name)}: `;
          return `${head}${print(each, inner, inner + head.length)}`;
        }),
      )}}`;
    case "call":
    case "new": {
      const head = `${expression.kind === "new" ? "new " : ""}${printFlat(expression.callee)}(`;
      const last = expression.args.at(-1);
      const others = expression.args.slice(0, -1).map((each) => `${printFlat(each)}, `);
      const start = column + head.length + others.join("").length;
      // The last argument alone is divided, if it can be and the others fit.
      if ((last?.kind === "object" || last?.kind === "list") && start < WIDTH)
        return `${head}${others.join("")}${print(last, indent, Math.max(start, WIDTH - 1))})`;
      return `${head}${lines(expression.args.map((each) => print(each, inner, inner)))})`;
    }
    default:
      return flat;
  }
}

function printFlat(expression: Expression): string {
  switch (expression.kind) {
    case "value":
      return expression.value === undefined ? "undefined" : JSON.stringify(expression.value);
    case "list":
      return `[${expression.items.map(printFlat).join(", ")}]`;
    case "object":
      return expression.entries.length === 0 ? "{}" : `{ ${expression.entries.map(entryText).join(", ")} }`;
    case "variable":
      return expression.name;
    case "imported":
      return expression.path;
    case "member":
      return `${printFlat(expression.of)}.${expression.name}`;
    default:
      return `${expression.kind === "new" ? "new " : ""}${printFlat(expression.callee)}(${expression.args.map(printFlat).join(", ")})`;
  }
}

function entryText([name, value]: readonly [string, Expression]): string {
  return value.kind === "variable" && value.name === name ? name : `${keyText(name)}: ${printFlat(value)}`;
}

function keyText(name: string): string {
  // As a plain key it would set the prototype.
  if (name === "__proto__") return '["__proto__"]';
  return IDENTIFIER.test(name) ? name : JSON.stringify(name);
}

/** Names that expressions import, by module. */
export function importsOf(statements: readonly Statement[]): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  const visit = (expression: Expression): void => {
    if (expression.kind === "imported") {
      const names = found.get(expression.module) ?? new Set<string>();
      names.add(expression.path.split(".")[0] ?? "");
      found.set(expression.module, names);
    }
    for (const each of partsOf(expression)) visit(each);
  };
  for (const { expression } of statements) visit(expression);
  return found;
}

function partsOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case "list":
      return expression.items;
    case "object":
      return expression.entries.map(([, each]) => each);
    case "member":
      return [expression.of];
    case "call":
    case "new":
      return [expression.callee, ...expression.args];
    default:
      return [];
  }
}
