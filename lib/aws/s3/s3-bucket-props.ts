import type { ITerraformDependable, TerraformProvider } from "cdktf";
import { DeletionPolicy } from "../../database";
import { isResolved, type SynthChecks } from "../../database/private";
import { checkBucketName, ObjectStoreKind } from "../../storage";
import { checkS3Lifecycle, type S3Transition } from "./s3-lifecycle";

/** Which keys encrypt the objects of a bucket. */
export enum S3Encryption {
  /** A KMS key of yours or of the bucket's own (SSE-KMS): who may use the key is decided beside who may use the bucket. */
  KMS = "kms",
  /** Keys that S3 manages (SSE-S3), without a price and without a decision of their own. */
  S3_MANAGED = "s3-managed",
}

/** Properties of an `S3Bucket`. */
export interface S3BucketProps {
  /**
   * The bucket's name, unique in all of AWS: 3 to 63 lower-case letters, digits and hyphens. Changing it replaces the bucket.
   * @default - the construct's path and a suffix that AWS's provider makes once
   */
  readonly bucketName?: string;
  /** Whether overwritten and deleted objects can be got back. @default true */
  readonly versioned?: boolean;
  /** How long a version stays that was overwritten or deleted, in days, 1 to 36500. @default 30 */
  readonly noncurrentDays?: number;
  /** After how many days an object goes, 1 to 36500. @default - never */
  readonly expireDays?: number;
  /** When objects move to cheaper storage, in order. @default - never */
  readonly transitions?: S3Transition[];
  /** Which keys encrypt the objects. @default S3Encryption.KMS */
  readonly encryption?: S3Encryption;
  /**
   * The KMS key of S3Encryption.KMS, in the bucket's region; several buckets may share one, which costs less. Its own policy
   * has to leave access to IAM, as that of `EncryptionKey` does. @default - a key of its own (see `EncryptionKey`)
   */
  readonly encryptionKeyArn?: string;
  /**
   * The bucket that gets the access log, in the same region and account; its policy has to let `logging.s3.amazonaws.com` write,
   * and it must not encrypt with KMS. @default - none
   */
  readonly accessLogBucketName?: string;
  /** What happens on destroy; the bucket is emptied with DELETE only, and there is no SNAPSHOT. @default DeletionPolicy.RETAIN */
  readonly deletionPolicy?: DeletionPolicy;
  /** Tags for all resources. @default - none but the provider's default tags */
  readonly tags?: { readonly [name: string]: string };
  /** The provider. @default - the stack's only AWS provider */
  readonly provider?: TerraformProvider;
  /** What has to exist first. @default - nothing */
  readonly dependsOn?: ITerraformDependable[];
}

/**
 * Reports what S3 refuses, and writes down what is given up.
 *
 * @internal
 */
export function checkS3Bucket(checks: SynthChecks, props: S3BucketProps, region: string): void {
  const { bucketName, encryptionKeyArn, accessLogBucketName, deletionPolicy } = props;
  const versioned = props.versioned ?? true;
  checkBucketName(checks, "bucketName", ObjectStoreKind.S3, bucketName);
  checkBucketName(checks, "accessLogBucketName", ObjectStoreKind.S3, accessLogBucketName);
  checks.check(
    "bucketName",
    bucketName,
    () => !bucketName?.includes("."),
    "a name with dots has no valid certificate at its own host; take hyphens",
  );
  checks.check(
    "accessLogBucketName",
    accessLogBucketName,
    () => accessLogBucketName !== bucketName,
    "a log of the log has no end; name another bucket",
  );
  checkS3Lifecycle(checks, { ...props, versioned });
  checks.matches(
    "encryptionKeyArn",
    encryptionKeyArn,
    /^arn:[a-z-]+:kms:[a-z0-9-]+:\d{12}:key\/[A-Za-z0-9-]+$/,
    "allowed is the ARN of a key (not of an alias), such as arn:aws:kms:eu-central-1:123456789012:key/...",
  );
  const keyRegion = isResolved([encryptionKeyArn, region]) ? encryptionKeyArn?.split(":")[3] : undefined;
  if (keyRegion !== undefined && keyRegion !== region) {
    checks.fail("encryptionKeyArn", encryptionKeyArn, `the key has to be in the bucket's region, ${region}`);
  }
  if (props.encryption === S3Encryption.S3_MANAGED && encryptionKeyArn !== undefined) {
    checks.fail("encryptionKeyArn", encryptionKeyArn, "leave it out with keys that S3 manages");
  }
  if (deletionPolicy === DeletionPolicy.SNAPSHOT) {
    checks.fail("deletionPolicy", deletionPolicy, "a bucket has no snapshots; allowed are retain and delete");
  }
  if (deletionPolicy === DeletionPolicy.DELETE) {
    checks.optOut("deletionPolicy: the bucket is emptied and deleted when it leaves the program");
  }
  if (!versioned) checks.optOut("versioned: overwritten and deleted objects are gone at once");
}
