import type { IConstruct } from "constructs";
import {
  Availability,
  Cloud,
  DatabaseEngine,
  MachineSize,
  MysqlVersion,
  type StorageProps,
} from "../../database";
import { SynthChecks } from "../../database/private";
import { DOCUMENTED_2022, type GitpodPresetDeviation } from "./data/documented-2022";
/**
 * Preset of a MySQL server for Gitpod, in properties that every cloud's server supports.
 *
 * @example
 * const { engine, size, storage, availability, acceptExtendedSupport } = GitpodPreset.supported();
 */
export class GitpodPreset {
  /**
   * Recommended today: MySQL 8.0, the newest version that Gitpod is proven with; 2 vCPUs and 8 GiB of memory; 20 GiB of storage with
   * autoscaling to 120 GiB; high availability with a standby in another zone. MySQL 8.0 is out of standard support on every cloud,
   * so `acceptExtendedSupport` is set, which the review shows.
   */
  public static supported(): GitpodPreset {
    return new GitpodPreset("supported", {
      engine: DatabaseEngine.mysql(MysqlVersion.V8_0),
      size: MachineSize.general(2),
      storage: { sizeGiB: 20, maxSizeGiB: 120 },
      availability: Availability.ZONE_REDUNDANT,
      deviations: [],
    });
  }

  /**
   * Gitpod's reference architecture of 2022, as far as the cloud still supports it and it is secure. See `deviations` for the rest.
   *
   * @param cloud AWS, Google Cloud or Azure.
   * @throws Error for another cloud, for which there is no reference architecture.
   */
  public static documented2022(cloud: Cloud): GitpodPreset {
    const documented = DOCUMENTED_2022[cloud.name];
    if (!documented) {
      throw new Error(
        `Gitpod documented no database for ${cloud}: allowed are ${Cloud.AWS}, ${Cloud.GOOGLE} and ${Cloud.AZURE}`,
      );
    }
    return new GitpodPreset("documented2022", {
      engine: DatabaseEngine.mysql(MysqlVersion.V5_7),
      size: MachineSize.of(documented.machine),
      storage: { sizeGiB: documented.sizeGiB, maxSizeGiB: documented.maxSizeGiB },
      availability: documented.availability,
      deviations: documented.deviations,
    });
  }

  /** Name of the preset: `supported` or `documented2022`. */
  public readonly name: string;
  /** Database engine. */
  public readonly engine: DatabaseEngine;
  /** Release series for which paid extended support is accepted. */
  public readonly acceptExtendedSupport: string;
  /** Machine size. */
  public readonly size: MachineSize;
  /** Storage. */
  public readonly storage: StorageProps;
  /** High availability mode. */
  public readonly availability: Availability;
  /** Deviations from the documented architecture. */
  public readonly deviations: readonly GitpodPresetDeviation[];

  private constructor(
    name: string,
    values: {
      readonly engine: DatabaseEngine;
      readonly size: MachineSize;
      readonly storage: StorageProps;
      readonly availability: Availability;
      readonly deviations: readonly GitpodPresetDeviation[];
    },
  ) {
    this.name = name;
    this.engine = values.engine;
    this.acceptExtendedSupport = values.engine.majorVersion;
    this.size = values.size;
    this.storage = values.storage;
    this.availability = values.availability;
    this.deviations = values.deviations;
  }

  /**
   * Records the deviations as warnings, which the review of the stack shows.
   *
   * @param scope construct of the database.
   */
  public recordDeviations(scope: IConstruct): void {
    const checks = new SynthChecks(scope, "GITPOD");
    for (const { item, documented, instead, because } of this.deviations) {
      checks.warn(
        `${this.name}, ${item}: ${instead} instead of the documented ${documented}, because ${because}`,
        "preset.deviation",
      );
    }
  }
}
