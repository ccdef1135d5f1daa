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
  readonly nodeAgent: boolean;
}

const VOLUMES = "https://velero.io/docs/v1.18/file-system-backup/";
const DISASTER = "https://velero.io/docs/v1.18/disaster-case/";

/** Backups of a schedule. @internal */
export function scheduleProtection(options: ScheduleProtectionOptions): Protection {
  const { schedule, scheduleName, namespace, store } = options;
  const { volumes = true } = schedule.schedule;
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
          ...readOnlySteps(namespace, options.location, options.nodeAgent),
          findStep(namespace, scheduleName),
          restoreStep(namespace, scheduleName, options.nodeAgent),
          ...writableSteps(namespace, options.location),
        ],
      },
    ],
    withoutVolumes: !volumes,
    limits: [
      "Objects that exist already, such as Secrets that Terraform made, are not overwritten by a restore.",
      ...(!volumes
        ? [
            options.nodeAgent
              ? "Volumes are in it only if an annotation of the pod names them."
              : "No volume is in it.",
          ]
        : ["Volumes that no running pod mounts, such as those of stopped workspaces, are not in it."]),
      "Objects without a namespace are restored only by a Velero that is a cluster administrator.",
    ],
    source: "https://velero.io/docs/v1.18/backup-reference/",
  };
}

/** Before a restore: nothing is written to the store, and nothing in it expires. @internal */
export function readOnlySteps(namespace: string, location: string, nodeAgent: boolean): RestoreStep[] {
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
    ...(nodeAgent ? [nodeAgentStep(namespace)] : []),
  ];
}

/** The release does not wait for agents (`maxUnavailable` in `velero-values.ts`), and a restore fails where none runs. */
function nodeAgentStep(namespace: string): RestoreStep {
  return {
    title: "Node agents run, which restore volumes",
    verify: [`kubectl rollout status daemonset/node-agent --namespace "${namespace}" --timeout=10m`],
    notes: [
      "A restored pod that lands on a node without a running agent stays without its volumes. Where nodes are added on demand, add those of the application before the restore.",
    ],
    source: VOLUMES,
  };
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

function restoreStep(namespace: string, scheduleName: string, nodeAgent: boolean): RestoreStep {
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
      ...(nodeAgent ? [restoredVolumes(namespace)] : []),
    ],
    notes: [
      ...(nodeAgent
        ? [
            "A volume comes back only into a pod that the restore creates: one that exists already is left as it is. The last check compares the volumes that were restored with those of the backup.",
            "A failed PodVolumeRestore with `invalid repository password` means that the Secret `velero-repo-credentials` has another password than the backups: give Velero the old one, delete the pods that were restored, and restore under another name.",
          ]
        : []),
      "Needs the client `velero` of the server's line, which `velero version` shows. After PartiallyFailed, `velero restore describe` and `velero restore logs` name the objects.",
    ],
    source: "https://velero.io/docs/v1.18/restore-reference/",
  };
}

/** A restore is `Completed` too if it left pods out that exist already, and their volumes with them. */
function restoredVolumes(namespace: string): string {
  const count = (resource: string, columns: string, name: string, condition: string) =>
    `"$(kubectl get ${resource}.velero.io --namespace "${namespace}" --no-headers --output custom-columns=${columns} | awk -v name="${name}" '$1 == name && $2 ${condition}' | wc -l)"`;
  const restores = "RESTORE:.metadata.ownerReferences[0].name,PHASE:.status.phase";
  // An empty volume has no snapshot, and is not restored.
  const backups = "BACKUP:.spec.tags.backup,SNAPSHOT:.status.snapshotID";
  return [
    `RESTORED_VOLUMES=${count("podvolumerestores", restores, "$BACKUP-restore", '== "Completed"')}`,
    `WANTED_VOLUMES=${count("podvolumebackups", backups, "$BACKUP", '!= "<none>"')}`,
    'echo "volumes restored: $RESTORED_VOLUMES of $WANTED_VOLUMES"',
    'test "$RESTORED_VOLUMES" -eq "$WANTED_VOLUMES"',
  ].join("\n");
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
