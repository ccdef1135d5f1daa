// Reference architecture: Coder on an EKS cluster that you have, with a PostgreSQL of its own on RDS.
// docs/coder-aws.md draws it and lists the defaults.

import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import type { Construct } from "constructs";
import { DatabaseNetwork, RdsAlarms, RdsServer } from "../lib/aws";
import { EksConnection } from "../lib/aws/eks";
import type { CoderRelease } from "../lib/coder";
import { CoderStack, type CoderStackProps } from "./coder-stack";

/** Properties of a `CoderAwsStack`. */
export interface CoderAwsStackProps extends CoderStackProps {
  /** The AWS region of cluster and database; may be a token. */
  readonly region: string;
  /** The EKS cluster's name; may be a token. */
  readonly clusterName: string;
  /** Private subnets of the cluster's VPC in two zones or more; may be tokens. */
  readonly subnetIds: string[];
  /** The SNS topic that alarms go to; may be a token. @default - no alarms */
  readonly alarmTopicArn?: string;
  /**
   * The KMS key for the database, its secrets and logs; required with DeletionPolicy.SNAPSHOT, whose last snapshot outlives
   * the stack. @default - a key of the stack's own
   */
  readonly encryptionKeyArn?: string;
}

/** Coder on EKS with RDS for PostgreSQL. */
export class CoderAwsStack extends CoderStack {
  /** The database server. */
  public readonly server: RdsServer;
  /** The Coder release. */
  public readonly coder: CoderRelease;

  public constructor(scope: Construct, id: string, props: CoderAwsStackProps) {
    super(scope, id, props);
    const { region, alarmTopicArn } = props;
    new AwsProvider(this, "aws", { region, defaultTags: [{ tags: this.cloudTags }] });
    const cluster = new EksConnection(this, "cluster", { clusterName: props.clusterName });
    const network = new DatabaseNetwork(this, "network", {
      vpcId: cluster.vpcId,
      subnetIds: props.subnetIds,
      clients: [cluster.securityGroupId],
    });
    this.server = new RdsServer(this, "postgres", {
      ...this.databaseIntent,
      network,
      region,
      encryptionKeyArn: props.encryptionKeyArn,
    });
    if (alarmTopicArn) new RdsAlarms(this, "alarms", { server: this.server, topicArn: alarmTopicArn });
    this.coder = this.installCoder(cluster, this.server);
  }
}
