import type { ITerraformDependable, TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { AwsEnvironment } from "../private/aws-environment";
import type { IDatabaseNetwork } from "./database-network-contract";

/** What is known of a network whose subnet group and security group exist already. */
export interface DatabaseNetworkAttributes {
  /** The VPC. */
  readonly vpcId: string;
  /** The name of the RDS subnet group. */
  readonly subnetGroupName: string;
  /** The security group for servers; its rules are not touched, so clients have to be let in already. */
  readonly securityGroupId: string;
  /** The region; may be a token. @default - the provider's */
  readonly region?: string;
  /** The provider. @default - the stack's only AWS provider */
  readonly provider?: TerraformProvider;
}

/**
 * A network whose subnet group and security group exist already (`DatabaseNetwork.fromDatabaseNetworkAttributes`).
 *
 * @example
 * const network = DatabaseNetwork.fromDatabaseNetworkAttributes(this, "network", {
 *   vpcId: "vpc-0a1b2c3d",
 *   subnetGroupName: "databases",
 *   securityGroupId: "sg-0a1b2c3d",
 * });
 */
export class ExistingDatabaseNetwork extends Construct implements IDatabaseNetwork {
  public readonly vpcId: string;
  public readonly subnetGroupName: string;
  public readonly securityGroupId: string;
  public readonly region: string;
  public readonly provider?: TerraformProvider;
  public readonly dependables: ITerraformDependable[] = [];

  public constructor(scope: Construct, id: string, attributes: DatabaseNetworkAttributes) {
    super(scope, id);
    this.vpcId = attributes.vpcId;
    this.subnetGroupName = attributes.subnetGroupName;
    this.securityGroupId = attributes.securityGroupId;
    this.provider = attributes.provider;
    this.region = attributes.region ?? AwsEnvironment.of(this, attributes.provider).region;
  }

  /** Does nothing: the security group's rules belong to whoever made it. */
  public openPort(_port: number): void {}
}
