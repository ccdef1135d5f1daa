// The AWS part of the reference architectures.

import type { Construct } from "constructs";
import {
  DatabaseNetwork,
  type DatabaseNetworkAttributes,
  type IDatabaseNetwork,
  type IEncryptionKey,
  type ISecurityGroup,
} from "../../lib/aws";
import type { EksConnection } from "../../lib/aws/eks";

/** Properties of a reference architecture on AWS. */
export interface AwsStackProps {
  /** AWS region of the cluster and the databases; may be a token. */
  readonly region: string;
  /** Name of the EKS cluster; may be a token. */
  readonly clusterName: string;
  /** Private subnets of the cluster's VPC in two or more availability zones; may be tokens. @default - not set; required unless `databaseNetwork` is set */
  readonly subnetIds?: string[];
  /**
   * Further security groups whose members may connect to the databases (`SecurityGroup.fromSecurityGroupId`).
   * @default - the cluster's only
   */
  readonly clients?: ISecurityGroup[];
  /** Existing DB subnet group and security group. @default - a new DB subnet group and security group in the cluster's VPC */
  readonly databaseNetwork?: DatabaseNetworkAttributes;
  /** ARN of the SNS topic for alarms; may be a token. @default - no alarms */
  readonly alarmTopicArn?: string;
  /**
   * KMS key (`EncryptionKey.fromKeyArn`) for storage, secrets and logs of the databases. Snapshots cannot be restored without it, so
   * `DeletionPolicy.SNAPSHOT` requires it. @default - a new key for each server
   */
  readonly encryptionKey?: IEncryptionKey;
  /**
   * CA certificates that clients trust, as PEM text, for a region whose root certificates the library does not have; may be a token.
   * @default - the root certificates of the region
   *
   * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.SSL.html
   */
  readonly caCertificatesPem?: string;
  /** Allows a major version upgrade when the engine version is raised. Take a snapshot first. @default false */
  readonly allowMajorVersionUpgrade?: boolean;
  /** Applies changes immediately instead of in the maintenance window; some restart the server. @default false */
  readonly applyImmediately?: boolean;
}

/** Network of the databases: the existing one, or a new one in the cluster's VPC that admits `clients` and those of the props. */
export function awsDatabaseNetwork(
  scope: Construct,
  props: AwsStackProps,
  cluster: EksConnection,
  clients: ISecurityGroup[] = [cluster.securityGroup],
): IDatabaseNetwork {
  if (props.databaseNetwork) {
    return DatabaseNetwork.fromDatabaseNetworkAttributes(scope, "network", props.databaseNetwork);
  }
  return new DatabaseNetwork(scope, "network", {
    vpcId: cluster.vpcId,
    subnetIds: props.subnetIds,
    clients: [...clients, ...(props.clients ?? [])],
  });
}

/** The properties that apply to each RDS server. */
export function rdsOptions(
  props: AwsStackProps,
): Pick<
  AwsStackProps,
  "region" | "encryptionKey" | "caCertificatesPem" | "allowMajorVersionUpgrade" | "applyImmediately"
> {
  const { region, encryptionKey, caCertificatesPem, allowMajorVersionUpgrade, applyImmediately } = props;
  return { region, encryptionKey, caCertificatesPem, allowMajorVersionUpgrade, applyImmediately };
}
