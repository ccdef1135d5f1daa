// Read 2026-11 in the SDK schemas of azurerm 4.55.0 (internal/services) and google 6.50.0 (google/services). Switches of types that hold data
// in this library, which are optional, not computed and true by default: left out, they are on. A plan shows the default, a program does not.

/** Paths by resource type. A path inside a block counts where the program has the block. */
export const DEFAULT_SWITCHES: { readonly [type: string]: readonly string[] | undefined } = {
  azurerm_container_registry: ["export_policy_enabled", "public_network_access_enabled"],
  azurerm_key_vault: ["public_network_access_enabled"],
  azurerm_mysql_flexible_server: ["storage.auto_grow_enabled"],
  azurerm_postgresql_flexible_server: [
    "authentication.password_auth_enabled",
    "public_network_access_enabled",
  ],
  azurerm_storage_account: [
    "allow_nested_items_to_be_public",
    "https_traffic_only_enabled",
    "local_user_enabled",
    "public_network_access_enabled",
    "shared_access_key_enabled",
  ],
  google_sql_database_instance: [
    "deletion_protection",
    "settings.disk_autoresize",
    "settings.ip_configuration.ipv4_enabled",
  ],
};
