import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { S3BucketReplicationConfigurationA } from "@cdktf/provider-aws/lib/s3-bucket-replication-configuration";
import { type ITerraformDependable, Op, type TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import type { DeletionPolicy, Protection } from "../../database";
import {
  claimOnce,
  isResolved,
  namingPath,
  physicalName,
  requireProps,
  SynthChecks,
  terraformCall,
} from "../../database/private";
import { AwsEnvironment } from "../private/aws-environment";
import { policyDocument } from "../private/policy-document";
import { shortened } from "../private/short-names";
import type { IEncryptionKey } from "../secrets/encryption-key";
import { replicationStatements } from "./bucket-policies";
import { type IS3Bucket, S3Bucket, S3Encryption } from "./s3-bucket";
import type { S3ObjectLockMode } from "./s3-object-lock";
import { replicationProtection } from "./s3-protection";

/** Properties of an `S3BucketReplication`. */
export interface S3BucketReplicationProps {
  /**
   * Source bucket, with versioning; a bucket has one replication configuration at most.
   *
   * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-requirements.html
   */
  readonly source: IS3Bucket;
  /** AWS provider of the destination region: an alias other than the source's provider. */
  readonly provider: TerraformProvider;
  /**
   * Name of the destination bucket (see `S3Bucket`). @default - the construct's path and a suffix that Terraform generates once
   *
   * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
   */
  readonly bucketName?: string;
  /**
   * KMS key of the replicas, in the destination region, for a source that is encrypted with KMS. @default - a key created there (see `EncryptionKey`)
   *
   * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-config-for-kms-objects.html
   */
  readonly encryptionKey?: IEncryptionKey;
  /**
   * Days after which noncurrent versions of the replicas expire, 1 to 36500. @default 30
   *
   * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/intro-lifecycle-rules.html
   */
  readonly noncurrentDays?: number;
  /**
   * Default retention of Object Lock of the destination bucket, in days (see `S3Bucket`). Required if the source has a lock.
   * @default - no Object Lock
   *
   * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock-managing.html#object-lock-managing-replication
   */
  readonly lockDays?: number;
  /** Retention mode of the destination bucket's lock (see `S3Bucket`). @default S3ObjectLockMode.GOVERNANCE */
  readonly lockMode?: S3ObjectLockMode;
  /**
   * Enables S3 Replication Time Control, at extra cost: 99.99 % of the objects are replicated within 15 minutes. @default false
   *
   * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-time-control.html
   */
  readonly replicationTimeControl?: boolean;
  /** Deletion policy of the destination bucket (see `S3Bucket`). @default DeletionPolicy.RETAIN */
  readonly deletionPolicy?: DeletionPolicy;
  /**
   * ARN of the policy that is the permissions boundary of the replication role. @default - none
   *
   * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
   */
  readonly permissionsBoundaryArn?: string;
  /**
   * Tags of all resources. @default - the provider's default tags only
   *
   * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/CostAllocTagging.html
   */
  readonly tags?: { readonly [name: string]: string };
  /** Resources that have to exist first. @default - none */
  readonly dependsOn?: ITerraformDependable[];
}

/**
 * S3 Cross-Region Replication of a bucket: every new object is replicated to a bucket created in another region. Delete markers are
 * replicated, deletions of versions are not. Objects that existed before are not replicated: use S3 Batch Replication once.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication.html
 *
 * @example
 * const bucket = new S3Bucket(this, "objects");
 * const copies = new S3BucketReplication(this, "copies", {
 *   source: bucket,
 *   provider: new AwsProvider(this, "ireland", { alias: "ireland", region: "eu-west-1" }),
 * });
 */
export class S3BucketReplication extends Construct {
  /** The replication configuration. */
  public readonly resource: S3BucketReplicationConfigurationA;
  /** The destination bucket, an object store like its source. */
  public readonly destination: S3Bucket;
  /** The replication role, which S3 assumes. */
  public readonly role: IamRole;
  private readonly source: IS3Bucket;
  private readonly timeControl: boolean;

  public constructor(scope: Construct, id: string, props: S3BucketReplicationProps) {
    super(scope, id);
    requireProps(this.node.path, "S3-REPLICATION", props, { source: true, provider: true });
    const { source, provider, tags, dependsOn } = props;
    const encrypted = source.encryptionKey !== undefined;
    this.destination = new S3Bucket(this, "Destination", {
      bucketName: props.bucketName,
      encryption: encrypted ? S3Encryption.KMS : S3Encryption.S3_MANAGED,
      encryptionKey: props.encryptionKey,
      noncurrentDays: props.noncurrentDays,
      lockDays: props.lockDays,
      lockMode: props.lockMode,
      deletionPolicy: props.deletionPolicy,
      tags,
      provider,
      dependsOn,
    });
    const checks = new SynthChecks(this, "S3-REPLICATION");
    this.check(checks, props);
    this.role = this.replicationRole(props);
    const policy = new IamRolePolicy(this, "Policy", {
      role: this.role.name,
      policy: policyDocument(...replicationStatements(source, this.destination)),
      provider: source.provider,
    });
    const { encryptionKey } = this.destination;
    const control = props.replicationTimeControl ?? false;
    this.source = source;
    this.timeControl = control;
    this.resource = new S3BucketReplicationConfigurationA(this, "Resource", {
      bucket: source.bucketName,
      role: this.role.arn,
      rule: [
        {
          id: "everything",
          status: "Enabled",
          priority: 0,
          filter: { prefix: "" },
          deleteMarkerReplication: { status: "Enabled" },
          sourceSelectionCriteria: encrypted ? { sseKmsEncryptedObjects: { status: "Enabled" } } : undefined,
          destination: {
            bucket: this.destination.arn,
            encryptionConfiguration:
              encryptionKey === undefined ? undefined : { replicaKmsKeyId: encryptionKey.arn },
            metrics: { status: "Enabled", eventThreshold: control ? { minutes: 15 } : undefined },
            replicationTime: control ? { status: "Enabled", time: { minutes: 15 } } : undefined,
          },
        },
      ],
      provider: source.provider,
      lifecycle: this.precondition(source),
      // S3 refuses replication until versioning is enabled on both buckets.
      dependsOn: [policy, ...source.dependables, ...this.destination.dependables],
    });
  }

  /** The replica as a protection of the source's objects, for a `RecoveryPlan`. */
  public protection(): Protection {
    const { destination } = this;
    return replicationProtection({
      source: this.source.bucketName,
      destination: destination.bucketName,
      region: destination.region,
      keyArn: destination.encryptionKey?.arn,
      timeControl: this.timeControl,
    });
  }

  private replicationRole(props: S3BucketReplicationProps): IamRole {
    const { source, tags, dependsOn } = props;
    const accountId = AwsEnvironment.of(this, source.provider).lookUpAccountId();
    return new IamRole(this, "Role", {
      // IAM allows 38 characters in a name prefix.
      namePrefix: `${shortened(physicalName(this, 37), 37)}-`,
      description: `Lets S3 copy objects of ${namingPath(source)}`,
      assumeRolePolicy: policyDocument({
        Sid: "Replication",
        Effect: "Allow",
        Principal: { Service: "s3.amazonaws.com" },
        Action: "sts:AssumeRole",
        // S3 may assume the role for this bucket of this account only.
        Condition: {
          StringEquals: { "aws:SourceAccount": accountId },
          ArnEquals: { "aws:SourceArn": source.arn },
        },
      }),
      permissionsBoundary: props.permissionsBoundaryArn,
      tags,
      provider: source.provider,
      dependsOn,
    });
  }

  private check(checks: SynthChecks, { source, provider, lockDays }: S3BucketReplicationProps): void {
    if (source.lockDays !== undefined && lockDays === undefined) {
      checks.fail(
        "lockDays",
        lockDays,
        "must be set, since S3 replicates a bucket with Object Lock only to another one with it",
      );
    }
    if (!source.versioned) {
      checks.fail("source", source, "must have versioning enabled, which S3 replication requires");
    }
    const other = claimOnce(this, "S3 bucket replication", source.node.path);
    if (other) {
      checks.fail(
        "source",
        source,
        `must be replicated once: S3 keeps one replication configuration of a bucket, and ${other.node.path} sets it; remove one of them`,
      );
    }
    const { region } = this.destination;
    if (provider === source.provider || (!source.provider && provider.alias === undefined)) {
      checks.fail(
        "provider",
        provider.fqn,
        "must be an AWS provider of another region than the source's; give one with an alias and that region",
      );
    } else if (isResolved(region) && region === source.region) {
      checks.fail(
        "provider",
        provider.fqn,
        `must be an AWS provider of another region than the source's, ${region}`,
      );
    }
  }

  // Regions that are not known at synth are compared by Terraform.
  private precondition(source: IS3Bucket) {
    const { region } = this.destination;
    if (isResolved([region, source.region])) return undefined;
    const both = terraformCall("distinct", [source.region, region]);
    return {
      precondition: [
        {
          condition: Op.eq(terraformCall("length", both), 2),
          errorMessage: "provider must be of another region than the source's.",
        },
      ],
    };
  }
}
