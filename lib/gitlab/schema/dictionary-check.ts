// Reads GitLab's database dictionary, one file for each table, and reports tables without a database in a topology. The dictionary holds
// no foreign keys: they are in GitLab's db/structure.sql, or given as a list.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import type { IDatabaseTopology } from "../topology/database-topology";
import { SchemaDictionary } from "./schema-dictionary";

/** Kind of a problem. */
export enum DictionaryProblemKind {
  /** A file that is not a dictionary entry. */
  BROKEN_FILE = "broken-file",
  /** A table with two entries. */
  DUPLICATE_TABLE = "duplicate-table",
  /** A schema that GitLab does not have in this version. */
  UNKNOWN_SCHEMA = "unknown-schema",
  /** A table whose database is not in the topology. */
  NO_PLACE = "no-place",
  /** A foreign key from or to a table without an entry. */
  UNKNOWN_TABLE = "unknown-table",
  /** A foreign key between two physical databases, which PostgreSQL cannot have. */
  CROSSING_FOREIGN_KEY = "crossing-foreign-key",
  /** A foreign key that GitLab's rules forbid, although both tables are in one database. */
  FORBIDDEN_FOREIGN_KEY = "forbidden-foreign-key",
}

/** A problem in the dictionary. */
export interface DictionaryProblem {
  /** Kind. */
  readonly kind: DictionaryProblemKind;
  /** The file, table or foreign key. */
  readonly subject: string;
  /** Description. */
  readonly message: string;
}

/** A foreign key between two tables. */
export interface TableForeignKey {
  /** The table with the key. */
  readonly table: string;
  /** The referenced table. */
  readonly references: string;
  /** Name of the constraint. @default - none */
  readonly name?: string;
}

/** Options of `checkDictionary`. */
export interface DictionaryCheckOptions {
  /**
   * Path of GitLab's `db/structure.sql`, to read foreign keys. @default - not read
   *
   * @see https://docs.gitlab.com/development/database/multiple_databases/
   */
  readonly structureFile?: string;
  /** Foreign keys as a list. @default - none */
  readonly foreignKeys?: TableForeignKey[];
}

/** Result of `checkDictionary`. */
export interface DictionaryReport {
  /** The tables and views that were read, with their schemas. */
  readonly tables: { readonly [table: string]: string };
  /** Number of foreign keys checked. */
  readonly foreignKeys: number;
  /** Problems that cannot work in this topology. */
  readonly problems: DictionaryProblem[];
  /** Problems that appear only if the databases are split further. */
  readonly warnings: DictionaryProblem[];
  /** Both as text, a line each. */
  readonly text: string;
}

const FOREIGN_KEY =
  /ALTER TABLE (?:ONLY )?([\w."]+)\s+ADD CONSTRAINT ([\w"]+)\s+FOREIGN KEY \([^)]*\)\s+REFERENCES ([\w."]+)/g;

/**
 * Checks GitLab's database dictionary against a topology and returns all problems.
 *
 * @see https://docs.gitlab.com/development/database/database_dictionary/
 *
 * @param directory GitLab's `db/docs`: its `*.yml` and those in `views`.
 * @param topology topology of the databases.
 * @param options foreign keys.
 * @throws Error if the directory or the structure file cannot be read.
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
      broken(`must be YAML: ${(error as Error).message.split("\n")[0]}`);
      continue;
    }
    if (typeof content !== "object" || content === null || Array.isArray(content)) {
      broken("must be a map of fields");
      continue;
    }
    const fields = content as { readonly [field: string]: unknown };
    const name = fields.table_name ?? fields.view_name;
    const schema = fields.gitlab_schema;
    if (typeof name !== "string" || name === "") broken("must have table_name or view_name");
    if (typeof schema !== "string" || schema === "") broken("must have gitlab_schema");
    if (typeof name !== "string" || typeof schema !== "string" || name === "" || schema === "") continue;
    if (tables.has(name)) {
      problems.push({
        kind: DictionaryProblemKind.DUPLICATE_TABLE,
        subject: name,
        message: `must have one entry; ${file} is a second one`,
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
        message: `gitlab_schema must be one of GitLab ${topology.version.version} (got "${schema}")`,
      });
    } else if (dictionary.physicalOf(schema, topology).length === 0) {
      problems.push({
        kind: DictionaryProblemKind.NO_PLACE,
        subject: table,
        message: `gitlab_schema ${schema} belongs to ${dictionary.databasesOf(schema).join(", ")}, which the topology does not have`,
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
        message: `the dictionary has no entry for ${table}`,
      });
    }
  }
  // A table without a schema or a database has been reported.
  if (from === undefined || to === undefined) return;
  const [places, targets] = [dictionary.physicalOf(from, topology), dictionary.physicalOf(to, topology)];
  if (places.length === 0 || targets.length === 0) return;
  if (!places.every((place) => targets.includes(place))) {
    problems.push({
      kind: DictionaryProblemKind.CROSSING_FOREIGN_KEY,
      subject,
      message: `${from} and ${to} are in different physical databases; use a loose foreign key`,
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
