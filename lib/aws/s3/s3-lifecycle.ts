// When objects of a bucket move to cheaper storage and when they go.

import type { S3BucketLifecycleConfigurationRule } from "@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration";
import { isResolved, type SynthChecks } from "../../database/private";
import { STORAGE_CLASSES } from "./data/s3-storage-classes";

/** The classes of S3 storage from which objects are read at once, from any zone. */
export enum S3StorageClass {
  /** Cheaper to keep and dearer to read; for objects of 30 days or older. */
  STANDARD_IA = "STANDARD_IA",
  /** S3 moves each object by how often it is read. */
  INTELLIGENT_TIERING = "INTELLIGENT_TIERING",
  /** The cheapest to keep and the dearest to read; 90 days are paid for at least. */
  GLACIER_IR = "GLACIER_IR",
}

/** A change of storage class. */
export interface S3Transition {
  /** The class. */
  readonly storageClass: S3StorageClass;
  /** After how many days, counted from the object's making, 0 or more. */
  readonly afterDays: number;
}

/** What decides over the life of objects. @internal */
export interface S3LifecycleProps {
  readonly versioned: boolean;
  readonly noncurrentDays?: number;
  readonly expireDays?: number;
  readonly transitions?: S3Transition[];
}

/** Every object. A block without an argument is not written by every version of CDKTF, and means the same. */
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
    // Parts of an upload that nobody finished are paid for and seen by nobody.
    rule("interrupted-uploads", { abortIncompleteMultipartUpload: [{ daysAfterInitiation: 7 }] }),
  ];
  if (versioned) {
    rules.push(
      rule("old-versions", {
        noncurrentVersionExpiration: [{ noncurrentDays: props.noncurrentDays ?? 30 }],
        // A marker of a deletion whose versions are all gone slows listing down. It can't stand beside `days`.
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
    checks.fail("noncurrentDays", noncurrentDays, "a bucket that is not versioned keeps no old versions");
  }
  let before: { readonly storageClass: string; readonly until: number } | undefined;
  for (const { storageClass, afterDays } of transitions) {
    const property = `transitions, ${storageClass}, afterDays`;
    const facts = STORAGE_CLASSES[storageClass];
    if (!facts) {
      checks.fail("transitions", storageClass, `allowed are ${Object.keys(STORAGE_CLASSES).join(", ")}`);
      continue;
    }
    checks.wholeNumber(property, afterDays, facts.minAgeDays, 36_500, "days");
    if (!isResolved(afterDays)) continue;
    if (before && afterDays < before.until) {
      checks.fail(
        property,
        afterDays,
        `objects are in ${before.storageClass} until day ${before.until} at least; name the transitions in order`,
      );
    }
    checks.check(
      "expireDays",
      expireDays,
      () => (expireDays as number) > afterDays,
      `it has to be after the change to ${storageClass} on day ${afterDays}`,
    );
    before = { storageClass, until: afterDays + Math.max(1, facts.minStayDays) };
  }
}
