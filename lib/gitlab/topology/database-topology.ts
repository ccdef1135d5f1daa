import type { ITerraformDependable, Precondition } from "cdktf";
import { Construct } from "constructs";
import type { IDatabase } from "../../database";
import { SynthChecks } from "../../database/private";
import type { GitlabVersion } from "../planning/gitlab-version";
import { type GitlabDatabaseSettings, withFallback } from "./database-settings";
import type { DatabaseTopologyProps } from "./database-topology-props";
import { directDatabase, distinctServers, ServerIdentities } from "./physical-identity";
import { serverPreconditions } from "./server-checks";
import { checkTopology } from "./topology-checks";
import {
  GitlabDatabaseKind,
  type HiddenDatabase,
  type SingleDatabaseView,
  type TopologyEntry,
} from "./topology-entry";

/** The props of a topology that `through` makes of another: its choices are noted there already. */
interface RepeatedProps extends DatabaseTopologyProps {
  readonly isRepeated?: boolean;
}

/** What ci and sec hold, for the view of what is missing. */
const HOLDS: { readonly [name: string]: string } = {
  ci: "pipelines, jobs, runners, artifacts and CI variables (gitlab_ci), and its own rows of the shared tables",
  sec: "vulnerabilities and other security data (gitlab_sec), and its own rows of the shared tables",
};

/**
 * GitLab's logical databases and the physical ones they are in. Which entries share a database is found from the servers, past
 * poolers and proxies, so that migrations run exactly once in each database. It creates nothing.
 *
 * @example
 * const topology = new DatabaseTopology(this, "topology", {
 *   version: GitlabVersion.of("18.5"),
 *   main: server.database("gitlabhq_production", { ownerName: "gitlab" }),
 *   registry: server.database("registry"),
 * });
 */
export class DatabaseTopology extends Construct {
  /** GitLab's version. */
  public readonly version: GitlabVersion;
  /** All logical databases: main first, then ci, sec, embedding, geo, registry, praefect, openbao and the components as given. */
  public readonly entries: TopologyEntry[];
  /** Whether ci or sec is in a physical database of its own. */
  public readonly isSplit: boolean;
  /** Whether `GITLAB_ALLOW_SEPARATE_CI_DATABASE` has to be set. */
  public readonly allowSeparateCiDatabase: boolean;
  /** Whether the installation is part of a Geo deployment. */
  public readonly geoSites: boolean;
  /** Whether GitLab runs over one connection, to main. */
  public readonly singleDatabaseMode: boolean;
  /** What GitLab does not see in single-database mode; empty in the other. */
  public readonly hidden: HiddenDatabase[];
  /** The settings of all connections. */
  public readonly settings: GitlabDatabaseSettings;
  /** What has to exist before anybody connects. */
  public readonly dependables: ITerraformDependable[];
  private readonly identities: ServerIdentities;
  private readonly props: DatabaseTopologyProps;

  public constructor(scope: Construct, id: string, props: DatabaseTopologyProps) {
    super(scope, id);
    const checks = new SynthChecks(this);
    this.props = props;
    this.version = props.version;
    this.settings = props.settings ?? {};
    this.identities = new ServerIdentities(props.aliases ?? []);
    this.singleDatabaseMode = props.singleDatabaseMode ?? false;
    this.geoSites = props.geoSites ?? props.geo !== undefined;
    this.allowSeparateCiDatabase = props.allowSeparateCiDatabase ?? false;
    const all = this.build(props);
    const view = single(all);
    this.entries = this.singleDatabaseMode ? view.entries : all;
    this.hidden = this.singleDatabaseMode ? view.hidden : [];
    this.isSplit = isSplit(this.entries);
    this.dependables = [
      ...new Set(this.entries.flatMap((e) => [...e.direct.dependables, ...e.database.dependables])),
    ];
    checkTopology(checks, this, props, all);
    if (this.isSplit && this.allowSeparateCiDatabase && !(props as RepeatedProps).isRepeated) {
      checks.optOut(
        "allowSeparateCiDatabase: ci or sec in a database of its own is a beta feature of GitLab, and there is no way back",
      );
    }
  }

  /** The entries of Rails: main, and of ci, sec and embedding those that are configured, in this order. */
  public get rails(): TopologyEntry[] {
    return this.entries.filter((entry) => entry.kind === GitlabDatabaseKind.RAILS);
  }

  /** The entry of main. */
  public get main(): TopologyEntry {
    return this.entries[0] as TopologyEntry;
  }

  /**
   * An entry by its name; nothing when the topology has none, such as `sec` in main's database.
   *
   * @param name main, ci, sec, embedding, geo, registry, praefect, openbao, or a component's name.
   */
  public entry(name: string): TopologyEntry | undefined {
    return this.entries.find((entry) => entry.name === name);
  }

  /**
   * The same topology with some of its databases behind a pooler. For the order in which things are made: the SQL objects come from
   * the topology of the servers, then the pooler with the users that those made, then GitLab with the topology through the pooler.
   *
   * @param scope where the new topology goes.
   * @param id its construct id.
   * @param databases the pooler's databases by the entry's name; the other entries stay as they are.
   */
  public through(
    scope: Construct,
    id: string,
    databases: { readonly [entry: string]: IDatabase },
  ): DatabaseTopology {
    const { props } = this;
    const components = props.components?.map(({ name, database }) => ({
      name,
      database: databases[name] ?? database,
    }));
    const { main, ci, sec, embedding, geo, registry, praefect, openbao } = { ...props, ...databases };
    const named = { main, ci, sec, embedding, geo, registry, praefect, openbao };
    const repeated: RepeatedProps = { ...props, ...named, components, isRepeated: true };
    const pooled = new DatabaseTopology(scope, id, repeated);
    const checks = new SynthChecks(pooled);
    for (const [name, database] of Object.entries(databases)) {
      const before = this.entry(name);
      if (before?.physical !== this.identities.physical(database)) {
        checks.fail(
          `databases.${name}`,
          database.databaseName,
          before
            ? `behind it is another database than ${this.node.path} has for ${name}`
            : `${this.node.path} has no such entry; there are ${this.entries.map((e) => e.name).join(", ")}`,
        );
      }
    }
    return pooled;
  }

  /** The topology as it would be in single-database mode, and what GitLab would no longer see. */
  public singleDatabase(): SingleDatabaseView {
    return this.singleDatabaseMode
      ? { entries: [...this.entries], hidden: [...this.hidden] }
      : single(this.entries);
  }

  /** What only Terraform can check, for the `lifecycle` of the resource that starts GitLab; empty when all is known. */
  public preconditions(): Precondition[] {
    return [...this.identityConditions(), ...serverPreconditions(this)];
  }

  private identityConditions(): Precondition[] {
    return this.entries.flatMap((one, index) =>
      this.entries.slice(index + 1).flatMap((other) => {
        // Databases of two names are two; those of one identity are one already.
        const same = one.direct.databaseName === other.direct.databaseName && one.physical !== other.physical;
        const [a, b] = [this.identities.of(one.direct.server), this.identities.of(other.direct.server)];
        return same ? distinctServers(`${one.name} and ${other.name}`, a, b) : [];
      }),
    );
  }

  private build(props: DatabaseTopologyProps): TopologyEntry[] {
    const entries: TopologyEntry[] = [];
    const add = (name: string, kind: GitlabDatabaseKind, database: IDatabase | undefined) => {
      if (!database) return;
      const physical = this.identities.physical(database);
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
        settings: withFallback(props.settings, props.entrySettings?.[name]),
      });
    };
    add("main", GitlabDatabaseKind.RAILS, props.main);
    add("ci", GitlabDatabaseKind.RAILS, props.ci ?? props.main);
    add("sec", GitlabDatabaseKind.RAILS, props.sec);
    add("embedding", GitlabDatabaseKind.RAILS, props.embedding);
    add("geo", GitlabDatabaseKind.GEO, props.geo);
    add("registry", GitlabDatabaseKind.COMPONENT, props.registry);
    add("praefect", GitlabDatabaseKind.COMPONENT, props.praefect);
    add("openbao", GitlabDatabaseKind.COMPONENT, props.openbao);
    for (const { name, database } of props.components ?? [])
      add(name, GitlabDatabaseKind.COMPONENT, database);
    return entries;
  }
}

function isSplit(entries: readonly TopologyEntry[]): boolean {
  const main = entries[0]?.physical;
  return entries.some((e) => (e.name === "ci" || e.name === "sec") && e.physical !== main);
}

/** Only main of ci, sec and itself: embedding and what is beside Rails is not touched by the mode. */
function single(entries: readonly TopologyEntry[]): SingleDatabaseView {
  const main = entries[0]?.physical;
  const folded = (entry: TopologyEntry) => entry.name === "ci" || entry.name === "sec";
  return {
    entries: entries.filter((entry) => !folded(entry)),
    hidden: entries
      .filter((entry) => folded(entry) && entry.physical !== main)
      .map(({ name, database }) => ({ name, database, holds: HOLDS[name] ?? name })),
  };
}
