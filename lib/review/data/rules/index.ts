import type { Rule } from "../../rules/rule";
import { BACKUP_AWS_RULES } from "./backup-aws";
import { BACKUP_GOOGLE_RULES } from "./backup-google";
import { CLOUD_SQL_DATA_RULES } from "./cloud-sql-data-google";
import { CLOUD_SQL_FEATURE_RULES } from "./cloud-sql-features-google";
import { CLOUD_SQL_RULES } from "./cloud-sql-google";
import { CLUSTER_AWS_RULES } from "./clusters/clusters-aws";
import { CLUSTER_AZURE_RULES } from "./clusters/clusters-azure";
import { CLUSTER_GOOGLE_RULES } from "./clusters/clusters-google";
import { DISK_RULES } from "./disks";
import { HELM_RULES } from "./helm";
import { KEYS_AWS_RULES } from "./keys-and-secrets-aws";
import { KEYS_AZURE_RULES } from "./keys-and-secrets-azure";
import { KEYS_GOOGLE_RULES } from "./keys-and-secrets-google";
import { KUBERNETES_RULES } from "./kubernetes";
import { MACHINE_RULES } from "./machines";
import { MYSQL_AZURE_RULES } from "./mysql-azure";
import { NETWORK_AWS_RULES } from "./network-aws";
import { NETWORK_AZURE_RULES } from "./network-azure";
import { NETWORK_GOOGLE_RULES } from "./network-google";
import { OBJECT_LOCK_RULES } from "./object-storage/object-lock";
import { OBJECT_STORAGE_AWS_RULES } from "./object-storage/object-storage-aws";
import { OBJECT_STORAGE_AZURE_RULES } from "./object-storage/object-storage-azure";
import { OBJECT_STORAGE_GOOGLE_RULES } from "./object-storage/object-storage-google";
import { S3_BUCKET_BLOCK_RULES } from "./object-storage/s3-bucket-blocks-aws";
import { STORAGE_SETTINGS_AZURE_RULES } from "./object-storage/storage-settings-azure";
import { OTHER_DATA_RULES } from "./other-data";
import { POSTGRES_AZURE_RULES } from "./postgres-azure";
import { AROUND_RDS_RULES } from "./rds/around-rds-aws";
import { AURORA_RULES } from "./rds/aurora-aws";
import { AURORA_SETTINGS_RULES } from "./rds/aurora-settings-aws";
import { RDS_RULES } from "./rds/rds-aws";
import { RDS_DATA_RULES } from "./rds/rds-data-aws";
import { RDS_STORAGE_RULES } from "./rds/rds-storage-aws";
import { REGISTRY_RULES } from "./registries";
import { TERRAFORM_STATE_RULES } from "./terraform-state";
import { VELERO_RULES } from "./velero";

/** All rules, in one order. */
export const RULES: readonly Rule[] = [
  ...RDS_DATA_RULES,
  ...RDS_RULES,
  ...RDS_STORAGE_RULES,
  ...AROUND_RDS_RULES,
  ...AURORA_RULES,
  ...AURORA_SETTINGS_RULES,
  ...BACKUP_AWS_RULES,
  ...BACKUP_GOOGLE_RULES,
  ...CLOUD_SQL_DATA_RULES,
  ...CLOUD_SQL_RULES,
  ...CLOUD_SQL_FEATURE_RULES,
  ...POSTGRES_AZURE_RULES,
  ...MYSQL_AZURE_RULES,
  ...OBJECT_STORAGE_AWS_RULES,
  ...S3_BUCKET_BLOCK_RULES,
  ...OBJECT_STORAGE_GOOGLE_RULES,
  ...OBJECT_STORAGE_AZURE_RULES,
  ...STORAGE_SETTINGS_AZURE_RULES,
  ...OBJECT_LOCK_RULES,
  ...OTHER_DATA_RULES,
  ...DISK_RULES,
  ...MACHINE_RULES,
  ...CLUSTER_AWS_RULES,
  ...CLUSTER_GOOGLE_RULES,
  ...CLUSTER_AZURE_RULES,
  ...REGISTRY_RULES,
  ...KEYS_AWS_RULES,
  ...KEYS_GOOGLE_RULES,
  ...KEYS_AZURE_RULES,
  ...NETWORK_AWS_RULES,
  ...NETWORK_GOOGLE_RULES,
  ...NETWORK_AZURE_RULES,
  ...HELM_RULES,
  ...VELERO_RULES,
  ...KUBERNETES_RULES,
  ...TERRAFORM_STATE_RULES,
];
