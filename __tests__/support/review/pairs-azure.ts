/** Pairs of the azurerm provider, one at least for each rule. */
import { PairsOf, type RulePair } from "./rule-pairs";

const SUBSCRIPTION = "/subscriptions/00000000-0000-0000-0000-000000000000";
const GROUP = `${SUBSCRIPTION}/resourceGroups/g`;
const ID = (type: string, name = "a") => `${GROUP}/providers/${type}/${name}`;
const KEY = "https://vault-a.vault.azure.net/keys/a/0123456789abcdef0123456789abcdef";
const UUID = "00000000-0000-0000-0000-000000000001";
const IDENTITY = ID("Microsoft.ManagedIdentity/userAssignedIdentities");
const PG = ID("Microsoft.DBforPostgreSQL/flexibleServers");
const place = { resource_group_name: "g", location: "westeurope" };
const elsewhere = { name: "b2", resource_group_name: "h", location: "northeurope" };

const postgres = new PairsOf("azurerm_postgresql_flexible_server", {
  name: "a1",
  ...place,
  version: "16",
  sku_name: "GP_Standard_D4ds_v5",
  storage_mb: 262144,
  administrator_login: "dbadmin",
  administrator_password_wo: "not-a-secret-1",
  administrator_password_wo_version: 1,
  backup_retention_days: 14,
});
const zoneRedundant = {
  zone: "1",
  high_availability: { mode: "ZoneRedundant", standby_availability_zone: "2" },
};
postgres
  .destroy("AZPG-DELETED")
  .forget("FORGOTTEN")
  .replacedBy(
    "AZPG-REPLACED",
    {
      point_in_time_restore_time_in_utc: "2026-01-01T00:00:00Z",
      source_server_id: PG,
      delegated_subnet_id: ID("Microsoft.Network/virtualNetworks", "v/subnets/a"),
      private_dns_zone_id: ID("Microsoft.Network/privateDnsZones", "a.postgres.database.azure.com"),
      public_network_access_enabled: false,
    },
    {
      ...elsewhere,
      delegated_subnet_id: ID("Microsoft.Network/virtualNetworks", "v/subnets/b"),
      point_in_time_restore_time_in_utc: "2026-01-02T00:00:00Z",
      source_server_id: `${PG}b`,
    },
  )
  .replace(
    "AZPG-REPLACED",
    { identity: { type: "UserAssigned", identity_ids: [IDENTITY] } },
    {
      identity: { type: "UserAssigned", identity_ids: [IDENTITY] },
      customer_managed_key: { key_vault_key_id: KEY, primary_user_assigned_identity_id: IDENTITY },
    },
  )
  .replace("AZPG-REPLACED AZPG-STORAGE-SMALLER", {}, { storage_mb: 131072 })
  .replace("AZPG-REPLACED AZPG-VERSION-OLDER", {}, { version: "15" })
  .replace("AZPG-REPLACED AZPG-ADMINISTRATOR-RENAMED", {}, { administrator_login: "other" })
  .replace(
    "AZPG-REPLACED AZPG-GEO-BACKUP-SWITCHED",
    { geo_redundant_backup_enabled: false },
    { geo_redundant_backup_enabled: true },
  )
  .replace(
    "AZPG-REPLACED AZPG-IDENTITY-REMOVED",
    { identity: { type: "UserAssigned", identity_ids: [IDENTITY] } },
    { identity: { type: "SystemAssigned" } },
  )
  .replace(
    "AZPG-REPLACED AZPG-IDENTITY-REMOVED",
    { identity: { type: "UserAssigned", identity_ids: [IDENTITY] } },
    {},
  )
  .update(
    "AZPG-ADMINISTRATOR-SET",
    {
      administrator_login: undefined,
      authentication: { password_auth_enabled: false, active_directory_auth_enabled: true, tenant_id: UUID },
    },
    {
      authentication: { password_auth_enabled: false, active_directory_auth_enabled: true, tenant_id: UUID },
    },
  )
  .update("AZPG-VERSION-MAJOR", {}, { version: "17" })
  .update("AZPG-SKU-SMALLER", {}, { sku_name: "GP_Standard_D2ds_v5" })
  .update("AZPG-SKU-LARGER", {}, { sku_name: "GP_Standard_D8ds_v5" })
  .update("AZPG-SKU", {}, { sku_name: "GP_Standard_D4ads_v5" })
  .update("AZPG-SKU-BURSTABLE", {}, { sku_name: "B_Standard_B2ms" })
  .update("AZPG-STORAGE-LARGER", {}, { storage_mb: 524288 })
  .update("AZPG-STORAGE-BEYOND-4-TIB", { storage_mb: 4194304 }, { storage_mb: 8388608 })
  .update("AZPG-STORAGE-TIER", { storage_tier: "P15" }, { storage_tier: "P20" })
  .update("AZPG-AUTOGROW-OFF", { auto_grow_enabled: true }, { auto_grow_enabled: false })
  .update("AZPG-AUTOGROW-ON", { auto_grow_enabled: false }, { auto_grow_enabled: true })
  .update("AZPG-RETENTION-SHORTER", {}, { backup_retention_days: 7 })
  .update("AZPG-RETENTION-LONGER", {}, { backup_retention_days: 35 })
  .update("AZPG-HA-ON", {}, { high_availability: { mode: "SameZone" } })
  .update("AZPG-HA-OFF", { high_availability: { mode: "SameZone" } }, {})
  .update(
    "AZPG-HA-MODE",
    { high_availability: { mode: "SameZone" } },
    { high_availability: { mode: "ZoneRedundant" } },
  )
  .update("AZPG-ZONE AZPG-STANDBY-ZONE", zoneRedundant, {
    zone: "2",
    high_availability: { mode: "ZoneRedundant", standby_availability_zone: "1" },
  })
  .update("AZPG-STANDBY-ZONE", zoneRedundant, {
    zone: "1",
    high_availability: { mode: "ZoneRedundant", standby_availability_zone: "3" },
  })
  .update("AZPG-PUBLIC", { public_network_access_enabled: false }, { public_network_access_enabled: true })
  .update("AZPG-PRIVATE", { public_network_access_enabled: true }, { public_network_access_enabled: false })
  .update(
    "AZPG-DNS-ZONE",
    { private_dns_zone_id: ID("Microsoft.Network/privateDnsZones", "a.postgres.database.azure.com") },
    { private_dns_zone_id: ID("Microsoft.Network/privateDnsZones", "b.postgres.database.azure.com") },
  )
  .update(
    "AZPG-PASSWORD-LOGIN-OFF",
    { authentication: { password_auth_enabled: true, active_directory_auth_enabled: true, tenant_id: UUID } },
    {
      authentication: { password_auth_enabled: false, active_directory_auth_enabled: true, tenant_id: UUID },
    },
  )
  .update(
    "AZPG-ENTRA-LOGIN-OFF",
    { authentication: { password_auth_enabled: true, active_directory_auth_enabled: true, tenant_id: UUID } },
    {
      authentication: { password_auth_enabled: true, active_directory_auth_enabled: false, tenant_id: UUID },
    },
  )
  .update(
    "AZPG-LOGIN-ON",
    {
      authentication: { password_auth_enabled: true, active_directory_auth_enabled: false, tenant_id: UUID },
    },
    { authentication: { password_auth_enabled: true, active_directory_auth_enabled: true, tenant_id: UUID } },
  )
  .update("AZPG-PASSWORD", {}, { administrator_password_wo_version: 2 })
  .update(
    "AZPG-REPLICA-PROMOTED",
    { create_mode: "Replica", source_server_id: PG },
    { create_mode: "Replica", source_server_id: PG, replication_role: "None" },
  )
  .update(
    "AZPG-CREATE-MODE",
    { create_mode: "PointInTimeRestore", source_server_id: PG },
    { create_mode: "Default", source_server_id: PG },
  )
  .update(
    "AZPG-IDENTITY",
    { identity: { type: "UserAssigned", identity_ids: [IDENTITY] } },
    { identity: { type: "UserAssigned", identity_ids: [`${IDENTITY}b`] } },
  )
  .update("AZPG-HARMLESS", { tags: { a: "1" } }, { tags: { a: "2" } });
const parameter = new PairsOf("azurerm_postgresql_flexible_server_configuration", { server_id: PG });
parameter
  .update(
    "AZPG-PARAMETER",
    { name: "max_connections", value: "100" },
    { name: "max_connections", value: "200" },
  )
  .update(
    "AZPG-PARAMETER AZPG-TLS-OPTIONAL",
    { name: "require_secure_transport", value: "on" },
    { name: "require_secure_transport", value: "off" },
  )
  .update(
    "AZPG-PARAMETER AZPG-TLS-OLDER",
    { name: "ssl_min_protocol_version", value: "TLSv1.3" },
    { name: "ssl_min_protocol_version", value: "TLSv1.2" },
  )
  .update(
    "AZPG-PARAMETER AZPG-EXTENSIONS",
    { name: "azure.extensions", value: "pg_trgm,citext" },
    { name: "azure.extensions", value: "pg_trgm" },
  )
  .destroy("AZPG-PARAMETER-RESET", { name: "max_connections", value: "100" });
const pgDatabase = new PairsOf("azurerm_postgresql_flexible_server_database", {
  name: "a",
  server_id: PG,
  charset: "UTF8",
  collation: "en_US.utf8",
});
pgDatabase
  .destroy("AZPG-DATABASE-DROPPED")
  .replacedBy(
    "AZPG-DATABASE-DROPPED",
    {},
    { name: "b", server_id: `${PG}b`, charset: "LATIN1", collation: "C" },
  );
const pgBackup = new PairsOf("azurerm_postgresql_flexible_server_backup", { name: "a", server_id: PG });
pgBackup.destroy("AZPG-BACKUP-DELETED").replacedBy("AZPG-BACKUP-DELETED", {}, { name: "b" });

const MYSQL = ID("Microsoft.DBforMySQL/flexibleServers");
const mysql = new PairsOf("azurerm_mysql_flexible_server", {
  name: "a1",
  ...place,
  version: "8.0.21",
  sku_name: "GP_Standard_D4ds_v4",
  administrator_login: "dbadmin",
  administrator_password_wo: "not-a-secret-1",
  administrator_password_wo_version: 1,
  backup_retention_days: 14,
});
const storage = (own: object) => ({ storage: { size_gb: 128, ...own } });
mysql
  .destroy("AZMYSQL-DELETED")
  .forget("FORGOTTEN")
  .replacedBy(
    "AZMYSQL-REPLACED",
    {
      create_mode: "PointInTimeRestore",
      point_in_time_restore_time_in_utc: "2026-01-01T00:00:00Z",
      source_server_id: MYSQL,
      delegated_subnet_id: ID("Microsoft.Network/virtualNetworks", "v/subnets/a"),
      private_dns_zone_id: ID("Microsoft.Network/privateDnsZones", "a.mysql.database.azure.com"),
    },
    {
      ...elsewhere,
      administrator_login: "other",
      create_mode: "GeoRestore",
      delegated_subnet_id: ID("Microsoft.Network/virtualNetworks", "v/subnets/b"),
      private_dns_zone_id: ID("Microsoft.Network/privateDnsZones", "b.mysql.database.azure.com"),
      point_in_time_restore_time_in_utc: "2026-01-02T00:00:00Z",
      source_server_id: `${MYSQL}b`,
    },
  )
  .replace("AZMYSQL-REPLACED AZMYSQL-STORAGE-SMALLER", storage({}), storage({ size_gb: 64 }))
  .replace(
    "AZMYSQL-REPLACED AZMYSQL-GEO-BACKUP-SWITCHED",
    { geo_redundant_backup_enabled: false },
    { geo_redundant_backup_enabled: true },
  )
  .update("AZMYSQL-HA-ON", {}, { high_availability: { mode: "SameZone" } })
  .update("AZMYSQL-HA-OFF", { high_availability: { mode: "SameZone" } }, {})
  .update("AZMYSQL-HA-REBUILT", zoneRedundant, {
    zone: "1",
    high_availability: { mode: "ZoneRedundant", standby_availability_zone: "3" },
  })
  .update("AZMYSQL-ZONE AZMYSQL-HA-REBUILT", zoneRedundant, {
    zone: "2",
    high_availability: { mode: "ZoneRedundant", standby_availability_zone: "1" },
  })
  .update("AZMYSQL-VERSION-UP", {}, { version: "8.4" })
  .update("AZMYSQL-VERSION-OLDER", {}, { version: "5.7" })
  .update("AZMYSQL-SKU-SMALLER", {}, { sku_name: "GP_Standard_D2ds_v4" })
  .update("AZMYSQL-SKU-LARGER", {}, { sku_name: "GP_Standard_D8ds_v4" })
  .update("AZMYSQL-SKU", {}, { sku_name: "GP_Standard_D4ads_v5" })
  .update("AZMYSQL-SKU-BURSTABLE", {}, { sku_name: "B_Standard_B2ms" })
  .update("AZMYSQL-STORAGE-LARGER", storage({}), storage({ size_gb: 256 }))
  .update("AZMYSQL-IO", storage({ iops: 1000 }), storage({ iops: 2000 }))
  .update("AZMYSQL-AUTOGROW-OFF", storage({ auto_grow_enabled: true }), storage({ auto_grow_enabled: false }))
  .update("AZMYSQL-AUTOGROW-ON", storage({ auto_grow_enabled: false }), storage({ auto_grow_enabled: true }))
  .update(
    "AZMYSQL-LOG-ON-DISK",
    storage({ log_on_disk_enabled: false }),
    storage({ log_on_disk_enabled: true }),
  )
  .update("AZMYSQL-RETENTION-SHORTER", {}, { backup_retention_days: 7 })
  .update("AZMYSQL-RETENTION-LONGER", {}, { backup_retention_days: 35 })
  .update("AZMYSQL-PUBLIC", { public_network_access: "Disabled" }, { public_network_access: "Enabled" })
  .update("AZMYSQL-PRIVATE", { public_network_access: "Enabled" }, { public_network_access: "Disabled" })
  .update("AZMYSQL-PASSWORD", {}, { administrator_password_wo_version: 2 })
  .update(
    "AZMYSQL-REPLICA-PROMOTED",
    { create_mode: "Replica", source_server_id: MYSQL },
    { create_mode: "Replica", source_server_id: MYSQL, replication_role: "None" },
  )
  .update(
    "AZMYSQL-KEY",
    { identity: { type: "UserAssigned", identity_ids: [IDENTITY] } },
    { identity: { type: "UserAssigned", identity_ids: [`${IDENTITY}b`] } },
  )
  .update("AZMYSQL-HARMLESS", { tags: { a: "1" } }, { tags: { a: "2" } });
const myParameter = new PairsOf("azurerm_mysql_flexible_server_configuration", {
  server_name: "a1",
  resource_group_name: "g",
});
myParameter
  .update(
    "AZMYSQL-PARAMETER",
    { name: "max_connections", value: "100" },
    { name: "max_connections", value: "200" },
  )
  .update(
    "AZMYSQL-PARAMETER AZMYSQL-TLS-OPTIONAL",
    { name: "require_secure_transport", value: "ON" },
    { name: "require_secure_transport", value: "OFF" },
  )
  .destroy("AZMYSQL-PARAMETER-RESET", { name: "max_connections", value: "100" });
const myDatabase = new PairsOf("azurerm_mysql_flexible_database", {
  name: "a",
  server_name: "a1",
  resource_group_name: "g",
  charset: "utf8mb4",
  collation: "utf8mb4_general_ci",
});
myDatabase
  .destroy("AZMYSQL-DATABASE-DROPPED")
  .replacedBy("AZMYSQL-DATABASE-DROPPED", {}, { name: "b", charset: "latin1", collation: "latin1_bin" });

const account = new PairsOf("azurerm_storage_account", {
  name: "storagea",
  ...place,
  account_tier: "Standard",
  account_replication_type: "GRS",
});
const blobs = (own: object) => ({ blob_properties: own });
account
  .destroy("AZSTORAGE-DELETED")
  .replacedBy(
    "AZSTORAGE-DELETED",
    {},
    {
      name: "storageb",
      resource_group_name: "h",
      location: "northeurope",
      account_tier: "Premium",
      is_hns_enabled: true,
      infrastructure_encryption_enabled: true,
    },
  )
  .replace("AZSTORAGE-DELETED AZSTORAGE-REDUNDANCY-REPLACES", {}, { account_replication_type: "ZRS" })
  .update("AZSTORAGE-REDUNDANCY-LESS", {}, { account_replication_type: "LRS" })
  .update("AZSTORAGE-REDUNDANCY-MORE", { account_replication_type: "LRS" }, {})
  .update(
    "AZSTORAGE-RETENTION-SHORTER",
    blobs({ delete_retention_policy: { days: 30 } }),
    blobs({ delete_retention_policy: { days: 7 } }),
  )
  .update(
    "AZSTORAGE-RETENTION-LONGER",
    blobs({ delete_retention_policy: { days: 7 } }),
    blobs({ delete_retention_policy: { days: 30 } }),
  )
  .update(
    "AZSTORAGE-SOFT-DELETE-OFF",
    blobs({ versioning_enabled: true, delete_retention_policy: { days: 30 } }),
    blobs({ versioning_enabled: true }),
  )
  .update(
    "AZSTORAGE-VERSIONING-OFF",
    blobs({ versioning_enabled: true }),
    blobs({ versioning_enabled: false }),
  )
  .update(
    "AZSTORAGE-VERSIONING-ON",
    blobs({ versioning_enabled: false }),
    blobs({ versioning_enabled: true }),
  )
  .update("AZSTORAGE-KEYS-ON", { shared_access_key_enabled: false }, { shared_access_key_enabled: true })
  .update("AZSTORAGE-KEYS-OFF", { shared_access_key_enabled: true }, { shared_access_key_enabled: false })
  .update(
    "AZSTORAGE-ANONYMOUS-ALLOWED",
    { allow_nested_items_to_be_public: false },
    { allow_nested_items_to_be_public: true },
  )
  .update(
    "AZSTORAGE-ANONYMOUS-REFUSED",
    { allow_nested_items_to_be_public: true },
    { allow_nested_items_to_be_public: false },
  )
  .update("AZSTORAGE-KIND", { account_kind: "Storage" }, { account_kind: "StorageV2" })
  .update("AZSTORAGE-SAS-LIMIT-OFF", { sas_policy: { expiration_period: "01.00:00:00" } }, {})
  .update(
    "AZSTORAGE-SAS-LIMIT",
    { sas_policy: { expiration_period: "01.00:00:00" } },
    { sas_policy: { expiration_period: "00.01:00:00" } },
  )
  .update("AZSTORAGE-LOCAL-USERS-ON", { local_user_enabled: false }, { local_user_enabled: true })
  .update("AZSTORAGE-LOCAL-USERS-OFF", { local_user_enabled: true }, { local_user_enabled: false })
  .update(
    "AZSTORAGE-OTHER-TENANTS-ON",
    { cross_tenant_replication_enabled: false },
    { cross_tenant_replication_enabled: true },
  )
  .update(
    "AZSTORAGE-OTHER-TENANTS-OFF",
    { cross_tenant_replication_enabled: true },
    { cross_tenant_replication_enabled: false },
  )
  .update("AZSTORAGE-TLS-OLDER", { min_tls_version: "TLS1_2" }, { min_tls_version: "TLS1_0" })
  .update(
    "AZSTORAGE-TLS-REQUIRED",
    { https_traffic_only_enabled: false },
    { https_traffic_only_enabled: true },
  )
  .update(
    "AZSTORAGE-TLS-OPTIONAL",
    { https_traffic_only_enabled: true },
    { https_traffic_only_enabled: false },
  )
  .update(
    "AZSTORAGE-PUBLIC",
    { public_network_access_enabled: false },
    { public_network_access_enabled: true },
  )
  .update(
    "AZSTORAGE-PRIVATE",
    { public_network_access_enabled: true },
    { public_network_access_enabled: false },
  )
  .update(
    "AZSTORAGE-FIREWALL-OFF AZSTORAGE-FIREWALL",
    { network_rules: { default_action: "Deny" } },
    { network_rules: { default_action: "Allow" } },
  )
  .update(
    "AZSTORAGE-FIREWALL",
    { network_rules: { default_action: "Deny", ip_rules: ["192.0.2.1"] } },
    { network_rules: { default_action: "Deny", ip_rules: ["192.0.2.2"] } },
  )
  .update(
    "AZSTORAGE-KEY",
    { identity: { type: "UserAssigned", identity_ids: [IDENTITY] } },
    { identity: { type: "UserAssigned", identity_ids: [`${IDENTITY}b`] } },
  )
  .update("AZSTORAGE-TIER", { access_tier: "Hot" }, { access_tier: "Cool" })
  .update("AZSTORAGE-HARMLESS", { tags: { a: "1" } }, { tags: { a: "2" } });
const ACCOUNT = ID("Microsoft.Storage/storageAccounts", "storagea");
const immutable = (
  state: string,
  period_since_creation_in_days: number,
  allow_protected_append_writes = false,
) => ({
  immutability_policy: { state, period_since_creation_in_days, allow_protected_append_writes },
});
const shares = (own: object) => ({ share_properties: own });
const queues = (own: object) => ({ queue_properties: own });
const metrics = (retention_policy_days: number) =>
  queues({ hour_metrics: { enabled: true, version: "1.0", retention_policy_days } });
account
  .update("AZSTORAGE-IMMUTABLE-OFF", immutable("Unlocked", 7), immutable("Disabled", 7))
  .update("AZSTORAGE-IMMUTABLE-ON", immutable("Disabled", 7), immutable("Unlocked", 7))
  .update("AZSTORAGE-IMMUTABLE-LOCKED", immutable("Unlocked", 7), immutable("Locked", 7))
  .update("AZSTORAGE-IMMUTABLE-SHORTER", immutable("Unlocked", 30), immutable("Unlocked", 7))
  .update("AZSTORAGE-IMMUTABLE-LONGER", immutable("Unlocked", 7), immutable("Unlocked", 30))
  .update("AZSTORAGE-IMMUTABLE-APPEND", immutable("Unlocked", 7), immutable("Unlocked", 7, true))
  .update(
    "AZSTORAGE-SHARES-KEPT-SHORTER",
    shares({ retention_policy: { days: 30 } }),
    shares({ retention_policy: { days: 7 } }),
  )
  .update(
    "AZSTORAGE-SHARES-KEPT-LONGER",
    shares({ retention_policy: { days: 7 } }),
    shares({ retention_policy: { days: 30 } }),
  )
  .update(
    "AZSTORAGE-SMB",
    shares({ smb: { versions: ["SMB3.1.1"] } }),
    shares({ smb: { versions: ["SMB2.1", "SMB3.1.1"] } }),
  )
  .update(
    "AZSTORAGE-FILES-DIRECTORY",
    { azure_files_authentication: { directory_type: "AADKERB" } },
    { azure_files_authentication: { directory_type: "AADDS" } },
  )
  .update("AZSTORAGE-LARGE-SHARES", { large_file_share_enabled: false }, { large_file_share_enabled: true })
  .update("AZSTORAGE-SFTP-ON", { sftp_enabled: false }, { sftp_enabled: true })
  .update("AZSTORAGE-SFTP-OFF", { sftp_enabled: true }, { sftp_enabled: false })
  .update("AZSTORAGE-WEBSITE-ON", {}, { static_website: { index_document: "index.html" } })
  .update("AZSTORAGE-WEBSITE-OFF", { static_website: { index_document: "index.html" } }, {})
  .update(
    "AZSTORAGE-DOMAIN",
    { custom_domain: { name: "a.example" } },
    { custom_domain: { name: "b.example" } },
  )
  .update(
    "AZSTORAGE-ROUTING",
    { routing: { choice: "MicrosoftRouting" } },
    { routing: { choice: "InternetRouting" } },
  )
  .update("AZSTORAGE-COPIES-ANYWHERE", { allowed_copy_scope: "AAD" }, {})
  .update("AZSTORAGE-COPIES-RESTRICTED", {}, { allowed_copy_scope: "AAD" })
  .update(
    "AZSTORAGE-SERVICE-VERSION",
    blobs({ default_service_version: "2020-06-12" }),
    blobs({ default_service_version: "2021-12-02" }),
  )
  .update("AZSTORAGE-QUEUE-LOGS", metrics(30), metrics(7))
  .update(
    "AZSTORAGE-SETTINGS-HARMLESS",
    { static_website: { index_document: "index.html" } },
    { static_website: { index_document: "start.html" } },
  );
const immutability = new PairsOf("azurerm_storage_container_immutability_policy", {
  storage_container_resource_manager_id: `${ACCOUNT}/blobServices/default/containers/a`,
  immutability_period_in_days: 14,
});
immutability
  .update("AZIMMUTABLE-SHORTER", {}, { immutability_period_in_days: 7 })
  .update("AZIMMUTABLE-SHORTER-REFUSED", { locked: true }, { locked: true, immutability_period_in_days: 7 })
  .update("AZIMMUTABLE-LONGER", {}, { immutability_period_in_days: 30 })
  .update("AZIMMUTABLE-LOCKED", { locked: false }, { locked: true })
  .update(
    "AZIMMUTABLE-APPEND",
    { protected_append_writes_enabled: false },
    { protected_append_writes_enabled: true },
  )
  .destroy("AZIMMUTABLE-REMOVED")
  .destroy("AZIMMUTABLE-REMOVAL-REFUSED", { locked: true })
  .replacedBy(
    "AZIMMUTABLE-REMOVED",
    {},
    { storage_container_resource_manager_id: `${ACCOUNT}/blobServices/default/containers/b` },
  );
const container = new PairsOf("azurerm_storage_container", {
  name: "container-a",
  storage_account_id: ACCOUNT,
});
container
  .destroy("AZSTORAGE-CONTAINER-DELETED")
  .replacedBy(
    "AZSTORAGE-CONTAINER-DELETED",
    { default_encryption_scope: "a" },
    { name: "container-b", storage_account_id: `${ACCOUNT}b`, default_encryption_scope: "b" },
  )
  .update(
    "AZSTORAGE-CONTAINER-PUBLIC",
    { container_access_type: "private" },
    { container_access_type: "blob" },
  )
  .update(
    "AZSTORAGE-CONTAINER-PRIVATE",
    { container_access_type: "blob" },
    { container_access_type: "private" },
  )
  .update(
    "AZSTORAGE-CONTAINER-ACCOUNT",
    { storage_account_id: null, storage_account_name: "storagea" },
    { storage_account_id: ACCOUNT },
  )
  .update("AZSTORAGE-CONTAINER-HARMLESS", { metadata: { a: "1" } }, { metadata: { a: "2" } });
const blob = new PairsOf("azurerm_storage_blob", {
  name: "a",
  storage_account_name: "storagea",
  storage_container_name: "a",
  type: "Block",
  source_content: "a",
});
blob
  .destroy("AZSTORAGE-BLOB-DELETED")
  .replacedBy("AZSTORAGE-BLOB-DELETED", {}, { name: "b", source_content: "b" });
const expiry = (days: number, enabled = true, name = "a") => ({
  name,
  enabled,
  filters: { blob_types: ["blockBlob"] },
  actions: { base_blob: { delete_after_days_since_modification_greater_than: days } },
});
const lifecycle = new PairsOf("azurerm_storage_management_policy", { storage_account_id: ACCOUNT });
lifecycle
  .update("AZSTORAGE-EXPIRY-SHORTER", { rule: [expiry(365)] }, { rule: [expiry(7)] })
  .update("AZSTORAGE-EXPIRY-LONGER", { rule: [expiry(7)] }, { rule: [expiry(365)] })
  .update("AZSTORAGE-EXPIRY-ADDED", { rule: [expiry(365)] }, { rule: [expiry(365), expiry(7, true, "b")] })
  .update("AZSTORAGE-EXPIRY-ENABLED", { rule: [expiry(7, false)] }, { rule: [expiry(7)] })
  .destroy("AZSTORAGE-EXPIRY-REMOVED", { rule: [expiry(7)] });
const rules = new PairsOf("azurerm_storage_account_network_rules", {
  storage_account_id: ACCOUNT,
  default_action: "Deny",
});
rules
  .update("AZSTORAGE-RULES-OPEN", {}, { default_action: "Allow" })
  .update("AZSTORAGE-RULES", { ip_rules: ["192.0.2.1"] }, { ip_rules: ["192.0.2.2"] })
  .destroy("AZSTORAGE-RULES-REMOVED");

const registry = new PairsOf("azurerm_container_registry", { name: "registrya", ...place, sku: "Premium" });
registry
  .update(
    "ACR-EXPORT-OFF",
    { public_network_access_enabled: false, export_policy_enabled: true },
    { public_network_access_enabled: false, export_policy_enabled: false },
  )
  .update(
    "ACR-EXPORT-ON",
    { public_network_access_enabled: false, export_policy_enabled: false },
    { public_network_access_enabled: false, export_policy_enabled: true },
  );
registry
  .destroy("ACR-DELETED")
  .replacedBy(
    "ACR-DELETED",
    {},
    { name: "registryb", location: "northeurope", zone_redundancy_enabled: true },
  )
  .update("ACR-SKU", {}, { sku: "Standard" })
  .update("ACR-DATA-ENDPOINT", { data_endpoint_enabled: false }, { data_endpoint_enabled: true })
  .update("ACR-ADMIN-ON", { admin_enabled: false }, { admin_enabled: true })
  .update("ACR-ADMIN-OFF", { admin_enabled: true }, { admin_enabled: false })
  .update("ACR-ANONYMOUS", { anonymous_pull_enabled: false }, { anonymous_pull_enabled: true })
  .update("ACR-PUBLIC", { public_network_access_enabled: false }, { public_network_access_enabled: true })
  .update("ACR-PRIVATE", { public_network_access_enabled: true }, { public_network_access_enabled: false })
  .update("ACR-RETENTION", { retention_policy_in_days: 30 }, { retention_policy_in_days: 7 })
  .update(
    "ACR-REPLICA-REMOVED",
    { georeplications: [{ location: "northeurope" }, { location: "francecentral" }] },
    { georeplications: [{ location: "northeurope" }] },
  )
  .update("ACR-HARMLESS", { tags: { a: "1" } }, { tags: { a: "2" } });

const vault = new PairsOf("azurerm_key_vault", {
  name: "vault-a",
  ...place,
  tenant_id: UUID,
  sku_name: "standard",
});
const accessPolicy = (...key_permissions: string[]) => ({
  tenant_id: UUID,
  object_id: UUID,
  application_id: null,
  key_permissions,
  secret_permissions: [],
  certificate_permissions: [],
  storage_permissions: [],
});
const acls = (own: object) => ({ network_acls: { bypass: "AzureServices", default_action: "Deny", ...own } });
vault
  .destroy("KEYVAULT-DELETED")
  .replacedBy("KEYVAULT-DELETED", {}, { name: "vault-b", location: "northeurope", resource_group_name: "h" })
  .update(
    "KEYVAULT-PURGE-PROTECTION-OFF",
    { purge_protection_enabled: true },
    { purge_protection_enabled: false },
  )
  .update(
    "KEYVAULT-PURGE-PROTECTION-ON",
    { purge_protection_enabled: false },
    { purge_protection_enabled: true },
  )
  .update("KEYVAULT-RETENTION", { soft_delete_retention_days: 90 }, { soft_delete_retention_days: 7 })
  .update(
    "KEYVAULT-PUBLIC",
    { public_network_access_enabled: false },
    { public_network_access_enabled: true },
  )
  .update(
    "KEYVAULT-PRIVATE",
    { public_network_access_enabled: true },
    { public_network_access_enabled: false },
  )
  .update("KEYVAULT-FIREWALL-OFF KEYVAULT-FIREWALL", acls({}), acls({ default_action: "Allow" }))
  .update("KEYVAULT-FIREWALL", acls({ ip_rules: ["192.0.2.1"] }), acls({ ip_rules: ["192.0.2.2"] }))
  .update(
    "KEYVAULT-AUTHORIZATION",
    { rbac_authorization_enabled: false },
    { rbac_authorization_enabled: true },
  )
  .update(
    "KEYVAULT-ACCESS-POLICIES",
    { access_policy: [accessPolicy("Get")] },
    { access_policy: [accessPolicy("Get", "List")] },
  )
  .update("KEYVAULT-HARMLESS", { tags: { a: "1" } }, { tags: { a: "2" } });
const VAULT = ID("Microsoft.KeyVault/vaults", "vault-a");
const key = new PairsOf("azurerm_key_vault_key", {
  name: "a",
  key_vault_id: VAULT,
  key_type: "RSA",
  key_size: 2048,
  key_opts: ["wrapKey", "unwrapKey"],
});
key
  .destroy("KEYVAULT-KEY-DELETED")
  .replacedBy(
    "KEYVAULT-KEY-DELETED",
    { expiration_date: "2027-01-01T00:00:00Z" },
    { name: "b", key_vault_id: `${VAULT}b`, key_type: "RSA-HSM", key_size: 4096, expiration_date: undefined },
  )
  .update("KEYVAULT-KEY-EXPIRES", {}, { expiration_date: "2027-01-01T00:00:00Z" })
  .update("KEYVAULT-KEY-OPERATIONS", {}, { key_opts: ["wrapKey"] })
  .update("KEYVAULT-KEY-MORE", {}, { key_opts: ["wrapKey", "unwrapKey", "sign"] })
  .update("KEYVAULT-KEY-HARMLESS", { tags: { a: "1" } }, { tags: { a: "2" } });
const secret = new PairsOf("azurerm_key_vault_secret", {
  name: "a",
  key_vault_id: VAULT,
  value_wo: "a",
  value_wo_version: 1,
});
secret
  .destroy("KEYVAULT-SECRET-DELETED")
  .replacedBy("KEYVAULT-SECRET-DELETED", {}, { name: "b", key_vault_id: `${VAULT}b` })
  .update("KEYVAULT-SECRET-VALUE", {}, { value_wo_version: 2 })
  .update("KEYVAULT-SECRET-EXPIRES", {}, { expiration_date: "2027-01-01T00:00:00Z" })
  .update("KEYVAULT-SECRET-HARMLESS", { content_type: "a" }, { content_type: "b" });
const access = new PairsOf("azurerm_key_vault_access_policy", {
  key_vault_id: VAULT,
  tenant_id: UUID,
  object_id: UUID,
  key_permissions: ["Get", "List"],
});
access
  .destroy("KEYVAULT-ACCESS-REMOVED")
  .replacedBy("KEYVAULT-ACCESS-REMOVED", {}, { object_id: "00000000-0000-0000-0000-000000000002" })
  .update("KEYVAULT-ACCESS-LESS", {}, { key_permissions: ["Get"] })
  .update("KEYVAULT-ACCESS-MORE", {}, { key_permissions: ["Get", "List", "Create"] });

const endpoint = new PairsOf("azurerm_private_endpoint", {
  name: "a",
  ...place,
  subnet_id: ID("Microsoft.Network/virtualNetworks", "v/subnets/a"),
  private_service_connection: {
    name: "a",
    is_manual_connection: false,
    private_connection_resource_id: PG,
    subresource_names: ["postgresqlServer"],
  },
});
const group = (zone: string) => ({
  private_dns_zone_group: {
    name: "a",
    private_dns_zone_ids: [ID("Microsoft.Network/privateDnsZones", zone)],
  },
});
endpoint
  .destroy("PRIVATE-ENDPOINT-DELETED")
  .replacedBy(
    "PRIVATE-ENDPOINT-DELETED",
    {},
    { name: "b", subnet_id: ID("Microsoft.Network/virtualNetworks", "v/subnets/b") },
  )
  .update("PRIVATE-ENDPOINT-DNS", group("a.example"), group("b.example"));
const zone = new PairsOf("azurerm_private_dns_zone", { name: "a.example", resource_group_name: "g" });
zone.destroy("PRIVATE-DNS-DELETED").replacedBy("PRIVATE-DNS-DELETED", {}, { name: "b.example" });
const link = new PairsOf("azurerm_private_dns_zone_virtual_network_link", {
  name: "a",
  resource_group_name: "g",
  private_dns_zone_name: "a.example",
  virtual_network_id: ID("Microsoft.Network/virtualNetworks", "v"),
});
link.replacedBy(
  "PRIVATE-DNS-DELETED",
  {},
  {
    name: "b",
    private_dns_zone_name: "b.example",
    virtual_network_id: ID("Microsoft.Network/virtualNetworks", "w"),
  },
);
const subnet = new PairsOf("azurerm_subnet", {
  name: "a",
  resource_group_name: "g",
  virtual_network_name: "v",
  address_prefixes: ["10.0.0.0/24", "10.0.1.0/24"],
});
subnet
  .destroy("AZNETWORK-DELETED")
  .replacedBy("AZNETWORK-DELETED", {}, { name: "b" })
  .update("AZNETWORK-SMALLER", {}, { address_prefixes: ["10.0.0.0/24"] });
const firewall = new PairsOf("azurerm_postgresql_flexible_server_firewall_rule", {
  name: "a",
  server_id: PG,
  start_ip_address: "192.0.2.1",
  end_ip_address: "192.0.2.1",
});
firewall
  .create("AZFIREWALL-OPEN", { start_ip_address: "0.0.0.0", end_ip_address: "0.0.0.0" })
  .update(
    "AZFIREWALL-OPEN AZFIREWALL-CHANGED",
    {},
    { start_ip_address: "0.0.0.0", end_ip_address: "255.255.255.255" },
  )
  .update("AZFIREWALL-CHANGED", {}, { end_ip_address: "192.0.2.9" })
  .destroy("AZFIREWALL-REMOVED");
const security = new PairsOf("azurerm_network_security_rule", {
  name: "a",
  resource_group_name: "g",
  network_security_group_name: "n",
  priority: 100,
  direction: "Inbound",
  access: "Allow",
  protocol: "Tcp",
  source_port_range: "*",
  destination_port_range: "5432",
  destination_address_prefix: "*",
  source_address_prefix: "10.0.0.0/8",
});
security
  .create("NSG-OPEN-TO-INTERNET", { source_address_prefix: "*" })
  .create("NSG-OPEN-TO-INTERNET", {
    source_address_prefix: undefined,
    source_address_prefixes: ["10.0.0.0/8", "0.0.0.0/0"],
  })
  .update("NSG-OPEN-TO-INTERNET", {}, { source_address_prefix: "Internet" })
  .destroy("NSG-RULE-REMOVED");
const inlineRule = (more: object) => ({
  name: "a",
  description: "",
  priority: 100,
  direction: "Inbound",
  access: "Allow",
  protocol: "Tcp",
  source_port_range: "*",
  source_port_ranges: [],
  destination_port_range: "5432",
  destination_port_ranges: [],
  destination_address_prefix: "*",
  destination_address_prefixes: [],
  destination_application_security_group_ids: [],
  source_address_prefix: "10.0.0.0/8",
  source_address_prefixes: [],
  source_application_security_group_ids: [],
  ...more,
});
const denied = inlineRule({ name: "b", priority: 200, access: "Deny", source_address_prefix: "*" });
const securityGroup = new PairsOf("azurerm_network_security_group", {
  name: "n",
  ...place,
  security_rule: [inlineRule({}), denied],
});
securityGroup
  .create("NSG-INLINE-OPEN-TO-INTERNET", {
    security_rule: [inlineRule({ source_address_prefix: "Internet" })],
  })
  .create("", {})
  .update(
    "NSG-INLINE-OPEN-TO-INTERNET",
    {},
    {
      security_rule: [
        inlineRule({ source_address_prefix: "", source_address_prefixes: ["10.0.0.0/8", "0.0.0.0/0"] }),
        denied,
      ],
    },
  )
  .update(
    "NSG-INLINE-OPEN-TO-INTERNET",
    { security_rule: [inlineRule({ source_address_prefix: "*", destination_port_range: "443" })] },
    { security_rule: [inlineRule({ source_address_prefix: "*" })] },
  )
  .update("NSG-INLINE-RULE", {}, { security_rule: [inlineRule({ destination_port_range: "5433" }), denied] })
  .update("NSG-INLINE-RULE", {}, { security_rule: [inlineRule({})] })
  .destroy("NSG-DELETED");
const role = new PairsOf("azurerm_role_assignment", {
  scope: VAULT,
  role_definition_name: "Key Vault Crypto Service Encryption User",
  principal_id: UUID,
});
role
  .destroy("ROLE-ASSIGNMENT-REMOVED")
  .replacedBy("ROLE-ASSIGNMENT-REMOVED", {}, { scope: `${VAULT}b`, role_definition_name: "Reader" });
const resourceGroup = new PairsOf("azurerm_resource_group", { name: "a", location: "westeurope" });
resourceGroup
  .destroy("RESOURCE-GROUP-DELETED")
  .update("RESOURCE-GROUP-LABELS", { tags: { a: "1" } }, { tags: { a: "2" } });
const lock = new PairsOf("azurerm_management_lock", { name: "a", scope: PG, lock_level: "CanNotDelete" });
lock.destroy("LOCK-REMOVED").replacedBy("LOCK-REMOVED", {}, { lock_level: "ReadOnly" });
const identity = new PairsOf("azurerm_user_assigned_identity", { name: "a", ...place });
identity.destroy("IDENTITY-DELETED").replacedBy("IDENTITY-DELETED", {}, { name: "b" });
const federated = new PairsOf("azurerm_federated_identity_credential", {
  name: "a",
  resource_group_name: "g",
  parent_id: IDENTITY,
  issuer: "https://issuer.example/",
  audience: ["api://AzureADTokenExchange"],
  subject: "system:serviceaccount:a:a",
});
federated.update("IDENTITY-SUBJECT", {}, { subject: "system:serviceaccount:b:b" });
const backupVault = new PairsOf("azurerm_data_protection_backup_vault", {
  name: "vault-a",
  ...place,
  datastore_type: "VaultStore",
  redundancy: "GeoRedundant",
});
backupVault
  .destroy("AZBACKUP-VAULT-DELETED")
  .replacedBy(
    "AZBACKUP-VAULT-DELETED",
    {},
    { name: "vault-b", redundancy: "LocallyRedundant", datastore_type: "OperationalStore" },
  )
  .update("AZBACKUP-VAULT-PROTECTION", { soft_delete: "On" }, { soft_delete: "Off" })
  .update("AZBACKUP-VAULT-HARMLESS", { tags: { a: "1" } }, { tags: { a: "2" } });
const POLICY = ID("Microsoft.DataProtection/backupVaults", "vault-a/backupPolicies/a");
const backup = new PairsOf("azurerm_data_protection_backup_instance_postgresql_flexible_server", {
  name: "a",
  location: "westeurope",
  vault_id: ID("Microsoft.DataProtection/backupVaults", "vault-a"),
  server_id: PG,
  backup_policy_id: POLICY,
});
backup
  .destroy("AZBACKUP-STOPPED")
  .replacedBy("AZBACKUP-STOPPED", {}, { name: "b", server_id: `${PG}b` })
  .update("AZBACKUP-POLICY", {}, { backup_policy_id: `${POLICY}b` });

const disk = new PairsOf("azurerm_managed_disk", {
  name: "a",
  ...place,
  storage_account_type: "Premium_LRS",
  create_option: "Empty",
  disk_size_gb: 64,
});
disk
  .destroy("DATA-DELETED")
  .replacedBy("DATA-DELETED", {}, { name: "b", zone: "1" })
  .update("AZUREDISK-LARGER", {}, { disk_size_gb: 128 })
  .update("AZUREDISK-SMALLER", {}, { disk_size_gb: 32 })
  .update("AZUREDISK-SHUTDOWN", {}, { storage_account_type: "StandardSSD_LRS" })
  .update("AZUREDISK-SHUTDOWN", { tier: "P10" }, { tier: "P20" })
  .update("AZUREDISK-OPEN", { network_access_policy: "DenyAll" }, { network_access_policy: "AllowAll" })
  .update(
    "AZUREDISK-PUBLIC",
    { public_network_access_enabled: false },
    { public_network_access_enabled: true },
  );
const nodes = (own: object) => ({
  default_node_pool: { name: "a", vm_size: "Standard_D2s_v5", node_count: 2, ...own },
});
const ranges = (...authorized_ip_ranges: string[]) => ({
  api_server_access_profile: { authorized_ip_ranges },
});
const cluster = new PairsOf("azurerm_kubernetes_cluster", {
  name: "a",
  ...place,
  dns_prefix: "a",
  identity: { type: "SystemAssigned" },
  ...nodes({}),
});
const nodePool = new PairsOf("azurerm_kubernetes_cluster_node_pool", {
  name: "a",
  kubernetes_cluster_id: ID("Microsoft.ContainerService/managedClusters"),
  vm_size: "Standard_D2s_v5",
});
nodePool.destroy("AKS-NODES-DELETED").replace("AKS-NODES-DELETED", {}, { name: "b" });
const machine = new PairsOf("azurerm_linux_virtual_machine", {
  name: "a",
  ...place,
  size: "Standard_D2s_v5",
  admin_username: "dbadmin",
  network_interface_ids: [ID("Microsoft.Network/networkInterfaces")],
  os_disk: { caching: "ReadWrite", storage_account_type: "Premium_LRS" },
  source_image_id: ID("Microsoft.Compute/images"),
});
machine.update("AZUREVM-SIZE", {}, { size: "Standard_D4s_v5" });
cluster
  .destroy("DATA-DELETED")
  .update("AKS-VERSION-UP", { kubernetes_version: "1.32" }, { kubernetes_version: "1.33" })
  .update("AKS-VERSION-UP", nodes({ orchestrator_version: "1.32" }), nodes({ orchestrator_version: "1.33" }))
  .update("AKS-NODES-CYCLED", {}, nodes({ vm_size: "Standard_D4s_v5" }))
  .update("AKS-API-OPEN", ranges("192.0.2.0/24"), {})
  .update("AKS-API-OPEN", ranges("192.0.2.0/24"), ranges("0.0.0.0/0"))
  .update("AKS-API-TO-MORE", ranges("192.0.2.0/24"), ranges("192.0.2.0/24", "198.51.100.0/24"))
  .update("AKS-API-LIMITED", {}, ranges("192.0.2.0/24"))
  .update("AKS-LOCAL-ACCOUNTS", { local_account_disabled: true }, { local_account_disabled: false })
  .update("AKS-LOCAL-ACCOUNTS-OFF", { local_account_disabled: false }, { local_account_disabled: true })
  .update("AKS-TIER-FREE", { sku_tier: "Standard" }, { sku_tier: "Free" })
  .update("AKS-TIER", { sku_tier: "Free" }, { sku_tier: "Standard" })
  .update("AKS-PODS-WITHOUT", { workload_identity_enabled: true }, { workload_identity_enabled: false })
  .update("AKS-POLICY-OFF", { azure_policy_enabled: true }, { azure_policy_enabled: false });

/** The pairs of the azurerm provider. */
export const AZURE_PAIRS: readonly RulePair[] = [
  postgres,
  parameter,
  pgDatabase,
  pgBackup,
  mysql,
  myParameter,
  myDatabase,
  account,
  container,
  immutability,
  blob,
  lifecycle,
  rules,
  registry,
  vault,
  key,
  secret,
  access,
  endpoint,
  zone,
  link,
  subnet,
  firewall,
  security,
  securityGroup,
  role,
  resourceGroup,
  lock,
  identity,
  federated,
  backupVault,
  backup,
  disk,
  cluster,
  nodePool,
  machine,
].flatMap(({ pairs }) => pairs);
