// Each table of GitLab has a `gitlab_schema`, which decides in which database the table is and with which other tables a query, a
// transaction or a foreign key may combine it. The rules here are those of GitLab's lists.

import type { GitlabVersion } from "../planning/gitlab-version";
import type { IDatabaseTopology } from "../topology/database-topology";
import {
  DATABASES,
  type DatabaseFacts,
  INTERNAL_TABLES,
  SCHEMAS,
  type SchemaFacts,
} from "./data/gitlab-schemas";

/** Kind of change of a migration. */
export enum MigrationKind {
  /** Structure. */
  DDL = "ddl",
  /** Data (`restrict_gitlab_migration gitlab_schema:`). */
  DML = "dml",
}

/**
 * A value of `gitlab_schema`.
 *
 * @see https://docs.gitlab.com/development/database/multiple_databases/
 */
export interface GitlabSchema {
  /** Name, such as `gitlab_ci`. */
  readonly name: string;
  /** Base class of its models; not set for tables without models. */
  readonly baseClass?: string;
  /** True if its tables need a sharding key. */
  readonly requiresShardingKey: boolean;
  /** True if its tables are in every database with different rows, so that reading all rows means reading each database. */
  readonly visitedOneByOne: boolean;
  /** True if this is inferred, since no public file of GitLab states it. */
  readonly inferred: boolean;
}

/** A database in GitLab's dictionary. */
export interface GitlabDictionaryDatabase {
  /** Name, such as `ci`. */
  readonly name: string;
  /** Schemas whose tables are in it. */
  readonly holds: string[];
  /** Schemas whose tables are in it but locked for writes once the databases are split. */
  readonly writeLocks: string[];
  /** Connection class. */
  readonly connectionClass: string;
  /** Database that is used while this one is not configured; not set if there is none. */
  readonly fallback?: string;
  /** True if reads may go to replicas. */
  readonly usesLoadBalancing: boolean;
  /** True if its structure is that of main. */
  readonly sameStructureAsMain: boolean;
  /** True if this is inferred, since no public file of GitLab states it. */
  readonly inferred: boolean;
}

/**
 * Rules of `gitlab_schema` in a version of GitLab.
 *
 * @see https://docs.gitlab.com/development/database/multiple_databases/
 *
 * @example
 * const dictionary = SchemaDictionary.of(GitlabVersion.of("18.5"));
 * const forbidden = !dictionary.mayJoin("gitlab_main", "gitlab_ci");
 */
export class SchemaDictionary {
  /**
   * The dictionary of a version.
   *
   * @param version GitLab's version. The data are of 2026-11; schemas of later major versions are left out.
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
   * The dictionary with tables added.
   *
   * @param tables schema of each table.
   */
  public withTables(tables: { readonly [table: string]: string }): SchemaDictionary {
    return new SchemaDictionary(this.version, new Map([...this.tables, ...Object.entries(tables)]));
  }

  /** Schemas of this version. */
  public get schemas(): GitlabSchema[] {
    return [...this.schemaFacts.values()].map((facts) => ({
      name: facts.name,
      baseClass: facts.baseClass,
      requiresShardingKey: facts.requiresShardingKey,
      visitedOneByOne: facts.name.startsWith("gitlab_shared"),
      inferred: facts.inferred ?? false,
    }));
  }

  /** Databases of this version. */
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
   * A schema; undefined if this version has no schema of this name.
   *
   * @param name such as `gitlab_ci`.
   */
  public schema(name: string): GitlabSchema | undefined {
    return this.schemas.find((schema) => schema.name === name);
  }

  /**
   * Schema of a table; undefined for a table without an entry.
   *
   * @param table name, with or without `public.`; numbered partitions count as their table.
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
   * Logical names of the databases of a schema or a table; empty if it is unknown. Shared tables are in several databases, with
   * different rows in each.
   *
   * @param schemaOrTable such as `gitlab_ci`, or a table of this dictionary.
   */
  public databasesOf(schemaOrTable: string): string[] {
    const schema = this.schemaFacts.has(schemaOrTable) ? schemaOrTable : this.schemaOf(schemaOrTable);
    if (schema === undefined || !this.schemaFacts.has(schema)) return [];
    return DATABASES.filter((database) => database.holds.includes(schema)).map(({ name }) => name);
  }

  /**
   * True if one query may join tables of these schemas. As in GitLab, one of them has to allow all the others.
   *
   * @param schemas two or more schemas; false if one is unknown.
   */
  public mayJoin(...schemas: string[]): boolean {
    return this.allowed(schemas, (facts) => facts.joins);
  }

  /**
   * True if one transaction may write to tables of these schemas.
   *
   * @param schemas two or more schemas; false if one is unknown.
   */
  public mayShareTransaction(...schemas: string[]): boolean {
    return this.allowed(schemas, (facts) => facts.transactions);
  }

  /**
   * True if a foreign key between tables of these schemas is allowed, in either direction.
   *
   * @param schemas the two schemas; false if one is unknown.
   */
  public mayReference(...schemas: string[]): boolean {
    return this.allowed(schemas, (facts) => facts.references);
  }

  /**
   * Names of the entries of a topology on which a migration makes its changes. Changes of structure run everywhere; a change of data is
   * only marked as done elsewhere.
   *
   * @param kind kind of change.
   * @param schema schema of the changed tables; the result is empty for an unknown one.
   * @param topology topology of the databases.
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
   * Physical databases of a schema in a topology, as `TopologyEntry.physical`; empty if there is none.
   *
   * @param schema name of the schema.
   * @param topology topology of the databases.
   */
  public physicalOf(schema: string, topology: IDatabaseTopology): string[] {
    return this.placesIn(topology)
      .filter(({ holds }) => holds.has(schema))
      .map(({ physical }) => physical);
  }

  /** Physical databases with their schemas and those of databases that fall back to them. */
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
