// Import IDs of the azurerm provider, by resource type: Azure's resource IDs. The end of each ID is here, since only Azure and the login know
// the subscription. Section "Import" of each page of
// https://github.com/hashicorp/terraform-provider-azurerm/tree/v4.55.0/website/docs/r
// Read 2026-11-27: every row was compared with its page at v4.55.0; no import was run against Azure.

import type { ImportFormat } from "../import-format";

const SUBSCRIPTION = "/subscriptions/00000000-0000-0000-0000-000000000000";

/** A resource in a resource group. */
const inGroup = (
  path: string,
  group = "{resource_group_name}",
  more: Partial<ImportFormat> = {},
): ImportFormat => {
  const end = `/resourceGroups/${group}/providers/${path}`;
  return {
    forms: [],
    end,
    words: "resource ID",
    example: `${SUBSCRIPTION}${end.replace(/\{resource_group_name\}/, "platform").replace(/\{[^}]+\}/g, "prod")}`,
    ...more,
  };
};

export const AZURE_IMPORTS: { readonly [type: string]: ImportFormat } = {
  azurerm_container_registry: inGroup("Microsoft.ContainerRegistry/registries/{name}"),
  azurerm_federated_identity_credential: {
    forms: ["{parent_id}/federatedIdentityCredentials/{name}"],
    words: "resource ID",
    example: `${SUBSCRIPTION}/resourceGroups/platform/providers/Microsoft.ManagedIdentity/userAssignedIdentities/coder/federatedIdentityCredentials/coder`,
  },
  azurerm_key_vault: inGroup("Microsoft.KeyVault/vaults/{name}"),
  azurerm_key_vault_secret: {
    forms: [],
    words: "identifier of the secret with its version",
    example: "https://platform.vault.azure.net/secrets/postgres-coder/0a1b2c3d4e5f60718293a4b5c6d7e8f9",
    keepsValue: { value: "value_wo", version: "value_wo_version" },
  },
  azurerm_management_lock: {
    forms: ["{scope}/providers/Microsoft.Authorization/locks/{name}"],
    words: "resource ID",
    example: `${SUBSCRIPTION}/resourceGroups/platform/providers/Microsoft.DBforPostgreSQL/flexibleServers/prod/providers/Microsoft.Authorization/locks/prod`,
    keeps: ["name", "notes"],
  },
  azurerm_monitor_activity_log_alert: inGroup("Microsoft.Insights/activityLogAlerts/{name}"),
  azurerm_monitor_diagnostic_setting: {
    forms: ["{target_resource_id}|{name}"],
    words: "resource ID of the target and name of the setting",
    example: `${SUBSCRIPTION}/resourceGroups/platform/providers/Microsoft.DBforPostgreSQL/flexibleServers/prod|logs`,
  },
  azurerm_monitor_metric_alert: inGroup("Microsoft.Insights/metricAlerts/{name}"),
  azurerm_mysql_flexible_server: inGroup("Microsoft.DBforMySQL/flexibleServers/{name}"),
  azurerm_mysql_flexible_server_active_directory_administrator: {
    forms: ["{server_id}/administrators/ActiveDirectory"],
    words: "resource ID",
    example: `${SUBSCRIPTION}/resourceGroups/platform/providers/Microsoft.DBforMySQL/flexibleServers/prod/administrators/ActiveDirectory`,
  },
  azurerm_mysql_flexible_server_configuration: inGroup(
    "Microsoft.DBforMySQL/flexibleServers/{server_name}/configurations/{name}",
  ),
  azurerm_network_security_group: inGroup("Microsoft.Network/networkSecurityGroups/{name}"),
  azurerm_portal_dashboard: inGroup("Microsoft.Portal/dashboards/{name}"),
  azurerm_postgresql_flexible_server: inGroup("Microsoft.DBforPostgreSQL/flexibleServers/{name}"),
  azurerm_postgresql_flexible_server_active_directory_administrator: inGroup(
    "Microsoft.DBforPostgreSQL/flexibleServers/{server_name}/administrators/{object_id}",
  ),
  azurerm_postgresql_flexible_server_configuration: {
    forms: ["{server_id}/configurations/{name}"],
    words: "resource ID",
    example: `${SUBSCRIPTION}/resourceGroups/platform/providers/Microsoft.DBforPostgreSQL/flexibleServers/prod/configurations/require_secure_transport`,
  },
  azurerm_private_dns_zone: inGroup("Microsoft.Network/privateDnsZones/{name}"),
  azurerm_private_dns_zone_virtual_network_link: inGroup(
    "Microsoft.Network/privateDnsZones/{private_dns_zone_name}/virtualNetworkLinks/{name}",
    undefined,
    { keeps: ["name"] },
  ),
  azurerm_private_endpoint: inGroup("Microsoft.Network/privateEndpoints/{name}", undefined, {
    keeps: ["name"],
  }),
  azurerm_resource_group: {
    forms: [],
    end: "/resourceGroups/{name}",
    words: "resource ID",
    example: `${SUBSCRIPTION}/resourceGroups/platform`,
  },
  azurerm_role_assignment: {
    forms: [],
    words: "resource ID",
    example: `${SUBSCRIPTION}/providers/Microsoft.Authorization/roleAssignments/00000000-0000-0000-0000-000000000000`,
    keeps: ["name", "description"],
  },
  azurerm_role_definition: {
    forms: [],
    words: "resource ID and scope",
    example: `${SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/00000000-0000-0000-0000-000000000000|${SUBSCRIPTION}`,
  },
  azurerm_storage_account: inGroup("Microsoft.Storage/storageAccounts/{name}"),
  // With storage_account_id. With storage_account_name, which is deprecated, the ID is the URL of the container, such as
  // https://platform.blob.core.windows.net/artifacts: storage_container_resource.go.
  azurerm_storage_container: {
    forms: ["{storage_account_id}/blobServices/default/containers/{name}"],
    words: "resource ID",
    example: `${SUBSCRIPTION}/resourceGroups/platform/providers/Microsoft.Storage/storageAccounts/platform/blobServices/default/containers/artifacts`,
  },
  azurerm_storage_management_policy: {
    forms: ["{storage_account_id}/managementPolicies/default"],
    words: "resource ID",
    example: `${SUBSCRIPTION}/resourceGroups/platform/providers/Microsoft.Storage/storageAccounts/platform/managementPolicies/default`,
  },
  azurerm_subnet: inGroup("Microsoft.Network/virtualNetworks/{virtual_network_name}/subnets/{name}"),
  azurerm_subnet_network_security_group_association: {
    forms: ["{subnet_id}"],
    words: "resource ID of the subnet",
    example: `${SUBSCRIPTION}/resourceGroups/platform/providers/Microsoft.Network/virtualNetworks/main/subnets/databases`,
  },
  azurerm_user_assigned_identity: inGroup("Microsoft.ManagedIdentity/userAssignedIdentities/{name}"),
  azurerm_virtual_network: inGroup("Microsoft.Network/virtualNetworks/{name}"),
};
