import { MachineSize } from "../database";
import { type DatabaseNumbers, SIZES, type SizeNumbers } from "./data/sizes";

/** What Coder recommends for its database. */
export interface CoderDatabaseRecommendation {
  /** Virtual CPUs. */
  readonly vcpu: number;
  /** Memory in GB. */
  readonly memoryGB: number;
  /** The machine for `RdsServer` and its like; general purpose, with at least this much memory. */
  readonly machine: MachineSize;
  /** Disk in GiB. */
  readonly storageGiB: number;
  /** I/O operations per second that the disk gives at least. */
  readonly iops: number;
}

/** CPU and memory of a container, requested and limited alike. */
export interface CoderResources {
  /** CPU as Kubernetes writes it, such as `2000m`. */
  readonly cpu: string;
  /** Memory as Kubernetes writes it, such as `8Gi`. */
  readonly memory: string;
}

/** gp3's and Coder's own minimum (docs/install/plan/sizing/index.md). */
const IOPS = 3_000;

/**
 * How large a Coder deployment is, by its users.
 *
 * @example
 * const size = CoderSize.UP_TO_1K;
 * new RdsServer(this, "postgres", { size: size.database.machine, storage: { sizeGiB: size.database.storageGiB }, engine, network });
 */
export class CoderSize {
  /** Up to 1,000 users: 600 running workspaces, 60 builds at once. */
  public static readonly UP_TO_1K = CoderSize.read("1k");
  /** Up to 2,000 users: 1,200 running workspaces, 120 builds at once. */
  public static readonly UP_TO_2K = CoderSize.read("2k");
  /** Up to 3,000 users: 1,800 running workspaces, 180 builds at once. */
  public static readonly UP_TO_3K = CoderSize.read("3k");
  /** Up to 10,000 users: 6,000 running workspaces, 600 builds at once. */
  public static readonly UP_TO_10K = CoderSize.read("10k");

  private static read(name: string): CoderSize {
    const numbers = SIZES[name];
    if (!numbers) throw new Error(`no size ${name}`);
    return new CoderSize(numbers);
  }

  /** The number of users that the size is for. */
  public readonly users: number;
  /** Coder's own pods. More than one needs a licence with high availability. */
  public readonly replicas: number;
  /** What each of them gets. */
  public readonly resources: CoderResources;
  /** Provisioner pods, one build at a time each. */
  public readonly provisioners: number;
  /** The database that the page for this size recommends. */
  public readonly database: CoderDatabaseRecommendation;
  /**
   * The smaller database of the sizing overview, which expects 30 % of the users to be active; not set for 10,000 users.
   * Coder says both; start here when money matters, and watch CPU.
   */
  public readonly baselineDatabase?: CoderDatabaseRecommendation;

  private constructor(numbers: SizeNumbers) {
    this.users = numbers.users;
    this.replicas = numbers.replicas;
    this.resources = { cpu: numbers.cpu, memory: numbers.memory };
    this.provisioners = numbers.provisioners;
    this.database = recommendation(numbers.tier, numbers.storageGiB);
    this.baselineDatabase = numbers.baseline && recommendation(numbers.baseline, numbers.storageGiB);
  }
}

function recommendation(numbers: DatabaseNumbers, storageGiB: number): CoderDatabaseRecommendation {
  return { ...numbers, machine: MachineSize.general(numbers.vcpu), storageGiB, iops: IOPS };
}
