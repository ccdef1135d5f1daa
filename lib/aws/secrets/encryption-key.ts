import { KmsAlias } from "@cdktf/provider-aws/lib/kms-alias";
import { KmsKey } from "@cdktf/provider-aws/lib/kms-key";
import type { ITerraformDependable, TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { isResolved, namingPath, physicalName, SynthChecks } from "../../database/private";
import { AwsEnvironment } from "../private/aws-environment";
import { type PolicyStatement, policyDocument } from "../private/policy-document";
import { checkTags } from "../private/tags";

/**
 * A customer-managed KMS key: one of the library's (`EncryptionKey`) or one that exists (`EncryptionKey.fromKeyArn`).
 *
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html
 */
export interface IEncryptionKey {
  /** ARN of the key, not of an alias; may be a token. */
  readonly arn: string;
}

/** Properties of an `EncryptionKey`. */
export interface EncryptionKeyProps {
  /**
   * Description of the key. @default - the construct's path
   *
   * @see https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateKey.html
   */
  readonly description?: string;
  /**
   * Log groups that CloudWatch Logs may encrypt with the key: a name in which `*` stands for any text, such as
   * `/aws/rds/instance/coder/*`. @default - none
   *
   * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
   */
  readonly logGroups?: string;
  /**
   * IDs of other accounts that may use the key, for copies of RDS snapshots in their backup vaults; may be tokens. @default - none
   *
   * @see https://docs.aws.amazon.com/aws-backup/latest/devguide/create-cross-account-backup.html
   */
  readonly sharedAccountIds?: string[];
  /**
   * Prevents Terraform from destroying the key while it is in the program (`prevent_destroy`); data encrypted with it are lost with
   * the key. @default true
   */
  readonly retain?: boolean;
  /**
   * Waiting period before AWS deletes the key that Terraform destroyed, in days, 7 to 30. @default 30
   *
   * @see https://docs.aws.amazon.com/kms/latest/developerguide/deleting-keys.html
   */
  readonly deletionWindowDays?: number;
  /** AWS Region of the key. @default - the provider's */
  readonly region?: string;
  /**
   * Tags of all resources. @default - the provider's default tags only
   *
   * @see https://docs.aws.amazon.com/kms/latest/developerguide/tagging-keys.html
   */
  readonly tags?: { readonly [name: string]: string };
  /** AWS provider. @default - the stack's only AWS provider */
  readonly provider?: TerraformProvider;
  /** Resources that have to exist first. @default - none */
  readonly dependsOn?: ITerraformDependable[];
}

/**
 * A customer managed KMS key with yearly rotation. The account's IAM policies give access to it; in addition, CloudWatch Logs may use
 * it for the given log groups.
 *
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html#customer-mgn-key
 *
 * @example
 * const key = new EncryptionKey(this, "key", { description: "Databases of the platform" });
 */
export class EncryptionKey extends Construct implements IEncryptionKey {
  /**
   * A KMS key that exists. Its key policy has to allow whatever uses it, such as CloudWatch Logs for the logs of a server.
   *
   * @param arn ARN of the key, not of an alias; may be a token.
   *
   * @example
   * const key = EncryptionKey.fromKeyArn("arn:aws:kms:eu-central-1:123456789012:key/0a1b2c3d");
   */
  public static fromKeyArn(arn: string): IEncryptionKey {
    return { arn };
  }

  /** The KMS key. */
  public readonly resource: KmsKey;
  /** Alias of the key. */
  public readonly alias: KmsAlias;
  public readonly arn: string;
  /** IDs of other accounts that may use the key. */
  public readonly sharedAccountIds: readonly string[];
  /** Resources that have to exist before the key is used. */
  public readonly dependables: ITerraformDependable[];

  public constructor(scope: Construct, id: string, props: EncryptionKeyProps = {}) {
    super(scope, id);
    const { provider, tags, dependsOn } = props;
    const checks = new SynthChecks(this, "KMS");
    checkTags(checks, this, props.tags);
    checks.wholeNumber("deletionWindowDays", props.deletionWindowDays, 7, 30, "days");
    this.sharedAccountIds = props.sharedAccountIds ?? [];
    for (const [i, account] of this.sharedAccountIds.entries()) {
      checks.matches(`sharedAccountIds[${i}]`, account, /^\d{12}$/, "must be an account ID of 12 digits");
    }
    this.resource = new KmsKey(this, "Resource", {
      description: props.description ?? namingPath(this),
      enableKeyRotation: true,
      deletionWindowInDays: props.deletionWindowDays ?? 30,
      policy: this.policy(props),
      lifecycle: (props.retain ?? true) ? { preventDestroy: true } : undefined,
      tags,
      provider,
      dependsOn,
    });
    // KMS allows 256 characters, including the prefix.
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
    const accountId = environment.lookUpAccountId();
    const partition = environment.lookUpPartition();
    const administration = {
      // The default key policy of AWS: IAM policies of the account decide, so that nothing can lock the account out of the key.
      Sid: "AccountByIamPolicies",
      Effect: "Allow" as const,
      Principal: { AWS: `arn:${partition}:iam::${accountId}:root` },
      Action: "kms:*",
      Resource: "*",
    };
    const shared = sharing(partition, props.sharedAccountIds ?? []);
    if (!props.logGroups) return policyDocument(administration, ...shared);
    const region = props.region ?? environment.lookUpRegion();
    return policyDocument(
      administration,
      {
        Sid: "CloudWatchLogs",
        Effect: "Allow",
        Principal: { Service: `logs.${region}.${environment.lookUpDnsSuffix()}` },
        Action: ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*"],
        Resource: "*",
        Condition: {
          ArnLike: {
            "kms:EncryptionContext:aws:logs:arn": `arn:${partition}:logs:${region}:${accountId}:log-group:${props.logGroups}`,
          },
        },
      },
      ...shared,
    );
  }
}

/** The statements with which AWS shares a key with other accounts (create-cross-account-backup). */
function sharing(partition: string, accounts: readonly string[]): PolicyStatement[] {
  if (accounts.length === 0) return [];
  const Principal = { AWS: accounts.map((account) => `arn:${partition}:iam::${account}:root`) };
  return [
    {
      Sid: "OtherAccounts",
      Effect: "Allow",
      Principal,
      Action: ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"],
      Resource: "*",
    },
    {
      Sid: "GrantsOfOtherAccounts",
      Effect: "Allow",
      Principal,
      Action: ["kms:CreateGrant", "kms:ListGrants", "kms:RevokeGrant"],
      Resource: "*",
      Condition: { Bool: { "kms:GrantIsForAWSResource": "true" } },
    },
  ];
}

const KEY_ARN = /^arn:[a-z-]+:kms:[a-z0-9-]+:\d{12}:key\/[A-Za-z0-9-]+$/;

/**
 * Reports a key whose ARN is that of no key, or of a key of another region.
 *
 * @param checks where to report.
 * @param key the key; its ARN may be a token.
 * @param region the region in which the key is used. @default - not checked
 *
 * @internal
 */
export function checkEncryptionKey(
  checks: SynthChecks,
  key: IEncryptionKey | undefined,
  region?: string,
): void {
  const arn = key?.arn;
  checks.matches(
    "encryptionKey",
    arn,
    KEY_ARN,
    "must have the ARN of a key, not of an alias, such as arn:aws:kms:eu-central-1:123456789012:key/...",
  );
  if (arn === undefined || region === undefined || !isResolved([arn, region])) return;
  const keyRegion = arn.split(":")[3];
  if (keyRegion !== undefined && keyRegion !== region) {
    checks.fail("encryptionKey", arn, `must be in the region ${region}`);
  }
}
