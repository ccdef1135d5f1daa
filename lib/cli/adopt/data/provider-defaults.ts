// Blocks that keep their value if a program leaves them out, and values that a provider sets for an argument that is left out; the schemas in
// JSON show neither. Sources, read 2026-11: hashicorp/terraform-provider-aws `internal/service/s3/bucket.go`, `internal/service/rds/instance.go`,
// `parameter_group.go`; hashicorp/terraform-provider-google `services/sql/resource_sql_database_instance.go`,
// `services/storage/resource_storage_bucket.go`; hashicorp/terraform-provider-azurerm `internal/services/{postgres,mysql,storage}`.

import type { Members } from "../state/members";

/** Paths of blocks that are optional and computed, by resource type. */
export const KEPT_BLOCKS: { readonly [type: string]: string | undefined } = {
  aws_s3_bucket:
    "acl cors_rule grant lifecycle_rule logging object_lock_configuration policy replication_configuration server_side_encryption_configuration versioning website",
  // The provider takes the value None only, which promotes a replica.
  azurerm_postgresql_flexible_server: "replication_role",
  google_sql_database_instance:
    "settings.backup_configuration settings.backup_configuration.backup_retention_settings settings.ip_configuration settings.location_preference replica_configuration",
};

/** Values of arguments that are left out, by resource type and attribute. */
export const PROVIDER_DEFAULTS: { readonly [type: string]: Members | undefined } = {
  aws_db_instance: { database_insights_mode: "standard", network_type: "IPV4" },
  aws_db_parameter_group: { description: "Managed by Terraform" },
  aws_cloudwatch_log_group: { log_group_class: "STANDARD" },
  google_sql_database_instance: {
    "settings.activation_policy": "ALWAYS",
    "settings.pricing_plan": "PER_USE",
    "settings.insights_config.query_plans_per_minute": 5,
  },
};
