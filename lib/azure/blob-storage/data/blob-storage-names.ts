// Names and endpoints of Azure Blob Storage. Sources: learn.microsoft.com "Naming rules and restrictions for Azure resources",
// "Compare Azure Government and global Azure" and "Azure China developer guide"; read 2026-11.

import type { NameRule } from "../../../database/private";

/** Names of blob containers. */
export const CONTAINER_NAME: NameRule = {
  pattern: /^(?!.*--)[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/,
  rule: "must be 3 to 63 lower-case letters, digits and single hyphens, with no hyphen first or last",
};

/** Names of storage accounts. */
export const ACCOUNT_NAME: NameRule = {
  pattern: /^[a-z0-9]{3,24}$/,
  rule: "must be 3 to 24 lower-case letters and digits, globally unique",
};

/** Suffixes of the endpoint after `<account>.`, by the prefix of the region; the first match counts. */
export const ENDPOINT_SUFFIXES: readonly (readonly [region: RegExp, suffix: string])[] = [
  [/^china/, "blob.core.chinacloudapi.cn"],
  [/^usgov|^usdod/, "blob.core.usgovcloudapi.net"],
  [/^/, "blob.core.windows.net"],
];
