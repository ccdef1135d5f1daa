// What an instance is made from, for those who write its settings and those who check them.

import type { ITerraformDependable } from "cdktf";
import { Availability, type DatabaseEngine, type MachineSize, type StorageProps } from "../../database";
import type { BackupOptions } from "./cloud-sql-backup";
import type { FlagIntents } from "./cloud-sql-flags";
import type { CloudSqlInstanceOptions } from "./cloud-sql-instance-options";
import type { ICloudSqlNetwork } from "./cloud-sql-network";

/** An instance to be made. @internal */
export interface CloudSqlInstanceSpec {
  readonly engine: DatabaseEngine;
  readonly databaseVersion: string;
  readonly size: MachineSize;
  readonly storage: StorageProps;
  readonly network: ICloudSqlNetwork;
  readonly region: string;
  readonly options: CloudSqlInstanceOptions;
  /** Left out for replicas, which are not backed up. */
  readonly backups?: BackupOptions;
  readonly primary?: string;
  readonly dependsOn?: ITerraformDependable[];
}

/** What the flags of an instance follow from. @internal */
export function flagIntents(engine: DatabaseEngine, options: CloudSqlInstanceOptions): FlagIntents {
  const { maxConnections, slowQueryMs, parameters } = options;
  return {
    engine,
    iamAuthentication: options.iamAuthentication ?? true,
    maxConnections,
    slowQueryMs,
    parameters,
  };
}

/** Whether there is a standby in another zone. @internal */
export function isRegional(options: CloudSqlInstanceOptions): boolean {
  return (options.availability ?? Availability.ZONE_REDUNDANT) === Availability.ZONE_REDUNDANT;
}

/** Whether Cloud SQL may enlarge the disk by itself. @internal */
export function grows({ maxSizeGiB }: StorageProps): boolean {
  return maxSizeGiB !== undefined;
}
