// GitLab's logical databases and the physical databases that they are in.

import type { IDatabase } from "../../database";
import { directDatabase } from "../../database/private";
import { type GitlabDatabaseSettings, withFallback } from "./database-settings";
import type { GitlabDatabases } from "./database-topology";
import type { ServerIdentities } from "./physical-identity";

/** Part of GitLab that a logical database belongs to. */
export enum GitlabDatabaseKind {
  /** The Rails application: main, ci, sec, embedding. */
  RAILS = "rails",
  /** The tracking database of a Geo secondary site. */
  GEO = "geo",
  /** A component beside Rails: the container registry, Praefect, OpenBao, or a component of the user. */
  COMPONENT = "component",
}

/**
 * A logical database of a topology.
 *
 * @see https://docs.gitlab.com/administration/postgresql/multiple_databases/
 */
export interface TopologyEntry {
  /** GitLab's name: main, ci, sec, embedding, geo, registry, praefect, openbao, or the name of a component. */
  readonly name: string;
  /** Part of GitLab that it belongs to. */
  readonly kind: GitlabDatabaseKind;
  /** The database as clients reach it, through a pooler where there is one. */
  readonly database: IDatabase;
  /** The same database past poolers and proxies: for migrations, backups and restores. */
  readonly direct: IDatabase;
  /** Identity of the physical database: equal for entries in the same one, and stable between synths. Not an address. */
  readonly physical: string;
  /** True if migrations run over this entry (`databaseTasks`). False if another entry of the same physical database has them. */
  readonly databaseTasks: boolean;
  /** Name of the entry whose physical database this one shares. @default - the entry has a physical database to itself */
  readonly sharesWith?: string;
  /** Connection settings, completed with those of the whole topology. */
  readonly settings: GitlabDatabaseSettings;
}

/** Database of a component for which a topology has no property. */
export interface ComponentDatabase {
  /** Name of the component, unique in the topology: lower-case letters, digits, `_` and `-`, beginning with a letter. */
  readonly name: string;
  /** The database, with an owner that no other component uses. */
  readonly database: IDatabase;
}

/** Data that an installation does not see in single-database mode. */
export interface HiddenDatabase {
  /** Name of the entry, such as `ci`. */
  readonly name: string;
  /** The database, which stays unchanged. */
  readonly database: IDatabase;
  /** Description of the data. */
  readonly holds: string;
}

/** Entries of a topology in single-database mode. */
export interface SingleDatabaseView {
  /** The entries that remain: main, and everything beside Rails. */
  readonly entries: TopologyEntry[];
  /** Databases that GitLab no longer sees; empty when ci and sec are in main's database. */
  readonly hidden: HiddenDatabase[];
}

/** Data of ci and sec, for the list of what single-database mode hides. */
const HOLDS: { readonly [name: string]: string } = {
  ci: "pipelines, jobs, runners, artifacts and CI variables (gitlab_ci), and its own rows of the shared tables",
  sec: "vulnerabilities and other security data (gitlab_sec), and its own rows of the shared tables",
};

/** All logical databases: main first, then ci, sec, embedding, geo, registry, praefect, openbao and the components. @internal */
export function topologyEntries(databases: GitlabDatabases, identities: ServerIdentities): TopologyEntry[] {
  const entries: TopologyEntry[] = [];
  const add = (
    name: string,
    kind: GitlabDatabaseKind,
    database: IDatabase | undefined,
    settings?: GitlabDatabaseSettings,
  ) => {
    if (!database) return;
    const physical = identities.physical(database);
    const owner = entries.find((each) => each.physical === physical);
    // Rails falls back to main where sec has no entry, and only there.
    if (name === "sec" && owner?.name === "main") return;
    entries.push({
      name,
      kind,
      database,
      direct: directDatabase(database),
      physical,
      databaseTasks: owner === undefined,
      sharesWith: owner?.name,
      settings: withFallback(databases.settings, settings),
    });
  };
  const { entrySettings: own = {} } = databases;
  add("main", GitlabDatabaseKind.RAILS, databases.main, own.main);
  add("ci", GitlabDatabaseKind.RAILS, databases.ci ?? databases.main, own.ci);
  add("sec", GitlabDatabaseKind.RAILS, databases.sec, own.sec);
  add("embedding", GitlabDatabaseKind.RAILS, databases.embedding, own.embedding);
  add("geo", GitlabDatabaseKind.GEO, databases.geo);
  add("registry", GitlabDatabaseKind.COMPONENT, databases.registry);
  add("praefect", GitlabDatabaseKind.COMPONENT, databases.praefect);
  add("openbao", GitlabDatabaseKind.COMPONENT, databases.openbao);
  for (const { name, database } of databases.components ?? []) {
    add(name, GitlabDatabaseKind.COMPONENT, database);
  }
  return entries;
}

/** Entries in single-database mode: without ci and sec. Embedding and the components beside Rails are not affected. @internal */
export function singleDatabaseView(entries: readonly TopologyEntry[]): SingleDatabaseView {
  const main = entries[0]?.physical;
  const folded = (entry: TopologyEntry) => entry.name === "ci" || entry.name === "sec";
  return {
    entries: entries.filter((entry) => !folded(entry)),
    hidden: entries
      .filter((entry) => folded(entry) && entry.physical !== main)
      .map(({ name, database }) => ({ name, database, holds: HOLDS[name] ?? name })),
  };
}

/** True if clients reach an entry through a pooler or proxy of its server. @internal */
export function isBehindPooler(entry: TopologyEntry): boolean {
  return entry.database !== entry.direct;
}
