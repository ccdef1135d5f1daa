// Read 2026-11. Objects that nothing can delete for a time: S3 Object Lock, immutability policies of Azure Blob Storage. The retention policy of a
// Google Cloud bucket is an argument of the bucket. aws 5.100.0 (bucket_object_lock_configuration.go), azurerm 4.55.0
// (storage_container_immutability_policy_resource.go, storage_account_resource.go).

import {
  type Change,
  changed,
  disabled,
  either,
  enabled,
  except,
  from,
  grows,
  removed,
  set,
  shrinks,
  to,
} from "../../../rules/changes";
import { type Rule, rulesOf } from "../../../rules/rule";

const S3 = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html";
const AZURE = "https://learn.microsoft.com/azure/storage/blobs/";
const CONTAINER_SCOPE = `${AZURE}immutable-container-level-worm-policies`;
const AZURERM = "https://github.com/hashicorp/terraform-provider-azurerm/blob/v4.55.0/";
const lock = rulesOf("aws_s3_bucket_object_lock_configuration", S3);
const container = rulesOf("azurerm_storage_container_immutability_policy", CONTAINER_SCOPE);
const account = rulesOf("azurerm_storage_account", `${AZURE}immutable-version-level-worm-policies`);
const PERIOD = ["rule.default_retention.days", "rule.default_retention.years"];
const ACCOUNT_PERIOD = "immutability_policy.period_since_creation_in_days";
// The provider writes 0 for the unit that is not used.
const isPeriod = (value: unknown): value is number => typeof value === "number" && value > 0;
const shorter: Change = {
  name: "shrinks",
  matches: (before, after) => isPeriod(before) && isPeriod(after) && after < before,
};
const longer: Change = {
  name: "grows",
  matches: (before, after) => isPeriod(before) && isPeriod(after) && after > before,
};
const otherUnit: Change = {
  name: "is given in the other unit",
  matches: (before, after) => isPeriod(before) && !isPeriod(after),
};
const STAYS = "Versions that are there keep the lock they got.";

/** Object Lock and immutability policies. */
export const OBJECT_LOCK_RULES: readonly Rule[] = [
  lock.on(PERIOD, shorter, {
    id: "S3-LOCK-SHORTER",
    effects: ["weaker"],
    words: `Object versions that are written from now on are locked for a shorter time by default. ${STAYS}`,
  }),
  lock.on(PERIOD, longer, {
    id: "S3-LOCK-LONGER",
    effects: ["cost"],
    words: `Object versions that are written from now on are locked longer by default: a lifecycle rule deletes them only after that. ${STAYS}`,
  }),
  lock.on(PERIOD, otherUnit, {
    id: "S3-LOCK-UNIT",
    where: { "rule.default_retention.mode": ["COMPLIANCE", "GOVERNANCE"] },
    effects: ["weaker"],
    certainty: "likely",
    words: `The default retention period is given in another unit: if it is shorter than before, object versions that are written from now on are locked for a shorter time. ${STAYS}`,
    next: "Compare the days with the years.",
  }),
  lock.on("rule.default_retention.mode", from("COMPLIANCE").to("GOVERNANCE"), {
    id: "S3-LOCK-GOVERNANCE",
    effects: ["weaker"],
    words: `Object versions that are written from now on can be deleted within their retention period by identities with s3:BypassGovernanceRetention. ${STAYS}`,
  }),
  lock.on("rule.default_retention.mode", except(to("COMPLIANCE"), set), {
    id: "S3-LOCK-COMPLIANCE",
    effects: ["irreversible"],
    words:
      "Nothing, not even the root user, deletes an object version that is written from now on before its retention period ends.",
  }),
  lock.on("rule", set, {
    id: "S3-LOCK-ON",
    effects: ["cost"],
    words:
      "Object versions that are written from now on are locked by default: a lifecycle rule deletes them only after the retention period.",
  }),
  lock.on("rule", removed, {
    id: "S3-LOCK-OFF",
    effects: ["weaker"],
    words: `Object versions that are written from now on have no default retention: whatever has s3:DeleteObjectVersion deletes them. ${STAYS}`,
  }),
  lock.when(["destroy", "replace"], {
    id: "S3-LOCK-REMOVED",
    effects: ["weaker"],
    words: `The provider removes the default retention and leaves Object Lock enabled: object versions that are written from now on can be deleted. ${STAYS}`,
    source:
      "https://github.com/hashicorp/terraform-provider-aws/blob/v5.100.0/internal/service/s3/bucket_object_lock_configuration.go",
  }),
  container.on("immutability_period_in_days", shrinks, {
    id: "AZIMMUTABLE-SHORTER",
    whereBefore: { locked: [false, null] },
    effects: ["weaker"],
    words: "Blobs in the container, also those that are there, can be deleted and overwritten earlier.",
  }),
  container.on("immutability_period_in_days", shrinks, {
    id: "AZIMMUTABLE-SHORTER-REFUSED",
    whereBefore: { locked: true },
    effects: ["failure"],
    words: "The policy is locked, and Azure refuses a shorter interval.",
  }),
  container.on("immutability_period_in_days", grows, {
    id: "AZIMMUTABLE-LONGER",
    effects: ["cost"],
    words: "Blobs in the container, also those that are there, cannot be deleted or overwritten for longer.",
  }),
  container.on("locked", enabled, {
    id: "AZIMMUTABLE-LOCKED",
    effects: ["irreversible"],
    words:
      "The policy is locked for good: the interval can only be extended, five times at most, and neither the container nor its storage account can be deleted while it has blobs.",
  }),
  container.on(["protected_append_writes_enabled", "protected_append_writes_all_enabled"], changed, {
    id: "AZIMMUTABLE-APPEND",
    effects: [],
    words:
      "Blocks can, or can no longer, be added to protected append blobs; what is written stays protected.",
  }),
  container.when(["destroy", "replace"], {
    id: "AZIMMUTABLE-REMOVED",
    where: { locked: [false, null] },
    effects: ["weaker"],
    words: "Blobs in the container can be deleted and overwritten from now on.",
  }),
  container.when(["destroy", "replace"], {
    id: "AZIMMUTABLE-REMOVAL-REFUSED",
    where: { locked: true },
    effects: ["failure"],
    words: "The policy is locked, and Azure refuses to delete it.",
  }),
  account.on("immutability_policy.state", to("Disabled"), {
    id: "AZSTORAGE-IMMUTABLE-OFF",
    effects: ["weaker"],
    words:
      "Blob versions that have no policy for themselves or their container can be deleted and overwritten from now on.",
  }),
  account.on("immutability_policy.state", from("Disabled").to("Unlocked"), {
    id: "AZSTORAGE-IMMUTABLE-ON",
    effects: ["cost"],
    words:
      "Blob versions without another policy cannot be deleted or overwritten within the period; lifecycle rules wait for it.",
  }),
  account.on("immutability_policy.state", to("Locked"), {
    id: "AZSTORAGE-IMMUTABLE-LOCKED",
    effects: ["irreversible"],
    words: "The policy of the account is locked for good: from now on its period can only grow.",
    source: `${AZURERM}website/docs/r/storage_account.html.markdown`,
  }),
  account.on(ACCOUNT_PERIOD, shrinks, {
    id: "AZSTORAGE-IMMUTABLE-SHORTER",
    effects: ["weaker"],
    words: "Blob versions without another policy can be deleted and overwritten earlier.",
  }),
  account.on(ACCOUNT_PERIOD, grows, {
    id: "AZSTORAGE-IMMUTABLE-LONGER",
    effects: ["cost"],
    words: "Blob versions without another policy cannot be deleted or overwritten for longer.",
  }),
  account.on("immutability_policy.allow_protected_append_writes", either(enabled, disabled), {
    id: "AZSTORAGE-IMMUTABLE-APPEND",
    effects: [],
    words:
      "Blocks can, or can no longer, be added to protected append blobs; what is written stays protected.",
  }),
];
