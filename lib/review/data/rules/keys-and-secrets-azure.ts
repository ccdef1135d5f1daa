// Read 2026-11. Key vaults, keys and secrets of Azure. azurerm 4.55.0 (key_vault_resource.go, key_vault_key_resource.go, page features-block).

import {
  changed,
  disabled,
  either,
  enabled,
  except,
  grows,
  removed,
  set,
  shrinks,
  to,
} from "../../rules/changes";
import { type Rule, rulesOf } from "../../rules/rule";

const PROVIDER = "https://github.com/hashicorp/terraform-provider-azurerm/blob/v4.55.0/";
const PURGE = `${PROVIDER}website/docs/guides/features-block.html.markdown`;
const CMK = "https://learn.microsoft.com/azure/postgresql/security/security-data-encryption";
const vault = rulesOf("azurerm_key_vault", `${PROVIDER}internal/services/keyvault/key_vault_resource.go`);
const key = rulesOf(
  "azurerm_key_vault_key",
  `${PROVIDER}internal/services/keyvault/key_vault_key_resource.go`,
);
const secret = rulesOf(
  "azurerm_key_vault_secret",
  `${PROVIDER}website/docs/r/key_vault_secret.html.markdown`,
);
const access = rulesOf("azurerm_key_vault_access_policy", CMK);
/** One setting for each kind, in the block `features.key_vault` of the provider; true unless set. */
const purged = (setting: string) =>
  `By the provider's default it is purged at once (${setting}), unless the vault has purge protection`;
const KEYS = "purge_soft_deleted_keys_on_destroy";
const SECRETS = "purge_soft_deleted_secrets_on_destroy";

/** Key vaults, keys and secrets of Azure. */
export const KEYS_AZURE_RULES: readonly Rule[] = [
  vault.when(["destroy", "replace"], {
    id: "KEYVAULT-DELETED",
    effects: ["data-loss", "outage", "irreversible"],
    words: `Azure deletes the vault with all keys and secrets. ${purged("purge_soft_delete_on_destroy")}.`,
    next: "Set features.key_vault.purge_soft_delete_on_destroy to false in an apply before this one.",
    source: PURGE,
  }),
  vault.on("purge_protection_enabled", disabled, {
    id: "KEYVAULT-PURGE-PROTECTION-OFF",
    effects: ["failure"],
    words: "Purge protection cannot be disabled again: the apply fails.",
  }),
  vault.on("purge_protection_enabled", enabled, {
    id: "KEYVAULT-PURGE-PROTECTION-ON",
    effects: ["irreversible"],
    words:
      "Deleted keys and secrets stay for the retention period, and their names are taken for so long. It cannot be disabled again.",
  }),
  vault.on("soft_delete_retention_days", changed, {
    id: "KEYVAULT-RETENTION",
    effects: ["failure"],
    words:
      "The retention of deleted keys and secrets cannot be changed: the provider refuses, and the apply fails.",
  }),
  vault.on("public_network_access_enabled", enabled, {
    id: "KEYVAULT-PUBLIC",
    effects: ["exposure"],
    words: "The vault accepts connections from the internet, as far as its network rules allow.",
  }),
  vault.on(["public_network_access_enabled"], disabled, {
    id: "KEYVAULT-PRIVATE",
    effects: ["outage"],
    words:
      "Clients without a private endpoint cannot read keys and secrets; so may be a server that needs its encryption key, unless trusted services may bypass the firewall.",
    certainty: "likely",
    source: CMK,
  }),
  vault.on("network_acls.default_action", to("Allow"), {
    id: "KEYVAULT-FIREWALL-OFF",
    effects: ["exposure"],
    words: "Every network may connect to the vault.",
  }),
  vault.on("network_acls", except(changed, to("Allow")), {
    id: "KEYVAULT-FIREWALL",
    effects: ["outage", "exposure"],
    certainty: "likely",
    words:
      "Other networks than before may connect to the vault. A server that no longer reaches its encryption key stops.",
    source: CMK,
  }),
  vault.on(["rbac_authorization_enabled", "enable_rbac_authorization"], changed, {
    id: "KEYVAULT-AUTHORIZATION",
    effects: ["outage"],
    certainty: "likely",
    words:
      "Access policies and role assignments: only one of them counts. Identities with the other one lose access to keys and secrets.",
  }),
  vault.on("access_policy", changed, {
    id: "KEYVAULT-ACCESS-POLICIES",
    effects: ["outage", "exposure"],
    certainty: "likely",
    words: "Other identities than before may read or change keys and secrets.",
  }),
  vault.harmless(
    "KEYVAULT-HARMLESS",
    [
      "tags",
      "timeouts",
      "contact",
      "sku_name",
      "enabled_for_deployment",
      "enabled_for_disk_encryption",
      "enabled_for_template_deployment",
    ],
    "No effect on keys and secrets that are there.",
  ),
  key.when(["destroy", "replace"], {
    id: "KEYVAULT-KEY-DELETED",
    effects: ["data-loss", "outage", "backup-loss"],
    words: `The key is deleted: a server or account that is encrypted with it stops, and its data is lost with the key. ${purged(KEYS)}.`,
    next: `Set features.key_vault.${KEYS} to false in an apply before this one; then az keyvault key recover brings the key back within the retention period.`,
    source: PURGE,
  }),
  key.on("expiration_date", except(changed, removed), {
    id: "KEYVAULT-KEY-EXPIRES",
    effects: ["outage"],
    when: "later",
    words:
      "At this time the key expires: servers and accounts that are encrypted with it stop unless it is rotated before.",
    source: CMK,
  }),
  key.on("key_opts", shrinks, {
    id: "KEYVAULT-KEY-OPERATIONS",
    effects: ["outage"],
    words:
      "The key no longer allows an operation: without wrapKey and unwrapKey, what is encrypted with it stops.",
    source: CMK,
  }),
  key.on("key_opts", grows, {
    id: "KEYVAULT-KEY-MORE",
    effects: [],
    words: "The key allows more operations.",
  }),
  key.harmless(
    "KEYVAULT-KEY-HARMLESS",
    ["tags", "timeouts", "rotation_policy", "not_before_date"],
    "No effect on encrypted data.",
  ),
  secret.when(["destroy", "replace"], {
    id: "KEYVAULT-SECRET-DELETED",
    effects: ["data-loss", "outage"],
    words: `Nothing can read the secret any more. ${purged(SECRETS)}.`,
    next: "Save the value first if it is nowhere else.",
    source: PURGE,
  }),
  secret.on(["value", "value_wo_version"], changed, {
    id: "KEYVAULT-SECRET-VALUE",
    effects: ["outage"],
    words:
      "Another value: what reads it at start keeps the old one until it is restarted; the server and its clients must change together.",
    next: "Restart the pods that use it, after the server has the new password.",
  }),
  secret.on("expiration_date", either(set, changed), {
    id: "KEYVAULT-SECRET-EXPIRES",
    effects: ["outage"],
    when: "later",
    certainty: "likely",
    words: "At this time the secret expires; clients that heed the date no longer use it.",
  }),
  secret.harmless(
    "KEYVAULT-SECRET-HARMLESS",
    ["tags", "timeouts", "content_type", "not_before_date"],
    "No effect on the value.",
  ),
  access.when(["destroy", "replace"], {
    id: "KEYVAULT-ACCESS-REMOVED",
    effects: ["outage"],
    words:
      "The identity loses its rights on keys and secrets, or is without them until the new policy is created. A server that no longer reads its encryption key stops.",
  }),
  access.on(["key_permissions", "secret_permissions"], shrinks, {
    id: "KEYVAULT-ACCESS-LESS",
    effects: ["outage"],
    words: "The identity loses rights on keys or secrets.",
  }),
  access.on(["key_permissions", "secret_permissions"], grows, {
    id: "KEYVAULT-ACCESS-MORE",
    effects: ["exposure"],
    words: "The identity gets more rights on keys or secrets.",
  }),
];
