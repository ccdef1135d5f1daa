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
import { Cloud, DeletionPolicy, type IGrant, type IWorkloadIdentity, type Protection } from "../../database";
import { checkUniqueName, namingPath, physicalName, SynthChecks } from "../../database/private";
import { type IObjectStore, ObjectStoreKind } from "../../storage";
import { IdentityGrants } from "../../storage/private";
import { AwsEnvironment } from "../private/aws-environment";
import { shortened } from "../private/short-names";
import { checkTags } from "../private/tags";
import { checkEncryptionKey, EncryptionKey, type IEncryptionKey } from "../secrets/encryption-key";
import { grantBucketReadWrite, grantBucketTags, tlsOnlyPolicy } from "./bucket-policies";
import { BUCKET_NAME } from "./data/s3-names";
import { ImportedS3Bucket, type S3BucketAttributes, s3Endpoint } from "./imported-s3-bucket";
import {
  checkS3Lifecycle,
  DEFAULT_NONCURRENT_DAYS,
  type S3Transition,
  s3LifecycleRules,
} from "./s3-lifecycle";
import { checkObjectLock, objectLock, type S3ObjectLockMode } from "./s3-object-lock";
import { versioningProtection } from "./s3-protection";

/** A bucket of S3, created here or existing. Users and replications take this interface. */
export interface IS3Bucket extends IObjectStore {
  /** ARN of the bucket. */
  readonly arn: string;
  /** KMS key of the objects. @default - none: keys that S3 manages */
  readonly encryptionKey?: IEncryptionKey;
  /** True if versioning is enabled. */
  readonly versioned: boolean;
  /** AWS provider of the bucket's region. @default - the stack's only AWS provider */
  readonly provider?: TerraformProvider;
}

/**
 * Server-side encryption of the objects.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/serv-side-encryption.html
 */
export enum S3Encryption {
  /** Server-side encryption with a KMS key (SSE-KMS): access to the key is controlled in addition to access to the bucket. */
  KMS = "kms",
  /** Server-side encryption with keys that S3 manages (SSE-S3): free of charge, without access control of the key. */
  S3_MANAGED = "s3-managed",
}

/** Properties of an `S3Bucket`. */
export interface S3BucketProps {
  /**
   * Name of the bucket, unique in all of AWS: 3 to 63 lower-case letters, digits and hyphens. Changing it replaces the bucket.
   * @default - the construct's path and a suffix that Terraform generates once
   *
   * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
   */
  readonly bucketName?: string;
  /**
   * Enables versioning, so that overwritten and deleted objects can be restored. @default true
   *
   * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/Versioning.html
   */
  readonly versioned?: boolean;
  /**
   * Default retention of S3 Object Lock, in days, 1 to 36500: no version of an object can be deleted in the days after its creation.
   * Requires versioning, which then cannot be suspended any more. A lock can be added to an existing bucket, and never be removed from
   * it: without this prop only the default retention of new objects ends. A deletion without a version still adds a delete marker.
   * @default - no Object Lock
   *
   * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock-configure.html
   */
  readonly lockDays?: number;
  /**
   * Retention mode of the lock. @default S3ObjectLockMode.GOVERNANCE
   *
   * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html#object-lock-retention-modes
   */
  readonly lockMode?: S3ObjectLockMode;
  /**
   * Days after which noncurrent versions expire, 1 to 36500. Versions under a lock expire when it ends. @default 30
   *
   * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/intro-lifecycle-rules.html
   */
  readonly noncurrentDays?: number;
  /**
   * Days after their creation when objects expire, 1 to 36500. @default - never
   *
   * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lifecycle-mgmt.html
   */
  readonly expireDays?: number;
  /**
   * Transitions of objects to other storage classes, in order. @default - none
   *
   * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-transition-general-considerations.html
   */
  readonly transitions?: S3Transition[];
  /**
   * Server-side encryption of the objects. @default S3Encryption.KMS
   *
   * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingServerSideEncryption.html
   */
  readonly encryption?: S3Encryption;
  /**
   * KMS key of S3Encryption.KMS, in the bucket's region; several buckets may share one, which costs less. Its key policy has to leave
   * access to IAM policies, as that of `EncryptionKey` does. @default - a key created with the bucket (see `EncryptionKey`)
   *
   * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html
   */
  readonly encryptionKey?: IEncryptionKey;
  /**
   * Name of the bucket that receives the server access log, in the same region and account. Its policy has to let
   * `logging.s3.amazonaws.com` write, and it must not be encrypted with KMS. @default - no access log
   *
   * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/ServerLogs.html
   */
  readonly accessLogBucketName?: string;
  /**
   * Deletion policy of the bucket when it is removed from the program: it is emptied with DELETE only, and there is no SNAPSHOT.
   * @default DeletionPolicy.RETAIN
   */
  readonly deletionPolicy?: DeletionPolicy;
  /**
   * Tags of all resources. @default - the provider's default tags only
   *
   * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/CostAllocTagging.html
   */
  readonly tags?: { readonly [name: string]: string };
  /** AWS provider. @default - the stack's only AWS provider */
  readonly provider?: TerraformProvider;
  /** Resources that have to exist first. @default - none */
  readonly dependsOn?: ITerraformDependable[];
}

/**
 * A bucket of Amazon S3 for an application: private, encrypted, versioned, over TLS only, with access by IAM policies alone.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/security-best-practices.html
 *
 * @example
 * const key = new EncryptionKey(this, "key", { description: "Objects of the platform" });
 * const bucket = new S3Bucket(this, "objects", { encryptionKey: key });
 * bucket.grantReadWrite(identity);
 */
export class S3Bucket extends Construct implements IS3Bucket {
  /**
   * A bucket that exists. Its settings are not changed, but access to it can be granted.
   *
   * @param scope the parent.
   * @param id the construct's id.
   * @param attributes description of the bucket.
   *
   * @example
   * const bucket = S3Bucket.fromBucketAttributes(this, "objects", { bucketName: "platform-objects" });
   * bucket.grantReadWrite(identity);
   */
  public static fromBucketAttributes(
    scope: Construct,
    id: string,
    attributes: S3BucketAttributes,
  ): IS3Bucket {
    return new ImportedS3Bucket(scope, id, attributes);
  }

  public readonly kind = ObjectStoreKind.S3;
  public readonly cloud = Cloud.AWS;
  public readonly bucketName: string;
  public readonly region: string;
  public readonly endpoint: string;
  public readonly dependables: ITerraformDependable[];
  /** The bucket. */
  public readonly resource: Bucket;
  public readonly arn: string;
  public readonly encryptionKey?: IEncryptionKey;
  /** KMS key created with the bucket; not set if `encryptionKey` was given or S3 manages the keys. */
  public readonly ownKey?: EncryptionKey;
  public readonly versioned: boolean;
  public readonly lockDays?: number;
  /** Versioning of the bucket; not set if it is disabled. */
  public readonly versioning?: S3BucketVersioningA;
  public readonly provider?: TerraformProvider;
  private readonly grants: IdentityGrants;
  private readonly tagGrants: IdentityGrants;
  private readonly noncurrentDays: number;

  public constructor(scope: Construct, id: string, props: S3BucketProps = {}) {
    super(scope, id);
    const { provider, tags, dependsOn, bucketName } = props;
    const environment = AwsEnvironment.of(this, provider);
    const checks = new SynthChecks(this, "S3");
    this.region = environment.lookUpRegion();
    checkS3Bucket(checks, props, this.region);
    checkTags(checks, this, props.tags);
    if (bucketName !== undefined) {
      checkUniqueName(checks, this, { kind: "S3 bucket", property: "bucketName", name: bucketName });
    }
    this.grants = new IdentityGrants(checks, "grantReadWrite", this.cloud);
    this.tagGrants = new IdentityGrants(checks, "grantTagObjects", this.cloud);
    this.provider = provider;
    this.endpoint = s3Endpoint(this.region, environment);
    const retain = props.deletionPolicy !== DeletionPolicy.DELETE;
    this.resource = new Bucket(this, "Resource", {
      bucket: bucketName,
      // 37 characters and the 26 that the provider adds are the 63 that S3 allows.
      bucketPrefix: bucketName === undefined ? `${shortened(physicalName(this, 36), 36)}-` : undefined,
      forceDestroy: !retain,
      lifecycle: {
        preventDestroy: retain,
        // An existing bucket keeps its name, whatever prefix a later version of this library would choose.
        ignoreChanges: bucketName === undefined ? ["bucket_prefix"] : undefined,
      },
      tags,
      provider,
      dependsOn,
    });
    this.bucketName = this.resource.bucket;
    this.arn = this.resource.arn;
    const kms = (props.encryption ?? S3Encryption.KMS) === S3Encryption.KMS;
    if (kms && props.encryptionKey === undefined) {
      const description = `S3 ${namingPath(this)}`;
      this.ownKey = new EncryptionKey(this, "Key", { description, retain, tags, provider, dependsOn });
    }
    this.encryptionKey = kms ? (props.encryptionKey ?? this.ownKey) : undefined;
    this.versioned = props.versioned ?? true;
    this.lockDays = props.lockDays;
    this.noncurrentDays = props.noncurrentDays ?? DEFAULT_NONCURRENT_DAYS;
    if (this.versioned) {
      this.versioning = new S3BucketVersioningA(this, "Versioning", {
        bucket: this.bucketName,
        versioningConfiguration: { status: "Enabled" },
        provider,
      });
    }
    this.dependables = [
      ...(this.versioning ? [this.versioning] : []),
      this.encrypt(),
      ...this.blockPublicAccess(),
      new S3BucketLifecycleConfiguration(this, "Lifecycle", {
        bucket: this.bucketName,
        rule: s3LifecycleRules({ ...props, versioned: this.versioned }),
        provider,
        // S3 accepts rules for noncurrent versions before versioning is enabled, and then does not apply them to existing objects.
        dependsOn: this.versioning ? [this.versioning] : undefined,
      }),
    ];
    if (this.versioning && props.lockDays !== undefined) {
      this.dependables.push(objectLock(this, props.lockDays, props.lockMode, this.versioning));
    }
    if (props.accessLogBucketName !== undefined) {
      new S3BucketLoggingA(this, "AccessLog", {
        bucket: this.bucketName,
        targetBucket: props.accessLogBucketName,
        targetPrefix: `${this.bucketName}/`,
        provider,
      });
    }
  }

  /** S3 Versioning, if it is enabled. */
  public get protections(): readonly Protection[] {
    return this.versioned ? [versioningProtection(this.bucketName, this.region, this.noncurrentDays)] : [];
  }

  /**
   * Allows an identity to read, write, delete and list the objects of this bucket, with an inline policy of its role. Granting twice
   * changes nothing.
   *
   * @param identity an identity with a role that takes policies (`IrsaIdentity`, `PodIdentity`).
   */
  public grantReadWrite(identity: IWorkloadIdentity): IGrant {
    return grantBucketReadWrite(this, this.grants, identity);
  }

  /** Grants an identity permission to set tags of the objects that it writes (`s3:PutObjectTagging`). */
  public grantTagObjects(identity: IWorkloadIdentity): IGrant {
    return grantBucketTags(this, this.tagGrants, identity);
  }

  /** Grants nothing: an identity signs URLs with its own credentials. */
  public grantSignUrls(_identity: IWorkloadIdentity): IGrant {
    return { dependables: [] };
  }

  private encrypt(): ITerraformDependable {
    const key = this.encryptionKey?.arn;
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
  private blockPublicAccess(): ITerraformDependable[] {
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

/** Reports props that S3 refuses, and records the opt-outs of secure defaults. */
function checkS3Bucket(checks: SynthChecks, props: S3BucketProps, region: string): void {
  const { bucketName, encryptionKey, accessLogBucketName, deletionPolicy } = props;
  const versioned = props.versioned ?? true;
  checks.matches("bucketName", bucketName, BUCKET_NAME.pattern, BUCKET_NAME.rule);
  checks.matches("accessLogBucketName", accessLogBucketName, BUCKET_NAME.pattern, BUCKET_NAME.rule);
  checks.check(
    "bucketName",
    bucketName,
    () => !bucketName?.includes("."),
    "must not contain dots, since the certificate of S3 does not cover the host name of such a bucket; use hyphens",
  );
  checks.check(
    "accessLogBucketName",
    accessLogBucketName,
    () => accessLogBucketName !== bucketName,
    "must be another bucket, since logging the log would never end",
  );
  checkS3Lifecycle(checks, { ...props, versioned });
  checkObjectLock(checks, props);
  checkEncryptionKey(checks, encryptionKey, region);
  if (props.encryption === S3Encryption.S3_MANAGED && encryptionKey !== undefined) {
    checks.fail("encryptionKey", encryptionKey.arn, "must not be set with S3Encryption.S3_MANAGED");
  }
  if (deletionPolicy === DeletionPolicy.SNAPSHOT) {
    checks.fail(
      "deletionPolicy",
      deletionPolicy,
      "must be retain or delete, since a bucket has no snapshots",
    );
  }
  if (deletionPolicy === DeletionPolicy.DELETE) {
    checks.optOut("deletionPolicy: the bucket is emptied and deleted when it is removed from the program");
  }
  if (!versioned) checks.optOut("versioned: overwritten and deleted objects cannot be restored");
}
