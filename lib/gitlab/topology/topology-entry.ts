import type { IDatabase } from "../../database";
import type { GitlabDatabaseSettings } from "./database-settings";

/** What a logical database belongs to. */
export enum GitlabDatabaseKind {
  /** The Rails application: main, ci, sec, embedding. */
  RAILS = "rails",
  /** The tracking database of a Geo secondary site. */
  GEO = "geo",
  /** A component beside Rails: the registry, Praefect, OpenBao, or one of the user's. */
  COMPONENT = "component",
}

/** A logical database of a topology. */
export interface TopologyEntry {
  /** GitLab's name: main, ci, sec, embedding, geo, registry, praefect, openbao, or a component's. */
  readonly name: string;
  /** What it belongs to. */
  readonly kind: GitlabDatabaseKind;
  /** The database as clients reach it, through a pooler where there is one. */
  readonly database: IDatabase;
  /** The same database past poolers and proxies: for migrations, backups and restores. */
  readonly direct: IDatabase;
  /** The identity of the physical database: the same text for the same one. Not an address. */
  readonly physical: string;
  /** Whether migrations run over this entry. False where another entry of the same physical database has them. */
  readonly databaseTasks: boolean;
  /** The entry whose physical database this one uses as well. @default - a database of its own */
  readonly sharesWith?: string;
  /** Settings, with those of the whole topology where the entry has none. */
  readonly settings: GitlabDatabaseSettings;
}

/** The database of a component that has no name here. */
export interface ComponentDatabase {
  /** The component's name, once per topology: lower-case letters, digits, `_` and `-`, a letter first. */
  readonly name: string;
  /** Its database, with an owner of its own. */
  readonly database: IDatabase;
}

/** Data that an installation does not see in single-database mode. */
export interface HiddenDatabase {
  /** The entry's name, such as `ci`. */
  readonly name: string;
  /** The database, which stays as it is. */
  readonly database: IDatabase;
  /** What is in it, in words. */
  readonly holds: string;
}

/** A topology as it is in single-database mode. */
export interface SingleDatabaseView {
  /** The entries that remain: main, and everything beside Rails. */
  readonly entries: TopologyEntry[];
  /** What GitLab no longer sees; empty when ci and sec are in main's database. */
  readonly hidden: HiddenDatabase[];
}
