import { isMembers, type Members } from "./members";
import { readState } from "./read-state";
import type { StateResource } from "./state-resource";

/** Content of an input. */
export interface Input {
  /** Resources with the attributes of the Terraform provider. */
  readonly resources: readonly StateResource[];
  /** True for a state, false for the output of describe calls. */
  readonly isState: boolean;
}

/** Reads a state or the output of `aws rds describe-db-instances`. */
export function readInput(json: unknown): Input {
  if (isMembers(json) && Array.isArray(json.DBInstances))
    return { resources: json.DBInstances.filter(isMembers).map(rdsInstance), isState: false };
  return { resources: readState(json), isState: true };
}

/**
 * A DB instance with the provider's attributes.
 *
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DBInstance.html
 */
function rdsInstance(instance: Members): StateResource {
  const identifier = String(instance.DBInstanceIdentifier ?? "");
  const items = (value: unknown) => (Array.isArray(value) ? value.filter(isMembers) : []);
  const [group] = items(instance.DBParameterGroups);
  const subnets = isMembers(instance.DBSubnetGroup) ? instance.DBSubnetGroup : {};
  const endpoint = isMembers(instance.Endpoint) ? instance.Endpoint : {};
  const secret = isMembers(instance.MasterUserSecret) ? instance.MasterUserSecret : undefined;
  return {
    address: `DB instance ${identifier}`,
    type: "aws_db_instance",
    sensitive: {},
    values: {
      id: instance.DbiResourceId,
      arn: instance.DBInstanceArn,
      identifier,
      engine: instance.Engine,
      engine_version: instance.EngineVersion,
      engine_version_actual: instance.EngineVersion,
      instance_class: instance.DBInstanceClass,
      allocated_storage: instance.AllocatedStorage,
      max_allocated_storage: instance.MaxAllocatedStorage,
      storage_type: instance.StorageType,
      iops: instance.Iops,
      storage_throughput: instance.StorageThroughput,
      storage_encrypted: instance.StorageEncrypted,
      kms_key_id: instance.KmsKeyId,
      db_name: instance.DBName,
      username: instance.MasterUsername,
      port: endpoint.Port,
      multi_az: instance.MultiAZ,
      availability_zone: instance.AvailabilityZone,
      backup_retention_period: instance.BackupRetentionPeriod,
      backup_window: instance.PreferredBackupWindow,
      maintenance_window: instance.PreferredMaintenanceWindow,
      auto_minor_version_upgrade: instance.AutoMinorVersionUpgrade,
      publicly_accessible: instance.PubliclyAccessible,
      deletion_protection: instance.DeletionProtection,
      copy_tags_to_snapshot: instance.CopyTagsToSnapshot,
      iam_database_authentication_enabled: instance.IAMDatabaseAuthenticationEnabled,
      performance_insights_enabled: instance.PerformanceInsightsEnabled,
      performance_insights_kms_key_id: instance.PerformanceInsightsKMSKeyId,
      performance_insights_retention_period: instance.PerformanceInsightsRetentionPeriod,
      database_insights_mode: instance.DatabaseInsightsMode,
      monitoring_interval: instance.MonitoringInterval,
      monitoring_role_arn: instance.MonitoringRoleArn,
      ca_cert_identifier: instance.CACertificateIdentifier,
      enabled_cloudwatch_logs_exports: instance.EnabledCloudwatchLogsExports,
      replicate_source_db: instance.ReadReplicaSourceDBInstanceIdentifier,
      parameter_group_name: group?.DBParameterGroupName,
      db_subnet_group_name: subnets.DBSubnetGroupName,
      vpc_security_group_ids: items(instance.VpcSecurityGroups).map((each) => each.VpcSecurityGroupId),
      manage_master_user_password: secret === undefined ? undefined : true,
      master_user_secret: secret === undefined ? [] : [{ kms_key_id: secret.KmsKeyId }],
      master_user_secret_kms_key_id: secret?.KmsKeyId,
      network_type: instance.NetworkType,
      license_model: instance.LicenseModel,
      dedicated_log_volume: instance.DedicatedLogVolume,
      tags: Object.fromEntries(items(instance.TagList).map(({ Key, Value }) => [String(Key), Value])),
    },
  };
}
