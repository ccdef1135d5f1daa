/** The first TypeScript block of each page and all of the README, as files of a user. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { splitImports } from "../../../tools/docs/imports";
import { preludeOf } from "../../../tools/docs/prelude";
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
 * A snippet as a file: its imports, then the rest as a method of a stack. Words such as `server`, which stand for things that the
 * reader has, are of type `any`; `check:docs` knows their types.
 */
export function asProgram({ text }: Snippet): string {
  const { imports, names, body } = splitImports(text);
  const declared = [...body.matchAll(/\b(?:const|let|class|function)\s+([A-Za-z_$][\w$]*)/g)].map(
    ([, name]) => name,
  );
  const used = new Set(body.match(/(?<![.\w$])[A-Za-z_$][\w$]*/g) ?? []);
  const free = [...used].filter((name) => !names.includes(name) && !declared.includes(name));
  return [
    imports,
    'import { TerraformStack as StackOfTheReader } from "cdktf";',
    ...preludeOf("", free, () => false).map(([name]) => `declare const ${name}: any;`),
    "declare const test: any, expect: any;",
    "export class Reader extends StackOfTheReader { public read(): void {",
    body,
    "} }",
  ].join("\n");
}

function blocks(page: string): Snippet[] {
  const text = readFileSync(join(repository, page), "utf8");
  return [...text.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, block], index) => ({
    name: `${page.replace(/\.md$/, "").replaceAll(/[^\w-]/g, "-")}-${index}`,
    text: block as string,
  }));
}
