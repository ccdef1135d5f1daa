/** Pairs of the google provider, one at least for each rule. */
import { PairsOf, type RulePair } from "./rule-pairs";

const NETWORK = "projects/p/global/networks/a";
const KEY = "projects/p/locations/europe-west3/keyRings/r/cryptoKeys/a";

/** `settings` with one of its blocks. */
const settings = (own: object) => ({ settings: own });
const networks = (cidr_block: string) => ({
  master_authorized_networks_config: { cidr_blocks: [{ cidr_block }] },
});
const privateEndpoint = (enable_private_endpoint: boolean) => ({
  private_cluster_config: { enable_private_endpoint, enable_private_nodes: true },
});
const addon = (name: string, enabled: boolean) => ({ addons_config: { [name]: { enabled } } });
const backups = (own: object) => settings({ backup_configuration: { enabled: true, ...own } });
const ip = (own: object) =>
  settings({ ip_configuration: { ipv4_enabled: false, private_network: NETWORK, ...own } });
const publicIp = (...values: string[]) =>
  ip({
    ipv4_enabled: true,
    authorized_networks: values.map((value, index) => ({ name: `n${index}`, value })),
  });
const flag = (...flags: [string, string][]) =>
  settings({ database_flags: flags.map(([name, value]) => ({ name, value })) });
const zone = (name: string) => settings({ location_preference: { zone: name } });

const instance = new PairsOf("google_sql_database_instance", {
  name: "a",
  region: "europe-west3",
  database_version: "POSTGRES_16",
  deletion_protection: false,
  settings: { tier: "db-custom-4-16384", disk_size: 100, retain_backups_on_delete: true },
});
instance
  .destroy("CLOUDSQL-DELETED")
  .destroy("CLOUDSQL-DELETED CLOUDSQL-BACKUPS-DELETED", settings({ retain_backups_on_delete: false }))
  .destroy("CLOUDSQL-DELETED CLOUDSQL-DELETION-REFUSED", { deletion_protection: true })
  .forget("FORGOTTEN")
  .replacedBy(
    "CLOUDSQL-REPLACED",
    { encryption_key_name: KEY },
    {
      name: "b",
      region: "europe-west4",
      project: "q",
      encryption_key_name: `${KEY}2`,
      settings: { disk_type: "PD_HDD" },
    },
  )
  .replace("CLOUDSQL-REPLACED", { master_instance_name: "p" }, { master_instance_name: "q" })
  .replace("CLOUDSQL-REPLACED", settings({ collation: "a" }), settings({ collation: "b" }))
  .replace("CLOUDSQL-REPLACED CLOUDSQL-DISK-SMALLER", {}, settings({ disk_size: 50 }))
  .replace(
    "CLOUDSQL-REPLACED CLOUDSQL-NETWORK-REMOVED",
    ip({}),
    ip({ private_network: undefined, ipv4_enabled: true }),
  )
  .update("CLOUDSQL-RESTORED-OVER", {}, { restore_backup_context: { backup_run_id: 1, instance_id: "b" } })
  .update(
    "CLOUDSQL-REPLICA-PROMOTED",
    { instance_type: "READ_REPLICA_INSTANCE" },
    { instance_type: "CLOUD_SQL_INSTANCE" },
  )
  .update("CLOUDSQL-BACKUPS-OFF", backups({}), backups({ enabled: false }))
  .update("CLOUDSQL-BACKUPS-ON", backups({ enabled: false }), backups({}))
  .update(
    "CLOUDSQL-PITR-ON",
    backups({ point_in_time_recovery_enabled: false }),
    backups({ point_in_time_recovery_enabled: true }),
  )
  .update(
    "CLOUDSQL-PITR-OFF",
    backups({ point_in_time_recovery_enabled: true }),
    backups({ point_in_time_recovery_enabled: false }),
  )
  .update(
    "CLOUDSQL-BINARY-LOG",
    backups({ binary_log_enabled: false }),
    backups({ binary_log_enabled: true }),
  )
  .update(
    "CLOUDSQL-RETENTION-SHORTER",
    backups({ transaction_log_retention_days: 7 }),
    backups({ transaction_log_retention_days: 3 }),
  )
  .update(
    "CLOUDSQL-RETENTION-SHORTER",
    backups({ backup_retention_settings: { retained_backups: 30 } }),
    backups({ backup_retention_settings: { retained_backups: 7 } }),
  )
  .update(
    "CLOUDSQL-RETENTION-LONGER",
    backups({ transaction_log_retention_days: 3 }),
    backups({ transaction_log_retention_days: 7 }),
  )
  .update("CLOUDSQL-BACKUP-LOCATION", backups({ location: "eu" }), backups({ location: "us" }))
  .update("CLOUDSQL-CREATION-ONLY", backups({ start_time: "01:00" }), backups({ start_time: "02:00" }))
  .update("CLOUDSQL-DELETION-PROTECTION-OFF", { deletion_protection: true }, { deletion_protection: false })
  .update(
    "CLOUDSQL-DELETION-PROTECTION-OFF",
    settings({ deletion_protection_enabled: true }),
    settings({ deletion_protection_enabled: false }),
  )
  .update("CLOUDSQL-PROTECTION-ON", { deletion_protection: false }, { deletion_protection: true })
  .update("CLOUDSQL-BACKUPS-NOT-KEPT", {}, settings({ retain_backups_on_delete: false }))
  .update("CLOUDSQL-TIER-SMALLER", {}, settings({ tier: "db-custom-2-7680" }))
  .update("CLOUDSQL-TIER-LARGER", {}, settings({ tier: "db-custom-8-32768" }))
  .update("CLOUDSQL-TIER", {}, settings({ tier: "db-custom-8-16384" }))
  .update("CLOUDSQL-EDITION", settings({ edition: "ENTERPRISE" }), settings({ edition: "ENTERPRISE_PLUS" }))
  .update("CLOUDSQL-VERSION-UP", {}, { database_version: "POSTGRES_17" })
  .update("CLOUDSQL-VERSION-OTHER", {}, { database_version: "POSTGRES_15" })
  .update("CLOUDSQL-VERSION-UP", { database_version: "MYSQL_8_0_37" }, { database_version: "MYSQL_8_4" })
  .update(
    "CLOUDSQL-VERSION-MINOR",
    { database_version: "MYSQL_8_0_31" },
    { database_version: "MYSQL_8_0_37" },
  )
  .update("CLOUDSQL-VERSION-MINOR", { database_version: "MYSQL_8_0" }, { database_version: "MYSQL_8_0_37" })
  .update("CLOUDSQL-VERSION-OTHER", { database_version: "MYSQL_8_0" }, { database_version: "POSTGRES_17" })
  .update(
    "CLOUDSQL-HA-ON",
    settings({ availability_type: "ZONAL" }),
    settings({ availability_type: "REGIONAL" }),
  )
  .update(
    "CLOUDSQL-HA-OFF",
    settings({ availability_type: "REGIONAL" }),
    settings({ availability_type: "ZONAL" }),
  )
  .update("CLOUDSQL-ZONE", zone("europe-west3-a"), zone("europe-west3-b"))
  .update(
    "CLOUDSQL-FLAG-REMOVED",
    flag(["max_connections", "200"], ["work_mem", "64000"]),
    flag(["max_connections", "200"]),
  )
  .update("CLOUDSQL-FLAGS", flag(["max_connections", "200"]), flag(["max_connections", "300"]))
  .update("CLOUDSQL-FLAG-DURABILITY CLOUDSQL-FLAGS", flag(["sync_binlog", "1"]), flag(["sync_binlog", "0"]))
  .update("CLOUDSQL-FLAGS", flag(["sync_binlog", "0"]), flag(["sync_binlog", "1"]))
  .update(
    "CLOUDSQL-IAM-LOGIN-OFF CLOUDSQL-FLAGS",
    flag(["cloudsql.iam_authentication", "on"]),
    flag(["cloudsql.iam_authentication", "off"]),
  )
  .update("CLOUDSQL-TIME-ZONE", settings({ time_zone: "UTC" }), settings({ time_zone: "GMT" }))
  .update(
    "CLOUDSQL-QUERY-LENGTH",
    settings({ insights_config: { query_string_length: 1024 } }),
    settings({ insights_config: { query_string_length: 2048 } }),
  )
  .update(
    "CLOUDSQL-INSIGHTS-OFF",
    settings({ insights_config: { query_insights_enabled: true } }),
    settings({ insights_config: { query_insights_enabled: false } }),
  )
  .update(
    "CLOUDSQL-INSIGHTS-ON",
    settings({ insights_config: { query_insights_enabled: false } }),
    settings({ insights_config: { query_insights_enabled: true } }),
  )
  .update(
    "CLOUDSQL-DOMAIN",
    settings({ active_directory_config: { domain: "a.example" } }),
    settings({ active_directory_config: { domain: "b.example" } }),
  )
  .update(
    "CLOUDSQL-MAINTENANCE-VERSION",
    { maintenance_version: "POSTGRES_16_3.R1" },
    { maintenance_version: "POSTGRES_16_4.R1" },
  )
  .update("CLOUDSQL-IP-RANGE", ip({ allocated_ip_range: "a" }), ip({ allocated_ip_range: "b" }))
  .update("CLOUDSQL-DISK-LARGER", {}, settings({ disk_size: 200 }))
  .update(
    "CLOUDSQL-DISK-LIMIT",
    settings({ disk_autoresize_limit: 500 }),
    settings({ disk_autoresize_limit: 200 }),
  )
  .update("CLOUDSQL-DISK-FIXED", settings({ disk_autoresize: true }), settings({ disk_autoresize: false }))
  .update("CLOUDSQL-DISK-GROWS", settings({ disk_autoresize: false }), settings({ disk_autoresize: true }))
  .update("CLOUDSQL-PUBLIC", ip({}), ip({ ipv4_enabled: true }))
  .update("CLOUDSQL-PRIVATE", ip({ ipv4_enabled: true }), ip({}))
  .update("CLOUDSQL-OPEN-TO-INTERNET CLOUDSQL-NETWORKS-MORE", publicIp("192.0.2.1/32"), publicIp("0.0.0.0/0"))
  .update("CLOUDSQL-NETWORKS-MORE", publicIp("192.0.2.1/32"), publicIp("192.0.2.1/32", "192.0.2.2/32"))
  .update("CLOUDSQL-NETWORKS-LESS", publicIp("192.0.2.1/32", "192.0.2.2/32"), publicIp("192.0.2.1/32"))
  .update(
    "CLOUDSQL-PRIVATE-IP-ON",
    settings({ ip_configuration: { ipv4_enabled: true } }),
    settings({ ip_configuration: { ipv4_enabled: true, private_network: NETWORK } }),
  )
  .update("CLOUDSQL-NETWORK-MOVED", ip({}), ip({ private_network: `${NETWORK}b` }))
  .update(
    "CLOUDSQL-TLS-OPTIONAL",
    ip({ ssl_mode: "ENCRYPTED_ONLY" }),
    ip({ ssl_mode: "ALLOW_UNENCRYPTED_AND_ENCRYPTED" }),
  )
  .update(
    "CLOUDSQL-CLIENT-CERTIFICATES-OFF",
    ip({ ssl_mode: "TRUSTED_CLIENT_CERTIFICATE_REQUIRED" }),
    ip({ ssl_mode: "ENCRYPTED_ONLY" }),
  )
  .update(
    "CLOUDSQL-TLS-REQUIRED",
    ip({ ssl_mode: "ALLOW_UNENCRYPTED_AND_ENCRYPTED" }),
    ip({ ssl_mode: "ENCRYPTED_ONLY" }),
  )
  .update(
    "CLOUDSQL-CLIENT-CERTIFICATES",
    ip({ ssl_mode: "ENCRYPTED_ONLY" }),
    ip({ ssl_mode: "TRUSTED_CLIENT_CERTIFICATE_REQUIRED" }),
  )
  .update(
    "CLOUDSQL-CONNECTORS-ONLY",
    settings({ connector_enforcement: "NOT_REQUIRED" }),
    settings({ connector_enforcement: "REQUIRED" }),
  )
  .update(
    "CLOUDSQL-CONNECTORS-OPTIONAL",
    settings({ connector_enforcement: "REQUIRED" }),
    settings({ connector_enforcement: "NOT_REQUIRED" }),
  )
  .update(
    "CLOUDSQL-CERTIFICATE-AUTHORITY",
    ip({ server_ca_mode: "GOOGLE_MANAGED_INTERNAL_CA" }),
    ip({ server_ca_mode: "GOOGLE_MANAGED_CAS_CA" }),
  )
  .update(
    "CLOUDSQL-STOPPED",
    settings({ activation_policy: "ALWAYS" }),
    settings({ activation_policy: "NEVER" }),
  )
  .update(
    "CLOUDSQL-STARTED",
    settings({ activation_policy: "NEVER" }),
    settings({ activation_policy: "ALWAYS" }),
  )
  .update(
    "CLOUDSQL-MAINTENANCE",
    settings({ maintenance_window: { day: 7, hour: 3 } }),
    settings({ maintenance_window: { day: 1, hour: 3 } }),
  )
  .update("CLOUDSQL-ROOT-PASSWORD", { root_password: "not-a-secret-1" }, { root_password: "not-a-secret-2" })
  .update("CLOUDSQL-HARMLESS", settings({ user_labels: { a: "1" } }), settings({ user_labels: { a: "2" } }));

const database = new PairsOf("google_sql_database", { name: "a", instance: "a" });
database
  .destroy("CLOUDSQL-DATABASE-DROPPED")
  .replacedBy("CLOUDSQL-DATABASE-DROPPED", {}, { name: "b", instance: "b" })
  .destroy("CLOUDSQL-DATABASE-ABANDONED", { deletion_policy: "ABANDON" })
  .update("CLOUDSQL-DATABASE-COLLATION", { charset: "UTF8" }, { charset: "LATIN1" })
  .update("CLOUDSQL-DATABASE-PROTECTION-OFF", { deletion_policy: "ABANDON" }, { deletion_policy: "DELETE" })
  .update("CLOUDSQL-DATABASE-PROTECTION-ON", { deletion_policy: "DELETE" }, { deletion_policy: "ABANDON" });
const user = new PairsOf("google_sql_user", { name: "a", instance: "a" });
user
  .destroy("CLOUDSQL-USER-DELETED")
  .destroy("CLOUDSQL-USER-ABANDONED", { deletion_policy: "ABANDON" })
  .replacedBy(
    "CLOUDSQL-USER-DELETED",
    { type: "BUILT_IN", host: "%" },
    { name: "b", instance: "b", host: "10.0.0.1", type: "CLOUD_IAM_USER" },
  )
  .update(
    "CLOUDSQL-USER-PASSWORD",
    { password_wo: "a", password_wo_version: 1 },
    { password_wo: "b", password_wo_version: 2 },
  );
const certificate = new PairsOf("google_sql_ssl_cert", { common_name: "a", instance: "a" });
certificate.replacedBy("CLOUDSQL-CLIENT-CERTIFICATE-DELETED", {}, { common_name: "b" });

const pool = (own: object) => settings({ connection_pool_config: own });
const psc = (own: object) => ip({ psc_config: { psc_enabled: true, ...own } });
const passwords = (own: object) =>
  settings({ password_validation_policy: { enable_password_policy: true, ...own } });
const audit = (retention_interval: string) =>
  settings({ sql_server_audit_config: { bucket: "gs://audit", retention_interval } });
instance
  .update(
    "CLOUDSQL-POOLING-ON",
    pool({ connection_pooling_enabled: false }),
    pool({ connection_pooling_enabled: true }),
  )
  .update(
    "CLOUDSQL-POOLING-OFF",
    pool({ connection_pooling_enabled: true }),
    pool({ connection_pooling_enabled: false }),
  )
  .update(
    "CLOUDSQL-POOLING-OPTIONS",
    pool({ connection_pooling_enabled: true, flags: [{ name: "max_pool_size", value: "10" }] }),
    pool({ connection_pooling_enabled: true, flags: [{ name: "max_pool_size", value: "20" }] }),
  )
  .update(
    "CLOUDSQL-DATA-CACHE",
    settings({ data_cache_config: { data_cache_enabled: true } }),
    settings({ data_cache_config: { data_cache_enabled: false } }),
  )
  .update(
    "CLOUDSQL-THREADS",
    settings({ advanced_machine_features: { threads_per_core: 2 } }),
    settings({ advanced_machine_features: { threads_per_core: 1 } }),
  )
  .update(
    "CLOUDSQL-VERTEX-AI",
    settings({ enable_google_ml_integration: false }),
    settings({ enable_google_ml_integration: true }),
  )
  .update(
    "CLOUDSQL-FOLLOWS-APP-ENGINE",
    settings({ location_preference: { follow_gae_application: "a" } }),
    settings({ location_preference: { follow_gae_application: "b" } }),
  )
  .update("CLOUDSQL-PSC-ON", psc({ psc_enabled: false }), psc({}))
  .update("CLOUDSQL-PSC-OFF", psc({}), psc({ psc_enabled: false }))
  .update(
    "CLOUDSQL-PSC-PROJECTS-MORE",
    psc({ allowed_consumer_projects: ["a"] }),
    psc({ allowed_consumer_projects: ["a", "b"] }),
  )
  .update(
    "CLOUDSQL-PSC-PROJECTS-LESS",
    psc({ allowed_consumer_projects: ["a", "b"] }),
    psc({ allowed_consumer_projects: ["a"] }),
  )
  .update(
    "CLOUDSQL-PSC-ENDPOINTS",
    psc({ psc_auto_connections: [{ consumer_network: NETWORK }] }),
    psc({ psc_auto_connections: [{ consumer_network: `${NETWORK}b` }] }),
  )
  .update(
    "CLOUDSQL-PSC-OUTBOUND",
    psc({ network_attachment_uri: "projects/p/regions/r/networkAttachments/a" }),
    psc({ network_attachment_uri: "projects/p/regions/r/networkAttachments/b" }),
  )
  .update("CLOUDSQL-PASSWORD-POLICY-WEAKER", passwords({ min_length: 16 }), passwords({ min_length: 8 }))
  .update("CLOUDSQL-PASSWORD-POLICY-WEAKER", passwords({ complexity: "COMPLEXITY_DEFAULT" }), passwords({}))
  .update("CLOUDSQL-PASSWORD-POLICY", passwords({ min_length: 8 }), passwords({ min_length: 16 }))
  .update("CLOUDSQL-REPLICATION", { replica_names: ["b"] }, { replica_names: ["c"] })
  .update("CLOUDSQL-NODES-FEWER", { node_count: 3 }, { node_count: 2 })
  .update("CLOUDSQL-NODES-MORE", { node_count: 2 }, { node_count: 3 })
  .update("CLOUDSQL-AUDIT", audit("86400s"), audit("3600s"))
  .update("CLOUDSQL-AUDIT-OFF", audit("86400s"), {})
  .update(
    "CLOUDSQL-FEATURES-HARMLESS",
    settings({ pricing_plan: "PER_USE" }),
    settings({ pricing_plan: "PACKAGE" }),
  );

const bucket = new PairsOf("google_storage_bucket", { name: "bucket-a", location: "EU" });
const rule = (condition: object, type = "Delete") => ({
  action: type === "Delete" ? { type } : { type, storage_class: "COLDLINE" },
  condition,
});
const rules = (...list: object[]) => ({ lifecycle_rule: list });
bucket
  .destroy("GCS-BUCKET-EMPTIED", { force_destroy: true })
  .destroy("GCS-BUCKET-NOT-EMPTY")
  .replacedBy(
    "GCS-BUCKET-NOT-EMPTY",
    { hierarchical_namespace: { enabled: false } },
    { name: "bucket-b", location: "US", project: "q", hierarchical_namespace: { enabled: true } },
  )
  .replace(
    "GCS-BUCKET-NOT-EMPTY GCS-UNLOCK-REPLACES",
    { retention_policy: { retention_period: 86400, is_locked: true } },
    { retention_policy: { retention_period: 86400, is_locked: false } },
  )
  .update("GCS-TURBO-OFF", { rpo: "ASYNC_TURBO" }, { rpo: "DEFAULT" })
  .update("GCS-TURBO-ON", { rpo: "DEFAULT" }, { rpo: "ASYNC_TURBO" })
  .update("GCS-LOGGING-OFF", { logging: { log_bucket: "logs" } }, {})
  .update("GCS-EVENT-HOLD-ON", { default_event_based_hold: false }, { default_event_based_hold: true })
  .update("GCS-EVENT-HOLD-OFF", { default_event_based_hold: true }, { default_event_based_hold: false })
  .update("GCS-REQUESTER-PAYS", { requester_pays: false }, { requester_pays: true })
  .update("GCS-OWNER-PAYS", { requester_pays: true }, { requester_pays: false })
  .update(
    "GCS-IP-FILTER-OFF GCS-IP-FILTER",
    { ip_filter: { mode: "Enabled", public_network_source: { allowed_ip_cidr_ranges: ["192.0.2.0/24"] } } },
    { ip_filter: { mode: "Disabled", public_network_source: { allowed_ip_cidr_ranges: ["192.0.2.0/24"] } } },
  )
  .update(
    "GCS-IP-FILTER",
    { ip_filter: { mode: "Enabled", public_network_source: { allowed_ip_cidr_ranges: ["192.0.2.0/24"] } } },
    { ip_filter: { mode: "Enabled", public_network_source: { allowed_ip_cidr_ranges: ["0.0.0.0/0"] } } },
  )
  .update("GCS-FORCE-DESTROY", { force_destroy: false }, { force_destroy: true })
  .update("GCS-FORCE-DESTROY-OFF", { force_destroy: true }, { force_destroy: false })
  .update("GCS-VERSIONING-OFF", { versioning: { enabled: true } }, { versioning: { enabled: false } })
  .update("GCS-VERSIONING-OFF", { versioning: { enabled: true } }, {})
  .update("GCS-VERSIONING-ON", { versioning: { enabled: false } }, { versioning: { enabled: true } })
  .update("GCS-EXPIRY-SHORTER", rules(rule({ age: 365 })), rules(rule({ age: 7 })))
  .update("GCS-EXPIRY-LONGER", rules(rule({ age: 7 })), rules(rule({ age: 365 })))
  .update(
    "GCS-EXPIRY-ADDED GCS-RULE-ADDED",
    rules(rule({ age: 365 })),
    rules(rule({ age: 365 }), rule({ num_newer_versions: 2 })),
  )
  .update(
    "GCS-RULE-REMOVED",
    rules(rule({ age: 365 }), rule({ num_newer_versions: 2 })),
    rules(rule({ age: 365 })),
  )
  .update("GCS-CLASS-RULE", {}, rules(rule({ age: 30 }, "SetStorageClass")))
  .update(
    "GCS-EXPIRY-OTHER-OBJECTS",
    rules(rule({ age: 30, matches_prefix: ["tmp/"] })),
    rules(rule({ age: 30, matches_prefix: ["a/"] })),
  )
  .update(
    "GCS-RETENTION-LOCKED",
    { retention_policy: { retention_period: 86400 } },
    { retention_policy: { retention_period: 86400, is_locked: true } },
  )
  .update(
    "GCS-RETENTION-SHORTER",
    { retention_policy: { retention_period: 86400 } },
    { retention_policy: { retention_period: 3600 } },
  )
  .update(
    "GCS-RETENTION-LONGER",
    { retention_policy: { retention_period: 3600 } },
    { retention_policy: { retention_period: 86400 } },
  )
  .update(
    "GCS-SOFT-DELETE-SHORTER",
    { soft_delete_policy: { retention_duration_seconds: 2592000 } },
    { soft_delete_policy: { retention_duration_seconds: 604800 } },
  )
  .update(
    "GCS-SOFT-DELETE-LONGER",
    { soft_delete_policy: { retention_duration_seconds: 604800 } },
    { soft_delete_policy: { retention_duration_seconds: 2592000 } },
  )
  .update("GCS-ACLS-ON", { uniform_bucket_level_access: true }, { uniform_bucket_level_access: false })
  .update("GCS-ACLS-OFF", { uniform_bucket_level_access: false }, { uniform_bucket_level_access: true })
  .update(
    "GCS-PUBLIC-ACCESS-ALLOWED",
    { public_access_prevention: "enforced" },
    { public_access_prevention: "inherited" },
  )
  .update(
    "GCS-PUBLIC-ACCESS-PREVENTED",
    { public_access_prevention: "inherited" },
    { public_access_prevention: "enforced" },
  )
  .update(
    "GCS-ENCRYPTION-KEY",
    { encryption: { default_kms_key_name: KEY } },
    { encryption: { default_kms_key_name: `${KEY}2` } },
  )
  .update("GCS-STORAGE-CLASS", { storage_class: "STANDARD" }, { storage_class: "NEARLINE" })
  .update("GCS-HARMLESS", { labels: { a: "1" } }, { labels: { a: "2" } });
const member = new PairsOf("google_storage_bucket_iam_member", {
  bucket: "bucket-a",
  role: "roles/storage.objectViewer",
  member: "user:a@example.com",
});
member
  .destroy("GCS-MEMBER-REMOVED")
  .replacedBy("GCS-MEMBER-REMOVED", {}, { role: "roles/storage.admin" })
  .create("GCS-MEMBER-PUBLIC", { member: "allUsers" });
const binding = new PairsOf("google_storage_bucket_iam_binding", {
  bucket: "bucket-a",
  role: "roles/storage.objectViewer",
  members: ["user:a@example.com"],
});
binding
  .create("GCS-BINDING-PUBLIC", { members: ["allUsers"] })
  .update("GCS-BINDING-PUBLIC", {}, { members: ["user:a@example.com", "allAuthenticatedUsers"] })
  .update("GCS-BINDING-LESS", { members: ["user:a@example.com", "user:b@example.com"] }, {});

const registry = new PairsOf("google_artifact_registry_repository", {
  repository_id: "a",
  location: "europe-west3",
  format: "DOCKER",
});
const cleanup = (id: string) => ({ id, action: "DELETE", condition: { tag_state: "UNTAGGED" } });
registry
  .destroy("ARTIFACTS-DELETED")
  .replacedBy(
    "ARTIFACTS-DELETED",
    { kms_key_name: KEY },
    { repository_id: "b", location: "europe-west4", kms_key_name: `${KEY}2` },
  )
  .update("ARTIFACTS-CLEANUP", {}, { cleanup_policies: [cleanup("a")] })
  .update(
    "ARTIFACTS-CLEANUP-LESS",
    { cleanup_policies: [cleanup("a"), cleanup("b")] },
    { cleanup_policies: [cleanup("a")] },
  )
  .update("ARTIFACTS-CLEANUP-OFF", { cleanup_policy_dry_run: false }, { cleanup_policy_dry_run: true })
  .update(
    "ARTIFACTS-TAGS-IMMUTABLE",
    { docker_config: { immutable_tags: false } },
    { docker_config: { immutable_tags: true } },
  )
  .update("ARTIFACTS-CLEANUP-ON", { cleanup_policy_dry_run: true }, { cleanup_policy_dry_run: false })
  .update(
    "ARTIFACTS-TAGS-MUTABLE",
    { docker_config: { immutable_tags: true } },
    { docker_config: { immutable_tags: false } },
  )
  .update("ARTIFACTS-HARMLESS", { description: "a" }, { description: "b" });
const registryMember = new PairsOf("google_artifact_registry_repository_iam_member", {
  repository: "a",
  role: "roles/artifactregistry.reader",
  member: "user:a@example.com",
});
registryMember
  .destroy("ARTIFACTS-MEMBER-REMOVED")
  .replacedBy("ARTIFACTS-MEMBER-REMOVED", {}, { member: "user:b@example.com" });

const key = new PairsOf("google_kms_crypto_key", {
  name: "a",
  key_ring: "projects/p/locations/europe-west3/keyRings/r",
});
key
  .destroy("GKMS-KEY-DESTROYED")
  .replacedBy(
    "GKMS-KEY-DESTROYED",
    { purpose: "ENCRYPT_DECRYPT", destroy_scheduled_duration: "86400s" },
    {
      name: "b",
      key_ring: "projects/p/locations/europe-west3/keyRings/s",
      purpose: "MAC",
      destroy_scheduled_duration: "172800s",
    },
  )
  .update("GKMS-ROTATION", { rotation_period: "7776000s" }, {})
  .update("GKMS-HARMLESS", { labels: { a: "1" } }, { labels: { a: "2" } });
const ring = new PairsOf("google_kms_key_ring", { name: "a", location: "europe-west3" });
ring.destroy("GKMS-RING-FORGOTTEN").replacedBy("GKMS-RING-FORGOTTEN", {}, { name: "b" });
const keyVersion = new PairsOf("google_kms_crypto_key_version", { crypto_key: KEY });
keyVersion
  .destroy("GKMS-VERSION-DESTROYED")
  .update("GKMS-VERSION-DISABLED", { state: "ENABLED" }, { state: "DISABLED" })
  .update("GKMS-VERSION-ENABLED", { state: "DISABLED" }, { state: "ENABLED" });
const keyMember = new PairsOf("google_kms_crypto_key_iam_member", {
  crypto_key_id: KEY,
  role: "roles/cloudkms.cryptoKeyEncrypterDecrypter",
  member: "user:a@example.com",
});
keyMember
  .destroy("GKMS-MEMBER-REMOVED")
  .replacedBy("GKMS-MEMBER-REMOVED", {}, { role: "roles/cloudkms.viewer" });

const secret = new PairsOf("google_secret_manager_secret", { secret_id: "a", replication: { auto: {} } });
secret
  .destroy("GSECRET-DELETED")
  .replacedBy("GSECRET-DELETED", {}, { secret_id: "b" })
  .update("GSECRET-EXPIRES", {}, { expire_time: "2027-01-01T00:00:00Z" })
  .update("GSECRET-DESTROY-DELAY", { version_destroy_ttl: "86400s" }, {})
  .update("GSECRET-DELETION-PROTECTION-OFF", { deletion_protection: true }, { deletion_protection: false })
  .update("GSECRET-DELETION-PROTECTION-ON", { deletion_protection: false }, { deletion_protection: true })
  .update("GSECRET-HARMLESS", { labels: { a: "1" } }, { labels: { a: "2" } });
const value = new PairsOf("google_secret_manager_secret_version", { secret: "projects/p/secrets/a" });
value
  .replace("GSECRET-VALUE", { secret_data: "a" }, { secret_data: "b" })
  .replace(
    "GSECRET-VALUE",
    { secret_data_wo: "a", secret_data_wo_version: 1 },
    { secret_data_wo: "b", secret_data_wo_version: 2 },
  )
  .update("GSECRET-VALUE-DISABLED", { secret_data: "a", enabled: true }, { secret_data: "a", enabled: false })
  .destroy("GSECRET-VALUE-DESTROYED", { secret_data: "a" });

const connection = new PairsOf("google_service_networking_connection", {
  network: NETWORK,
  service: "servicenetworking.googleapis.com",
  reserved_peering_ranges: ["a", "b"],
});
connection
  .destroy("PSA-DELETED")
  .replacedBy("PSA-DELETED", {}, { network: `${NETWORK}b` })
  .destroy("PSA-ABANDONED", { deletion_policy: "ABANDON" })
  .update("PSA-RANGES-LESS", {}, { reserved_peering_ranges: ["a"] });
const range = new PairsOf("google_compute_global_address", {
  name: "a",
  purpose: "VPC_PEERING",
  address_type: "INTERNAL",
  prefix_length: 16,
  network: NETWORK,
});
range.destroy("PSA-RANGE-DELETED").replacedBy("PSA-RANGE-DELETED", {}, { name: "b", prefix_length: 20 });
const firewall = new PairsOf("google_compute_firewall", {
  name: "a",
  network: NETWORK,
  allow: [{ protocol: "tcp", ports: ["5432"] }],
});
firewall
  .create("GFIREWALL-OPEN-TO-INTERNET", { source_ranges: ["0.0.0.0/0"] })
  .update("GFIREWALL-OPEN-TO-INTERNET", { source_ranges: ["10.0.0.0/8"] }, { source_ranges: ["0.0.0.0/0"] })
  .update(
    "GFIREWALL-MORE",
    { source_ranges: ["10.0.0.0/8"] },
    { source_ranges: ["10.0.0.0/8", "192.168.0.0/16"] },
  )
  .update(
    "GFIREWALL-LESS",
    { source_ranges: ["10.0.0.0/8", "192.168.0.0/16"] },
    { source_ranges: ["10.0.0.0/8"] },
  )
  .update(
    "GFIREWALL-DISABLED",
    { source_ranges: ["10.0.0.0/8"], disabled: false },
    { source_ranges: ["10.0.0.0/8"], disabled: true },
  )
  .update(
    "GFIREWALL-PORTS",
    { source_ranges: ["10.0.0.0/8"] },
    { source_ranges: ["10.0.0.0/8"], allow: [{ protocol: "tcp", ports: ["3306"] }] },
  )
  .create("", { source_ranges: ["0.0.0.0/0"], allow: undefined, deny: [{ protocol: "tcp" }] })
  .update(
    "GFIREWALL-DENIES",
    { source_ranges: ["10.0.0.0/8"], allow: undefined, deny: [{ protocol: "tcp" }] },
    { source_ranges: ["0.0.0.0/0"], allow: undefined, deny: [{ protocol: "tcp" }] },
  )
  .destroy("GFIREWALL-REMOVED", { source_ranges: ["10.0.0.0/8"] });
const network = new PairsOf("google_compute_network", { name: "a", auto_create_subnetworks: false });
network.destroy("GNETWORK-DELETED").replacedBy("GNETWORK-DELETED", {}, { name: "b" });
const record = new PairsOf("google_dns_record_set", {
  name: "a.example.",
  type: "A",
  ttl: 60,
  managed_zone: "a",
  rrdatas: ["192.0.2.1"],
});
record.destroy("GDNS-DELETED").update("GDNS-MOVED", {}, { rrdatas: ["192.0.2.2"] });
const projectMember = new PairsOf("google_project_iam_member", {
  project: "p",
  role: "roles/viewer",
  member: "user:a@example.com",
});
projectMember.destroy("GIAM-MEMBER-REMOVED").replacedBy("GIAM-MEMBER-REMOVED", {}, { role: "roles/editor" });
const others = [
  new PairsOf("google_backup_dr_backup_vault", {
    location: "europe-west3",
    backup_vault_id: "a",
    backup_minimum_enforced_retention_duration: "100000s",
  }).destroy("BACKUPDR-VAULT-DELETED"),
  new PairsOf("google_gke_backup_backup_plan", {
    name: "a",
    location: "europe-west3",
    cluster: "projects/p/locations/europe-west3/clusters/a",
  }).destroy("GKE-BACKUP-PLAN-DELETED"),
  new PairsOf("google_compute_disk", { name: "a", zone: "europe-west3-a", size: 10 })
    .destroy("DATA-DELETED")
    .update("GDISK-LARGER", {}, { size: 20 })
    .replace("GDISK-SMALLER DATA-DELETED", {}, { size: 5 })
    .update("GDISK-PERFORMANCE", { provisioned_iops: 3000 }, { provisioned_iops: 4000 })
    .update(
      "GDISK-SNAPSHOT-OFF",
      { create_snapshot_before_destroy: true },
      { create_snapshot_before_destroy: false },
    ),
  new PairsOf("google_compute_instance", {
    name: "a",
    zone: "europe-west3-a",
    machine_type: "e2-small",
    boot_disk: { initialize_params: { image: "debian-cloud/debian-12" } },
    network_interface: { network: "default" },
  })
    .update("GCE-TYPE", {}, { machine_type: "e2-medium" })
    .update("GCE-DELETION-PROTECTION-OFF", { deletion_protection: true }, { deletion_protection: false }),
  new PairsOf("google_container_node_pool", { cluster: "a", location: "europe-west3" })
    .destroy("GKE-NODES-DELETED")
    .replace("GKE-NODES-DELETED", { name: "a" }, { name: "b" }),
  new PairsOf("google_container_cluster", { name: "a", location: "europe-west3", deletion_protection: true })
    .update("GKE-DELETION-PROTECTION-OFF", {}, { deletion_protection: false })
    .update("GKE-VERSION-UP", { min_master_version: "1.32" }, { min_master_version: "1.33" })
    .update("GKE-NETWORKS-OFF", networks("192.0.2.0/24"), {})
    .update("GKE-NETWORKS-ALL", networks("192.0.2.0/24"), networks("0.0.0.0/0"))
    .update(
      "GKE-NETWORKS-GOOGLE",
      { master_authorized_networks_config: { gcp_public_cidrs_access_enabled: false } },
      { master_authorized_networks_config: { gcp_public_cidrs_access_enabled: true } },
    )
    .update("GKE-PUBLIC-ENDPOINT", privateEndpoint(true), privateEndpoint(false))
    .update("GKE-PRIVATE-ENDPOINT", privateEndpoint(false), privateEndpoint(true))
    .update(
      "GKE-WORKLOAD-IDENTITY",
      { workload_identity_config: { workload_pool: "p.svc.id.goog" } },
      { workload_identity_config: { workload_pool: "q.svc.id.goog" } },
    )
    .update(
      "GKE-PROTECTION-OFF",
      { network_policy: { enabled: true } },
      { network_policy: { enabled: false } },
    )
    .update(
      "GKE-PROTECTION-OFF",
      { database_encryption: { state: "ENCRYPTED" } },
      { database_encryption: { state: "DECRYPTED" } },
    )
    .update("GKE-LEGACY-ABAC", { enable_legacy_abac: false }, { enable_legacy_abac: true })
    .update(
      "GKE-LOGS-LESS",
      { logging_config: { enable_components: ["SYSTEM_COMPONENTS", "WORKLOADS"] } },
      { logging_config: { enable_components: ["SYSTEM_COMPONENTS"] } },
    )
    .update(
      "GKE-BACKUP-AGENT-OFF",
      addon("gke_backup_agent_config", true),
      addon("gke_backup_agent_config", false),
    )
    .update(
      "GKE-DISK-DRIVER-OFF",
      addon("gce_persistent_disk_csi_driver_config", true),
      addon("gce_persistent_disk_csi_driver_config", false),
    )
    .update("GKE-HARMLESS", { resource_labels: { a: "1" } }, { resource_labels: { a: "2" } }),
];

const job = new PairsOf("google_cloud_scheduler_job", {
  name: "a",
  region: "europe-west3",
  schedule: "0 1 * * 0",
  http_target: { uri: "https://example.com/a", http_method: "POST" },
});
job
  .destroy("SCHEDULER-JOB-DELETED")
  .replacedBy("SCHEDULER-JOB-REPLACED", {}, { name: "b", region: "europe-west4", project: "q" })
  .update("SCHEDULER-JOB-PAUSED", { paused: false }, { paused: true })
  .update("SCHEDULER-JOB-RESUMED", { paused: true }, { paused: false })
  .update("SCHEDULER-JOB-SCHEDULE", {}, { schedule: "0 1 1 * *" })
  .update("SCHEDULER-JOB-TARGET", {}, { http_target: { uri: "https://example.com/b" } })
  .update("SCHEDULER-JOB-HARMLESS", { description: "a" }, { description: "b" });
const workflow = new PairsOf("google_workflows_workflow", {
  name: "a",
  region: "europe-west3",
  deletion_protection: false,
  source_contents: "a",
});
workflow
  .destroy("WORKFLOW-DELETED")
  .destroy("WORKFLOW-DELETED WORKFLOW-DELETION-REFUSED", { deletion_protection: true })
  .replacedBy("WORKFLOW-DELETED", {}, { name: "b", region: "europe-west4", project: "q" })
  .update("WORKFLOW-SOURCE", {}, { source_contents: "b" })
  .update("WORKFLOW-ACCOUNT", { service_account: "a@b.example" }, { service_account: "c@b.example" })
  .update("WORKFLOW-HARMLESS", { description: "a" }, { description: "b" });

/** The pairs of the google provider. */
export const GOOGLE_PAIRS: readonly RulePair[] = [
  instance,
  database,
  user,
  certificate,
  bucket,
  member,
  binding,
  registry,
  registryMember,
  key,
  ring,
  keyVersion,
  keyMember,
  secret,
  value,
  connection,
  range,
  firewall,
  network,
  record,
  projectMember,
  job,
  workflow,
  ...others,
].flatMap(({ pairs }) => pairs);
