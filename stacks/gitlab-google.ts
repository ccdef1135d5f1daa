// Reference architecture: GitLab on a GKE cluster that you have, with PostgreSQL servers of its own on Cloud SQL, a pooler and buckets
// on Cloud Storage. docs/gitlab-google.md draws it and lists the defaults.

import { GoogleProvider } from "@cdktf/provider-google/lib/provider";
import { RandomProvider } from "@cdktf/provider-random/lib/provider";
import type { Construct } from "constructs";
import { Cloud } from "../lib/database";
import type { GitlabRelease } from "../lib/gitlab";
import {
  CloudSqlAdminLogin,
  CloudSqlAlerts,
  CloudSqlServer,
  DatabaseNetwork,
  GcsBucket,
  GkeWorkloadIdentity,
} from "../lib/google";
import { GkeConnection } from "../lib/google/gke";
import { GITLAB_NAMESPACE, GITLAB_SERVICE_ACCOUNT, GitlabStack, type GitlabStackProps } from "./gitlab-stack";
import { gitlabStores } from "./gitlab-stores";

/** Properties of a `GitlabGoogleStack`. */
export interface GitlabGoogleStackProps extends GitlabStackProps {
  /** The Google Cloud project; may be a token. */
  readonly project: string;
  /** The region of cluster and databases, such as `europe-west1`; may be a token. */
  readonly region: string;
  /** Where the buckets are: a multi-region survives the loss of a region. @default "EU" */
  readonly bucketLocation?: string;
  /** The GKE cluster's name; may be a token. */
  readonly clusterName: string;
  /** The cluster's VPC, as `projects/PROJECT/global/networks/NAME`; may be a token. */
  readonly networkId: string;
  /** The notification channels that alerts go to; may be tokens. @default - no alerts */
  readonly notificationChannels?: string[];
}

/** GitLab on GKE with Cloud SQL for PostgreSQL and Cloud Storage. */
export class GitlabGoogleStack extends GitlabStack {
  /** The database servers; main's is the first. */
  public readonly servers: CloudSqlServer[];
  /** The GitLab release. */
  public readonly gitlab: GitlabRelease;

  public constructor(scope: Construct, id: string, props: GitlabGoogleStackProps) {
    super(scope, id, Cloud.GOOGLE, props);
    const { project, region, clusterName, networkId, notificationChannels } = props;
    new GoogleProvider(this, "google", { project, region, defaultLabels: this.cloudTags });
    new RandomProvider(this, "random");
    const cluster = new GkeConnection(this, "cluster", { clusterName, location: region });
    const network = new DatabaseNetwork(this, "network", { networkId });
    this.servers = this.serverNames.map((name) => {
      const server = new CloudSqlServer(this, `postgres-${name}`, {
        ...this.databaseIntent,
        network,
        region,
        // So that GitLab's logins own their databases and nothing else: what the API makes may do far more.
        adminLogin: CloudSqlAdminLogin.generated(),
      });
      if (notificationChannels) {
        new CloudSqlAlerts(this, `alerts-${name}`, { server, notificationChannels });
      }
      return server;
    });
    const identity = new GkeWorkloadIdentity(this, "identity", {
      namespace: GITLAB_NAMESPACE,
      serviceAccountName: GITLAB_SERVICE_ACCOUNT,
      project,
      cloudSql: false,
    });
    const location = props.bucketLocation ?? "EU";
    const stores = gitlabStores(
      (name) => new GcsBucket(this, name, { location, deletionPolicy: this.storesDeletion }),
    );
    this.gitlab = this.installGitlab(cluster, this.servers, stores, identity);
  }
}
