// Config items of Gitpod in KOTS, and their types. Source, read 2026-11: gitpod-io/gitpod at tag 2022.11.3,
// `install/kots/manifests/kots-config.yaml`. HEAD no longer supports KOTS (removed 2023-07-31, #18385).

/**
 * Type of a config item (docs.replicated.com "ConfigValues"): KOTS encrypts a `password` in plain text under `valuePlaintext`,
 * reads a `file` in base64 under `value`, and all others under `value`. Every value is a string.
 */
export type KotsItemKind = "text" | "bool" | "select" | "password" | "file";

/** Types of the config items by name. */
export const KOTS_ITEMS: { readonly [name: string]: KotsItemKind } = {
  domain: "text",
  openVsxUrl: "text",
  reg_incluster: "bool",
  reg_incluster_storage: "select",
  reg_incluster_storage_s3_region: "text",
  reg_incluster_storage_s3_endpoint: "text",
  reg_incluster_storage_s3_bucketname: "text",
  reg_incluster_storage_s3_accesskey: "text",
  reg_incluster_storage_s3_secretkey: "password",
  reg_url: "text",
  reg_server: "text",
  reg_username: "text",
  reg_password: "password",
  reg_docker_config_enable: "bool",
  reg_docker_config: "file",
  db_incluster: "bool",
  db_cloudsql_enabled: "bool",
  db_cloudsql_instance: "text",
  db_encryption_keys: "text",
  db_host: "text",
  db_username: "text",
  db_password: "password",
  db_port: "text",
  db_gcp_credentials: "file",
  store_provider: "select",
  store_region: "text",
  store_azure_account_name: "text",
  store_azure_access_key: "password",
  store_gcp_project: "text",
  store_gcp_credentials: "file",
  store_s3_endpoint: "text",
  store_s3_bucket: "text",
  store_s3_access_key_id: "text",
  store_s3_secret_access_key: "password",
  tls_self_signed_enabled: "bool",
  cert_manager_enabled: "bool",
  cert_manager_issuer_name: "text",
  cert_manager_issuer: "select",
  tls_crt: "file",
  tls_key: "file",
  tls_ca_crt: "file",
  ssh_gateway: "bool",
  user_management_block_enabled: "bool",
  user_management_block_passlist: "text",
  advanced_mode_enabled: "bool",
  installer_timeout: "select",
  customization_patch: "file",
  config_patch: "file",
  component_proxy_service_serviceType: "select",
  enable_proxy_settings: "bool",
};

/** Timeouts that KOTS offers, in seconds and as KOTS names them. */
export const KOTS_TIMEOUTS: readonly (readonly [number, string])[] = [
  [300, "5m"],
  [600, "10m"],
  [1_800, "30m"],
  [3_600, "1h"],
  [5_400, "90m"],
  [7_200, "2h"],
];
