// Read 2026-11. Settings of Azure Storage accounts beside blobs: file shares, queues, websites, endpoints, SFTP. azurerm 4.55.0
// (storage_account_resource.go and its page), Azure Storage documentation.

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
} from "../../../rules/changes";
import { type Rule, rulesOf } from "../../../rules/rule";

const PROVIDER = "https://github.com/hashicorp/terraform-provider-azurerm/blob/v4.55.0/";
const DOCS = "https://learn.microsoft.com/azure/storage/";
const account = rulesOf("azurerm_storage_account", `${PROVIDER}website/docs/r/storage_account.html.markdown`);
const container = rulesOf(
  "azurerm_storage_container",
  `${PROVIDER}internal/services/storage/storage_container_resource.go`,
);
const SHARES_KEPT = "share_properties.retention_policy.days";

/** Settings of Azure Storage accounts. */
export const STORAGE_SETTINGS_AZURE_RULES: readonly Rule[] = [
  account.on(SHARES_KEPT, either(shrinks, removed), {
    id: "AZSTORAGE-SHARES-KEPT-SHORTER",
    effects: ["backup-loss"],
    words: "Deleted file shares can be restored for a shorter time, or not at all.",
    source: `${DOCS}files/storage-files-prevent-file-share-deletion`,
  }),
  account.on(SHARES_KEPT, either(grows, set), {
    id: "AZSTORAGE-SHARES-KEPT-LONGER",
    effects: ["cost"],
    words: "Deleted file shares are kept longer and charged.",
    source: `${DOCS}files/storage-files-prevent-file-share-deletion`,
  }),
  account.on("share_properties.smb", changed, {
    id: "AZSTORAGE-SMB",
    effects: ["outage", "weaker"],
    certainty: "likely",
    words:
      "File shares accept other versions, ciphers or ways to sign in of SMB: clients without an accepted one fail, and an older one is weaker.",
    source: `${DOCS}files/files-smb-protocol`,
  }),
  account.on("azure_files_authentication", changed, {
    id: "AZSTORAGE-FILES-DIRECTORY",
    effects: ["outage"],
    certainty: "likely",
    words:
      "File shares ask another directory, or none, for identities: clients that sign in with one can fail.",
    source: `${DOCS}files/storage-files-active-directory-overview`,
  }),
  account.on("large_file_share_enabled", enabled, {
    id: "AZSTORAGE-LARGE-SHARES",
    effects: ["irreversible"],
    words: "Large file shares cannot be disabled again: the provider would replace the account.",
    source: `${PROVIDER}internal/services/storage/storage_account_resource.go`,
  }),
  account.on("sftp_enabled", enabled, {
    id: "AZSTORAGE-SFTP-ON",
    effects: ["exposure", "cost"],
    words:
      "The account accepts SFTP on port 22 from all networks that its rules allow, with passwords or keys of local users, and is charged by the hour.",
    source: `${DOCS}blobs/secure-file-transfer-protocol-support`,
  }),
  account.on("sftp_enabled", disabled, {
    id: "AZSTORAGE-SFTP-OFF",
    effects: ["outage"],
    words: "Clients that use SFTP can no longer connect.",
    source: `${DOCS}blobs/secure-file-transfer-protocol-support`,
  }),
  account.on("static_website", set, {
    id: "AZSTORAGE-WEBSITE-ON",
    effects: ["exposure"],
    words:
      "Everyone who reaches the website endpoint can read the blobs of the container $web, whatever its access level.",
    source: `${DOCS}blobs/storage-blob-static-website`,
  }),
  account.on("static_website", removed, {
    id: "AZSTORAGE-WEBSITE-OFF",
    effects: ["outage"],
    words: "The website endpoint no longer answers. The blobs in $web stay.",
    source: `${DOCS}blobs/storage-blob-static-website`,
  }),
  account.on("custom_domain", changed, {
    id: "AZSTORAGE-DOMAIN",
    effects: ["outage"],
    words: "Clients that use the former custom domain fail; Azure checks the CNAME record of a new one.",
    source: `${DOCS}blobs/storage-custom-domain-name`,
  }),
  account.on("routing", changed, {
    id: "AZSTORAGE-ROUTING",
    effects: ["outage"],
    certainty: "likely",
    words:
      "Traffic takes another route (Microsoft network or internet); endpoints for one route that are no longer published do not answer.",
    source: `${DOCS}common/network-routing-preference`,
  }),
  account.on("allowed_copy_scope", removed, {
    id: "AZSTORAGE-COPIES-ANYWHERE",
    effects: ["weaker"],
    words: "Blobs may be copied to the account from accounts of any tenant and network.",
    source: `${DOCS}common/security-restrict-copy-operations`,
  }),
  account.on("allowed_copy_scope", except(changed, removed), {
    id: "AZSTORAGE-COPIES-RESTRICTED",
    effects: ["outage"],
    certainty: "likely",
    words: "Copies to the account from outside the permitted scope fail.",
    source: `${DOCS}common/security-restrict-copy-operations`,
  }),
  account.on("blob_properties.default_service_version", changed, {
    id: "AZSTORAGE-SERVICE-VERSION",
    effects: ["outage"],
    certainty: "likely",
    words: "Requests that name no version of the API are answered by another one.",
    source: "https://learn.microsoft.com/rest/api/storageservices/versioning-for-the-azure-storage-services",
  }),
  account.on(
    ["queue_properties.logging", "queue_properties.hour_metrics", "queue_properties.minute_metrics"],
    changed,
    {
      id: "AZSTORAGE-QUEUE-LOGS",
      effects: ["weaker"],
      certainty: "likely",
      words: "Requests to queues are logged or counted differently, or no longer.",
      source: `${DOCS}common/storage-analytics`,
    },
  ),
  account.harmless(
    "AZSTORAGE-SETTINGS-HARMLESS",
    ["queue_properties.cors_rule", "share_properties.cors_rule", "static_website"],
    "No effect on stored data; a browser or website may be answered differently.",
  ),
  container.harmless(
    "AZSTORAGE-CONTAINER-ACCOUNT",
    ["storage_account_id", "storage_account_name"],
    "In place, the same container is only named by the resource id of its account; another account replaces it.",
  ),
];
