// Reference architecture: Gitpod on an EKS cluster that you have, with a MySQL of its own on RDS and buckets on S3.
// docs/gitpod-aws.md draws it and lists the defaults.

import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import type { Construct } from "constructs";
import {
  BucketUser,
  DatabaseNetwork,
  GeneratedSecret,
  RdsAlarms,
  RdsServer,
  S3Bucket,
  S3BucketReplication,
} from "../lib/aws";
import { EksConnection } from "../lib/aws/eks";
import { Cloud } from "../lib/database";
import type { GitpodInstallerJob } from "../lib/gitpod";
import type { ObjectStoreKey } from "../lib/storage";
import { type GitpodKeyProps, GitpodStack, type GitpodStackProps } from "./gitpod-stack";

/** An IAM user that is there, with a key: Gitpod 2022.11 takes nothing else. */
export interface GitpodBucketUser {
  /** The user's name; it gets its policy here. May be a token. */
  readonly userName: string;
  /** Its key. */
  readonly key: ObjectStoreKey;
}

/** Properties of a `GitpodAwsStack`. */
export interface GitpodAwsStackProps extends GitpodStackProps, GitpodKeyProps {
  /** The AWS region of cluster and database; may be a token. */
  readonly region: string;
  /** The region that gets copies of the workspaces; may be a token. */
  readonly copiesRegion: string;
  /** The EKS cluster's name; may be a token. */
  readonly clusterName: string;
  /** Private subnets of the cluster's VPC in two zones or more; may be tokens. */
  readonly subnetIds: string[];
  /** The security group of the nodes that run Gitpod's services; may be a token. @default - the cluster's, so every node's */
  readonly servicesSecurityGroupId?: string;
  /** Who reads and writes workspaces. */
  readonly workspacesUser: GitpodBucketUser;
  /** Who reads and writes images for the registry in the cluster. */
  readonly imagesUser: GitpodBucketUser;
  /** The SNS topic that alarms go to; may be a token. @default - no alarms */
  readonly alarmTopicArn?: string;
  /** The KMS key of the database. It has to outlive it, or its snapshots cannot be read. @default - a key of its own */
  readonly encryptionKeyArn?: string;
}

/** Gitpod on EKS with RDS for MySQL and S3. */
export class GitpodAwsStack extends GitpodStack {
  /** The network of the database. */
  public readonly network: DatabaseNetwork;
  /** The database server. */
  public readonly server: RdsServer;
  /** Where workspaces are kept. */
  public readonly workspaces: S3Bucket;
  /** Where the registry in the cluster keeps images, which can be built again. */
  public readonly images: S3Bucket;
  /** The job that installs Gitpod. */
  public readonly gitpod: GitpodInstallerJob;

  public constructor(scope: Construct, id: string, props: GitpodAwsStackProps) {
    super(scope, id, Cloud.AWS, props);
    const { region, alarmTopicArn, workspacesUser, imagesUser } = props;
    const deletionPolicy = this.storesDeletion;
    const defaultTags = [{ tags: this.cloudTags }];
    new AwsProvider(this, "aws", { region, defaultTags });
    const copies = new AwsProvider(this, "copies", {
      alias: "copies",
      region: props.copiesRegion,
      defaultTags,
    });
    const cluster = new EksConnection(this, "cluster", { clusterName: props.clusterName });
    this.network = new DatabaseNetwork(this, "network", {
      vpcId: cluster.vpcId,
      subnetIds: props.subnetIds,
      clients: [props.servicesSecurityGroupId ?? cluster.securityGroupId],
    });
    this.server = new RdsServer(this, "mysql", {
      ...this.databaseIntent,
      network: this.network,
      region,
      encryptionKeyArn: props.encryptionKeyArn,
    });
    if (alarmTopicArn) new RdsAlarms(this, "alarms", { server: this.server, topicArn: alarmTopicArn });
    this.workspaces = new S3Bucket(this, "workspaces", { deletionPolicy });
    const replication = new S3BucketReplication(this, "copies-of-workspaces", {
      source: this.workspaces,
      provider: copies,
      deletionPolicy,
    });
    this.images = new S3Bucket(this, "images", { deletionPolicy });
    const workspacesAccess = new BucketUser(this, "workspaces-user", {
      bucket: this.workspaces,
      userName: workspacesUser.userName,
      existing: true,
    });
    const imagesAccess = new BucketUser(this, "images-user", {
      bucket: this.images,
      userName: imagesUser.userName,
      existing: true,
    });
    this.gitpod = this.installGitpod(this.gitpodNamespace(cluster), {
      server: this.server,
      encryptionKeys: this.keptKeys(
        props,
        (key) =>
          new GeneratedSecret(this, key, {
            // The database's key: without it the database cannot be read either.
            encryptionKeyArn: this.server.encryptionKeyArn,
            protect: !this.disposable,
          }).value,
      ),
      store: this.workspaces,
      storeKey: workspacesUser.key,
      imageStore: { store: this.images, key: imagesUser.key },
      // S3 copies what is written from then on and nothing that was there before.
      before: [...workspacesAccess.dependables, ...imagesAccess.dependables, replication.resource],
    });
  }
}
