// S3 Object Lock: the default retention of a bucket, and its checks.

import { S3BucketObjectLockConfigurationA } from "@cdktf/provider-aws/lib/s3-bucket-object-lock-configuration";
import type { ITerraformDependable } from "cdktf";
import { DeletionPolicy } from "../../database";
import type { SynthChecks } from "../../database/private";
import type { S3Bucket, S3BucketProps } from "./s3-bucket";

/** Longest default retention, in days. @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_DefaultRetention.html @internal */
export const OBJECT_LOCK_DAYS = 36_500;

/**
 * Retention mode of S3 Object Lock.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html#object-lock-retention-modes
 */
export enum S3ObjectLockMode {
  /** Identities with `s3:BypassGovernanceRetention` can delete locked versions, and shorten or remove their retention. */
  GOVERNANCE = "GOVERNANCE",
  /** No identity can delete locked versions or shorten their retention, the root user included. */
  COMPLIANCE = "COMPLIANCE",
}

/**
 * The lock of a bucket. S3 enables it on existing buckets too, so that `object_lock_enabled` of the bucket, which would replace it, is not
 * set.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock-configure.html#object-lock-configure-existing-bucket
 * @internal
 */
export function objectLock(
  bucket: S3Bucket,
  days: number,
  mode: S3ObjectLockMode | undefined,
  versioning: ITerraformDependable,
): S3BucketObjectLockConfigurationA {
  return new S3BucketObjectLockConfigurationA(bucket, "ObjectLock", {
    bucket: bucket.bucketName,
    rule: { defaultRetention: { mode: mode ?? S3ObjectLockMode.GOVERNANCE, days } },
    provider: bucket.provider,
    // S3 refuses a lock until versioning is enabled.
    dependsOn: [versioning],
  });
}

/** @internal */
export function checkObjectLock(checks: SynthChecks, props: S3BucketProps): void {
  const { lockDays, lockMode } = props;
  if (lockDays === undefined) {
    checks.check("lockMode", lockMode, () => false, "must be left out without lockDays, or set lockDays");
    return;
  }
  checks.wholeNumber("lockDays", lockDays, 1, OBJECT_LOCK_DAYS, "days");
  if (props.versioned === false) {
    checks.fail("versioned", false, "must be true with lockDays, since S3 locks versions of objects");
  }
  if (lockMode !== S3ObjectLockMode.COMPLIANCE) return;
  if (props.deletionPolicy === DeletionPolicy.DELETE) {
    checks.fail(
      "deletionPolicy",
      props.deletionPolicy,
      "must be retain in compliance mode, since no identity can empty the bucket before the locks end",
    );
  }
  checks.note(
    "lockMode: no identity can delete objects before the lock ends, the root user included",
    "lockMode",
  );
}
