// The cloud-independent part of the GitLab architectures.

import { HelmProvider } from "@cdktf/provider-helm/lib/provider";
import { KubernetesProvider } from "@cdktf/provider-kubernetes/lib/provider";
import { type TerraformBackend, TerraformOutput, TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import {
  type Availability,
  type BackupPolicy,
  type Cloud,
  DatabaseEngine,
  DeletionPolicy,
  type IDatabaseServer,
  type IWorkloadIdentity,
  type MachineSize,
  type MaintenanceWindow,
  PostgresVersion,
  type StorageProps,
} from "../lib/database";
import {
  ConnectionPlanner,
  DatabaseTopology,
  GitlabObjectStorage,
  GitlabObjects,
  type GitlabRedis,
  GitlabRelease,
  type GitlabSecrets,
  GitlabServerSettings,
  type GitlabSidekiqPods,
  GitlabSize,
  type GitlabStores,
  GitlabVersion,
  type GitlabWebservicePods,
} from "../lib/gitlab";
import {
  type HelmValues,
  type IClusterConnection,
  KubernetesNamespace,
  SqlJobBackend,
} from "../lib/kubernetes";
import { mergeValues } from "../lib/kubernetes/private";
import { type ClientTls, PgBouncer } from "../lib/pooling";
import type { RecoveryPlan, RestoreRunbook } from "../lib/recovery";
import { GITLAB_CHART_VERSION } from "./data/default-versions";
import { type BackupCloud, newestRowHours, StackBackups } from "./shared/backups";
import type { DatabaseStackProps } from "./shared/database-props";
import { gitlabDumps, type RailsDatabases } from "./shared/gitlab-dumps";
import { backendOrLocalState } from "./shared/local-state";
import { type StackRecovery, stackRecovery } from "./shared/recovery";

/** Namespace of GitLab. */
export const GITLAB_NAMESPACE = "gitlab";

/** Kubernetes service account of the pods that use object storage. */
export const GITLAB_SERVICE_ACCOUNT = "gitlab";

/**
 * `max_connections` per vCPU. The pools use four fifths of it, and half of that is reserved for the pods of a rolling update. The
 * rest is about ten active connections per vCPU, and room for the registry.
 */
const CONNECTIONS_PER_VCPU = 30;

/** PgBouncer's memory per TLS client: 15 KiB measured with 1.18, plus buffers in use. One pod may have to serve all clients. */
const CLIENT_MIB = 25 / 1024;

/** Distribution of GitLab's logical databases over database servers. */
export enum GitlabLayout {
  /** One database with two connections, main and ci: the layout that GitLab supports in production everywhere. */
  ONE_DATABASE = "one-database",
  /** Separate databases for main and ci on one server. A beta feature of GitLab; it cannot be undone. */
  ONE_SERVER = "one-server",
  /** Separate servers for main, ci and sec. Also beta, and it cannot be undone. */
  THREE_SERVERS = "three-servers",
}

/** Properties of a GitLab architecture on any cloud. */
export interface GitlabStackProps extends DatabaseStackProps {
  /** Domain under which GitLab is `gitlab.<domain>` and the registry `registry.<domain>`; may be a token. */
  readonly domain: string;
  /** External Redis, preferably the cloud's managed one. */
  readonly redis: GitlabRedis;
  /** Keys that encrypt parts of the databases. A restored database needs the same keys. */
  readonly secrets: GitlabSecrets;
  /** Certificate of the connection pooler for `pgbouncer.gitlab.svc`. */
  readonly poolerTls: ClientTls;
  /** E-mail address of the Let's Encrypt account; may be a token. */
  readonly certificateEmail: string;
  /**
   * Exact version of GitLab's Helm chart. Set it for an installation with data: a later version of this package may have a later
   * default, and GitLab is upgraded from one required stop to the next. @default "10.4.1", which is GitLab 19.4
   *
   * @see https://docs.gitlab.com/update/upgrade_paths/
   */
  readonly chartVersion?: string;
  /** Size of the installation, which decides pods, connections and the databases' size. @default GitlabSize.S */
  readonly size?: GitlabSize;
  /** Distribution of the logical databases over servers. @default GitlabLayout.ONE_SERVER */
  readonly layout?: GitlabLayout;
  /** PostgreSQL version. @default PostgresVersion.V17 */
  readonly postgres?: PostgresVersion;
  /** Pods of the web service. @default - those of the size */
  readonly webservice?: GitlabWebservicePods;
  /** Pods of Sidekiq. @default - those of the size */
  readonly sidekiq?: GitlabSidekiqPods;
  /** Schedule of GitLab's backup, as a cron expression with five fields. @default "0 1 * * *" */
  readonly backupCron?: string;
  /** Arguments of `backup-utility`, such as `["--maximum-backups", "7"]`. @default - none: all backups are kept */
  readonly backupArguments?: string[];
  /** Values of GitLab's Helm chart for settings without a property here, such as ingress, Gitaly's volumes and mail. @default - none */
  readonly values?: HelmValues;
}

/** The properties of each database server that are the same on each cloud. */
export interface GitlabDatabaseIntent {
  readonly engine: DatabaseEngine;
  readonly size: MachineSize;
  readonly storage: StorageProps;
  readonly maxConnections: number;
  readonly slowQueryMs: number;
  readonly parameters: { readonly [name: string]: string };
  readonly availability?: Availability;
  readonly backup?: BackupPolicy;
  readonly maintenanceWindow?: MaintenanceWindow;
  readonly deletionPolicy?: DeletionPolicy;
  readonly passwordVersion?: number;
}

/** A stack with GitLab on an existing Kubernetes cluster and new PostgreSQL servers. */
export abstract class GitlabStack extends TerraformStack {
  /** Tags of all cloud resources; labels on Google Cloud. */
  protected readonly cloudTags: { [name: string]: string };
  /** The properties of each database server that are the same on each cloud. */
  protected readonly databaseIntent: GitlabDatabaseIntent;
  /** Deletion policy of buckets and the namespace. They have no snapshots, so any value but DELETE keeps them. */
  protected readonly storesDeletion?: DeletionPolicy;
  /** GitLab's requirements of a server besides its parameters. */
  protected readonly serverSettings: GitlabServerSettings;
  private readonly gitlabProps: GitlabStackProps;
  private readonly layout: GitlabLayout;
  private readonly size: GitlabSize;
  private readonly poolerMemory: string;
  private installation?: InstalledGitlab;

  protected constructor(scope: Construct, id: string, cloud: Cloud, props: GitlabStackProps) {
    super(scope, id);
    this.gitlabProps = props;
    this.cloudTags = { ...(props.tags ?? { application: "gitlab" }) };
    this.storesDeletion = props.deletionPolicy === DeletionPolicy.DELETE ? DeletionPolicy.DELETE : undefined;
    this.size = props.size ?? GitlabSize.S;
    this.layout = props.layout ?? GitlabLayout.ONE_SERVER;
    const connections = this.layout === GitlabLayout.THREE_SERVERS ? 3 : 2;
    const plan = ConnectionPlanner.ofSize(this.size, connections, 2);
    this.poolerMemory = `${Math.max(256, 64 + Math.ceil(plan.demand * CLIENT_MIB))}Mi`;
    const settings = GitlabServerSettings.forCloud(cloud, {
      maxConnections: Math.max(
        plan.recommendedMaxConnections,
        CONNECTIONS_PER_VCPU * this.size.database.vcpu,
      ),
    });
    this.serverSettings = settings;
    this.databaseIntent = {
      engine: DatabaseEngine.postgres(props.postgres ?? PostgresVersion.V17),
      size: props.databaseSize ?? this.size.database.machine,
      storage: props.storage ?? { sizeGiB: 128, maxSizeGiB: 1024 },
      maxConnections: props.maxConnections ?? settings.maxConnections,
      slowQueryMs: settings.slowQueryMs,
      parameters: { ...settings.parameters, ...props.parameters },
      availability: props.availability,
      backup: props.backup,
      maintenanceWindow: props.maintenanceWindow,
      deletionPolicy: props.deletionPolicy,
      passwordVersion: props.passwordVersion,
    };
    // Ephemeral values and write-only arguments need Terraform 1.11.
    this.addOverride("terraform.required_version", ">= 1.11.0");
  }

  /** Backend of the stack: the one that the program added, or local state beside the output folder, with a warning. */
  public override ensureBackendExists(): TerraformBackend {
    return backendOrLocalState(this);
  }

  /** The GitLab release. */
  public get gitlab(): GitlabRelease {
    return this.installed.gitlab;
  }

  /** Recovery plan: the data of GitLab, its backups, and what is not covered. */
  public get recoveryPlan(): RecoveryPlan {
    return this.installed.recovery.plan;
  }

  /** Restore runbook, which `npm start` writes to `RESTORE.md`. */
  public get runbook(): RestoreRunbook {
    return this.installed.recovery.runbook;
  }

  /** Velero, dumps of the databases, and rehearsals of their restore. */
  public get backups(): StackBackups {
    return this.installed.backups;
  }

  /** Namespace of GitLab. */
  public get namespace(): KubernetesNamespace {
    return this.installed.namespace;
  }

  /** The logical databases and their direct connections, which migrations, backups and the registry use. */
  public get topology(): DatabaseTopology {
    return this.installed.topology;
  }

  /** SQL objects of the logical databases: databases, logins, extensions and grants. */
  public get databaseObjects(): GitlabObjects {
    return this.installed.databaseObjects;
  }

  /** Connection pooler of the Rails databases. */
  public get pooler(): PgBouncer {
    return this.installed.pooler;
  }

  /** Object stores of GitLab. */
  public get stores(): GitlabStores {
    return this.installed.stores;
  }

  /** Names of the servers. They are part of construct ids and must not change. */
  protected get serverNames(): string[] {
    return this.layout === GitlabLayout.THREE_SERVERS ? ["main", "ci", "sec"] : ["main"];
  }

  /** Installs GitLab on the cluster with its databases on the servers. A cloud's constructor calls it once, at its end. */
  protected installGitlab(
    cluster: IClusterConnection,
    servers: readonly IDatabaseServer[],
    stores: GitlabStores,
    identity: IWorkloadIdentity,
    cloud: BackupCloud,
  ): void {
    const props = this.gitlabProps;
    new KubernetesProvider(this, "kubernetes", cluster.kubernetes);
    new HelmProvider(this, "helm", { kubernetes: cluster.helm });
    const namespace = new KubernetesNamespace(this, "namespace", {
      namespaceName: GITLAB_NAMESPACE,
      // The volumes of the Git repositories are in it.
      deletionPolicy: this.storesDeletion,
    });
    const chartVersion = props.chartVersion ?? GITLAB_CHART_VERSION;
    const version = GitlabVersion.ofChart(chartVersion);
    const databases = this.railsDatabases(servers);
    const registry = (servers[0] as IDatabaseServer).database("registry");
    const topology = new DatabaseTopology(this, "topology", {
      ...databases,
      registry,
      version,
      allowSeparateCiDatabase: this.layout !== GitlabLayout.ONE_DATABASE,
    });
    const databaseObjects = new GitlabObjects(this, "objects", {
      topology,
      backend: new SqlJobBackend(this, "sql", { namespace: "gitlab-database-setup" }),
    });
    const pooler = new PgBouncer(this, "pgbouncer", {
      namespace: GITLAB_NAMESPACE,
      clientTls: props.poolerTls,
      memory: this.poolerMemory,
      entries: Object.values(databases).map((database) => ({ database, component: "gitlab" })),
      dependsOn: [...namespace.dependables, ...databaseObjects.dependables],
    });
    const gitlab = new GitlabRelease(this, "gitlab", {
      // GitLab connects through the pooler; migrations, backups and the registry connect past it.
      topology: topology.pooledBy(pooler),
      // The pooler needs the users before GitLab is installed.
      databaseSetup: { objects: databaseObjects.objects },
      domain: props.domain,
      chartVersion,
      objectStorage: GitlabObjectStorage.withIdentity({ stores, identity }),
      redis: props.redis,
      secrets: props.secrets,
      certificateEmail: props.certificateEmail,
      size: this.size,
      webservice: props.webservice,
      sidekiq: props.sidekiq,
      backups: { cron: props.backupCron ?? "0 1 * * *", utilityArguments: props.backupArguments },
      // The pooler's certificate exists before the chart is installed, so the cluster has a cert-manager; a second one would fail.
      values: mergeValues(withoutCertManager(version), props.values ?? {}),
      namespace: GITLAB_NAMESPACE,
      createNamespace: false,
      dependsOn: [...namespace.dependables, ...databaseObjects.dependables],
    });
    new TerraformOutput(this, "database_host", {
      staticId: true,
      description: "Host name of the main database server",
      value: (servers[0] as IDatabaseServer).endpoint.host,
    });
    const backups = new StackBackups(this, "protection", {
      application: "gitlab",
      namespace: GITLAB_NAMESPACE,
      data: ["rails-secrets", "release"],
      // A copy of Gitaly's files while it writes is no backup of repositories, which the toolbox makes.
      volumes: false,
      // A week without users is no fault.
      dumps: gitlabDumps(databases, registry, newestRowHours(props.recovery, 8 * 24)),
      cloud,
      recovery: props.recovery,
      disposable: this.storesDeletion === DeletionPolicy.DELETE,
      inNamespace: namespace.dependables,
      databaseSetup: databaseObjects.dependables,
    });
    const recovery = stackRecovery(this, gitlab, props.recovery, backups);
    this.installation = { gitlab, namespace, topology, databaseObjects, pooler, stores, backups, recovery };
  }

  private get installed(): InstalledGitlab {
    if (!this.installation) throw new Error(`[${this.node.path}] GITLAB: installGitlab must be called first`);
    return this.installation;
  }

  private railsDatabases([first, second, third]: readonly IDatabaseServer[]): RailsDatabases {
    const ownerName = "gitlab";
    const main = (first as IDatabaseServer).database("gitlabhq_production", { ownerName });
    if (this.layout === GitlabLayout.ONE_DATABASE) return { main };
    if (second && third) {
      return {
        main,
        // PgBouncer has one password per user name, so the logins on different servers have different names.
        ci: second.database("gitlabhq_production_ci", { ownerName: `${ownerName}_ci` }),
        sec: third.database("gitlabhq_production_sec", { ownerName: `${ownerName}_sec` }),
      };
    }
    // Rails uses one login for all its databases on a server.
    return {
      main,
      ci: (first as IDatabaseServer).database("gitlabhq_production_ci", { owner: main.owner }),
    };
  }
}

/** Switches off the chart's cert-manager. The key was renamed with chart 9. */
function withoutCertManager({ chartMajor }: GitlabVersion): HelmValues {
  return chartMajor >= 9 ? { installCertmanager: false } : { certmanager: { install: false } };
}

interface InstalledGitlab {
  readonly gitlab: GitlabRelease;
  readonly namespace: KubernetesNamespace;
  readonly topology: DatabaseTopology;
  readonly databaseObjects: GitlabObjects;
  readonly pooler: PgBouncer;
  readonly stores: GitlabStores;
  readonly backups: StackBackups;
  readonly recovery: StackRecovery;
}
