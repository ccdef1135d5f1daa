// Reference architecture: GitLab on an EKS cluster that you have, with PostgreSQL servers of its own on RDS, a pooler and buckets on S3.
// docs/gitlab-aws.md draws it and lists the defaults.

import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import type { Construct } from "constructs";
import { DatabaseNetwork, EncryptionKey, IrsaIdentity, RdsAlarms, RdsServer, S3Bucket } from "../lib/aws";
import { EksConnection } from "../lib/aws/eks";
import { Cloud } from "../lib/database";
import type { GitlabRelease } from "../lib/gitlab";
import { GITLAB_NAMESPACE, GITLAB_SERVICE_ACCOUNT, GitlabStack, type GitlabStackProps } from "./gitlab-stack";
import { gitlabStores } from "./gitlab-stores";

/** Properties of a `GitlabAwsStack`. */
export interface GitlabAwsStackProps extends GitlabStackProps {
  /** The AWS region of cluster and databases; may be a token. */
  readonly region: string;
  /** The EKS cluster's name; may be a token. */
  readonly clusterName: string;
  /** The ARN of the cluster's OIDC provider in IAM; may be a token. */
  readonly oidcProviderArn: string;
  /** Private subnets of the cluster's VPC in two zones or more; may be tokens. */
  readonly subnetIds: string[];
  /** The SNS topic that alarms go to; may be a token. @default - no alarms */
  readonly alarmTopicArn?: string;
  /** The KMS key of the databases. It has to outlive them, or their snapshots cannot be read. @default - a key for each server */
  readonly encryptionKeyArn?: string;
}

/** GitLab on EKS with RDS for PostgreSQL and S3. */
export class GitlabAwsStack extends GitlabStack {
  /** The database servers; main's is the first. */
  public readonly servers: RdsServer[];
  /** The GitLab release. */
  public readonly gitlab: GitlabRelease;

  public constructor(scope: Construct, id: string, props: GitlabAwsStackProps) {
    super(scope, id, Cloud.AWS, props);
    const { region, alarmTopicArn } = props;
    new AwsProvider(this, "aws", { region, defaultTags: [{ tags: this.cloudTags }] });
    const cluster = new EksConnection(this, "cluster", { clusterName: props.clusterName });
    const network = new DatabaseNetwork(this, "network", {
      vpcId: cluster.vpcId,
      subnetIds: props.subnetIds,
      clients: [cluster.securityGroupId],
    });
    this.servers = this.serverNames.map((name) => {
      const server = new RdsServer(this, `postgres-${name}`, {
        ...this.databaseIntent,
        network,
        region,
        encryptionKeyArn: props.encryptionKeyArn,
      });
      if (alarmTopicArn) new RdsAlarms(this, `alarms-${name}`, { server, topicArn: alarmTopicArn });
      return server;
    });
    const identity = new IrsaIdentity(this, "identity", {
      oidcProviderArn: props.oidcProviderArn,
      oidcIssuerUrl: cluster.oidcIssuerUrl,
      namespace: GITLAB_NAMESPACE,
      serviceAccountName: GITLAB_SERVICE_ACCOUNT,
    });
    // One key for all buckets: each would cost a dollar a month, and who may use them is the same.
    const key = new EncryptionKey(this, "objects-key", {
      description: "GitLab's objects",
      retain: this.storesDeletion === undefined,
    });
    const stores = gitlabStores(
      (name) => new S3Bucket(this, name, { encryptionKeyArn: key.arn, deletionPolicy: this.storesDeletion }),
    );
    this.gitlab = this.installGitlab(cluster, this.servers, stores, identity);
  }
}
