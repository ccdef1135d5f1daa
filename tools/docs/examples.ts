/**
 * Every `@example` compiles. Each becomes the inside of a stack in a file of its own, beside the source it stands in. What
 * it uses is imported for it: names of `lib`, of CDKTF and of provider bindings; a few words such as `server` stand
 * for things that a reader has already (`prelude.ts`).
 */
import { existsSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import ts from "typescript";
import { splitImports } from "./imports";
import type { Example, Library, Problem } from "./library";
import { preludeOf } from "./prelude";

interface Wrapped {
  readonly example: Example;
  readonly path: string;
  readonly text: string;
  /** How many lines stand before the example's first. */
  readonly before: number;
}

export function exampleProblems(library: Library, examples = library.examples): Problem[] {
  const modules = offeredNames(library);
  const wrapped = examples.map((example, i) => wrap(library, modules, example, i));
  const texts = new Map(wrapped.map((each) => [each.path, each.text]));
  const options = { ...library.options, noUnusedLocals: false, noUnusedParameters: false };
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists, readFile } = host;
  host.getSourceFile = (path, ...rest) => {
    const text = texts.get(path);
    return text === undefined
      ? (library.program.getSourceFile(path) ?? getSourceFile.call(host, path, ...rest))
      : ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true);
  };
  host.fileExists = (path) => texts.has(path) || fileExists.call(host, path);
  host.readFile = (path) => texts.get(path) ?? readFile.call(host, path);
  const program = ts.createProgram([...texts.keys()], options, host);
  return wrapped.flatMap((each) => problemsOf(program, each));
}

function problemsOf(program: ts.Program, { example, path, before }: Wrapped): Problem[] {
  const file = program.getSourceFile(path);
  if (!file) return [{ ...example, message: "the example cannot be read" }];
  if (example.text.trim() === "") return [{ ...example, message: "the example is empty" }];
  return [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)].map(
    (diagnostic) => {
      const { line } = file.getLineAndCharacterOfPosition(diagnostic.start ?? 0);
      const text = ts.flattenDiagnosticMessageText(diagnostic.messageText, " ");
      return {
        file: example.file,
        line: example.line + Math.max(0, line - before) + 1,
        message: `example: ${text}`,
      };
    },
  );
}

function wrap(library: Library, modules: Map<string, string[]>, example: Example, index: number): Wrapped {
  const folder = dirname(example.file);
  const room = example.room ?? relative(join(library.root, "lib"), folder).split(/[\\/]/)[0] ?? "";
  const { imports: written, names, body } = splitImports(example.text);
  const used = identifiersIn(body);
  const own = new Set([...declaredIn(body), ...names]);
  const prelude = preludeOf(
    room,
    [...used].filter((name) => !own.has(name)),
    (name) => modules.has(name),
  );
  for (const [name] of prelude) used.delete(name);
  for (const [, type] of prelude) for (const name of identifiersIn(type)) used.add(name);
  const imports = [...used]
    .filter((name) => !own.has(name))
    .flatMap((name) => {
      const offered = modules.get(name) ?? [];
      // Rooms have classes of the same name, such as the network of each cloud: the example means its own.
      const module =
        offered.find((each) => each.startsWith(join(library.root, "lib", room))) ??
        offered[0] ??
        bindingOf(library.root, name) ??
        stackOf(library.root, name);
      return module === undefined
        ? []
        : [`import { ${name} } from ${JSON.stringify(specifier(folder, module))};`];
    });
  const head = [
    ...(written === "" ? [] : written.split("\n")),
    ...imports,
    'import { TerraformStack as StackOfTheExample } from "cdktf";',
    ...prelude.map(([name, type]) => `declare const ${name}: ${type};`),
    "class Example extends StackOfTheExample { public example(): void {",
  ];
  // Names end in a number: several examples of one file must not meet.
  const path = join(folder, `example-${index}.ts`);
  return {
    example,
    path,
    text: [...head, body, "} }", "export { Example };"].join("\n"),
    before: head.length,
  };
}

/** The modules that offer a name: files of `lib`, and CDKTF last. */
function offeredNames({ program, checker, root }: Library): Map<string, string[]> {
  const names = new Map<string, string[]>();
  const add = (module: string, file: ts.SourceFile) => {
    const symbol = checker.getSymbolAtLocation(file);
    for (const { name } of symbol ? checker.getExportsOfModule(symbol) : []) {
      names.set(name, [...(names.get(name) ?? []), module]);
    }
  };
  const lib = join(root, "lib");
  for (const file of program.getSourceFiles()) {
    if (file.fileName.startsWith(lib)) add(file.fileName.replace(/\.ts$/, ""), file);
  }
  for (const file of program.getSourceFiles()) {
    if (/node_modules\/cdktf\/lib\/index\.d\.ts$/.test(file.fileName)) add("cdktf", file);
  }
  return names;
}

const PROVIDERS = ["aws", "google", "azurerm", "kubernetes", "helm", "random", "tls"];

/** The file in a provider's bindings that offers a class: `AwsProvider`, `KubernetesCluster` and the like. */
function bindingOf(root: string, name: string): string | undefined {
  if (!/^[A-Z]/.test(name)) return undefined;
  const provider = /^(\w+)Provider$/.exec(name)?.[1]?.toLowerCase();
  const folder = name.replace(/(?<=[a-z0-9])(?=[A-Z])/g, "-").toLowerCase();
  return [`${provider}/lib/provider`, ...PROVIDERS.map((each) => `${each}/lib/${folder}`)]
    .map((path) => `@cdktf/provider-${path}`)
    .find((module) => existsSync(join(root, "node_modules", module)));
}

/** The file of a stack: pages show how those of `stacks` are used. */
function stackOf(root: string, name: string): string | undefined {
  const kebab = /^(\w+)Stack$/
    .exec(name)?.[1]
    ?.replace(/(?<=[a-z0-9])(?=[A-Z])/g, "-")
    .toLowerCase();
  const path = join(root, "stacks", `${kebab}`);
  return kebab !== undefined && existsSync(`${path}.ts`) ? path : undefined;
}

function specifier(folder: string, module: string): string {
  if (!module.startsWith("/")) return module;
  const path = relative(folder, module);
  return path.startsWith(".") ? path : `./${path}`;
}

function identifiersIn(text: string): Set<string> {
  return new Set(text.match(/[A-Za-z_$][\w$]*/g) ?? []);
}

function declaredIn(text: string): Set<string> {
  return new Set(
    [...text.matchAll(/\b(?:const|let|class|function)\s+([A-Za-z_$][\w$]*)/g)].map((m) => m[1] as string),
  );
}
