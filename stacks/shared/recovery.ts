// Recovery plan and runbook that the reference architectures have on each cloud.

import type { Construct } from "constructs";
import { RecoveryScenario, type SecretValue } from "../../lib/database";
import type { HelmValues } from "../../lib/kubernetes";
import {
  type AcceptedGap,
  type IRecoverable,
  type PlannedProtection,
  type PlannedRehearsal,
  RecoveryPlan,
  type RehearsalResult,
  RestoreRunbook,
} from "../../lib/recovery";
import type { IObjectStore } from "../../lib/storage";

/** Velero of a reference architecture. */
export interface StackVelero {
  /**
   * Reason for which the stack has no Velero, such as that of the platform backs up the namespace. Recorded as an opt-out; set later, it
   * destroys the store and the password. @default - Velero is installed
   */
  readonly disabledBecause?: string;
  /** Cron expression in UTC. @default "0 1 * * *" */
  readonly schedule?: string;
  /** Retention of the backups in days, 1 to 3650. @default 30 */
  readonly retentionDays?: number;
  /** Namespaces that are backed up beside that of the application, such as those of workspaces; they must exist. @default - none */
  readonly namespaces?: string[];
  /**
   * Password of the backup repositories, 32 random letters and digits that never change: without it no volume comes back.
   * @default - generated in the cloud's secret store; required on Google Cloud, whose provider reads no secret without writing it to the state
   *
   * @see https://velero.io/docs/v1.18/file-system-backup/
   */
  readonly repositoryPassword?: SecretValue;
  /** Object store of the backups, such as one in another region or account. @default - a new one of the stack */
  readonly store?: IObjectStore;
  /** Prepares a restore to a rebuilt cluster: nothing is written and nothing expires (see `Velero`). @default false */
  readonly restoreOnly?: boolean;
  /** Sets the cluster's definitions of Velero to those of the chart (see `Velero`). @default true */
  readonly upgradeCRDs?: boolean;
  /** Values of Velero's chart. @default - none */
  readonly values?: HelmValues;
}

/** Dumps of the databases of a reference architecture. */
export interface StackLogicalBackup {
  /**
   * Reason for which the stack makes no dumps, such as databases that are too large for them. Recorded as an opt-out; set later, it
   * destroys the store. @default - dumps are made
   */
  readonly disabledBecause?: string;
  /** Cron expression in UTC. @default "0 2 * * *" */
  readonly schedule?: string;
  /** Number of backups that are kept, 2 to 1000. @default 14 */
  readonly keep?: number;
  /** Expected size of the largest dump in GiB, 1 to 4096. The volume of a rehearsal has three times this size. @default 50 */
  readonly databaseSizeGiB?: number;
  /** Object store of the dumps, such as one in another region or account. @default - a new one of the stack */
  readonly store?: IObjectStore;
  /** Node selector of the pods, where only some nodes may connect to the databases. @default - any node */
  readonly nodeSelector?: { readonly [name: string]: string };
}

/** Rehearsals of the restore of a reference architecture's databases. */
export interface StackRehearsal {
  /** Reason for which no restore is rehearsed. Recorded as an opt-out. @default - restores are rehearsed */
  readonly disabledBecause?: string;
  /** Cron expression in UTC. @default "30 5 * * 0" */
  readonly schedule?: string;
  /** Storage class of the scratch server's volume; its reclaim policy must be `Delete`. @default - the cluster's default class */
  readonly storageClassName?: string;
}

/** Recovery properties of a reference architecture. */
export interface StackRecoveryProps {
  /** Velero: backups of the application's objects and volumes in the cluster. @default - installed in the namespace `<application>-velero` */
  readonly velero?: StackVelero;
  /** Dumps of the databases beside the backups of their server. @default - every day, from the namespace `<application>-backups` */
  readonly logicalBackup?: StackLogicalBackup;
  /** Rehearsals of the restore of these dumps. @default - every Sunday */
  readonly rehearsal?: StackRehearsal;
  /**
   * Locks the new stores of the backups for as long as a backup is kept (Object Lock of S3, governance mode), so that no version can be
   * deleted before. A bucket keeps its lock for ever. AWS only: on Google Cloud and Azure, stores that are locked as a whole refuse what
   * Velero and the dumps overwrite. Recorded as an opt-out if false. @default false
   *
   * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html
   */
  readonly lockBackups?: boolean;
  /** Backup mechanisms beside those of the stack, by item of the inventory. @default - none */
  readonly protections?: readonly PlannedProtection[];
  /**
   * Gaps of user data that you accept; they replace the defaults, so that an empty list accepts none.
   * @default - data without a copy in another region, and the volumes of workspaces
   */
  readonly acceptedGaps?: readonly AcceptedGap[];
  /** Results of rehearsals, for the runbook, which names the rehearsals of the stack by itself. @default - none */
  readonly rehearsals?: readonly RehearsalResult[];
  /** Command that synthesizes the program, for the runbook. @default "npx cdktf synth" */
  readonly synthesize?: string;
}

/** Plan and runbook of a stack. */
export interface StackRecovery {
  readonly plan: RecoveryPlan;
  readonly runbook: RestoreRunbook;
}

const REASONS: { readonly [scenario: string]: string } = {
  [RecoveryScenario.LOST_REGION]: "the stack is in one region, and keeps no copy of this data in another",
  // Cloud SQL, where DELETE keeps no backups of a deleted instance.
  [RecoveryScenario.LOST_DATABASE]: "the deletion policy gives the backups up together with the server",
};

/** Data that an architecture does not back up by default, with the reason. */
const VOLUMES: { readonly [data: string]: string } = {
  workspaces: "workspaces are created again from their templates; files that are in no Git remote are lost",
  "running-workspaces":
    "running workspaces are backed up when they stop; what they changed since then is lost",
};

/** Mechanisms and rehearsals of a stack's parts. */
export interface StackProtections {
  readonly protections: readonly PlannedProtection[];
  readonly plannedRehearsals: readonly PlannedRehearsal[];
}

/** Creates the recovery plan and the runbook of a stack. */
export function stackRecovery(
  scope: Construct,
  application: IRecoverable,
  props: StackRecoveryProps | undefined,
  parts: StackProtections,
): StackRecovery {
  const planned = { application, protections: [...parts.protections, ...(props?.protections ?? [])] };
  const plan = new RecoveryPlan(scope, "recovery", {
    ...planned,
    scheduledRehearsals: parts.plannedRehearsals,
    rehearsals: props?.rehearsals,
    acceptedGaps: props?.acceptedGaps ?? acceptedByDefault(planned),
  });
  const runbook = new RestoreRunbook(scope, "runbook", { plan, synthesize: props?.synthesize });
  return { plan, runbook };
}

function acceptedByDefault(planned: {
  readonly application: IRecoverable;
  readonly protections: readonly PlannedProtection[];
}): AcceptedGap[] {
  return RecoveryPlan.gapsOf(planned)
    .filter(({ holdsUserData }) => holdsUserData)
    .flatMap(({ data, scenario }) => {
      const reason = VOLUMES[data] ?? REASONS[scenario];
      return reason === undefined ? [] : [{ data, scenario, reason }];
    });
}
