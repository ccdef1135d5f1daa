// Reference architecture: Coder on an EKS cluster that you have, with a PostgreSQL of its own on RDS.
// docs/coder-aws.md draws it and lists the defaults.

import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { HelmProvider } from "@cdktf/provider-helm/lib/provider";
import { KubernetesProvider } from "@cdktf/provider-kubernetes/lib/provider";
import { TerraformOutput, TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { DatabaseNetwork, RdsAlarms, RdsServer } from "../lib/aws";
import { CoderRelease, CoderSize } from "../lib/coder";
import {
  type Availability,
  type BackupPolicy,
  DatabaseEngine,
  type DeletionPolicy,
  type MachineSize,
  type MaintenanceWindow,
  PostgresVersion,
} from "../lib/database";
import { EksConnection } from "../lib/kubernetes/eks-connection";

/** Properties of a `CoderAwsStack`. */
export interface CoderAwsStackProps {
  /** The AWS region of cluster and database; may be a token. */
  readonly region: string;
  /** The EKS cluster's name; may be a token. */
  readonly clusterName: string;
  /** Private subnets of the cluster's VPC in two zones or more; may be tokens. */
  readonly subnetIds: string[];
  /** The address at which people reach Coder, such as `https://coder.example.com`. */
  readonly accessUrl: string;
  /** The SNS topic that alarms go to; may be a token. @default - no alarms */
  readonly alarmTopicArn?: string;
  /** The exact version of Coder's chart. @default "2.33.6", the stable release of 2026-11 */
  readonly chartVersion?: string;
  /** How many people use Coder. @default CoderSize.UP_TO_1K */
  readonly size?: CoderSize;
  /** The database's machine. @default - what Coder recommends for the size */
  readonly databaseSize?: MachineSize;
  /** The PostgreSQL version. @default PostgresVersion.V17 */
  readonly postgres?: PostgresVersion;
  /** What the database survives. @default Availability.ZONE_REDUNDANT */
  readonly availability?: Availability;
  /** How the database is backed up. @default - 14 days */
  readonly backup?: BackupPolicy;
  /** When RDS may change the database. @default - Sunday 04:30 to 05:30 UTC */
  readonly maintenanceWindow?: MaintenanceWindow;
  /** What happens to the data when the stack is destroyed. @default DeletionPolicy.RETAIN */
  readonly deletionPolicy?: DeletionPolicy;
  /** Tags for everything on AWS. @default - application=coder */
  readonly tags?: { readonly [name: string]: string };
}

/** Coder on EKS with RDS for PostgreSQL. */
export class CoderAwsStack extends TerraformStack {
  /** The database server. */
  public readonly server: RdsServer;
  /** The Coder release. */
  public readonly coder: CoderRelease;

  public constructor(scope: Construct, id: string, props: CoderAwsStackProps) {
    super(scope, id);
    const { region, size = CoderSize.UP_TO_1K } = props;
    // Ephemeral values and write-only arguments came with 1.11.
    this.addOverride("terraform.required_version", ">= 1.11.0");
    new AwsProvider(this, "aws", { region, defaultTags: [{ tags: props.tags ?? { application: "coder" } }] });
    const cluster = new EksConnection(this, "cluster", { clusterName: props.clusterName });
    new KubernetesProvider(this, "kubernetes", cluster.kubernetes);
    new HelmProvider(this, "helm", { kubernetes: cluster.helm });

    const network = new DatabaseNetwork(this, "network", {
      vpcId: cluster.vpcId,
      subnetIds: props.subnetIds,
      clients: [cluster.securityGroupId],
    });
    this.server = new RdsServer(this, "postgres", {
      engine: DatabaseEngine.postgres(props.postgres ?? PostgresVersion.V17),
      size: props.databaseSize ?? size.database.machine,
      storage: { sizeGiB: size.database.storageGiB, maxSizeGiB: size.database.storageGiB * 2 },
      network,
      region,
      availability: props.availability,
      backup: props.backup,
      maintenanceWindow: props.maintenanceWindow,
      deletionPolicy: props.deletionPolicy,
    });
    if (props.alarmTopicArn) {
      new RdsAlarms(this, "alarms", { server: this.server, topicArn: props.alarmTopicArn });
    }
    this.coder = new CoderRelease(this, "coder", {
      database: this.server.database("coder"),
      accessUrl: props.accessUrl,
      chartVersion: props.chartVersion ?? "2.33.6",
      size,
    });

    new TerraformOutput(this, "database_host", {
      staticId: true,
      description: "Where the database listens",
      value: this.server.endpoint.host,
    });
  }
}
