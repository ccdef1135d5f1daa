// A bucket that exists already, as `S3Bucket.fromBucketAttributes` returns it.

import type { ITerraformDependable, TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { Cloud, type IGrant, type IWorkloadIdentity } from "../../database";
import { isResolved, requireProps, SynthChecks } from "../../database/private";
import { ObjectStoreKind } from "../../storage";
import { IdentityGrants } from "../../storage/private";
import { AwsEnvironment } from "../private/aws-environment";
import { checkEncryptionKey, type IEncryptionKey } from "../secrets/encryption-key";
import { grantBucketReadWrite, grantBucketTags } from "./bucket-policies";
import { BUCKET_NAME, ENDPOINT_SUFFIXES } from "./data/s3-names";
import type { IS3Bucket } from "./s3-bucket";
import { OBJECT_LOCK_DAYS } from "./s3-object-lock";

/** Description of a bucket that exists (`S3Bucket.fromBucketAttributes`). */
export interface S3BucketAttributes {
  /**
   * Name of the bucket; may be a token.
   *
   * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
   */
  readonly bucketName: string;
  /** AWS Region; may be a token. @default - the provider's */
  readonly region?: string;
  /**
   * KMS key of the objects (SSE-KMS). @default - none: the objects are encrypted with keys that S3 manages (SSE-S3)
   *
   * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html
   */
  readonly encryptionKey?: IEncryptionKey;
  /**
   * True if versioning is enabled, which replication requires. @default false
   *
   * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/Versioning.html
   */
  readonly versioned?: boolean;
  /**
   * Default retention of S3 Object Lock, in days, 1 to 36500. @default - no lock, or not known
   *
   * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html
   */
  readonly lockDays?: number;
  /** AWS provider of the bucket's region. @default - the stack's only AWS provider */
  readonly provider?: TerraformProvider;
}

/** @internal */
export class ImportedS3Bucket extends Construct implements IS3Bucket {
  public readonly kind = ObjectStoreKind.S3;
  public readonly cloud = Cloud.AWS;
  public readonly bucketName: string;
  public readonly region: string;
  public readonly endpoint: string;
  public readonly dependables: ITerraformDependable[] = [];
  public readonly arn: string;
  public readonly encryptionKey?: IEncryptionKey;
  public readonly versioned: boolean;
  public readonly lockDays?: number;
  public readonly provider?: TerraformProvider;
  private readonly grants: IdentityGrants;
  private readonly tagGrants: IdentityGrants;

  public constructor(scope: Construct, id: string, attributes: S3BucketAttributes) {
    super(scope, id);
    requireProps(this.node.path, "S3", attributes, { bucketName: true });
    const { bucketName, provider } = attributes;
    const environment = AwsEnvironment.of(this, provider);
    const checks = new SynthChecks(this, "S3");
    checks.matches("bucketName", bucketName, BUCKET_NAME.pattern, BUCKET_NAME.rule);
    this.region = attributes.region ?? environment.lookUpRegion();
    checkEncryptionKey(checks, attributes.encryptionKey, this.region);
    this.bucketName = bucketName;
    this.provider = provider;
    this.arn = `arn:${environment.lookUpPartition()}:s3:::${bucketName}`;
    this.endpoint = s3Endpoint(this.region, environment);
    this.encryptionKey = attributes.encryptionKey;
    this.versioned = attributes.versioned ?? false;
    this.lockDays = attributes.lockDays;
    checks.wholeNumber("lockDays", attributes.lockDays, 1, OBJECT_LOCK_DAYS, "days");
    this.grants = new IdentityGrants(checks, "grantReadWrite", this.cloud);
    this.tagGrants = new IdentityGrants(checks, "grantTagObjects", this.cloud);
  }

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
}

/** Host name of S3 in a region, which may be a token. @internal */
export function s3Endpoint(region: string, environment: AwsEnvironment): string {
  const suffix = isResolved(region)
    ? ENDPOINT_SUFFIXES.find(([pattern]) => pattern.test(region))?.[1]
    : environment.lookUpDnsSuffix();
  return `s3.${region}.${suffix}`;
}
