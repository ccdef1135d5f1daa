// A size says what the machine is (vCPU and memory); each cloud's name for it follows from a table.

import { Cloud } from "./cloud";
import {
  AWS_BURSTABLE,
  AWS_GENERAL_FAMILIES,
  AWS_MEMORY_FAMILIES,
  AWS_SUFFIXES,
  AWS_WITHOUT_24XLARGE,
  AZURE_BURSTABLE,
  AZURE_VCPUS,
  GOOGLE_CUSTOM,
  GOOGLE_ENTERPRISE_PLUS,
} from "./data/machine-classes";
import { type DatabaseEngine, EngineFamily } from "./engine";

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
  /** Google only: the Cloud SQL edition that offers the machine, `ENTERPRISE` or `ENTERPRISE_PLUS`. */
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
   * @param vcpu 2, 4, 8, 16, 32, 48 or 64 on every cloud; 96 on some.
   */
  public static general(vcpu: number): MachineSize {
    return new MachineSize(Kind.GENERAL, vcpu, vcpu * 4, {});
  }

  /**
   * A machine with 8 GiB of memory per vCPU.
   *
   * @param vcpu 2, 4, 8, 16, 32, 48 or 64 on every cloud; 96 on some.
   */
  public static memory(vcpu: number): MachineSize {
    return new MachineSize(Kind.MEMORY, vcpu, vcpu * 8, {});
  }

  /**
   * A cheap machine that runs on CPU credits, for trials only: no cloud offers high availability or support for all of them.
   *
   * @param vcpu 2, 4 or 8; Azure also has 1.
   * @param memoryGiB memory in GiB; with 2 vCPU also 1, 2 or 8 where the cloud has them.
   */
  public static burstable(vcpu: number, memoryGiB?: number): MachineSize {
    return new MachineSize(
      Kind.BURSTABLE,
      vcpu,
      memoryGiB ?? (vcpu === 2 ? 4 : vcpu === 1 ? 2 : vcpu * 4),
      {},
    );
  }

  /** A machine by the clouds' own names, for classes that have no size here. */
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
    if (this.kind === Kind.NAMED) return JSON.stringify(this.names);
    const kind = ["general", "memory", "burstable"][this.kind];
    return `${kind}(${this.vcpu}${this.kind === Kind.BURSTABLE ? `, ${this.memoryGiB}` : ""})`;
  }

  /**
   * The machine on a cloud, or nothing when the cloud has none of this size.
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
    // MySQL 5.7 runs on Intel and Graviton 2 only.
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
    if (this.kind === Kind.BURSTABLE && memoryGiB <= 2) {
      return describeGoogle(memoryGiB < 2 ? "db-f1-micro" : "db-g1-small");
    }
    const mib = memoryGiB * 1024;
    const legal =
      (vcpu === 1 || vcpu % 2 === 0) &&
      vcpu <= GOOGLE_CUSTOM.maxVcpu &&
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
    if (this.kind === Kind.MEMORY) return describeAzure(`MO_Standard_E${this.vcpu}ds_v5`);
    return describeAzure(
      `GP_Standard_D${this.vcpu}${engine.family === EngineFamily.MYSQL ? "ads_v5" : "ds_v5"}`,
    );
  }
}

/** What the library knows of an RDS instance class, by its name. */
export function describeAws(name: string): MachineClass {
  const [, family = "", suffix = ""] = name.split(".");
  if (/^t[34]g?$/.test(family)) {
    const size = AWS_BURSTABLE.find((b) => b.suffix === suffix);
    return { name, vcpu: size?.vcpu, memoryGiB: size?.memoryGiB, burstable: true };
  }
  const size = AWS_SUFFIXES.find((s) => s.suffix === suffix);
  if (size && !(size.suffix === "24xlarge" && AWS_WITHOUT_24XLARGE.includes(family))) {
    if (AWS_GENERAL_FAMILIES.includes(family))
      return { name, vcpu: size.vcpu, memoryGiB: size.general, burstable: false };
    if (AWS_MEMORY_FAMILIES.includes(family))
      return { name, vcpu: size.vcpu, memoryGiB: size.memory, burstable: false };
  }
  return { name, burstable: false };
}

/** What the library knows of a Cloud SQL tier, by its name. */
export function describeGoogle(name: string): MachineClass {
  if (name === "db-f1-micro")
    return { name, vcpu: 1, memoryGiB: 0.6, burstable: true, edition: "ENTERPRISE" };
  if (name === "db-g1-small")
    return { name, vcpu: 1, memoryGiB: 1.7, burstable: true, edition: "ENTERPRISE" };
  const custom = /^db-custom-(\d+)-(\d+)$/.exec(name);
  if (custom) {
    return {
      name,
      vcpu: Number(custom[1]),
      memoryGiB: Number(custom[2]) / 1024,
      burstable: false,
      edition: "ENTERPRISE",
    };
  }
  const plus = /^db-perf-optimized-N-(\d+)$/.exec(name);
  const machine = plus && GOOGLE_ENTERPRISE_PLUS.find((m) => m.vcpu === Number(plus[1]));
  if (plus)
    return {
      name,
      vcpu: machine?.vcpu,
      memoryGiB: machine?.memoryGiB,
      burstable: false,
      edition: "ENTERPRISE_PLUS",
    };
  return { name, burstable: false, edition: "ENTERPRISE" };
}

/** What the library knows of an Azure SKU, by its name. */
export function describeAzure(name: string): MachineClass {
  const burstable = AZURE_BURSTABLE.find((b) => b.name === name);
  if (burstable) return { ...burstable, burstable: true };
  const sku = /^(GP_Standard_D|MO_Standard_E)(\d+)/.exec(name);
  if (!sku) return { name, burstable: name.startsWith("B_") };
  const vcpu = Number(sku[2]);
  return { name, vcpu, memoryGiB: vcpu * (sku[1] === "GP_Standard_D" ? 4 : 8), burstable: false };
}
