// Exports as a protection. The commands were compared with gcloud's reference (sql import sql, sql operations list, storage cat, storage
// buckets add-iam-policy-binding), and the rights with Cloud SQL's page on SQL dump files, read 2026-11. Not run against Google Cloud.

import {
  type DatabaseEngine,
  EngineFamily,
  type Protection,
  RecoveryScenario,
  type RestoreStep,
} from "../../database";
import { isResolved } from "../../database/private";
import { cloudSqlPage } from "../cloud-sql/cloud-sql-protection";
import { sameLocation } from "./export-checks";
import { dumpPrefix, manifestPrefix } from "./export-workflow";

const IMPORT = "https://cloud.google.com/sdk/gcloud/reference/sql/import/sql";

const NEW_INSTANCE = {
  name: "NEW_INSTANCE",
  description: "Name of the instance that the program has created",
  example: "coder-postgres-1a2b3c4d",
};

/** An export, for the runbook. @internal */
export interface ExportedServer {
  readonly instanceName: string;
  readonly project: string;
  readonly region?: string;
  readonly engine: DatabaseEngine;
  readonly bucketName: string;
  readonly bucketLocation: string;
  readonly prefix: string;
  readonly databases: readonly { readonly name: string; readonly owner: string }[];
  /** Time between two exports in minutes. @default - not known */
  readonly longestGapMinutes?: number;
  readonly retentionDays?: number;
  readonly keep: number;
}

/** @internal */
export function exportProtection(exported: ExportedServer): Protection {
  const { bucketName, bucketLocation, region, keep, databases } = exported;
  // A dual-region or multi-region outlives the loss of one of its regions; of a token it is not known.
  const elsewhere =
    region !== undefined && isResolved([bucketLocation, region]) && !sameLocation(bucketLocation, region);
  return {
    mechanism: "Cloud SQL export by Cloud Scheduler and Workflows",
    location: `${bucketLocation}, the bucket ${bucketName}`,
    region: bucketLocation,
    retentionDays: exported.retentionDays,
    lossMinutes: exported.longestGapMinutes,
    procedures: [
      {
        scenarios: [RecoveryScenario.LOST_DATABASE],
        steps: [choose(exported), create(exported, false), ...empty(exported), load(exported)],
      },
      ...(elsewhere
        ? [
            {
              scenarios: [RecoveryScenario.LOST_REGION],
              steps: [choose(exported), create(exported, true), ...empty(exported), load(exported)],
            },
          ]
        : []),
    ],
    limits: [
      `The newest ${keep} exports; each restores the state at its time, not any time between.`,
      ...(databases.length > 1
        ? ["The databases are exported one after another: they are not of the same moment."]
        : []),
      "SQL without users, passwords and grants of the server: the program makes them.",
      "Stays when the instance is deleted. Import takes longer than a restored backup, the more data the longer.",
    ],
    source: cloudSqlPage(exported.engine.family, "import-export/import-export-sql"),
  };
}

function choose({ bucketName, prefix }: ExportedServer): RestoreStep {
  const manifests = `gs://${bucketName}/${manifestPrefix(prefix)}`;
  return {
    title: "Choose the export",
    inputs: [
      {
        name: "EXPORT",
        description: "Time and execution in the name of the newest manifest, from the first command",
        example: "20261127T020000Z-1a2b3c4d",
      },
    ],
    commands: [`gcloud storage ls "${manifests}*"`, `gcloud storage cat "${manifests}$EXPORT.json"`],
    permissions: ["storage.objects.list", "storage.objects.get"],
    notes: [
      "An export counts if it has a manifest, which is written last. It names the objects with their sizes.",
    ],
    verify: [`gcloud storage ls --long "gs://${bucketName}/${dumpPrefix(prefix)}$EXPORT.*"`],
    source: "https://cloud.google.com/sdk/gcloud/reference/storage/cat",
  };
}

function create({ instanceName }: ExportedServer, otherRegion: boolean): RestoreStep {
  return {
    title: otherRegion
      ? `Create the server that takes the place of ${instanceName} with the stack of the other region`
      : `Create the server ${instanceName} again`,
    appliesProgram: true,
    notes: [
      "The apply creates it with its databases and their owners, empty.",
      ...(otherRegion
        ? []
        : [
            "Cloud SQL reserves the name of a deleted instance for about a week: if the program sets `instanceName`, give it another one first.",
          ]),
    ],
  };
}

/**
 * `IF NOT EXISTS` stands before extensions only: a table that the application has created stops the import. A dump of MySQL drops its tables
 * first. Tried on PostgreSQL 15: extensions, the database and its privileges stay, and no table is left.
 */
function empty({ engine, databases }: ExportedServer): RestoreStep[] {
  if (engine.family !== EngineFamily.POSTGRES) return [];
  return [
    {
      title: "Drop the tables that the application has created in the new databases",
      inputs: [{ name: "RESTORE_HOST", description: "Address of the new server", example: "10.20.0.3" }],
      commands: databases.map(
        ({ name, owner }) =>
          `psql "host=$RESTORE_HOST dbname=${name} user=${owner} sslmode=require" --set=ON_ERROR_STOP=1 --command="DROP OWNED BY CURRENT_USER"`,
      ),
      verify: databases.map(
        ({ name, owner }) =>
          `psql "host=$RESTORE_HOST dbname=${name} user=${owner} sslmode=require" --command="SELECT count(*) FROM pg_tables WHERE tableowner = CURRENT_USER"`,
      ),
      notes: [
        "On the new server only: it drops all objects of the owner in the database. Extensions, which the administrator has created, and the database itself stay. The password is in the secret store of the program.",
      ],
      source: "https://www.postgresql.org/docs/current/sql-drop-owned.html",
    },
  ];
}

function load({ project, bucketName, prefix, databases, engine }: ExportedServer): RestoreStep {
  const binding = `--member="serviceAccount:$IMPORT_ACCOUNT" --role="roles/storage.objectViewer"`;
  const imports = databases.map(({ name, owner }) => {
    // The user owns the objects that it creates; of MySQL there is no such option.
    const user = engine.family === EngineFamily.POSTGRES ? ` --user="${owner}"` : "";
    return `gcloud sql import sql "$NEW_INSTANCE" "gs://${bucketName}/${dumpPrefix(prefix)}$EXPORT.${name}.sql.gz" --database="${name}"${user} --project="${project}" --quiet`;
  });
  return {
    title: "Import the dumps into the databases",
    inputs: [NEW_INSTANCE],
    commands: [
      `IMPORT_ACCOUNT="$(gcloud sql instances describe "$NEW_INSTANCE" --project="${project}" --format="value(serviceAccountEmailAddress)")"`,
      `gcloud storage buckets add-iam-policy-binding "gs://${bucketName}" ${binding} --condition=None`,
      ...imports,
      `gcloud storage buckets remove-iam-policy-binding "gs://${bucketName}" ${binding} --condition=None`,
    ],
    permissions: [
      "cloudsql.instances.get",
      "cloudsql.instances.import",
      "storage.buckets.getIamPolicy",
      "storage.buckets.setIamPolicy",
    ],
    notes: [
      "The instance reads the bucket with its service account, for the time of the import.",
      ...(engine.family === EngineFamily.POSTGRES
        ? [
            "`--user` makes the login of the program the owner of the objects. Without it Cloud SQL imports as `cloudsqlsuperuser`: take that if a statement about an extension stops the import, and give the objects to the login afterwards.",
          ]
        : []),
      "If gcloud stops waiting, the import goes on: `gcloud sql operations wait` with the name that it prints.",
    ],
    verify: [
      `gcloud sql operations list --instance="$NEW_INSTANCE" --project="${project}" --filter="operationType=IMPORT" --format="table(name,status,error.errors[0].code,endTime)"`,
    ],
    source: IMPORT,
  };
}
