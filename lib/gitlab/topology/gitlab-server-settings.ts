// The settings that GitLab asks of a server, in the words of each cloud: what a stack hands to its server's properties.

import { Cloud } from "../../database";
import { isResolved } from "../../database/private";
import type { SqlSetting } from "../../sql";
import { MIN_CONNECTIONS, STATEMENT_TIMEOUT_MS } from "./data/server-rules";
import {
  COMMON_PARAMETERS,
  EXTENSIONS,
  PRELOAD,
  RDS_REPLICA_PARAMETERS,
  REPLICA_PARAMETERS,
  SELF_MANAGED_PARAMETERS,
} from "./data/server-settings";

interface Parameters {
  readonly [name: string]: string;
}

/** Options of `GitlabServerSettings`. */
export interface GitlabServerSettingsOptions {
  /** `max_connections`, 400 or more, such as a `ConnectionPlanner` recommends; equal on primary and replicas. @default 400 */
  readonly maxConnections?: number;
  /** How long a statement may run, 15000 to 60000 ms. @default 60000 - the Linux package's */
  readonly statementTimeoutMs?: number;
  /** Statements that take longer than this are logged, in milliseconds; -1 logs none. @default 1000 */
  readonly slowQueryMs?: number;
}

/**
 * What a server needs for GitLab, by cloud.
 *
 * @example
 * const settings = GitlabServerSettings.on(Cloud.AWS);
 * const props = { maxConnections: settings.maxConnections, parameters: settings.parameters };
 */
export class GitlabServerSettings {
  /**
   * The settings on a cloud.
   *
   * @param cloud where the server runs.
   * @param options what differs from the defaults.
   * @throws Error for a number that GitLab does not take, since a server with it would be refused.
   */
  public static on(cloud: Cloud, options: GitlabServerSettingsOptions = {}): GitlabServerSettings {
    return new GitlabServerSettings(cloud, options);
  }

  /** `max_connections`, for the property `maxConnections`. */
  public readonly maxConnections: number;
  /** For the property `slowQueryMs`. */
  public readonly slowQueryMs: number;
  /** For the property `parameters` of the server. */
  public readonly parameters: { readonly [name: string]: string };
  /** For the property `parameters` of each read replica. Azure's replicas take the rest over from the primary. */
  public readonly replicaParameters: { readonly [name: string]: string };
  /** For the property `extensions` on Azure (`azure.extensions`); the other clouds have no such list. */
  public readonly extensions: string[];
  /** What the server cannot take, for each of GitLab's databases in SQL: `statement_timeout` on Cloud SQL. */
  public readonly databaseSettings: SqlSetting[];

  private constructor(cloud: Cloud, options: GitlabServerSettingsOptions) {
    const { maxConnections = MIN_CONNECTIONS, statementTimeoutMs = STATEMENT_TIMEOUT_MS.max } = options;
    within("maxConnections", maxConnections, MIN_CONNECTIONS, 262_143);
    within("statementTimeoutMs", statementTimeoutMs, STATEMENT_TIMEOUT_MS.min, STATEMENT_TIMEOUT_MS.max);
    this.maxConnections = maxConnections;
    this.slowQueryMs = options.slowQueryMs ?? 1000;
    this.extensions = [...EXTENSIONS];
    const timeout: Parameters = cloud === Cloud.GOOGLE ? {} : { statement_timeout: `${statementTimeoutMs}` };
    this.databaseSettings =
      cloud === Cloud.GOOGLE ? [{ name: "statement_timeout", values: [`${statementTimeoutMs}`] }] : [];
    const preload: Parameters =
      cloud === Cloud.AWS || cloud === Cloud.SELF_MANAGED ? { shared_preload_libraries: PRELOAD } : {};
    const self: Parameters =
      cloud === Cloud.SELF_MANAGED
        ? {
            ...SELF_MANAGED_PARAMETERS,
            max_connections: `${maxConnections}`,
            log_min_duration_statement: `${this.slowQueryMs}`,
          }
        : {};
    const common = { ...COMMON_PARAMETERS, ...timeout, ...preload, ...self };
    const feedback = cloud === Cloud.AWS ? RDS_REPLICA_PARAMETERS : REPLICA_PARAMETERS;
    this.parameters = common;
    this.replicaParameters = cloud === Cloud.AZURE ? feedback : { ...common, ...feedback };
  }
}

function within(name: string, value: number, min: number, max: number): void {
  if (isResolved(value) && !(Number.isInteger(value) && value >= min && value <= max)) {
    throw new Error(
      `GitlabServerSettings: ${name} is ${value}: allowed is a whole number from ${min} to ${max}`,
    );
  }
}
