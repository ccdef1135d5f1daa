// Endpoints of object storage, by the prefix of the region's name. Sources: docs.aws.amazon.com "Amazon S3
// endpoints and quotas" and botocore's partitions.json; learn.microsoft.com "Compare Azure Government and global Azure" and
// "Azure China developer guide"; cloud.google.com/storage "Request endpoints"; read 2026-11.

/** Suffixes after `s3.<region>.`; the first match counts. */
export const S3_SUFFIXES: readonly (readonly [region: RegExp, suffix: string])[] = [
  [/^cn-/, "amazonaws.com.cn"],
  [/^us-iso-/, "c2s.ic.gov"],
  [/^us-isob-/, "sc2s.sgov.gov"],
  [/^us-isof-/, "csp.hci.ic.gov"],
  [/^eu-isoe-/, "cloud.adc-e.uk"],
  [/^eusc-/, "amazonaws.eu"],
  [/^/, "amazonaws.com"],
];

/** Suffixes after `<account>.`; the first match counts. */
export const AZURE_BLOB_SUFFIXES: readonly (readonly [region: RegExp, suffix: string])[] = [
  [/^china/, "blob.core.chinacloudapi.cn"],
  [/^usgov|^usdod/, "blob.core.usgovcloudapi.net"],
  [/^/, "blob.core.windows.net"],
];

/** Endpoint of Cloud Storage, for all locations. */
export const GCS_HOST = "storage.googleapis.com";
