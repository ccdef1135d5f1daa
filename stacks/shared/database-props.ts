// Database properties that the reference architectures have on each cloud.

import type {
  Availability,
  BackupPolicy,
  DeletionPolicy,
  MachineSize,
  MaintenanceWindow,
  StorageProps,
} from "../../lib/database";
import type { StackRecoveryProps } from "./recovery";

/** Database properties of a reference architecture. With several servers, they apply to each of them. */
export interface DatabaseStackProps {
  /** Machine size of the database server. @default - the application's recommendation for its size */
  readonly databaseSize?: MachineSize;
  /** Storage of the database server. @default - the application's recommendation for its size */
  readonly storage?: StorageProps;
  /** High availability mode of the database server. @default Availability.ZONE_REDUNDANT */
  readonly availability?: Availability;
  /** Automated backups of the database server. @default - 14 days */
  readonly backup?: BackupPolicy;
  /** Weekly maintenance window of the database server. @default - Sunday, from 04:30 UTC */
  readonly maintenanceWindow?: MaintenanceWindow;
  /**
   * Protection of the data when the stack is destroyed. Namespaces, buckets and registries have no snapshots: with any value but
   * DELETE they are kept. @default DeletionPolicy.RETAIN
   */
  readonly deletionPolicy?: DeletionPolicy;
  /** Password version; increment to rotate all generated database passwords. @default 1 */
  readonly passwordVersion?: number;
  /** `max_connections` of the database server. @default - the cloud's default for the machine size; GitLab's requirement for GitLab */
  readonly maxConnections?: number;
  /** Database parameters by the cloud's names, besides those that the application needs. @default - none */
  readonly parameters?: { readonly [name: string]: string };
  /** Recovery plan and runbook. @default - what the stack's parts report; gaps are recorded as opt-outs */
  readonly recovery?: StackRecoveryProps;
  /** Tags of all cloud resources; labels on Google Cloud. @default - application=coder, gitpod or gitlab */
  readonly tags?: { readonly [name: string]: string };
}
