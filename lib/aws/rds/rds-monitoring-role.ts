import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicyAttachment } from "@cdktf/provider-aws/lib/iam-role-policy-attachment";
import type { ITerraformDependable, TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { physicalName, SynthChecks } from "../../database/private";
import { AwsEnvironment } from "../private/aws-environment";
import { policyDocument } from "../private/policy-document";
import { shortened } from "../private/short-names";
import { checkTags } from "../private/tags";

/** Properties of a `RdsMonitoringRole`. */
export interface RdsMonitoringRoleProps {
  /**
   * Tags. @default - the provider's default tags only
   *
   * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_tags.html
   */
  readonly tags?: { readonly [name: string]: string };
  /** AWS provider. @default - the stack's only AWS provider */
  readonly provider?: TerraformProvider;
  /** Resources that have to exist first. @default - none */
  readonly dependsOn?: ITerraformDependable[];
}

/**
 * IAM role with which RDS sends Enhanced Monitoring metrics to CloudWatch Logs. RDS may assume it for instances of this account only.
 *
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Monitoring.OS.Enabling.html
 *
 * @example
 * const role = new RdsMonitoringRole(this, "monitoring");
 */
export class RdsMonitoringRole extends Construct {
  /** The IAM role. */
  public readonly resource: IamRole;
  /** ARN of the role. */
  public readonly arn: string;
  /** Resources that have to exist before an instance uses the role. */
  public readonly dependables: ITerraformDependable[];

  public constructor(scope: Construct, id: string, props: RdsMonitoringRoleProps = {}) {
    super(scope, id);
    const { provider, tags, dependsOn } = props;
    checkTags(new SynthChecks(this, "RDS-MONITORING"), this, tags);
    const environment = AwsEnvironment.of(this, provider);
    const accountId = environment.lookUpAccountId();
    const partition = environment.lookUpPartition();
    this.resource = new IamRole(this, "Resource", {
      // IAM allows 38 characters in a name prefix.
      namePrefix: `${shortened(physicalName(this, 37), 37)}-`,
      description: "Lets RDS write enhanced monitoring to CloudWatch Logs",
      assumeRolePolicy: policyDocument({
        Sid: "RdsMonitoring",
        Effect: "Allow",
        Principal: { Service: "monitoring.rds.amazonaws.com" },
        Action: "sts:AssumeRole",
        // RDS may assume the role for instances of this account only (RDS user guide, "Setting up and enabling Enhanced Monitoring").
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
