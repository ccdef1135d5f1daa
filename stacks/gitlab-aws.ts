// Reference architecture: GitLab on an existing EKS cluster with RDS for PostgreSQL, PgBouncer and S3. See docs/gitlab-aws.md.

import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import type { Construct } from "constructs";
import {
  EncryptionKey,
  type IDatabaseNetwork,
  IrsaIdentity,
  RdsAlarms,
  type RdsServer,
  S3Bucket,
} from "../lib/aws";
import type { EksConnection } from "../lib/aws/eks";
import { Cloud } from "../lib/database";
import { requireProps } from "../lib/database/private";
import { GITLAB_NAMESPACE, GITLAB_SERVICE_ACCOUNT, GitlabStack, type GitlabStackProps } from "./gitlab-stack";
import {
  type AwsStackProps,
  awsBackups,
  awsDatabaseNetwork,
  eksConnection,
  rdsOptions,
  rdsServer,
} from "./shared/aws";
import { gitlabStores } from "./shared/gitlab-stores";
import { checkRestoredServers } from "./shared/restored-servers";

/** Properties of a `GitlabAwsStack`. */
export interface GitlabAwsStackProps extends GitlabStackProps, AwsStackProps {
  /** ARN of the cluster's OIDC provider in IAM; may be a token. */
  readonly oidcProviderArn: string;
}

/**
 * GitLab on EKS with RDS for PostgreSQL and S3.
 *
 * @example
 * new GitlabAwsStack(app, "gitlab", {
 *   region: "eu-central-1",
 *   clusterName: "platform",
 *   subnetIds: ["subnet-0a1b2c3d4e5f60001", "subnet-0a1b2c3d4e5f60002"],
 *   nodeSecurityGroups: [SecurityGroup.fromSecurityGroupId("sg-0a1b2c3d4e5f60001")],
 *   oidcProviderArn,
 *   domain: "example.com",
 *   certificateEmail: "platform@example.com",
 *   redis,
 *   secrets,
 *   poolerTls,
 * });
 */
export class GitlabAwsStack extends GitlabStack {
  /** Connection to the EKS cluster. */
  public readonly cluster: EksConnection;
  /** Network of the database servers. */
  public readonly network: IDatabaseNetwork;
  /** The database servers; the first is that of the main database. */
  public readonly servers: RdsServer[];
  /** Alarms of each database server; empty without `alarmTopicArn`. */
  public readonly alarms: RdsAlarms[];
  /** IAM role of the pods that use object storage. */
  public readonly identity: IrsaIdentity;
  /** KMS key of the buckets. */
  public readonly objectsKey: EncryptionKey;

  public constructor(scope: Construct, id: string, props: GitlabAwsStackProps) {
    super(scope, id, Cloud.AWS, props);
    requireProps(this.node.path, "GITLAB", props, {
      oidcProviderArn: true,
      domain: true,
      redis: true,
      secrets: true,
      poolerTls: true,
      certificateEmail: true,
      region: true,
      clusterName: true,
    });
    const { region, alarmTopicArn } = props;
    new AwsProvider(this, "aws", { region, defaultTags: [{ tags: this.cloudTags }] });
    this.cluster = eksConnection(this, props);
    this.network = awsDatabaseNetwork(this, props, this.cluster);
    this.alarms = [];
    this.servers = this.serverNames.map((name) => {
      const server = rdsServer(
        this,
        `postgres-${name}`,
        {
          ...this.databaseIntent,
          ...rdsOptions(props),
          network: this.network,
        },
        props,
      );
      if (alarmTopicArn) {
        this.alarms.push(new RdsAlarms(this, `alarms-${name}`, { server, alarmTopicArn }));
      }
      return server;
    });
    checkRestoredServers(
      this,
      "AWS",
      props.restoredServers,
      this.serverNames.map((name) => `postgres-${name}`),
    );
    this.identity = new IrsaIdentity(this, "identity", {
      oidcProviderArn: props.oidcProviderArn,
      oidcIssuerUrl: this.cluster.oidcIssuerUrl,
      namespace: GITLAB_NAMESPACE,
      serviceAccountName: GITLAB_SERVICE_ACCOUNT,
    });
    // One key for all buckets: each key costs a dollar a month, and all buckets have the same users.
    this.objectsKey = new EncryptionKey(this, "objects-key", {
      description: "GitLab's objects",
      retain: this.storesDeletion === undefined,
    });
    const stores = gitlabStores(
      (name) =>
        new S3Bucket(this, name, {
          encryptionKey: this.objectsKey,
          deletionPolicy: this.storesDeletion,
        }),
    );
    this.installGitlab(
      this.cluster,
      this.servers,
      stores,
      this.identity,
      awsBackups(props, this.cluster, this.servers, this.storesDeletion !== undefined),
    );
  }
}
