/** The first TypeScript block of each page and all of the README, as files of a user. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { splitImports } from "../../../tools/docs/imports";
import { repository } from "../../../tools/machine/repository";

/** A block of a page. */
export interface Snippet {
  /** The page and the number of its block, such as `docs-pooling-0`. */
  readonly name: string;
  readonly text: string;
}

/** @returns the first block of each page of `docs` that has one, and each block of the READMEs of the repository and of the rooms. */
export function firstSnippets(): Snippet[] {
  const pages = readdirSync(join(repository, "docs")).filter((file) => file.endsWith(".md"));
  const rooms = readdirSync(join(repository, "lib")).map((room) => join("lib", room, "README.md"));
  return [
    ...["README.md", ...rooms].flatMap(blocks),
    ...pages.flatMap((page) => blocks(join("docs", page)).slice(0, 1)),
  ];
}

/**
 * A snippet as a file: its imports, then the rest as a method of a stack. Variables that the snippet does not declare stand for
 * things that the reader has, and are of type `any`; `check:docs` knows their types.
 */
export function asProgram({ text }: Snippet): string {
  const { imports, names, body } = splitImports(text);
  const declared = [...body.matchAll(/\b(?:const|let|class|function)\s+([A-Za-z_$][\w$]*)/g)].map(
    ([, name]) => name,
  );
  const used = new Set(body.match(/(?<![.\w$])[a-z_$][\w$]*/g) ?? []);
  const free = [...used].filter(
    (name) => !names.includes(name) && !declared.includes(name) && !isKeyword(name),
  );
  return [
    imports,
    'import { TerraformStack as StackOfTheReader } from "cdktf";',
    ...free.map((name) => `declare const ${name}: any;`),
    "export class Reader extends StackOfTheReader { public read(): void {",
    body,
    "} }",
  ].join("\n");
}

function isKeyword(name: string): boolean {
  const scanner = ts.createScanner(ts.ScriptTarget.ES2022, true);
  scanner.setText(name);
  return scanner.scan() !== ts.SyntaxKind.Identifier;
}

function blocks(page: string): Snippet[] {
  const text = readFileSync(join(repository, page), "utf8");
  return [...text.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, block], index) => ({
    name: `${page.replace(/\.md$/, "").replaceAll(/[^\w-]/g, "-")}-${index}`,
    text: block as string,
  }));
}
