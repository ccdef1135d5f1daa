// Names and endpoints of Amazon S3. Sources: docs.aws.amazon.com "General purpose bucket naming rules" and "Amazon S3 endpoints and
// quotas", botocore's partitions.json; read 2026-11.

import type { NameRule } from "../../../database/private";

/** Names of general purpose buckets. */
export const BUCKET_NAME: NameRule = {
  pattern:
    /^(?!xn--|sthree-|amzn-s3-demo-)(?!.*(-s3alias|--ol-s3|\.mrap|--x-s3|--table-s3)$)(?!(\d{1,3}\.){3}\d{1,3}$)(?!.*\.\.)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
  rule: "must be 3 to 63 lower-case letters, digits, hyphens and dots, with a letter or digit first and last, not an IP address, and without the prefixes and suffixes that S3 reserves",
};

/** Suffixes of the endpoint after `s3.<region>.`, by the prefix of the region; the first match counts. */
export const ENDPOINT_SUFFIXES: readonly (readonly [region: RegExp, suffix: string])[] = [
  [/^cn-/, "amazonaws.com.cn"],
  [/^us-iso-/, "c2s.ic.gov"],
  [/^us-isob-/, "sc2s.sgov.gov"],
  [/^us-isof-/, "csp.hci.ic.gov"],
  [/^eu-isoe-/, "cloud.adc-e.uk"],
  [/^eusc-/, "amazonaws.eu"],
  [/^/, "amazonaws.com"],
];
