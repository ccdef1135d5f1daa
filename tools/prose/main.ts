/**
 * `npm test -- prose`: the prose linter Vale over the pages, the comments and the texts of messages.
 *
 *   node --import tsx tools/prose/main.ts               everything
 *   node --import tsx tools/prose/main.ts lib/aws docs  these files and folders
 *
 * Vale reads Markdown and the comments of TypeScript. String literals are comments to no linter, so those with words in them are
 * written into a file of their own first, one a line at the line where they stand.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import ts from "typescript";
import { goProgram } from "../machine/go-program";
import { must, run } from "../machine/processes";
import { repository } from "../machine/repository";
import { Unavailable } from "../machine/unavailable";

const CHECKED = [
  "README.md",
  "ARCHITECTURE.md",
  "CONTRIBUTING.md",
  "SECURITY.md",
  "docs",
  "lib",
  "stacks",
  "examples",
];

const CLOUD = /lib[\\/](aws|google|azure)[\\/]/;

interface Alert {
  readonly Line: number;
  readonly Message: string;
  readonly Check: string;
}

/** The string literals with at least three words, each at its line. */
export function literalsOf(file: string, text: string): string {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.ES2022, true);
  const lines = text.split("\n").map(() => "");
  const visit = (node: ts.Node) => {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return;
    // Comments in a generated gitlab.rb are part of a machine's user data: another text would replace the machine.
    if (ts.isCallExpression(node) && node.expression.getText(source) === "rb.comment") return;
    // Descriptions of the clouds' resources are in the state of users: another text would be a change in each plan.
    if (ts.isPropertyAssignment(node) && node.name.getText(source) === "description" && CLOUD.test(file))
      return;
    const literal = ts.isStringLiteral(node) || ts.isTemplateLiteralToken(node) ? node.text : undefined;
    // Scripts and Terraform texts are programs, not prose; a line that begins with # is a comment in a file of a machine, whose user
    // data must not change with its wording.
    if (literal !== undefined && /\w+ \w+ \w+/.test(literal) && !/\n|^#/.test(literal)) {
      const line = source.getLineAndCharacterOfPosition(node.getStart()).line;
      lines[line] = `${lines[line]} ${literal.replace(/[`$<>{}[\]*_#|]/g, " ")}`.trim();
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  // A paragraph a line, so that Vale keeps the numbers of lines.
  return lines.join("\n");
}

/** The linter, built from its Go module. */
export function proseLinter(): string | Unavailable {
  return goProgram("vale", "github.com/vale-cli/vale/v3/cmd/vale", { cgo: true });
}

/** @returns a line for each alert in `paths` below `cwd`. */
export function alerts(program: string, cwd: string, paths: readonly string[]): string[] {
  const config = join(repository, ".vale.ini");
  const done = run(program, ["--config", config, "--output", "JSON", "--no-exit", ...paths], { cwd });
  if (!done.stdout.trim().startsWith("{")) throw new Error(`vale: ${done.stdout}${done.stderr}`);
  const found = JSON.parse(done.stdout) as { [file: string]: readonly Alert[] };
  return Object.entries(found).flatMap(([file, list]) =>
    list.map(({ Line, Message, Check }) => `${file}:${Line} ${Message} [${Check}]`),
  );
}

function main(wanted: readonly string[]): number {
  const vale = proseLinter();
  if (vale instanceof Unavailable) {
    console.log(`skipped: ${vale.reason}`);
    return 0;
  }
  const files = must("git", ["ls-files", "--", ...wanted], { cwd: repository })
    .split("\n")
    .filter((file) => /\.(md|ts)$/.test(file));
  if (files.length === 0) throw new Error("no file was checked");
  const problems = alerts(vale, repository, files);
  const copies = mkdtempSync(join(tmpdir(), "devplatforms-prose-"));
  try {
    // The texts of scripts are a protocol: an upgrade of the package must not run them anew for other words.
    const withMessages = files.filter((each) => /^(lib|stacks)\//.test(each) && !/\/scripts\//.test(each));
    for (const file of withMessages) {
      const copy = join(copies, `${relative(".", file)}.md`);
      mkdirSync(dirname(copy), { recursive: true });
      writeFileSync(copy, literalsOf(file, readFileSync(join(repository, file), "utf8")));
    }
    problems.push(...alerts(vale, copies, ["."]).map((each) => each.replace(".ts.md:", ".ts:")));
  } finally {
    rmSync(copies, { recursive: true, force: true });
  }
  for (const problem of problems.sort()) console.error(problem);
  console.log(`${files.length} files, ${problems.length} problems`);
  return problems.length > 0 ? 1 : 0;
}

if (require.main === module) {
  process.exitCode = main(process.argv.length > 2 ? process.argv.slice(2) : CHECKED);
}
