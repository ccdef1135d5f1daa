// A size says what the machine is (vCPU and memory); each cloud's name for it follows from a table.

import { Cloud } from "./cloud";
import {
  AWS_BURSTABLE,
  AWS_GENERAL_FAMILIES,
  AWS_MEMORY_FAMILIES,
  AWS_SUFFIXES,
  AZURE_BURSTABLE,
  AZURE_MEMORY_EXCEPTIONS,
  AZURE_SKU,
  AZURE_VCPUS,
  GOOGLE_CUSTOM,
  GOOGLE_ENTERPRISE_PLUS,
  GOOGLE_SHARED,
} from "./data/machine-classes";
import { type DatabaseEngine, EngineFamily } from "./engine";
import { isResolved } from "./private/is-resolved";

/** What a cloud calls a machine, and what it is. */
export interface MachineClass {
  /** The cloud's name, such as `db.m7g.xlarge`, `db-custom-4-16384` or `GP_Standard_D4ds_v5`. */
  readonly name: string;
  /** The number of virtual CPUs; not set for a class that the library does not know. */
  readonly vcpu?: number;
  /** Memory in GiB; not set for a class that the library does not know. */
  readonly memoryGiB?: number;
  /** Whether the machine earns CPU credits, which no production database should depend on. */
  readonly burstable: boolean;
  /** Google only: the Cloud SQL edition that offers the machine, `ENTERPRISE` or `ENTERPRISE_PLUS`; not set elsewhere. */
  readonly edition?: string;
}

/** The names of a machine that has no size here, by cloud. */
export interface MachineNames {
  /** An RDS instance class such as `db.x2g.large`. @default - the size cannot be used on AWS */
  readonly aws?: string;
  /** A Cloud SQL tier such as `db-perf-optimized-N-4`. @default - the size cannot be used on Google Cloud */
  readonly google?: string;
  /** An Azure SKU such as `MO_Standard_E4ds_v5`. @default - the size cannot be used on Azure */
  readonly azure?: string;
  /** The number of virtual CPUs. @default - read from the name where the library knows it */
  readonly vcpu?: number;
  /** Memory in GiB, from which the connection capacity follows. @default - read from the name where the library knows it */
  readonly memoryGiB?: number;
}

enum Kind {
  GENERAL,
  MEMORY,
  BURSTABLE,
  NAMED,
}

/** How large a database server is, in the same words on every cloud. */
export class MachineSize {
  /**
   * A machine with 4 GiB of memory per vCPU, the usual choice.
   *
   * @param vcpu 2, 4, 8, 16, 32, 48 or 64 on every cloud; 96 on Google Cloud and Azure, and other even numbers on Google
   *   Cloud. Known at synth.
   */
  public static general(vcpu: number): MachineSize {
    return new MachineSize(Kind.GENERAL, vcpu, vcpu * 4, {});
  }

  /**
   * A machine with 8 GiB of memory per vCPU.
   *
   * @param vcpu 2, 4, 8, 16, 32, 48 or 64 on every cloud; 80 and 96 on Google Cloud. Known at synth.
   */
  public static memory(vcpu: number): MachineSize {
    return new MachineSize(Kind.MEMORY, vcpu, vcpu * 8, {});
  }

  /**
   * A cheap machine that runs on CPU credits, for trials only: no cloud offers high availability or support for all of them.
   *
   * @param vcpu 2, 4 or 8; Azure also has 1, 12, 16 and 20. Known at synth.
   * @param memoryGiB memory in GiB; with 2 vCPU also 1, 2 or 8 where the cloud has them. Google Cloud gives its shared
   *   machines for 1 (db-f1-micro, 0.6 GB) and 2 (db-g1-small, 1.7 GB), and a machine without credits above that.
   *   @default - 2 for 1 vCPU, 4 for 2 vCPU, else 4 per vCPU
   */
  public static burstable(vcpu: number, memoryGiB?: number): MachineSize {
    return new MachineSize(
      Kind.BURSTABLE,
      vcpu,
      memoryGiB ?? (vcpu === 2 ? 4 : vcpu === 1 ? 2 : vcpu * 4),
      {},
    );
  }

  /**
   * A machine by the clouds' own names, for classes that have no size here. Nothing checks that the cloud has it.
   *
   * @param names the name on each cloud where the size is used, and what the machine has; names may be tokens.
   */
  public static of(names: MachineNames): MachineSize {
    return new MachineSize(Kind.NAMED, names.vcpu, names.memoryGiB, names);
  }

  private readonly kind: Kind;
  private readonly vcpu?: number;
  private readonly memoryGiB?: number;
  private readonly names: MachineNames;

  private constructor(
    kind: Kind,
    vcpu: number | undefined,
    memoryGiB: number | undefined,
    names: MachineNames,
  ) {
    this.kind = kind;
    this.vcpu = vcpu;
    this.memoryGiB = memoryGiB;
    this.names = names;
  }

  /** The size in words, for messages, such as `general(4)`. */
  public get label(): string {
    if (this.kind === Kind.NAMED)
      return isResolved(this.names) ? JSON.stringify(this.names) : "a named machine";
    const kind = ["general", "memory", "burstable"][this.kind];
    const size = this.kind === Kind.BURSTABLE ? [this.vcpu, this.memoryGiB] : [this.vcpu];
    return `${kind}(${isResolved(size) ? size.join(", ") : "not known at synth"})`;
  }

  /**
   * The machine on a cloud, or nothing when the cloud has none of this size, the size is a token, or `of()` has no name there.
   *
   * @param cloud the cloud.
   * @param engine the engine, since a cloud may offer a machine for one engine only.
   */
  public on(cloud: Cloud, engine: DatabaseEngine): MachineClass | undefined {
    switch (cloud) {
      case Cloud.AWS:
        return this.kind === Kind.NAMED ? this.named(this.names.aws, describeAws) : this.onAws(engine);
      case Cloud.GOOGLE:
        return this.kind === Kind.NAMED ? this.named(this.names.google, describeGoogle) : this.onGoogle();
      case Cloud.AZURE:
        return this.kind === Kind.NAMED ? this.named(this.names.azure, describeAzure) : this.onAzure(engine);
      default:
        return undefined;
    }
  }

  private named(
    name: string | undefined,
    describe: (name: string) => MachineClass,
  ): MachineClass | undefined {
    if (name === undefined) return undefined;
    const known = describe(name);
    return { ...known, vcpu: this.vcpu ?? known.vcpu, memoryGiB: this.memoryGiB ?? known.memoryGiB };
  }

  private onAws(engine: DatabaseEngine): MachineClass | undefined {
    // Of the classes here AWS has only the older ones for MySQL 5.7 (cfn-lint's data; shown by the policy tests).
    const old = engine.family === EngineFamily.MYSQL && engine.majorVersion === "5.7";
    if (this.kind === Kind.BURSTABLE) {
      const size = AWS_BURSTABLE.find((b) => b.vcpu === this.vcpu && b.memoryGiB === this.memoryGiB);
      return size && describeAws(`db.${old ? "t3" : "t4g"}.${size.suffix}`);
    }
    const general = this.kind === Kind.GENERAL;
    const size = AWS_SUFFIXES.find((s) => s.vcpu === this.vcpu && s.vcpu <= 64);
    return size && describeAws(`db.${general ? (old ? "m5" : "m7g") : old ? "r5" : "r7g"}.${size.suffix}`);
  }

  private onGoogle(): MachineClass | undefined {
    const { vcpu, memoryGiB } = this;
    if (vcpu === undefined || memoryGiB === undefined) return undefined;
    if (this.kind === Kind.MEMORY) {
      return GOOGLE_ENTERPRISE_PLUS.some((m) => m.vcpu === vcpu && m.memoryGiB === memoryGiB)
        ? describeGoogle(`db-perf-optimized-N-${vcpu}`)
        : undefined;
    }
    if (this.kind === Kind.BURSTABLE && (vcpu === 1 || vcpu === 2)) {
      if (memoryGiB === 1) return describeGoogle("db-f1-micro");
      if (memoryGiB === 2) return describeGoogle("db-g1-small");
    }
    const mib = memoryGiB * 1024;
    const legal =
      (vcpu === 1 || vcpu % 2 === 0) &&
      vcpu <= GOOGLE_CUSTOM.maxVcpu &&
      mib % GOOGLE_CUSTOM.stepMiB === 0 &&
      mib >= Math.max(GOOGLE_CUSTOM.minMiB, vcpu * GOOGLE_CUSTOM.minGiBPerVcpu * 1024) &&
      mib <= Math.min(GOOGLE_CUSTOM.maxMiB, vcpu * GOOGLE_CUSTOM.maxGiBPerVcpu * 1024);
    return legal ? describeGoogle(`db-custom-${vcpu}-${mib}`) : undefined;
  }

  private onAzure(engine: DatabaseEngine): MachineClass | undefined {
    if (this.kind === Kind.BURSTABLE) {
      const size = AZURE_BURSTABLE.find((b) => b.vcpu === this.vcpu && b.memoryGiB === this.memoryGiB);
      return size && describeAzure(size.name);
    }
    if (!AZURE_VCPUS.includes(this.vcpu as number)) return undefined;
    const mysql = engine.family === EngineFamily.MYSQL;
    const machine = describeAzure(
      this.kind === Kind.MEMORY
        ? `MO_Standard_E${this.vcpu}ds_v5`
        : `GP_Standard_D${this.vcpu}${mysql ? "ads_v5" : "ds_v5"}`,
    );
    // The largest memory machine has less than 8 GiB per vCPU, so it is not what was asked for.
    return machine.memoryGiB === this.memoryGiB ? machine : undefined;
  }
}

/**
 * What the library knows of an RDS instance class.
 *
 * @param name the class, such as `db.m7g.large`.
 */
export function describeAws(name: string): MachineClass {
  const [, family = "", suffix = ""] = name.split(".");
  if (/^t\d/.test(family)) {
    const size = AWS_BURSTABLE.find((b) => b.suffix === suffix);
    return { name, vcpu: size?.vcpu, memoryGiB: size?.memoryGiB, burstable: true };
  }
  const perVcpu = AWS_GENERAL_FAMILIES.includes(family) ? 4 : AWS_MEMORY_FAMILIES.includes(family) ? 8 : 0;
  const size = AWS_SUFFIXES.find((s) => s.suffix === suffix);
  if (!size || !perVcpu) return { name, burstable: false };
  return { name, vcpu: size.vcpu, memoryGiB: size.vcpu * perVcpu, burstable: false };
}

/**
 * What the library knows of a Cloud SQL tier.
 *
 * @param name the tier, such as `db-custom-4-16384`.
 */
export function describeGoogle(name: string): MachineClass {
  const shared = GOOGLE_SHARED.find((machine) => machine.name === name);
  if (shared) return { ...shared, burstable: true, edition: "ENTERPRISE" };
  const custom = /^db-custom-(\d+)-(\d+)$/.exec(name);
  if (custom) {
    const memoryGiB = Number(custom[2]) / 1024;
    return { name, vcpu: Number(custom[1]), memoryGiB, burstable: false, edition: "ENTERPRISE" };
  }
  const plus = /^db-perf-optimized-N-(\d+)$/.exec(name);
  if (plus) {
    const machine = GOOGLE_ENTERPRISE_PLUS.find((m) => m.vcpu === Number(plus[1]));
    return { name, ...machine, burstable: false, edition: "ENTERPRISE_PLUS" };
  }
  return {
    name,
    burstable: false,
    edition: /^db-(perf-optimized|c4a)-/.test(name) ? "ENTERPRISE_PLUS" : "ENTERPRISE",
  };
}

/**
 * What the library knows of an Azure SKU.
 *
 * @param name the SKU, such as `GP_Standard_D4ds_v5`.
 */
export function describeAzure(name: string): MachineClass {
  const burstable = AZURE_BURSTABLE.find((b) => b.name === name);
  if (burstable) return { ...burstable, burstable: true };
  const sku = AZURE_SKU.exec(name);
  if (!sku) return { name, burstable: name.startsWith("B_") };
  const vcpu = Number(sku[2]);
  const memoryGiB = AZURE_MEMORY_EXCEPTIONS[name] ?? vcpu * (sku[1] === "GP_Standard_D" ? 4 : 8);
  return { name, vcpu, memoryGiB, burstable: false };
}
