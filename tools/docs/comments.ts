/**
 * What is offered has a comment, down to its public members. An optional property says what holds without it (`@default`,
 * or "not set" where a result lacks it), a construct shows how it is used (`@example`).
 *
 * Offered is what a room's `index.ts` exports, and a file that no other file of `lib` imports: people import it by itself.
 * Of the rest, which only other files of `lib` use, each declaration has a comment. What is `@internal` is left out.
 */
import { dirname, join } from "node:path";
import ts from "typescript";
import { type Library, lineOf, type Problem } from "./library";

export function commentProblems(library: Library): Problem[] {
  const offered = offeredSymbols(library);
  return library.files.flatMap((file) => {
    const problems: Problem[] = [];
    const report = (node: ts.Node, message: string) =>
      problems.push({ file: file.fileName, line: lineOf(node), message });
    for (const statement of file.statements) {
      if (isExported(statement)) checkStatement(library, statement, offered, report);
    }
    return problems;
  });
}

type Report = (node: ts.Node, message: string) => void;

function offeredSymbols({ checker, program, files }: Library): Set<ts.Symbol> {
  const exportsOf = (file: ts.SourceFile | undefined) => {
    const symbol = file && checker.getSymbolAtLocation(file);
    return symbol ? checker.getExportsOfModule(symbol) : [];
  };
  const original = (symbol: ts.Symbol) =>
    symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  const indexes = new Set(files.map((file) => join(dirname(file.fileName), "index.ts")));
  const offered = new Set(
    [...indexes].flatMap((path) => exportsOf(program.getSourceFile(path)).map(original)),
  );
  const imported = new Set(
    program
      .getSourceFiles()
      .flatMap((file) => [...file.statements])
      .filter((each) => ts.isImportDeclaration(each) || ts.isExportDeclaration(each))
      .map((each) => each.moduleSpecifier && checker.getSymbolAtLocation(each.moduleSpecifier)),
  );
  for (const file of files) {
    const hasIndex = program.getSourceFile(join(dirname(file.fileName), "index.ts")) !== undefined;
    if (!hasIndex || imported.has(checker.getSymbolAtLocation(file))) continue;
    for (const symbol of exportsOf(file)) offered.add(original(symbol));
  }
  return offered;
}

function checkStatement(
  { checker }: Library,
  statement: ts.Statement,
  offered: Set<ts.Symbol>,
  report: Report,
): void {
  const isOffered = (name: ts.Node) => {
    const symbol = checker.getSymbolAtLocation(name);
    return symbol !== undefined && offered.has(symbol);
  };
  if (ts.isVariableStatement(statement)) {
    for (const declaration of statement.declarationList.declarations) {
      if (!isOffered(declaration.name)) continue;
      const name = declaration.name.getText();
      if (!hasComment(checker, declaration.name)) report(declaration, `${name} has no comment`);
    }
    return;
  }
  const isDeclaration =
    ts.isClassDeclaration(statement) ||
    ts.isInterfaceDeclaration(statement) ||
    ts.isEnumDeclaration(statement) ||
    ts.isFunctionDeclaration(statement) ||
    ts.isTypeAliasDeclaration(statement);
  if (!isDeclaration || !statement.name || isInternal(statement)) return;
  const name = statement.name.text;
  if (!hasComment(checker, statement.name)) report(statement, `${name} has no comment`);
  if (!isOffered(statement.name)) return;
  if (ts.isClassDeclaration(statement)) {
    for (const member of statement.members) checkClassMember(checker, name, member, report);
    const isAbstract = statement.modifiers?.some((each) => each.kind === ts.SyntaxKind.AbstractKeyword);
    if (!isAbstract && isConstruct(checker, statement) && !hasTag(checker, statement.name, "example")) {
      report(statement, `${name} is a construct without an @example`);
    }
  }
  if (ts.isInterfaceDeclaration(statement) || ts.isEnumDeclaration(statement)) {
    for (const member of statement.members) checkMember(checker, name, member, report);
  }
}

function checkClassMember(
  checker: ts.TypeChecker,
  owner: string,
  member: ts.ClassElement,
  report: Report,
): void {
  const flags = ts.getCombinedModifierFlags(member);
  if (flags & (ts.ModifierFlags.Private | ts.ModifierFlags.Protected)) return;
  // A constructor of the usual three parameters needs no words; `#private` names are nobody's business.
  if (ts.isConstructorDeclaration(member) || !member.name || ts.isPrivateIdentifier(member.name)) return;
  // A setter shares its getter's comment.
  if (ts.isSetAccessor(member)) return;
  checkMember(checker, owner, member, report);
}

function checkMember(
  checker: ts.TypeChecker,
  owner: string,
  member: ts.ClassElement | ts.TypeElement | ts.EnumMember,
  report: Report,
): void {
  if (!member.name) return;
  const name = `${owner}.${member.name.getText()}`;
  if (isInternal(member)) return;
  if (!hasComment(checker, member.name)) {
    report(member, `${name} has no comment`);
  } else if (ts.isPropertySignature(member) && member.questionToken) {
    const text = commentOf(checker, member.name);
    if (!hasTag(checker, member.name, "default") && !/not set/i.test(text)) {
      report(member, `${name} is optional and has neither @default nor the words "not set"`);
    }
  }
}

/** Comments are inherited, as editors show them: an implementation need not repeat its interface. */
function commentOf(checker: ts.TypeChecker, name: ts.Node): string {
  const symbol = checker.getSymbolAtLocation(name);
  return symbol ? ts.displayPartsToString(symbol.getDocumentationComment(checker)) : "";
}

function hasComment(checker: ts.TypeChecker, name: ts.Node): boolean {
  return commentOf(checker, name).trim() !== "";
}

function hasTag(checker: ts.TypeChecker, name: ts.Node, tag: string): boolean {
  const tags = checker.getSymbolAtLocation(name)?.getJsDocTags(checker) ?? [];
  return tags.some((each) => each.name === tag && ts.displayPartsToString(each.text).trim() !== "");
}

function isInternal(node: ts.Node): boolean {
  return ts.getJSDocTags(node).some((tag) => tag.tagName.text === "internal");
}

function isExported(statement: ts.Statement): boolean {
  return (
    ts.canHaveModifiers(statement) &&
    (ts.getModifiers(statement)?.some((each) => each.kind === ts.SyntaxKind.ExportKeyword) ?? false)
  );
}

function isConstruct(checker: ts.TypeChecker, declaration: ts.ClassDeclaration): boolean {
  const bases = (type: ts.Type): ts.Type[] =>
    type.isClassOrInterface() ? checker.getBaseTypes(type).flatMap((base) => [base, ...bases(base)]) : [];
  return bases(checker.getTypeAtLocation(declaration)).some((base) => base.symbol?.name === "Construct");
}
