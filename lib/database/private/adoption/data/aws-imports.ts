// Import IDs of the aws provider, by resource type, and texts that stay as they are, most of which would replace the resource.
// IDs: section "Import" of each page of https://github.com/hashicorp/terraform-provider-aws/tree/v6.25.0/website/docs/r
// Read 2026-11-27: every row was compared with that section as the npm packages @pulumi/aws 7.14.0 (aws 6) and 6.83.0 (aws 5) repeat it,
// which agree with each other; the pages of these versions themselves were not at hand.
// Texts that stay: ForceNew in the schemas, seen in plans of 5.100.0.

import type { ImportFormat } from "../import-format";

const ofBucket: ImportFormat = {
  forms: ["{bucket}"],
  words: "name of the bucket",
  example: "platform-artifacts",
};
/** The owner stands in the ID if the program names it. */
const ofBucketOfOwner: ImportFormat = {
  ...ofBucket,
  forms: ["{bucket},{expected_bucket_owner}", "{bucket}"],
};
const ofVault: ImportFormat = {
  forms: ["{backup_vault_name}"],
  words: "name of the backup vault",
  example: "databases",
};

export const AWS_IMPORTS: { readonly [type: string]: ImportFormat } = {
  aws_backup_plan: {
    forms: [],
    words: "ID of the backup plan",
    example: "0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9",
  },
  aws_backup_restore_testing_plan: { forms: ["{name}"], words: "name of the plan", example: "restore_daily" },
  aws_backup_restore_testing_selection: {
    forms: ["{name}:{restore_testing_plan_name}"],
    words: "name of the selection and of its plan",
    example: "databases:restore_daily",
  },
  aws_backup_selection: {
    forms: [],
    words: "ID of the backup plan and of the selection",
    example: "0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9|1b2c3d4e-5f60-7182-93a4-b5c6d7e8f90a",
  },
  aws_backup_vault: { forms: ["{name}"], words: "name of the backup vault", example: "databases" },
  aws_backup_vault_lock_configuration: ofVault,
  aws_backup_vault_policy: ofVault,
  aws_cloudwatch_dashboard: {
    forms: ["{dashboard_name}"],
    words: "name of the dashboard",
    example: "databases",
  },
  aws_cloudwatch_event_rule: {
    forms: ["{event_bus_name}/{name}", "{name}"],
    words: "name of the rule",
    example: "backup-failed",
  },
  aws_cloudwatch_event_target: {
    forms: ["{event_bus_name}/{rule}/{target_id}", "{rule}/{target_id}"],
    words: "name of the rule and ID of the target",
    example: "backup-failed/topic",
  },
  aws_cloudwatch_log_group: {
    forms: ["{name}"],
    words: "name of the log group",
    example: "/aws/rds/instance/prod-db/postgresql",
  },
  aws_cloudwatch_metric_alarm: {
    forms: ["{alarm_name}"],
    words: "name of the alarm",
    example: "prod-db-storage",
  },
  aws_db_event_subscription: { forms: ["{name}"], words: "name of the subscription", example: "prod-db" },
  aws_db_instance: {
    forms: ["{identifier}"],
    words: "DB instance identifier",
    example: "prod-db",
    // RDS sets it when Performance Insights are enabled and never changes it (ModifyDBInstance).
    keeps: ["performance_insights_kms_key_id"],
    // The state of an import has the minor version. The major version alone would be sent to RDS, which may then upgrade to another minor version.
    keepsMajor: { version: "engine_version", unless: "allow_major_version_upgrade" },
  },
  aws_db_instance_automated_backups_replication: {
    forms: [],
    words: "ARN of the replicated automated backup",
    example: "arn:aws:rds:eu-west-1:123456789012:auto-backup:ab-0a1b2c3d4e5f60001",
  },
  aws_db_parameter_group: {
    forms: ["{name}"],
    words: "name of the DB parameter group",
    example: "prod-parameters",
    keeps: ["name", "name_prefix", "description"],
  },
  aws_db_subnet_group: {
    forms: ["{name}"],
    words: "name of the DB subnet group",
    example: "prod-subnets",
    keeps: ["name", "name_prefix", "description"],
  },
  aws_default_security_group: {
    forms: [],
    words: "ID of the security group",
    example: "sg-0a1b2c3d4e5f60001",
  },
  aws_eks_pod_identity_association: {
    forms: [],
    words: "name of the cluster and ID of the association",
    example: "platform,a-0a1b2c3d4e5f60001",
  },
  aws_flow_log: { forms: [], words: "ID of the flow log", example: "fl-0a1b2c3d4e5f60001" },
  aws_iam_role: {
    forms: ["{name}"],
    words: "name of the role",
    example: "rds-monitoring",
    keeps: ["name", "name_prefix", "path", "description"],
  },
  aws_iam_role_policy: {
    forms: ["{role}:{name}"],
    words: "name of the role and of the policy",
    example: "coder:bucket",
    keeps: ["name", "name_prefix"],
  },
  aws_iam_role_policy_attachment: {
    forms: ["{role}/{policy_arn}"],
    words: "name of the role and ARN of the policy",
    example: "rds-monitoring/arn:aws:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole",
  },
  // The name of a user is changed in place, so it is the program's.
  aws_iam_user: { forms: ["{name}"], words: "name of the user", example: "gitlab" },
  aws_iam_user_policy: {
    forms: ["{user}:{name}"],
    words: "name of the user and of the policy",
    example: "gitlab:bucket",
    keeps: ["name", "name_prefix"],
  },
  aws_kms_alias: {
    forms: ["{name}"],
    words: "name of the alias",
    example: "alias/databases",
    keeps: ["name", "name_prefix"],
  },
  aws_kms_key: {
    forms: [],
    words: "ID of the key",
    example: "0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9",
    keeps: ["description"],
  },
  aws_route_table: { forms: [], words: "ID of the route table", example: "rtb-0a1b2c3d4e5f60001" },
  aws_route_table_association: {
    forms: ["{subnet_id}/{route_table_id}"],
    words: "ID of the subnet and of the route table",
    example: "subnet-0a1b2c3d4e5f60001/rtb-0a1b2c3d4e5f60001",
  },
  aws_s3_bucket: ofBucket,
  aws_s3_bucket_lifecycle_configuration: ofBucketOfOwner,
  aws_s3_bucket_logging: ofBucketOfOwner,
  aws_s3_bucket_object_lock_configuration: ofBucketOfOwner,
  aws_s3_bucket_ownership_controls: ofBucket,
  aws_s3_bucket_policy: ofBucket,
  aws_s3_bucket_public_access_block: ofBucket,
  aws_s3_bucket_replication_configuration: ofBucket,
  aws_s3_bucket_server_side_encryption_configuration: ofBucketOfOwner,
  aws_s3_bucket_versioning: ofBucketOfOwner,
  aws_secretsmanager_secret: {
    forms: [],
    words: "ARN of the secret",
    example: "arn:aws:secretsmanager:eu-central-1:123456789012:secret:prod-db-AbCdEf",
    keeps: ["name", "name_prefix", "description"],
  },
  aws_secretsmanager_secret_version: {
    forms: [],
    words: "ARN of the secret and ID of its version",
    example:
      "arn:aws:secretsmanager:eu-central-1:123456789012:secret:prod-db-AbCdEf|0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9",
    // A version that is imported has no number in the state, and would be replaced by one with another password.
    keepsValue: { value: "secret_string_wo", version: "secret_string_wo_version" },
  },
  aws_security_group: {
    forms: [],
    words: "ID of the security group",
    example: "sg-0a1b2c3d4e5f60001",
    keeps: ["name", "name_prefix", "description"],
  },
  aws_sqs_queue: {
    forms: [],
    words: "URL of the queue",
    example: "https://sqs.eu-central-1.amazonaws.com/123456789012/alarms",
    keeps: ["name", "name_prefix"],
  },
  aws_sqs_queue_policy: {
    forms: ["{queue_url}"],
    words: "URL of the queue",
    example: "https://sqs.eu-central-1.amazonaws.com/123456789012/alarms",
  },
  aws_subnet: { forms: [], words: "ID of the subnet", example: "subnet-0a1b2c3d4e5f60001" },
  aws_vpc: { forms: [], words: "ID of the VPC", example: "vpc-0a1b2c3d4e5f60001" },
  aws_vpc_security_group_ingress_rule: {
    forms: [],
    words: "ID of the rule",
    example: "sgr-0a1b2c3d4e5f60001",
    keeps: ["description"],
  },
};
