import { MachineSize } from "../../database";
import { GITLAB_SIZES, PRAEFECT_DATABASE, REPLICAS_ABOVE_RPS } from "./data/gitlab-sizes";

/** What GitLab recommends for its database. */
export interface GitlabDatabaseRecommendation {
  /** Virtual CPUs of each node. */
  readonly vcpu: number;
  /** Memory of each node in GB, as published. */
  readonly memoryGB: number;
  /** The machine for `RdsServer` and its like; general purpose, with at least this much memory. */
  readonly machine: MachineSize;
  /** Read replicas beside the primary. On a managed service they are advised above 200 requests a second only. */
  readonly replicas: number;
}

/**
 * How large a GitLab installation is: the reference architectures by users (1k to 50k) and the cloud-native ones (S to XL).
 *
 * @example
 * const size = GitlabSize.UP_TO_10K;
 * new RdsServer(this, "postgres", { size: size.database.machine, engine, network, storage: { sizeGiB: 200 } });
 */
export class GitlabSize {
  /** 20 requests a second or 1,000 users. */
  public static readonly UP_TO_1K = GitlabSize.of("1k");
  /** 40 requests a second or 2,000 users. */
  public static readonly UP_TO_2K = GitlabSize.of("2k");
  /** 60 requests a second or 3,000 users. */
  public static readonly UP_TO_3K = GitlabSize.of("3k");
  /** 100 requests a second or 5,000 users. */
  public static readonly UP_TO_5K = GitlabSize.of("5k");
  /** 200 requests a second or 10,000 users. */
  public static readonly UP_TO_10K = GitlabSize.of("10k");
  /** 500 requests a second or 25,000 users. */
  public static readonly UP_TO_25K = GitlabSize.of("25k");
  /** 1,000 requests a second or 50,000 users. */
  public static readonly UP_TO_50K = GitlabSize.of("50k");
  /** Cloud native, up to 100 requests a second. */
  public static readonly S = GitlabSize.of("S");
  /** Cloud native, up to 200 requests a second. */
  public static readonly M = GitlabSize.of("M");
  /** Cloud native, up to 500 requests a second. */
  public static readonly L = GitlabSize.of("L");
  /** Cloud native, up to 1,000 requests a second. */
  public static readonly XL = GitlabSize.of("XL");

  /** The names of all sizes, smallest first. */
  public static get names(): string[] {
    return Object.keys(GITLAB_SIZES);
  }

  /**
   * A size by its name.
   *
   * @param name 1k, 2k, 3k, 5k, 10k, 25k, 50k, S, M, L or XL; known at synth.
   * @throws Error for another name, since nothing follows from it.
   */
  public static of(name: string): GitlabSize {
    const numbers = Object.hasOwn(GITLAB_SIZES, name) ? GITLAB_SIZES[name] : undefined;
    if (!numbers)
      throw new Error(`there is no size ${name}; allowed are ${Object.keys(GITLAB_SIZES).join(", ")}`);
    return new GitlabSize(name);
  }

  /** The size's name, such as `10k`. */
  public readonly name: string;
  /** API requests a second. */
  public readonly requestsPerSecond: number;
  /** Users; not published for S to XL. */
  public readonly users?: number;
  /** The database of Rails, with the nodes of the page as primary and replicas. */
  public readonly database: GitlabDatabaseRecommendation;
  /** Whether GitLab advises read replicas with load balancing on a managed service. */
  public readonly loadBalancingAdvised: boolean;
  /** Praefect's database, where there is a Gitaly Cluster; a general machine with as many vCPU as published. */
  public readonly praefectDatabase: MachineSize;
  /** PgBouncer nodes of the Linux package; 0 for none. */
  public readonly pgbouncerNodes: number;
  /** Consul nodes of the Linux package; 0 for none. */
  public readonly consulNodes: number;
  /** Puma workers over all pods or nodes; a pod has four. */
  public readonly webserviceWorkers: number;
  /** Sidekiq processes over all pods or nodes; a pod has one. */
  public readonly sidekiqProcesses: number;
  /** What GitLab's page for this size does not say, such as `workers`: estimated from the neighbours. */
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
