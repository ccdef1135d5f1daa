import { Construct } from "constructs";
import type { IDatabaseServer } from "../../database";
import { Cloud } from "../../database";
import { type Rule, requireProps, SynthChecks } from "../../database/private";
import type { ILeaderSource, LeaderSourceFiles } from "./leader-source";

/** Properties of a `LeaderWatch`. */
export interface LeaderWatchProps {
  /** Self-managed cluster as a database server; its endpoint is used until the leader is known. */
  readonly server: IDatabaseServer;
  /** Source of the current leader. */
  readonly source: ILeaderSource;
  /**
   * Time for running transactions to finish after a leader change before their connections are closed, in seconds, 1 to 60. @default 5
   *
   * @see https://www.pgbouncer.org/usage.html#admin-console
   */
  readonly pauseSeconds?: number;
  /**
   * Holds new transactions while the cluster has no leader; otherwise they fail. @default true
   *
   * @see https://www.pgbouncer.org/usage.html#admin-console
   */
  readonly holdWithoutLeader?: boolean;
  /** Polling interval in seconds, 1 to 60. @default 1 */
  readonly intervalSeconds?: number;
  /**
   * Container image of the watch, with `/bin/sh`, `psql`, and `curl` (or busybox `wget` for a source without TLS).
   * @default - the pooler's image, which has no curl
   *
   * @see https://kubernetes.io/docs/concepts/containers/images/
   */
  readonly image?: string;
}

/**
 * Watch that makes poolers follow the leader of a self-managed PostgreSQL cluster: one watch process per logical database.
 *
 * Two leaders are a split brain: the watch closes the database until one leader remains. Without a leader, new transactions are
 * held. When the source does not answer, the configuration is left unchanged. For a managed server the watch is inactive, since the
 * cloud moves the endpoint. It creates no resources: pass it to a `PgBouncer` or a `LinuxPackagePooler`.
 *
 * @see https://www.pgbouncer.org/usage.html#admin-console
 *
 * @example
 * const watch = new LeaderWatch(this, "watch", {
 *   server: cluster,
 *   source: ConsulLeaderSource.fromPatroni("gitlab-main", { url: "http://consul-server.consul.svc:8500" }),
 * });
 */
export class LeaderWatch extends Construct {
  /** Watched cluster. */
  public readonly server: IDatabaseServer;
  /** Source of the current leader. */
  public readonly source: ILeaderSource;
  /** Container image of the watch; not set for the pooler's image. */
  public readonly image?: string;
  /** True if the server is self-managed, so that its leader is watched. */
  public readonly isActive: boolean;
  private readonly props: LeaderWatchProps;

  public constructor(scope: Construct, id: string, props: LeaderWatchProps) {
    super(scope, id);
    requireProps(this.node.path, "LEADER-WATCH", props, { server: true, source: true });
    this.props = props;
    this.server = props.server;
    this.source = props.source;
    this.image = props.image;
    const checks = new SynthChecks(this, "LEADER-WATCH");
    const { cloud } = props.server.location;
    this.isActive = cloud === Cloud.SELF_MANAGED;
    if (!this.isActive) {
      checks.note(
        `inactive: ${cloud} moves the endpoint of ${props.server.node.path} to the new primary at a failover`,
        "inactive",
      );
      return;
    }
    for (const { option, value, rule } of props.source.problems()) {
      checks.fail(`source.${option}`, value, rule as Rule);
    }
    if (props.source.sendsTokenInClearText) {
      checks.optOut("source.url: Consul's ACL token is sent over the network without TLS");
    }
    checks.wholeNumber("pauseSeconds", props.pauseSeconds, 1, 60, "seconds");
    checks.wholeNumber("intervalSeconds", props.intervalSeconds, 1, 60, "seconds");
  }

  /** Arguments of the handler of leader changes, for the watch program and for Consul watches. */
  public handlerArguments(): string[] {
    const { pauseSeconds, holdWithoutLeader } = this.props;
    return [...["--pause", String(pauseSeconds ?? 5)], ...((holdWithoutLeader ?? true) ? [] : ["--no-hold"])];
  }

  /**
   * Arguments of a watch program that polls the source.
   *
   * @param files paths of token and certificates.
   */
  public programArguments(files: LeaderSourceFiles): string[] {
    const { intervalSeconds } = this.props;
    return [
      ...this.source.programArguments(files),
      ...["--interval", String(intervalSeconds ?? 1)],
      ...this.handlerArguments(),
    ];
  }
}

/** Reports watches that contradict each other or match no entry. @internal */
export function checkWatches(checks: SynthChecks, watches: LeaderWatch[], servers: IDatabaseServer[]): void {
  const byServer = new Set<IDatabaseServer>();
  const byCluster = new Map<string, LeaderWatch>();
  for (const watch of watches.filter((w) => w.isActive)) {
    const { server, source } = watch;
    if (!servers.includes(server)) {
      checks.fail(
        "leaderWatches",
        watch.node.id,
        `must watch the server of an entry: no entry is on ${server.node.path}`,
      );
    }
    if (byServer.has(server)) {
      checks.fail(
        "leaderWatches",
        watch.node.id,
        `must be one per server: ${server.node.path} has another watch`,
      );
    }
    byServer.add(server);
    const other = byCluster.get(source.clusterKey);
    if (other && other.server !== server) {
      checks.fail(
        "leaderWatches",
        watch.node.id,
        `must have a separate source: ${source.label} is also the source of ${other.node.id}`,
      );
    }
    byCluster.set(source.clusterKey, watch);
  }
}
