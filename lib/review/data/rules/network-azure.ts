// Read 2026-11. Private endpoints, DNS, firewall rules and role assignments of Azure. azurerm 4.55.0, learn.microsoft.com.

import { changed, either, except, removed, shrinks, to } from "../../rules/changes";
import { type Rule, rulesOf } from "../../rules/rule";
import { securityRuleChanges, securityRuleOpens } from "../../rules/security-rules";

const DOCS = "https://learn.microsoft.com/azure/";
const PROVIDER = "https://github.com/hashicorp/terraform-provider-azurerm/blob/v4.55.0/website/docs/r/";
const endpoint = rulesOf("azurerm_private_endpoint", `${PROVIDER}private_endpoint.html.markdown`);
const dns = rulesOf(
  ["azurerm_private_dns_zone", "azurerm_private_dns_zone_virtual_network_link"],
  `${DOCS}private-link/private-endpoint-dns`,
);
const network = rulesOf(["azurerm_subnet", "azurerm_virtual_network"], `${PROVIDER}subnet.html.markdown`);
const firewall = rulesOf(
  ["azurerm_postgresql_flexible_server_firewall_rule", "azurerm_mysql_flexible_server_firewall_rule"],
  `${DOCS}postgresql/network/concepts-firewall-rules`,
);
const security = rulesOf(
  "azurerm_network_security_rule",
  `${DOCS}virtual-network/network-security-groups-overview`,
);
const securityGroup = rulesOf(
  "azurerm_network_security_group",
  `${DOCS}virtual-network/network-security-groups-overview`,
);
const role = rulesOf("azurerm_role_assignment", `${PROVIDER}role_assignment.html.markdown`);
const lock = rulesOf("azurerm_management_lock", `${DOCS}azure-resource-manager/management/lock-resources`);
const identity = rulesOf(
  ["azurerm_user_assigned_identity", "azurerm_federated_identity_credential"],
  `${PROVIDER}user_assigned_identity.html.markdown`,
);
const vault = rulesOf("azurerm_data_protection_backup_vault", `${DOCS}backup/backup-vault-overview`);
const instance = rulesOf(
  [
    "azurerm_data_protection_backup_instance_postgresql_flexible_server",
    "azurerm_data_protection_backup_instance_mysql_flexible_server",
    "azurerm_data_protection_backup_instance_blob_storage",
  ],
  `${DOCS}backup/manage-azure-database-postgresql`,
);

/** Network, role assignments, locks and backup vaults of Azure. */
export const NETWORK_AZURE_RULES: readonly Rule[] = [
  endpoint.when(["destroy", "replace"], {
    id: "PRIVATE-ENDPOINT-DELETED",
    effects: ["outage"],
    words:
      "The private address is gone, or another one after the replacement: clients lose the connection, and the name resolves to the public address until the zone has the new one.",
  }),
  endpoint.on("private_dns_zone_group", changed, {
    id: "PRIVATE-ENDPOINT-DNS",
    effects: ["outage"],
    words:
      "The record in the private DNS zone moves or goes: clients resolve the public address, which usually refuses them.",
    source: `${DOCS}private-link/private-endpoint-dns`,
  }),
  dns.when(["destroy", "replace"], {
    id: "PRIVATE-DNS-DELETED",
    effects: ["outage"],
    words:
      "Clients of the linked networks resolve the public address, or nothing, until zone and link exist again.",
  }),
  network.when(["destroy", "replace"], {
    id: "AZNETWORK-DELETED",
    effects: ["failure", "outage"],
    words:
      "Azure refuses to delete a network or subnet in use: the apply fails. Otherwise all in it is unreachable.",
    certainty: "likely",
  }),
  network.on(["address_prefixes", "address_space"], either(shrinks, removed), {
    id: "AZNETWORK-SMALLER",
    effects: ["failure"],
    certainty: "likely",
    words: "Azure refuses to take addresses from a network that are in use.",
  }),
  firewall.on("start_ip_address", to("0.0.0.0"), {
    id: "AZFIREWALL-OPEN",
    actions: ["create", "update", "replace"],
    effects: ["exposure"],
    words:
      "0.0.0.0 to 0.0.0.0 lets all Azure services in, also those of other customers; 0.0.0.0 to 255.255.255.255 the whole internet.",
  }),
  firewall.on(["start_ip_address", "end_ip_address"], except(changed, to("0.0.0.0")), {
    id: "AZFIREWALL-CHANGED",
    effects: ["outage", "exposure"],
    certainty: "likely",
    words: "Other addresses than before may connect to the public endpoint.",
  }),
  firewall.when(["destroy", "replace"], {
    id: "AZFIREWALL-REMOVED",
    effects: ["outage"],
    words: "Clients with these addresses lose access to the public endpoint.",
  }),
  security.on(
    ["source_address_prefix", "source_address_prefixes"],
    to("*", "Internet", "0.0.0.0/0", "::/0"),
    {
      id: "NSG-OPEN-TO-INTERNET",
      actions: ["create", "update", "replace"],
      where: { access: "Allow", direction: "Inbound" },
      effects: ["exposure"],
      words: "Every address on the internet may connect to targets that have a public address.",
    },
  ),
  security.when(["destroy", "replace"], {
    id: "NSG-RULE-REMOVED",
    effects: ["outage", "exposure"],
    words: "What the rule allowed is refused, what it denied is allowed by other rules.",
  }),
  securityGroup.on("security_rule", securityRuleOpens, {
    id: "NSG-INLINE-OPEN-TO-INTERNET",
    actions: ["create", "update", "replace"],
    effects: ["exposure"],
    words:
      "Every address on the internet may connect to targets that have a public address, unless a rule with a lower priority number denies it.",
  }),
  securityGroup.on("security_rule", securityRuleChanges, {
    id: "NSG-INLINE-RULE",
    effects: ["outage", "exposure"],
    certainty: "likely",
    words: "Other connections than before are allowed.",
  }),
  securityGroup.when(["destroy", "replace"], {
    id: "NSG-DELETED",
    effects: ["failure", "exposure"],
    certainty: "likely",
    words:
      "Azure refuses to delete a security group that a subnet or network interface uses: the apply fails. Otherwise the traffic that it filtered is no longer filtered.",
  }),
  role.when(["destroy", "replace"], {
    id: "ROLE-ASSIGNMENT-REMOVED",
    effects: ["outage"],
    words:
      "The identity loses this role, or is without it until the new assignment is effective (minutes). A server that reads its encryption key with the role stops.",
    next: "Keep role assignments on keys and vaults as long as something is encrypted with them.",
  }),
  lock.when(["destroy", "replace"], {
    id: "LOCK-REMOVED",
    effects: ["weaker"],
    when: "next destroy",
    words:
      "The resource can be deleted: by the next apply that destroys it, and by everyone with the permission.",
  }),
  identity.when(["destroy", "replace"], {
    id: "IDENTITY-DELETED",
    effects: ["outage"],
    words:
      "Pods and servers that use the identity can no longer log in to Azure; a new identity has another client ID and no roles.",
  }),
  identity.on(["subject", "issuer", "audience"], changed, {
    id: "IDENTITY-SUBJECT",
    effects: ["outage"],
    words: "Another service account or cluster may use the identity; the old one no longer can.",
  }),
  vault.when(["destroy", "replace"], {
    id: "AZBACKUP-VAULT-DELETED",
    effects: ["backup-loss", "failure"],
    words:
      "Azure refuses to delete a backup vault with backup instances; otherwise its recovery points go with it.",
  }),
  vault.on(
    ["soft_delete", "immutability", "retention_duration_in_days", "cross_region_restore_enabled"],
    changed,
    {
      id: "AZBACKUP-VAULT-PROTECTION",
      effects: ["weaker"],
      certainty: "likely",
      words:
        "The protection of recovery points against deletion, or their use in the second region, changes.",
    },
  ),
  vault.harmless(
    "AZBACKUP-VAULT-HARMLESS",
    ["tags", "timeouts", "identity"],
    "No effect on recovery points.",
  ),
  instance.when(["destroy", "replace"], {
    id: "AZBACKUP-STOPPED",
    effects: ["backup-loss"],
    certainty: "likely",
    words:
      "The vault makes no more backups of this resource and deletes its recovery points, unless soft delete or immutability of the vault keeps them for a time.",
  }),
  instance.on("backup_policy_id", changed, {
    id: "AZBACKUP-POLICY",
    effects: ["backup-loss"],
    certainty: "likely",
    words: "Backups follow another policy: compare its schedule and retention with the old one.",
  }),
];
