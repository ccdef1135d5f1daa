// Reference architecture: Gitpod on an existing GKE cluster with Cloud SQL for MySQL, Cloud Storage and Artifact Registry.
// See docs/gitpod-google.md.

import { GoogleProvider } from "@cdktf/provider-google/lib/provider";
import { RandomProvider } from "@cdktf/provider-random/lib/provider";
import type { Construct } from "constructs";
import { Cloud, type SecretValue } from "../lib/database";
import { requireProps } from "../lib/database/private";
import { GitpodConnection, type GitpodEncryptionKeys } from "../lib/gitpod";
import {
  ApplicationBuckets,
  ArtifactRegistry,
  CloudSqlAlerts,
  CloudSqlServer,
  GkeWorkloadIdentity,
  type ICloudSqlNetwork,
} from "../lib/google";
import { CloudSqlAuthProxy, GkeConnection } from "../lib/google/gke";
import { ObjectStoreKey, RegistryLogin } from "../lib/storage";
import { GITPOD_NAMESPACE, GitpodStack, type GitpodStackProps } from "./gitpod-stack";
import { type GoogleStackProps, googleBackups, googleDatabaseNetwork } from "./shared/google";
import { checkRestoredServers, restoredServer } from "./shared/restored-servers";

/** An existing Google service account with a key file. Gitpod supports no other credentials for Google Cloud. */
export interface GitpodServiceAccount {
  /** E-mail address of the service account; the stack grants its roles. May be a token. */
  readonly email: string;
  /** JSON text of its key file. */
  readonly keyFile: SecretValue;
}

/** Properties of a `GitpodGoogleStack`. */
export interface GitpodGoogleStackProps extends GitpodStackProps, GoogleStackProps {
  /** Location in which Gitpod creates its buckets, and of those of backups: a region, dual-region or multi-region. @default "EU" */
  readonly bucketLocation?: string;
  /** Service account for workspaces. */
  readonly workspacesAccount: GitpodServiceAccount;
  /** Service account that pulls and pushes images. */
  readonly imagesAccount: GitpodServiceAccount;
  /**
   * Keys that encrypt Gitpod's database. Required here, because the google provider cannot read Secret Manager without writing the
   * value to the state.
   */
  readonly encryptionKeys: GitpodEncryptionKeys;
  /** Id of the service account of the Cloud SQL Auth Proxy. @default "gitpod-mysql" */
  readonly databaseAccountId?: string;
}

/**
 * Gitpod on GKE with Cloud SQL for MySQL, Cloud Storage and Artifact Registry.
 *
 * @example
 * new GitpodGoogleStack(app, "gitpod", {
 *   project: "platform",
 *   region: "europe-west1",
 *   clusterName: "platform",
 *   networkId: "projects/platform/global/networks/main",
 *   domain: "gitpod.example.com",
 *   installerImage,
 *   workspacesAccount: { email: workspacesEmail, keyFile: workspacesKeyFile },
 *   imagesAccount: { email: imagesEmail, keyFile: imagesKeyFile },
 *   encryptionKeys,
 *   recovery: { velero: { repositoryPassword } },
 * });
 */
export class GitpodGoogleStack extends GitpodStack {
  /** Connection to the GKE cluster. */
  public readonly cluster: GkeConnection;
  /** Network of the database server. */
  public readonly network: ICloudSqlNetwork;
  /** The database server. */
  public readonly server: CloudSqlServer;
  /** Alerts of the database server; not set without `notificationChannels`. */
  public readonly alarms?: CloudSqlAlerts;
  /** Cloud SQL Auth Proxy between Gitpod and the server. The proxy in Gitpod's chart does not support private IP addresses. */
  public readonly proxy: CloudSqlAuthProxy;
  /** Permissions of Gitpod on the buckets that it creates. */
  public readonly workspaces: ApplicationBuckets;
  /** Registry of workspace images. */
  public readonly images: ArtifactRegistry;

  public constructor(scope: Construct, id: string, props: GitpodGoogleStackProps) {
    super(scope, id, Cloud.GOOGLE, props);
    requireProps(this.node.path, "GITPOD", props, {
      workspacesAccount: true,
      imagesAccount: true,
      encryptionKeys: true,
      domain: true,
      installerImage: true,
      project: true,
      region: true,
      clusterName: true,
      networkId: true,
    });
    const { project, region, clusterName, notificationChannels } = props;
    const { workspacesAccount, imagesAccount } = props;
    new GoogleProvider(this, "google", { project, region, defaultLabels: this.cloudTags });
    new RandomProvider(this, "random");
    this.cluster = new GkeConnection(this, "cluster", { clusterName, location: region });
    this.network = googleDatabaseNetwork(this, props);
    checkRestoredServers(this, "GOOGLE", props.restoredServers, ["mysql"]);
    this.server = new CloudSqlServer(this, "mysql", {
      instanceName: restoredServer(this, "GOOGLE", props.restoredServers, "mysql")?.instanceName,
      ...this.databaseIntent,
      network: this.network,
      region,
      encryptionKey: props.encryptionKey,
    });
    if (notificationChannels) {
      this.alarms = new CloudSqlAlerts(this, "alerts", { server: this.server, notificationChannels });
    }
    const namespace = this.gitpodNamespace(this.cluster);
    this.proxy = new CloudSqlAuthProxy(this, "proxy", {
      server: this.server,
      connectionName: this.server.connectionName,
      namespace: GITPOD_NAMESPACE,
      identity: new GkeWorkloadIdentity(this, "database-identity", {
        namespace: GITPOD_NAMESPACE,
        serviceAccountName: "gitpod-mysql",
        accountId: props.databaseAccountId ?? "gitpod-mysql",
        project,
      }),
      dependsOn: namespace.dependables,
    });
    // Gitpod creates a bucket per user with this prefix.
    this.workspaces = new ApplicationBuckets(this, "workspaces", {
      prefix: "gitpod-",
      location: props.bucketLocation ?? "EU",
      project,
    });
    this.workspaces.grantReadWriteToMember("gitpod", `serviceAccount:${workspacesAccount.email}`);
    this.images = new ArtifactRegistry(this, "images", {
      location: region,
      deletionPolicy: this.storesDeletion,
    });
    this.images.grantPushToMember("gitpod", `serviceAccount:${imagesAccount.email}`);
    this.installGitpod(namespace, {
      server: this.server,
      connection: GitpodConnection.proxyService(this.proxy),
      encryptionKeys: props.encryptionKeys,
      store: this.workspaces,
      storeKey: ObjectStoreKey.gcs(workspacesAccount.keyFile),
      backups: googleBackups(props, props.bucketLocation ?? "EU", [this.server], this.disposable),
      registry: {
        registry: this.images,
        login: RegistryLogin.googleKey(imagesAccount.keyFile),
      },
    });
  }
}
