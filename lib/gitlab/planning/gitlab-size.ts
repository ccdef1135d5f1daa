import { MachineSize } from "../../database";
import { GITLAB_SIZES, PRAEFECT_DATABASE, REPLICAS_ABOVE_RPS } from "./data/gitlab-sizes";

/** Recommended database server. */
export interface GitlabDatabaseRecommendation {
  /** Number of vCPUs of each node. */
  readonly vcpu: number;
  /** Memory of each node, in GB, as published. */
  readonly memoryGB: number;
  /** Machine for the property `size` of a server; general purpose, with at least this memory. */
  readonly machine: MachineSize;
  /** Number of read replicas. On a managed service GitLab advises them above 200 requests per second only. */
  readonly replicas: number;
}

/**
 * Size of a GitLab installation: reference architectures by users (1k to 50k) and cloud-native ones (S to XL).
 *
 * @see https://docs.gitlab.com/administration/reference_architectures/
 *
 * @example
 * const size = GitlabSize.UP_TO_10K;
 * new RdsServer(this, "postgres", { size: size.database.machine, engine, network, storage: { sizeGiB: 200 } });
 */
export class GitlabSize {
  /** 20 requests per second or 1,000 users. */
  public static readonly UP_TO_1K = GitlabSize.of("1k");
  /** 40 requests per second or 2,000 users. */
  public static readonly UP_TO_2K = GitlabSize.of("2k");
  /** 60 requests per second or 3,000 users. */
  public static readonly UP_TO_3K = GitlabSize.of("3k");
  /** 100 requests per second or 5,000 users. */
  public static readonly UP_TO_5K = GitlabSize.of("5k");
  /** 200 requests per second or 10,000 users. */
  public static readonly UP_TO_10K = GitlabSize.of("10k");
  /** 500 requests per second or 25,000 users. */
  public static readonly UP_TO_25K = GitlabSize.of("25k");
  /** 1,000 requests per second or 50,000 users. */
  public static readonly UP_TO_50K = GitlabSize.of("50k");
  /** Cloud native, up to 100 requests per second. */
  public static readonly S = GitlabSize.of("S");
  /** Cloud native, up to 200 requests per second. */
  public static readonly M = GitlabSize.of("M");
  /** Cloud native, up to 500 requests per second. */
  public static readonly L = GitlabSize.of("L");
  /** Cloud native, up to 1,000 requests per second. */
  public static readonly XL = GitlabSize.of("XL");

  /** Names of all sizes, smallest first. */
  public static get names(): string[] {
    return Object.keys(GITLAB_SIZES);
  }

  /**
   * Size by its name.
   *
   * @param name 1k, 2k, 3k, 5k, 10k, 25k, 50k, S, M, L or XL; known at synth.
   * @throws Error for an unknown name.
   */
  public static of(name: string): GitlabSize {
    const numbers = Object.hasOwn(GITLAB_SIZES, name) ? GITLAB_SIZES[name] : undefined;
    if (!numbers)
      throw new Error(
        `GITLAB-SIZE: size must be one of ${Object.keys(GITLAB_SIZES).join(", ")} (got "${name}")`,
      );
    return new GitlabSize(name);
  }

  /** Name of the size, such as `10k`. */
  public readonly name: string;
  /** API requests per second. */
  public readonly requestsPerSecond: number;
  /** Number of users; not published for S to XL. */
  public readonly users?: number;
  /** Database server of Rails, with the published nodes as primary and replicas. */
  public readonly database: GitlabDatabaseRecommendation;
  /** True if GitLab advises read replicas with load balancing on a managed service. */
  public readonly loadBalancingAdvised: boolean;
  /** Machine of Praefect's database, for a Gitaly Cluster; general purpose, with the published vCPUs. */
  public readonly praefectDatabase: MachineSize;
  /** Number of PgBouncer nodes of the Linux package; 0 for none. */
  public readonly pgbouncerNodes: number;
  /** Number of Consul nodes of the Linux package; 0 for none. */
  public readonly consulNodes: number;
  /** Number of Puma workers on all pods or nodes; a pod has four. */
  public readonly webserviceWorkers: number;
  /** Number of Sidekiq processes on all pods or nodes; a pod has one. */
  public readonly sidekiqProcesses: number;
  /** Facts that GitLab's page of this size lacks, such as `workers`, estimated from neighbouring sizes. */
  public readonly inferred: string[];

  private constructor(name: string) {
    const numbers = GITLAB_SIZES[name] as (typeof GITLAB_SIZES)[string];
    const { vcpu, memoryGB, nodes } = numbers.postgres;
    this.name = name;
    this.requestsPerSecond = numbers.rps;
    this.users = numbers.users;
    this.database = { vcpu, memoryGB, machine: MachineSize.general(vcpu), replicas: nodes - 1 };
    this.loadBalancingAdvised = numbers.rps > REPLICAS_ABOVE_RPS;
    this.praefectDatabase = MachineSize.general(PRAEFECT_DATABASE.vcpu);
    this.pgbouncerNodes = numbers.pgbouncer;
    this.consulNodes = numbers.consul;
    this.webserviceWorkers = numbers.workers;
    this.sidekiqProcesses = numbers.sidekiq;
    this.inferred = [...(numbers.inferred ?? [])];
  }
}
