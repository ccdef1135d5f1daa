import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicyAttachment } from "@cdktf/provider-aws/lib/iam-role-policy-attachment";
import type { ITerraformDependable, TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { physicalName } from "../../database/private";
import { AwsEnvironment } from "../private/aws-environment";
import { policyDocument } from "../private/policy-document";
import { shortened } from "../private/short-names";

/** Properties of a `RdsMonitoringRole`. */
export interface RdsMonitoringRoleProps {
  /** Tags. @default - none but the provider's default tags */
  readonly tags?: { readonly [name: string]: string };
  /** The provider. @default - the stack's only AWS provider */
  readonly provider?: TerraformProvider;
  /** What has to exist first. @default - nothing */
  readonly dependsOn?: ITerraformDependable[];
}

/**
 * The role by which RDS writes measurements of the operating system (enhanced monitoring) to CloudWatch.
 *
 * @example
 * const role = new RdsMonitoringRole(this, "monitoring");
 */
export class RdsMonitoringRole extends Construct {
  /** The role. */
  public readonly resource: IamRole;
  /** The role's ARN. */
  public readonly arn: string;
  /** What has to exist before a server uses the role. */
  public readonly dependables: ITerraformDependable[];

  public constructor(scope: Construct, id: string, props: RdsMonitoringRoleProps = {}) {
    super(scope, id);
    const { provider, tags, dependsOn } = props;
    const { accountId, partition } = AwsEnvironment.of(this, provider);
    this.resource = new IamRole(this, "Resource", {
      // A prefix may have 38 characters.
      namePrefix: `${shortened(physicalName(this, 37), 37)}-`,
      description: "Lets RDS write enhanced monitoring to CloudWatch Logs",
      assumeRolePolicy: policyDocument({
        Sid: "RdsMonitoring",
        Effect: "Allow",
        Principal: { Service: "monitoring.rds.amazonaws.com" },
        Action: "sts:AssumeRole",
        // RDS may act for servers of this account only (RDS user guide, "Setting up and enabling Enhanced Monitoring").
        Condition: { StringEquals: { "aws:SourceAccount": accountId } },
      }),
      tags,
      provider,
      dependsOn,
    });
    const policy = new IamRolePolicyAttachment(this, "Policy", {
      role: this.resource.name,
      policyArn: `arn:${partition}:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole`,
      provider,
    });
    this.arn = this.resource.arn;
    this.dependables = [policy];
  }
}
