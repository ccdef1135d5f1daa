// Automated backups and point-in-time recovery of Cloud SQL as protections.
//
// Commands: gcloud's sources and reference, read 2026-11 (lib/surface/sql/backups/list.py, restore.py). Without `--instance`, the list is that
// of the project, also of deleted instances; its filter goes to the API, which knows instance, type, time and location, and the limit before
// the order. A backup is restored by its name, for which `--backup-instance` and `--backup-project` are refused.
//
// RPO: transaction logs are archived every five minutes or less [rec]. A deleted instance is
// restored by the API only: the provider's block `clone` has no deletion time (google 6.50). Not run against Google Cloud.

import { type EngineFamily, type Protection, RecoveryScenario, type RestoreStep } from "../../database";

const CLONE = "https://cloud.google.com/sdk/gcloud/reference/sql/instances/clone";

/** Mechanism of automated backups. @internal */
export const AUTOMATED_BACKUPS = "Cloud SQL automated backups";

/** Minutes between two archives of transaction logs. */
const LOG_MINUTES = 5;

/** Page of the documentation of Cloud SQL, which has one for each engine. @internal */
export function cloudSqlPage(family: EngineFamily, page: string): string {
  return `https://cloud.google.com/sql/docs/${family}/${page}`;
}

/** An instance, for its runbook. @internal */
export interface ProtectedInstance {
  readonly family: EngineFamily;
  /** Name of the instance; may be a token. */
  readonly instanceName: string;
  /** Project; may be a token. */
  readonly project: string;
  /** Region; may be a token. */
  readonly region: string;
  /** Location of the backups. @default - the nearest multi-region */
  readonly backupLocation?: string;
  /** Daily backups that are kept; may be a token. */
  readonly retainedBackups: number;
  /** Days of transaction logs; may be a token. */
  readonly logDays: number;
  /** True if backups outlive the instance. */
  readonly retainedOnDelete: boolean;
  /** Unique id of the instance resource in the stack. */
  readonly resourceId: string;
  /** Path of the construct. */
  readonly path: string;
}

/** Point-in-time recovery and automated backups of an instance. @internal */
export function cloudSqlProtections(instance: ProtectedInstance): Protection[] {
  const { region, retainedOnDelete } = instance;
  const backupRegion = instance.backupLocation;
  const backedUp: BackedUpInstance = { ...instance, inProgram: instance };
  return [
    {
      mechanism: "Cloud SQL point-in-time recovery",
      location: `${region}, storage of Cloud SQL`,
      region,
      retentionDays: instance.logDays,
      lossMinutes: LOG_MINUTES,
      procedures: [
        ...(retainedOnDelete
          ? [{ scenarios: [RecoveryScenario.LOST_DATABASE], steps: lostDatabase(instance) }]
          : []),
        { scenarios: [RecoveryScenario.BAD_MIGRATION], steps: badMigration(instance) },
      ],
      limits: [
        "The name of a deleted instance cannot be used again for about a week: the restored one has another.",
      ],
      source: cloudSqlPage(instance.family, "backup-recovery/pitr"),
    },
    {
      mechanism: AUTOMATED_BACKUPS,
      location: backupRegion === undefined ? "the multi-region nearest to the server" : `${backupRegion}`,
      region: backupRegion,
      retentionDays: instance.retainedBackups,
      // One backup a day.
      lossMinutes: 24 * 60,
      procedures: [
        {
          scenarios: [
            ...(retainedOnDelete ? [RecoveryScenario.LOST_DATABASE] : []),
            RecoveryScenario.BAD_MIGRATION,
          ],
          steps: fromBackup(backedUp, false),
        },
        // A multi-region outlives the region; a single region is assumed to be that of the server.
        ...(isMultiRegion(backupRegion)
          ? [{ scenarios: [RecoveryScenario.LOST_REGION], steps: fromBackup(backedUp, true) }]
          : []),
      ],
      source: cloudSqlPage(instance.family, "backup-recovery/restoring"),
    },
  ];
}

const NEW_NAME = {
  name: "NEW_INSTANCE",
  description: "Name of the restored instance: new, in this project",
  example: "restored-20261127",
};
const RESTORE_TIME = {
  name: "RESTORE_TIME",
  description: "Time to restore to, in UTC",
  example: "2026-11-27T08:00:00Z",
};
const PERMISSIONS = [
  "cloudsql.instances.clone",
  "cloudsql.instances.create",
  "cloudsql.instances.get",
  "cloudsql.backupRuns.list",
];

function lostDatabase(instance: ProtectedInstance): RestoreStep[] {
  const { instanceName, project } = instance;
  return [
    {
      title: `Restore the deleted instance ${instanceName} to its latest time`,
      inputs: [
        NEW_NAME,
        {
          name: "DELETED_AT",
          description: "Time of the deletion, from the first command: instanceDeletionTime of a backup",
          example: "2026-11-27T08:10:00.000Z",
        },
        RESTORE_TIME,
      ],
      commands: [
        `${list(instance)} --format="table(name,instanceDeletionTime,backupInterval.endTime)"`,
        `gcloud sql instances get-latest-recovery-time "${instanceName}" --project="${project}" --source-instance-deletion-time="$DELETED_AT"`,
        `gcloud sql instances clone "${instanceName}" "$NEW_INSTANCE" --project="${project}" --point-in-time="$RESTORE_TIME" --source-instance-deletion-time="$DELETED_AT"`,
      ],
      permissions: PERMISSIONS,
      notes: ["`RESTORE_TIME` is the result of the second command."],
      verify: [runnable(project)],
      source: CLONE,
    },
    takePlace(instance),
  ];
}

function badMigration(instance: ProtectedInstance): RestoreStep[] {
  const { instanceName, project } = instance;
  return [
    {
      title: `Clone ${instanceName} as it was before the damage`,
      inputs: [NEW_NAME, RESTORE_TIME],
      commands: [
        `gcloud sql instances get-latest-recovery-time "${instanceName}" --project="${project}"`,
        `gcloud sql instances clone "${instanceName}" "$NEW_INSTANCE" --project="${project}" --point-in-time="$RESTORE_TIME"`,
      ],
      permissions: PERMISSIONS,
      notes: [
        "`RESTORE_TIME` is before the damage, and not after the time that the first command prints.",
        "The clone has the settings, the users and the passwords of the source, which stays as it is.",
      ],
      verify: [runnable(project)],
      source: CLONE,
    },
    takePlace(instance),
  ];
}

/** True for the default location of backups, and for `us`, `eu` and `asia`; a region has a hyphen. @internal */
export function isMultiRegion(backupLocation: string | undefined): boolean {
  return backupLocation === undefined || !backupLocation.includes("-");
}

/** Lists the backups of an instance, the newest first. */
function list({ instanceName, project }: Pick<ProtectedInstance, "instanceName" | "project">): string {
  return `gcloud sql backups list --project="${project}" --filter="instance:${instanceName}" --sort-by="~backupInterval.endTime"`;
}

/** An instance whose backups are restored. @internal */
export interface BackedUpInstance extends Pick<ProtectedInstance, "instanceName" | "project"> {
  /** Place of the instance in the program. @default - not known, as for an existing server */
  readonly inProgram?: Pick<ProtectedInstance, "resourceId" | "path">;
}

/**
 * Restores a backup into a new instance, or into the server of the other region.
 *
 * @param instance the lost instance.
 * @param otherRegion true if the server is in another region.
 * @param mark beginning of the descriptions of the backups to choose from. @default - all backups
 *
 * @internal
 */
export function fromBackup(instance: BackedUpInstance, otherRegion: boolean, mark?: string): RestoreStep[] {
  const { instanceName, project, inProgram } = instance;
  const columns = "name,state,type,backupInterval.endTime,location";
  const restore: RestoreStep = {
    title: otherRegion
      ? `Restore a backup of ${instanceName} into the server of the other region`
      : `Restore a backup of ${instanceName} into a new instance`,
    inputs: [
      otherRegion
        ? { ...NEW_NAME, description: "Name of the instance that the stack of the other region has created" }
        : NEW_NAME,
      {
        name: "BACKUP",
        description:
          "Name of the newest backup that is SUCCESSFUL, and before the damage if there is any, from the first command",
        example: "projects/platform/backups/1a2b3c4d-0000",
      },
    ],
    commands: [
      mark === undefined
        ? `${list(instance)} --format="table(${columns})"`
        : `${list(instance)} --format="value(${columns},description)" | { grep -F "${mark}" || true; }`,
      `gcloud sql backups restore "$BACKUP" --project="${project}" --restore-instance="$NEW_INSTANCE"`,
    ],
    permissions: [
      "cloudsql.backupRuns.list",
      "cloudsql.backupRuns.get",
      "cloudsql.instances.restoreBackup",
      ...(otherRegion ? [] : ["cloudsql.instances.create"]),
    ],
    notes: [
      otherRegion
        ? "Everything in the server is overwritten, its users and their passwords included; the command asks before."
        : "The command asks, and creates the instance with the settings of the backup: version, machine type, network. It must not exist before, since everything in it would be overwritten.",
      ...(otherRegion || inProgram
        ? []
        : ["Then give its address to the clients: the program does not manage the server."]),
      "Needs a gcloud of 2025 or later, whose list has the backups of the project.",
    ],
    verify: [runnable(project)],
    source: "https://cloud.google.com/sdk/gcloud/reference/sql/backups/restore",
  };
  if (otherRegion) return [serverOfOtherRegion(instanceName), restore, newPasswords()];
  return inProgram ? [restore, takePlace({ instanceName, project, ...inProgram })] : [restore];
}

function serverOfOtherRegion(instanceName: string): RestoreStep {
  return {
    title: `Create the server that takes the place of ${instanceName} with the stack of the other region`,
    appliesProgram: true,
    notes: [
      "It has the same engine and version, and at least the disk size of the lost one. It is empty at first.",
    ],
  };
}

function newPasswords(): RestoreStep {
  return {
    title: "Write new passwords to the users of the restored server",
    programChange: "passwordVersion: 2, // of the server: one more than before",
    notes: [
      "The backup has the passwords of the lost server, which Terraform cannot read back from Secret Manager.",
    ],
    permissions: ["cloudsql.users.update"],
  };
}

function takePlace(
  instance: Pick<ProtectedInstance, "instanceName" | "project" | "resourceId" | "path">,
): RestoreStep {
  const { instanceName, project, resourceId, path } = instance;
  const address = `google_sql_database_instance.${resourceId}`;
  const prefix = resourceId.replace(/_[0-9A-F]{8}$/, "");
  const forget = `terraform state list | grep -E '^google_sql_(database_instance|database|user|ssl_cert)\\.${prefix}_' | while read -r address; do\n  terraform state rm "$address"\ndone`;
  return {
    title: `Put the restored instance in the place of ${instanceName}`,
    commands: [forget],
    programChange: [
      `// ${path}: the construct keeps its id, and gets the name of the restored instance.`,
      'instanceName: "restored-20261127", // NEW_INSTANCE',
      "passwordVersion: 2, // one more than before",
      `// In a reference stack: restoredServers: [{ server: "${path.split("/").pop()}", instanceName: "..." }].`,
    ].join("\n"),
    beforePlan: [`terraform import '${address}' "projects/${project}/instances/$NEW_INSTANCE"`],
    permissions: [
      "cloudsql.instances.get",
      "cloudsql.instances.update",
      "cloudsql.users.create",
      "cloudsql.users.update",
    ],
    notes: [
      "Terraform forgets the old instance without deleting it. `passwordVersion` is incremented, since Terraform cannot read the passwords back from Secret Manager: the apply writes new ones to the users of the restored instance, to Secret Manager and, with the new address, to the application's secrets.",
    ],
    undo: [forget, `terraform import '${address}' "projects/${project}/instances/${instanceName}"`],
    source: "https://developer.hashicorp.com/terraform/cli/commands/import",
  };
}

function runnable(project: string): string {
  return `gcloud sql instances describe "$NEW_INSTANCE" --project="${project}" --format="value(state,ipAddresses[0].ipAddress,databaseVersion)"`;
}
