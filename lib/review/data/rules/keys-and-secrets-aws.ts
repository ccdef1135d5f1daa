// Read 2026-11. KMS keys and secrets in Secrets Manager. AWS KMS and Secrets Manager API references; replacements were planned by the aws
// provider 5.100.0.

import { changed, disabled, either, enabled, from, grows, shrinks } from "../../rules/changes";
import { opensPolicy } from "../../rules/policies";
import { type Rule, rulesOf } from "../../rules/rule";

const KMS = "https://docs.aws.amazon.com/kms/latest/APIReference/";
const SECRETS = "https://docs.aws.amazon.com/secretsmanager/latest/apireference/";
const RDS = "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.Encryption.Keys.html";
const key = rulesOf(
  ["aws_kms_key", "aws_kms_replica_key", "aws_kms_external_key"],
  `${KMS}API_ScheduleKeyDeletion.html`,
);
const keyPolicy = rulesOf(["aws_kms_key", "aws_kms_replica_key", "aws_kms_key_policy"], RDS);
const grant = rulesOf("aws_kms_grant", RDS);
const alias = rulesOf("aws_kms_alias", `${KMS}API_UpdateAlias.html`);
const secret = rulesOf("aws_secretsmanager_secret", `${SECRETS}API_DeleteSecret.html`);
const value = rulesOf("aws_secretsmanager_secret_version", `${SECRETS}API_PutSecretValue.html`);

/** Recovery windows of Secrets Manager, in days; 30 if not set. */
const RECOVERABLE = [null, ...Array.from({ length: 24 }, (_, index) => 7 + index)];

/** KMS keys and secrets in Secrets Manager. */
export const KEYS_AWS_RULES: readonly Rule[] = [
  key.when(["destroy", "replace"], {
    id: "KMS-KEY-DELETED",
    effects: ["data-loss", "outage", "backup-loss"],
    words:
      "The key is disabled at once and deleted after the waiting period of 7 to 30 days. All that is encrypted under it is then lost: databases, snapshots, objects, secrets, copies.",
    next: "Within the waiting period: aws kms cancel-key-deletion, then enable-key. A server that lost its key has to be restored.",
  }),
  key.on(["is_enabled", "enabled"], either(disabled, from(undefined).to(false)), {
    id: "KMS-KEY-DISABLED",
    effects: ["data-loss", "outage"],
    words:
      "Nothing can be encrypted or decrypted under the key. An RDS instance that loses its key stops (inaccessible-encryption-credentials); if the key does not return in time, only a restore from a backup brings it back.",
    next: "Find all that is encrypted under the key before the apply.",
    source: RDS,
  }),
  keyPolicy.on("policy", opensPolicy, {
    id: "KMS-POLICY-PUBLIC",
    actions: ["create", "update"],
    effects: ["exposure"],
    words: 'The key policy allows an action to every principal (Principal "*") without a condition.',
  }),
  keyPolicy.on("policy", changed, {
    id: "KMS-POLICY",
    effects: ["outage"],
    certainty: "likely",
    words:
      "Other principals or services may use the key: if RDS or an application loses its right, the database stops or secrets and objects cannot be read.",
    next: "Compare the statements for RDS, Secrets Manager, S3 and the applications.",
  }),
  key.on("deletion_window_in_days", shrinks, {
    id: "KMS-WINDOW-SHORTER",
    effects: ["weaker"],
    when: "next destroy",
    words: "A deletion by mistake can be cancelled for a shorter time.",
  }),
  key.on("deletion_window_in_days", grows, {
    id: "KMS-WINDOW-LONGER",
    effects: [],
    words: "A deletion by mistake can be cancelled for longer.",
  }),
  key.on("enable_key_rotation", disabled, {
    id: "KMS-ROTATION-OFF",
    effects: ["weaker"],
    words: "The key material is no longer rotated.",
    source: `${KMS}API_DisableKeyRotation.html`,
  }),
  key.on(["enable_key_rotation", "is_enabled", "enabled"], enabled, {
    id: "KMS-KEY-ENABLED",
    effects: [],
    words: "The key works, with rotation of its material if that is on; old data stays readable.",
  }),
  key.harmless(
    "KMS-HARMLESS",
    [
      "description",
      "rotation_period_in_days",
      "tags",
      "tags_all",
      "timeouts",
      "bypass_policy_lockout_safety_check",
    ],
    "No effect on encrypted data.",
  ),
  grant.when(["destroy", "replace"], {
    id: "KMS-GRANT-REVOKED",
    effects: ["outage"],
    words: "The principal loses its right to use the key, or is without it until the new grant is created.",
  }),
  alias.when(["destroy", "replace"], {
    id: "KMS-ALIAS-DELETED",
    effects: ["outage"],
    words: "Clients that name the key by this alias fail. The key and encrypted data stay.",
    source: `${KMS}API_DeleteAlias.html`,
  }),
  alias.on("target_key_id", changed, {
    id: "KMS-ALIAS-MOVED",
    effects: ["outage"],
    when: "later",
    certainty: "likely",
    words:
      "Clients that name the key by this alias encrypt with another key; what is there stays under the old one, which has to stay.",
  }),
  secret.when(["destroy", "replace"], {
    id: "SECRET-DELETED-AT-ONCE",
    where: { recovery_window_in_days: 0 },
    effects: ["data-loss", "outage", "irreversible"],
    words: "Secrets Manager deletes the secret at once: recovery_window_in_days is 0 in the state.",
    next: "Save the value first if it is nowhere else.",
  }),
  secret.when(["destroy", "replace"], {
    id: "SECRET-DELETED",
    where: { recovery_window_in_days: RECOVERABLE },
    effects: ["data-loss", "outage"],
    words:
      "Nothing can read the secret any more; it can be restored until its recovery window ends. A new secret cannot have the name before that.",
    next: "aws secretsmanager restore-secret within the recovery window.",
  }),
  secret.on("recovery_window_in_days", shrinks, {
    id: "SECRET-WINDOW-SHORTER",
    effects: ["weaker"],
    when: "next destroy",
    words: "A deletion by mistake can be undone for a shorter time; 0 deletes at once.",
  }),
  secret.on("recovery_window_in_days", grows, {
    id: "SECRET-WINDOW-LONGER",
    effects: [],
    words: "A deletion by mistake can be undone for longer.",
  }),
  secret.on("kms_key_id", changed, {
    id: "SECRET-KEY",
    effects: ["outage"],
    certainty: "likely",
    words: "New values are encrypted under another key: clients without a right on it cannot read them.",
    source: `${SECRETS}API_UpdateSecret.html`,
  }),
  secret.on("policy", opensPolicy, {
    id: "SECRET-POLICY-PUBLIC",
    actions: ["create", "update"],
    effects: ["exposure"],
    words: 'The resource policy allows an action to every principal (Principal "*") without a condition.',
    source: `${SECRETS}API_PutResourcePolicy.html`,
  }),
  secret.on(["policy", "replica"], changed, {
    id: "SECRET-ACCESS",
    effects: ["outage"],
    certainty: "likely",
    words: "Other principals, or clients in other Regions, may read the secret.",
    source: `${SECRETS}API_PutResourcePolicy.html`,
  }),
  secret.harmless(
    "SECRET-HARMLESS",
    ["description", "tags", "tags_all", "timeouts", "force_overwrite_replica_secret"],
    "No effect on the value.",
  ),
  value.on(["secret_string", "secret_string_wo_version", "secret_binary", "secret_id"], changed, {
    id: "SECRET-VALUE",
    actions: ["replace"],
    effects: ["outage"],
    words:
      "Another value: what reads it at start keeps the old one until it is restarted; the server and its clients must change together.",
    next: "Restart the pods that use it, after the server has the new password.",
  }),
];
