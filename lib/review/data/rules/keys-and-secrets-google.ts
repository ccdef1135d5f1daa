// Read 2026-11. Cloud KMS keys and secrets in Secret Manager. Pages of the google provider 6.50.0, docs of Cloud KMS and Secret Manager.

import { changed, disabled, either, enabled, removed, set, to } from "../../rules/changes";
import { type Rule, rulesOf } from "../../rules/rule";

const PROVIDER = "https://github.com/hashicorp/terraform-provider-google/blob/v6.50.0/website/docs/r/";
const KMS = "https://cloud.google.com/kms/docs/";
const SECRETS = "https://cloud.google.com/secret-manager/docs/";
const key = rulesOf("google_kms_crypto_key", `${PROVIDER}kms_crypto_key.html.markdown`);
const ring = rulesOf("google_kms_key_ring", `${PROVIDER}kms_key_ring.html.markdown`);
const version = rulesOf("google_kms_crypto_key_version", `${KMS}destroy-restore`);
const member = rulesOf(
  ["google_kms_crypto_key_iam_member", "google_kms_crypto_key_iam_binding"],
  "https://cloud.google.com/sql/docs/postgres/cmek",
);
const secret = rulesOf("google_secret_manager_secret", `${PROVIDER}secret_manager_secret.html.markdown`);
const value = rulesOf("google_secret_manager_secret_version", `${SECRETS}add-secret-version`);

/** Cloud KMS keys and secrets in Secret Manager. */
export const KEYS_GOOGLE_RULES: readonly Rule[] = [
  key.when(["destroy", "replace"], {
    id: "GKMS-KEY-DESTROYED",
    effects: ["data-loss", "outage", "backup-loss", "irreversible"],
    words:
      "All versions of the key are destroyed (after destroy_scheduled_duration); the key stays in the project and is useless. All that is encrypted under it is lost: databases, backups, objects.",
    next: "Within destroy_scheduled_duration: gcloud kms keys versions restore, then enable.",
  }),
  key.on("rotation_period", either(removed, changed), {
    id: "GKMS-ROTATION",
    effects: ["weaker"],
    certainty: "likely",
    words: "The key is rotated at another interval, or no longer.",
    source: `${KMS}key-rotation`,
  }),
  key.harmless(
    "GKMS-HARMLESS",
    [
      "labels",
      "effective_labels",
      "terraform_labels",
      "version_template",
      "timeouts",
      "skip_initial_version_creation",
    ],
    "No effect on encrypted data.",
  ),
  ring.when(["destroy", "replace"], {
    id: "GKMS-RING-FORGOTTEN",
    effects: ["weaker"],
    words:
      "Key rings cannot be deleted: Terraform forgets it. A new one of the same name and location cannot be created.",
  }),
  version.when(["destroy", "replace"], {
    id: "GKMS-VERSION-DESTROYED",
    effects: ["data-loss", "outage"],
    words: "The key version is destroyed after a waiting period; what is encrypted under it is lost.",
  }),
  version.on("state", to("DISABLED"), {
    id: "GKMS-VERSION-DISABLED",
    effects: ["outage"],
    words:
      "What is encrypted under this version cannot be read until it is enabled again; Cloud SQL suspends instances under it.",
    source: "https://cloud.google.com/sql/docs/postgres/cmek",
  }),
  version.on("state", to("ENABLED"), {
    id: "GKMS-VERSION-ENABLED",
    effects: [],
    words: "The key version works again.",
  }),
  member.when(["destroy", "replace"], {
    id: "GKMS-MEMBER-REMOVED",
    effects: ["outage"],
    words:
      "The principal loses this role on the key, or is without it until the new one is created. Without the role of its service agent, Cloud SQL suspends the instances under the key.",
    certainty: "likely",
  }),
  secret.when(["destroy", "replace"], {
    id: "GSECRET-DELETED",
    effects: ["data-loss", "outage", "irreversible"],
    words: "Secret Manager deletes the secret with all versions at once.",
    next: "Save the value first if it is nowhere else.",
    source: `${SECRETS}delete-secret`,
  }),
  secret.on(["ttl", "expire_time"], either(set, changed), {
    id: "GSECRET-EXPIRES",
    effects: ["data-loss"],
    when: "later",
    words: "Secret Manager deletes the secret at this time.",
  }),
  secret.on("version_destroy_ttl", either(removed, changed), {
    id: "GSECRET-DESTROY-DELAY",
    effects: ["weaker"],
    certainty: "likely",
    words: "A destroyed version can be restored for a shorter time, or not at all.",
  }),
  secret.on("deletion_protection", disabled, {
    id: "GSECRET-DELETION-PROTECTION-OFF",
    effects: ["weaker"],
    when: "next destroy",
    words: "The next apply that destroys or replaces the secret deletes it.",
  }),
  secret.on("deletion_protection", enabled, {
    id: "GSECRET-DELETION-PROTECTION-ON",
    effects: [],
    words: "Terraform does not destroy the secret.",
  }),
  secret.harmless(
    "GSECRET-HARMLESS",
    [
      "labels",
      "effective_labels",
      "terraform_labels",
      "annotations",
      "effective_annotations",
      "rotation",
      "topics",
      "version_aliases",
      "timeouts",
    ],
    "No effect on the value.",
  ),
  value.when("replace", {
    id: "GSECRET-VALUE",
    effects: ["outage"],
    words:
      "Another value: what reads it at start keeps the old one until it is restarted; the server and its clients must change together.",
    next: "Restart the pods that use it, after the server has the new password.",
  }),
  value.on("enabled", disabled, {
    id: "GSECRET-VALUE-DISABLED",
    effects: ["outage"],
    words: "This version cannot be read until it is enabled again.",
  }),
  value.when("destroy", {
    id: "GSECRET-VALUE-DESTROYED",
    where: { deletion_policy: ["DELETE", null] },
    effects: ["data-loss"],
    words: "This version of the secret is destroyed for good.",
  }),
];
