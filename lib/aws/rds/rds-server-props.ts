import type { Availability, BackupPolicy, DatabaseEngine, MachineSize, StorageProps } from "../../database";
import type { IDatabaseNetwork } from "../network/database-network-contract";
import type { RdsAdminLogin } from "./rds-admin-login";
import type { RdsInstanceOptions } from "./rds-instance-options";

/** Properties of a `RdsServer`. */
export interface RdsServerProps extends RdsInstanceOptions {
  /** The engine and version. A major version lets RDS choose the minor one. */
  readonly engine: DatabaseEngine;
  /** The machine. */
  readonly size: MachineSize;
  /** The disk (gp3). */
  readonly storage: StorageProps;
  /** Where the server stands. */
  readonly network: IDatabaseNetwork;
  /** What the server survives. @default Availability.ZONE_REDUNDANT */
  readonly availability?: Availability;
  /** How it is backed up. @default - 14 days, 03:00 to 04:00 UTC */
  readonly backup?: BackupPolicy;
  /** The administrator's login. @default RdsAdminLogin.generated() */
  readonly adminLogin?: RdsAdminLogin;
  /** The number of the passwords that the library generates, 1 or more: raise it to change them all. @default 1 */
  readonly passwordVersion?: number;
  /** The major version whose paid extended support you accept, such as `13`. @default - none */
  readonly acceptExtendedSupport?: string;
  /** Whether a later major version may be installed when `engine` names it. Take a snapshot first. @default false */
  readonly allowMajorVersionUpgrade?: boolean;
}
