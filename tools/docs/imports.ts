/** Import statements of an example, which are moved out of the class that the example is checked in. */

/** An example, split. */
export interface SplitExample {
  /** The import statements. */
  readonly imports: string;
  /** The names that they import. */
  readonly names: readonly string[];
  /** The rest, with as many lines as the whole. */
  readonly body: string;
}

const IMPORT = /^import (?:type )?\{([^}]*)\} from "[^"]+";$/gm;

/** @returns the example's import statements and the rest. */
export function splitImports(text: string): SplitExample {
  const imports: string[] = [];
  const names: string[] = [];
  const body = text.replace(IMPORT, (statement, list: string) => {
    imports.push(statement.replace(/\s*\n\s*/g, " "));
    names.push(
      ...list
        .split(",")
        .map((each) => each.replace(/\btype\b/, "").trim())
        .filter(Boolean),
    );
    return "\n".repeat(statement.split("\n").length - 1);
  });
  return { imports: imports.join("\n"), names, body };
}
