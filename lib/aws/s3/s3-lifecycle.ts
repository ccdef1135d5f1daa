// The lifecycle configuration of a bucket: transitions to other storage classes, and expiration.

import type { S3BucketLifecycleConfigurationRule } from "@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration";
import { isResolved, type SynthChecks } from "../../database/private";
import { STORAGE_CLASSES } from "./data/s3-storage-classes";

/** Days after which noncurrent versions expire by default. @internal */
export const DEFAULT_NONCURRENT_DAYS = 30;

/**
 * Storage classes of S3 with access in milliseconds that store objects in several Availability Zones.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/storage-class-intro.html
 */
export enum S3StorageClass {
  /** S3 Standard-IA: lower storage price, with a retrieval fee; for objects of 30 days or older. */
  STANDARD_IA = "STANDARD_IA",
  /** S3 Intelligent-Tiering: S3 moves each object between access tiers by how often it is read. */
  INTELLIGENT_TIERING = "INTELLIGENT_TIERING",
  /** S3 Glacier Instant Retrieval: lowest storage price, highest retrieval fee; minimum storage duration of 90 days. */
  GLACIER_IR = "GLACIER_IR",
}

/**
 * A transition to another storage class.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-transition-general-considerations.html
 */
export interface S3Transition {
  /** Storage class. */
  readonly storageClass: S3StorageClass;
  /** Days after the creation of the object, 0 or more. */
  readonly afterDays: number;
}

/** @internal */
export interface S3LifecycleProps {
  readonly versioned: boolean;
  readonly noncurrentDays?: number;
  readonly expireDays?: number;
  readonly transitions?: S3Transition[];
}

/** Every object. A block without arguments would mean the same, but not every version of CDKTF writes it. */
const ALL = [{ prefix: "" }];

/** @internal */
export function s3LifecycleRules(props: S3LifecycleProps): S3BucketLifecycleConfigurationRule[] {
  const { versioned, expireDays, transitions = [] } = props;
  const rule = (id: string, what: Partial<S3BucketLifecycleConfigurationRule>) => ({
    id,
    status: "Enabled",
    filter: ALL,
    ...what,
  });
  const rules: S3BucketLifecycleConfigurationRule[] = [
    // Parts of incomplete multipart uploads cost storage and are not listed among the objects.
    rule("interrupted-uploads", { abortIncompleteMultipartUpload: [{ daysAfterInitiation: 7 }] }),
  ];
  if (versioned) {
    rules.push(
      rule("old-versions", {
        noncurrentVersionExpiration: [{ noncurrentDays: props.noncurrentDays ?? DEFAULT_NONCURRENT_DAYS }],
        // A delete marker without versions slows listing down. S3 refuses this together with `days`.
        expiration: expireDays === undefined ? [{ expiredObjectDeleteMarker: true }] : undefined,
      }),
    );
  }
  if (expireDays !== undefined) rules.push(rule("expire", { expiration: [{ days: expireDays }] }));
  if (transitions.length > 0) {
    rules.push(
      rule("cheaper-storage", {
        transition: transitions.map(({ storageClass, afterDays }) => ({ storageClass, days: afterDays })),
      }),
    );
  }
  return rules;
}

/** @internal */
export function checkS3Lifecycle(checks: SynthChecks, props: S3LifecycleProps): void {
  const { versioned, noncurrentDays, expireDays, transitions = [] } = props;
  checks.wholeNumber("noncurrentDays", noncurrentDays, 1, 36_500, "days");
  checks.wholeNumber("expireDays", expireDays, 1, 36_500, "days");
  if (!versioned && noncurrentDays !== undefined) {
    checks.fail(
      "noncurrentDays",
      noncurrentDays,
      "must not be set when versioned is false: the bucket has no noncurrent versions",
    );
  }
  let before: { readonly storageClass: string; readonly until: number } | undefined;
  for (const { storageClass, afterDays } of transitions) {
    const property = `transitions, ${storageClass}, afterDays`;
    const facts = STORAGE_CLASSES[storageClass];
    if (!facts) {
      checks.fail("transitions", storageClass, `must be one of ${Object.keys(STORAGE_CLASSES).join(", ")}`);
      continue;
    }
    checks.wholeNumber(property, afterDays, facts.minAgeDays, 36_500, "days");
    if (!isResolved(afterDays)) continue;
    if (before && afterDays < before.until) {
      checks.fail(
        property,
        afterDays,
        `must be ${before.until} or later, since objects stay in ${before.storageClass} until then; give the transitions in order`,
      );
    }
    checks.check(
      "expireDays",
      expireDays,
      () => (expireDays as number) > afterDays,
      `must be later than the transition to ${storageClass} on day ${afterDays}`,
    );
    before = { storageClass, until: afterDays + Math.max(1, facts.minStayDays) };
  }
}
