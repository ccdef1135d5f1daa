// Storage classes with access in milliseconds. In the others (GLACIER, DEEP_ARCHIVE) objects have to be restored first, which no
// application here does, and ONEZONE_IA loses objects with an Availability Zone. Source: docs.aws.amazon.com "Using Amazon S3
// storage classes" and "Transitioning objects using Amazon S3 Lifecycle", read 2026-11.

/** Minimum age of an object for the transition to a storage class, and minimum storage duration there, in days. */
export const STORAGE_CLASSES: {
  readonly [name: string]: { readonly minAgeDays: number; readonly minStayDays: number } | undefined;
} = {
  STANDARD_IA: { minAgeDays: 30, minStayDays: 30 },
  INTELLIGENT_TIERING: { minAgeDays: 0, minStayDays: 0 },
  GLACIER_IR: { minAgeDays: 0, minStayDays: 90 },
};
