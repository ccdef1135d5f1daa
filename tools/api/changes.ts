/** The names of the public API that changed since the last release, and those that the changelog does not mention. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";

/** @returns the exported names of a report with the text of their declarations. */
export function declarations(report: string): Map<string, string> {
  const code = /```ts\n([\s\S]*?)```/.exec(report)?.[1] ?? "";
  const source = ts.createSourceFile("report.d.ts", code, ts.ScriptTarget.ES2022, true);
  const found = new Map<string, string>();
  const add = (name: string, node: ts.Node) =>
    found.set(name, `${found.get(name) ?? ""}${node.getText(source).replace(/\s+/g, " ")}`);
  for (const statement of source.statements) {
    if (ts.isVariableStatement(statement)) {
      for (const declaration of statement.declarationList.declarations) {
        add(declaration.name.getText(source), statement);
      }
    } else if (
      ts.isClassDeclaration(statement) ||
      ts.isInterfaceDeclaration(statement) ||
      ts.isEnumDeclaration(statement) ||
      ts.isFunctionDeclaration(statement) ||
      ts.isTypeAliasDeclaration(statement)
    ) {
      if (statement.name) add(statement.name.text, statement);
    }
  }
  return found;
}

/** @returns the names that one report has and the other has not, or declares otherwise. */
export function changedNames(before: string, after: string): string[] {
  const [old, current] = [declarations(before), declarations(after)];
  return [...new Set([...old.keys(), ...current.keys()])]
    .filter((name) => old.get(name) !== current.get(name))
    .sort();
}

/** @returns the section *Unreleased* of the changelog. */
export function unreleased(changelog: string): string {
  return /^## \[Unreleased\]\n([\s\S]*?)(?=^## |$(?![\s\S]))/m.exec(changelog)?.[1] ?? "";
}

/**
 * @param folder the reports, with those of the last release in `released`; before the first release there are none
 * @param changelog the text of CHANGELOG.md
 * @returns a line for each name that changed and does not stand under *Unreleased*.
 */
export function unmentioned(folder: string, changelog: string): string[] {
  const released = join(folder, "released");
  if (!existsSync(released)) return [];
  const news = unreleased(changelog);
  const reports = (path: string) => readdirSync(path).filter((name) => name.endsWith(".api.md"));
  const read = (path: string) => (existsSync(path) ? readFileSync(path, "utf8") : "");
  return [...new Set([...reports(released), ...reports(folder)])].sort().flatMap((report) =>
    changedNames(read(join(released, report)), read(join(folder, report)))
      .filter((name) => !new RegExp(`\\b${name}\\b`).test(news))
      .map(
        (name) =>
          `${name} (api/${report}) changed since the last release: describe it in CHANGELOG.md under Unreleased`,
      ),
  );
}
