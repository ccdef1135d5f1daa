// Reads GitLab's dictionary, one file for each table, and says what has no place in a topology. The dictionary holds no foreign
// keys: those are in GitLab's db/structure.sql, or come as a list.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import type { IDatabaseTopology } from "../topology/database-topology";
import { SchemaDictionary } from "./schema-dictionary";

/** What is wrong. */
export enum DictionaryProblemKind {
  /** A file that is no dictionary entry. */
  BROKEN_FILE = "broken-file",
  /** A table that is described twice. */
  DUPLICATE_TABLE = "duplicate-table",
  /** A schema that GitLab does not have in this version. */
  UNKNOWN_SCHEMA = "unknown-schema",
  /** A table whose database is not in the topology. */
  NO_PLACE = "no-place",
  /** A foreign key from or to a table that nobody described. */
  UNKNOWN_TABLE = "unknown-table",
  /** A foreign key between two physical databases, which PostgreSQL cannot have. */
  CROSSING_FOREIGN_KEY = "crossing-foreign-key",
  /** A foreign key that GitLab's rules forbid, though both tables are in one database for now. */
  FORBIDDEN_FOREIGN_KEY = "forbidden-foreign-key",
}

/** A finding. */
export interface DictionaryProblem {
  /** What is wrong. */
  readonly kind: DictionaryProblemKind;
  /** The file, table or foreign key. */
  readonly subject: string;
  /** What to know about it. */
  readonly message: string;
}

/** A foreign key between two tables. */
export interface TableForeignKey {
  /** The table with the key. */
  readonly table: string;
  /** The table to which it leads. */
  readonly references: string;
  /** The constraint's name. @default - none */
  readonly name?: string;
}

/** Where foreign keys come from. */
export interface DictionaryCheckOptions {
  /** The path of GitLab's `db/structure.sql`. @default - no foreign keys from there */
  readonly structureFile?: string;
  /** Foreign keys as a list. @default - none */
  readonly foreignKeys?: TableForeignKey[];
}

/** What a check found. */
export interface DictionaryReport {
  /** The tables and views that were read, with their schemas. */
  readonly tables: { readonly [table: string]: string };
  /** How many foreign keys were looked at. */
  readonly foreignKeys: number;
  /** What cannot work in this topology. */
  readonly problems: DictionaryProblem[];
  /** What works in this topology and breaks in a more split one. */
  readonly warnings: DictionaryProblem[];
  /** Both as text, a line each. */
  readonly text: string;
}

const FOREIGN_KEY =
  /ALTER TABLE (?:ONLY )?([\w."]+)\s+ADD CONSTRAINT ([\w"]+)\s+FOREIGN KEY \([^)]*\)\s+REFERENCES ([\w."]+)/g;

/**
 * Checks GitLab's dictionary against a topology; everything that is wrong is reported at once.
 *
 * @param directory GitLab's `db/docs`: its `*.yml` and those in `views`.
 * @param topology the databases.
 * @param options foreign keys.
 * @throws Error when the directory or the structure file cannot be read at all.
 */
export function checkDictionary(
  directory: string,
  topology: IDatabaseTopology,
  options: DictionaryCheckOptions = {},
): DictionaryReport {
  const problems: DictionaryProblem[] = [];
  const tables = readTables(directory, problems);
  const dictionary = SchemaDictionary.of(topology.version).withTables(tables);
  checkPlaces(dictionary, topology, tables, problems);
  const keys = [
    ...(options.structureFile === undefined ? [] : readForeignKeys(options.structureFile)),
    ...(options.foreignKeys ?? []),
  ];
  const warnings: DictionaryProblem[] = [];
  for (const key of keys) checkForeignKey(dictionary, topology, key, problems, warnings);
  return { tables, foreignKeys: keys.length, problems, warnings, text: write(problems, warnings) };
}

function readTables(directory: string, problems: DictionaryProblem[]): { readonly [table: string]: string } {
  const tables = new Map<string, string>();
  for (const file of dictionaryFiles(directory)) {
    const broken = (message: string) =>
      problems.push({ kind: DictionaryProblemKind.BROKEN_FILE, subject: file, message });
    let content: unknown;
    try {
      content = parse(readFileSync(join(directory, file), "utf8"));
    } catch (error) {
      broken(`it cannot be read as YAML: ${(error as Error).message.split("\n")[0]}`);
      continue;
    }
    if (typeof content !== "object" || content === null || Array.isArray(content)) {
      broken("it is no map of fields");
      continue;
    }
    const fields = content as { readonly [field: string]: unknown };
    const name = fields.table_name ?? fields.view_name;
    const schema = fields.gitlab_schema;
    if (typeof name !== "string" || name === "") broken("it has neither table_name nor view_name");
    if (typeof schema !== "string" || schema === "") broken("it has no gitlab_schema");
    if (typeof name !== "string" || typeof schema !== "string" || name === "" || schema === "") continue;
    if (tables.has(name)) {
      problems.push({
        kind: DictionaryProblemKind.DUPLICATE_TABLE,
        subject: name,
        message: `${file} describes it again`,
      });
    } else tables.set(name, schema);
  }
  return Object.fromEntries(tables);
}

function dictionaryFiles(directory: string): string[] {
  const list = (folder: string) =>
    readdirSync(join(directory, folder))
      .filter((file) => file.endsWith(".yml"))
      .sort()
      .map((file) => join(folder, file));
  return [...list(""), ...(existsSync(join(directory, "views")) ? list("views") : [])];
}

function checkPlaces(
  dictionary: SchemaDictionary,
  topology: IDatabaseTopology,
  tables: { readonly [table: string]: string },
  problems: DictionaryProblem[],
): void {
  for (const [table, schema] of Object.entries(tables)) {
    if (!dictionary.schema(schema)) {
      problems.push({
        kind: DictionaryProblemKind.UNKNOWN_SCHEMA,
        subject: table,
        message: `its gitlab_schema ${schema} is not one of GitLab ${topology.version.version}`,
      });
    } else if (dictionary.physicalOf(schema, topology).length === 0) {
      problems.push({
        kind: DictionaryProblemKind.NO_PLACE,
        subject: table,
        message: `its gitlab_schema ${schema} lives in ${dictionary.databasesOf(schema).join(", ")}, which the topology does not have`,
      });
    }
  }
}

function readForeignKeys(file: string): TableForeignKey[] {
  const plain = (text = "") => text.replace(/"/g, "");
  return [...readFileSync(file, "utf8").matchAll(FOREIGN_KEY)].map(([, table, name, references]) => ({
    table: plain(table),
    name: plain(name),
    references: plain(references),
  }));
}

function checkForeignKey(
  dictionary: SchemaDictionary,
  topology: IDatabaseTopology,
  key: TableForeignKey,
  problems: DictionaryProblem[],
  warnings: DictionaryProblem[],
): void {
  const subject = `${key.table} -> ${key.references}${key.name === undefined ? "" : ` (${key.name})`}`;
  const [from, to] = [dictionary.schemaOf(key.table), dictionary.schemaOf(key.references)];
  for (const [table, schema] of [
    [key.table, from],
    [key.references, to],
  ]) {
    if (schema === undefined) {
      problems.push({
        kind: DictionaryProblemKind.UNKNOWN_TABLE,
        subject,
        message: `the dictionary does not describe ${table}`,
      });
    }
  }
  // What has no schema or no place was reported with its table.
  if (from === undefined || to === undefined) return;
  const [places, targets] = [dictionary.physicalOf(from, topology), dictionary.physicalOf(to, topology)];
  if (places.length === 0 || targets.length === 0) return;
  if (!places.every((place) => targets.includes(place))) {
    problems.push({
      kind: DictionaryProblemKind.CROSSING_FOREIGN_KEY,
      subject,
      message: `${from} and ${to} are in different physical databases; GitLab keeps such ties as loose foreign keys`,
    });
  } else if (from !== to && !dictionary.mayReference(from, to)) {
    warnings.push({
      kind: DictionaryProblemKind.FORBIDDEN_FOREIGN_KEY,
      subject,
      message: `GitLab allows no foreign key between ${from} and ${to}`,
    });
  }
}

function write(problems: readonly DictionaryProblem[], warnings: readonly DictionaryProblem[]): string {
  const line = (level: string) => (each: DictionaryProblem) =>
    `${level} ${each.kind}: ${each.subject}: ${each.message}`;
  const lines = [...problems.map(line("error")), ...warnings.map(line("warning"))];
  return lines.length === 0 ? "no problems\n" : `${lines.join("\n")}\n`;
}
