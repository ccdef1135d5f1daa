// A size says what the machine has (vCPU and memory); each cloud's folder maps it to the cloud's machine class.

import type { Cloud } from "./cloud";
import { isResolved } from "./private/is-resolved";

/** Machine class of a server. */
export interface MachineClass {
  /** Name of the class on its cloud, such as `db.m7g.xlarge`, `db-custom-4-16384` or `GP_Standard_D4ds_v5`. */
  readonly name: string;
  /** Number of virtual CPUs. @default - not known */
  readonly vcpu?: number;
  /** Memory in GiB. @default - not known */
  readonly memoryGiB?: number;
  /** True for burstable machines, which run on CPU credits; not for production. */
  readonly burstable: boolean;
}

/** Options of `MachineSize.of`. */
export interface NamedMachine {
  /**
   * Names of the machine class by cloud, such as `{ aws: "db.x2g.large", google: "db-perf-optimized-N-4", azure: "MO_Standard_E4ds_v5" }`;
   * values may be tokens. The size cannot be used on a cloud that has no name here.
   */
  readonly names: { readonly [cloud: string]: string };
  /** Number of virtual CPUs. @default - the number for the name, if the library knows the class */
  readonly vcpu?: number;
  /** Memory in GiB, which determines the default `max_connections`. @default - the memory for the name, if the library knows the class */
  readonly memoryGiB?: number;
}

/** Factory method by which a `MachineSize` was made. */
export enum MachineKind {
  /** `MachineSize.general`. */
  GENERAL = "general",
  /** `MachineSize.memory`. */
  MEMORY = "memory",
  /** `MachineSize.burstable`. */
  BURSTABLE = "burstable",
  /** `MachineSize.of`. */
  NAMED = "of",
}

/**
 * Size of a database server, in terms that apply to every cloud.
 *
 * @example
 * const size = MachineSize.general(4);
 */
export class MachineSize {
  /**
   * A general-purpose machine with 4 GiB of memory per vCPU.
   *
   * @param vcpu 2, 4, 8, 16, 32, 48 or 64 on every cloud; 96 on Google Cloud and Azure, and other even numbers on Google
   *   Cloud. Known at synth.
   */
  public static general(vcpu: number): MachineSize {
    return new MachineSize(MachineKind.GENERAL, vcpu, vcpu * 4, {});
  }

  /**
   * A memory-optimized machine with 8 GiB of memory per vCPU.
   *
   * @param vcpu 2, 4, 8, 16, 32, 48 or 64 on every cloud; 80 and 96 on Google Cloud. Known at synth.
   */
  public static memory(vcpu: number): MachineSize {
    return new MachineSize(MachineKind.MEMORY, vcpu, vcpu * 8, {});
  }

  /**
   * A burstable machine, which runs on CPU credits; for trials only, since not every cloud supports high availability on it.
   *
   * @param vcpu 2, 4 or 8; Azure also has 1, 12, 16 and 20. Known at synth.
   * @param memoryGiB memory in GiB; with 2 vCPU also 1, 2 or 8 if the cloud offers them. Google Cloud uses its shared-core
   *   machines for 1 (db-f1-micro, 0.6 GB) and 2 (db-g1-small, 1.7 GB), and a dedicated-core machine above that.
   *   @default - 2 for 1 vCPU, 4 for 2 vCPU, else 4 per vCPU
   */
  public static burstable(vcpu: number, memoryGiB?: number): MachineSize {
    return new MachineSize(
      MachineKind.BURSTABLE,
      vcpu,
      memoryGiB ?? (vcpu === 2 ? 4 : vcpu === 1 ? 2 : vcpu * 4),
      {},
    );
  }

  /**
   * A machine by the name of its class, for classes that have no size here. The cloud may refuse the name at apply.
   *
   * @param machine the name on each cloud where the size is used; vCPU and memory of the machine.
   */
  public static of(machine: NamedMachine): MachineSize {
    return new MachineSize(MachineKind.NAMED, machine.vcpu, machine.memoryGiB, machine.names);
  }

  /** Factory method by which the size was made. */
  public readonly kind: MachineKind;
  /** Number of virtual CPUs asked for; not set if `of()` leaves it out. */
  public readonly vcpu?: number;
  /** Memory asked for, in GiB; not set if `of()` leaves it out. */
  public readonly memoryGiB?: number;
  private readonly names: { readonly [cloud: string]: string };

  private constructor(
    kind: MachineKind,
    vcpu: number | undefined,
    memoryGiB: number | undefined,
    names: { readonly [cloud: string]: string },
  ) {
    this.kind = kind;
    this.vcpu = vcpu;
    this.memoryGiB = memoryGiB;
    this.names = names;
  }

  /** The size as it is written, for messages, such as `general(4)`. */
  public get label(): string {
    if (this.kind === MachineKind.NAMED)
      return isResolved(this.names)
        ? `of(${JSON.stringify({ names: this.names })})`
        : "of(a name not known at synth)";
    const size = this.kind === MachineKind.BURSTABLE ? [this.vcpu, this.memoryGiB] : [this.vcpu];
    return `${this.kind}(${isResolved(size) ? size.join(", ") : "not known at synth"})`;
  }

  /**
   * The machine class that `of()` names on a cloud, or `undefined` if it has no name there. For implementations of servers.
   *
   * @param cloud the cloud.
   * @param describe returns vCPU and memory of a class, as far as the cloud's folder knows it; `of()` overrides them.
   */
  public named(cloud: Cloud, describe: (name: string) => MachineClass): MachineClass | undefined {
    const name = this.names[cloud.name];
    if (name === undefined) return undefined;
    const known = describe(name);
    return { ...known, vcpu: this.vcpu ?? known.vcpu, memoryGiB: this.memoryGiB ?? known.memoryGiB };
  }
}
