import { Token } from "cdktf";
import type { SynthChecks } from "../../database/private";

/**
 * A VPC security group.
 *
 * @see https://docs.aws.amazon.com/vpc/latest/userguide/vpc-security-groups.html
 */
export interface ISecurityGroup {
  /** ID of the security group; may be a token. */
  readonly securityGroupId: string;
}

/**
 * References to VPC security groups that exist, as clients of a `DatabaseNetwork`.
 *
 * @see https://docs.aws.amazon.com/vpc/latest/userguide/vpc-security-groups.html
 *
 * @example
 * const network = new DatabaseNetwork(this, "network", {
 *   vpcId: "vpc-0a1b2c3d4e5f60001",
 *   subnetIds: ["subnet-0a1b2c3d4e5f60001", "subnet-0a1b2c3d4e5f60002"],
 *   clients: [SecurityGroup.fromSecurityGroupId("sg-0a1b2c3d4e5f60001")],
 * });
 */
export class SecurityGroup {
  /**
   * A security group by its ID.
   *
   * @param securityGroupId ID of the security group; may be a token.
   *
   * @example
   * const nodes = SecurityGroup.fromSecurityGroupId("sg-0a1b2c3d4e5f60001");
   */
  public static fromSecurityGroupId(securityGroupId: string): ISecurityGroup {
    return { securityGroupId };
  }

  /**
   * Security groups by a list of IDs, such as a list variable of Terraform.
   *
   * @param securityGroupIds IDs of the security groups; the list or its members may be tokens.
   *
   * @example
   * const variable = new TerraformVariable(this, "node_security_group_ids", { type: "list(string)" });
   * const nodes = SecurityGroup.fromSecurityGroupIds(variable.listValue);
   */
  public static fromSecurityGroupIds(securityGroupIds: string[]): ISecurityGroup[] {
    if (Token.isUnresolved(securityGroupIds)) return [new SecurityGroupList(securityGroupIds)];
    return securityGroupIds.map((each) => SecurityGroup.fromSecurityGroupId(each));
  }

  private constructor() {}
}

/** Security groups whose number only Terraform knows. @internal */
export class SecurityGroupList implements ISecurityGroup {
  public constructor(public readonly securityGroupIds: string[]) {}

  /**
   * Throws: there may be none or several.
   *
   * @throws Error always.
   */
  public get securityGroupId(): string {
    throw new Error(
      "SECURITY-GROUP-LIST: the list of security groups must be known at synth to take one of them; give it to clients of a network as a whole",
    );
  }
}

const ID = /^sg-[0-9a-f]+$/;

/**
 * Reports text that cannot be the ID of a security group.
 *
 * @internal
 */
export function checkSecurityGroup(checks: SynthChecks, property: string, group: ISecurityGroup): void {
  if (group instanceof SecurityGroupList) return;
  checks.matches(
    property,
    group.securityGroupId,
    ID,
    "must be a security group with an ID such as sg-0a1b2c3d4e5f60001; give SecurityGroup.fromSecurityGroupId(...)",
  );
}
