// Backups of Velero as a mechanism of protection, and their restore.

import { type Protection, type RecoveryKey, RecoveryScenario, type RestoreStep } from "../../database";
import type { IObjectStore } from "../../storage";
import { DEFAULT_RETENTION_DAYS, type ReadSchedule } from "./velero-schedule";

/** @internal */
export interface ScheduleProtectionOptions {
  readonly schedule: ReadSchedule;
  readonly scheduleName: string;
  readonly namespace: string;
  readonly location: string;
  readonly store: IObjectStore;
  readonly key: RecoveryKey;
}

const DISASTER = "https://velero.io/docs/v1.18/disaster-case/";

/** Backups of a schedule. @internal */
export function scheduleProtection(options: ScheduleProtectionOptions): Protection {
  const { schedule, scheduleName, namespace, store } = options;
  const days = schedule.schedule.retentionDays ?? DEFAULT_RETENTION_DAYS;
  return {
    mechanism: `Velero schedule ${scheduleName}`,
    location: `${store.bucketName}, ${store.region}`,
    region: store.region,
    retentionDays: days,
    // The time of the backup itself adds to it.
    lossMinutes: schedule.schedule.paused ? undefined : schedule.cron?.longestGapMinutes,
    keys: [options.key],
    procedures: [
      {
        scenarios: [RecoveryScenario.LOST_CLUSTER],
        steps: [
          ...readOnlySteps(namespace, options.location),
          findStep(namespace, scheduleName),
          restoreStep(namespace, scheduleName),
          ...writableSteps(namespace, options.location),
        ],
      },
    ],
    limits: [
      "Objects that exist already, such as Secrets that Terraform made, are not overwritten by a restore.",
      ...(schedule.schedule.volumes === false
        ? ["Volumes are in it only if an annotation of the pod names them."]
        : ["Volumes that no running pod mounts, such as those of stopped workspaces, are not in it."]),
      "Objects without a namespace are restored only by a Velero that is a cluster administrator.",
    ],
    source: "https://velero.io/docs/v1.18/backup-reference/",
  };
}

/** Before a restore: nothing is written to the store, and nothing in it expires. @internal */
export function readOnlySteps(namespace: string, location: string): RestoreStep[] {
  return [
    {
      title:
        "Install Velero on the rebuilt cluster with its old store and repository password, for restores only",
      appliesProgram: true,
      notes: [
        "Set `restoreOnly: true` on the Velero construct; in a reference stack it is `recovery: { velero: { restoreOnly: true } }`. Schedules are paused and locations read-only, so that the empty cluster overwrites and expires nothing.",
        "The apply makes the namespaces of the application and their Secrets, which exist before the restore.",
      ],
      source: DISASTER,
    },
    {
      title: "Velero reaches its store",
      verify: [
        `kubectl wait backupstoragelocation/${location} --namespace "${namespace}" --for=jsonpath='{.status.phase}'=Available --timeout=5m`,
      ],
      source: DISASTER,
    },
  ];
}

function findStep(namespace: string, scheduleName: string): RestoreStep {
  return {
    title: "Choose the backup",
    commands: [
      // The table of the definition has no phase, and a rebuilt cluster's objects are all as old as its list of backups.
      `kubectl get backups.velero.io --namespace "${namespace}" --selector velero.io/schedule-name=${scheduleName} --sort-by=.status.startTimestamp --output custom-columns=BACKUP:.metadata.name,PHASE:.status.phase,STARTED:.status.startTimestamp,EXPIRES:.status.expiration`,
    ],
    notes: [
      "Velero lists the backups of the store some minutes after its start. Choose the newest one whose phase is Completed.",
    ],
  };
}

function restoreStep(namespace: string, scheduleName: string): RestoreStep {
  return {
    title: "Restore the backup",
    inputs: [
      {
        name: "BACKUP",
        description: "Name of the backup, from the list above",
        example: `${scheduleName}-20261127010000`,
      },
    ],
    commands: [
      `velero restore create "$BACKUP-restore" --namespace "${namespace}" --from-backup "$BACKUP" --wait`,
    ],
    permissions: ["velero.io/restores: create, in the namespace of Velero"],
    verify: [
      `kubectl wait restores.velero.io/"$BACKUP-restore" --namespace "${namespace}" --for=jsonpath='{.status.phase}'=Completed --timeout=1m`,
    ],
    notes: [
      "Needs the client `velero` of the server's line, which `velero version` shows. After PartiallyFailed, `velero restore describe` and `velero restore logs` name the objects.",
    ],
    source: "https://velero.io/docs/v1.18/restore-reference/",
  };
}

/** After a restore. @internal */
export function writableSteps(namespace: string, location: string): RestoreStep[] {
  return [
    {
      title: "Let Velero write backups again",
      appliesProgram: true,
      notes: ["Remove `restoreOnly` from the program."],
      source: DISASTER,
    },
    {
      title: "Velero writes backups",
      notes: ["The next scheduled backup shows that it works."],
      verify: [
        `kubectl wait backupstoragelocation/${location} --namespace "${namespace}" --for=jsonpath='{.spec.accessMode}'=ReadWrite --timeout=1m`,
      ],
      source: DISASTER,
    },
  ];
}
