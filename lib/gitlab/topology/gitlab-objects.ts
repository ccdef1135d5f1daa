// The SQL objects of a topology: for each server the logins, databases and extensions of all components there, so that each
// component has a login of its own and reaches nobody else's database.

import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { DatabaseLogin, IDatabase, IDatabaseServer } from "../../database";
import { isResolved, SynthChecks, terraformCall } from "../../database/private";
import type { ISqlBackend, SqlSetting } from "../../sql";
import { ComponentObjects, DatabaseObjects } from "../../sql";
import { GitlabSql } from "../sql/gitlab-sql";
import { STATEMENT_TIMEOUT_MS } from "./data/server-rules";
import type { IDatabaseTopology } from "./database-topology";
import type { TopologyEntry } from "./topology-entry";

/** Options of the descriptions that `GitlabObjects` makes. */
export interface GitlabObjectsOptions {
  /** A login that reads all of the registry's database, for backups. @default - none */
  readonly registryBackupLogin?: DatabaseLogin;
  /** Objects of other components on the topology's servers, such as one that has more than a database. @default - none */
  readonly furtherComponents?: ComponentObjects[];
  /** Servers to describe. @default - all servers of the topology */
  readonly servers?: IDatabaseServer[];
  /**
   * `statement_timeout` of GitLab's databases where neither the entry's settings nor the server's parameters say it, 15000 to
   * 60000 ms; 0 sets none. @default 60000
   */
  readonly statementTimeoutMs?: number;
}

/** Properties of `GitlabObjects`. */
export interface GitlabObjectsProps extends GitlabObjectsOptions {
  /** The databases. */
  readonly topology: IDatabaseTopology;
  /** Where the SQL runs. */
  readonly backend: ISqlBackend;
  /** What has to exist first, beside the servers. @default - nothing */
  readonly dependsOn?: ITerraformDependable[];
}

/** What one server of a topology needs. */
export interface GitlabServerObjects {
  /** The first entry on the server, such as `main`: names what belongs to the server. */
  readonly name: string;
  /** The server. */
  readonly server: IDatabaseServer;
  /** What the components need there. */
  readonly components: ComponentObjects[];
}

const RAILS = ["main", "ci", "sec"];

/**
 * Logins, databases and extensions of all of GitLab's components, on all servers of a topology.
 *
 * @example
 * const objects = new GitlabObjects(this, "objects", { topology, backend });
 */
export class GitlabObjects extends Construct {
  /**
   * The descriptions alone, for a `DatabaseObjects` of one's own.
   *
   * @param topology the databases.
   * @param options what differs from the defaults.
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

  /** The objects of each server, by the first entry there: `Server-main` and so on are the children's ids. */
  public readonly objects: DatabaseObjects[];
  /** What has been done when all is as described; migrations and GitLab depend on it. */
  public readonly dependables: ITerraformDependable[];

  public constructor(scope: Construct, id: string, props: GitlabObjectsProps) {
    super(scope, id);
    const { min, max } = STATEMENT_TIMEOUT_MS;
    const { statementTimeoutMs } = props;
    new SynthChecks(this).check(
      "statementTimeoutMs",
      statementTimeoutMs,
      () => statementTimeoutMs === 0 || isWithin(statementTimeoutMs, min, max),
      `allowed is 0 or a whole number from ${min} to ${max} ms`,
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

/** The settings of an entry that a database can carry. */
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
