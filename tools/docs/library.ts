/** The sources of `lib` as the TypeScript compiler sees them, with the examples of their comments. */
import { readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import ts from "typescript";

/** An `@example` of a comment, or a block of a page. */
export interface Example {
  readonly file: string;
  /** The line of the comment's tag, or of the block's beginning. */
  readonly line: number;
  readonly text: string;
  /** The room whose words it may use. @default - the file's */
  readonly room?: string;
}

/** Something to put right. */
export interface Problem {
  readonly file: string;
  readonly line: number;
  readonly message: string;
}

export interface Library {
  /** The folder that holds `lib`. */
  readonly root: string;
  readonly options: ts.CompilerOptions;
  readonly program: ts.Program;
  readonly checker: ts.TypeChecker;
  readonly files: readonly ts.SourceFile[];
  readonly examples: readonly Example[];
}

/** Tables of facts are read by the code beside them and offered to nobody. */
const isTable = (path: string) => /[\\/]data[\\/]/.test(path);

/**
 * @param root the folder that holds `lib` and `tsconfig.json`
 * @param rooms the folders of `lib` to look at; all of them when the list is empty
 */
export function openLibrary(root: string, rooms: readonly string[] = []): Library {
  const configFile = ts.readConfigFile(join(root, "tsconfig.json"), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(configFile.config, ts.sys, root);
  Object.assign(options, { noEmit: true, incremental: false, tsBuildInfoFile: undefined });
  const lib = join(root, "lib");
  const paths = (readdirSync(lib, { recursive: true }) as string[])
    .filter((path) => path.endsWith(".ts") && !path.endsWith(".d.ts") && !isTable(path))
    .filter((path) => rooms.length === 0 || rooms.includes(dirname(path).split(/[\\/]/)[0] as string))
    .map((path) => join(lib, path))
    .sort();
  const program = ts.createProgram(paths, options);
  const files = paths.map((path) => program.getSourceFile(path) as ts.SourceFile);
  return {
    root,
    options,
    program,
    checker: program.getTypeChecker(),
    files,
    examples: files.flatMap(examplesIn),
  };
}

/** The place of a node for a message. */
export function lineOf(node: ts.Node): number {
  return node.getSourceFile().getLineAndCharacterOfPosition(node.getStart()).line + 1;
}

function examplesIn(file: ts.SourceFile): Example[] {
  const examples: Example[] = [];
  const visit = (node: ts.Node) => {
    for (const tag of ts.getJSDocTags(node)) {
      if (tag.tagName.text !== "example" || tag.parent.parent !== node) continue;
      const text = ts.getTextOfJSDocComment(tag.comment) ?? "";
      const line = file.getLineAndCharacterOfPosition(tag.getStart()).line + 1;
      examples.push({ file: file.fileName, line, text });
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return examples;
}
