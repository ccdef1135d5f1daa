// Read 2026-11. Azure Storage accounts and containers. azurerm 4.55.0 (storage_account_resource.go, storage_container_resource.go and their pages).

import {
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
  versionFalls,
} from "../../../rules/changes";
import { type Rule, rulesOf } from "../../../rules/rule";

const PROVIDER = "https://github.com/hashicorp/terraform-provider-azurerm/blob/v4.55.0/";
const ARGUMENTS = `${PROVIDER}website/docs/r/storage_account.html.markdown`;
const DOCS = "https://learn.microsoft.com/azure/storage/";
const account = rulesOf("azurerm_storage_account", ARGUMENTS);
const container = rulesOf(
  "azurerm_storage_container",
  `${PROVIDER}website/docs/r/storage_container.html.markdown`,
);
const blob = rulesOf("azurerm_storage_blob", `${PROVIDER}website/docs/r/storage_blob.html.markdown`);
const lifecycle = rulesOf("azurerm_storage_management_policy", `${DOCS}blobs/lifecycle-management-overview`);
const firewall = rulesOf("azurerm_storage_account_network_rules", `${DOCS}common/storage-network-security`);
const DELETE_AFTER = [
  "rule.actions.base_blob.delete_after_days_since_creation_greater_than",
  "rule.actions.base_blob.delete_after_days_since_last_access_time_greater_than",
  "rule.actions.base_blob.delete_after_days_since_modification_greater_than",
  "rule.actions.snapshot.delete_after_days_since_creation_greater_than",
  "rule.actions.version.delete_after_days_since_creation",
];
const RETENTION = [
  "blob_properties.delete_retention_policy.days",
  "blob_properties.container_delete_retention_policy.days",
  "blob_properties.restore_policy.days",
  "blob_properties.change_feed_retention_in_days",
];
const families = either(
  from("LRS", "GRS", "RAGRS").to("ZRS", "GZRS", "RAGZRS"),
  from("ZRS", "GZRS", "RAGZRS").to("LRS", "GRS", "RAGRS"),
);

/** Azure Storage accounts, containers and lifecycle management. */
export const OBJECT_STORAGE_AZURE_RULES: readonly Rule[] = [
  account.when(["destroy", "replace"], {
    id: "AZSTORAGE-DELETED",
    effects: ["data-loss", "outage"],
    words:
      "Azure deletes the storage account with all containers and blobs; soft delete of blobs does not help.",
    next: "Undo the change, or copy the blobs into a new account beside it first.",
  }),
  account.on("account_replication_type", families, {
    id: "AZSTORAGE-REDUNDANCY-REPLACES",
    actions: ["replace"],
    effects: ["data-loss"],
    words:
      "Between locally redundant and zone-redundant types the provider replaces the account. Azure can convert it in place.",
    next: "Convert it with az storage account migration start, then adapt the program: the plan is empty.",
    source: `${PROVIDER}internal/services/storage/storage_account_resource.go`,
  }),
  account.on("account_replication_type", except(changed, to("LRS", "ZRS")), {
    id: "AZSTORAGE-REDUNDANCY-MORE",
    effects: ["cost"],
    words: "Blobs are copied to the second region in the background, with another price.",
    source: `${DOCS}common/redundancy-migration`,
  }),
  account.on("account_replication_type", to("LRS", "ZRS"), {
    id: "AZSTORAGE-REDUNDANCY-LESS",
    effects: ["backup-loss"],
    words: "The copies in the second region are deleted: the loss of the region takes the blobs.",
    source: `${DOCS}common/redundancy-migration`,
  }),
  account.on(RETENTION, shrinks, {
    id: "AZSTORAGE-RETENTION-SHORTER",
    effects: ["backup-loss"],
    words: "Deleted or changed blobs can be restored for a shorter time.",
  }),
  account.on(RETENTION, either(grows, set), {
    id: "AZSTORAGE-RETENTION-LONGER",
    effects: ["cost"],
    words: "Deleted or changed blobs are kept longer and charged.",
  }),
  account.on(
    [
      "blob_properties.delete_retention_policy",
      "blob_properties.container_delete_retention_policy",
      "blob_properties.restore_policy",
    ],
    removed,
    {
      id: "AZSTORAGE-SOFT-DELETE-OFF",
      effects: ["backup-loss"],
      words: "Blobs or containers that are deleted from now on cannot be restored.",
    },
  ),
  account.on("blob_properties.versioning_enabled", disabled, {
    id: "AZSTORAGE-VERSIONING-OFF",
    effects: ["weaker"],
    words:
      "From now on, the old content of an overwritten blob is not kept as a version. Versions that are there stay.",
  }),
  account.on("blob_properties.versioning_enabled", enabled, {
    id: "AZSTORAGE-VERSIONING-ON",
    effects: ["cost"],
    words: "Old versions are kept and charged until a lifecycle rule deletes them.",
  }),
  account.on("shared_access_key_enabled", enabled, {
    id: "AZSTORAGE-KEYS-ON",
    effects: ["weaker"],
    words: "The account keys work again: they open everything in the account, without an identity.",
  }),
  account.on("shared_access_key_enabled", disabled, {
    id: "AZSTORAGE-KEYS-OFF",
    effects: ["outage"],
    words: "Clients with an account key or a SAS that is signed with it fail.",
  }),
  account.on("allow_nested_items_to_be_public", enabled, {
    id: "AZSTORAGE-ANONYMOUS-ALLOWED",
    effects: ["exposure"],
    words:
      "Containers can be opened for anonymous readers; those that have an access level other than private are open at once.",
  }),
  account.on("allow_nested_items_to_be_public", disabled, {
    id: "AZSTORAGE-ANONYMOUS-REFUSED",
    effects: ["outage"],
    words: "Anonymous readers fail.",
  }),
  account.on("min_tls_version", versionFalls, {
    id: "AZSTORAGE-TLS-OLDER",
    effects: ["weaker"],
    words: "The account accepts an older version of TLS.",
  }),
  account.on("https_traffic_only_enabled", disabled, {
    id: "AZSTORAGE-TLS-OPTIONAL",
    effects: ["weaker"],
    words: "The account accepts connections without TLS: blobs and credentials can be read on the way.",
  }),
  account.on("https_traffic_only_enabled", enabled, {
    id: "AZSTORAGE-TLS-REQUIRED",
    effects: ["outage"],
    words: "The account refuses connections without TLS: clients that use http:// or NFS 3.0 fail.",
    source: "https://learn.microsoft.com/azure/storage/common/storage-require-secure-transfer",
    certainty: "likely",
  }),
  account.on("public_network_access_enabled", enabled, {
    id: "AZSTORAGE-PUBLIC",
    effects: ["exposure"],
    words: "The account accepts connections from the internet, as far as its network rules allow.",
  }),
  account.on("public_network_access_enabled", disabled, {
    id: "AZSTORAGE-PRIVATE",
    effects: ["outage"],
    words: "Clients without a private endpoint fail.",
  }),
  account.on("network_rules.default_action", to("Allow"), {
    id: "AZSTORAGE-FIREWALL-OFF",
    effects: ["exposure"],
    words: "Every network may connect to the account.",
  }),
  account.on("network_rules", except(changed, to("Allow")), {
    id: "AZSTORAGE-FIREWALL",
    effects: ["outage", "exposure"],
    certainty: "likely",
    words: "Other networks than before may connect to the account.",
  }),
  account.on(["customer_managed_key", "identity"], changed, {
    id: "AZSTORAGE-KEY",
    effects: ["outage"],
    certainty: "likely",
    words:
      "The account uses another encryption key or identity: without access to the key, no blob can be read.",
  }),
  account.on("access_tier", changed, {
    id: "AZSTORAGE-TIER",
    effects: ["cost"],
    words: "Blobs without an explicit tier move to another tier, with another price.",
  }),
  account.on("account_kind", changed, {
    id: "AZSTORAGE-KIND",
    effects: ["irreversible", "cost"],
    words:
      "Azure upgrades the account to general-purpose v2, with other prices, and does not go back. In place from Storage to StorageV2 only.",
    source: `${DOCS}common/storage-account-upgrade`,
  }),
  account.on("sas_policy", removed, {
    id: "AZSTORAGE-SAS-LIMIT-OFF",
    effects: ["weaker"],
    words: "A SAS that is valid for longer than the limit is neither logged nor refused.",
    source: `${DOCS}common/sas-expiration-policy`,
  }),
  account.on("sas_policy", except(changed, removed), {
    id: "AZSTORAGE-SAS-LIMIT",
    effects: ["outage"],
    certainty: "likely",
    words: "With the action Block, requests with a SAS that is valid for longer than the limit fail.",
    source: `${DOCS}common/sas-expiration-policy`,
  }),
  account.on("local_user_enabled", enabled, {
    id: "AZSTORAGE-LOCAL-USERS-ON",
    effects: ["weaker"],
    words: "Local users of SFTP can sign in with a password or a key, without Microsoft Entra ID.",
    source: `${DOCS}blobs/secure-file-transfer-protocol-support`,
  }),
  account.on("local_user_enabled", disabled, {
    id: "AZSTORAGE-LOCAL-USERS-OFF",
    effects: ["outage"],
    words: "Local users of SFTP can no longer sign in.",
    source: `${DOCS}blobs/secure-file-transfer-protocol-support`,
  }),
  account.on("cross_tenant_replication_enabled", enabled, {
    id: "AZSTORAGE-OTHER-TENANTS-ON",
    effects: ["weaker"],
    words: "Object replication policies may copy blobs between this account and accounts of other tenants.",
    source: `${DOCS}blobs/object-replication-prevent-cross-tenant-policies`,
  }),
  account.on("cross_tenant_replication_enabled", disabled, {
    id: "AZSTORAGE-OTHER-TENANTS-OFF",
    effects: ["failure"],
    certainty: "likely",
    words: "Azure refuses it while an object replication policy names an account of another tenant.",
    source: `${DOCS}blobs/object-replication-prevent-cross-tenant-policies`,
  }),
  account.harmless(
    "AZSTORAGE-HARMLESS",
    [
      "default_to_oauth_authentication",
      "tags",
      "timeouts",
      "blob_properties.cors_rule",
      "blob_properties.last_access_time_enabled",
      "blob_properties.change_feed_enabled",
    ],
    "No effect on blobs.",
  ),
  container.when(["destroy", "replace"], {
    id: "AZSTORAGE-CONTAINER-DELETED",
    effects: ["data-loss", "outage"],
    words:
      "Azure deletes the container with its blobs. Soft delete for containers, if on, keeps it for some days.",
  }),
  container.on("container_access_type", to("blob", "container"), {
    id: "AZSTORAGE-CONTAINER-PUBLIC",
    actions: ["create", "update"],
    effects: ["exposure"],
    words: "Everyone on the internet can read the blobs, if the account allows it.",
  }),
  container.on("container_access_type", to("private"), {
    id: "AZSTORAGE-CONTAINER-PRIVATE",
    effects: ["outage"],
    words: "Anonymous readers fail.",
  }),
  container.harmless("AZSTORAGE-CONTAINER-HARMLESS", ["metadata", "timeouts"], "No effect on blobs."),
  blob.when(["destroy", "replace"], {
    id: "AZSTORAGE-BLOB-DELETED",
    effects: ["data-loss"],
    words: "The blob is deleted. Soft delete for blobs, if on, keeps it for some days.",
  }),
  lifecycle.on(DELETE_AFTER, shrinks, {
    id: "AZSTORAGE-EXPIRY-SHORTER",
    effects: ["data-loss", "irreversible"],
    words:
      "The rule also holds for blobs that are there: Azure deletes those that are older than the new limit, from the next daily run on.",
    next: "Count the blobs that are older than the new limit before the apply.",
  }),
  lifecycle.on(DELETE_AFTER, set, {
    id: "AZSTORAGE-EXPIRY-ADDED",
    effects: ["data-loss"],
    words:
      "The rule also holds for blobs that are there: Azure deletes those that are older than the limit, from the next daily run on.",
    next: "Count the blobs that meet its conditions before the apply.",
  }),
  lifecycle.on("rule.enabled", except(enabled, set), {
    id: "AZSTORAGE-EXPIRY-ENABLED",
    effects: ["data-loss"],
    certainty: "likely",
    words: "The rule holds again, also for blobs that are there.",
  }),
  lifecycle.on(DELETE_AFTER, either(grows, removed), {
    id: "AZSTORAGE-EXPIRY-LONGER",
    effects: ["cost"],
    words: "Blobs or versions are kept longer, or for good.",
  }),
  lifecycle.when("destroy", {
    id: "AZSTORAGE-EXPIRY-REMOVED",
    effects: ["cost"],
    words:
      "Nothing expires or changes its tier any more: old blobs, versions and snapshots stay, and are charged.",
  }),
  firewall.on("default_action", to("Allow"), {
    id: "AZSTORAGE-RULES-OPEN",
    effects: ["exposure"],
    words: "Every network may connect to the account.",
  }),
  firewall.on(["ip_rules", "virtual_network_subnet_ids", "private_link_access"], changed, {
    id: "AZSTORAGE-RULES",
    effects: ["outage", "exposure"],
    certainty: "likely",
    words: "Other networks than before may connect to the account.",
  }),
  firewall.when("destroy", {
    id: "AZSTORAGE-RULES-REMOVED",
    effects: ["exposure"],
    words: "The provider resets the network rules: every network may connect to the account.",
  }),
];
