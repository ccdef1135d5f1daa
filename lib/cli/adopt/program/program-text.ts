import type { Adoption } from "../plan/assemble";
import { importsOf, printStatements } from "./print";

const HOLD = `/** Keeps arguments of a resource as they are: without a line the library's value holds. Undefined leaves an argument out. */
function hold(construct: Construct, path: string, values: { readonly [argument: string]: unknown }): void {
  const resource = path
    .split("/")
    .reduce<IConstruct>((parent, id) => parent.node.findChild(id), construct) as TerraformElement;
  for (const [argument, value] of Object.entries(values)) {
    // An override with a list would be appended to the construct's list.
    resource.addOverride(argument, Array.isArray(value) ? Lazy.anyValue({ produce: () => value }) : value);
  }
}
`;

/** The text of \`main.ts\`. */
export function programText({ statements }: Adoption): string {
  const imports = importsOf(statements);
  const holds = statements.some(
    ({ expression }) =>
      expression.kind === "call" &&
      expression.callee.kind === "variable" &&
      expression.callee.name === "hold",
  );
  const cdktf = [
    "App",
    ...(holds ? ["Lazy", "type TerraformElement"] : []),
    "TerraformStack",
    ...(imports.get("cdktf") ?? []),
  ];
  imports.delete("cdktf");
  const modules = new Map<string, string[]>([
    ...[...imports].map(([module, names]) => [module, [...names].sort(byName)] as [string, string[]]),
    ["cdktf", cdktf.sort(byName)],
    ["constructs", holds ? ["Construct", "type IConstruct"] : ["Construct"]],
  ]);
  return [
    "// Written by devplatforms adopt: what is there now. HARDENING.md lists the later changes, one by one.",
    "",
    ...[...modules.keys()].sort().map((module) => importLine(module, modules.get(module) ?? [])),
    "",
    "class AdoptedStack extends TerraformStack {",
    "  public constructor(scope: Construct, id: string) {",
    "    super(scope, id);",
    `${printStatements(statements, 4)}  }`,
    "}",
    "",
    ...(holds ? [HOLD] : []),
    "const app = new App();",
    'new AdoptedStack(app, "adopted");',
    "app.synth();",
    "",
  ].join("\n");
}

function importLine(module: string, names: readonly string[]): string {
  const flat = `import { ${names.join(", ")} } from "${module}";`;
  if (flat.length <= 100) return flat;
  return `import {\n${names.map((each) => `  ${each},\n`).join("")}} from "${module}";`;
}

function byName(a: string, b: string): number {
  const name = (text: string) => text.replace(/^type /, "");
  return name(a).localeCompare(name(b), "en", { sensitivity: "base" });
}
