import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { S3BucketReplicationConfigurationA } from "@cdktf/provider-aws/lib/s3-bucket-replication-configuration";
import { type ITerraformDependable, Op, type TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import type { DeletionPolicy } from "../../database";
import { claimOnce, isResolved, physicalName, SynthChecks, terraformCall } from "../../database/private";
import { AwsEnvironment } from "../private/aws-environment";
import { policyDocument } from "../private/policy-document";
import { shortened } from "../private/short-names";
import { replicationStatements } from "./replication-access";
import { S3Bucket } from "./s3-bucket";
import { S3Encryption } from "./s3-bucket-props";

/** Properties of an `S3BucketReplication`. */
export interface S3BucketReplicationProps {
  /** The bucket whose objects are copied; a bucket has one replication at most. */
  readonly source: S3Bucket;
  /** The provider of the region that the copies go to: an alias other than the source's. */
  readonly provider: TerraformProvider;
  /** The name of the bucket of the copies, as of `S3Bucket`. @default - the construct's path and a suffix that never changes */
  readonly bucketName?: string;
  /** The KMS key of the copies, in their region; for a source that encrypts with KMS. @default - a key of its own there (see `EncryptionKey`) */
  readonly encryptionKeyArn?: string;
  /** How long a copy stays that was overwritten or deleted, in days, 1 to 36500. @default 30 */
  readonly noncurrentDays?: number;
  /** Whether AWS promises that nearly all copies are there within 15 minutes, which costs extra. @default false */
  readonly replicationTimeControl?: boolean;
  /** What happens to the bucket of the copies on destroy, as of `S3Bucket`. @default DeletionPolicy.RETAIN */
  readonly deletionPolicy?: DeletionPolicy;
  /** A policy that limits what the role of the replication can ever do. @default - none */
  readonly permissionsBoundaryArn?: string;
  /** Tags for all resources. @default - none but the provider's default tags */
  readonly tags?: { readonly [name: string]: string };
  /** What has to exist first. @default - nothing */
  readonly dependsOn?: ITerraformDependable[];
}

/**
 * Copies every new object of a bucket to a bucket of its own in another region. Deletions are copied as markers, never as
 * deletions of versions. What was in the bucket before is not copied: S3 Batch Replication does that once.
 *
 * @example
 * const bucket = new S3Bucket(this, "objects");
 * const copies = new S3BucketReplication(this, "copies", {
 *   source: bucket,
 *   provider: new AwsProvider(this, "ireland", { alias: "ireland", region: "eu-west-1" }),
 * });
 */
export class S3BucketReplication extends Construct {
  /** The replication. */
  public readonly resource: S3BucketReplicationConfigurationA;
  /** The bucket of the copies, which is a store like its source. */
  public readonly destination: S3Bucket;
  /** The role that S3 copies as. */
  public readonly role: IamRole;

  public constructor(scope: Construct, id: string, props: S3BucketReplicationProps) {
    super(scope, id);
    const { source, provider, tags, dependsOn } = props;
    const encrypted = source.encryptionKeyArn !== undefined;
    this.destination = new S3Bucket(this, "Destination", {
      bucketName: props.bucketName,
      encryption: encrypted ? S3Encryption.KMS : S3Encryption.S3_MANAGED,
      encryptionKeyArn: props.encryptionKeyArn,
      noncurrentDays: props.noncurrentDays,
      deletionPolicy: props.deletionPolicy,
      tags,
      provider,
      dependsOn,
    });
    const checks = new SynthChecks(this);
    this.check(checks, props);
    this.role = this.replicator(props);
    const policy = new IamRolePolicy(this, "Policy", {
      role: this.role.name,
      policy: policyDocument(...replicationStatements(source, this.destination)),
      provider: source.provider,
    });
    const { encryptionKeyArn } = this.destination;
    const control = props.replicationTimeControl ?? false;
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
              encryptionKeyArn === undefined ? undefined : { replicaKmsKeyId: encryptionKeyArn },
            metrics: { status: "Enabled", eventThreshold: control ? { minutes: 15 } : undefined },
            replicationTime: control ? { status: "Enabled", time: { minutes: 15 } } : undefined,
          },
        },
      ],
      provider: source.provider,
      lifecycle: this.precondition(source),
      // S3 refuses a replication between buckets of which one is not versioned yet.
      dependsOn: [policy, ...source.dependables, ...this.destination.dependables],
    });
  }

  private replicator(props: S3BucketReplicationProps): IamRole {
    const { source, tags, dependsOn } = props;
    const { accountId } = AwsEnvironment.of(this, source.provider);
    return new IamRole(this, "Role", {
      // A prefix may have 38 characters.
      namePrefix: `${shortened(physicalName(this, 37), 37)}-`,
      description: `Lets S3 copy objects of ${source.node.path}`,
      assumeRolePolicy: policyDocument({
        Sid: "Replication",
        Effect: "Allow",
        Principal: { Service: "s3.amazonaws.com" },
        Action: "sts:AssumeRole",
        // For this bucket only; S3 works for other people's, too.
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

  private check(checks: SynthChecks, { source, provider }: S3BucketReplicationProps): void {
    if (source.versioning === undefined) {
      checks.fail("source", source, "it has to be versioned: S3 copies versions");
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
        "copies go to another region: give an AWS provider with an alias and that region",
      );
    } else if (isResolved(region) && region === source.region) {
      checks.fail(
        "provider",
        provider.fqn,
        `its region is the source's too, ${region}; copies go to another one`,
      );
    }
  }

  // Regions that only Terraform knows are compared there.
  private precondition(source: S3Bucket) {
    const { region } = this.destination;
    if (isResolved([region, source.region])) return undefined;
    const both = terraformCall("distinct", [source.region, region]);
    return {
      precondition: [
        {
          condition: Op.eq(terraformCall("length", both), 2),
          errorMessage:
            "Copies go to another region: the region of provider has to be another one than the source's.",
        },
      ],
    };
  }
}
