import type { ITerraformDependable, TerraformProvider } from "cdktf";
import type { IConstruct } from "constructs";

/** Where a database server stands. */
export interface IDatabaseNetwork extends IConstruct {
  /** The VPC; may be a token. */
  readonly vpcId: string;
  /** The subnet group of servers. */
  readonly subnetGroupName: string;
  /** The security group of servers. */
  readonly securityGroupId: string;
  /** The region; may be a token. */
  readonly region: string;
  /** The provider of the network's region. @default - the stack's only AWS provider */
  readonly provider?: TerraformProvider;
  /** What has to exist before anybody connects. */
  readonly dependables: ITerraformDependable[];

  /**
   * Lets the network's clients connect to a port. A server calls it for its own.
   *
   * @param port the port; may be a token.
   */
  openPort(port: number): void;
}
