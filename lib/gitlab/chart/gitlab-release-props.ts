import type { ITerraformDependable, TerraformProvider } from "cdktf";
import type { DeletionPolicy } from "../../database";
import type { HelmValues } from "../../kubernetes";
import type { GitlabObjectStorage } from "../object-storage/object-storage";
import type { GitlabBackupSchedule } from "../planning/gitlab-backup-coverage";
import type { GitlabSize } from "../planning/gitlab-size";
import type { DatabaseTopology } from "../topology/database-topology";
import type { GitlabRedis } from "./gitlab-redis";
import type { GitlabSecrets } from "./gitlab-secrets";

/** The site's part in a Geo deployment. */
export interface GitlabGeoSite {
  /** The site's name in GitLab. @default - the URL of GitLab */
  readonly nodeName?: string;
  /** The primary site's URL, from which a secondary site copies registry images. @default - images are not copied */
  readonly primaryApiUrl?: string;
}

/** Pods that autoscale. */
export interface GitlabPods {
  /** The fewest pods, 1 or more. @default - the size's, else the chart's: 2 of webservice and the registry, 1 of Sidekiq */
  readonly minReplicas?: number;
  /** The most pods, 1 or more; the databases have to carry them. @default - the size's, else the chart's: 10 */
  readonly maxReplicas?: number;
}

/** The web pods. */
export interface GitlabWebservicePods extends GitlabPods {
  /** Puma processes in a pod, 1 or more. @default - the size's four, else the chart's: 2 */
  readonly workerProcesses?: number;
  /** The most threads of a process, 1 or more. @default 4 */
  readonly maxThreads?: number;
}

/** The pods for background jobs. */
export interface GitlabSidekiqPods extends GitlabPods {
  /** Jobs at a time in a pod, 1 or more. @default 20 */
  readonly concurrency?: number;
}

/** The registry's pods. */
export interface GitlabRegistryPods extends GitlabPods {
  /** The most connections of a pod to the registry's database, 1 or more. @default 10 */
  readonly poolMaxOpen?: number;
}

/** Properties of a `GitlabRelease`. */
export interface GitlabReleaseProps {
  /** The databases. */
  readonly topology: DatabaseTopology;
  /** The domain under which GitLab is `gitlab.<domain>` and the registry `registry.<domain>`. */
  readonly domain: string;
  /** The chart's exact version, of the lines 8 to 10 and of the GitLab that the topology says; known at synth. */
  readonly chartVersion: string;
  /** Object storage. */
  readonly objectStorage: GitlabObjectStorage;
  /** Redis. Chart 10 needs an external one. */
  readonly redis: GitlabRedis;
  /** The keys that encrypt parts of the databases. @default - the chart makes them, in the cluster alone, and the review warns */
  readonly secrets?: GitlabSecrets;
  /** The address that certificates of Let's Encrypt are registered with. @default - `values` say where certificates come from */
  readonly certificateEmail?: string;
  /** How large the installation is; sets pods and workers. @default - the chart's own numbers */
  readonly size?: GitlabSize;
  /** The web pods. @default - the size's */
  readonly webservice?: GitlabWebservicePods;
  /** The pods for background jobs. @default - the size's */
  readonly sidekiq?: GitlabSidekiqPods;
  /** The registry's pods. @default - 2 to 10, as in the chart */
  readonly registry?: GitlabRegistryPods;
  /** Connections beside the pods': migrations, the toolbox, monitoring, people; for each database of Rails. @default 20 */
  readonly otherConnections?: number;
  /** When backups run. @default - only when somebody starts one */
  readonly backups?: GitlabBackupSchedule;
  /** The part in a Geo deployment; the topology's `geo` makes the site a secondary one. @default - what the topology says */
  readonly geo?: GitlabGeoSite;
  /** The namespace. @default "gitlab" */
  readonly namespace?: string;
  /** Whether to make the namespace. @default true */
  readonly createNamespace?: boolean;
  /** What happens to a namespace made here, and to Git repositories on volumes in it, on removal. @default DeletionPolicy.RETAIN */
  readonly namespaceDeletionPolicy?: DeletionPolicy;
  /** The release's name, with which the secrets' names begin. @default "gitlab" */
  readonly releaseName?: string;
  /** Accepts databases with a public address. @default false */
  readonly acceptPublicDatabase?: boolean;
  /** The chart's values, for what has no property here, such as ingress, Gitaly and mail; `global.certificates.customCAs` is joined to the construct's. @default - none */
  readonly values?: HelmValues;
  /** How long Helm waits, migrations included, in seconds, 900 or more. @default 3600 */
  readonly timeoutSeconds?: number;
  /** The chart repository. @default "https://charts.gitlab.io/" */
  readonly repository?: string;
  /** The Helm provider. @default - the stack's only one */
  readonly helmProvider?: TerraformProvider;
  /** The Kubernetes provider. @default - the stack's only one */
  readonly kubernetesProvider?: TerraformProvider;
  /** What has to exist first, beside databases and identities: what makes databases and users in SQL. @default - nothing */
  readonly dependsOn?: ITerraformDependable[];
}
