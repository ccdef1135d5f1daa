// GitLab's own arithmetic of connections (docs.gitlab.com "Tune PostgreSQL", read 2026-11). Each process keeps a pool for each
// configured connection, main and ci, even when both are one database; that is why a small installation already asks for 286.

import type { ConnectionConsumer } from "../../database";
import { isResolved, SynthChecks } from "../../database/private";
import { MIN_CONNECTIONS } from "../topology/data/server-rules";
import type { IDatabaseTopology } from "../topology/database-topology";
import type { GitlabSize } from "./gitlab-size";

/** Properties of a `ConnectionPlanner`; all numbers are whole and known at synth. */
export interface ConnectionPlannerProps {
  /** Puma workers on each Rails node or webservice pod, 0 or more. */
  readonly pumaWorkers: number;
  /** Rails nodes or webservice pods. @default 1 */
  readonly railsNodes?: number;
  /** The most threads of a Puma worker, 1 or more. @default 4 */
  readonly pumaThreads?: number;
  /** Sidekiq processes on each Sidekiq node or pod, 0 or more. */
  readonly sidekiqProcesses: number;
  /** Sidekiq nodes or pods. @default 1 */
  readonly sidekiqNodes?: number;
  /** The jobs that a Sidekiq process works on at a time, 1 or more. @default 20 */
  readonly sidekiqConcurrency?: number;
  /** Rails nodes of Geo secondary sites, with a log cursor each. @default 0 */
  readonly geoSecondaryNodes?: number;
  /** Connections beyond the threads in each process (`DB_POOL_HEADROOM`). @default 10 */
  readonly headroom?: number;
  /** The configured connections: main and ci, and sec when it is configured [inferred], 1 to 3. @default 2 */
  readonly connections?: number;
  /** PgBouncer nodes or pods; 0 for no pooler. @default 0 */
  readonly poolerNodes?: number;
  /** The server's `max_connections`. @default - what is recommended */
  readonly maxConnections?: number;
  /** The server's virtual CPUs. @default - not known, so no warning */
  readonly vcpu?: number;
}

/** How PgBouncer is set. */
export interface PoolerPlan {
  /** PgBouncer nodes or pods. */
  readonly nodes: number;
  /** `max_client_conn` of each. */
  readonly maxClientConn: number;
  /** `default_pool_size` of each, as GitLab documents it: for one pool of a database and a user. */
  readonly defaultPoolSize: number;
  /** The same when each configured connection is a pool of its own, so that all together stay within the server. */
  readonly poolSizePerConnection: number;
}

const CONNECTIONS_PER_VCPU = 10;

/**
 * How many connections a GitLab installation opens, and what the server and the pooler have to be set to.
 *
 * @example
 * const planner = new ConnectionPlanner({ pumaWorkers: 8, sidekiqProcesses: 1, vcpu: 8 });
 * const demand = planner.demand; // 286
 */
export class ConnectionPlanner {
  /**
   * The plan of a size: all its Puma workers and Sidekiq processes.
   *
   * @param size the size.
   * @param connections the configured connections, 1 to 3. @default 2
   * @param poolerNodes PgBouncer nodes or pods. @default - the size's
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

  /** The connections that all processes together may open. */
  public readonly demand: number;
  /** The configured connections. */
  public readonly connections: number;
  /** What the server's `max_connections` has to be at least: the demand without a pooler, and never under 400. */
  public readonly recommendedMaxConnections: number;
  /** The pooler's settings; not set without one. */
  public readonly pooler?: PoolerPlan;
  /** What to look at, in the user's words. */
  public readonly warnings: string[];
  private readonly puma: { readonly nodes: number; readonly each: number };
  private readonly sidekiq: { readonly nodes: number; readonly each: number };
  private readonly geo: { readonly nodes: number; readonly each: number };

  /**
   * @param props the processes.
   * @throws Error when a number is none, since every other would be wrong; all of them are named.
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
   * Who connects, for the budget of a server or of a pooler's entry.
   *
   * @param name who it is, for messages.
   * @param connections how many of the configured connections lead there. @default - all
   * @param surge the share of extra pods in a rolling update, from 0 to 1; 0 for nodes that are not replaced. @default 0.25
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
   * Adds the processes to the budgets of a topology: for each of main, ci and sec to its server, or to the pooler in front of it.
   * Warnings are given at the topology.
   *
   * @param topology the databases, with as many configured connections as the plan has.
   * @param surge the share of extra pods in a rolling update, from 0 to 1. @default 0.25
   */
  public addTo(topology: IDatabaseTopology, surge?: number): void {
    const checks = new SynthChecks(topology);
    const entries = topology.rails.filter(({ name }) => name !== "embedding");
    if (entries.length !== this.connections) {
      checks.fail(
        "connections",
        this.connections,
        `the topology configures ${entries.length}: ${entries.map(({ name }) => name).join(", ")}`,
      );
    }
    for (const { name, database } of entries) {
      for (const consumer of this.consumers(`${topology.node.path} ${name}`, 1, surge)) {
        database.server.connectionBudget.add(consumer);
      }
    }
    for (const warning of this.warnings) checks.warn(warning);
  }

  private judge(vcpu: number | undefined, maxConnections: number | undefined): string[] {
    const warnings: string[] = [];
    if (this.pooler === undefined) {
      if (vcpu !== undefined && this.demand > CONNECTIONS_PER_VCPU * vcpu) {
        warnings.push(
          `GitLab may open ${this.demand} connections, and ${vcpu} vCPU carry about ${CONNECTIONS_PER_VCPU * vcpu} (10 for each): put PgBouncer in front or take a larger machine`,
        );
      }
      if (maxConnections !== undefined && maxConnections < this.demand) {
        warnings.push(
          `GitLab may open ${this.demand} connections, and max_connections is ${maxConnections}: raise it to ${this.recommendedMaxConnections} or put PgBouncer in front`,
        );
      }
    }
    if (this.pooler) {
      const { nodes, poolSizePerConnection } = this.pooler;
      const [pools, server] = [nodes * this.connections, maxConnections ?? this.recommendedMaxConnections];
      if (pools * poolSizePerConnection > server) {
        warnings.push(
          `${nodes} PgBouncer nodes have ${pools} pools, and max_connections is ${server}, so not each pool gets a connection: take fewer nodes or raise max_connections`,
        );
      }
    }
    if (maxConnections !== undefined && maxConnections < MIN_CONNECTIONS) {
      warnings.push(`max_connections is ${maxConnections}, and GitLab requires at least ${MIN_CONNECTIONS}`);
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
    return fine ? [] : [`${name} is ${seen}: allowed is a whole number from ${min} to ${max}`];
  });
  if (wrong.length > 0) throw new Error(`ConnectionPlanner: ${wrong.join("; ")}`);
}
