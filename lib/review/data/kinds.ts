// What resources are called in plain words, and which of them hold data that nobody can make again. A type that is not
// here is called by its own name, and counts as one without data: only what loses data by being destroyed is listed.

/** The word for one resource of a type. */
export interface Kind {
  readonly group: string;
  readonly one: string;
  /** The word for several, where adding an "s" is wrong. */
  readonly many?: string;
  /** Whether data, keys or secrets are lost with it. */
  readonly holdsData?: boolean;
}

/** The order in which groups are shown. */
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

/** By Terraform's resource type; the plural after a bar where it is not formed with an "s". */
export const KINDS: ReadonlyMap<string, Kind> = new Map([
  ...kinds("Databases", true, {
    aws_db_instance: "RDS server",
    aws_db_snapshot: "RDS snapshot",
    aws_rds_cluster: "Aurora cluster",
    aws_rds_cluster_instance: "Aurora instance",
    google_sql_database_instance: "Cloud SQL server",
    google_sql_database: "Cloud SQL database",
    azurerm_postgresql_flexible_server: "PostgreSQL flexible server",
    azurerm_postgresql_flexible_server_database: "PostgreSQL database",
    azurerm_mysql_flexible_server: "MySQL flexible server",
    azurerm_mysql_flexible_database: "MySQL database",
    postgresql_database: "PostgreSQL database",
  }),
  ...kinds("Databases", false, {
    aws_db_parameter_group: "parameter group",
    aws_db_subnet_group: "subnet group",
    aws_db_option_group: "option group",
    aws_db_event_subscription: "event subscription",
    google_sql_user: "Cloud SQL user",
    google_sql_ssl_cert: "Cloud SQL client certificate",
    azurerm_postgresql_flexible_server_configuration: "server setting",
    azurerm_mysql_flexible_server_configuration: "server setting",
    azurerm_postgresql_flexible_server_firewall_rule: "database firewall rule",
    azurerm_mysql_flexible_server_firewall_rule: "database firewall rule",
    azurerm_postgresql_flexible_server_active_directory_administrator: "Entra administrator",
    postgresql_role: "PostgreSQL role",
  }),
  ...kinds("Secrets and keys", true, {
    aws_secretsmanager_secret: "secret in Secrets Manager|secrets in Secrets Manager",
    aws_kms_key: "encryption key",
    google_secret_manager_secret: "secret in Secret Manager|secrets in Secret Manager",
    google_kms_crypto_key: "encryption key",
    google_kms_key_ring: "key ring",
    azurerm_key_vault: "key vault",
    azurerm_key_vault_secret: "secret in Key Vault|secrets in Key Vault",
    azurerm_key_vault_key: "encryption key",
    random_password: "generated password in the state|generated passwords in the state",
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
    aws_db_instance_automated_backups_replication:
      "copy of backups in another region|copies of backups in another region",
    aws_ebs_volume: "EBS volume",
    aws_efs_file_system: "EFS file system",
    google_storage_bucket: "storage bucket",
    google_artifact_registry_repository: "image registry|image registries",
    azurerm_storage_account: "storage account",
    azurerm_storage_container: "storage container",
    azurerm_container_registry: "image registry|image registries",
    azurerm_data_protection_backup_vault: "backup vault",
  }),
  ...kinds("Storage and backups", false, {
    aws_backup_plan: "backup plan",
    aws_backup_selection: "backup selection",
    aws_s3_bucket_lifecycle_configuration: "lifecycle of a bucket|lifecycles of buckets",
    aws_s3_bucket_logging: "access log of a bucket|access logs of buckets",
    aws_s3_bucket_ownership_controls: "ownership rule of a bucket|ownership rules of buckets",
    aws_s3_bucket_policy: "policy of a bucket|policies of buckets",
    aws_s3_bucket_public_access_block: "block of public access|blocks of public access",
    aws_s3_bucket_replication_configuration: "replication of a bucket|replications of buckets",
    aws_s3_bucket_server_side_encryption_configuration: "encryption of a bucket|encryptions of buckets",
    aws_s3_bucket_versioning: "versioning of a bucket|versionings of buckets",
    azurerm_storage_management_policy: "lifecycle of a storage account|lifecycles of storage accounts",
    azurerm_management_lock: "lock against deletion|locks against deletion",
  }),
  ...kinds("Network", false, {
    aws_vpc: "VPC",
    aws_subnet: "subnet",
    aws_security_group: "security group",
    aws_security_group_rule: "security group rule",
    aws_vpc_security_group_ingress_rule: "inbound rule",
    aws_vpc_security_group_egress_rule: "outbound rule",
    aws_flow_log: "flow log",
    aws_default_security_group: "default security group (emptied)|default security groups (emptied)",
    google_compute_global_address: "address range",
    google_service_networking_connection:
      "private connection to Google's services|private connections to Google's services",
    google_compute_network: "network",
    google_compute_subnetwork: "subnet",
    google_dns_managed_zone: "DNS zone",
    google_dns_record_set: "DNS record",
    azurerm_private_endpoint: "private endpoint",
    azurerm_private_dns_zone: "private DNS zone",
    azurerm_private_dns_zone_virtual_network_link: "link of a DNS zone|links of DNS zones",
    azurerm_subnet: "subnet",
    azurerm_virtual_network: "virtual network",
  }),
  ...kinds("Identity", false, {
    aws_iam_role: "IAM role",
    aws_iam_policy: "IAM policy|IAM policies",
    aws_iam_role_policy: "IAM policy in a role|IAM policies in roles",
    aws_iam_role_policy_attachment: "attached IAM policy|attached IAM policies",
    aws_iam_user: "IAM user",
    aws_iam_user_policy: "IAM policy of a user|IAM policies of users",
    aws_eks_pod_identity_association: "Pod Identity association",
    google_service_account: "service account",
    google_project_iam_member: "project role grant",
    google_project_iam_custom_role: "role of the project's own|roles of the project's own",
    google_service_account_iam_member: "service account grant",
    google_storage_bucket_iam_member: "bucket role grant",
    google_artifact_registry_repository_iam_member: "image registry role grant",
    google_kms_crypto_key_iam_member: "encryption key grant",
    azurerm_user_assigned_identity: "managed identity|managed identities",
    azurerm_federated_identity_credential: "federated credential",
    azurerm_role_assignment: "role assignment",
  }),
  ...kinds("Monitoring", false, {
    aws_cloudwatch_log_group: "log group",
    aws_cloudwatch_metric_alarm: "alarm",
    google_monitoring_alert_policy: "alert policy|alert policies",
    azurerm_monitor_metric_alert: "alert",
    azurerm_monitor_diagnostic_setting: "diagnostic setting",
  }),
  // A namespace takes everything in it along, volumes included.
  ...kinds("Kubernetes", true, {
    kubernetes_namespace: "namespace",
    kubernetes_namespace_v1: "namespace",
    kubernetes_persistent_volume_claim: "volume claim",
    kubernetes_persistent_volume_claim_v1: "volume claim",
  }),
  ...kinds("Kubernetes", false, {
    kubernetes_secret: "secret",
    kubernetes_secret_v1: "secret",
    kubernetes_config_map: "config map",
    kubernetes_config_map_v1: "config map",
    kubernetes_job: "job",
    kubernetes_job_v1: "job",
    kubernetes_cron_job_v1: "cron job",
    kubernetes_deployment_v1: "deployment",
    kubernetes_service: "service",
    kubernetes_service_v1: "service",
    kubernetes_service_account_v1: "service account",
    kubernetes_role_v1: "role",
    kubernetes_role_binding_v1: "role binding",
    kubernetes_cluster_role_v1: "cluster role",
    kubernetes_cluster_role_binding_v1: "cluster role binding",
    kubernetes_pod_disruption_budget_v1: "disruption budget",
    kubernetes_network_policy_v1: "network policy|network policies",
  }),
  ...kinds("Helm", false, { helm_release: "release" }),
  ...kinds("Other", false, { terraform_data: "remembered value", random_id: "random name" }),
]);
