// Read 2026-11 in the documentation of the pinned providers. Names of resource types in words, and which types hold data that is lost when they are destroyed. A type that is not listed keeps
// its Terraform name and counts as a type without data.

import { OTHER_DATA_KINDS } from "./other-data-kinds";

/** Name of a resource type. */
export interface Kind {
  readonly group: string;
  readonly one: string;
  /** Plural. @default - `one` with "s" */
  readonly many?: string;
  /** True if data, keys or secrets are lost with the resource. */
  readonly holdsData?: boolean;
}

/** Groups in display order. */
export const GROUPS: readonly string[] = [
  "Databases",
  "Secrets and keys",
  "Storage and backups",
  "Network",
  "Identity",
  "Monitoring",
  "Kubernetes",
  "Helm",
  "Other",
];

const kinds = (group: string, holdsData: boolean, words: { readonly [type: string]: string }) =>
  Object.entries(words).map(([type, word]): [string, Kind] => {
    const [one = word, many] = word.split("|");
    return [type, { group, one, many, holdsData }];
  });

/** By Terraform's resource type; after a bar, a plural that is not formed with "s". */
export const KINDS: ReadonlyMap<string, Kind> = new Map([
  ...Object.entries(OTHER_DATA_KINDS).flatMap(([group, words]) => kinds(group, true, words)),
  ...kinds("Databases", true, {
    aws_db_instance: "RDS DB instance",
    aws_db_snapshot: "RDS snapshot",
    aws_db_snapshot_copy: "copied RDS snapshot",
    aws_db_cluster_snapshot: "Aurora snapshot",
    aws_rds_cluster_snapshot_copy: "copied Aurora snapshot",
    aws_rds_cluster: "Aurora cluster",
    google_sql_database_instance: "Cloud SQL instance",
    google_sql_database: "Cloud SQL database",
    azurerm_postgresql_flexible_server: "PostgreSQL flexible server",
    azurerm_postgresql_flexible_server_database: "PostgreSQL database",
    azurerm_postgresql_flexible_server_backup: "on-demand backup",
    azurerm_mysql_flexible_server: "MySQL flexible server",
    azurerm_mysql_flexible_database: "MySQL database",
  }),
  ...kinds("Databases", false, {
    // The data of Aurora is in the cluster volume.
    aws_rds_cluster_instance: "Aurora instance",
    aws_db_parameter_group: "parameter group",
    aws_db_subnet_group: "subnet group",
    aws_db_option_group: "option group",
    aws_db_event_subscription: "event subscription",
    google_sql_user: "Cloud SQL user",
    google_sql_ssl_cert: "Cloud SQL client certificate",
    azurerm_postgresql_flexible_server_configuration: "server parameter",
    azurerm_mysql_flexible_server_configuration: "server parameter",
    azurerm_postgresql_flexible_server_firewall_rule: "database firewall rule",
    azurerm_mysql_flexible_server_firewall_rule: "database firewall rule",
    azurerm_postgresql_flexible_server_active_directory_administrator: "Entra administrator",
  }),
  ...kinds("Secrets and keys", true, {
    aws_secretsmanager_secret: "secret in Secrets Manager|secrets in Secrets Manager",
    aws_kms_key: "encryption key",
    aws_kms_replica_key: "encryption key in another Region|encryption keys in another Region",
    aws_kms_external_key: "encryption key",
    google_secret_manager_secret: "secret in Secret Manager|secrets in Secret Manager",
    google_kms_crypto_key: "encryption key",
    google_kms_crypto_key_version: "version of an encryption key|versions of encryption keys",
    google_kms_key_ring: "key ring",
    azurerm_key_vault: "key vault",
    azurerm_key_vault_secret: "secret in Key Vault|secrets in Key Vault",
    azurerm_key_vault_key: "encryption key",
    random_password: "password in the state|passwords in the state",
    tls_private_key: "private key in the state|private keys in the state",
  }),
  ...kinds("Secrets and keys", false, {
    aws_secretsmanager_secret_version: "stored secret value",
    aws_kms_alias: "key alias|key aliases",
    google_secret_manager_secret_version: "stored secret value",
  }),
  ...kinds("Storage and backups", true, {
    aws_s3_bucket: "S3 bucket",
    aws_backup_vault: "backup vault",
    aws_backup_logically_air_gapped_vault: "logically air-gapped backup vault",
    aws_ecr_repository: "ECR repository|ECR repositories",
    aws_ebs_volume: "EBS volume",
    aws_efs_file_system: "EFS file system",
    google_storage_bucket: "Cloud Storage bucket",
    google_backup_dr_backup_vault: "backup vault",
    google_gke_backup_backup_plan: "backup plan of a cluster|backup plans of clusters",
    google_artifact_registry_repository: "Artifact Registry repository|Artifact Registry repositories",
    azurerm_storage_account: "storage account",
    azurerm_storage_container: "storage container",
    azurerm_storage_blob: "blob",
    azurerm_container_registry: "container registry|container registries",
    azurerm_data_protection_backup_vault: "backup vault",
    azurerm_data_protection_backup_instance_postgresql_flexible_server: "backup instance",
    azurerm_data_protection_backup_instance_mysql_flexible_server: "backup instance",
    azurerm_data_protection_backup_instance_blob_storage: "backup instance",
  }),
  ...kinds("Storage and backups", false, {
    aws_backup_plan: "backup plan",
    aws_backup_restore_testing_plan: "restore testing plan",
    aws_backup_restore_testing_selection: "selection of a restore testing plan",
    aws_cloudwatch_event_rule: "EventBridge rule",
    aws_cloudwatch_event_target: "target of an EventBridge rule",
    aws_s3_bucket_object_lock_configuration: "Object Lock of an S3 bucket",
    google_workflows_workflow: "workflow",
    google_cloud_scheduler_job: "Cloud Scheduler job",
    // Copies that are there stay when it is destroyed.
    aws_db_instance_automated_backups_replication: "cross-Region automated backup",
    aws_backup_selection: "backup selection",
    aws_s3_bucket_lifecycle_configuration: "bucket lifecycle configuration",
    aws_s3_bucket_logging: "bucket server access logging",
    aws_s3_bucket_ownership_controls: "bucket ownership control",
    aws_s3_bucket_policy: "bucket policy|bucket policies",
    aws_s3_bucket_public_access_block: "bucket public access block",
    aws_s3_bucket_replication_configuration: "bucket replication configuration",
    aws_s3_bucket_server_side_encryption_configuration: "bucket default encryption",
    aws_s3_bucket_versioning: "bucket versioning",
    azurerm_storage_container_immutability_policy:
      "immutability policy of a container|immutability policies of containers",
    azurerm_storage_management_policy: "storage management policy|storage management policies",
    azurerm_management_lock: "management lock",
  }),
  ...kinds("Network", false, {
    aws_vpc: "VPC",
    aws_subnet: "subnet",
    aws_security_group: "security group",
    aws_security_group_rule: "security group rule",
    aws_vpc_security_group_ingress_rule: "ingress rule",
    aws_vpc_security_group_egress_rule: "egress rule",
    aws_flow_log: "flow log",
    aws_default_security_group: "default security group (emptied)|default security groups (emptied)",
    google_compute_global_address: "address range",
    google_service_networking_connection: "private services access connection",
    google_compute_network: "network",
    google_compute_subnetwork: "subnet",
    google_dns_managed_zone: "DNS zone",
    google_dns_record_set: "DNS record",
    azurerm_private_endpoint: "private endpoint",
    azurerm_private_dns_zone: "private DNS zone",
    azurerm_private_dns_zone_virtual_network_link: "private DNS zone link",
    azurerm_subnet: "subnet",
    azurerm_virtual_network: "virtual network",
    azurerm_network_security_group: "network security group",
  }),
  ...kinds("Identity", false, {
    aws_iam_role: "IAM role",
    aws_iam_policy: "IAM policy|IAM policies",
    aws_iam_role_policy: "inline IAM policy of a role|inline IAM policies of roles",
    aws_iam_role_policy_attachment: "IAM policy attachment",
    aws_iam_user: "IAM user",
    aws_iam_user_policy: "inline IAM policy of a user|inline IAM policies of users",
    aws_eks_pod_identity_association: "Pod Identity association",
    google_service_account: "service account",
    google_project_iam_member: "project IAM member",
    google_project_iam_custom_role: "custom IAM role",
    google_service_account_iam_member: "service account IAM member",
    google_storage_bucket_iam_member: "bucket IAM member",
    google_artifact_registry_repository_iam_member: "repository IAM member",
    google_kms_crypto_key_iam_member: "KMS key IAM member",
    azurerm_user_assigned_identity: "managed identity|managed identities",
    azurerm_federated_identity_credential: "federated credential",
    azurerm_role_assignment: "role assignment",
  }),
  ...kinds("Monitoring", false, {
    aws_cloudwatch_log_group: "CloudWatch log group",
    aws_cloudwatch_metric_alarm: "CloudWatch alarm",
    aws_cloudwatch_dashboard: "CloudWatch dashboard",
    google_monitoring_alert_policy: "alerting policy|alerting policies",
    google_monitoring_dashboard: "Cloud Monitoring dashboard",
    google_logging_metric: "log-based metric",
    azurerm_monitor_metric_alert: "metric alert",
    azurerm_monitor_activity_log_alert: "activity log alert",
    azurerm_portal_dashboard: "portal dashboard",
    azurerm_monitor_diagnostic_setting: "diagnostic setting",
  }),
  // Deleting a namespace deletes all objects in it, volumes included.
  ...kinds("Kubernetes", true, {
    kubernetes_namespace: "namespace",
    kubernetes_namespace_v1: "namespace",
    kubernetes_persistent_volume: "PersistentVolume",
    kubernetes_persistent_volume_v1: "PersistentVolume",
    kubernetes_stateful_set: "StatefulSet",
    kubernetes_stateful_set_v1: "StatefulSet",
    kubernetes_persistent_volume_claim: "PersistentVolumeClaim",
    kubernetes_persistent_volume_claim_v1: "PersistentVolumeClaim",
  }),
  ...kinds("Kubernetes", false, {
    kubernetes_secret: "Secret",
    kubernetes_secret_v1: "Secret",
    kubernetes_config_map: "ConfigMap",
    kubernetes_config_map_v1: "ConfigMap",
    kubernetes_job: "Job",
    kubernetes_job_v1: "Job",
    kubernetes_cron_job_v1: "CronJob",
    kubernetes_deployment_v1: "Deployment",
    kubernetes_service: "Service",
    kubernetes_service_v1: "Service",
    kubernetes_service_account_v1: "ServiceAccount",
    kubernetes_role_v1: "Role",
    kubernetes_role_binding_v1: "RoleBinding",
    kubernetes_cluster_role_v1: "ClusterRole",
    kubernetes_cluster_role_binding_v1: "ClusterRoleBinding",
    kubernetes_pod_disruption_budget_v1: "PodDisruptionBudget",
    kubernetes_network_policy_v1: "NetworkPolicy|NetworkPolicies",
  }),
  ...kinds("Helm", false, { helm_release: "Helm release" }),
  ...kinds("Other", false, { terraform_data: "terraform_data resource", random_id: "random id" }),
]);
