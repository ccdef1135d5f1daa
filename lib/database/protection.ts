/** Event from which data is recovered. */
export enum RecoveryScenario {
  /** The database server is deleted or destroyed; its region works. */
  LOST_DATABASE = "lost-database",
  /** The Kubernetes cluster and everything in it is lost; databases and object stores work. */
  LOST_CLUSTER = "lost-cluster",
  /** The region with all its services is lost. */
  LOST_REGION = "lost-region",
  /** A migration or statement damaged the data; the state of a moment before it is wanted. */
  BAD_MIGRATION = "bad-migration",
  /** Objects were deleted or overwritten in an object store. */
  DELETED_OBJECTS = "deleted-objects",
}

/** Key or password without which a backup cannot be restored or read. */
export interface RecoveryKey {
  /** Name of the key, such as its alias or the name of its secret; may be a token. */
  readonly name: string;
  /** Place of the key that outlives the loss of the data, such as `AWS KMS, eu-central-1`; may be a token. */
  readonly location: string;
  /** Command that shows that the key is there, without printing it. @default - none */
  readonly check?: string;
}

/** Value that the reader of a runbook fills in, such as the time to restore to: a shell variable of the commands. */
export interface RestoreInput {
  /** Name of the shell variable, in upper case: `RESTORE_TIME`. */
  readonly name: string;
  /** Meaning of the value, and where to find it. */
  readonly description: string;
  /** Example value, which the runbook assigns: `2026-11-27T08:00:00Z`. */
  readonly example: string;
}

/** One step of a restore. */
export interface RestoreStep {
  /** Action of the step, in the imperative: `Restore the server from its automated backups`. */
  readonly title: string;
  /**
   * Commands of Bash, each of which may have several lines. Names that are tokens may be part of them, in double quotes: the runbook
   * replaces a token by `$(terraform output -raw ...)`. Variables of the shell are written `$NAME`, never with braces.
   * @default - none; the title and the notes say everything
   */
  readonly commands?: readonly string[];
  /**
   * Change of the program, as TypeScript. The runbook synthesizes, plans and applies the program after the step's phase.
   * @default - none
   */
  readonly programChange?: string;
  /**
   * Applies the program right after this step, since the following ones need the change that the notes describe. @default false
   */
  readonly appliesProgram?: boolean;
  /** Commands between the synthesis of the changed program and its plan, such as `terraform import`. @default - none */
  readonly beforePlan?: readonly string[];
  /** Values that the reader fills in. @default - none */
  readonly inputs?: readonly RestoreInput[];
  /** Permissions that the commands need, in the vendor's words: `rds:RestoreDBInstanceToPointInTime`. @default - none */
  readonly permissions?: readonly string[];
  /** Commands that show that the step has succeeded. @default - none */
  readonly verify?: readonly string[];
  /** Commands that undo the step. @default - none; the step changes nothing that exists */
  readonly undo?: readonly string[];
  /** Remarks, one sentence or more each. @default - none */
  readonly notes?: readonly string[];
  /** Page of the vendor that describes the commands. @default - that of the protection */
  readonly source?: string;
}

/** Way of restoring data in some scenarios. */
export interface RestoreProcedure {
  /** Scenarios that the steps recover from. */
  readonly scenarios: readonly RecoveryScenario[];
  /** Steps, in their order. */
  readonly steps: readonly RestoreStep[];
}

/**
 * One backup mechanism of a piece of data. A cloud's servers and stores report the mechanisms that the program has enabled, in
 * `protections`; constructs that make backups report theirs. It covers only the scenarios that one of its procedures names.
 */
export interface Protection {
  /** Vendor's name of the mechanism: `RDS automated backups`, `Cloud Storage soft delete`. */
  readonly mechanism: string;
  /** Place of the copies, such as `eu-central-1, storage of RDS`; may be a token. */
  readonly location: string;
  /** Region of the copies, in the cloud's spelling; may be a token. @default - not known */
  readonly region?: string;
  /** Age of the oldest state that can be restored, in days; may be a token. @default - not limited, or not known */
  readonly retentionDays?: number;
  /** Loss to expect by construction (RPO), in minutes. @default - not known; the vendor states none */
  readonly lossMinutes?: number;
  /** Keys that a restore needs. @default - none */
  readonly keys?: readonly RecoveryKey[];
  /** Ways of restoring. Scenarios without one are not covered. */
  readonly procedures: readonly RestoreProcedure[];
  /** True if the copies have no persistent volumes in them, so that they cover no data of the kind volumes. @default false */
  readonly withoutVolumes?: boolean;
  /** Limits, one sentence each: `Deleted together with the server.` @default - none */
  readonly limits?: readonly string[];
  /** Page of the vendor that states retention and loss. */
  readonly source: string;
}

/**
 * Rehearsal of a restore that runs on a schedule. Its results are measured while it runs, long after the program was synthesized: the
 * plan and the runbook therefore have the commands that print the last one.
 */
export interface ScheduledRehearsal {
  /** Kind and name of the rehearsal, such as `restore testing plan coder_1a2b`; may be a token. */
  readonly rehearsedBy: string;
  /** Mechanisms that it restores, by the names of their `Protection`. */
  readonly mechanisms: readonly string[];
  /** Schedule, in the spelling of the scheduler: `30 5 * * 0`; may be a token. */
  readonly schedule: string;
  /** Time zone of the schedule, by its name in the IANA database; may be a token. */
  readonly timeZone: string;
  /** Longest time between two runs, in minutes. @default - not known */
  readonly longestGapMinutes?: number;
  /** Statement that a success proves, in one sentence: `The restored rows pass the checks in SQL.` */
  readonly proves: string;
  /** Commands of Bash that print the last result, as those of a `RestoreStep`. */
  readonly resultCommands: readonly string[];
  /** Permissions that these commands need, in the vendor's words. @default - none */
  readonly permissions?: readonly string[];
  /** Page that describes the rehearsal. */
  readonly source: string;
}
