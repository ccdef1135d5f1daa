// GitLab's arithmetic of connections (docs.gitlab.com "Tune PostgreSQL", read 2026-11). Each process keeps a pool for each configured
// connection, main and ci, even if both are one database; therefore a small installation already needs 286.

import type { ConnectionConsumer } from "../../database";
import { isResolved, SynthChecks } from "../../database/private";
import { MIN_CONNECTIONS } from "../topology/data/server-rules";
import type { IDatabaseTopology } from "../topology/database-topology";
import type { GitlabSize } from "./gitlab-size";

/** Properties of a `ConnectionPlanner`; all are whole numbers known at synth. */
export interface ConnectionPlannerProps {
  /**
   * Puma workers on each Rails node or webservice pod, at least 0.
   *
   * @see https://docs.gitlab.com/administration/postgresql/tune/#puma
   */
  readonly pumaWorkers: number;
  /**
   * Number of Rails nodes or webservice pods. @default 1
   *
   * @see https://docs.gitlab.com/administration/postgresql/tune/#puma
   */
  readonly railsNodes?: number;
  /**
   * Maximum number of threads of a Puma worker, at least 1. @default 4
   *
   * @see https://docs.gitlab.com/administration/postgresql/tune/#puma
   */
  readonly pumaThreads?: number;
  /**
   * Sidekiq processes on each Sidekiq node or pod, at least 0.
   *
   * @see https://docs.gitlab.com/administration/postgresql/tune/#sidekiq
   */
  readonly sidekiqProcesses: number;
  /**
   * Number of Sidekiq nodes or pods. @default 1
   *
   * @see https://docs.gitlab.com/administration/postgresql/tune/#sidekiq
   */
  readonly sidekiqNodes?: number;
  /**
   * Concurrent jobs of a Sidekiq process, at least 1. @default 20
   *
   * @see https://docs.gitlab.com/administration/postgresql/tune/#sidekiq
   */
  readonly sidekiqConcurrency?: number;
  /**
   * Number of Rails nodes of Geo secondary sites, each with a log cursor. @default 0
   *
   * @see https://docs.gitlab.com/administration/postgresql/tune/#plan-your-database-connections
   */
  readonly geoSecondaryNodes?: number;
  /**
   * Connections beyond the threads in each process (`DB_POOL_HEADROOM`). @default 10
   *
   * @see https://docs.gitlab.com/administration/postgresql/tune/#plan-your-database-connections
   */
  readonly headroom?: number;
  /**
   * Number of configured connections: main and ci, and sec if it is configured [inferred], 1 to 3. @default 2
   *
   * @see https://docs.gitlab.com/administration/postgresql/multiple_databases/
   */
  readonly connections?: number;
  /**
   * Number of PgBouncer nodes or pods; 0 for no pooler. @default 0
   *
   * @see https://docs.gitlab.com/administration/postgresql/pgbouncer/
   */
  readonly poolerNodes?: number;
  /**
   * `max_connections` of the server. @default - the recommended number
   *
   * @see https://www.postgresql.org/docs/current/runtime-config-connection.html#GUC-MAX-CONNECTIONS
   */
  readonly maxConnections?: number;
  /** Number of vCPUs of the server. @default - unknown, so without a warning */
  readonly vcpu?: number;
}

/** Settings of PgBouncer. */
export interface PoolerPlan {
  /** Number of PgBouncer nodes or pods. */
  readonly nodes: number;
  /** `max_client_conn` of each. */
  readonly maxClientConn: number;
  /** `default_pool_size` of each, as GitLab documents it: for a single pool of one database and user. */
  readonly defaultPoolSize: number;
  /** `default_pool_size` of each if every configured connection has a separate pool, so that all fit into the server. */
  readonly poolSizePerConnection: number;
}

const CONNECTIONS_PER_VCPU = 10;

/**
 * Planner of database connections: the number that a GitLab installation opens, and the settings of server and pooler for it.
 *
 * @see https://docs.gitlab.com/administration/postgresql/tune/
 *
 * @example
 * const planner = new ConnectionPlanner({ pumaWorkers: 8, sidekiqProcesses: 1, vcpu: 8 });
 * const demand = planner.demand; // 286
 */
export class ConnectionPlanner {
  /**
   * Plan of a size, with all its Puma workers and Sidekiq processes.
   *
   * @param size size of the installation.
   * @param connections number of configured connections, 1 to 3. @default 2
   * @param poolerNodes number of PgBouncer nodes or pods. @default - that of the size
   */
  public static ofSize(size: GitlabSize, connections?: number, poolerNodes?: number): ConnectionPlanner {
    return new ConnectionPlanner({
      pumaWorkers: size.webserviceWorkers,
      sidekiqProcesses: size.sidekiqProcesses,
      connections,
      poolerNodes: poolerNodes ?? size.pgbouncerNodes,
      vcpu: size.database.vcpu,
    });
  }

  /** Number of connections that all processes together may open. */
  public readonly demand: number;
  /** Number of configured connections. */
  public readonly connections: number;
  /** Minimum `max_connections` of the server: the demand without a pooler, and at least 400. */
  public readonly recommendedMaxConnections: number;
  /** Settings of the pooler; not set without one. */
  public readonly pooler?: PoolerPlan;
  /** Warnings about settings that do not fit the demand. */
  public readonly warnings: string[];
  private readonly puma: { readonly nodes: number; readonly each: number };
  private readonly sidekiq: { readonly nodes: number; readonly each: number };
  private readonly geo: { readonly nodes: number; readonly each: number };

  /**
   * @param props processes and servers.
   * @throws Error for numbers out of range; all of them are named.
   */
  public constructor(props: ConnectionPlannerProps) {
    check(props);
    const { headroom = 10, connections = 2, poolerNodes = 0, maxConnections, vcpu } = props;
    this.connections = connections;
    this.puma = {
      nodes: props.railsNodes ?? 1,
      each: props.pumaWorkers * ((props.pumaThreads ?? 4) + headroom),
    };
    this.sidekiq = {
      nodes: props.sidekiqNodes ?? 1,
      each: props.sidekiqProcesses * ((props.sidekiqConcurrency ?? 20) + 1 + headroom),
    };
    this.geo = { nodes: props.geoSecondaryNodes ?? 0, each: 1 + headroom };
    const perConnection = [this.puma, this.sidekiq, this.geo].reduce((sum, p) => sum + p.nodes * p.each, 0);
    this.demand = connections * perConnection;
    this.recommendedMaxConnections = Math.max(MIN_CONNECTIONS, poolerNodes > 0 ? 0 : this.demand);
    if (poolerNodes > 0) {
      const server = maxConnections ?? this.recommendedMaxConnections;
      this.pooler = {
        nodes: poolerNodes,
        maxClientConn: Math.ceil((2 * this.demand) / poolerNodes),
        // PgBouncer takes 0 for no limit.
        defaultPoolSize: Math.max(1, Math.floor(server / poolerNodes)),
        poolSizePerConnection: Math.max(1, Math.floor(server / poolerNodes / connections)),
      };
    }
    this.warnings = this.judge(vcpu, maxConnections);
  }

  /**
   * Consumers for the connection budget of a server or of a pooler's entry.
   *
   * @param name name of the installation, for messages.
   * @param connections number of the configured connections to this server. @default - all
   * @param surge share of extra pods in a rolling update, 0 to 1; 0 for nodes that are not replaced. @default 0.25
   */
  public consumers(name: string, connections?: number, surge?: number): ConnectionConsumer[] {
    const factor = connections ?? this.connections;
    return [
      { name: `${name} (Puma)`, ...this.puma },
      { name: `${name} (Sidekiq)`, ...this.sidekiq },
      { name: `${name} (Geo log cursor)`, ...this.geo },
    ]
      .filter(({ nodes, each }) => nodes * each * factor > 0)
      .map(({ name: who, nodes, each }) => ({ name: who, replicas: nodes, surge, poolMax: each * factor }));
  }

  /**
   * Adds the consumers to the connection budgets of a topology: for each of main, ci and sec to its server, or to the pooler in front
   * of it. Warnings are reported at the topology.
   *
   * @param topology topology with as many configured connections as the plan.
   * @param surge share of extra pods in a rolling update, 0 to 1. @default 0.25
   */
  public addTo(topology: IDatabaseTopology, surge?: number): void {
    const checks = new SynthChecks(topology, "GITLAB-DB");
    const entries = topology.rails.filter(({ name }) => name !== "embedding");
    if (entries.length !== this.connections) {
      checks.fail(
        "connections",
        this.connections,
        `must be ${entries.length}, as configured in the topology: ${entries.map(({ name }) => name).join(", ")}`,
      );
    }
    for (const { name, database } of entries) {
      for (const consumer of this.consumers(`${topology.node.path} ${name}`, 1, surge)) {
        database.server.connectionBudget.add(consumer);
      }
    }
    for (const warning of this.warnings) checks.warn(`connections: ${warning}`, "connections");
  }

  private judge(vcpu: number | undefined, maxConnections: number | undefined): string[] {
    const warnings: string[] = [];
    if (this.pooler === undefined) {
      if (vcpu !== undefined && this.demand > CONNECTIONS_PER_VCPU * vcpu) {
        warnings.push(
          `GitLab may open ${this.demand} connections, and ${vcpu} vCPU support about ${CONNECTIONS_PER_VCPU * vcpu} (10 for each); use PgBouncer or a larger machine`,
        );
      }
      if (maxConnections !== undefined && maxConnections < this.demand) {
        warnings.push(
          `GitLab may open ${this.demand} connections, and max_connections is ${maxConnections}; raise it to ${this.recommendedMaxConnections} or use PgBouncer`,
        );
      }
    }
    if (this.pooler) {
      const { nodes, poolSizePerConnection } = this.pooler;
      const [pools, server] = [nodes * this.connections, maxConnections ?? this.recommendedMaxConnections];
      if (pools * poolSizePerConnection > server) {
        warnings.push(
          `${nodes} PgBouncer nodes have ${pools} pools, and max_connections is ${server}, so some pools get no connection; use fewer nodes or raise max_connections`,
        );
      }
    }
    if (maxConnections !== undefined && maxConnections < MIN_CONNECTIONS) {
      warnings.push(
        `max_connections must be at least ${MIN_CONNECTIONS}, as GitLab requires (got ${maxConnections})`,
      );
    }
    return warnings;
  }
}

const LIMITS: { readonly [property: string]: readonly [number, number] } = {
  pumaWorkers: [0, 100_000],
  railsNodes: [0, 10_000],
  pumaThreads: [1, 1_000],
  sidekiqProcesses: [0, 100_000],
  sidekiqNodes: [0, 10_000],
  sidekiqConcurrency: [1, 1_000],
  geoSecondaryNodes: [0, 10_000],
  headroom: [0, 1_000],
  connections: [1, 3],
  poolerNodes: [0, 1_000],
  maxConnections: [1, 262_143],
  vcpu: [1, 1_000],
};

const REQUIRED = ["pumaWorkers", "sidekiqProcesses"];

function check(props: ConnectionPlannerProps): void {
  const wrong = Object.entries(LIMITS).flatMap(([name, [min, max]]) => {
    const value = (props as unknown as { readonly [name: string]: unknown })[name];
    if (value === undefined && !REQUIRED.includes(name)) return [];
    const fine = isResolved(value) && Number.isInteger(value) && Number(value) >= min && Number(value) <= max;
    const seen = value === undefined ? "not set" : isResolved(value) ? String(value) : "not known at synth";
    return fine ? [] : [`${name} must be a whole number from ${min} to ${max} (got ${seen})`];
  });
  if (wrong.length > 0) throw new Error(`GITLAB-CONNECTIONS: ${wrong.join("; ")}`);
}
