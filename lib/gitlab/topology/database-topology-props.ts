import type { IDatabase } from "../../database";
import type { GitlabVersion } from "../planning/gitlab-version";
import type { GitlabDatabaseSettings } from "./database-settings";
import type { ServerAlias } from "./physical-identity";
import type { ComponentDatabase } from "./topology-entry";

/** Properties of a `DatabaseTopology`. Every database may be one behind a pooler or a proxy. */
export interface DatabaseTopologyProps {
  /** GitLab's version, which decides the PostgreSQL that it takes. */
  readonly version: GitlabVersion;
  /** The main database, `gitlabhq_production` by custom. */
  readonly main: IDatabase;
  /**
   * The database of CI. One of its own is a beta feature of GitLab and a way without return.
   * @default - main's database, over a connection of its own, as GitLab does it since 16.0
   */
  readonly ci?: IDatabase;
  /** The database of security data. Main's own is the same as none. @default - in main's database */
  readonly sec?: IDatabase;
  /** The database of embeddings; its structure is another than main's, so it never is in main's. @default - none */
  readonly embedding?: IDatabase;
  /** The tracking database; makes this a Geo secondary site. @default - none */
  readonly geo?: IDatabase;
  /** The container registry's metadata. @default - the registry keeps them in object storage */
  readonly registry?: IDatabase;
  /** Praefect's database. @default - no Gitaly Cluster */
  readonly praefect?: IDatabase;
  /** OpenBao's database. @default - none */
  readonly openbao?: IDatabase;
  /** The databases of other components. @default - none */
  readonly components?: ComponentDatabase[];
  /**
   * Whether ci or sec may be in a database of its own (`GITLAB_ALLOW_SEPARATE_CI_DATABASE`): GitLab refuses it otherwise, and
   * there is no way back. Required for such a topology, and for no other. @default false
   */
  readonly allowSeparateCiDatabase?: boolean;
  /** Whether the installation is part of a Geo deployment, as primary or secondary site. @default - whether `geo` is given */
  readonly geoSites?: boolean;
  /**
   * Whether GitLab runs in single-database mode: one connection, to main, whatever ci and sec are given. What they hold is not
   * visible then. GitLab supports it no longer from 17.0 on. @default false
   */
  readonly singleDatabaseMode?: boolean;
  /** Settings of all connections. @default - GitLab's own */
  readonly settings?: GitlabDatabaseSettings;
  /** Settings of single entries, by the entry's name; each wins over the global one. @default - none */
  readonly entrySettings?: { readonly [entry: string]: GitlabDatabaseSettings };
  /** Servers that two constructs stand for. @default - none; the same host and port are found without */
  readonly aliases?: ServerAlias[];
}
