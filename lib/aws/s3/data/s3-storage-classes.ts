// The classes in which objects can be read at once. The others (GLACIER, DEEP_ARCHIVE) have to be restored first, which no
// application here knows how to do, and ONEZONE_IA loses objects with a zone. Source: docs.aws.amazon.com "Using Amazon S3
// storage classes" and "Transitioning objects using Amazon S3 Lifecycle", read 2026-11.

/** How old an object has to be before it may change to a class, and how long it stays there at least, in days. */
export const STORAGE_CLASSES: {
  readonly [name: string]: { readonly minAgeDays: number; readonly minStayDays: number } | undefined;
} = {
  STANDARD_IA: { minAgeDays: 30, minStayDays: 30 },
  INTELLIGENT_TIERING: { minAgeDays: 0, minStayDays: 0 },
  GLACIER_IR: { minAgeDays: 0, minStayDays: 90 },
};
