// The `settings` block of an instance, which holds most of its configuration.

import type { SqlDatabaseInstanceSettings } from "@cdktf/provider-google/lib/sql-database-instance";
import { Token } from "cdktf";
import { DeletionPolicy } from "../../database";
import { terraformCall } from "../../database/private";
import { type BackupSpec, cloudSqlBackupConfiguration } from "./cloud-sql-backup";
import { databaseFlags } from "./cloud-sql-flags";
import type { CloudSqlInstanceSpec } from "./cloud-sql-instance";
import { denyMaintenance, MaintenanceTrack, maintenanceWindow } from "./cloud-sql-maintenance";
import { grows } from "./cloud-sql-storage";
import type { CloudSqlMachine } from "./cloud-sql-tier";
import { CloudSqlCertificateAuthority, TlsMode } from "./cloud-sql-tls";

/** The `settings` block. @internal */
export function instanceSettings(
  spec: CloudSqlInstanceSpec,
  machine: CloudSqlMachine,
  backups: BackupSpec | undefined,
  retain: boolean,
): SqlDatabaseInstanceSettings {
  const { options, storage, engine } = spec;
  const authority = options.certificateAuthority ?? CloudSqlCertificateAuthority.PER_INSTANCE;
  return {
    tier: machine.name,
    edition: machine.edition,
    availabilityType: spec.regional ? "REGIONAL" : "ZONAL",
    diskType: "PD_SSD",
    diskSize: diskSize(spec),
    diskAutoresize: grows(storage),
    diskAutoresizeLimit: storage.maxSizeGiB,
    deletionProtectionEnabled: retain,
    retainBackupsOnDelete: backups && options.deletionPolicy !== DeletionPolicy.DELETE,
    connectorEnforcement: options.connectorRequired ? "REQUIRED" : "NOT_REQUIRED",
    userLabels: options.tags,
    backupConfiguration: backups && cloudSqlBackupConfiguration(backups),
    databaseFlags: databaseFlags(engine, options),
    dataCacheConfig: options.dataCache === undefined ? undefined : { dataCacheEnabled: options.dataCache },
    insightsConfig: {
      queryInsightsEnabled: options.queryInsights ?? true,
      queryPlansPerMinute: 5,
      queryStringLength: 1024,
      recordApplicationTags: true,
      recordClientAddress: false,
    },
    ipConfiguration: {
      ...spec.network.ipConfiguration,
      sslMode: options.tlsMode ?? TlsMode.ENCRYPTED,
      serverCaMode: authority.mode,
      serverCaPool: authority.caPool,
    },
    locationPreference: options.zone
      ? { zone: options.zone, secondaryZone: options.secondaryZone }
      : undefined,
    // Replicas are updated together with their primary.
    maintenanceWindow:
      spec.primary === undefined
        ? maintenanceWindow(options.maintenanceWindow, options.maintenanceTrack ?? MaintenanceTrack.STABLE)
        : undefined,
    denyMaintenancePeriod: spec.primary === undefined ? denyMaintenance(options.denyMaintenance) : undefined,
  };
}

/**
 * Size of the disk at creation. Only with automatic storage increase, which makes later plans ignore the size: without it, the size
 * would follow the source's, and shrink when the source is gone.
 */
function diskSize({ storage, sourceDiskSize, options }: CloudSqlInstanceSpec): number {
  if (sourceDiskSize === undefined || !grows(storage) || options.applyStorageSize) return storage.sizeGiB;
  return Token.asNumber(terraformCall("max", storage.sizeGiB, sourceDiskSize));
}
