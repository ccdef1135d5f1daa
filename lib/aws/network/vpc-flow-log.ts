import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { FlowLog } from "@cdktf/provider-aws/lib/flow-log";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import type { TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { namingPath, physicalName, requireProps, SynthChecks } from "../../database/private";
import { AwsEnvironment } from "../private/aws-environment";
import { policyDocument } from "../private/policy-document";
import { shortened } from "../private/short-names";
import { checkTags } from "../private/tags";
import { EncryptionKey, type IEncryptionKey } from "../secrets/encryption-key";

/** Properties of a `VpcFlowLog`. */
export interface VpcFlowLogProps {
  /**
   * ID of the VPC.
   *
   * @see https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs.html
   */
  readonly vpcId: string;
  /**
   * Retention of the log group in CloudWatch Logs, in days. @default 365
   *
   * @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html
   */
  readonly cloudwatchLogsRetentionDays?: number;
  /**
   * KMS key of the log group. Its key policy has to allow CloudWatch Logs to use it. @default - a key is created
   *
   * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
   */
  readonly encryptionKey?: IEncryptionKey;
  /** AWS Region. @default - the provider's */
  readonly region?: string;
  /**
   * Tags of all resources. @default - the provider's default tags only
   *
   * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Tags.html
   */
  readonly tags?: { readonly [name: string]: string };
  /** AWS provider. @default - the stack's only AWS provider */
  readonly provider?: TerraformProvider;
}

/**
 * Flow log of a VPC: all IP traffic, accepted and rejected, is recorded in CloudWatch Logs.
 *
 * @see https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs.html
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
    requireProps(this.node.path, "RDS-NETWORK", props, { vpcId: true });
    const { provider, tags } = props;
    checkTags(new SynthChecks(this, "RDS-NETWORK"), this, tags);
    const name = `/aws/vpc/flow-log/${physicalName(this, 200)}`;
    const accountId = AwsEnvironment.of(this, provider).lookUpAccountId();
    const key =
      props.encryptionKey ??
      new EncryptionKey(this, "Key", {
        description: `Flow log ${namingPath(this)}`,
        logGroups: name,
        // The logs may be lost with the VPC, so the key is not retained.
        retain: false,
        region: props.region,
        tags,
        provider,
      });
    this.logGroup = new CloudwatchLogGroup(this, "LogGroup", {
      name,
      retentionInDays: props.cloudwatchLogsRetentionDays ?? 365,
      kmsKeyId: key.arn,
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
