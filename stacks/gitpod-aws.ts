// Reference architecture: Gitpod on an existing EKS cluster with RDS for MySQL and S3. See docs/gitpod-aws.md.

import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import type { Construct } from "constructs";
import {
  BucketUser,
  GeneratedSecret,
  type IDatabaseNetwork,
  type ISecurityGroup,
  RdsAlarms,
  type RdsServer,
  S3Bucket,
  S3BucketReplication,
} from "../lib/aws";
import type { EksConnection } from "../lib/aws/eks";
import { Cloud } from "../lib/database";
import { requireProps } from "../lib/database/private";
import type { ObjectStoreKey } from "../lib/storage";
import { type GitpodKeyProps, GitpodStack, type GitpodStackProps } from "./gitpod-stack";
import {
  type AwsStackProps,
  awsBackups,
  awsDatabaseNetwork,
  eksConnection,
  rdsOptions,
  rdsServer,
} from "./shared/aws";
import { checkRestoredServers } from "./shared/restored-servers";

/** An existing IAM user with an access key. Gitpod 2022.11 supports no other credentials for S3. */
export interface GitpodBucketUser {
  /** Name of the user; the stack attaches its policy. May be a token. */
  readonly userName: string;
  /** Access key of the user. */
  readonly key: ObjectStoreKey;
}

/** Properties of a `GitpodAwsStack`. */
export interface GitpodAwsStackProps extends GitpodStackProps, GitpodKeyProps, AwsStackProps {
  /** Region of the replica of the workspaces bucket; may be a token. */
  readonly copiesRegion: string;
  /**
   * Security group of the nodes that run Gitpod's services, if only these may connect to the database.
   * @default - the cluster's and `nodeSecurityGroups`
   */
  readonly servicesSecurityGroup?: ISecurityGroup;
  /** IAM user for the workspaces bucket. */
  readonly workspacesUser: GitpodBucketUser;
  /** IAM user for the bucket of the registry in the cluster. */
  readonly imagesUser: GitpodBucketUser;
}

/**
 * Gitpod on EKS with RDS for MySQL and S3.
 *
 * @example
 * new GitpodAwsStack(app, "gitpod", {
 *   region: "eu-central-1",
 *   copiesRegion: "eu-west-1",
 *   clusterName: "platform",
 *   subnetIds: ["subnet-0a1b2c3d4e5f60001", "subnet-0a1b2c3d4e5f60002"],
 *   nodeSecurityGroups: [SecurityGroup.fromSecurityGroupId("sg-0a1b2c3d4e5f60001")],
 *   domain: "gitpod.example.com",
 *   installerImage,
 *   workspacesUser: { userName: "gitpod-workspaces", key: workspacesKey },
 *   imagesUser: { userName: "gitpod-images", key: imagesKey },
 * });
 */
export class GitpodAwsStack extends GitpodStack {
  /** Connection to the EKS cluster. */
  public readonly cluster: EksConnection;
  /** Network of the database server. */
  public readonly network: IDatabaseNetwork;
  /** The database server. */
  public readonly server: RdsServer;
  /** Alarms of the database server; not set without `alarmTopicArn`. */
  public readonly alarms?: RdsAlarms;
  /** Bucket of the workspaces. */
  public readonly workspaces: S3Bucket;
  /** Bucket of the registry in the cluster. Its images can be rebuilt. */
  public readonly images: S3Bucket;

  public constructor(scope: Construct, id: string, props: GitpodAwsStackProps) {
    super(scope, id, Cloud.AWS, props);
    requireProps(this.node.path, "GITPOD", props, {
      copiesRegion: true,
      workspacesUser: true,
      imagesUser: true,
      domain: true,
      installerImage: true,
      region: true,
      clusterName: true,
    });
    const { region, alarmTopicArn, workspacesUser, imagesUser } = props;
    const deletionPolicy = this.storesDeletion;
    const defaultTags = [{ tags: this.cloudTags }];
    new AwsProvider(this, "aws", { region, defaultTags });
    const copies = new AwsProvider(this, "copies", {
      alias: "copies",
      region: props.copiesRegion,
      defaultTags,
    });
    this.cluster = eksConnection(this, props);
    this.network = awsDatabaseNetwork(this, props, this.cluster, props.servicesSecurityGroup);
    this.server = rdsServer(
      this,
      "mysql",
      {
        ...this.databaseIntent,
        ...rdsOptions(props),
        network: this.network,
      },
      props,
    );
    checkRestoredServers(this, "AWS", props.restoredServers, ["mysql"]);
    if (alarmTopicArn) {
      this.alarms = new RdsAlarms(this, "alarms", { server: this.server, alarmTopicArn });
    }
    this.workspaces = new S3Bucket(this, "workspaces", { deletionPolicy });
    const replication = new S3BucketReplication(this, "copies-of-workspaces", {
      source: this.workspaces,
      provider: copies,
      deletionPolicy,
    });
    this.images = new S3Bucket(this, "images", { deletionPolicy });
    const workspacesAccess = BucketUser.fromUserName(this, "workspaces-user", workspacesUser.userName, {
      bucket: this.workspaces,
    });
    const imagesAccess = BucketUser.fromUserName(this, "images-user", imagesUser.userName, {
      bucket: this.images,
    });
    this.installGitpod(this.gitpodNamespace(this.cluster), {
      server: this.server,
      encryptionKeys: this.gitpodKeys(
        props,
        (key) =>
          new GeneratedSecret(this, key, {
            // The key of the database, which cannot be read without it anyway.
            encryptionKey: this.server.encryptionKey,
            protect: !this.disposable,
          }).value,
      ),
      store: this.workspaces,
      storeKey: workspacesUser.key,
      imageStore: { store: this.images, key: imagesUser.key },
      backups: awsBackups(props, this.cluster, [this.server], this.disposable),
      protections: [{ data: "workspaces", protection: replication.protection() }],
      // S3 replicates only objects that are written after replication is configured.
      before: [...workspacesAccess.dependables, ...imagesAccess.dependables, replication.resource],
    });
  }
}
