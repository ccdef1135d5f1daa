import type { ITerraformDependable, Precondition } from "cdktf";
import { Construct, type IConstruct } from "constructs";
import type { IDatabase } from "../../database";
import { requireProps, SynthChecks } from "../../database/private";
import type { PgBouncer } from "../../pooling";
import type { GitlabVersion } from "../planning/gitlab-version";
import type { GitlabDatabaseSettings, GitlabEntrySettings } from "./database-settings";
import { distinctServers, type ServerAlias, ServerIdentities } from "./physical-identity";
import { serverPreconditions } from "./server-checks";
import { checkClientAccess, checkTopology } from "./topology-checks";
import {
  type ComponentDatabase,
  GitlabDatabaseKind,
  type HiddenDatabase,
  type SingleDatabaseView,
  singleDatabaseView,
  type TopologyEntry,
  topologyEntries,
} from "./topology-entry";

/**
 * Use of the metadata database by the container registry. A registry that has images already must be imported into the database
 * before it uses it; it does not start with a database that is enabled too early, or disabled after its use began.
 *
 * @see https://docs.gitlab.com/charts/charts/registry/metadata_database/#existing-registries
 * @see https://docs.gitlab.com/administration/packages/container_registry_metadata_database/
 */
export enum RegistryMetadata {
  /** The registry keeps its metadata in the database. */
  IN_USE = "in-use",
  /** Step one of the import in three steps: the database is configured, and the registry works with its object storage as before. */
  PRE_IMPORT = "pre-import",
  /** Step two, or the import in one step: as `PRE_IMPORT`, and the registry is read-only. */
  IMPORT = "import",
}

/**
 * GitLab's logical databases, and how Rails connects to them. Each may be a database behind a pooler or a proxy.
 *
 * @see https://docs.gitlab.com/administration/postgresql/multiple_databases/
 */
export interface GitlabDatabases {
  /** The main database, `gitlabhq_production` by convention. */
  readonly main: IDatabase;
  /**
   * The ci database. A separate physical database is a beta feature of GitLab that cannot be undone.
   * @default - main's database over a separate connection, as GitLab does it since 16.0
   */
  readonly ci?: IDatabase;
  /** The database of security data; main's database means the same as none. @default - in main's database */
  readonly sec?: IDatabase;
  /** The embedding database; its structure differs from main's, so it must be a separate database. @default - none */
  readonly embedding?: IDatabase;
  /** The tracking database of Geo; makes this a Geo secondary site. @default - none */
  readonly geo?: IDatabase;
  /** The metadata database of the container registry. @default - the registry keeps metadata in object storage */
  readonly registry?: IDatabase;
  /**
   * Use of the registry's metadata database. For a registry with images: `PRE_IMPORT`, `IMPORT`, then `IN_USE`, with
   * `registry database import` in between; an import in one step begins with `IMPORT`. Requires `registry`.
   * @default RegistryMetadata.IN_USE
   */
  readonly registryMetadata?: RegistryMetadata;
  /** The database of Praefect. @default - no Gitaly Cluster */
  readonly praefect?: IDatabase;
  /** The database of OpenBao. @default - none */
  readonly openbao?: IDatabase;
  /** Databases of other components. @default - none */
  readonly components?: ComponentDatabase[];
  /**
   * Allows ci or sec in a separate database (`GITLAB_ALLOW_SEPARATE_CI_DATABASE`); GitLab refuses it otherwise, and it cannot be
   * undone. Required for such a topology, refused for others. @default false
   */
  readonly allowSeparateCiDatabase?: boolean;
  /** True if the installation is a primary or secondary site of Geo. @default - true if `geo` is given */
  readonly geoSites?: boolean;
  /**
   * Runs GitLab in single-database mode: one connection, to main, whatever ci and sec are set to. Their data are not visible then.
   * Unsupported by GitLab since 17.0. @default false
   */
  readonly singleDatabaseMode?: boolean;
  /** Settings of all Rails connections. @default - GitLab's defaults */
  readonly settings?: GitlabDatabaseSettings;
  /** Settings of single Rails connections; each wins over `settings`. @default - none */
  readonly entrySettings?: GitlabEntrySettings;
  /** Constructs that describe the same server. @default - none; equal host and port are recognized without */
  readonly aliases?: ServerAlias[];
}

/** Properties of a `DatabaseTopology`. */
export interface DatabaseTopologyProps extends GitlabDatabases {
  /**
   * GitLab's version; decides which PostgreSQL versions are accepted.
   *
   * @see https://docs.gitlab.com/install/requirements/
   */
  readonly version: GitlabVersion;
}

/** A topology of GitLab's logical databases, with or without a pooler in front. */
export interface IDatabaseTopology extends IConstruct {
  /** GitLab's version. */
  readonly version: GitlabVersion;
  /** All logical databases: main first, then ci, sec, embedding, geo, registry, praefect, openbao and the components as given. */
  readonly entries: TopologyEntry[];
  /** Entries of the Rails application: main, and those of ci, sec and embedding that are configured, in this order. */
  readonly rails: TopologyEntry[];
  /** The main database. */
  readonly main: TopologyEntry;
  /** The ci database; not set in single-database mode. */
  readonly ci?: TopologyEntry;
  /** The sec database; not set if it is main's database. */
  readonly sec?: TopologyEntry;
  /** The embedding database; not set if there is none. */
  readonly embedding?: TopologyEntry;
  /** The tracking database of Geo; not set if there is none. */
  readonly geo?: TopologyEntry;
  /** The metadata database of the container registry; not set if there is none. */
  readonly registry?: TopologyEntry;
  /** Use of the registry's metadata database; not set if there is none. */
  readonly registryMetadata?: RegistryMetadata;
  /** The database of Praefect; not set if there is none. */
  readonly praefect?: TopologyEntry;
  /** The database of OpenBao; not set if there is none. */
  readonly openbao?: TopologyEntry;
  /** Databases of other components. */
  readonly components: TopologyEntry[];
  /** True if ci or sec is in a separate physical database. */
  readonly isSplit: boolean;
  /** True if `GITLAB_ALLOW_SEPARATE_CI_DATABASE` has to be set. */
  readonly allowSeparateCiDatabase: boolean;
  /** True if the installation is a site of Geo. */
  readonly geoSites: boolean;
  /** True if GitLab runs over one connection, to main. */
  readonly singleDatabaseMode: boolean;
  /** Databases that single-database mode hides; empty otherwise. */
  readonly hidden: HiddenDatabase[];
  /** Settings of all Rails connections. */
  readonly settings: GitlabDatabaseSettings;
  /** Resources that must exist before a client connects. */
  readonly dependables: ITerraformDependable[];
  /**
   * The same topology with those databases behind a pooler that the pooler has entries for; the others are unchanged. Migrations,
   * backups and `GitlabObjects` always connect past the pooler.
   *
   * @param pooler the pooler. If it has several entries for a database, the one named like the topology's entry is used.
   */
  pooledBy(pooler: PgBouncer): IDatabaseTopology;
  /** The topology in single-database mode, and the data that GitLab would no longer see. */
  singleDatabase(): SingleDatabaseView;
  /** Preconditions that only Terraform can check, for the resource that starts GitLab; empty if all values are known. */
  preconditions(): Precondition[];
}

/** State that a topology shares with its pooled ones. */
interface TopologyState {
  readonly version: GitlabVersion;
  readonly entries: TopologyEntry[];
  readonly hidden: HiddenDatabase[];
  readonly settings: GitlabDatabaseSettings;
  readonly geoSites: boolean;
  readonly allowSeparateCiDatabase: boolean;
  readonly singleDatabaseMode: boolean;
  readonly registryMetadata: RegistryMetadata;
  readonly identities: ServerIdentities;
}

/** Members that a topology and its pooled ones have in common. */
abstract class TopologyBase extends Construct implements IDatabaseTopology {
  public readonly version: GitlabVersion;
  public readonly entries: TopologyEntry[];
  public readonly rails: TopologyEntry[];
  public readonly main: TopologyEntry;
  public readonly ci?: TopologyEntry;
  public readonly sec?: TopologyEntry;
  public readonly embedding?: TopologyEntry;
  public readonly geo?: TopologyEntry;
  public readonly registry?: TopologyEntry;
  public readonly registryMetadata?: RegistryMetadata;
  public readonly praefect?: TopologyEntry;
  public readonly openbao?: TopologyEntry;
  public readonly components: TopologyEntry[];
  public readonly isSplit: boolean;
  public readonly allowSeparateCiDatabase: boolean;
  public readonly geoSites: boolean;
  public readonly singleDatabaseMode: boolean;
  public readonly hidden: HiddenDatabase[];
  public readonly settings: GitlabDatabaseSettings;
  public readonly dependables: ITerraformDependable[];
  readonly #state: TopologyState;
  readonly #pooled = new Map<PgBouncer, IDatabaseTopology>();

  protected constructor(scope: Construct, id: string, state: TopologyState) {
    super(scope, id);
    const { entries } = state;
    const named = (name: string) => entries.find((entry) => entry.name === name);
    this.#state = state;
    this.version = state.version;
    this.entries = entries;
    this.rails = entries.filter((entry) => entry.kind === GitlabDatabaseKind.RAILS);
    this.main = entries[0] as TopologyEntry;
    this.ci = named("ci");
    this.sec = named("sec");
    this.embedding = named("embedding");
    this.geo = named("geo");
    this.registry = named("registry");
    this.registryMetadata = this.registry && state.registryMetadata;
    this.praefect = named("praefect");
    this.openbao = named("openbao");
    this.components = entries.filter((entry) => isOtherComponent(entry));
    this.isSplit = isSplit(entries);
    this.allowSeparateCiDatabase = state.allowSeparateCiDatabase;
    this.geoSites = state.geoSites;
    this.singleDatabaseMode = state.singleDatabaseMode;
    this.hidden = state.hidden;
    this.settings = state.settings;
    this.dependables = [
      ...new Set(entries.flatMap((e) => [...e.direct.dependables, ...e.database.dependables])),
    ];
  }

  public pooledBy(pooler: PgBouncer): IDatabaseTopology {
    const made = this.#pooled.get(pooler) ?? new PooledTopology(this, pooler.node.id, this.#state, pooler);
    this.#pooled.set(pooler, made);
    return made;
  }

  public singleDatabase(): SingleDatabaseView {
    return this.singleDatabaseMode
      ? { entries: [...this.entries], hidden: [...this.hidden] }
      : singleDatabaseView(this.entries);
  }

  public preconditions(): Precondition[] {
    return [...this.identityConditions(), ...serverPreconditions(this)];
  }

  private identityConditions(): Precondition[] {
    const { identities } = this.#state;
    return this.entries.flatMap((one, index) =>
      this.entries.slice(index + 1).flatMap((other) => {
        // Databases of two names are two; those of one identity are one already.
        const same = one.direct.databaseName === other.direct.databaseName && one.physical !== other.physical;
        const [a, b] = [identities.of(one.direct.server), identities.of(other.direct.server)];
        return same ? distinctServers(`${one.name} and ${other.name}`, a, b) : [];
      }),
    );
  }
}

/**
 * GitLab's logical databases and the physical databases that they are in. It creates no resources. Entries that share a physical
 * database are found from the servers, past poolers and proxies, so that migrations run exactly once in each database.
 *
 * @see https://docs.gitlab.com/administration/postgresql/multiple_databases/
 *
 * @example
 * const topology = new DatabaseTopology(this, "topology", {
 *   version: GitlabVersion.of("18.5"),
 *   main: server.database("gitlabhq_production", { ownerName: "gitlab" }),
 *   registry: server.database("registry"),
 * });
 */
export class DatabaseTopology extends TopologyBase {
  public constructor(scope: Construct, id: string, props: DatabaseTopologyProps) {
    requireProps(`${scope.node.path}/${id}`, "GITLAB-DB", props, { version: true, main: true });
    const identities = new ServerIdentities(props.aliases ?? []);
    const all = topologyEntries(props, identities);
    const singleDatabaseMode = props.singleDatabaseMode ?? false;
    const { entries, hidden } = singleDatabaseMode ? singleDatabaseView(all) : { entries: all, hidden: [] };
    super(scope, id, {
      version: props.version,
      entries,
      hidden,
      settings: props.settings ?? {},
      geoSites: props.geoSites ?? props.geo !== undefined,
      allowSeparateCiDatabase: props.allowSeparateCiDatabase ?? false,
      singleDatabaseMode,
      registryMetadata: props.registryMetadata ?? RegistryMetadata.IN_USE,
      identities,
    });
    const checks = new SynthChecks(this, "GITLAB-DB");
    checkTopology(checks, this, props, all);
    if (this.isSplit && this.allowSeparateCiDatabase) {
      checks.optOut(
        "allowSeparateCiDatabase: ci or sec in a separate database is a beta feature of GitLab that cannot be undone",
      );
    }
  }
}

/** A topology with some databases behind a pooler. */
class PooledTopology extends TopologyBase {
  public constructor(scope: Construct, id: string, state: TopologyState, pooler: PgBouncer) {
    const ambiguous: TopologyEntry[] = [];
    const entries = state.entries.map((entry) => {
      const found = pooler.databases.filter((each) => state.identities.physical(each) === entry.physical);
      const database = found.find((each) => each.databaseName === entry.name) ?? found[0];
      if (found.length > 1 && database?.databaseName !== entry.name) ambiguous.push(entry);
      return database ? { ...entry, database } : entry;
    });
    super(scope, id, { ...state, entries });
    const checks = new SynthChecks(this, "GITLAB-DB");
    if (entries.every((entry, index) => entry === state.entries[index])) {
      checks.fail("pooler.entries", pooler, "must have a database of the topology");
    }
    for (const { name, direct } of ambiguous) {
      checks.fail(
        "pooler.entries",
        pooler,
        `must have one entry for the database ${direct.databaseName}, or one named ${name}`,
      );
    }
    checkClientAccess(checks, entries);
  }
}

function isSplit(entries: readonly TopologyEntry[]): boolean {
  const main = entries[0]?.physical;
  return entries.some((e) => (e.name === "ci" || e.name === "sec") && e.physical !== main);
}

function isOtherComponent({ name, kind }: TopologyEntry): boolean {
  return kind === GitlabDatabaseKind.COMPONENT && !["registry", "praefect", "openbao"].includes(name);
}
