// Tags that every service takes. Sources, read 2026-11: "Best practices and strategies" in the guide of AWS resource tags (50 tags, 128
// and 256 characters, the alphabet, the prefix aws:), RDS user guide "Tagging Amazon RDS resources" (the prefix rds:), IAM user guide "Rules
// for tagging" (keys that differ in case only are one key).

/** Limits and alphabet of tags. */
export const TAG_RULES = {
  maxTags: 50,
  maxKeyLength: 128,
  maxValueLength: 256,
  pattern: /^[\p{L}\p{N}\p{Z}_.:/=+\-@]*$/u,
  characters: "letters, digits, spaces and _ . : / = + - @",
  reservedPrefixes: ["aws:", "rds:"],
} as const;
