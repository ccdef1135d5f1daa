// Written by `npm run review:replacing`. Do not edit.
// Read 2026-11 in the SDK schemas of the providers azurerm 4.55.0, google 6.50.0, kubernetes 2.38.0, and for aws, helm, random and tls in runs and sources of the pinned versions.
// Attributes, with dots between blocks, whose change makes the provider create the resource anew. A type that is not listed is not known.

/** By resource type, separated by spaces. */
export const REPLACING_ATTRIBUTES: { readonly [type: string]: string | undefined } = {
  aws_backup_logically_air_gapped_vault: "max_retention_days min_retention_days name",
  aws_backup_selection: "iam_role_arn name resources",
  aws_backup_vault: "kms_key_arn name",
  aws_db_instance:
    "availability_zone backup_target character_set_name custom_iam_instance_profile db_name engine kms_key_id nchar_character_set_name restore_to_point_in_time s3_import.bucket_name s3_import.bucket_prefix s3_import.ingestion_role s3_import.source_engine s3_import.source_engine_version snapshot_identifier storage_encrypted timezone username",
  aws_db_instance_automated_backups_replication: "kms_key_id retention_period",
  aws_db_parameter_group: "description family name name_prefix",
  aws_db_snapshot: "db_snapshot_identifier",
  aws_db_subnet_group: "name name_prefix",
  aws_ecr_repository: "name",
  aws_kms_alias: "name",
  aws_kms_key: "customer_master_key_spec key_usage multi_region",
  aws_rds_cluster:
    "availability_zones cluster_identifier cluster_identifier_prefix database_name db_subnet_group_name db_system_id engine engine_mode kms_key_id master_username restore_to_point_in_time s3_import.bucket_name s3_import.bucket_prefix s3_import.ingestion_role s3_import.source_engine s3_import.source_engine_version snapshot_identifier source_region storage_encrypted",
  aws_rds_cluster_instance:
    "availability_zone cluster_identifier custom_iam_instance_profile db_subnet_group_name engine identifier identifier_prefix",
  aws_s3_bucket: "bucket object_lock_enabled",
  aws_secretsmanager_secret: "name",
  aws_secretsmanager_secret_version: "secret_binary secret_id secret_string secret_string_wo_version",
  aws_security_group: "description name name_prefix vpc_id",
  aws_security_group_rule: "cidr_blocks",
  aws_subnet: "availability_zone availability_zone_id cidr_block ipv6_native outpost_arn vpc_id",
  aws_vpc: "cidr_block ipv4_ipam_pool_id ipv4_netmask_length",
  azurerm_container_registry: "location name resource_group_name zone_redundancy_enabled",
  azurerm_data_protection_backup_instance_blob_storage: "location name storage_account_id vault_id",
  azurerm_data_protection_backup_instance_mysql_flexible_server: "location name server_id vault_id",
  azurerm_data_protection_backup_instance_postgresql_flexible_server: "location name server_id vault_id",
  azurerm_data_protection_backup_vault: "datastore_type location name redundancy resource_group_name",
  azurerm_federated_identity_credential: "name parent_id resource_group_name",
  azurerm_key_vault: "location name resource_group_name",
  azurerm_key_vault_key: "curve key_size key_type key_vault_id name",
  azurerm_key_vault_secret: "key_vault_id name",
  azurerm_management_lock: "lock_level name notes scope",
  azurerm_monitor_diagnostic_setting: "name target_resource_id",
  azurerm_monitor_metric_alert: "name resource_group_name",
  azurerm_mysql_flexible_database: "charset collation name resource_group_name server_name",
  azurerm_mysql_flexible_server:
    "administrator_login create_mode delegated_subnet_id geo_redundant_backup_enabled location name point_in_time_restore_time_in_utc private_dns_zone_id resource_group_name source_server_id",
  azurerm_mysql_flexible_server_configuration: "name resource_group_name server_name",
  azurerm_mysql_flexible_server_firewall_rule: "name resource_group_name server_name",
  azurerm_postgresql_flexible_server:
    "customer_managed_key delegated_subnet_id geo_redundant_backup_enabled location name point_in_time_restore_time_in_utc resource_group_name source_server_id",
  azurerm_postgresql_flexible_server_active_directory_administrator:
    "object_id principal_name principal_type resource_group_name server_name tenant_id",
  azurerm_postgresql_flexible_server_backup: "name server_id",
  azurerm_postgresql_flexible_server_configuration: "name server_id",
  azurerm_postgresql_flexible_server_database: "charset collation name server_id",
  azurerm_postgresql_flexible_server_firewall_rule: "name server_id",
  azurerm_private_dns_zone: "name resource_group_name soa_record",
  azurerm_private_dns_zone_virtual_network_link:
    "name private_dns_zone_name resource_group_name virtual_network_id",
  azurerm_private_endpoint:
    "custom_network_interface_name ip_configuration.member_name ip_configuration.name ip_configuration.private_ip_address ip_configuration.subresource_name location name private_service_connection.is_manual_connection private_service_connection.name private_service_connection.private_connection_resource_alias private_service_connection.private_connection_resource_id private_service_connection.subresource_names resource_group_name subnet_id",
  azurerm_role_assignment:
    "condition condition_version delegated_managed_identity_resource_id description name principal_id principal_type role_definition_id role_definition_name scope",
  azurerm_storage_account:
    "account_tier dns_endpoint_type edge_zone immutability_policy infrastructure_encryption_enabled is_hns_enabled location name nfsv3_enabled provisioned_billing_model_version queue_encryption_key_type resource_group_name table_encryption_key_type",
  azurerm_storage_blob:
    "content_md5 encryption_scope name parallelism size source source_content source_uri storage_account_name storage_container_name type",
  azurerm_storage_container: "default_encryption_scope encryption_scope_override_enabled name",
  azurerm_storage_management_policy: "storage_account_id",
  azurerm_subnet: "name resource_group_name virtual_network_name",
  azurerm_user_assigned_identity: "location name resource_group_name",
  azurerm_virtual_network: "edge_zone location name resource_group_name",
  google_artifact_registry_repository:
    "format kms_key_name location maven_config.allow_snapshot_overwrites maven_config.version_policy mode project remote_repository_config repository_id",
  google_artifact_registry_repository_iam_member: "condition location member project repository role",
  google_backup_dr_backup_vault: "access_restriction backup_vault_id location project",
  google_compute_global_address:
    "address address_type description ip_version name network prefix_length project purpose",
  google_compute_network:
    "auto_create_subnetworks description enable_ula_internal_ipv6 internal_ipv6_range name network_profile params project",
  google_compute_subnetwork:
    "description enable_flow_logs external_ipv6_prefix ip_collection name network params project region reserved_internal_range",
  google_dns_managed_zone: "dns_name name project visibility",
  google_dns_record_set: "managed_zone name project routing_policy.health_check",
  google_gke_backup_backup_plan: "cluster location name project",
  google_kms_crypto_key:
    "crypto_key_backend destroy_scheduled_duration import_only key_ring name purpose version_template.protection_level",
  google_kms_crypto_key_iam_member: "condition crypto_key_id member role",
  google_kms_crypto_key_version: "crypto_key",
  google_kms_key_ring: "location name project",
  google_monitoring_alert_policy: "project",
  google_project_iam_custom_role: "project role_id",
  google_project_iam_member: "condition member project role",
  google_secret_manager_secret: "project replication secret_id tags",
  google_secret_manager_secret_version: "is_secret_data_base64 secret secret_data secret_data_wo_version",
  google_service_account: "account_id project",
  google_service_account_iam_member: "condition member role service_account_id",
  google_service_networking_connection: "network service",
  google_sql_database: "instance name project",
  google_sql_database_instance:
    "encryption_key_name name project region replica_configuration.ca_certificate replica_configuration.client_certificate replica_configuration.client_key replica_configuration.connect_retry_interval replica_configuration.dump_file_path replica_configuration.failover_target replica_configuration.master_heartbeat_period replica_configuration.password replica_configuration.ssl_cipher replica_configuration.username replica_configuration.verify_server_certificate settings.collation settings.disk_type",
  google_sql_ssl_cert: "common_name instance project",
  google_sql_user: "host instance name project type",
  google_storage_bucket:
    "custom_placement_config.data_locations enable_object_retention hierarchical_namespace location name project",
  google_storage_bucket_iam_member: "bucket condition member role",
  helm_release: "name namespace",
  kubernetes_cluster_role_binding_v1: "metadata.generate_name metadata.name role_ref",
  kubernetes_cluster_role_v1: "metadata.generate_name metadata.name",
  kubernetes_config_map: "metadata.generate_name metadata.name metadata.namespace",
  kubernetes_config_map_v1: "metadata.generate_name metadata.name metadata.namespace",
  kubernetes_cron_job_v1:
    "metadata.generate_name metadata.name metadata.namespace spec.job_template.metadata.generate_name spec.job_template.metadata.name spec.job_template.metadata.namespace spec.job_template.spec.backoff_limit_per_index spec.job_template.spec.completion_mode spec.job_template.spec.completions spec.job_template.spec.pod_failure_policy spec.job_template.spec.selector spec.job_template.spec.template",
  kubernetes_deployment_v1:
    "metadata.generate_name metadata.name metadata.namespace spec.selector spec.template.metadata.generate_name spec.template.metadata.name spec.template.metadata.namespace spec.template.spec.affinity.node_affinity.preferred_during_scheduling_ignored_during_execution.preference.match_fields spec.template.spec.affinity.node_affinity.required_during_scheduling_ignored_during_execution.node_selector_term.match_fields spec.template.spec.volume.azure_file.secret_namespace spec.template.spec.volume.ephemeral.volume_claim_template.spec.access_modes spec.template.spec.volume.ephemeral.volume_claim_template.spec.resources.limits spec.template.spec.volume.ephemeral.volume_claim_template.spec.selector spec.template.spec.volume.ephemeral.volume_claim_template.spec.storage_class_name spec.template.spec.volume.ephemeral.volume_claim_template.spec.volume_mode spec.template.spec.volume.ephemeral.volume_claim_template.spec.volume_name",
  kubernetes_job:
    "metadata.generate_name metadata.name metadata.namespace spec.backoff_limit_per_index spec.completion_mode spec.completions spec.pod_failure_policy spec.selector spec.template",
  kubernetes_job_v1:
    "metadata.generate_name metadata.name metadata.namespace spec.backoff_limit_per_index spec.completion_mode spec.completions spec.pod_failure_policy spec.selector spec.template",
  kubernetes_namespace: "metadata.generate_name metadata.name",
  kubernetes_namespace_v1: "metadata.generate_name metadata.name",
  kubernetes_network_policy_v1: "metadata.generate_name metadata.name metadata.namespace",
  kubernetes_persistent_volume:
    "metadata.name spec.node_affinity.required.node_selector_term.match_expressions spec.node_affinity.required.node_selector_term.match_fields spec.persistent_volume_source.azure_file.secret_namespace spec.volume_mode",
  kubernetes_persistent_volume_claim:
    "metadata.generate_name metadata.name metadata.namespace spec.access_modes spec.resources.limits spec.selector spec.storage_class_name spec.volume_mode spec.volume_name",
  kubernetes_persistent_volume_claim_v1:
    "metadata.generate_name metadata.name metadata.namespace spec.access_modes spec.resources.limits spec.selector spec.storage_class_name spec.volume_mode spec.volume_name",
  kubernetes_persistent_volume_v1:
    "metadata.name spec.node_affinity.required.node_selector_term.match_expressions spec.node_affinity.required.node_selector_term.match_fields spec.persistent_volume_source.azure_file.secret_namespace spec.volume_mode",
  kubernetes_pod_disruption_budget_v1: "metadata.generate_name metadata.name metadata.namespace spec",
  kubernetes_role_binding_v1: "metadata.generate_name metadata.name metadata.namespace role_ref",
  kubernetes_role_v1: "metadata.generate_name metadata.name metadata.namespace",
  kubernetes_secret: "metadata.generate_name metadata.name metadata.namespace type",
  kubernetes_secret_v1: "metadata.generate_name metadata.name metadata.namespace type",
  kubernetes_service:
    "metadata.generate_name metadata.name metadata.namespace spec.cluster_ip spec.cluster_ips spec.health_check_node_port spec.load_balancer_class",
  kubernetes_service_account_v1: "metadata.generate_name metadata.name metadata.namespace",
  kubernetes_service_v1:
    "metadata.generate_name metadata.name metadata.namespace spec.cluster_ip spec.cluster_ips spec.health_check_node_port spec.load_balancer_class",
  kubernetes_stateful_set:
    "metadata.generate_name metadata.name metadata.namespace spec.pod_management_policy spec.revision_history_limit spec.selector spec.service_name spec.template.metadata.generate_name spec.template.metadata.name spec.template.metadata.namespace spec.template.spec.affinity.node_affinity.preferred_during_scheduling_ignored_during_execution.preference.match_fields spec.template.spec.affinity.node_affinity.required_during_scheduling_ignored_during_execution.node_selector_term.match_fields spec.template.spec.volume.azure_file.secret_namespace spec.template.spec.volume.ephemeral.volume_claim_template.spec.access_modes spec.template.spec.volume.ephemeral.volume_claim_template.spec.resources.limits spec.template.spec.volume.ephemeral.volume_claim_template.spec.selector spec.template.spec.volume.ephemeral.volume_claim_template.spec.storage_class_name spec.template.spec.volume.ephemeral.volume_claim_template.spec.volume_mode spec.template.spec.volume.ephemeral.volume_claim_template.spec.volume_name spec.volume_claim_template",
  kubernetes_stateful_set_v1:
    "metadata.generate_name metadata.name metadata.namespace spec.pod_management_policy spec.revision_history_limit spec.selector spec.service_name spec.template.metadata.generate_name spec.template.metadata.name spec.template.metadata.namespace spec.template.spec.affinity.node_affinity.preferred_during_scheduling_ignored_during_execution.preference.match_fields spec.template.spec.affinity.node_affinity.required_during_scheduling_ignored_during_execution.node_selector_term.match_fields spec.template.spec.volume.azure_file.secret_namespace spec.template.spec.volume.ephemeral.volume_claim_template.spec.access_modes spec.template.spec.volume.ephemeral.volume_claim_template.spec.resources.limits spec.template.spec.volume.ephemeral.volume_claim_template.spec.selector spec.template.spec.volume.ephemeral.volume_claim_template.spec.storage_class_name spec.template.spec.volume.ephemeral.volume_claim_template.spec.volume_mode spec.template.spec.volume.ephemeral.volume_claim_template.spec.volume_name spec.volume_claim_template",
  random_id: "byte_length keepers prefix",
  random_password:
    "keepers length lower min_lower min_numeric min_special min_upper number numeric override_special special upper",
  tls_private_key: "algorithm ecdsa_curve rsa_bits",
};
