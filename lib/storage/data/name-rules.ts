// What stores may be called. Sources: docs.aws.amazon.com "General purpose bucket naming rules"; cloud.google.com/storage
// "Bucket names"; learn.microsoft.com "Naming rules and restrictions for Azure resources"; read 2026-11.

/** A pattern and what it means in words. */
export interface NameRule {
  readonly pattern: RegExp;
  readonly rule: string;
}

/** By `ObjectStoreKind`: what the cloud takes. */
export const BUCKET_NAME: { readonly [kind: string]: NameRule } = {
  s3: {
    pattern:
      /^(?!xn--|sthree-|amzn-s3-demo-)(?!.*(-s3alias|--ol-s3|\.mrap|--x-s3|--table-s3)$)(?!(\d{1,3}\.){3}\d{1,3}$)(?!.*\.\.)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
    rule: "allowed are 3 to 63 lower-case letters, digits, hyphens and dots, with a letter or digit first and last, no address, and without the prefixes and suffixes that S3 keeps for itself",
  },
  gcs: {
    pattern:
      /^(?!goog)(?!.*(google|g00gle))(?=[^.]{3,63}$|[^.]{1,63}(\.[^.]{1,63})+$)[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]$/,
    rule: "allowed are 3 to 63 lower-case letters, digits, hyphens and underscores, with a letter or digit first and last and without the word google",
  },
  "azure-blob": {
    pattern: /^(?!.*--)[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/,
    rule: "allowed are 3 to 63 lower-case letters, digits and single hyphens, with no hyphen first or last",
  },
};

/** The name of an Azure storage account. */
export const ACCOUNT_NAME: NameRule = {
  pattern: /^[a-z0-9]{3,24}$/,
  rule: "allowed are 3 to 24 lower-case letters and digits; unique in all of Azure",
};
