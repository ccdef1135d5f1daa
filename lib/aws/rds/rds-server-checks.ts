// Checks of the props of a server that a read replica does not have: engine, storage, backups and high availability.

import type { IConstruct } from "constructs";
import { Availability } from "../../database";
import {
  checkBackup,
  checkEngineSupport,
  checkMinorVersion,
  checkWindows,
  DEFAULT_BACKUP_WINDOW,
  DEFAULT_MAINTENANCE_WINDOW,
  type SynthChecks,
} from "../../database/private";
import { RDS_SUPPORT } from "./data/engine-support";
import { RDS_GP3 } from "./data/storage-limits";
import type { RdsInstanceResources } from "./rds-instance-resources";
import type { RdsServerProps } from "./rds-server";
import { checkRdsStorage } from "./rds-storage";

/** True for a Multi-AZ deployment. @internal */
export function isMultiAz({ availability }: RdsServerProps): boolean {
  return (availability ?? Availability.ZONE_REDUNDANT) === Availability.ZONE_REDUNDANT;
}

/**
 * Reports props that RDS refuses, adds preconditions for those that only Terraform knows, and records opt-outs.
 *
 * @internal
 */
export function checkRdsServer(
  scope: IConstruct,
  checks: SynthChecks,
  props: RdsServerProps,
  resources: RdsInstanceResources,
): void {
  const { engine, storage, backup } = props;
  const { machine } = resources;
  checkEngineSupport(scope, checks, engine, RDS_SUPPORT, props.acceptExtendedSupport);
  checkRdsStorage(checks, engine, storage);
  checkMinorVersion(checks, engine, {
    property: "autoMinorVersionUpgrade",
    enabled: props.autoMinorVersionUpgrade ?? true,
  });
  checkBackup(checks, backup, 1, 35);
  if (props.allowMajorVersionUpgrade === true && props.applyImmediately !== true) {
    checks.fail(
      "applyImmediately",
      props.applyImmediately,
      "must be true with allowMajorVersionUpgrade, since an upgrade in the maintenance window keeps the DB parameter group of the old version in use while Terraform deletes it; apply both when the upgrade may interrupt the clients, and remove both afterwards",
    );
  }
  checkWindows(
    checks,
    backup?.window ?? DEFAULT_BACKUP_WINDOW,
    props.maintenanceWindow ?? DEFAULT_MAINTENANCE_WINDOW,
  );
  if (!isMultiAz(props)) {
    checks.optOut("availability: Single-AZ deployment: no standby in another Availability Zone");
  } else if (machine.burstable) {
    checks.fail(
      "size",
      machine.name,
      "must not be burstable for a Multi-AZ deployment, since a burstable class is slow once its CPU credits are used up; take MachineSize.general(2) or larger, or for a trial availability: Availability.ZONAL",
    );
  }
  resources.addRangePrecondition("backup.retentionDays", backup?.retentionDays, 1, 35);
  // Smaller gp3 volumes have fixed IOPS and throughput, and RDS refuses to set any.
  const provisioned = storage.iops !== undefined || storage.throughputMiBps !== undefined;
  const minGiB = provisioned ? RDS_GP3.thresholdGiB[engine.family] : RDS_GP3.minGiB;
  resources.addRangePrecondition("storage.sizeGiB", storage.sizeGiB, minGiB, RDS_GP3.maxGiB);
}
