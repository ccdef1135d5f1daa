import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { DatabaseLogin, IDatabase, IDatabaseServer } from "../../database";
import { isResolved, requireProps, SynthChecks, terraformCall } from "../../database/private";
import type { ISqlBackend, SqlSetting } from "../../sql";
import { ComponentObjects, DatabaseObjects } from "../../sql";
import { STATEMENT_TIMEOUT_MS } from "../topology/data/server-rules";
import type { IDatabaseTopology } from "../topology/database-topology";
import type { TopologyEntry } from "../topology/topology-entry";
import { GitlabSql } from "./gitlab-sql";

/** Options of the SQL objects of a topology. */
export interface GitlabObjectsOptions {
  /**
   * Login with read access to the whole database of the registry, for backups. @default - none
   *
   * @see https://docs.gitlab.com/administration/packages/container_registry_metadata_database/
   */
  readonly registryBackupLogin?: DatabaseLogin;
  /** Objects of other components on the topology's servers, such as one that has more than a database. @default - none */
  readonly furtherComponents?: ComponentObjects[];
  /** Servers to describe. @default - all servers of the topology */
  readonly servers?: IDatabaseServer[];
  /**
   * `statement_timeout` of Rails' databases if neither the entry's settings nor the server's parameters set it, 15000 to 60000 ms;
   * 0 sets none. @default 60000
   *
   * @see https://www.postgresql.org/docs/current/runtime-config-client.html#GUC-STATEMENT-TIMEOUT
   */
  readonly statementTimeoutMs?: number;
}

/** Properties of `GitlabObjects`. */
export interface GitlabObjectsProps extends GitlabObjectsOptions {
  /** Topology of the databases. */
  readonly topology: IDatabaseTopology;
  /** Back end that runs the SQL. */
  readonly backend: ISqlBackend;
  /** Resources that must exist first, beside the servers. @default - none */
  readonly dependsOn?: ITerraformDependable[];
}

/** SQL objects of one server of a topology. */
export interface GitlabServerObjects {
  /** Name of the first entry on the server, such as `main`; part of construct ids. */
  readonly name: string;
  /** The server. */
  readonly server: IDatabaseServer;
  /** Objects of the components on the server. */
  readonly components: ComponentObjects[];
}

const RAILS = ["main", "ci", "sec"];

/**
 * Logins, databases and extensions of all components of GitLab, on all servers of a topology. Each component has a separate login
 * and access to its own database only. A `GitlabRelease` creates them itself unless `databaseSetup` names them.
 *
 * @see https://docs.gitlab.com/install/postgresql_extensions/
 *
 * @example
 * const objects = new GitlabObjects(this, "objects", { topology, backend });
 */
export class GitlabObjects extends Construct {
  /**
   * Descriptions for each server, to create the objects with `DatabaseObjects`.
   *
   * @param topology topology of the databases.
   * @param options servers and settings.
   */
  public static describe(
    topology: IDatabaseTopology,
    options: GitlabObjectsOptions = {},
  ): GitlabServerObjects[] {
    const servers = new Map<IDatabaseServer, TopologyEntry[]>();
    // An entry without tasks shares the database of another entry, which describes it.
    for (const entry of topology.entries.filter(({ databaseTasks }) => databaseTasks)) {
      const { server } = entry.direct;
      if (options.servers && !options.servers.includes(server)) continue;
      servers.set(server, [...(servers.get(server) ?? []), entry]);
    }
    return [...servers].map(([server, entries]) => ({
      name: (entries[0] as TopologyEntry).name,
      server,
      components: [
        ...componentsOf(entries, options),
        ...(options.furtherComponents ?? []).filter(({ sources }) =>
          sources.some((s) => s.server === server),
        ),
      ],
    }));
  }

  /** Objects of each server; the ids of the children are `Server-main` and so on, after the first entry on the server. */
  public readonly objects: DatabaseObjects[];
  /** Resources that must exist before migrations and GitLab, which are complete when all objects exist. */
  public readonly dependables: ITerraformDependable[];

  public constructor(scope: Construct, id: string, props: GitlabObjectsProps) {
    super(scope, id);
    requireProps(this.node.path, "GITLAB-DB", props, { topology: true, backend: true });
    const { min, max } = STATEMENT_TIMEOUT_MS;
    const { statementTimeoutMs } = props;
    new SynthChecks(this, "GITLAB-DB").check(
      "statementTimeoutMs",
      statementTimeoutMs,
      () => statementTimeoutMs === 0 || isWithin(statementTimeoutMs, min, max),
      `must be 0 or a whole number from ${min} to ${max} ms`,
    );
    this.objects = GitlabObjects.describe(props.topology, props).map(
      ({ name, server, components }) =>
        new DatabaseObjects(this, `Server-${name}`, {
          server,
          components,
          backend: props.backend,
          dependsOn: props.dependsOn,
        }),
    );
    this.dependables = this.objects.flatMap(({ dependables }) => dependables);
  }
}

function componentsOf(entries: readonly TopologyEntry[], options: GitlabObjectsOptions): ComponentObjects[] {
  const rails = entries.filter(({ name }) => RAILS.includes(name));
  const components = entries
    .filter((entry) => !rails.includes(entry))
    .map((entry) => withSettings(componentOf(entry, options), [entry], options));
  const [first, ...others] = rails;
  if (!first) return components;
  const of = (name: string): IDatabase | undefined => rails.find((entry) => entry.name === name)?.direct;
  const application =
    first.name === "main"
      ? GitlabSql.rails({ main: first.direct, ci: of("ci"), sec: of("sec") })
      : others.length === 0
        ? GitlabSql.railsDatabase(`gitlab-${first.name}`, first.direct)
        : GitlabSql.rails({ main: first.direct, ci: (others[0] as TopologyEntry).direct });
  return [withSettings(application, rails, options), ...components];
}

function componentOf(entry: TopologyEntry, options: GitlabObjectsOptions): ComponentObjects {
  const { name, direct } = entry;
  switch (name) {
    case "geo":
      return GitlabSql.geo(direct);
    case "registry":
      return GitlabSql.registry(direct, { backupLogin: options.registryBackupLogin });
    case "praefect":
      return GitlabSql.praefect(direct);
    default:
      return ComponentObjects.fromDatabases(name, [direct]);
  }
}

/** Adds those settings of the entries that are set on databases. */
function withSettings(
  objects: ComponentObjects,
  entries: readonly TopologyEntry[],
  options: GitlabObjectsOptions,
): ComponentObjects {
  return new ComponentObjects({
    ...objects,
    databases: objects.databases.map((database) => {
      const entry = entries.find(({ direct }) => direct.databaseName === database.name);
      const settings = entry ? settingsOf(entry, options) : [];
      return settings.length === 0
        ? database
        : { ...database, settings: [...(database.settings ?? []), ...settings] };
    }),
  });
}

function settingsOf({ name, direct, settings }: TopologyEntry, options: GitlabObjectsOptions): SqlSetting[] {
  const { parameters } = direct.server;
  const fallback =
    RAILS.includes(name) && parameters?.statement_timeout === undefined
      ? (options.statementTimeoutMs ?? STATEMENT_TIMEOUT_MS.max)
      : undefined;
  const timeout = settings.statementTimeoutMs ?? fallback;
  return timeout === undefined || timeout === 0 || !RAILS.includes(name)
    ? []
    : [
        {
          name: "statement_timeout",
          values: [isResolved(timeout) ? `${timeout}` : terraformCall("tostring", timeout)],
        },
      ];
}

function isWithin(value: number | undefined, min: number, max: number): boolean {
  return Number.isInteger(value) && (value as number) >= min && (value as number) <= max;
}
