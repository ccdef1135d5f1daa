// What the three GitLab architectures share: everything but the cloud's own part.

import { HelmProvider } from "@cdktf/provider-helm/lib/provider";
import { KubernetesProvider } from "@cdktf/provider-kubernetes/lib/provider";
import { TerraformOutput, TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import {
  type Availability,
  type BackupPolicy,
  type Cloud,
  DatabaseEngine,
  DeletionPolicy,
  type IDatabase,
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
  GitlabSize,
  type GitlabStores,
  GitlabVersion,
} from "../lib/gitlab";
import {
  type HelmValues,
  type IClusterConnection,
  KubernetesNamespace,
  mergeValues,
  SqlJobBackend,
} from "../lib/kubernetes";
import { type ClientTls, PgBouncer } from "../lib/pooling";

/** GitLab's namespace. */
export const GITLAB_NAMESPACE = "gitlab";

/** The service account of the pods that read and write objects. */
export const GITLAB_SERVICE_ACCOUNT = "gitlab";

/**
 * `max_connections` for each vCPU. Pools take four fifths of it, and half of those wait for pods that replace others: that leaves
 * the ten at a time that a vCPU carries, and room for the registry.
 */
const CONNECTIONS_PER_VCPU = 30;

/** What PgBouncer keeps for a client with TLS: 15 KiB were measured with 1.18, without what it is just sending. One pod may get all. */
const CLIENT_MIB = 25 / 1024;

/** How GitLab's logical databases lie on servers. */
export enum GitlabLayout {
  /** One database for main and ci, over two connections: what GitLab supports in production everywhere. */
  ONE_DATABASE = "one-database",
  /** main and ci in databases of their own on one server. A beta feature of GitLab and a way without return. */
  ONE_SERVER = "one-server",
  /** main, ci and sec on a server each; the same holds. */
  THREE_SERVERS = "three-servers",
}

/** Properties of a GitLab architecture on any cloud. */
export interface GitlabStackProps {
  /** The domain under which GitLab is `gitlab.<domain>` and the registry `registry.<domain>`; may be a token. */
  readonly domain: string;
  /** The Redis; best one that the cloud runs. */
  readonly redis: GitlabRedis;
  /** The keys that encrypt parts of the databases. They have to be restored with them. */
  readonly secrets: GitlabSecrets;
  /** How GitLab's pods reach the pooler: a certificate for `pgbouncer.gitlab.svc`. */
  readonly poolerTls: ClientTls;
  /** The address that certificates of Let's Encrypt are registered with; may be a token. */
  readonly certificateEmail: string;
  /** The exact version of GitLab's chart. @default "9.7.0", which is GitLab 18.7 */
  readonly chartVersion?: string;
  /** How large the installation is. @default GitlabSize.S */
  readonly size?: GitlabSize;
  /** How the databases lie on servers. @default GitlabLayout.ONE_SERVER */
  readonly layout?: GitlabLayout;
  /** The machine of each server. @default - what GitLab recommends for the size */
  readonly databaseSize?: MachineSize;
  /** The disk of each server. @default - 128 GiB, growing to 1024 */
  readonly storage?: StorageProps;
  /** The PostgreSQL version. @default PostgresVersion.V17 */
  readonly postgres?: PostgresVersion;
  /** What each server survives. @default Availability.ZONE_REDUNDANT */
  readonly availability?: Availability;
  /** How each server is backed up. @default - 14 days */
  readonly backup?: BackupPolicy;
  /** When the cloud may change a server. @default - Sunday, from 04:30 UTC */
  readonly maintenanceWindow?: MaintenanceWindow;
  /** What happens to the data when the stack is destroyed. @default DeletionPolicy.RETAIN */
  readonly deletionPolicy?: DeletionPolicy;
  /** When GitLab's own backup runs, as five fields of cron. @default "0 1 * * *" */
  readonly backupCron?: string;
  /** The chart's values for what has no property here, such as ingress, Gitaly's disks and mail. @default - none */
  readonly values?: HelmValues;
  /** Tags, or labels, for everything on the cloud. @default - application=gitlab */
  readonly tags?: { readonly [name: string]: string };
}

/** What a server is asked for, in the words that every cloud's server takes. */
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
}

/** A stack with GitLab on a cluster that you have and PostgreSQL servers of its own. */
export abstract class GitlabStack extends TerraformStack {
  /** The tags, or labels, of everything on the cloud. */
  protected readonly cloudTags: { [name: string]: string };
  /** What the cloud's part asks of each server. */
  protected readonly databaseIntent: GitlabDatabaseIntent;
  /** What happens to what has no snapshots, such as buckets and namespaces: short of DELETE, it stays. */
  protected readonly storesDeletion?: DeletionPolicy;
  /** What GitLab needs of a server beside its parameters. */
  protected readonly serverSettings: GitlabServerSettings;
  private readonly gitlabProps: GitlabStackProps;
  private readonly layout: GitlabLayout;
  private readonly size: GitlabSize;
  private readonly poolerMemory: string;

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
    const settings = GitlabServerSettings.on(cloud, {
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
      maxConnections: settings.maxConnections,
      slowQueryMs: settings.slowQueryMs,
      parameters: settings.parameters,
      availability: props.availability,
      backup: props.backup,
      maintenanceWindow: props.maintenanceWindow,
      deletionPolicy: props.deletionPolicy,
    };
    // Ephemeral values and write-only arguments came with 1.11.
    this.addOverride("terraform.required_version", ">= 1.11.0");
  }

  /** The servers to make: their logical names are construct ids, so they do not change. */
  protected get serverNames(): string[] {
    return this.layout === GitlabLayout.THREE_SERVERS ? ["main", "ci", "sec"] : ["main"];
  }

  /** Installs GitLab on the cluster, with its databases on the servers. */
  protected installGitlab(
    cluster: IClusterConnection,
    servers: readonly IDatabaseServer[],
    stores: GitlabStores,
    identity: IWorkloadIdentity,
  ): GitlabRelease {
    const props = this.gitlabProps;
    new KubernetesProvider(this, "kubernetes", cluster.kubernetes);
    new HelmProvider(this, "helm", { kubernetes: cluster.helm });
    const namespace = new KubernetesNamespace(this, "namespace", {
      namespaceName: GITLAB_NAMESPACE,
      // Git repositories are on volumes there.
      deletionPolicy: this.storesDeletion,
    });
    const chartVersion = props.chartVersion ?? "9.7.0";
    const version = GitlabVersion.ofChart(chartVersion);
    const databases = this.railsDatabases(servers);
    const registry = (servers[0] as IDatabaseServer).database("registry");
    const topology = new DatabaseTopology(this, "topology", {
      ...databases,
      registry,
      version,
      allowSeparateCiDatabase: this.layout !== GitlabLayout.ONE_DATABASE,
    });
    const objects = new GitlabObjects(this, "objects", {
      topology,
      backend: new SqlJobBackend(this, "sql", { namespace: "gitlab-database-setup" }),
    });
    const pooler = new PgBouncer(this, "pgbouncer", {
      namespace: GITLAB_NAMESPACE,
      clientTls: props.poolerTls,
      memory: this.poolerMemory,
      entries: Object.values(databases).map((database) => ({ database, component: "gitlab" })),
      dependsOn: [...namespace.dependables, ...objects.dependables],
    });
    const pooled = Object.fromEntries(
      Object.entries(databases).map(([name, { databaseName }]) => [name, pooler.database(databaseName)]),
    );
    const release = new GitlabRelease(this, "gitlab", {
      // GitLab connects through the pooler; migrations, backups and the registry go past it.
      topology: topology.through(this, "pooled", pooled),
      domain: props.domain,
      chartVersion,
      objectStorage: GitlabObjectStorage.withIdentity({ stores, identity }),
      redis: props.redis,
      secrets: props.secrets,
      certificateEmail: props.certificateEmail,
      size: this.size,
      backups: { cron: props.backupCron ?? "0 1 * * *" },
      // The pooler's certificate is there before the chart, so a cert-manager is, too; a second one would not install.
      values: mergeValues({ installCertmanager: false }, props.values ?? {}),
      namespace: GITLAB_NAMESPACE,
      createNamespace: false,
      dependsOn: [...namespace.dependables, ...objects.dependables],
    });
    new TerraformOutput(this, "database_host", {
      staticId: true,
      description: "Where the main database listens",
      value: (servers[0] as IDatabaseServer).endpoint.host,
    });
    return release;
  }

  private railsDatabases([first, second, third]: readonly IDatabaseServer[]): RailsDatabases {
    const ownerName = "gitlab";
    const main = (first as IDatabaseServer).database("gitlabhq_production", { ownerName });
    if (this.layout === GitlabLayout.ONE_DATABASE) return { main };
    if (second && third) {
      return {
        main,
        // A pooler keeps one password for a name, so the logins on different servers differ.
        ci: second.database("gitlabhq_production_ci", { ownerName: `${ownerName}_ci` }),
        sec: third.database("gitlabhq_production_sec", { ownerName: `${ownerName}_sec` }),
      };
    }
    // Rails is one component: on one server it has one login.
    return {
      main,
      ci: (first as IDatabaseServer).database("gitlabhq_production_ci", { owner: main.owner }),
    };
  }
}

interface RailsDatabases {
  readonly main: IDatabase;
  readonly ci?: IDatabase;
  readonly sec?: IDatabase;
}
