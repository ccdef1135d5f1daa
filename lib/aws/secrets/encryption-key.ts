import { KmsAlias } from "@cdktf/provider-aws/lib/kms-alias";
import { KmsKey } from "@cdktf/provider-aws/lib/kms-key";
import type { ITerraformDependable, TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { physicalName, SynthChecks } from "../../database/private";
import { AwsEnvironment } from "../private/aws-environment";
import { policyDocument } from "../private/policy-document";

/** Properties of an `EncryptionKey`. */
export interface EncryptionKeyProps {
  /** What the key protects, for people. @default - the construct's path */
  readonly description?: string;
  /**
   * The log groups that CloudWatch Logs may encrypt with the key, as a name in which `*` stands for any text, such as
   * `/aws/rds/instance/coder/*`. @default - none
   */
  readonly logGroups?: string;
  /** Whether Terraform refuses to destroy the key: with it goes every copy that it encrypted. @default true */
  readonly retain?: boolean;
  /** How long AWS waits before it deletes the key once Terraform has destroyed it, 7 to 30 days. @default 30 */
  readonly deletionWindowDays?: number;
  /** The region in which the key is. @default - the provider's */
  readonly region?: string;
  /** Tags for all resources. @default - none but the provider's default tags */
  readonly tags?: { readonly [name: string]: string };
  /** The provider. @default - the stack's only AWS provider */
  readonly provider?: TerraformProvider;
  /** What has to exist first. @default - nothing */
  readonly dependsOn?: ITerraformDependable[];
}

/**
 * A customer-managed KMS key with yearly rotation. IAM policies of the account decide who uses it; beside them only
 * CloudWatch Logs may, for the log groups named.
 *
 * @example
 * const key = new EncryptionKey(this, "key", { description: "Databases of the platform" });
 */
export class EncryptionKey extends Construct {
  /** The key. */
  public readonly resource: KmsKey;
  /** The key's alias. */
  public readonly alias: KmsAlias;
  /** The key's ARN. */
  public readonly arn: string;
  /** What has to exist before the key is used. */
  public readonly dependables: ITerraformDependable[];

  public constructor(scope: Construct, id: string, props: EncryptionKeyProps = {}) {
    super(scope, id);
    const { provider, tags, dependsOn } = props;
    const checks = new SynthChecks(this);
    checks.wholeNumber("deletionWindowDays", props.deletionWindowDays, 7, 30, "days");
    this.resource = new KmsKey(this, "Resource", {
      description: props.description ?? this.node.path,
      enableKeyRotation: true,
      deletionWindowInDays: props.deletionWindowDays ?? 30,
      policy: this.policy(props),
      lifecycle: (props.retain ?? true) ? { preventDestroy: true } : undefined,
      tags,
      provider,
      dependsOn,
    });
    // 256 characters are allowed, with the prefix.
    this.alias = new KmsAlias(this, "Alias", {
      name: `alias/${physicalName(this, 200)}`,
      targetKeyId: this.resource.keyId,
      provider,
    });
    this.arn = this.resource.arn;
    this.dependables = [this.resource];
  }

  private policy(props: EncryptionKeyProps): string {
    const environment = AwsEnvironment.of(this, props.provider);
    const { accountId, partition } = environment;
    const administration = {
      // AWS's own default: hands the decision to the account's IAM policies, and keeps the key from locking everybody out.
      Sid: "AccountByIamPolicies",
      Effect: "Allow" as const,
      Principal: { AWS: `arn:${partition}:iam::${accountId}:root` },
      Action: "kms:*",
      Resource: "*",
    };
    if (!props.logGroups) return policyDocument(administration);
    const region = props.region ?? environment.region;
    return policyDocument(administration, {
      Sid: "CloudWatchLogs",
      Effect: "Allow",
      Principal: { Service: `logs.${region}.${environment.dnsSuffix}` },
      Action: ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*"],
      Resource: "*",
      Condition: {
        ArnLike: {
          "kms:EncryptionContext:aws:logs:arn": `arn:${partition}:logs:${region}:${accountId}:log-group:${props.logGroups}`,
        },
      },
    });
  }
}
