// Major version upgrades in the contract: what a service does, what a replica needs, what an application supports.

import type { IConstruct } from "constructs";
import type { IDatabaseServer } from "../database-server";
import type { EngineFamily } from "../engine";
import type { RestoreStep } from "../protection";

/** Order of read replicas in a major version upgrade of their source. */
export enum ReplicaUpgrade {
  /** The service upgrades them together with their source. */
  WITH_SOURCE = "with-source",
  /** They are upgraded before their source. */
  BEFORE_SOURCE = "before-source",
  /** They are removed before the upgrade and created again after it. */
  REMOVED = "removed",
}

/** Versions to which a service upgrades a major version in one step. */
export interface MajorUpgradePath {
  /** Major version of the server, such as `15`. */
  readonly from: string;
  /** Major versions that it can be upgraded to, such as `["16", "17"]`. */
  readonly to: readonly string[];
}

/** Major version upgrade of a server by its service, with the commands around it. */
export interface MajorUpgradeProcedure {
  /** Vendor's name: `RDS major version upgrade`. */
  readonly mechanism: string;
  /** Upgrades that the service offers. */
  readonly paths: readonly MajorUpgradePath[];
  /** Read replicas in the region of the server. */
  readonly replicas: ReplicaUpgrade;
  /** Read replicas in other regions. @default - as those in the region of the server */
  readonly replicasOfOtherRegions?: ReplicaUpgrade;
  /** Lines of the server's properties that the upgrade needs, and that are removed after it: `applyImmediately: true,`. @default - none */
  readonly switches?: readonly string[];
  /** Steps before the upgrade: the service's own checks. @default - none */
  readonly checks?: readonly RestoreStep[];
  /** Backup to which the way back returns, taken right before the upgrade. */
  readonly backup: RestoreStep;
  /** Commands that show the version and the state of the server. */
  readonly verify: readonly string[];
  /** Return to the old version; changes since the backup are lost. */
  readonly wayBack: readonly RestoreStep[];
  /** Permissions that the upgrade needs, in the vendor's words. */
  readonly permissions: readonly string[];
  /** Limits, one sentence each. @default - none */
  readonly limits?: readonly string[];
  /** Page of the vendor. */
  readonly source: string;
}

/** Read replica of a server. */
export interface IReadReplica extends IConstruct {
  /** Server that it replicates. Not set after its promotion. */
  readonly replicaOf?: IDatabaseServer;
}

/** Versions of an engine that an application supports. */
export interface SupportedEngine {
  /** Application with its version, for messages: `GitLab 18.5`. */
  readonly application: string;
  /** Engine family. */
  readonly family: EngineFamily;
  /** Oldest major version. */
  readonly oldest: string;
  /** Newest major version. @default - none is known to fail */
  readonly newest?: string;
}
