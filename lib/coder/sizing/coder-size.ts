import { MachineSize } from "../../database";
import { type DatabaseNumbers, SIZES, type SizeNumbers } from "./data/sizes";

/** Database size that Coder recommends. */
export interface CoderDatabaseRecommendation {
  /** Number of vCPUs. */
  readonly vcpu: number;
  /** Memory, in GB. */
  readonly memoryGB: number;
  /** General purpose machine size with at least this memory, for the `size` of a database server. */
  readonly machine: MachineSize;
  /** Disk size, in GiB. */
  readonly storageGiB: number;
  /** Minimum disk IOPS. */
  readonly iops: number;
}

/** CPU and memory of a container; requests and limits are equal. */
export interface CoderResources {
  /** CPU as a Kubernetes quantity, such as `2000m`. */
  readonly cpu: string;
  /** Memory as a Kubernetes quantity, such as `8Gi`. */
  readonly memory: string;
}

/** Minimum IOPS that Coder recommends, which is also the baseline of gp3 (docs/install/plan/sizing/index.md). */
const IOPS = 3_000;

/**
 * Size of a Coder deployment by its number of users. The numbers are those of Coder's sizing guide.
 *
 * @see https://coder.com/docs/admin/infrastructure/validated-architectures
 *
 * @example
 * const size = CoderSize.UP_TO_1K;
 * new RdsServer(this, "postgres", { size: size.database.machine, storage: { sizeGiB: size.database.storageGiB }, engine, network });
 */
export class CoderSize {
  /** Up to 1,000 users: 600 running workspaces, 60 concurrent builds. */
  public static readonly UP_TO_1K = CoderSize.read("1k");
  /** Up to 2,000 users: 1,200 running workspaces, 120 concurrent builds. */
  public static readonly UP_TO_2K = CoderSize.read("2k");
  /** Up to 3,000 users: 1,800 running workspaces, 180 concurrent builds. */
  public static readonly UP_TO_3K = CoderSize.read("3k");
  /** Up to 10,000 users: 6,000 running workspaces, 600 concurrent builds. */
  public static readonly UP_TO_10K = CoderSize.read("10k");

  private static read(name: string): CoderSize {
    const numbers = SIZES[name];
    if (!numbers) throw new Error(`no size ${name}`);
    return new CoderSize(numbers);
  }

  /** Maximum number of users. */
  public readonly users: number;
  /** Number of Coder replicas. More than one requires a license with high availability. */
  public readonly replicas: number;
  /** CPU and memory of each replica. */
  public readonly resources: CoderResources;
  /** Number of provisioner replicas; each runs one build at a time. */
  public readonly provisioners: number;
  /** Database that the page for this number of users recommends. */
  public readonly database: CoderDatabaseRecommendation;
  /**
   * Smaller database of the sizing overview, which expects 30 % of the users to be active; not set for 10,000 users. Coder publishes
   * both: start with this one to save cost, and monitor its CPU.
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
