// Naming rules of object stores. Sources: docs.aws.amazon.com "General purpose bucket naming rules"; cloud.google.com/storage
// "Bucket names"; learn.microsoft.com "Naming rules and restrictions for Azure resources"; read 2026-11.

/** A pattern, and the rule in words. */
export interface StoreNameRule {
  readonly pattern: RegExp;
  readonly rule: `must ${string}`;
}

/** Rules of bucket and container names, by `ObjectStoreKind`. */
export const BUCKET_NAME: { readonly [kind: string]: StoreNameRule } = {
  s3: {
    pattern:
      /^(?!xn--|sthree-|amzn-s3-demo-)(?!.*(-s3alias|--ol-s3|\.mrap|--x-s3|--table-s3)$)(?!(\d{1,3}\.){3}\d{1,3}$)(?!.*\.\.)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
    rule: "must be 3 to 63 lower-case letters, digits, hyphens and dots, with a letter or digit first and last, not an IP address, and without the prefixes and suffixes that S3 reserves",
  },
  gcs: {
    pattern:
      /^(?!goog)(?!.*(google|g00gle))(?=[^.]{3,63}$|[^.]{1,63}(\.[^.]{1,63})+$)[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]$/,
    rule: "must be 3 to 63 lower-case letters, digits, hyphens and underscores, with a letter or digit first and last and without the word google",
  },
  "azure-blob": {
    pattern: /^(?!.*--)[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/,
    rule: "must be 3 to 63 lower-case letters, digits and single hyphens, with no hyphen first or last",
  },
};

/** Rule of Azure storage account names. */
export const ACCOUNT_NAME: StoreNameRule = {
  pattern: /^[a-z0-9]{3,24}$/,
  rule: "must be 3 to 24 lower-case letters and digits, globally unique",
};
