/** The properties of the clouds' servers, read from their interfaces: each is the same on every cloud or has a listed reason. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { DIFFERENCES } from "./differences";

/** The servers by the name of their props interface. */
export const PROPS_OF: { readonly [label: string]: string } = {
  RDS: "RdsServerProps",
  "Cloud SQL": "CloudSqlServerProps",
  "Azure for PostgreSQL": "PostgresFlexibleServerProps",
  "Azure for MySQL": "MysqlFlexibleServerProps",
};

/** A property as its interface declares it. */
export interface DeclaredProperty {
  readonly type: string;
  readonly optional: boolean;
  /** The text of `@default`. */
  readonly defaultValue: string;
}

/** A property on every server. */
export interface PropertyRow {
  readonly name: string;
  /** By the server's label; missing where the server has no such property. */
  readonly on: { readonly [label: string]: DeclaredProperty | undefined };
  /** True if name, type and default are the same everywhere. */
  readonly same: boolean;
}

const lib = join(__dirname, "../../lib");

/** All properties of all servers, by name. */
export function propertyRows(): PropertyRow[] {
  const interfaces = declaredInterfaces();
  const labels = Object.keys(PROPS_OF);
  const servers = labels.map((label) => propertiesOf(PROPS_OF[label] as string, interfaces));
  const names = [...new Set(servers.flatMap((server) => [...server.keys()]))].sort();
  return names.map((name) => {
    const each = servers.map((server) => server.get(name));
    const same = each.every((property) => JSON.stringify(property) === JSON.stringify(each[0]));
    return { name, on: Object.fromEntries(labels.map((label, i) => [label, each[i]])), same };
  });
}

/** The table of the page. */
export function propertyTable(): string {
  const labels = Object.keys(PROPS_OF);
  const lines = propertyRows().map(({ name, on, same }) => {
    const defaults = labels.map((label) => {
      const property = on[label];
      if (!property) return "";
      return property.optional ? property.defaultValue.replace(/^- /, "") || "none" : "required";
    });
    const cells = same ? [defaults[0], "same", "same", "same"] : defaults;
    return `| \`${name}\` | ${cells.join(" | ")} | ${same ? "" : (DIFFERENCES[name] ?? "")} |`;
  });
  return `
## Properties

The properties of the servers with their defaults, read from the interfaces. Those that are not the same on every cloud have a reason.

| property | ${labels.join(" | ")} | why it differs |
|---|---|---|---|---|---|
${lines.join("\n")}
`;
}

function declaredInterfaces(): Map<string, ts.InterfaceDeclaration> {
  const found = new Map<string, ts.InterfaceDeclaration>();
  for (const room of ["aws", "google", "azure", "database"]) {
    for (const file of readdirSync(join(lib, room), { recursive: true, encoding: "utf8" })) {
      if (!file.endsWith(".ts")) continue;
      const path = join(lib, room, file);
      const source = ts.createSourceFile(path, readFileSync(path, "utf8"), ts.ScriptTarget.ES2022, true);
      source.forEachChild((node) => {
        if (ts.isInterfaceDeclaration(node)) found.set(node.name.text, node);
      });
    }
  }
  return found;
}

function propertiesOf(
  name: string,
  interfaces: Map<string, ts.InterfaceDeclaration>,
): Map<string, DeclaredProperty> {
  const declaration = interfaces.get(name);
  if (!declaration) throw new Error(`lib has no interface ${name}`);
  const properties = new Map<string, DeclaredProperty>();
  for (const base of (declaration.heritageClauses ?? []).flatMap((clause) => [...clause.types])) {
    if (base.typeArguments) throw new Error(`${name} extends ${base.getText()}, which this tool cannot read`);
    for (const [key, property] of propertiesOf(base.expression.getText(), interfaces))
      properties.set(key, property);
  }
  for (const member of declaration.members.filter(ts.isPropertySignature)) {
    const tag = ts.getJSDocTags(member).find((each) => each.tagName.text === "default");
    const text = (value: string | undefined) => (value ?? "").replace(/\s+/g, " ").trim();
    properties.set(member.name.getText(), {
      type: text(member.type?.getText()),
      optional: member.questionToken !== undefined,
      defaultValue: text(tag && ts.getTextOfJSDocComment(tag.comment)),
    });
  }
  return properties;
}
