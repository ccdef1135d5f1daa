import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { FlowLog } from "@cdktf/provider-aws/lib/flow-log";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import type { TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { physicalName } from "../../database/private";
import { AwsEnvironment } from "../private/aws-environment";
import { policyDocument } from "../private/policy-document";
import { shortened } from "../private/short-names";
import { EncryptionKey } from "../secrets/encryption-key";

/** Properties of a `VpcFlowLog`. */
export interface VpcFlowLogProps {
  /** The VPC. */
  readonly vpcId: string;
  /** How long the log is kept, in days. @default 365 */
  readonly retentionDays?: number;
  /** The KMS key of the log. CloudWatch Logs has to be allowed to use it. @default - a key of its own */
  readonly encryptionKeyArn?: string;
  /** The region. @default - the provider's */
  readonly region?: string;
  /** Tags for all resources. @default - none but the provider's default tags */
  readonly tags?: { readonly [name: string]: string };
  /** The provider. @default - the stack's only AWS provider */
  readonly provider?: TerraformProvider;
}

/**
 * The record of who talked to whom in a VPC, in CloudWatch Logs.
 *
 * @example
 * const log = new VpcFlowLog(this, "flow-log", { vpcId: "vpc-0a1b2c3d4e5f60001" });
 */
export class VpcFlowLog extends Construct {
  /** The flow log. */
  public readonly resource: FlowLog;
  /** The log group. */
  public readonly logGroup: CloudwatchLogGroup;

  public constructor(scope: Construct, id: string, props: VpcFlowLogProps) {
    super(scope, id);
    const { provider, tags } = props;
    const name = `/aws/vpc/flow-log/${physicalName(this, 200)}`;
    const { accountId } = AwsEnvironment.of(this, provider);
    const keyArn =
      props.encryptionKeyArn ??
      new EncryptionKey(this, "Key", {
        description: `Flow log ${this.node.path}`,
        logGroups: name,
        // What it encrypts can be made again, so it may go with the VPC.
        retain: false,
        region: props.region,
        tags,
        provider,
      }).arn;
    this.logGroup = new CloudwatchLogGroup(this, "LogGroup", {
      name,
      retentionInDays: props.retentionDays ?? 365,
      kmsKeyId: keyArn,
      tags,
      provider,
    });
    const role = new IamRole(this, "Role", {
      namePrefix: `${shortened(physicalName(this, 37), 37)}-`,
      description: "Lets VPC flow logs write to CloudWatch Logs",
      assumeRolePolicy: policyDocument({
        Sid: "FlowLogs",
        Effect: "Allow",
        Principal: { Service: "vpc-flow-logs.amazonaws.com" },
        Action: "sts:AssumeRole",
        Condition: { StringEquals: { "aws:SourceAccount": accountId } },
      }),
      tags,
      provider,
    });
    const policy = new IamRolePolicy(this, "Policy", {
      role: role.name,
      policy: policyDocument({
        Sid: "Write",
        Effect: "Allow",
        Action: ["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"],
        Resource: `${this.logGroup.arn}:*`,
      }),
      provider,
    });
    this.resource = new FlowLog(this, "Resource", {
      vpcId: props.vpcId,
      trafficType: "ALL",
      logDestinationType: "cloud-watch-logs",
      logDestination: this.logGroup.arn,
      iamRoleArn: role.arn,
      tags,
      provider,
      dependsOn: [policy],
    });
  }
}
