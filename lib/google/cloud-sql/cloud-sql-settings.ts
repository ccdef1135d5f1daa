// The provider's settings of an instance, each from what the program wants.

import type { SqlDatabaseInstanceSettings } from "@cdktf/provider-google/lib/sql-database-instance";
import { DeletionPolicy, type MachineClass } from "../../database";
import { type BackupIntents, backupConfiguration } from "./cloud-sql-backup";
import { databaseFlags } from "./cloud-sql-flags";
import { type CloudSqlInstanceSpec, flagIntents, grows, isRegional } from "./cloud-sql-instance-spec";
import { denyMaintenance, MaintenanceTrack, maintenanceWindow } from "./cloud-sql-maintenance";
import { CloudSqlCertificateAuthority, TlsMode } from "./cloud-sql-tls";

/** The settings. @internal */
export function settingsOf(
  spec: CloudSqlInstanceSpec,
  machine: MachineClass,
  backups: BackupIntents | undefined,
  retain: boolean,
): SqlDatabaseInstanceSettings {
  const { options, storage, engine } = spec;
  const authority = options.certificateAuthority ?? CloudSqlCertificateAuthority.PER_INSTANCE;
  return {
    tier: machine.name,
    edition: machine.edition,
    availabilityType: isRegional(options) ? "REGIONAL" : "ZONAL",
    diskType: "PD_SSD",
    diskSize: storage.sizeGiB,
    diskAutoresize: grows(storage),
    diskAutoresizeLimit: storage.maxSizeGiB,
    deletionProtectionEnabled: retain,
    retainBackupsOnDelete: backups && options.deletionPolicy !== DeletionPolicy.DELETE,
    connectorEnforcement: options.connectorRequired ? "REQUIRED" : "NOT_REQUIRED",
    userLabels: options.tags,
    backupConfiguration: backups && backupConfiguration(backups),
    databaseFlags: databaseFlags(flagIntents(engine, options)),
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
