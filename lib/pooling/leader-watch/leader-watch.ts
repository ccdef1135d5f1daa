import { Annotations } from "cdktf";
import { Construct } from "constructs";
import type { IDatabaseServer } from "../../database";
import { Cloud } from "../../database";
import { SynthChecks } from "../../database/private";
import type { ILeaderSource, LeaderSourceFiles } from "./leader-source";

/** Properties of a `LeaderWatch`. */
export interface LeaderWatchProps {
  /** The cluster, as the server that its databases are on; its endpoint is used until a leader is known. */
  readonly server: IDatabaseServer;
  /** Where to learn who leads. */
  readonly source: ILeaderSource;
  /** How long running transactions may take to end before they are cut off when the leader changes, in seconds, 1 to 60. @default 5 */
  readonly pauseSeconds?: number;
  /** Whether new transactions wait while the cluster has no leader, instead of failing. @default true */
  readonly holdWithoutLeader?: boolean;
  /** The time between two questions, in seconds, 1 to 60. @default 1 */
  readonly intervalSeconds?: number;
  /**
   * The image of the watch in Kubernetes, with `/bin/sh`, `psql`, and `curl` (or, without TLS to the source, busybox's `wget`).
   * @default - the pooler's image, which has no curl
   */
  readonly image?: string;
}

/**
 * Makes poolers follow the leader of a cluster that you run yourself: one watch for each logical database on it.
 *
 * Two leaders at once are a split brain: the database is cut off until one is left. Without a leader new transactions wait.
 * When nobody answers, nothing is changed. On a managed server it does nothing and says so, since the cloud moves the
 * endpoint itself. It makes no resources: give it to a `PgBouncer` or a `LinuxPackagePooler`.
 *
 * @example
 * const watch = new LeaderWatch(this, "watch", {
 *   server: cluster,
 *   source: ConsulLeaderSource.patroni("gitlab-main", { url: "http://consul-server.consul.svc:8500" }),
 * });
 */
export class LeaderWatch extends Construct {
  /** The cluster. */
  public readonly server: IDatabaseServer;
  /** Where to learn who leads. */
  public readonly source: ILeaderSource;
  /** The image of the watch; not set for the pooler's. */
  public readonly image?: string;
  /** Whether there is something to watch: the server is not a managed one. */
  public readonly isActive: boolean;
  private readonly props: LeaderWatchProps;

  public constructor(scope: Construct, id: string, props: LeaderWatchProps) {
    super(scope, id);
    this.props = props;
    this.server = props.server;
    this.source = props.source;
    this.image = props.image;
    const { cloud } = props.server.location;
    this.isActive = cloud === Cloud.SELF_MANAGED;
    if (!this.isActive) {
      Annotations.of(this).addInfo(
        `there is nothing to watch: ${cloud} moves the endpoint of ${props.server.node.path} by itself when another server takes over`,
      );
      return;
    }
    const checks = new SynthChecks(this);
    props.source.check(checks);
    checks.wholeNumber("pauseSeconds", props.pauseSeconds, 1, 60, "seconds");
    checks.wholeNumber("intervalSeconds", props.intervalSeconds, 1, 60, "seconds");
  }

  /** How the watch's program treats a change, whichever way it is run. */
  public handlerArguments(): string[] {
    const { pauseSeconds, holdWithoutLeader } = this.props;
    return [...["--pause", String(pauseSeconds ?? 5)], ...((holdWithoutLeader ?? true) ? [] : ["--no-hold"])];
  }

  /**
   * The arguments of a watch that asks by itself.
   *
   * @param files where token and certificates are.
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

/** Reports watches that contradict each other or have nothing to do. @internal */
export function checkWatches(checks: SynthChecks, watches: LeaderWatch[], servers: IDatabaseServer[]): void {
  const byServer = new Set<IDatabaseServer>();
  const byCluster = new Map<string, LeaderWatch>();
  for (const watch of watches.filter((w) => w.isActive)) {
    const { server, source } = watch;
    if (!servers.includes(server)) {
      checks.fail(
        "leaderWatches",
        watch.node.id,
        `no entry is on ${server.node.path}, the cluster that it watches`,
      );
    }
    if (byServer.has(server))
      checks.fail("leaderWatches", watch.node.id, `${server.node.path} is watched already`);
    byServer.add(server);
    const other = byCluster.get(source.clusterKey);
    if (other && other.server !== server) {
      checks.fail(
        "leaderWatches",
        watch.node.id,
        `${source.label} is the source of ${other.node.id} as well; each cluster has a source of its own`,
      );
    }
    byCluster.set(source.clusterKey, watch);
  }
}
