// GitLab's data: logical databases by server, repositories, object stores, keys of Rails, and the order in which GitLab wants them back.

import type { IDatabaseServer, Protection, RestoreStep } from "../../database";
import { RecoveryScenario } from "../../database";
import {
  type ApplicationRecovery,
  type DataItem,
  DataKind,
  ProgramProtection,
  StoppedWorkloads,
} from "../../recovery";
import type { IObjectStore } from "../../storage";
import type { GitlabStores } from "../object-storage/gitlab-object-storage";
import type { IDatabaseTopology } from "../topology/database-topology";

const LARGE = "https://docs.gitlab.com/administration/backup_restore/backup_large_reference_architectures/";
const CHART_RESTORE = "https://docs.gitlab.com/charts/backup-restore/restore/";

/** Everything but the repositories, as in GitLab's page on large installations (read 2026-11). */
const SKIPPED =
  "db,builds,registry,uploads,artifacts,lfs,packages,external_diffs,terraform_state,pages,ci_secure_files";

/** Parts of a release, for its recovery. @internal */
export interface GitlabParts {
  readonly topology: IDatabaseTopology;
  readonly stores: GitlabStores;
  readonly namespace: string;
  readonly releaseName: string;
  /** Domain; may be a token. */
  readonly domain: string;
  /** Cron schedule of the toolbox's backups. @default - none */
  readonly backupCron?: string;
  /** True if the values of the chart may put Gitaly outside the cluster. */
  readonly ownValues: boolean;
  /** Mechanisms that protect the keys of Rails. Not set if they are not known. */
  readonly keyProtections?: readonly Protection[];
  /** Name of the secret with the keys of Rails. */
  readonly keySecretName: string;
}

/** Data of GitLab and the steps of its restore. @internal */
export function gitlabRecovery(parts: GitlabParts): ApplicationRecovery {
  const { namespace, releaseName, domain } = parts;
  const selector = `app in (webservice,sidekiq,prometheus,registry),release=${releaseName}`;
  const { stop, start } = StoppedWorkloads.scaledToZero(namespace, selector);
  return {
    application: "GitLab",
    namespace,
    data: gitlabData(parts),
    stop,
    rollback: [
      {
        title: "Return to the chart version that the restored data belongs to",
        notes: [
          "GitLab restores only into exactly the version that made the data: set `chartVersion` in the program to the version before the migration, and apply it together with the restored server.",
        ],
        source: CHART_RESTORE,
      },
    ],
    release: [
      {
        title: "GitLab and its toolbox run, in exactly the version of the backups",
        verify: [
          `kubectl get pods --namespace="${namespace}" --selector="app=toolbox,release=${releaseName}"`,
          `helm list --namespace="${namespace}" --filter="^${releaseName}$"`,
        ],
        source: LARGE,
      },
    ],
    installsFirst: true,
    start,
    checks: [
      {
        title: "GitLab works, and its data fits together",
        verify: [
          `curl --fail --silent --show-error "https://gitlab.${domain}/-/readiness"`,
          ...[
            "gitlab:check SANITIZE=true",
            "gitlab:doctor:secrets",
            "gitlab:artifacts:check",
            "gitlab:lfs:check",
            "gitlab:uploads:check",
          ].map((task) => toolbox(parts, `gitlab-rake ${task}`)),
        ],
        notes: [
          "`gitlab:doctor:secrets` decrypts the values of the database with the kept keys. main and ci have to be of the same moment: jobs of projects that do not exist show that they are not.",
        ],
        source: LARGE,
      },
    ],
  };
}

function gitlabData(parts: GitlabParts): DataItem[] {
  const { namespace, releaseName, keySecretName } = parts;
  return [
    {
      id: "infrastructure",
      kind: DataKind.CLUSTER_CONFIGURATION,
      description: "Cluster, and the network, identities and permissions of this stack",
      location: "the programs that create them",
      holdsUserData: false,
      protections: [ProgramProtection.clusterByProgram()],
    },
    ...databaseItems(parts),
    // Before the repositories: the archives of these are in a store.
    ...storeItems(parts.stores),
    {
      id: "repositories",
      kind: DataKind.REPOSITORIES,
      description: "Git repositories of Gitaly, with wikis and snippets",
      location: parts.ownValues ? "as the chart's values say" : `volumes in the namespace ${namespace}`,
      holdsUserData: true,
      protections: parts.backupCron === undefined ? [] : [toolboxBackup(parts)],
    },
    {
      id: "rails-secrets",
      kind: DataKind.SECRETS,
      description:
        "Keys with which Rails encrypts columns of the databases; without them restored databases are unreadable in part",
      location: `secret ${keySecretName} in the namespace ${namespace}`,
      holdsUserData: true,
      protections: parts.keyProtections,
    },
    {
      id: "release",
      kind: DataKind.APPLICATION_CONFIGURATION,
      description: `Helm release ${releaseName} with its secrets and the pooler`,
      location: `namespace ${namespace}`,
      holdsUserData: false,
      protections: [ProgramProtection.writtenByTerraform("this program, its state and its variables")],
    },
  ];
}

/** One item for each server: its databases come back together, at one moment. */
function databaseItems({ topology, keySecretName }: GitlabParts): DataItem[] {
  const servers = [...new Set(topology.entries.map(({ direct }) => direct.server))];
  return servers.map((server: IDatabaseServer) => {
    const entries = topology.entries.filter(({ direct }) => direct.server === server);
    const first = entries[0]?.name ?? "main";
    const names = [...new Set(entries.map(({ name, direct }) => `${name} (${direct.databaseName})`))];
    return {
      id: first === "main" ? "database" : `database-${first}`,
      kind: DataKind.DATABASE,
      description: `Databases ${names.join(", ")}`,
      location: server.endpoint.host,
      holdsUserData: true,
      protections: server.protections,
      keys: entries.some(({ kind }) => kind === "rails")
        ? [
            {
              name: `the keys of Rails, ${keySecretName}`,
              location: "the secret store from which the program reads them",
            },
          ]
        : [],
    };
  });
}

const STORES: { readonly [name: string]: string } = {
  artifacts: "Job artifacts",
  lfs: "Git LFS objects",
  uploads: "Uploads: attachments, avatars and exports",
  packages: "Packages of the package registry",
  externalDiffs: "External merge request diffs",
  terraformState: "Terraform state files of projects",
  ciSecureFiles: "Secure files of projects",
  dependencyProxy: "Images cached by the dependency proxy",
  registry: "Images of the container registry",
  backups: "Archives of the toolbox's backups",
  pages: "Sites of GitLab Pages",
};

/** Stores whose content comes back by itself. */
const REBUILT = ["dependencyProxy"];

function storeItems(stores: GitlabStores): DataItem[] {
  const all = stores as unknown as { readonly [name: string]: IObjectStore | undefined };
  return Object.entries(STORES).flatMap(([name, description]) => {
    const store = all[name];
    if (store === undefined) return [];
    return [
      {
        id: `store-${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`,
        kind: DataKind.OBJECT_STORE,
        description,
        location: store.bucketName,
        holdsUserData: !REBUILT.includes(name),
        lostIn: REBUILT.includes(name) ? [] : undefined,
        protections: store.protections,
      },
    ];
  });
}

/** Backups of the chart's toolbox: repositories, and what the arguments do not skip. */
function toolboxBackup(parts: GitlabParts): Protection {
  const { stores, backupCron } = parts;
  const { backups } = stores;
  return {
    mechanism: "GitLab backup by the toolbox",
    location: `${backups.bucketName}, ${backups.region}`,
    region: backups.region,
    lossMinutes: dailyLoss(backupCron),
    procedures: [
      {
        scenarios: [
          RecoveryScenario.LOST_CLUSTER,
          ...(outlivesRegion(backups) ? [RecoveryScenario.LOST_REGION] : []),
        ],
        steps: restoreRepositories(parts),
      },
    ],
    limits: [
      "Take the archive whose time is that of the restored databases and objects: repositories that are newer or older than the database show missing or unknown commits.",
      "Jobs in Redis that have not run are lost.",
    ],
    source: "https://docs.gitlab.com/charts/backup-restore/",
  };
}

/** True for a store whose objects are there under the same name when its region is lost; a copy in another bucket has another name. */
function outlivesRegion({ protections = [], accountName, projectId }: IObjectStore): boolean {
  const keepsName = accountName !== undefined || projectId !== undefined;
  return (
    keepsName &&
    protections.some(({ procedures }) =>
      procedures.some(({ scenarios }) => scenarios.includes(RecoveryScenario.LOST_REGION)),
    )
  );
}

function restoreRepositories(parts: GitlabParts): RestoreStep[] {
  return [
    {
      title: "Restore the repositories from an archive of the toolbox",
      inputs: [
        {
          name: "BACKUP_ID",
          description:
            "Name of the archive without _gitlab_backup.tar, at the time of the restored databases",
          example: "1708568263_2024_02_22_16.9.0-ce",
        },
      ],
      commands: [
        listArchives(parts.stores.backups),
        toolbox(parts, `backup-utility --restore -t "$BACKUP_ID" --skip ${SKIPPED}`),
      ],
      permissions: [`create pods/exec in the namespace ${parts.namespace}`],
      notes: ["The database is skipped, since its server has been restored by itself or was not lost."],
      source: LARGE,
    },
  ];
}

function toolbox({ namespace, releaseName }: GitlabParts, command: string): string {
  return `kubectl exec --namespace="${namespace}" "deployment/${releaseName}-toolbox" --container=toolbox -- ${command}`;
}

function listArchives(store: IObjectStore): string {
  if (store.accountName !== undefined) {
    return `az storage blob list --account-name "${store.accountName}" --container-name "${store.bucketName}" --auth-mode login --query "[].name" --output tsv`;
  }
  if (store.projectId !== undefined) return `gcloud storage ls "gs://${store.bucketName}/"`;
  return `aws s3 ls "s3://${store.bucketName}/"`;
}

/** Loss of a schedule that runs once a day at a fixed time; other schedules are not judged. */
function dailyLoss(cron: string | undefined): number | undefined {
  return cron !== undefined && /^\d+ \d+ \* \* \*$/.test(cron) ? 24 * 60 : undefined;
}
