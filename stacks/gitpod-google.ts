// Reference architecture: Gitpod on a GKE cluster that you have, with a MySQL of its own on Cloud SQL, buckets on Cloud Storage and
// images in Artifact Registry. docs/gitpod-google.md draws it and lists the defaults.

import { GoogleProvider } from "@cdktf/provider-google/lib/provider";
import { RandomProvider } from "@cdktf/provider-random/lib/provider";
import type { Construct } from "constructs";
import { Cloud, type SecretValue } from "../lib/database";
import { type EncryptionKeys, GitpodConnection, type GitpodInstallerJob } from "../lib/gitpod";
import {
  ApplicationBuckets,
  ArtifactRegistry,
  CloudSqlAdminLogin,
  CloudSqlAlerts,
  CloudSqlServer,
  DatabaseNetwork,
  GkeWorkloadIdentity,
} from "../lib/google";
import { CloudSqlAuthProxy, GkeConnection } from "../lib/google/gke";
import { ObjectStoreKey, RegistryLogin } from "../lib/storage";
import { GITPOD_NAMESPACE, GitpodStack, type GitpodStackProps } from "./gitpod-stack";

/** A Google service account that is there, with a key file: Gitpod takes nothing else. */
export interface GitpodServiceAccount {
  /** The account's e-mail address; it gets its roles here. May be a token. */
  readonly email: string;
  /** Its key file's JSON text. */
  readonly keyFile: SecretValue;
}

/** Properties of a `GitpodGoogleStack`. */
export interface GitpodGoogleStackProps extends GitpodStackProps {
  /** The Google Cloud project; may be a token. */
  readonly project: string;
  /** The region of cluster, database and images, such as `europe-west1`; may be a token. */
  readonly region: string;
  /** Where Gitpod makes its buckets: a multi-region survives the loss of a region. @default "EU" */
  readonly bucketLocation?: string;
  /** The GKE cluster's name; may be a token. */
  readonly clusterName: string;
  /** The cluster's VPC, as `projects/PROJECT/global/networks/NAME`; may be a token. */
  readonly networkId: string;
  /** Who reads and writes workspaces. */
  readonly workspacesAccount: GitpodServiceAccount;
  /** Who pulls and pushes images. */
  readonly imagesAccount: GitpodServiceAccount;
  /**
   * The key with which Gitpod encrypts what it stores. It is given, since the provider cannot read Secret Manager without a trace
   * in the state.
   */
  readonly encryptionKeys: EncryptionKeys;
  /** The id of the service account of the proxy to the database. @default "gitpod-mysql" */
  readonly databaseAccountId?: string;
  /** The notification channels that alerts go to; may be tokens. @default - no alerts */
  readonly notificationChannels?: string[];
}

/** Gitpod on GKE with Cloud SQL for MySQL, Cloud Storage and Artifact Registry. */
export class GitpodGoogleStack extends GitpodStack {
  /** The database server. */
  public readonly server: CloudSqlServer;
  /** The proxy through which Gitpod reaches it: what it brings along itself is too old for a private address. */
  public readonly proxy: CloudSqlAuthProxy;
  /** What Gitpod may do with buckets. */
  public readonly workspaces: ApplicationBuckets;
  /** The registry. */
  public readonly images: ArtifactRegistry;
  /** The job that installs Gitpod. */
  public readonly gitpod: GitpodInstallerJob;

  public constructor(scope: Construct, id: string, props: GitpodGoogleStackProps) {
    super(scope, id, Cloud.GOOGLE, props);
    const { project, region, clusterName, networkId, notificationChannels } = props;
    const { workspacesAccount, imagesAccount } = props;
    new GoogleProvider(this, "google", { project, region, defaultLabels: this.cloudTags });
    new RandomProvider(this, "random");
    const cluster = new GkeConnection(this, "cluster", { clusterName, location: region });
    const network = new DatabaseNetwork(this, "network", { networkId });
    this.server = new CloudSqlServer(this, "mysql", {
      ...this.databaseIntent,
      network,
      region,
      // So that Gitpod's login has rights on its databases and nothing else: what the API makes may do far more.
      adminLogin: CloudSqlAdminLogin.generated(),
    });
    if (notificationChannels)
      new CloudSqlAlerts(this, "alerts", { server: this.server, notificationChannels });
    const namespace = this.gitpodNamespace(cluster);
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
    // Gitpod makes a bucket for each user itself; the names begin like this in its code.
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
    this.gitpod = this.installGitpod(namespace, {
      server: this.server,
      connection: GitpodConnection.ownProxy(this.proxy),
      encryptionKeys: props.encryptionKeys,
      store: this.workspaces,
      storeKey: ObjectStoreKey.gcs(workspacesAccount.keyFile),
      registry: {
        registry: this.images,
        login: RegistryLogin.googleKey(imagesAccount.keyFile),
      },
    });
  }
}
