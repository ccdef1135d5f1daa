/**
 * The opt-outs of the library, read from its sources, as the page docs/opt-outs.md.
 *
 *   npm run docs:opt-outs    writes the page; a unit test compares it
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { repository } from "../machine/repository";

/** A note that a construct leaves in the synthesized stack: an opt-out of a secure default, or a warning. */
export interface StackNote {
  readonly room: string;
  /** The second part of the id, such as `PUBLICLY-ACCESSIBLE`. */
  readonly code: string;
  /** The note that the review shows, with `…` for what depends on the program. */
  readonly text: string;
}

/** @returns each call of `optOut` in `lib` and `stacks`, by room, in the order of their codes. */
export function optOutsOf(root: string): StackNote[] {
  return notesOf(root, "optOut", (words) => words.split(":")[0] ?? "");
}

/** @returns each call of `warn` in `lib`, by room; one without a literal code has an empty code. */
export function warningsOf(root: string): StackNote[] {
  return notesOf(root, "warn", () => "");
}

function notesOf(root: string, method: string, codeless: (words: string) => string): StackNote[] {
  const inFolder = (folder: string, prefix: string) =>
    (readdirSync(join(root, folder), { recursive: true }) as string[])
      .filter((file) => file.endsWith(".ts"))
      .sort()
      .flatMap((file) =>
        inFile(`${prefix}${file}`, readFileSync(join(root, folder, file), "utf8"), method, codeless),
      );
  // The reference stacks are a room for themselves.
  const found = [...inFolder("lib", ""), ...inFolder("stacks", "stacks/")];
  const order = (each: StackNote) => `${each.room} ${each.code} ${each.text}`;
  return found.sort((a, b) => (order(a) < order(b) ? -1 : 1));
}

/** @returns the subjects of ids in `lib`: the first part, such as `RDS`. */
export function subjectsOf(root: string): string[] {
  const lib = join(root, "lib");
  const files = (readdirSync(lib, { recursive: true }) as string[]).filter((file) => file.endsWith(".ts"));
  const subjects = files.flatMap((file) =>
    [...readFileSync(join(lib, file), "utf8").matchAll(/new SynthChecks\([\w.]+, "([A-Z0-9-]+)"\)/g)].map(
      (match) => match[1] as string,
    ),
  );
  return [...new Set(subjects)].sort();
}

/** @returns the text of docs/opt-outs.md. */
export function optOutsPage(root: string): string {
  const all = optOutsOf(root);
  const rooms = [...new Set(all.map(({ room }) => room))];
  const sections = rooms.flatMap((room) => [
    `## ${room}`,
    "",
    "| id ends with | note |",
    "|---|---|",
    ...all
      .filter((each) => each.room === room)
      .map(({ code, text }) => `| \`${code}\` | ${text.replace(/\|/g, "\\|").replace(/</g, "&lt;")} |`),
    "",
  ]);
  return `${[
    "# Opt-outs",
    "",
    "Secure defaults that a program can give up. Each leaves a note in the synthesized stack, which `npm start` and the review show as",
    "`opt-out: ID: note`. The id is stable: it is that of the construct's subject and the property, such as `RDS-PUBLICLY-ACCESSIBLE`.",
    "Refusals and warnings have ids of the same form: `RDS-STORAGE-IOPS: storage.iops must be ... (got 500); ...`.",
    "",
    `Subjects: ${subjectsOf(root)
      .map((subject) => `\`${subject}\``)
      .join(", ")}.`,
    "",
    "This page is generated (`npm run docs:opt-outs`); `…` stands for values of the program.",
    "",
    ...sections,
  ]
    .join("\n")
    .trimEnd()}\n`;
}

function inFile(
  file: string,
  text: string,
  method: string,
  codeless: (words: string) => string,
): StackNote[] {
  const room = file.split(/[\\/]/)[0] as string;
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.ES2022, true);
  const found: StackNote[] = [];
  const visit = (node: ts.Node) => {
    if (
      ts.isCallExpression(node) &&
      ts.isPropertyAccessExpression(node.expression) &&
      node.expression.name.text === method &&
      !isForwarder(node, method)
    ) {
      // A room's own collector takes the property as a separate argument before the text and the code.
      const [note, code] = node.arguments.slice(node.arguments.length > 2 ? 1 : 0);
      const words = note === undefined ? "" : textOf(note);
      const given = code && ts.isStringLiteralLike(code) ? code.text : codeless(words);
      found.push({ room, code: codeOf(given), text: words });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** True for `warn: (...) => checks.warn(...)`: the notes are where that function is called. */
function isForwarder(call: ts.CallExpression, method: string): boolean {
  const { parent } = call;
  return (
    ts.isArrowFunction(parent) &&
    ts.isPropertyAssignment(parent.parent) &&
    parent.parent.name.getText() === method
  );
}

/** The text of a literal, with `…` for expressions in it; parts that are added are joined. */
function textOf(node: ts.Expression): string {
  if (ts.isStringLiteralLike(node)) return node.text;
  if (ts.isTemplateExpression(node)) {
    return node.head.text + node.templateSpans.map((span) => `…${span.literal.text}`).join("");
  }
  if (ts.isBinaryExpression(node)) return textOf(node.left) + textOf(node.right);
  if (ts.isParenthesizedExpression(node)) return textOf(node.expression);
  return "…";
}

/** As `SynthChecks` makes it from a property. */
function codeOf(property: string): string {
  return property
    .replace(/\[[^\]]*\]/g, "")
    .replace(/(?<=[a-z0-9])(?=[A-Z])/g, "-")
    .replace(/[^A-Za-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .toUpperCase();
}

if (require.main === module) {
  writeFileSync(join(repository, "docs", "opt-outs.md"), optOutsPage(repository));
}
