import { S3Bucket as Bucket } from "@cdktf/provider-aws/lib/s3-bucket";
import { S3BucketLifecycleConfiguration } from "@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration";
import { S3BucketLoggingA } from "@cdktf/provider-aws/lib/s3-bucket-logging";
import { S3BucketOwnershipControls } from "@cdktf/provider-aws/lib/s3-bucket-ownership-controls";
import { S3BucketPolicy } from "@cdktf/provider-aws/lib/s3-bucket-policy";
import { S3BucketPublicAccessBlock } from "@cdktf/provider-aws/lib/s3-bucket-public-access-block";
import { S3BucketServerSideEncryptionConfigurationA } from "@cdktf/provider-aws/lib/s3-bucket-server-side-encryption-configuration";
import { S3BucketVersioningA } from "@cdktf/provider-aws/lib/s3-bucket-versioning";
import type { ITerraformDependable, TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { Cloud, DeletionPolicy, type IWorkloadIdentity } from "../../database";
import { checkUniqueName, isResolved, physicalName, SynthChecks, shortHash } from "../../database/private";
import { type IObjectStore, ObjectStoreKind, objectStoreHost } from "../../storage";
import { IdentityGrants } from "../../storage/private";
import type { IAwsWorkloadIdentity } from "../identity/aws-workload-identity";
import { AwsEnvironment } from "../private/aws-environment";
import { shortened } from "../private/short-names";
import { EncryptionKey } from "../secrets/encryption-key";
import { readWritePolicy, tlsOnlyPolicy } from "./bucket-access";
import { checkS3Bucket, type S3BucketProps, S3Encryption } from "./s3-bucket-props";
import { s3LifecycleRules } from "./s3-lifecycle";

/**
 * A bucket of S3 for an application: private, encrypted, versioned, over TLS only, with access by IAM policies alone.
 *
 * @example
 * const key = new EncryptionKey(this, "key", { description: "Objects of the platform" });
 * const bucket = new S3Bucket(this, "objects", { encryptionKeyArn: key.arn });
 * bucket.grantReadWrite(identity);
 */
export class S3Bucket extends Construct implements IObjectStore {
  public readonly kind = ObjectStoreKind.S3;
  public readonly cloud = Cloud.AWS;
  public readonly bucketName: string;
  public readonly region: string;
  public readonly endpoint: string;
  public readonly dependables: ITerraformDependable[];
  /** The bucket. */
  public readonly resource: Bucket;
  /** The bucket's ARN. */
  public readonly arn: string;
  /** The KMS key of the objects. @default - none with S3Encryption.S3_MANAGED */
  public readonly encryptionKeyArn?: string;
  /** The key, when it is made here. @default - none where the user gives one */
  public readonly ownKey?: EncryptionKey;
  /** What keeps old versions. @default - none when the bucket is not versioned */
  public readonly versioning?: S3BucketVersioningA;
  /** The provider of the bucket's region. @default - the stack's only AWS provider */
  public readonly provider?: TerraformProvider;
  private readonly grants: IdentityGrants;

  public constructor(scope: Construct, id: string, props: S3BucketProps = {}) {
    super(scope, id);
    const { provider, tags, dependsOn, bucketName } = props;
    const environment = AwsEnvironment.of(this, provider);
    const checks = new SynthChecks(this);
    this.region = environment.region;
    checkS3Bucket(checks, props, this.region);
    if (bucketName !== undefined) {
      checkUniqueName(checks, this, { kind: "S3 bucket", property: "bucketName", name: bucketName });
    }
    this.grants = new IdentityGrants(checks, "grantReadWrite", this.cloud);
    this.provider = provider;
    this.endpoint = isResolved(this.region)
      ? objectStoreHost(this.kind, this.region)
      : `s3.${this.region}.${environment.dnsSuffix}`;
    const retain = props.deletionPolicy !== DeletionPolicy.DELETE;
    this.resource = new Bucket(this, "Resource", {
      bucket: bucketName,
      // 37 characters and the 26 that the provider adds are the 63 that S3 allows.
      bucketPrefix: bucketName === undefined ? `${shortened(physicalName(this, 36), 36)}-` : undefined,
      forceDestroy: !retain,
      lifecycle: {
        preventDestroy: retain,
        // Whatever a later version of this library would call it, a bucket that is there keeps its name.
        ignoreChanges: bucketName === undefined ? ["bucket_prefix"] : undefined,
      },
      tags,
      provider,
      dependsOn,
    });
    this.bucketName = this.resource.bucket;
    this.arn = this.resource.arn;
    const kms = (props.encryption ?? S3Encryption.KMS) === S3Encryption.KMS;
    if (kms && props.encryptionKeyArn === undefined) {
      const description = `S3 ${this.node.path}`;
      this.ownKey = new EncryptionKey(this, "Key", { description, retain, tags, provider, dependsOn });
    }
    this.encryptionKeyArn = kms ? (props.encryptionKeyArn ?? this.ownKey?.arn) : undefined;
    const versioned = props.versioned ?? true;
    if (versioned) {
      this.versioning = new S3BucketVersioningA(this, "Versioning", {
        bucket: this.bucketName,
        versioningConfiguration: { status: "Enabled" },
        provider,
      });
    }
    this.dependables = [
      ...(this.versioning ? [this.versioning] : []),
      this.encrypt(),
      ...this.closeToThePublic(),
      new S3BucketLifecycleConfiguration(this, "Lifecycle", {
        bucket: this.bucketName,
        rule: s3LifecycleRules({ ...props, versioned }),
        provider,
        // S3 takes rules about old versions before versioning too, and then forgets to apply them to what was there before.
        dependsOn: this.versioning ? [this.versioning] : undefined,
      }),
    ];
    if (props.accessLogBucketName !== undefined) {
      new S3BucketLoggingA(this, "AccessLog", {
        bucket: this.bucketName,
        targetBucket: props.accessLogBucketName,
        targetPrefix: `${this.bucketName}/`,
        provider,
      });
    }
  }

  /**
   * Lets an identity read, write, delete and list the objects of this bucket, by an inline policy of its role.
   *
   * @param identity an identity with a role that takes policies (`IrsaIdentity`, `PodIdentity`).
   */
  public grantReadWrite(identity: IWorkloadIdentity): void {
    const role = identity as IAwsWorkloadIdentity;
    if (!this.grants.begin(identity, role.addPolicy, "IrsaIdentity or PodIdentity")) return;
    role.addPolicy(`Bucket-${shortHash(this.node.path)}`, readWritePolicy(this));
  }

  private encrypt(): ITerraformDependable {
    const key = this.encryptionKeyArn;
    return new S3BucketServerSideEncryptionConfigurationA(this, "Encryption", {
      bucket: this.bucketName,
      rule: [
        {
          applyServerSideEncryptionByDefault:
            key === undefined ? { sseAlgorithm: "AES256" } : { sseAlgorithm: "aws:kms", kmsMasterKeyId: key },
          // One call of KMS for many objects: the same protection for about a hundredth of the price.
          bucketKeyEnabled: key !== undefined,
        },
      ],
      provider: this.provider,
    });
  }

  // One after the other: S3 answers OperationAborted to two of these at once.
  private closeToThePublic(): ITerraformDependable[] {
    const { bucketName: bucket, provider } = this;
    const block = new S3BucketPublicAccessBlock(this, "PublicAccessBlock", {
      bucket,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
      provider,
    });
    const policy = new S3BucketPolicy(this, "Policy", {
      bucket,
      policy: tlsOnlyPolicy(this.arn),
      provider,
      dependsOn: [block],
    });
    const ownership = new S3BucketOwnershipControls(this, "Ownership", {
      bucket,
      rule: { objectOwnership: "BucketOwnerEnforced" },
      provider,
      dependsOn: [policy],
    });
    return [block, policy, ownership];
  }
}
