// Written by `npm run review:replacing`. Do not edit.
// Read 2026-11 in the SDK schemas of the providers azurerm 4.55.0, google 6.50.0, kubernetes 2.38.0, and for aws, helm, random and tls in runs and sources of the pinned versions.
// Attributes, with dots between blocks, whose change makes the provider create the resource anew; `block.#` is the number of blocks. A type that is not listed is not known.

/** By resource type, separated by spaces. */
export const REPLACING_ATTRIBUTES: { readonly [type: string]: string | undefined } = {
  aws_backup_logically_air_gapped_vault: "max_retention_days min_retention_days name",
  aws_backup_plan: "name",
  aws_backup_selection: "iam_role_arn name resources",
  aws_backup_vault: "kms_key_arn name",
  aws_cloudwatch_dashboard: "dashboard_name",
  aws_cloudwatch_log_group: "log_group_class name name_prefix",
  aws_cloudwatch_metric_alarm: "alarm_name",
  aws_db_cluster_snapshot: "db_cluster_identifier db_cluster_snapshot_identifier",
  aws_db_event_subscription: "name name_prefix",
  aws_db_instance:
    "availability_zone backup_target character_set_name custom_iam_instance_profile db_name engine kms_key_id nchar_character_set_name restore_to_point_in_time s3_import.bucket_name s3_import.bucket_prefix s3_import.ingestion_role s3_import.source_engine s3_import.source_engine_version snapshot_identifier storage_encrypted timezone username",
  aws_db_instance_automated_backups_replication: "kms_key_id retention_period",
  aws_db_option_group: "engine_name major_engine_version name name_prefix option_group_description",
  aws_db_parameter_group: "description family name name_prefix",
  aws_db_snapshot: "db_snapshot_identifier",
  aws_db_snapshot_copy:
    "kms_key_id option_group_name source_db_snapshot_identifier target_custom_availability_zone target_db_snapshot_identifier",
  aws_db_subnet_group: "name name_prefix",
  aws_ebs_volume: "availability_zone encrypted kms_key_id snapshot_id",
  aws_ecr_repository: "name",
  aws_efs_file_system: "availability_zone_name creation_token encrypted kms_key_id performance_mode",
  aws_eks_pod_identity_association: "cluster_name namespace service_account",
  aws_iam_policy: "description name name_prefix path",
  aws_iam_role: "name name_prefix path",
  aws_iam_role_policy: "name name_prefix role",
  aws_iam_role_policy_attachment: "policy_arn role",
  aws_iam_user_policy: "name name_prefix user",
  aws_kms_alias: "name",
  aws_kms_key: "customer_master_key_spec key_usage multi_region",
  aws_kms_replica_key: "primary_key_arn",
  aws_rds_cluster:
    "availability_zones cluster_identifier cluster_identifier_prefix cluster_scalability_type database_name db_subnet_group_name db_system_id engine engine_mode kms_key_id master_username restore_to_point_in_time s3_import.bucket_name s3_import.bucket_prefix s3_import.ingestion_role s3_import.source_engine s3_import.source_engine_version snapshot_identifier source_region storage_encrypted",
  aws_rds_cluster_instance:
    "availability_zone cluster_identifier custom_iam_instance_profile db_subnet_group_name engine identifier identifier_prefix",
  aws_rds_cluster_snapshot_copy:
    "kms_key_id source_db_cluster_snapshot_identifier target_db_cluster_snapshot_identifier",
  aws_s3_bucket: "bucket bucket_prefix object_lock_enabled",
  aws_s3_bucket_lifecycle_configuration: "bucket expected_bucket_owner",
  aws_s3_bucket_object_lock_configuration: "bucket expected_bucket_owner object_lock_enabled",
  aws_s3_bucket_ownership_controls: "bucket",
  aws_s3_bucket_policy: "bucket",
  aws_s3_bucket_public_access_block: "bucket",
  aws_s3_bucket_replication_configuration: "bucket",
  aws_s3_bucket_server_side_encryption_configuration: "bucket expected_bucket_owner",
  aws_s3_bucket_versioning: "bucket expected_bucket_owner",
  aws_secretsmanager_secret: "name",
  aws_secretsmanager_secret_version: "secret_binary secret_id secret_string secret_string_wo_version",
  aws_security_group: "description name name_prefix vpc_id",
  aws_security_group_rule: "cidr_blocks",
  aws_subnet: "availability_zone availability_zone_id cidr_block ipv6_native outpost_arn vpc_id",
  aws_vpc: "cidr_block ipv4_ipam_pool_id ipv4_netmask_length",
  aws_vpc_security_group_egress_rule: "security_group_id",
  aws_vpc_security_group_ingress_rule: "security_group_id",
  azurerm_backup_protected_file_share:
    "recovery_vault_name resource_group_name source_file_share_name source_storage_account_id",
  azurerm_backup_protected_vm: "recovery_vault_name resource_group_name source_vm_id",
  azurerm_container_registry: "location name resource_group_name zone_redundancy_enabled",
  azurerm_cosmosdb_account:
    "create_mode free_tier_enabled key_vault_key_id kind location managed_hsm_key_id name resource_group_name restore.database restore.gremlin_database restore.restore_timestamp_in_utc restore.source_cosmosdb_account_id restore.tables_to_restore",
  azurerm_cosmosdb_cassandra_keyspace: "account_name name resource_group_name",
  azurerm_cosmosdb_cassandra_table: "analytical_storage_ttl cassandra_keyspace_id name",
  azurerm_cosmosdb_gremlin_database: "account_name name resource_group_name",
  azurerm_cosmosdb_gremlin_graph:
    "account_name conflict_resolution_policy.# database_name name partition_key_path partition_key_version resource_group_name unique_key",
  azurerm_cosmosdb_mongo_collection: "account_name database_name name resource_group_name shard_key",
  azurerm_cosmosdb_mongo_database: "account_name name resource_group_name",
  azurerm_cosmosdb_postgresql_cluster:
    "location name point_in_time_in_utc resource_group_name source_location source_resource_id",
  azurerm_cosmosdb_sql_container:
    "account_name conflict_resolution_policy.# database_name name partition_key_kind partition_key_paths resource_group_name unique_key",
  azurerm_cosmosdb_sql_database: "account_name name resource_group_name",
  azurerm_cosmosdb_table: "account_name name resource_group_name",
  azurerm_data_protection_backup_instance_blob_storage: "location name storage_account_id vault_id",
  azurerm_data_protection_backup_instance_disk:
    "disk_id location name snapshot_resource_group_name snapshot_subscription_id vault_id",
  azurerm_data_protection_backup_instance_kubernetes_cluster:
    "backup_datasource_parameters backup_policy_id kubernetes_cluster_id location name snapshot_resource_group_name vault_id",
  azurerm_data_protection_backup_instance_mysql_flexible_server: "location name server_id vault_id",
  azurerm_data_protection_backup_instance_postgresql: "database_id location name vault_id",
  azurerm_data_protection_backup_instance_postgresql_flexible_server: "location name server_id vault_id",
  azurerm_data_protection_backup_vault: "datastore_type location name redundancy resource_group_name",
  azurerm_eventhub: "name retention_description.cleanup_policy",
  azurerm_federated_identity_credential: "name parent_id resource_group_name",
  azurerm_key_vault: "location name resource_group_name",
  azurerm_key_vault_certificate: "key_vault_id name",
  azurerm_key_vault_key: "curve key_size key_type key_vault_id name",
  azurerm_key_vault_managed_hardware_security_module:
    "admin_object_ids location name purge_protection_enabled resource_group_name sku_name soft_delete_retention_days tenant_id",
  azurerm_key_vault_managed_hardware_security_module_key: "curve key_size key_type managed_hsm_id name",
  azurerm_key_vault_secret: "key_vault_id name",
  azurerm_kubernetes_cluster:
    "default_node_pool.capacity_reservation_group_id default_node_pool.gpu_driver default_node_pool.gpu_instance default_node_pool.host_group_id default_node_pool.node_network_profile.node_public_ip_tags default_node_pool.node_public_ip_prefix_id default_node_pool.proximity_placement_group_id default_node_pool.type disk_encryption_set_id dns_prefix dns_prefix_private_cluster edge_zone kubelet_identity.client_id kubelet_identity.object_id kubelet_identity.user_assigned_identity_id linux_profile.admin_username linux_profile.ssh_key.key_data location name network_profile.# network_profile.dns_service_ip network_profile.ip_versions network_profile.load_balancer_profile.# network_profile.load_balancer_sku network_profile.nat_gateway_profile.# network_profile.network_mode network_profile.network_plugin network_profile.pod_cidr network_profile.pod_cidrs network_profile.service_cidr network_profile.service_cidrs node_resource_group private_cluster_enabled private_dns_zone_id resource_group_name role_based_access_control_enabled windows_profile.admin_username",
  azurerm_linux_virtual_machine:
    "admin_password admin_ssh_key admin_username availability_set_id computer_name custom_data disable_password_authentication edge_zone eviction_policy location name os_disk.diff_disk_settings os_disk.name os_disk.secure_vm_disk_encryption_set_id os_disk.security_encryption_type os_disk.storage_account_type os_managed_disk_id plan platform_fault_domain priority provision_vm_agent resource_group_name secure_boot_enabled source_image_id source_image_reference vtpm_enabled zone",
  azurerm_log_analytics_workspace: "location name resource_group_name",
  azurerm_managed_disk:
    "create_option edge_zone gallery_image_reference_id hyper_v_generation image_reference_id location logical_sector_size name performance_plus_enabled resource_group_name secure_vm_disk_encryption_set_id security_type source_resource_id source_uri storage_account_id trusted_launch_enabled upload_size_bytes zone",
  azurerm_managed_redis: "high_availability_enabled location name resource_group_name sku_name",
  azurerm_management_lock: "lock_level name notes scope",
  azurerm_mongo_cluster:
    "administrator_username customer_managed_key.# location name preview_features resource_group_name restore shard_count source_location source_server_id storage_type",
  azurerm_monitor_activity_log_alert: "location name resource_group_name",
  azurerm_monitor_diagnostic_setting: "name target_resource_id",
  azurerm_monitor_metric_alert: "name resource_group_name",
  azurerm_mssql_database:
    "collation create_mode creation_source_database_id ledger_enabled name secondary_type server_id",
  azurerm_mssql_managed_database: "managed_instance_id name point_in_time_restore",
  azurerm_mssql_managed_instance:
    "administrator_login collation location name resource_group_name timezone_id",
  azurerm_mssql_server: "administrator_login location name resource_group_name version",
  azurerm_mysql_flexible_database: "charset collation name resource_group_name server_name",
  azurerm_mysql_flexible_server:
    "administrator_login create_mode delegated_subnet_id geo_redundant_backup_enabled location name point_in_time_restore_time_in_utc private_dns_zone_id resource_group_name source_server_id",
  azurerm_mysql_flexible_server_configuration: "name resource_group_name server_name",
  azurerm_mysql_flexible_server_firewall_rule: "name resource_group_name server_name",
  azurerm_netapp_snapshot: "account_name location name pool_name resource_group_name volume_name",
  azurerm_netapp_volume:
    "accept_grow_capacity_pool_for_short_term_clone_split account_name azure_vmware_data_store_enabled create_from_snapshot_resource_id data_protection_replication.# data_protection_replication.remote_volume_location encryption_key_source kerberos_enabled key_vault_private_endpoint_id location name resource_group_name security_style smb3_protocol_encryption_enabled smb_continuous_availability_enabled subnet_id volume_path zone",
  azurerm_network_security_group: "location name resource_group_name",
  azurerm_oracle_autonomous_database:
    "character_set compute_model customer_contacts db_version db_workload display_name license_model location mtls_connection_required name national_character_set resource_group_name subnet_id virtual_network_id",
  azurerm_portal_dashboard: "location name resource_group_name",
  azurerm_postgresql_database: "charset collation name resource_group_name server_name",
  azurerm_postgresql_flexible_server:
    "customer_managed_key.# delegated_subnet_id geo_redundant_backup_enabled location name point_in_time_restore_time_in_utc resource_group_name source_server_id",
  azurerm_postgresql_flexible_server_active_directory_administrator:
    "object_id principal_name principal_type resource_group_name server_name tenant_id",
  azurerm_postgresql_flexible_server_backup: "name server_id",
  azurerm_postgresql_flexible_server_configuration: "name server_id",
  azurerm_postgresql_flexible_server_database: "charset collation name server_id",
  azurerm_postgresql_flexible_server_firewall_rule: "name server_id",
  azurerm_postgresql_server:
    "administrator_login geo_redundant_backup_enabled infrastructure_encryption_enabled location name resource_group_name version",
  azurerm_private_dns_zone: "name resource_group_name soa_record.#",
  azurerm_private_dns_zone_virtual_network_link:
    "name private_dns_zone_name resource_group_name virtual_network_id",
  azurerm_private_endpoint:
    "custom_network_interface_name ip_configuration.member_name ip_configuration.name ip_configuration.private_ip_address ip_configuration.subresource_name location name private_service_connection.is_manual_connection private_service_connection.name private_service_connection.private_connection_resource_alias private_service_connection.private_connection_resource_id private_service_connection.subresource_names resource_group_name subnet_id",
  azurerm_recovery_services_vault: "classic_vmware_replication_enabled location name resource_group_name",
  azurerm_redis_cache: "location name private_static_ip_address resource_group_name subnet_id zones",
  azurerm_redis_enterprise_cluster: "location minimum_tls_version name resource_group_name sku_name zones",
  azurerm_redis_enterprise_database:
    "client_protocol cluster_id clustering_policy eviction_policy linked_database_group_nickname module name port",
  azurerm_resource_group: "location name",
  azurerm_role_assignment:
    "condition condition_version delegated_managed_identity_resource_id description name principal_id principal_type role_definition_id role_definition_name scope",
  azurerm_servicebus_queue:
    "name namespace_id partitioning_enabled requires_duplicate_detection requires_session",
  azurerm_snapshot:
    "incremental_enabled location name resource_group_name source_resource_id source_uri storage_account_id",
  azurerm_storage_account:
    "account_tier dns_endpoint_type edge_zone immutability_policy.# infrastructure_encryption_enabled is_hns_enabled location name nfsv3_enabled provisioned_billing_model_version queue_encryption_key_type resource_group_name table_encryption_key_type",
  azurerm_storage_blob:
    "content_md5 encryption_scope name parallelism size source source_content source_uri storage_account_name storage_container_name type",
  azurerm_storage_container: "default_encryption_scope encryption_scope_override_enabled name",
  azurerm_storage_container_immutability_policy: "storage_container_resource_manager_id",
  azurerm_storage_data_lake_gen2_filesystem: "default_encryption_scope name storage_account_id",
  azurerm_storage_management_policy: "storage_account_id",
  azurerm_storage_queue: "name",
  azurerm_storage_share: "enabled_protocol name",
  azurerm_storage_share_file: "content_md5 name path source storage_share_id storage_share_url",
  azurerm_storage_table: "name storage_account_name",
  azurerm_subnet: "name resource_group_name virtual_network_name",
  azurerm_user_assigned_identity: "location name resource_group_name",
  azurerm_virtual_network: "edge_zone location name resource_group_name",
  azurerm_windows_virtual_machine:
    "additional_unattend_content admin_password admin_username automatic_updates_enabled availability_set_id computer_name custom_data edge_zone enable_automatic_updates eviction_policy location name os_disk.diff_disk_settings os_disk.name os_disk.secure_vm_disk_encryption_set_id os_disk.security_encryption_type os_disk.storage_account_type os_managed_disk_id plan platform_fault_domain priority provision_vm_agent resource_group_name secure_boot_enabled source_image_id source_image_reference timezone vtpm_enabled winrm_listener zone",
  google_alloydb_backup: "backup_id cluster_name encryption_config.kms_key_name location project",
  google_alloydb_cluster:
    "cluster_id encryption_config.kms_key_name location project restore_backup_source restore_continuous_backup_source",
  google_alloydb_instance: "cluster instance_id instance_type network_config.allocated_ip_range_override",
  google_artifact_registry_repository:
    "format kms_key_name location maven_config.allow_snapshot_overwrites maven_config.version_policy mode project remote_repository_config.# remote_repository_config.apt_repository remote_repository_config.common_repository remote_repository_config.description remote_repository_config.docker_repository remote_repository_config.maven_repository remote_repository_config.npm_repository remote_repository_config.python_repository remote_repository_config.upstream_credentials remote_repository_config.yum_repository repository_id",
  google_artifact_registry_repository_iam_member: "condition location member project repository role",
  google_backup_dr_backup_vault: "access_restriction backup_vault_id location project",
  google_bigquery_dataset: "dataset_id external_dataset_reference location project",
  google_bigquery_table:
    "biglake_configuration dataset_id encryption_configuration.# external_data_configuration.schema materialized_view.allow_non_incremental_definition materialized_view.query project range_partitioning.field schema_foreign_type_info.# table_id table_replication_info time_partitioning.field",
  google_bigtable_instance: "cluster.node_scaling_factor name project",
  google_bigtable_table: "instance_name name project split_keys",
  google_cloud_scheduler_job: "name project region",
  google_compute_disk:
    "architecture async_primary_disk description disk_encryption_key enable_confidential_compute guest_os_features image licenses name params physical_block_size_bytes project snapshot source_disk source_image_encryption_key source_instant_snapshot source_snapshot_encryption_key source_storage_object storage_pool type zone",
  google_compute_global_address:
    "address address_type description ip_version name network prefix_length project purpose",
  google_compute_image:
    "description disk_size_gb family guest_os_features image_encryption_key licenses name project raw_disk shielded_instance_initial_state source_disk source_disk_encryption_key source_image source_image_encryption_key source_snapshot source_snapshot_encryption_key storage_locations",
  google_compute_instance:
    "advanced_machine_features.enable_uefi_networking attached_disk.force_attach boot_disk.# boot_disk.device_name boot_disk.disk_encryption_key_raw boot_disk.disk_encryption_key_rsa boot_disk.disk_encryption_service_account boot_disk.force_attach boot_disk.guest_os_features boot_disk.initialize_params.# boot_disk.initialize_params.architecture boot_disk.initialize_params.enable_confidential_compute boot_disk.initialize_params.image boot_disk.initialize_params.labels boot_disk.initialize_params.provisioned_iops boot_disk.initialize_params.provisioned_throughput boot_disk.initialize_params.resource_manager_tags boot_disk.initialize_params.resource_policies boot_disk.initialize_params.size boot_disk.initialize_params.snapshot boot_disk.initialize_params.source_image_encryption_key.kms_key_self_link boot_disk.initialize_params.source_image_encryption_key.kms_key_service_account boot_disk.initialize_params.source_image_encryption_key.raw_key boot_disk.initialize_params.source_image_encryption_key.rsa_encrypted_key boot_disk.initialize_params.source_snapshot_encryption_key.kms_key_self_link boot_disk.initialize_params.source_snapshot_encryption_key.kms_key_service_account boot_disk.initialize_params.source_snapshot_encryption_key.raw_key boot_disk.initialize_params.source_snapshot_encryption_key.rsa_encrypted_key boot_disk.initialize_params.storage_pool boot_disk.initialize_params.type boot_disk.kms_key_self_link boot_disk.mode boot_disk.source confidential_instance_config.# guest_accelerator hostname instance_encryption_key key_revocation_action_type name network_interface.# network_interface.ipv6_access_config.external_ipv6 network_interface.ipv6_access_config.external_ipv6_prefix_length network_interface.ipv6_access_config.name network_interface.network_attachment network_interface.nic_type network_interface.queue_count network_performance_config params.# project reservation_affinity scheduling.local_ssd_recovery_timeout scheduling.max_run_duration scheduling.on_instance_stop_action scheduling.preemptible scheduling.provisioning_model scheduling.termination_time scratch_disk.# scratch_disk.size zone",
  google_compute_network:
    "auto_create_subnetworks description enable_ula_internal_ipv6 internal_ipv6_range name network_profile params project",
  google_compute_region_disk:
    "async_primary_disk description disk_encryption_key guest_os_features licenses name physical_block_size_bytes project region replica_zones snapshot source_disk source_snapshot_encryption_key type",
  google_compute_snapshot:
    "chain_name description name project snapshot_encryption_key source_disk source_disk_encryption_key storage_locations zone",
  google_compute_subnetwork:
    "description enable_flow_logs external_ipv6_prefix ip_collection name network params project region reserved_internal_range",
  google_container_cluster:
    "cluster_autoscaling.auto_provisioning_defaults.boot_disk_kms_key cluster_ipv4_cidr confidential_nodes datapath_provider default_max_pods_per_node description enable_autopilot enable_kubernetes_alpha enable_tpu initial_node_count ip_allocation_policy.# ip_allocation_policy.cluster_ipv4_cidr_block ip_allocation_policy.cluster_secondary_range_name ip_allocation_policy.pod_cidr_overprovision_config.# ip_allocation_policy.services_ipv4_cidr_block ip_allocation_policy.services_secondary_range_name location master_auth.client_certificate_config name network networking_mode node_config.# node_config.advanced_machine_features.# node_config.advanced_machine_features.enable_nested_virtualization node_config.advanced_machine_features.threads_per_core node_config.boot_disk_kms_key node_config.confidential_nodes.confidential_instance_type node_config.enable_confidential_storage node_config.ephemeral_storage_local_ssd_config node_config.flex_start node_config.guest_accelerator node_config.host_maintenance_policy node_config.local_nvme_ssd_block_config node_config.local_ssd_count node_config.local_ssd_encryption_mode node_config.max_run_duration node_config.metadata node_config.min_cpu_platform node_config.node_group node_config.oauth_scopes node_config.preemptible node_config.reservation_affinity node_config.secondary_boot_disks node_config.service_account node_config.shielded_instance_config node_config.sole_tenant_config.# node_config.sole_tenant_config.node_affinity node_config.spot node_pool.# node_pool.initial_node_count node_pool.max_pods_per_node node_pool.name node_pool.name_prefix node_pool.network_config.additional_node_network_configs node_pool.network_config.additional_pod_network_configs node_pool.network_config.create_pod_range node_pool.network_config.pod_cidr_overprovision_config.# node_pool.network_config.pod_ipv4_cidr_block node_pool.network_config.pod_range node_pool.node_config.# node_pool.node_config.advanced_machine_features.# node_pool.node_config.advanced_machine_features.enable_nested_virtualization node_pool.node_config.advanced_machine_features.threads_per_core node_pool.node_config.boot_disk_kms_key node_pool.node_config.confidential_nodes.confidential_instance_type node_pool.node_config.enable_confidential_storage node_pool.node_config.ephemeral_storage_local_ssd_config node_pool.node_config.flex_start node_pool.node_config.guest_accelerator node_pool.node_config.host_maintenance_policy node_pool.node_config.local_nvme_ssd_block_config node_pool.node_config.local_ssd_count node_pool.node_config.local_ssd_encryption_mode node_pool.node_config.max_run_duration node_pool.node_config.metadata node_pool.node_config.min_cpu_platform node_pool.node_config.node_group node_pool.node_config.oauth_scopes node_pool.node_config.preemptible node_pool.node_config.reservation_affinity node_pool.node_config.secondary_boot_disks node_pool.node_config.service_account node_pool.node_config.shielded_instance_config node_pool.node_config.sole_tenant_config.# node_pool.node_config.sole_tenant_config.node_affinity node_pool.node_config.spot node_pool.placement_policy.# node_pool.placement_policy.policy_name node_pool.queued_provisioning private_cluster_config.enable_private_nodes private_cluster_config.master_ipv4_cidr_block private_cluster_config.private_endpoint_subnetwork project subnetwork user_managed_keys_config.aggregation_ca user_managed_keys_config.cluster_ca user_managed_keys_config.etcd_api_ca user_managed_keys_config.etcd_peer_ca",
  google_dns_managed_zone: "dns_name name project visibility",
  google_dns_record_set: "managed_zone name project routing_policy.health_check",
  google_filestore_backup: "location name project source_file_share tags",
  google_filestore_instance:
    "file_shares.name file_shares.source_backup initial_replication.# kms_key_name location networks project protocol tags tier zone",
  google_filestore_snapshot: "instance location name project",
  google_firestore_database: "cmek_config database_edition location_id name project tags",
  google_gke_backup_backup_plan: "cluster location name project",
  google_kms_crypto_key:
    "crypto_key_backend destroy_scheduled_duration import_only key_ring name purpose version_template.protection_level",
  google_kms_crypto_key_iam_member: "condition crypto_key_id member role",
  google_kms_crypto_key_version: "crypto_key",
  google_kms_key_ring: "location name project",
  google_logging_metric: "metric_descriptor.labels.key metric_descriptor.labels.value_type project",
  google_logging_project_bucket_config: "bucket_id location project",
  google_monitoring_alert_policy: "project",
  google_monitoring_dashboard: "project",
  google_netapp_backup: "location name project source_volume vault_name",
  google_netapp_volume:
    "kerberos_enabled large_capacity location name project protocols restore_parameters security_style share_name",
  google_oracle_database_autonomous_database:
    "admin_password autonomous_database_id cidr database display_name effective_labels location network odb_network odb_subnet project properties",
  google_project_iam_custom_role: "project role_id",
  google_project_iam_member: "condition member project role",
  google_pubsub_subscription: "enable_message_ordering filter name project topic",
  google_pubsub_topic: "name project",
  google_redis_cluster:
    "allow_fewer_zones_deployment authorization_mode gcs_source managed_backup_source name project region transit_encryption_mode zone_distribution_config.#",
  google_redis_instance:
    "alternative_location_id authorized_network connect_mode customer_managed_key location_id name project region reserved_ip_range tier transit_encryption_mode",
  google_secret_manager_regional_secret: "location project secret_id tags",
  google_secret_manager_secret:
    "project replication.# replication.auto.# replication.user_managed.# replication.user_managed.replicas.# replication.user_managed.replicas.location secret_id tags",
  google_secret_manager_secret_version: "is_secret_data_base64 secret secret_data secret_data_wo_version",
  google_service_account: "account_id project",
  google_service_account_iam_member: "condition member role service_account_id",
  google_service_networking_connection: "network service",
  google_spanner_database: "database_dialect encryption_config instance name project",
  google_spanner_instance: "config name project",
  google_sql_database: "instance name project",
  google_sql_database_instance:
    "encryption_key_name name project region replica_configuration.ca_certificate replica_configuration.client_certificate replica_configuration.client_key replica_configuration.connect_retry_interval replica_configuration.dump_file_path replica_configuration.failover_target replica_configuration.master_heartbeat_period replica_configuration.password replica_configuration.ssl_cipher replica_configuration.username replica_configuration.verify_server_certificate settings.collation settings.disk_type",
  google_sql_ssl_cert: "common_name instance project",
  google_sql_user: "host instance name project type",
  google_storage_bucket:
    "custom_placement_config.data_locations enable_object_retention hierarchical_namespace location name project",
  google_storage_bucket_iam_member: "bucket condition member role",
  google_storage_bucket_object:
    "bucket cache_control content_disposition content_encoding content_language content_type customer_encryption.encryption_algorithm customer_encryption.encryption_key force_empty_content_type kms_key_name metadata name source storage_class",
  google_workflows_workflow: "name name_prefix project region tags",
  helm_release: "name namespace",
  kubernetes_cluster_role_binding_v1: "metadata.generate_name metadata.name role_ref",
  kubernetes_cluster_role_v1: "metadata.generate_name metadata.name",
  kubernetes_config_map: "metadata.generate_name metadata.name metadata.namespace",
  kubernetes_config_map_v1: "metadata.generate_name metadata.name metadata.namespace",
  kubernetes_cron_job_v1:
    "metadata.generate_name metadata.name metadata.namespace spec.job_template.metadata.generate_name spec.job_template.metadata.name spec.job_template.metadata.namespace spec.job_template.spec.backoff_limit_per_index spec.job_template.spec.completion_mode spec.job_template.spec.completions spec.job_template.spec.pod_failure_policy.# spec.job_template.spec.selector spec.job_template.spec.template.# spec.job_template.spec.template.metadata.generate_name spec.job_template.spec.template.metadata.name spec.job_template.spec.template.spec.# spec.job_template.spec.template.spec.affinity.node_affinity.preferred_during_scheduling_ignored_during_execution.preference.match_fields spec.job_template.spec.template.spec.affinity.node_affinity.required_during_scheduling_ignored_during_execution.node_selector_term.match_fields spec.job_template.spec.template.spec.volume.azure_file.secret_namespace spec.job_template.spec.template.spec.volume.ephemeral.volume_claim_template.spec.access_modes spec.job_template.spec.template.spec.volume.ephemeral.volume_claim_template.spec.resources.limits spec.job_template.spec.template.spec.volume.ephemeral.volume_claim_template.spec.selector spec.job_template.spec.template.spec.volume.ephemeral.volume_claim_template.spec.storage_class_name spec.job_template.spec.template.spec.volume.ephemeral.volume_claim_template.spec.volume_mode spec.job_template.spec.template.spec.volume.ephemeral.volume_claim_template.spec.volume_name",
  kubernetes_deployment_v1:
    "metadata.generate_name metadata.name metadata.namespace spec.selector spec.template.metadata.generate_name spec.template.metadata.name spec.template.metadata.namespace spec.template.spec.affinity.node_affinity.preferred_during_scheduling_ignored_during_execution.preference.match_fields spec.template.spec.affinity.node_affinity.required_during_scheduling_ignored_during_execution.node_selector_term.match_fields spec.template.spec.volume.azure_file.secret_namespace spec.template.spec.volume.ephemeral.volume_claim_template.spec.access_modes spec.template.spec.volume.ephemeral.volume_claim_template.spec.resources.limits spec.template.spec.volume.ephemeral.volume_claim_template.spec.selector spec.template.spec.volume.ephemeral.volume_claim_template.spec.storage_class_name spec.template.spec.volume.ephemeral.volume_claim_template.spec.volume_mode spec.template.spec.volume.ephemeral.volume_claim_template.spec.volume_name",
  kubernetes_job:
    "metadata.generate_name metadata.name metadata.namespace spec.backoff_limit_per_index spec.completion_mode spec.completions spec.pod_failure_policy.# spec.selector spec.template",
  kubernetes_job_v1:
    "metadata.generate_name metadata.name metadata.namespace spec.backoff_limit_per_index spec.completion_mode spec.completions spec.pod_failure_policy.# spec.selector spec.template",
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
    "metadata.generate_name metadata.name metadata.namespace spec.pod_management_policy spec.revision_history_limit spec.selector spec.service_name spec.template.metadata.generate_name spec.template.metadata.name spec.template.metadata.namespace spec.template.spec.affinity.node_affinity.preferred_during_scheduling_ignored_during_execution.preference.match_fields spec.template.spec.affinity.node_affinity.required_during_scheduling_ignored_during_execution.node_selector_term.match_fields spec.template.spec.volume.azure_file.secret_namespace spec.template.spec.volume.ephemeral.volume_claim_template.spec.access_modes spec.template.spec.volume.ephemeral.volume_claim_template.spec.resources.limits spec.template.spec.volume.ephemeral.volume_claim_template.spec.selector spec.template.spec.volume.ephemeral.volume_claim_template.spec.storage_class_name spec.template.spec.volume.ephemeral.volume_claim_template.spec.volume_mode spec.template.spec.volume.ephemeral.volume_claim_template.spec.volume_name spec.volume_claim_template.# spec.volume_claim_template.metadata.generate_name spec.volume_claim_template.metadata.name spec.volume_claim_template.metadata.namespace spec.volume_claim_template.spec.access_modes spec.volume_claim_template.spec.resources.limits spec.volume_claim_template.spec.selector spec.volume_claim_template.spec.storage_class_name spec.volume_claim_template.spec.volume_mode spec.volume_claim_template.spec.volume_name",
  kubernetes_stateful_set_v1:
    "metadata.generate_name metadata.name metadata.namespace spec.pod_management_policy spec.revision_history_limit spec.selector spec.service_name spec.template.metadata.generate_name spec.template.metadata.name spec.template.metadata.namespace spec.template.spec.affinity.node_affinity.preferred_during_scheduling_ignored_during_execution.preference.match_fields spec.template.spec.affinity.node_affinity.required_during_scheduling_ignored_during_execution.node_selector_term.match_fields spec.template.spec.volume.azure_file.secret_namespace spec.template.spec.volume.ephemeral.volume_claim_template.spec.access_modes spec.template.spec.volume.ephemeral.volume_claim_template.spec.resources.limits spec.template.spec.volume.ephemeral.volume_claim_template.spec.selector spec.template.spec.volume.ephemeral.volume_claim_template.spec.storage_class_name spec.template.spec.volume.ephemeral.volume_claim_template.spec.volume_mode spec.template.spec.volume.ephemeral.volume_claim_template.spec.volume_name spec.volume_claim_template.# spec.volume_claim_template.metadata.generate_name spec.volume_claim_template.metadata.name spec.volume_claim_template.metadata.namespace spec.volume_claim_template.spec.access_modes spec.volume_claim_template.spec.resources.limits spec.volume_claim_template.spec.selector spec.volume_claim_template.spec.storage_class_name spec.volume_claim_template.spec.volume_mode spec.volume_claim_template.spec.volume_name",
  random_id: "byte_length keepers prefix",
  random_password:
    "keepers length lower min_lower min_numeric min_special min_upper number numeric override_special special upper",
  tls_private_key: "algorithm ecdsa_curve rsa_bits",
};
