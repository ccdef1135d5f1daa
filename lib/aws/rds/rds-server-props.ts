// The props of a server that a read replica does not have, and their checks: engine, storage, backups and high availability.

import type { IConstruct } from "constructs";
import {
  Availability,
  type BackupPolicy,
  type DatabaseEngine,
  type MachineSize,
  type StorageProps,
} from "../../database";
import {
  checkBackup,
  checkEngineSupport,
  checkMinorVersion,
  checkWindows,
  DEFAULT_BACKUP_WINDOW,
  DEFAULT_MAINTENANCE_WINDOW,
  type SynthChecks,
} from "../../database/private";
import type { IDatabaseNetwork } from "../network/database-network";
import { RDS_SUPPORT } from "./data/engine-support";
import { RDS_GP3 } from "./data/storage-limits";
import type { RdsAdminLogin } from "./rds-admin-login";
import type { RdsInstanceOptions } from "./rds-instance";
import type { RdsInstanceResources } from "./rds-instance-resources";
import { checkRdsStorage } from "./rds-storage";

/** Properties of a `RdsServer`. */
export interface RdsServerProps extends RdsInstanceOptions {
  /**
   * Engine and version. With a major version RDS chooses the minor version.
   *
   * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Welcome.html
   */
  readonly engine: DatabaseEngine;
  /**
   * Machine size, from which the DB instance class follows.
   *
   * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Concepts.DBInstanceClass.html
   */
  readonly size: MachineSize;
  /**
   * Storage of type gp3, with storage autoscaling up to `maxSizeGiB`.
   *
   * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Storage.html
   */
  readonly storage: StorageProps;
  /**
   * VPC, subnets and security group of the server.
   *
   * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_VPC.WorkingWithRDSInstanceinaVPC.html
   */
  readonly network: IDatabaseNetwork;
  /**
   * Multi-AZ deployment with a standby in another Availability Zone, or a Single-AZ one. @default Availability.ZONE_REDUNDANT
   *
   * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Concepts.MultiAZSingleStandby.html
   */
  readonly availability?: Availability;
  /**
   * Automated backups: retention, 1 to 35 days, and window in UTC. @default - 14 days, 03:00 to 04:00 UTC
   *
   * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_WorkingWithAutomatedBackups.html
   */
  readonly backup?: BackupPolicy;
  /**
   * Master user and the source of its password. @default RdsAdminLogin.generated()
   *
   * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.MasterAccounts.html
   */
  readonly adminLogin?: RdsAdminLogin;
  /** Version of the generated passwords, 1 or more; increment it to rotate all of them. @default 1 */
  readonly passwordVersion?: number;
  /**
   * Lets two users of each owner with a generated password alternate (alternating users rotation), from this password version on. An
   * increment of `passwordVersion` then gives a new password to the user that is not in use, and applications change over to it; the other
   * one stays valid until the next increment, so that no connection is refused while pods are replaced. The second user is the owner's
   * name with `_clone`. Set it once: to the present `passwordVersion` of a running server, to 1 for a new one; then leave it.
   * Increment `passwordVersion` by one, and apply to the end before the next increment. @default - one user, whose old password ends with the rotation
   *
   * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotation-strategy.html#rotating-secrets-two-users
   */
  readonly alternatingUsersSince?: number;
  /**
   * Number that you increment after the instance was restarted with changed settings: rebooted after a change of `maxConnections`, or
   * past the maintenance window after a change of `size`. Until then the connection budget counts what the instance had before, so that
   * no application is scaled to connections that the instance does not accept yet. @default 1
   *
   * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_RebootInstance.html
   */
  readonly restartVersion?: number;
  /**
   * Major version for which you accept the price of RDS Extended Support, such as `13`. @default - none
   *
   * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/extended-support.html
   */
  readonly acceptExtendedSupport?: string;
  /**
   * Allows a major version upgrade when `engine` names a later one, together with `applyImmediately`. Take a snapshot first.
   * @default false
   *
   * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_UpgradeDBInstance.Upgrading.html
   */
  readonly allowMajorVersionUpgrade?: boolean;
}

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
