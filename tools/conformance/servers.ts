/** The servers of the conformance suite: what is asked of them, and their names on the page. */
import type {
  Availability,
  BackupPolicy,
  DatabaseEngine,
  DeletionPolicy,
  MachineSize,
  MaintenanceWindow,
  StorageProps,
} from "../../lib/database";

/** What a user asks of a server, in the words that all of them take. */
export interface Intent {
  readonly engine?: DatabaseEngine;
  readonly size?: MachineSize;
  readonly storage?: StorageProps;
  readonly availability?: Availability;
  readonly backup?: BackupPolicy;
  readonly maintenanceWindow?: MaintenanceWindow;
  readonly deletionPolicy?: DeletionPolicy;
  readonly maxConnections?: number;
  readonly slowQueryMs?: number;
  readonly parameters?: { readonly [name: string]: string };
  readonly acceptExtendedSupport?: string;
  readonly tags?: { readonly [name: string]: string };
  readonly passwordVersion?: number;
}

export type ImplementationId =
  | "rds-pg"
  | "rds-my"
  | "csql-pg"
  | "csql-my"
  | "az-pg"
  | "az-my"
  | "existing-pg"
  | "existing-my";

/** The servers by id, as the page names them. */
export const SERVERS: { readonly [Id in ImplementationId]: string } = {
  "rds-pg": "RDS for PostgreSQL",
  "rds-my": "RDS for MySQL",
  "csql-pg": "Cloud SQL for PostgreSQL",
  "csql-my": "Cloud SQL for MySQL",
  "az-pg": "Azure for PostgreSQL",
  "az-my": "Azure for MySQL",
  "existing-pg": "DatabaseServer.fromServerAttributes, PostgreSQL",
  "existing-my": "DatabaseServer.fromServerAttributes, MySQL",
};
