// GitLab's tables carry a `gitlab_schema`, and the schema is a barrier: it says in which database a table lives and with which
// others a query, a transaction or a foreign key may touch it. The answers here are those of GitLab's own lists.

import type { GitlabVersion } from "../planning/gitlab-version";
import type { IDatabaseTopology } from "../topology/database-topology";
import {
  DATABASES,
  type DatabaseFacts,
  INTERNAL_TABLES,
  SCHEMAS,
  type SchemaFacts,
} from "./data/gitlab-schemas";

/** What a migration changes. */
export enum MigrationKind {
  /** The structure. */
  DDL = "ddl",
  /** Rows (`restrict_gitlab_migration gitlab_schema:`). */
  DML = "dml",
}

/** A value of `gitlab_schema`. */
export interface GitlabSchema {
  /** The name, such as `gitlab_ci`. */
  readonly name: string;
  /** The class from which its models inherit; not set for tables without models. */
  readonly baseClass?: string;
  /** Whether its tables need a sharding key. */
  readonly requiresShardingKey: boolean;
  /** Whether its tables are in each database with other rows, so that whoever reads all visits one database after the other. */
  readonly visitedOneByOne: boolean;
  /** Whether no public file of GitLab states this, so that it was concluded. */
  readonly inferred: boolean;
}

/** A database of GitLab's dictionary. */
export interface GitlabDictionaryDatabase {
  /** The name, such as `ci`. */
  readonly name: string;
  /** The schemas whose tables live there. */
  readonly holds: string[];
  /** The schemas whose tables are there, too, but closed to writing once the databases are split. */
  readonly writeLocks: string[];
  /** The class of its connection. */
  readonly connectionClass: string;
  /** The database that stands in while this one is not configured; not set when none does. */
  readonly fallback?: string;
  /** Whether reads may go to replicas. */
  readonly usesLoadBalancing: boolean;
  /** Whether its structure is that of main. */
  readonly sameStructureAsMain: boolean;
  /** Whether no public file of GitLab states this, so that it was concluded. */
  readonly inferred: boolean;
}

/**
 * The `gitlab_schema` tables of a version of GitLab.
 *
 * @example
 * const dictionary = SchemaDictionary.of(GitlabVersion.of("18.5"));
 * const forbidden = !dictionary.mayJoin("gitlab_main", "gitlab_ci");
 */
export class SchemaDictionary {
  /**
   * The dictionary of a version.
   *
   * @param version GitLab's version. The data are of 2026-11; schemas that came with a later major version are left out.
   */
  public static of(version: GitlabVersion): SchemaDictionary {
    return new SchemaDictionary(version, new Map());
  }

  /** GitLab's version. */
  public readonly version: GitlabVersion;
  private readonly schemaFacts: ReadonlyMap<string, SchemaFacts>;
  private readonly tables: ReadonlyMap<string, string>;

  private constructor(version: GitlabVersion, tables: ReadonlyMap<string, string>) {
    this.version = version;
    this.tables = tables;
    const there = SCHEMAS.filter((schema) => !version.known || version.major >= (schema.since ?? 0));
    this.schemaFacts = new Map(there.map((schema) => [schema.name, schema]));
  }

  /**
   * The same dictionary with tables in it.
   *
   * @param tables the schema of each table.
   */
  public withTables(tables: { readonly [table: string]: string }): SchemaDictionary {
    return new SchemaDictionary(this.version, new Map([...this.tables, ...Object.entries(tables)]));
  }

  /** The schemas of this version. */
  public get schemas(): GitlabSchema[] {
    return [...this.schemaFacts.values()].map((facts) => ({
      name: facts.name,
      baseClass: facts.baseClass,
      requiresShardingKey: facts.requiresShardingKey,
      visitedOneByOne: facts.name.startsWith("gitlab_shared"),
      inferred: facts.inferred ?? false,
    }));
  }

  /** The databases of this version. */
  public get databases(): GitlabDictionaryDatabase[] {
    const known = (names: readonly string[]) => names.filter((name) => this.schemaFacts.has(name));
    return DATABASES.map((facts) => ({
      name: facts.name,
      holds: known(facts.holds),
      writeLocks: known(facts.locks),
      connectionClass: facts.connectionClass,
      fallback: facts.fallback,
      usesLoadBalancing: facts.usesLoadBalancing,
      sameStructureAsMain: facts.sameStructureAsMain,
      inferred: facts.inferred ?? false,
    }));
  }

  /**
   * A schema; nothing when this version has none of this name.
   *
   * @param name such as `gitlab_ci`.
   */
  public schema(name: string): GitlabSchema | undefined {
    return this.schemas.find((schema) => schema.name === name);
  }

  /**
   * The schema of a table; nothing for a table that nobody described.
   *
   * @param table the name, with or without `public.`; numbered partitions count as their table.
   */
  public schemaOf(table: string): string | undefined {
    const [first = "", second] = table.split(".", 2);
    const name = (second ?? first).replace(/_[0-9]+$/, "");
    const partitioned = name.startsWith("ci_") ? this.tables.get(`p_${name}`) : undefined;
    const found = this.tables.get(second ?? first) ?? this.tables.get(name) ?? partitioned;
    if (found !== undefined) return found;
    const internal =
      (second !== undefined && first === "information_schema") ||
      name.startsWith("pg_") ||
      INTERNAL_TABLES.includes(name);
    return internal ? "gitlab_internal" : undefined;
  }

  /**
   * The databases in which a schema or a table lives, by their logical names; empty when it is not known. For shared tables there
   * are several, with other rows in each.
   *
   * @param schemaOrTable such as `gitlab_ci`, or a table of this dictionary.
   */
  public databasesOf(schemaOrTable: string): string[] {
    const schema = this.schemaFacts.has(schemaOrTable) ? schemaOrTable : this.schemaOf(schemaOrTable);
    if (schema === undefined || !this.schemaFacts.has(schema)) return [];
    return DATABASES.filter((database) => database.holds.includes(schema)).map(({ name }) => name);
  }

  /**
   * Whether one query may join tables of these schemas. GitLab asks whether one of them allows all the others.
   *
   * @param schemas two or more schemas; one that is not known forbids it.
   */
  public mayJoin(...schemas: string[]): boolean {
    return this.allowed(schemas, (facts) => facts.joins);
  }

  /**
   * Whether one transaction may write to tables of these schemas.
   *
   * @param schemas two or more schemas; one that is not known forbids it.
   */
  public mayShareTransaction(...schemas: string[]): boolean {
    return this.allowed(schemas, (facts) => facts.transactions);
  }

  /**
   * Whether there may be a foreign key between tables of these schemas, in either direction.
   *
   * @param schemas the two schemas; one that is not known forbids it.
   */
  public mayReference(...schemas: string[]): boolean {
    return this.allowed(schemas, (facts) => facts.references);
  }

  /**
   * The entries of a topology over which a migration does its work. Structure changes run everywhere; elsewhere a change of rows
   * is only written down as done.
   *
   * @param kind what the migration changes.
   * @param schema the schema whose tables it is about; empty for one that is not known.
   * @param topology the databases.
   */
  public migrationRunsOn(kind: MigrationKind, schema: string, topology: IDatabaseTopology): string[] {
    const databases = this.databasesOf(schema);
    const structures = DATABASES.filter(({ name }) => databases.includes(name));
    return this.placesIn(topology)
      .filter(({ holds, sameStructureAsMain }) =>
        kind === MigrationKind.DML
          ? holds.has(schema)
          : structures.some((each) => each.sameStructureAsMain) && sameStructureAsMain
            ? true
            : holds.has(schema),
      )
      .map(({ entry }) => entry);
  }

  /**
   * The physical databases of a topology in which a schema lives, as `TopologyEntry.physical`; empty when it has no place.
   *
   * @param schema the schema.
   * @param topology the databases.
   */
  public physicalOf(schema: string, topology: IDatabaseTopology): string[] {
    return this.placesIn(topology)
      .filter(({ holds }) => holds.has(schema))
      .map(({ physical }) => physical);
  }

  /** The physical databases with what they hold: their own, and that of databases that fall back to them. */
  private placesIn(topology: IDatabaseTopology) {
    const own = topology.entries.filter((e) => e.databaseTasks && DATABASES.some((d) => d.name === e.name));
    const entryOf = (facts: DatabaseFacts): string | undefined => {
      const entry = topology.entries.find((each) => each.name === facts.name);
      if (entry) return entry.sharesWith ?? entry.name;
      return facts.fallback;
    };
    return own.map(({ name, physical }) => ({
      entry: name,
      physical,
      sameStructureAsMain: DATABASES.find((d) => d.name === name)?.sameStructureAsMain ?? false,
      holds: new Set(
        DATABASES.filter((facts) => entryOf(facts) === name)
          .flatMap((facts) => facts.holds)
          .filter((schema) => this.schemaFacts.has(schema)),
      ),
    }));
  }

  private allowed(schemas: string[], list: (facts: SchemaFacts) => readonly string[]): boolean {
    const all = [...new Set(schemas)];
    const facts = all.map((name) => this.schemaFacts.get(name));
    if (facts.some((each) => each === undefined)) return false;
    return facts.some((each) =>
      all.every((name) => name === each?.name || (each && list(each).includes(name))),
    );
  }
}
