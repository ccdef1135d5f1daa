// Reference architecture: GitLab on an existing GKE cluster with Cloud SQL for PostgreSQL, PgBouncer and Cloud Storage.
// See docs/gitlab-google.md.

import { GoogleProvider } from "@cdktf/provider-google/lib/provider";
import { RandomProvider } from "@cdktf/provider-random/lib/provider";
import type { Construct } from "constructs";
import { Cloud } from "../lib/database";
import { requireProps } from "../lib/database/private";
import {
  CloudSqlAlerts,
  CloudSqlServer,
  GcsBucket,
  GkeWorkloadIdentity,
  type ICloudSqlNetwork,
} from "../lib/google";
import { GkeConnection } from "../lib/google/gke";
import { GITLAB_NAMESPACE, GITLAB_SERVICE_ACCOUNT, GitlabStack, type GitlabStackProps } from "./gitlab-stack";
import { gitlabStores } from "./shared/gitlab-stores";
import { type GoogleStackProps, googleBackups, googleDatabaseNetwork } from "./shared/google";
import { checkRestoredServers, restoredServer } from "./shared/restored-servers";

/** Properties of a `GitlabGoogleStack`. */
export interface GitlabGoogleStackProps extends GitlabStackProps, GoogleStackProps {
  /** Location of the buckets, a region, dual-region or multi-region. @default "EU" */
  readonly bucketLocation?: string;
}

/**
 * GitLab on GKE with Cloud SQL for PostgreSQL and Cloud Storage.
 *
 * @example
 * new GitlabGoogleStack(app, "gitlab", {
 *   project: "platform",
 *   region: "europe-west1",
 *   clusterName: "platform",
 *   networkId: "projects/platform/global/networks/main",
 *   domain: "example.com",
 *   certificateEmail: "platform@example.com",
 *   redis,
 *   secrets,
 *   poolerTls,
 *   recovery: { velero: { repositoryPassword } },
 * });
 */
export class GitlabGoogleStack extends GitlabStack {
  /** Connection to the GKE cluster. */
  public readonly cluster: GkeConnection;
  /** Network of the database servers. */
  public readonly network: ICloudSqlNetwork;
  /** The database servers; the first is that of the main database. */
  public readonly servers: CloudSqlServer[];
  /** Alerts of each database server; empty without `notificationChannels`. */
  public readonly alarms: CloudSqlAlerts[];
  /** Google service account of the pods that use object storage. */
  public readonly identity: GkeWorkloadIdentity;

  public constructor(scope: Construct, id: string, props: GitlabGoogleStackProps) {
    super(scope, id, Cloud.GOOGLE, props);
    requireProps(this.node.path, "GITLAB", props, {
      domain: true,
      redis: true,
      secrets: true,
      poolerTls: true,
      certificateEmail: true,
      project: true,
      region: true,
      clusterName: true,
      networkId: true,
    });
    const { project, region, clusterName, notificationChannels } = props;
    new GoogleProvider(this, "google", { project, region, defaultLabels: this.cloudTags });
    new RandomProvider(this, "random");
    this.cluster = new GkeConnection(this, "cluster", { clusterName, location: region });
    this.network = googleDatabaseNetwork(this, props);
    this.alarms = [];
    this.servers = this.serverNames.map((name) => {
      const server = new CloudSqlServer(this, `postgres-${name}`, {
        instanceName: restoredServer(this, "GOOGLE", props.restoredServers, `postgres-${name}`)?.instanceName,
        ...this.databaseIntent,
        network: this.network,
        region,
        encryptionKey: props.encryptionKey,
      });
      if (notificationChannels) {
        this.alarms.push(new CloudSqlAlerts(this, `alerts-${name}`, { server, notificationChannels }));
      }
      return server;
    });
    checkRestoredServers(
      this,
      "GOOGLE",
      props.restoredServers,
      this.serverNames.map((name) => `postgres-${name}`),
    );
    this.identity = new GkeWorkloadIdentity(this, "identity", {
      namespace: GITLAB_NAMESPACE,
      serviceAccountName: GITLAB_SERVICE_ACCOUNT,
      project,
      cloudSql: false,
    });
    const location = props.bucketLocation ?? "EU";
    const stores = gitlabStores(
      (name) => new GcsBucket(this, name, { location, deletionPolicy: this.storesDeletion }),
    );
    this.installGitlab(
      this.cluster,
      this.servers,
      stores,
      this.identity,
      googleBackups(props, location, this.servers, this.storesDeletion !== undefined),
    );
  }
}
