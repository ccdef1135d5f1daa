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
/** What a server with MySQL needs to be told for Gitpod, in the words that every cloud's server takes. */
export class GitpodPreset {
  /**
   * What runs Gitpod safely today: MySQL 8.0, the newest that Gitpod was shown to work with; 2 vCPU with 8 GiB; 20 GiB that
   * grow to 120; a standby in another zone. MySQL 8.0 is out of standard support on every cloud, hence
   * `acceptExtendedSupport`, which the review shows.
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
   * What Gitpod documented in 2022, as far as the cloud still allows it and it is safe. Where it is not, `deviations` says so.
   *
   * @param cloud AWS, Google Cloud or Azure.
   * @throws Error for another cloud: nothing was documented.
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

  /** The preset's name: `supported` or `documented2022`. */
  public readonly name: string;
  /** The engine. */
  public readonly engine: DatabaseEngine;
  /** The release whose paid extended support it takes. */
  public readonly acceptExtendedSupport: string;
  /** The machine. */
  public readonly size: MachineSize;
  /** The disk. */
  public readonly storage: StorageProps;
  /** What the server survives. */
  public readonly availability: Availability;
  /** Where it leaves what was documented. */
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
   * Writes the deviations into the review of the stack.
   *
   * @param scope the construct that they are about.
   */
  public recordDeviations(scope: IConstruct): void {
    const checks = new SynthChecks(scope);
    for (const { item, documented, instead, because } of this.deviations) {
      checks.warn(
        `${this.name}, ${item}: documented is ${documented}; here it is ${instead}, because ${because}`,
      );
    }
  }
}
