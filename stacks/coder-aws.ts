// Reference architecture: Coder on an existing EKS cluster with RDS for PostgreSQL. See docs/coder-aws.md.

import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import type { Construct } from "constructs";
import { type IDatabaseNetwork, RdsAlarms, type RdsServer } from "../lib/aws";
import type { EksConnection } from "../lib/aws/eks";
import { requireProps } from "../lib/database/private";
import { CoderStack, type CoderStackProps } from "./coder-stack";
import {
  type AwsStackProps,
  awsBackups,
  awsDatabaseNetwork,
  eksConnection,
  rdsOptions,
  rdsServer,
} from "./shared/aws";
import { checkRestoredServers } from "./shared/restored-servers";

/** Properties of a `CoderAwsStack`. */
export interface CoderAwsStackProps extends CoderStackProps, AwsStackProps {}

/**
 * Coder on EKS with RDS for PostgreSQL.
 *
 * @example
 * new CoderAwsStack(app, "coder", {
 *   region: "eu-central-1",
 *   clusterName: "platform",
 *   subnetIds: ["subnet-0a1b2c3d4e5f60001", "subnet-0a1b2c3d4e5f60002"],
 *   nodeSecurityGroups: [SecurityGroup.fromSecurityGroupId("sg-0a1b2c3d4e5f60001")],
 *   accessUrl: "https://coder.example.com",
 * });
 */
export class CoderAwsStack extends CoderStack {
  /** Connection to the EKS cluster. */
  public readonly cluster: EksConnection;
  /** Network of the database server. */
  public readonly network: IDatabaseNetwork;
  /** The database server. */
  public readonly server: RdsServer;
  /** Alarms of the database server; not set without `alarmTopicArn`. */
  public readonly alarms?: RdsAlarms;

  public constructor(scope: Construct, id: string, props: CoderAwsStackProps) {
    super(scope, id, props);
    requireProps(this.node.path, "CODER", props, { accessUrl: true, region: true, clusterName: true });
    const { region, alarmTopicArn } = props;
    new AwsProvider(this, "aws", { region, defaultTags: [{ tags: this.cloudTags }] });
    this.cluster = eksConnection(this, props);
    this.network = awsDatabaseNetwork(this, props, this.cluster);
    this.server = rdsServer(
      this,
      "postgres",
      {
        ...this.databaseIntent,
        ...rdsOptions(props),
        network: this.network,
      },
      props,
    );
    checkRestoredServers(this, "AWS", props.restoredServers, ["postgres"]);
    if (alarmTopicArn) {
      this.alarms = new RdsAlarms(this, "alarms", { server: this.server, alarmTopicArn });
    }
    this.installCoder(
      this.cluster,
      this.server,
      awsBackups(props, this.cluster, [this.server], this.disposable),
    );
  }
}
