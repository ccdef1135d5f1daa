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
  /**
   * `max_connections`, at least 400, such as the recommendation of a `ConnectionPlanner`; equal on primary and replicas. @default 400
   *
   * @see https://www.postgresql.org/docs/current/runtime-config-connection.html#GUC-MAX-CONNECTIONS
   */
  readonly maxConnections?: number;
  /**
   * `statement_timeout`, 15000 to 60000 ms. @default 60000 - that of the Linux package
   *
   * @see https://www.postgresql.org/docs/current/runtime-config-client.html#GUC-STATEMENT-TIMEOUT
   */
  readonly statementTimeoutMs?: number;
  /**
   * Duration above which statements are logged, in milliseconds; -1 disables it. @default 1000
   *
   * @see https://www.postgresql.org/docs/current/runtime-config-logging.html#GUC-LOG-MIN-DURATION-STATEMENT
   */
  readonly slowQueryMs?: number;
}

/**
 * Settings of a PostgreSQL server that GitLab requires or recommends, for the properties of a cloud's server.
 *
 * @see https://docs.gitlab.com/administration/postgresql/tune/
 *
 * @example
 * const settings = GitlabServerSettings.forCloud(Cloud.AWS);
 * const props = { maxConnections: settings.maxConnections, parameters: settings.parameters };
 */
export class GitlabServerSettings {
  /**
   * Settings of a server on a cloud.
   *
   * @param cloud cloud on which the server runs.
   * @param options settings that differ from the defaults.
   * @throws Error for a number that GitLab does not accept.
   */
  public static forCloud(cloud: Cloud, options: GitlabServerSettingsOptions = {}): GitlabServerSettings {
    return new GitlabServerSettings(cloud, options);
  }

  /** Value of the property `maxConnections`. */
  public readonly maxConnections: number;
  /** Value of the property `slowQueryMs`. */
  public readonly slowQueryMs: number;
  /** Value of the property `parameters` of the server. */
  public readonly parameters: { readonly [name: string]: string };
  /** Value of the property `parameters` of each read replica. Azure's replicas inherit the rest from the primary. */
  public readonly replicaParameters: { readonly [name: string]: string };
  /** Value of the property `extensions` on Azure (`azure.extensions`); other clouds have no such list. */
  public readonly extensions: string[];
  /** Settings for each database in SQL, where the server has none: `statement_timeout` on Cloud SQL. */
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
      `GITLAB-DB-SERVER-SETTINGS: GitlabServerSettings.${name} must be a whole number from ${min} to ${max} (got ${value})`,
    );
  }
}
