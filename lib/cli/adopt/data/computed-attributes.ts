// Attributes that a provider fills in. Source: the schemas of the pinned providers (hashicorp/aws 6.25.0, google 6.50.0, azurerm 4.55.0), read
// 2026-11 (tools/terraform-mirror/schemas; a unit test compares).

/** Attributes of a resource type that the provider fills in. */
export interface ComputedAttributes {
  /** Paths of attributes that the provider alone sets. */
  readonly computed: string;
  /** Paths of arguments that keep their value if a program leaves them out. */
  readonly kept: string;
}

/** Attributes by resource type. */
export const COMPUTED_ATTRIBUTES: { readonly [type: string]: ComputedAttributes | undefined } = {
  aws_db_instance: {
    computed:
      "address arn endpoint engine_version_actual hosted_zone_id latest_restorable_time listener_endpoint master_user_secret replicas resource_id status",
    kept: "allocated_storage availability_zone backup_retention_period backup_target backup_window ca_cert_identifier character_set_name database_insights_mode db_name db_subnet_group_name domain_fqdn engine engine_lifecycle_support engine_version id identifier identifier_prefix iops kms_key_id license_model maintenance_window master_user_secret_kms_key_id monitoring_role_arn multi_az nchar_character_set_name network_type option_group_name parameter_group_name performance_insights_kms_key_id performance_insights_retention_period port region replica_mode snapshot_identifier storage_throughput storage_type tags_all timezone username vpc_security_group_ids",
  },
  aws_db_parameter_group: {
    computed: "arn",
    kept: "id name name_prefix region tags_all",
  },
  aws_cloudwatch_log_group: {
    computed: "arn",
    kept: "deletion_protection_enabled id log_group_class name name_prefix region tags_all",
  },
  aws_s3_bucket: {
    computed:
      "arn bucket_domain_name bucket_region bucket_regional_domain_name hosted_zone_id website_domain website_endpoint",
    kept: "acceleration_status acl bucket bucket_prefix id lifecycle_rule.id object_lock_enabled policy region request_payer tags_all",
  },
  aws_s3_bucket_versioning: {
    computed: "",
    kept: "id region versioning_configuration.mfa_delete",
  },
  aws_s3_bucket_server_side_encryption_configuration: {
    computed: "",
    kept: "id region",
  },
  aws_s3_bucket_public_access_block: {
    computed: "",
    kept: "id region",
  },
  aws_s3_bucket_policy: {
    computed: "",
    kept: "id region",
  },
  aws_s3_bucket_ownership_controls: {
    computed: "",
    kept: "id region",
  },
  aws_s3_bucket_lifecycle_configuration: {
    computed: "id",
    kept: "expected_bucket_owner region rule.expiration.days rule.expiration.expired_object_delete_marker rule.filter.and.object_size_greater_than rule.filter.and.object_size_less_than rule.filter.and.prefix rule.filter.object_size_greater_than rule.filter.object_size_less_than rule.filter.prefix rule.prefix rule.transition.days transition_default_minimum_object_size",
  },
  aws_s3_bucket_object_lock_configuration: {
    computed: "",
    kept: "id region",
  },
  aws_s3_bucket_logging: {
    computed: "target_grant.grantee.display_name",
    kept: "id region",
  },
  google_sql_database_instance: {
    computed:
      "available_maintenance_versions connection_name dns_name dns_names first_ip_address ip_address private_ip_address psc_service_attachment_link public_ip_address replication_cluster.dr_replica self_link server_ca_cert service_account_email_address settings.effective_availability_type settings.version",
    kept: "encryption_key_name id instance_type maintenance_version master_instance_name name node_count project region replica_names settings.backup_configuration.start_time settings.backup_configuration.transaction_log_retention_days settings.connector_enforcement settings.disk_size settings.disk_type settings.edition settings.insights_config.query_plans_per_minute settings.ip_configuration.server_ca_mode settings.ip_configuration.ssl_mode settings.user_labels",
  },
  google_storage_bucket: {
    computed:
      "effective_labels project_number self_link soft_delete_policy.effective_time terraform_labels time_created updated url",
    kept: "autoclass.terminal_storage_class id lifecycle_rule.condition.with_state logging.log_object_prefix project public_access_prevention rpo uniform_bucket_level_access",
  },
  azurerm_postgresql_flexible_server: {
    computed: "fqdn identity.principal_id identity.tenant_id",
    kept: "administrator_login backup_retention_days id private_dns_zone_id sku_name storage_mb storage_tier version",
  },
  azurerm_mysql_flexible_server: {
    computed: "fqdn public_network_access_enabled replica_capacity",
    kept: "administrator_login high_availability.standby_availability_zone id public_network_access replication_role sku_name storage.iops storage.size_gb version zone",
  },
  azurerm_postgresql_flexible_server_configuration: {
    computed: "",
    kept: "id",
  },
  azurerm_mysql_flexible_server_configuration: {
    computed: "",
    kept: "id",
  },
  azurerm_storage_account: {
    computed:
      "identity.principal_id identity.tenant_id primary_access_key primary_blob_connection_string primary_blob_endpoint primary_blob_host primary_blob_internet_endpoint primary_blob_internet_host primary_blob_microsoft_endpoint primary_blob_microsoft_host primary_connection_string primary_dfs_endpoint primary_dfs_host primary_dfs_internet_endpoint primary_dfs_internet_host primary_dfs_microsoft_endpoint primary_dfs_microsoft_host primary_file_endpoint primary_file_host primary_file_internet_endpoint primary_file_internet_host primary_file_microsoft_endpoint primary_file_microsoft_host primary_location primary_queue_endpoint primary_queue_host primary_queue_microsoft_endpoint primary_queue_microsoft_host primary_table_endpoint primary_table_host primary_table_microsoft_endpoint primary_table_microsoft_host primary_web_endpoint primary_web_host primary_web_internet_endpoint primary_web_internet_host primary_web_microsoft_endpoint primary_web_microsoft_host secondary_access_key secondary_blob_connection_string secondary_blob_endpoint secondary_blob_host secondary_blob_internet_endpoint secondary_blob_internet_host secondary_blob_microsoft_endpoint secondary_blob_microsoft_host secondary_connection_string secondary_dfs_endpoint secondary_dfs_host secondary_dfs_internet_endpoint secondary_dfs_internet_host secondary_dfs_microsoft_endpoint secondary_dfs_microsoft_host secondary_file_endpoint secondary_file_host secondary_file_internet_endpoint secondary_file_internet_host secondary_file_microsoft_endpoint secondary_file_microsoft_host secondary_location secondary_queue_endpoint secondary_queue_host secondary_queue_microsoft_endpoint secondary_queue_microsoft_host secondary_table_endpoint secondary_table_host secondary_table_microsoft_endpoint secondary_table_microsoft_host secondary_web_endpoint secondary_web_host secondary_web_internet_endpoint secondary_web_internet_host secondary_web_microsoft_endpoint secondary_web_microsoft_host",
    kept: "access_tier blob_properties.default_service_version id large_file_share_enabled network_rules.bypass network_rules.ip_rules network_rules.private_link_access.endpoint_tenant_id network_rules.virtual_network_subnet_ids",
  },
  azurerm_storage_container: {
    computed: "has_immutability_policy has_legal_hold resource_manager_id",
    kept: "default_encryption_scope id metadata",
  },
};
