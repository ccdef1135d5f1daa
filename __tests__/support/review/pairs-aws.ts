/** Pairs of the aws provider, one at least for each rule. */
import { PairsOf, type RulePair } from "./rule-pairs";

const ACCOUNT = "123456789012";
const ARN = (service: string, rest: string) => `arn:aws:${service}:eu-central-1:${ACCOUNT}:${rest}`;
const KEY = ARN("kms", "key/0a1b2c3d-0000-4000-8000-000000000001");
const OTHER_KEY = ARN("kms", "key/0a1b2c3d-0000-4000-8000-000000000002");
const ROLE = `arn:aws:iam::${ACCOUNT}:role/backup`;
const VAULT = ARN("backup", "backup-vault:a");
const policy = (principal: unknown, more: object = {}) =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Sid: "A", Effect: "Allow", Principal: principal, Action: "*", Resource: "*", ...more }],
  });
const OWN = policy({ AWS: `arn:aws:iam::${ACCOUNT}:root` });
const OTHER = policy({ AWS: ROLE });

const endpoint = (own: object) => ({ vpc_config: { subnet_ids: ["subnet-1", "subnet-2"], ...own } });
const EKS = { name: "a", role_arn: `arn:aws:iam::${ACCOUNT}:role/a`, ...endpoint({}) };
const mode = (authentication_mode: string) => ({
  access_config: { authentication_mode, bootstrap_cluster_creator_admin_permissions: true },
});

const instance = new PairsOf("aws_db_instance", {
  identifier: "a",
  engine: "postgres",
  engine_version: "16.3",
  instance_class: "db.m7g.xlarge",
  allocated_storage: 100,
  username: "dbadmin",
  password_wo: "not-a-secret-1",
  password_wo_version: 1,
  backup_retention_period: 14,
  delete_automated_backups: false,
  final_snapshot_identifier: "a-final",
  storage_encrypted: true,
  storage_type: "gp3",
});

instance
  .destroy("RDS-DELETED")
  .destroy("RDS-DELETED RDS-NO-FINAL-SNAPSHOT", { skip_final_snapshot: true })
  .destroy("RDS-DELETED RDS-AUTOMATED-BACKUPS-DELETED", { delete_automated_backups: true })
  .destroy("RDS-DELETED RDS-DELETION-REFUSED", { deletion_protection: true })
  .forget("FORGOTTEN")
  .replacedBy(
    "RDS-REPLACED",
    { db_name: "app", kms_key_id: KEY, availability_zone: "eu-central-1a" },
    {
      engine: "mysql",
      db_name: "other",
      username: "other",
      kms_key_id: OTHER_KEY,
      storage_encrypted: false,
      availability_zone: "eu-central-1b",
      snapshot_identifier: "old",
      character_set_name: "UTF8",
      timezone: "UTC",
      backup_target: "outposts",
      restore_to_point_in_time: { source_db_instance_identifier: "b", use_latest_restorable_time: true },
    },
  )
  .update("RDS-DELETION-PROTECTION-OFF", { deletion_protection: true }, { deletion_protection: false })
  .update("RDS-DELETION-PROTECTION-ON", { deletion_protection: false }, { deletion_protection: true })
  .update("RDS-FINAL-SNAPSHOT-OFF", { skip_final_snapshot: false }, { skip_final_snapshot: true })
  .update("RDS-LAST-COPIES-KEPT", { skip_final_snapshot: true }, { skip_final_snapshot: false })
  .update(
    "RDS-AUTOMATED-BACKUPS-NOT-KEPT",
    { delete_automated_backups: false },
    { delete_automated_backups: true },
  )
  .update("RDS-FINAL-SNAPSHOT-NAME", {}, { final_snapshot_identifier: "b" })
  .update(
    "RDS-FINAL-SNAPSHOT-NAMED",
    { final_snapshot_identifier: undefined, skip_final_snapshot: true },
    { skip_final_snapshot: true },
  )
  .update("RDS-BACKUPS-OFF", {}, { backup_retention_period: 0 })
  .update("RDS-BACKUPS-ON", { backup_retention_period: 0 }, {})
  .update("RDS-RETENTION-SHORTER", {}, { backup_retention_period: 7 })
  .update("RDS-RETENTION-LONGER", {}, { backup_retention_period: 30 })
  .update(
    "RDS-REPLICA-PROMOTED",
    {
      replicate_source_db: "b",
      username: undefined,
      engine: undefined,
      engine_version: undefined,
      password_wo: undefined,
      password_wo_version: undefined,
    },
    {
      replicate_source_db: undefined,
      username: undefined,
      engine: undefined,
      engine_version: undefined,
      password_wo: undefined,
      password_wo_version: undefined,
    },
  )
  .update("RDS-CLASS-SMALLER", {}, { instance_class: "db.m7g.large" })
  .update("RDS-CLASS-LARGER", {}, { instance_class: "db.m7g.2xlarge" })
  .update("RDS-CLASS", {}, { instance_class: "db.m6g.xlarge" })
  .update("RDS-VERSION-MAJOR", {}, { engine_version: "17.2", allow_major_version_upgrade: true })
  .update(
    "RDS-VERSION-MAJOR",
    { engine: "mysql", engine_version: "8.0.39" },
    { engine: "mysql", engine_version: "8.4.5", allow_major_version_upgrade: true },
  )
  .update("RDS-VERSION-MINOR", {}, { engine_version: "16.4" })
  .update(
    "RDS-VERSION-MINOR",
    { engine: "mysql", engine_version: "8.0.39" },
    { engine: "mysql", engine_version: "8.0.40" },
  )
  .update("RDS-VERSION-NAMED", { engine_version: "16" }, { engine_version: "16.4" })
  .update("RDS-VERSION-OLDER", {}, { engine_version: "15.7" })
  .update(
    "RDS-MINOR-UPGRADES-ON",
    { auto_minor_version_upgrade: false },
    { auto_minor_version_upgrade: true },
  )
  .update(
    "RDS-MINOR-UPGRADES-OFF",
    { auto_minor_version_upgrade: true },
    { auto_minor_version_upgrade: false },
  )
  .update("RDS-STORAGE-LARGER", {}, { allocated_storage: 200 })
  .update("RDS-STORAGE-SMALLER", {}, { allocated_storage: 50 })
  .update("RDS-AUTOSCALING-LESS", { max_allocated_storage: 1000 }, { max_allocated_storage: 500 })
  .update("RDS-AUTOSCALING-LESS", { max_allocated_storage: 1000 }, { max_allocated_storage: 0 })
  .update("RDS-AUTOSCALING-MORE", { max_allocated_storage: 500 }, { max_allocated_storage: 1000 })
  .update("RDS-STORAGE-MAGNETIC", { storage_type: "standard" }, { storage_type: "gp2" })
  .update("RDS-STORAGE-TYPE", { storage_type: "gp2" }, { storage_type: "gp3" })
  .update("RDS-IO-MORE", { iops: 12000, storage_throughput: 500 }, { iops: 16000, storage_throughput: 500 })
  .update("RDS-IO-LESS", { iops: 16000, storage_throughput: 500 }, { iops: 12000, storage_throughput: 500 })
  .update("RDS-LOG-VOLUME", { dedicated_log_volume: false }, { dedicated_log_volume: true })
  .update("RDS-MULTI-AZ-ON", { multi_az: false }, { multi_az: true })
  .update("RDS-MULTI-AZ-OFF", { multi_az: true }, { multi_az: false })
  .update(
    "RDS-WINDOW-MOVED",
    { maintenance_window: "sun:03:00-sun:04:00" },
    { maintenance_window: "mon:03:00-mon:04:00" },
  )
  .update("RDS-PENDING-CHANGES-NOW", { apply_immediately: false }, { apply_immediately: true })
  .update("RDS-FEATURE-OFF", { apply_immediately: true }, { apply_immediately: false })
  .update("RDS-PARAMETER-GROUP", { parameter_group_name: "a" }, { parameter_group_name: "b" })
  .update("RDS-PORT", { port: 5432 }, { port: 5433 })
  .update("RDS-RENAMED", {}, { identifier: "b" })
  .update("RDS-SUBNET-GROUP", { db_subnet_group_name: "a" }, { db_subnet_group_name: "b" })
  .update("RDS-SECURITY-GROUPS", { vpc_security_group_ids: ["sg-1"] }, { vpc_security_group_ids: ["sg-2"] })
  .create("RDS-PUBLIC", { publicly_accessible: true })
  .update("RDS-PUBLIC", { publicly_accessible: false }, { publicly_accessible: true })
  .update("RDS-PRIVATE", { publicly_accessible: true }, { publicly_accessible: false })
  .update("RDS-NETWORK-TYPE", { network_type: "IPV4" }, { network_type: "DUAL" })
  .update(
    "RDS-CERTIFICATE-AUTHORITY",
    { ca_cert_identifier: "rds-ca-rsa2048-g1" },
    { ca_cert_identifier: "rds-ca-rsa4096-g1" },
  )
  .update(
    "RDS-IAM-LOGIN-OFF",
    { iam_database_authentication_enabled: true },
    { iam_database_authentication_enabled: false },
  )
  .update(
    "RDS-FEATURE-ON",
    { iam_database_authentication_enabled: false },
    { iam_database_authentication_enabled: true },
  )
  .update("RDS-PASSWORD", {}, { password_wo_version: 2 })
  .update(
    "RDS-DOMAIN-LICENSE",
    { domain: "d-1", domain_iam_role_name: "a" },
    { domain: "d-2", domain_iam_role_name: "a" },
  )
  .update("RDS-INSIGHTS-OFF", { performance_insights_enabled: true }, { performance_insights_enabled: false })
  .update(
    "RDS-MONITORING-OFF",
    { monitoring_interval: 60, monitoring_role_arn: ROLE },
    { monitoring_interval: 0, monitoring_role_arn: ROLE },
  )
  .update(
    "RDS-MORE-MONITORING",
    { monitoring_interval: 30, monitoring_role_arn: ROLE },
    { monitoring_interval: 60, monitoring_role_arn: ROLE },
  )
  .update(
    "RDS-FINER-MONITORING",
    { monitoring_interval: 60, monitoring_role_arn: ROLE },
    { monitoring_interval: 30, monitoring_role_arn: ROLE },
  )
  .update(
    "RDS-LOGS-OFF",
    { enabled_cloudwatch_logs_exports: ["postgresql", "upgrade"] },
    { enabled_cloudwatch_logs_exports: ["postgresql"] },
  )
  .update(
    "RDS-INSIGHTS-LONGER",
    { performance_insights_enabled: true, performance_insights_retention_period: 7 },
    { performance_insights_enabled: true, performance_insights_retention_period: 93 },
  )
  .update(
    "RDS-INSIGHTS-SHORTER",
    { performance_insights_enabled: true, performance_insights_retention_period: 93 },
    { performance_insights_enabled: true, performance_insights_retention_period: 7 },
  )
  .update(
    "RDS-EXTENDED-SUPPORT-ON",
    { engine_lifecycle_support: "open-source-rds-extended-support-disabled" },
    { engine_lifecycle_support: "open-source-rds-extended-support" },
  )
  .update(
    "RDS-EXTENDED-SUPPORT-OFF",
    { engine_lifecycle_support: "open-source-rds-extended-support" },
    { engine_lifecycle_support: "open-source-rds-extended-support-disabled" },
  )
  .update("RDS-HARMLESS", { tags: { a: "1" } }, { tags: { a: "2" } });

instance
  .update(
    "RDS-SECRET-KEY",
    {
      manage_master_user_password: true,
      master_user_secret_kms_key_id: KEY,
      password_wo: null,
      password_wo_version: null,
    },
    {
      manage_master_user_password: true,
      master_user_secret_kms_key_id: OTHER_KEY,
      password_wo: null,
      password_wo_version: null,
    },
  )
  .update("RDS-CUSTOMER-OWNED-IP", { customer_owned_ip_enabled: false }, { customer_owned_ip_enabled: true })
  .update("RDS-REPLICA-MODE", { replica_mode: "open-read-only" }, { replica_mode: "mounted" })
  .update("RDS-HARMLESS", { upgrade_storage_config: false }, { upgrade_storage_config: true });

const group = new PairsOf("aws_db_parameter_group", { name: "a", family: "postgres16", description: "a" });
const parameter = (name: string, value: string, apply_method = "pending-reboot") => ({
  parameter: [{ name, value, apply_method }],
});
group
  .update("RDS-TLS-OPTIONAL RDS-PARAMETER", parameter("rds.force_ssl", "1"), parameter("rds.force_ssl", "0"))
  .update("RDS-PARAMETER", parameter("max_connections", "100"), parameter("max_connections", "200"))
  .update(
    "RDS-PARAMETER-DYNAMIC",
    parameter("log_min_duration_statement", "100", "immediate"),
    parameter("log_min_duration_statement", "200", "immediate"),
  )
  .update("RDS-PARAMETER", parameter("rds.force_ssl", "1"), { parameter: [] })
  .update(
    "RDS-TLS-DEFAULT RDS-PARAMETER",
    { family: "postgres14", ...parameter("rds.force_ssl", "1") },
    { family: "postgres14", parameter: [] },
  )
  .update(
    "RDS-PARAMETER-IMMEDIATE RDS-PARAMETER RDS-PARAMETER-DYNAMIC",
    parameter("max_connections", "100"),
    parameter("max_connections", "100", "immediate"),
  )
  .update("RDS-PARAMETER-DYNAMIC", { parameter: [] }, parameter("log_connections", "1", "immediate"))
  .replacedBy("RDS-PARAMETER-GROUP-REPLACED", {}, { name: "b", family: "postgres17", description: "b" })
  .destroy("RDS-PARAMETER-GROUP-DELETED");

const subnetGroup = new PairsOf("aws_db_subnet_group", { name: "a", subnet_ids: ["subnet-1", "subnet-2"] });
subnetGroup
  .replacedBy("RDS-SUBNET-GROUP-DELETED", {}, { name: "b" })
  .update("RDS-SUBNETS", {}, { subnet_ids: ["subnet-1", "subnet-3"] });

const snapshot = new PairsOf("aws_db_snapshot", { db_instance_identifier: "a", db_snapshot_identifier: "a" });
snapshot
  .destroy("RDS-SNAPSHOT-DELETED")
  .replacedBy("RDS-SNAPSHOT-DELETED", {}, { db_snapshot_identifier: "b" });

const copies = new PairsOf("aws_db_instance_automated_backups_replication", {
  source_db_instance_arn: ARN("rds", "db:a"),
  kms_key_id: KEY,
  retention_period: 14,
});
copies
  .destroy("RDS-BACKUP-COPIES-STOPPED")
  .replacedBy("RDS-BACKUP-COPIES-STOPPED", {}, { kms_key_id: OTHER_KEY, retention_period: 7 });

const state = new PairsOf("aws_rds_instance_state", { identifier: "a" });
state
  .update("RDS-STOPPED", { state: "available" }, { state: "stopped" })
  .update("RDS-STARTED", { state: "stopped" }, { state: "available" });

const optionGroup = new PairsOf("aws_db_option_group", {
  name: "a",
  engine_name: "mysql",
  major_engine_version: "8.0",
  option_group_description: "a",
});
optionGroup.update("RDS-OPTIONS", { option: [{ option_name: "MARIADB_AUDIT_PLUGIN" }] }, { option: [] });

const vault = new PairsOf("aws_backup_vault", { name: "vault-a", kms_key_arn: KEY });
vault
  .destroy("BACKUP-VAULT-EMPTIED", { force_destroy: true })
  .replacedBy("BACKUP-VAULT-NOT-EMPTY", {}, { name: "vault-b", kms_key_arn: OTHER_KEY })
  .update("BACKUP-VAULT-FORCE-DESTROY", { force_destroy: false }, { force_destroy: true })
  .update("BACKUP-VAULT-FORCE-DESTROY-OFF", { force_destroy: true }, { force_destroy: false })
  .update("BACKUP-VAULT-TAGS", { tags: { a: "1" } }, { tags: { a: "2" } });
const lock = new PairsOf("aws_backup_vault_lock_configuration", {
  backup_vault_name: "a",
  min_retention_days: 7,
  max_retention_days: 30,
});
lock
  .replacedBy("BACKUP-LOCK-OPEN", {}, { min_retention_days: 14, max_retention_days: 60 })
  .destroy("BACKUP-LOCK-OPEN");
const vaultPolicy = new PairsOf("aws_backup_vault_policy", { backup_vault_name: "a", policy: "{}" });
vaultPolicy
  .destroy("BACKUP-VAULT-POLICY-REMOVED")
  .replacedBy("BACKUP-VAULT-POLICY-REMOVED", {}, { backup_vault_name: "b" })
  .update("BACKUP-VAULT-POLICY", {}, { policy: '{"Version":"2012-10-17"}' });
const airGapped = new PairsOf("aws_backup_logically_air_gapped_vault", {
  name: "vault-a",
  min_retention_days: 7,
  max_retention_days: 30,
});
airGapped
  .replacedBy(
    "BACKUP-AIR-GAPPED-VAULT-DELETED",
    {},
    { name: "vault-b", min_retention_days: 8, max_retention_days: 60 },
  )
  .update("BACKUP-AIR-GAPPED-TAGS", { tags: { a: "1" } }, { tags: { a: "2" } });
const rule = (more: object = {}, name = "daily") => ({
  rule_name: name,
  target_vault_name: "vault-a",
  schedule: "cron(0 5 * * ? *)",
  lifecycle: { delete_after: 35 },
  ...more,
});
const copy = (delete_after: number) => ({
  copy_action: [{ destination_vault_arn: VAULT, lifecycle: { delete_after } }],
});
const plan = new PairsOf("aws_backup_plan", { name: "a" });
plan
  .destroy("BACKUP-PLAN-DELETED", { rule: [rule()] })
  .update("BACKUP-RULE-REMOVED", { rule: [rule(), rule({}, "weekly")] }, { rule: [rule()] })
  .update("BACKUP-KEPT-SHORTER", { rule: [rule()] }, { rule: [rule({ lifecycle: { delete_after: 7 } })] })
  .update("BACKUP-KEPT-LONGER", { rule: [rule()] }, { rule: [rule({ lifecycle: { delete_after: 70 } })] })
  .update("BACKUP-COPY-REMOVED", { rule: [rule(copy(35))] }, { rule: [rule()] })
  .update("BACKUP-COPY-ADDED", { rule: [rule()] }, { rule: [rule(copy(35))] })
  .update("BACKUP-OTHER-VAULT", { rule: [rule()] }, { rule: [rule({ target_vault_name: "vault-b" })] })
  .update(
    "BACKUP-WINDOW-SHORTER",
    { rule: [rule({ completion_window: 180 })] },
    { rule: [rule({ completion_window: 120 })] },
  )
  .update(
    "BACKUP-WINDOW-LONGER",
    { rule: [rule({ start_window: 60 })] },
    { rule: [rule({ start_window: 120 })] },
  )
  .update("BACKUP-PLAN-TAGS", { rule: [rule()] }, { rule: [rule()], tags: { a: "1" } })
  .update("BACKUP-COPY-KEPT-SHORTER", { rule: [rule(copy(35))] }, { rule: [rule(copy(7))] })
  .update(
    "BACKUP-CONTINUOUS-OFF",
    { rule: [rule({ enable_continuous_backup: true })] },
    { rule: [rule({ enable_continuous_backup: false })] },
  )
  .update("BACKUP-SCHEDULE", { rule: [rule()] }, { rule: [rule({ schedule: "cron(0 5 ? * SUN *)" })] });
const selection = new PairsOf("aws_backup_selection", {
  name: "a",
  plan_id: "p",
  iam_role_arn: ROLE,
  resources: [ARN("rds", "db:a")],
});
selection
  .destroy("BACKUP-SELECTION-DELETED")
  .replacedBy(
    "BACKUP-SELECTION-DELETED",
    {},
    { name: "b", resources: [ARN("rds", "db:b")], iam_role_arn: `${ROLE}2` },
  );
const testing = new PairsOf("aws_backup_restore_testing_plan", {
  name: "a",
  schedule_expression: "cron(0 5 * * ? *)",
  recovery_point_selection: [
    { algorithm: "LATEST_WITHIN_WINDOW", include_vaults: ["*"], recovery_point_types: ["SNAPSHOT"] },
  ],
});
testing
  .destroy("RESTORE-TEST-DELETED")
  .update("RESTORE-TEST-SCHEDULE", {}, { schedule_expression: "cron(0 5 ? * SUN *)" });
const tested = new PairsOf("aws_backup_restore_testing_selection", {
  name: "a",
  restore_testing_plan_name: "a",
  protected_resource_type: "RDS",
  iam_role_arn: ROLE,
});
tested.update(
  "RESTORE-TEST-ARNS-IGNORED",
  { protected_resource_arns: [ARN("rds", "db:a")] },
  { protected_resource_arns: [ARN("rds", "db:b")] },
);

const bucket = new PairsOf("aws_s3_bucket", { bucket: "bucket-a" });
bucket
  .destroy("S3-BUCKET-EMPTIED", { force_destroy: true })
  .destroy("S3-BUCKET-NOT-EMPTY")
  .replacedBy("S3-BUCKET-NOT-EMPTY", {}, { bucket: "bucket-b", object_lock_enabled: true })
  .update("S3-FORCE-DESTROY", { force_destroy: false }, { force_destroy: true })
  .update("S3-FORCE-DESTROY-OFF", { force_destroy: true }, { force_destroy: false })
  .update("S3-BUCKET-HARMLESS", { tags: { a: "1" } }, { tags: { a: "2" } });
const inline = (status: object) => ({ lifecycle_rule: [{ id: "a", enabled: true, ...status }] });
const oldLock = (mode: string, count: number) => ({
  object_lock_configuration: {
    object_lock_enabled: "Enabled",
    rule: { default_retention: { mode, days: count } },
  },
});
const oldSse = (kms_master_key_id: string) => ({
  server_side_encryption_configuration: {
    rule: { apply_server_side_encryption_by_default: { sse_algorithm: "aws:kms", kms_master_key_id } },
  },
});
const oldCopies = (status: string) => ({
  replication_configuration: {
    role: ROLE,
    rules: [{ id: "a", status, destination: { bucket: "arn:aws:s3:::copies" } }],
  },
});
bucket
  .update("S3-BUCKET-ACL-PUBLIC", { acl: "private" }, { acl: "public-read" })
  .update("S3-BUCKET-GRANTS", { acl: "public-read" }, { acl: "private" })
  .update("S3-BUCKET-POLICY-PUBLIC", { policy: OWN }, { policy: policy("*") })
  .update("S3-BUCKET-POLICY", { policy: OWN }, { policy: OTHER })
  .update("S3-BUCKET-VERSIONING-OFF", { versioning: { enabled: true } }, { versioning: { enabled: false } })
  .update("S3-BUCKET-VERSIONING-ON", { versioning: { enabled: false } }, { versioning: { enabled: true } })
  .update(
    "S3-BUCKET-MFA-DELETE",
    { versioning: { enabled: true, mfa_delete: true } },
    { versioning: { enabled: true, mfa_delete: false } },
  )
  .update(
    "S3-BUCKET-EXPIRY-SHORTER S3-BUCKET-LIFECYCLE",
    inline({ expiration: { days: 365 } }),
    inline({ expiration: { days: 7 } }),
  )
  .update(
    "S3-BUCKET-EXPIRY-LONGER S3-BUCKET-LIFECYCLE",
    inline({ expiration: { days: 7 } }),
    inline({ expiration: { days: 365 } }),
  )
  .update(
    "S3-BUCKET-EXPIRY-ADDED S3-BUCKET-LIFECYCLE",
    inline({ transition: { days: 30, storage_class: "GLACIER" } }),
    inline({ transition: { days: 30, storage_class: "GLACIER" }, expiration: { days: 365 } }),
  )
  .update(
    "S3-BUCKET-EXPIRY-ENABLED S3-BUCKET-LIFECYCLE",
    inline({ enabled: false, expiration: { days: 7 } }),
    inline({ expiration: { days: 7 } }),
  )
  .update(
    "S3-BUCKET-EXPIRY-OTHER-OBJECTS S3-BUCKET-LIFECYCLE",
    inline({ prefix: "a/", expiration: { days: 7 } }),
    inline({ prefix: "b/", expiration: { days: 7 } }),
  )
  .update("S3-BUCKET-REPLICATION", oldCopies("Enabled"), oldCopies("Disabled"))
  .update("S3-BUCKET-ENCRYPTION-KEY", oldSse(KEY), oldSse(OTHER_KEY))
  .update("S3-BUCKET-LOCK-SHORTER S3-BUCKET-LOCK", oldLock("COMPLIANCE", 30), oldLock("COMPLIANCE", 7))
  .update("S3-BUCKET-LOCK-GOVERNANCE S3-BUCKET-LOCK", oldLock("COMPLIANCE", 7), oldLock("GOVERNANCE", 7))
  .update("S3-BUCKET-LOCK", oldLock("GOVERNANCE", 7), oldLock("GOVERNANCE", 30))
  .update("S3-BUCKET-REQUESTER-PAYS", { request_payer: "BucketOwner" }, { request_payer: "Requester" })
  .update("S3-BUCKET-OWNER-PAYS", { request_payer: "Requester" }, { request_payer: "BucketOwner" })
  .update(
    "S3-BUCKET-ACCELERATION-OFF",
    { acceleration_status: "Enabled" },
    { acceleration_status: "Suspended" },
  )
  .update(
    "S3-BUCKET-ACCELERATION-ON",
    { acceleration_status: "Suspended" },
    { acceleration_status: "Enabled" },
  )
  .update(
    "S3-BUCKET-LOGGING",
    { logging: { target_bucket: "logs" } },
    { logging: { target_bucket: "other" } },
  )
  .update("S3-BUCKET-WEBSITE-ON", {}, { website: { index_document: "index.html" } })
  .update(
    "S3-BUCKET-BLOCKS-HARMLESS",
    { website: { index_document: "index.html" } },
    { website: { index_document: "start.html" } },
  )
  .replace(
    "S3-BUCKET-NOT-EMPTY",
    { bucket: null, bucket_prefix: "a-" },
    { bucket: null, bucket_prefix: "b-" },
  );
const versioning = new PairsOf("aws_s3_bucket_versioning", { bucket: "bucket-a" });
versioning
  .update(
    "S3-VERSIONING-OFF",
    { versioning_configuration: { status: "Enabled" } },
    { versioning_configuration: { status: "Suspended" } },
  )
  .destroy("S3-VERSIONING-REMOVED", { versioning_configuration: { status: "Enabled" } });
const expiry = (more: object = {}, id = "a") => ({ id, status: "Enabled", filter: { prefix: "" }, ...more });
const days = (count: number) => ({ expiration: { days: count } });
const lifecycle = new PairsOf("aws_s3_bucket_lifecycle_configuration", {
  bucket: "bucket-a",
  expected_bucket_owner: ACCOUNT,
});
lifecycle
  .update("S3-EXPIRY-SHORTER", { rule: [expiry(days(365))] }, { rule: [expiry(days(7))] })
  .update(
    "S3-EXPIRY-SHORTER",
    { rule: [expiry({ noncurrent_version_expiration: { noncurrent_days: 90 } })] },
    { rule: [expiry({ noncurrent_version_expiration: { noncurrent_days: 7 } })] },
  )
  .update(
    "S3-UPLOADS-KEPT",
    {
      rule: [
        expiry({ abort_incomplete_multipart_upload: { days_after_initiation: 7 } }, "uploads"),
        expiry(days(365)),
      ],
    },
    { rule: [expiry(days(365))] },
  )
  .update(
    "S3-TRANSITION",
    { rule: [expiry({ transition: [{ days: 90, storage_class: "GLACIER" }] })] },
    { rule: [expiry({ transition: [{ days: 30, storage_class: "GLACIER" }] })] },
  )
  .update("S3-EXPIRY-LONGER", { rule: [expiry(days(7))] }, { rule: [expiry(days(365))] })
  .update(
    "S3-EXPIRY-ADDED",
    { rule: [expiry(days(365))] },
    { rule: [expiry(days(365)), expiry(days(7), "b")] },
  )
  .update(
    "S3-EXPIRY-ENABLED",
    { rule: [expiry({ ...days(7), status: "Disabled" })] },
    { rule: [expiry(days(7))] },
  )
  .update(
    "S3-EXPIRY-DISABLED",
    { rule: [expiry(days(7))] },
    { rule: [expiry({ ...days(7), status: "Disabled" })] },
  )
  .update(
    "S3-EXPIRY-OTHER-OBJECTS",
    { rule: [expiry({ ...days(7), filter: { prefix: "tmp/" } })] },
    { rule: [expiry({ ...days(7), filter: { prefix: "a/" } })] },
  )
  .destroy("S3-EXPIRY-REMOVED", { rule: [expiry(days(7))] });
const replicated = (status = "Enabled", id = "a", priority = 1) => ({
  id,
  status,
  priority,
  filter: { prefix: "" },
  delete_marker_replication: { status: "Disabled" },
  destination: { bucket: "arn:aws:s3:::bucket-b" },
});
const replication = new PairsOf("aws_s3_bucket_replication_configuration", {
  bucket: "bucket-a",
  role: ROLE,
});
replication
  .destroy("S3-REPLICATION-STOPPED", { rule: [replicated()] })
  .update("S3-REPLICATION-RULE-OFF", { rule: [replicated()] }, { rule: [replicated("Disabled")] })
  .update(
    "S3-REPLICATION-RULE-REMOVED",
    { rule: [replicated(), replicated("Enabled", "b", 2)] },
    { rule: [replicated()] },
  );
const blocked = new PairsOf("aws_s3_bucket_public_access_block", {
  bucket: "bucket-a",
  block_public_acls: true,
  block_public_policy: true,
});
blocked
  .create("S3-PUBLIC-ACCESS-NOT-BLOCKED", {
    block_public_policy: false,
    ignore_public_acls: true,
    restrict_public_buckets: true,
  })
  .update("S3-PUBLIC-ACCESS-ALLOWED", {}, { block_public_policy: false })
  .destroy("S3-PUBLIC-ACCESS-BLOCK-REMOVED");
const bucketPolicy = new PairsOf("aws_s3_bucket_policy", { bucket: "bucket-a", policy: OWN });
bucketPolicy
  .create("S3-POLICY-PUBLIC", { policy: policy("*") })
  .update("S3-POLICY-PUBLIC", {}, { policy: policy("*") })
  .update("S3-POLICY", {}, { policy: OTHER })
  .destroy("S3-POLICY-REMOVED");
const acl = new PairsOf("aws_s3_bucket_acl", { bucket: "bucket-a", acl: "private" });
acl.update("S3-ACL-PUBLIC", {}, { acl: "public-read" });
const sse = (key: string) => ({
  rule: [{ apply_server_side_encryption_by_default: { sse_algorithm: "aws:kms", kms_master_key_id: key } }],
});
const encryption = new PairsOf("aws_s3_bucket_server_side_encryption_configuration", { bucket: "bucket-a" });
encryption.update("S3-ENCRYPTION-KEY", sse(KEY), sse(OTHER_KEY)).destroy("S3-ENCRYPTION-RESET", sse(KEY));

const retention = (mode: string, period: object) => ({ rule: { default_retention: { mode, ...period } } });
const objectLock = new PairsOf("aws_s3_bucket_object_lock_configuration", { bucket: "bucket-a" });
objectLock
  .update("S3-LOCK-SHORTER", retention("GOVERNANCE", { days: 30 }), retention("GOVERNANCE", { days: 7 }))
  .update("S3-LOCK-SHORTER", retention("COMPLIANCE", { years: 3 }), retention("COMPLIANCE", { years: 1 }))
  .update("S3-LOCK-LONGER", retention("COMPLIANCE", { days: 7 }), retention("COMPLIANCE", { days: 30 }))
  .update("S3-LOCK-UNIT", retention("GOVERNANCE", { years: 1 }), retention("GOVERNANCE", { days: 7 }))
  .update("S3-LOCK-GOVERNANCE", retention("COMPLIANCE", { days: 7 }), retention("GOVERNANCE", { days: 7 }))
  .update("S3-LOCK-COMPLIANCE", retention("GOVERNANCE", { days: 7 }), retention("COMPLIANCE", { days: 7 }))
  .update("S3-LOCK-ON", {}, retention("GOVERNANCE", { days: 7 }))
  .update("S3-LOCK-OFF", retention("GOVERNANCE", { days: 7 }), {})
  .destroy("S3-LOCK-REMOVED", retention("GOVERNANCE", { days: 7 }))
  .replace("S3-LOCK-REMOVED", retention("GOVERNANCE", { days: 7 }), {
    ...retention("GOVERNANCE", { days: 7 }),
    bucket: "bucket-b",
  });

const ecr = new PairsOf("aws_ecr_repository", { name: "a" });
ecr
  .destroy("ECR-EMPTIED", { force_delete: true })
  .replacedBy("ECR-NOT-EMPTY", {}, { name: "b" })
  .update("ECR-FORCE-DELETE", { force_delete: false }, { force_delete: true })
  .update("ECR-TAGS-MUTABLE", { image_tag_mutability: "IMMUTABLE" }, { image_tag_mutability: "MUTABLE" })
  .update("ECR-HARMLESS", { tags: { a: "1" } }, { tags: { a: "2" } });
const cleanup = (countNumber: number) => ({
  policy: JSON.stringify({
    rules: [
      {
        rulePriority: 1,
        selection: { tagStatus: "any", countType: "imageCountMoreThan", countNumber },
        action: { type: "expire" },
      },
    ],
  }),
});
const ecrLifecycle = new PairsOf("aws_ecr_lifecycle_policy", { repository: "a" });
ecrLifecycle.replace("ECR-LIFECYCLE", cleanup(50), cleanup(5));

const key = new PairsOf("aws_kms_key", { description: "a", policy: OWN });
key
  .destroy("KMS-KEY-DELETED")
  .replacedBy(
    "KMS-KEY-DELETED",
    {},
    { customer_master_key_spec: "RSA_2048", multi_region: true, key_usage: "SIGN_VERIFY" },
  )
  .update("KMS-KEY-DISABLED", { is_enabled: true }, { is_enabled: false })
  .update("KMS-KEY-ENABLED", { is_enabled: false }, { is_enabled: true })
  .update("KMS-POLICY", {}, { policy: OTHER })
  .update("KMS-POLICY-PUBLIC KMS-POLICY", {}, { policy: policy("*") })
  .update("KMS-WINDOW-SHORTER", { deletion_window_in_days: 30 }, { deletion_window_in_days: 7 })
  .update("KMS-WINDOW-LONGER", { deletion_window_in_days: 7 }, { deletion_window_in_days: 30 })
  .update("KMS-ROTATION-OFF", { enable_key_rotation: true }, { enable_key_rotation: false })
  .update("KMS-HARMLESS", {}, { description: "b" });
const grant = new PairsOf("aws_kms_grant", { key_id: KEY, grantee_principal: ROLE, operations: ["Decrypt"] });
grant
  .destroy("KMS-GRANT-REVOKED")
  .replacedBy("KMS-GRANT-REVOKED", {}, { operations: ["Encrypt"], grantee_principal: `${ROLE}2`, name: "b" });
const alias = new PairsOf("aws_kms_alias", { name: "alias/a", target_key_id: KEY });
alias
  .replacedBy("KMS-ALIAS-DELETED", {}, { name: "alias/b" })
  .update("KMS-ALIAS-MOVED", {}, { target_key_id: OTHER_KEY });
const secret = new PairsOf("aws_secretsmanager_secret", { name: "a" });
secret
  .destroy("SECRET-DELETED-AT-ONCE", { recovery_window_in_days: 0 })
  .destroy("SECRET-DELETED", { recovery_window_in_days: 14 })
  .replacedBy("SECRET-DELETED", {}, { name: "b" })
  .update("SECRET-WINDOW-SHORTER", { recovery_window_in_days: 30 }, { recovery_window_in_days: 0 })
  .update("SECRET-WINDOW-LONGER", { recovery_window_in_days: 7 }, { recovery_window_in_days: 30 })
  .update("SECRET-KEY", { kms_key_id: KEY }, { kms_key_id: OTHER_KEY })
  .update("SECRET-ACCESS", { policy: OWN }, { policy: OTHER })
  .update("SECRET-POLICY-PUBLIC SECRET-ACCESS", { policy: OWN }, { policy: policy("*") })
  .update("SECRET-HARMLESS", { description: "a" }, { description: "b" });
const value = new PairsOf("aws_secretsmanager_secret_version", {
  secret_id: ARN("secretsmanager", "secret:a"),
});
value
  .replace(
    "SECRET-VALUE",
    { secret_string_wo: "a", secret_string_wo_version: 1 },
    { secret_string_wo: "b", secret_string_wo_version: 2 },
  )
  .replace("SECRET-VALUE", { secret_string: "a" }, { secret_string: "b" })
  .replace("SECRET-VALUE", { secret_binary: "YQ==" }, { secret_binary: "Yg==" })
  .replace(
    "SECRET-VALUE",
    { secret_string: "a" },
    { secret_string: "a", secret_id: ARN("secretsmanager", "secret:b") },
  );

const security = new PairsOf("aws_security_group", { name: "a", description: "a", vpc_id: "vpc-1" });
const entry = (...cidr_blocks: string[]) => ({
  from_port: 5432,
  to_port: 5432,
  protocol: "tcp",
  description: "",
  cidr_blocks,
  ipv6_cidr_blocks: [],
  prefix_list_ids: [],
  security_groups: [],
  self: false,
});
security
  .create("SG-OPEN-TO-INTERNET", { ingress: [entry("0.0.0.0/0")] })
  .replacedBy("SG-DELETED", {}, { name: "b", description: "b", vpc_id: "vpc-2" })
  .destroy("SG-DELETED")
  .update(
    "SG-OPEN-TO-INTERNET SG-INGRESS",
    { ingress: [entry("10.0.0.0/8")] },
    { ingress: [entry("0.0.0.0/0")] },
  )
  .update("SG-INGRESS", { ingress: [entry("10.0.0.0/8")] }, { ingress: [entry("10.1.0.0/16")] })
  .update(
    "SG-EGRESS-LESS",
    { egress: [entry("10.0.0.0/8"), entry("192.168.0.0/16")] },
    { egress: [entry("10.0.0.0/8")] },
  );
const ingress = new PairsOf("aws_vpc_security_group_ingress_rule", {
  security_group_id: "sg-1",
  ip_protocol: "tcp",
  from_port: 5432,
  to_port: 5432,
});
ingress
  .create("INGRESS-OPEN-TO-INTERNET", { cidr_ipv4: "0.0.0.0/0" })
  .update("INGRESS-OPEN-TO-INTERNET", { cidr_ipv4: "10.0.0.0/8" }, { cidr_ipv4: "0.0.0.0/0" })
  .update("INGRESS-CHANGED", { cidr_ipv4: "10.0.0.0/8" }, { cidr_ipv4: "10.1.0.0/16" })
  .destroy("INGRESS-REMOVED", { cidr_ipv4: "10.0.0.0/8" });
const groupRule = new PairsOf("aws_security_group_rule", {
  security_group_id: "sg-1",
  type: "ingress",
  protocol: "tcp",
  from_port: 5432,
  to_port: 5432,
});
groupRule
  .create("SG-RULE-OPEN-TO-INTERNET", { cidr_blocks: ["0.0.0.0/0"] })
  .destroy("SG-RULE-REMOVED", { cidr_blocks: ["10.0.0.0/8"] })
  .replace(
    "SG-RULE-OPEN-TO-INTERNET SG-RULE-REMOVED",
    { cidr_blocks: ["10.0.0.0/8"] },
    { cidr_blocks: ["0.0.0.0/0"] },
  )
  .destroy("SG-EGRESS-RULE-REMOVED", { type: "egress", cidr_blocks: ["0.0.0.0/0"] });
const egress = new PairsOf("aws_vpc_security_group_egress_rule", {
  security_group_id: "sg-1",
  ip_protocol: "tcp",
  from_port: 5432,
  to_port: 5432,
  cidr_ipv4: "10.0.0.0/8",
});
egress.destroy("EGRESS-REMOVED").update("EGRESS-CHANGED", {}, { cidr_ipv4: "10.1.0.0/16" });

const others = [
  new PairsOf("aws_cloudwatch_dashboard", { dashboard_name: "a", dashboard_body: "{}" }).replacedBy(
    "",
    {},
    { dashboard_name: "b" },
  ),
  new PairsOf("aws_rds_cluster", {
    cluster_identifier: "a",
    engine: "aurora-postgresql",
    engine_version: "16.4",
    master_username: "dbadmin",
    master_password: "not-a-secret-1",
    backup_retention_period: 14,
    delete_automated_backups: false,
    final_snapshot_identifier: "a-final",
    availability_zones: ["eu-central-1a", "eu-central-1b", "eu-central-1c"],
    db_subnet_group_name: "a",
    storage_encrypted: true,
    kms_key_id: KEY,
  })
    .destroy("AURORA-DELETED")
    .destroy("AURORA-DELETED AURORA-NO-FINAL-SNAPSHOT", { skip_final_snapshot: true })
    .destroy("AURORA-DELETED AURORA-AUTOMATED-BACKUPS-DELETED", { delete_automated_backups: true })
    .destroy("AURORA-DELETED AURORA-DELETION-REFUSED", { deletion_protection: true })
    .update("AURORA-DELETION-PROTECTION-OFF", { deletion_protection: true }, { deletion_protection: false })
    .update("AURORA-DELETION-PROTECTION-ON", { deletion_protection: false }, { deletion_protection: true })
    .update("AURORA-FINAL-SNAPSHOT-OFF", { skip_final_snapshot: false }, { skip_final_snapshot: true })
    .update("AURORA-RETENTION-SHORTER", {}, { backup_retention_period: 7 })
    .update("AURORA-RETENTION-LONGER", {}, { backup_retention_period: 30 })
    .update("AURORA-VERSION-MAJOR", {}, { engine_version: "17.4" })
    .update("AURORA-VERSION-MINOR", {}, { engine_version: "16.6" })
    .update("AURORA-PASSWORD", {}, { master_password: "not-a-secret-2" })
    .update("AURORA-PORT", { port: 5432 }, { port: 5433 })
    .destroy("AURORA-DELETED AURORA-FINAL-SNAPSHOT-UNNAMED", { final_snapshot_identifier: null })
    .replace("AURORA-DELETED", {}, { cluster_scalability_type: "limitless" })
    .update(
      "AURORA-LIFECYCLE-IGNORED",
      { engine_lifecycle_support: "open-source-rds-extended-support" },
      { engine_lifecycle_support: "open-source-rds-extended-support-disabled" },
    )
    .update("AURORA-PENDING-CHANGES-NOW", { apply_immediately: false }, { apply_immediately: true })
    .update("AURORA-CHANGES-WAIT", { apply_immediately: true }, { apply_immediately: false })
    .update(
      "AURORA-WINDOW-MOVED",
      { preferred_maintenance_window: "sun:03:00-sun:04:00" },
      { preferred_maintenance_window: "mon:03:00-mon:04:00" },
    )
    .update("AURORA-BACKUPS-NOT-KEPT", {}, { delete_automated_backups: true })
    .update("AURORA-BACKUPS-KEPT", { delete_automated_backups: true }, {})
    .update("AURORA-BACKTRACK-SHORTER", { backtrack_window: 86400 }, { backtrack_window: 3600 })
    .update("AURORA-BACKTRACK-LONGER", { backtrack_window: 3600 }, { backtrack_window: 86400 })
    .update(
      "AURORA-PARAMETER-GROUP",
      { db_cluster_parameter_group_name: "a" },
      { db_cluster_parameter_group_name: "b" },
    )
    .update(
      "AURORA-CLUSTER-CLASS-LARGER",
      { db_cluster_instance_class: "db.m6gd.large" },
      { db_cluster_instance_class: "db.m6gd.xlarge" },
    )
    .update(
      "AURORA-CLUSTER-CLASS",
      { db_cluster_instance_class: "db.m6gd.xlarge" },
      { db_cluster_instance_class: "db.m6gd.large" },
    )
    .update("AURORA-STORAGE", { allocated_storage: 100, iops: 3000 }, { allocated_storage: 200, iops: 3000 })
    .update("AURORA-STORAGE-TYPE", { storage_type: "aurora" }, { storage_type: "aurora-iopt1" })
    .update(
      "AURORA-CAPACITY-LESS",
      { serverlessv2_scaling_configuration: { min_capacity: 2, max_capacity: 16 } },
      { serverlessv2_scaling_configuration: { min_capacity: 2, max_capacity: 8 } },
    )
    .update(
      "AURORA-CAPACITY-MORE",
      { serverlessv2_scaling_configuration: { min_capacity: 2, max_capacity: 8 } },
      { serverlessv2_scaling_configuration: { min_capacity: 2, max_capacity: 16 } },
    )
    .update(
      "AURORA-PAUSE",
      { scaling_configuration: { auto_pause: false } },
      { scaling_configuration: { auto_pause: true } },
    )
    .update(
      "AURORA-SCALING-TIMEOUT",
      { scaling_configuration: { timeout_action: "RollbackCapacityChange" } },
      { scaling_configuration: { timeout_action: "ForceApplyCapacityChange" } },
    )
    .update(
      "AURORA-CERTIFICATE-AUTHORITY",
      { ca_certificate_identifier: "rds-ca-2019" },
      { ca_certificate_identifier: "rds-ca-rsa2048-g1" },
    )
    .update(
      "AURORA-IAM-LOGIN-OFF",
      { iam_database_authentication_enabled: true },
      { iam_database_authentication_enabled: false },
    )
    .update("AURORA-DOMAIN", { domain: "d-1" }, { domain: "d-2" })
    .update("AURORA-NETWORK-TYPE", { network_type: "IPV4" }, { network_type: "DUAL" })
    .update("AURORA-DATA-API-ON", { enable_http_endpoint: false }, { enable_http_endpoint: true })
    .update("AURORA-DATA-API-OFF", { enable_http_endpoint: true }, { enable_http_endpoint: false })
    .update(
      "AURORA-WRITE-FORWARDING-OFF",
      { enable_local_write_forwarding: true },
      { enable_local_write_forwarding: false },
    )
    .update("AURORA-ROLES", { iam_roles: [ROLE] }, { iam_roles: [`${ROLE}2`] })
    .update(
      "AURORA-SECRET-KEY",
      { master_password: null, manage_master_user_password: true, master_user_secret_kms_key_id: KEY },
      { master_password: null, manage_master_user_password: true, master_user_secret_kms_key_id: OTHER_KEY },
    )
    .update("AURORA-GLOBAL-LEFT", { global_cluster_identifier: "g" }, {})
    .update("AURORA-GLOBAL-REFUSED", { global_cluster_identifier: "g" }, { global_cluster_identifier: "h" })
    .update("AURORA-REPLICA-PROMOTED", { replication_source_identifier: ARN("rds", "cluster:b") }, {})
    .update(
      "AURORA-MONITORING-LESS",
      { enabled_cloudwatch_logs_exports: ["postgresql"] },
      { enabled_cloudwatch_logs_exports: [] },
    )
    .update(
      "AURORA-MONITORING-MORE",
      { enabled_cloudwatch_logs_exports: [] },
      { enabled_cloudwatch_logs_exports: ["postgresql"] },
    )
    .update(
      "AURORA-INSIGHTS-SHORTER",
      { performance_insights_enabled: true, performance_insights_retention_period: 31 },
      { performance_insights_enabled: true, performance_insights_retention_period: 7 },
    )
    .update(
      "AURORA-DATABASE-INSIGHTS",
      { database_insights_mode: "advanced" },
      { database_insights_mode: "standard" },
    )
    .update(
      "AURORA-SETTINGS-HARMLESS",
      { preferred_backup_window: "01:00-02:00" },
      { preferred_backup_window: "02:00-03:00" },
    )
    .update(
      "AURORA-SECURITY-GROUPS",
      { vpc_security_group_ids: ["sg-1"] },
      { vpc_security_group_ids: ["sg-2"] },
    )
    .update("AURORA-HARMLESS", { tags: { a: "1" } }, { tags: { a: "2" } }),
  new PairsOf("aws_rds_cluster_instance", {
    cluster_identifier: "a",
    engine: "aurora-postgresql",
    instance_class: "db.r7g.large",
  })
    .destroy("AURORA-INSTANCE-DELETED")
    .create("AURORA-PUBLIC", { publicly_accessible: true })
    .update("AURORA-PUBLIC", { publicly_accessible: false }, { publicly_accessible: true })
    .update("AURORA-PRIVATE", { publicly_accessible: true }, { publicly_accessible: false })
    .update("AURORA-CLASS-LARGER", {}, { instance_class: "db.r7g.xlarge" })
    .update("AURORA-CLASS-SMALLER", { instance_class: "db.r7g.xlarge" }, {})
    .update("AURORA-CLASS", {}, { instance_class: "db.r6g.large" }),
  new PairsOf("aws_subnet", { vpc_id: "vpc-1", cidr_block: "10.0.0.0/24" }).destroy("AWSNETWORK-DELETED"),
  new PairsOf("aws_sqs_queue", { name: "a" })
    .destroy("DATA-DELETED")
    .update("DATA-LABELS", { tags: { a: "1" } }, { tags: { a: "2" } }),
  new PairsOf("aws_cloudwatch_log_group", { name: "a" })
    .destroy("LOG-GROUP-DELETED")
    .update("LOG-RETENTION-SHORTER", { retention_in_days: 365 }, { retention_in_days: 30 })
    .update("LOG-RETENTION-SHORTER", { retention_in_days: 0 }, { retention_in_days: 30 })
    .update("", { retention_in_days: 30 }, { retention_in_days: 0 }),
  new PairsOf("aws_ebs_volume", { availability_zone: "eu-central-1a", size: 10 })
    .destroy("EBS-VOLUME-DELETED")
    .replace("EBS-VOLUME-DELETED", {}, { encrypted: true })
    .update("EBS-LARGER", {}, { size: 20 })
    .update("EBS-SMALLER", {}, { size: 5 })
    .update("EBS-PERFORMANCE", { type: "gp2" }, { type: "gp3" })
    .update("EBS-FINAL-SNAPSHOT-OFF", { final_snapshot: true }, { final_snapshot: false }),
  new PairsOf("aws_eks_node_group", {
    cluster_name: "a",
    node_group_name: "a",
    node_role_arn: ROLE,
    subnet_ids: ["subnet-1"],
    scaling_config: { desired_size: 1, max_size: 2, min_size: 1 },
  }).destroy("EKS-NODES-DELETED"),
  new PairsOf("aws_eks_cluster", EKS)
    .update("EKS-VERSION-UP", { version: "1.32" }, { version: "1.33" })
    .update("EKS-VERSION-DOWN", { version: "1.33" }, { version: "1.32" })
    .update(
      "EKS-PUBLIC",
      endpoint({ endpoint_public_access: false }),
      endpoint({ endpoint_public_access: true }),
    )
    .update(
      "EKS-ENDPOINT-OFF",
      endpoint({ endpoint_public_access: true }),
      endpoint({ endpoint_public_access: false }),
    )
    .update(
      "EKS-PUBLIC-TO-ALL",
      endpoint({ public_access_cidrs: ["192.0.2.0/24"] }),
      endpoint({ public_access_cidrs: ["0.0.0.0/0"] }),
    )
    .update(
      "EKS-PUBLIC-TO-MORE",
      endpoint({ public_access_cidrs: ["192.0.2.0/24"] }),
      endpoint({ public_access_cidrs: ["192.0.2.0/24", "198.51.100.0/24"] }),
    )
    .update(
      "EKS-LOGS-LESS",
      { enabled_cluster_log_types: ["api", "audit"] },
      { enabled_cluster_log_types: ["api"] },
    )
    .update("EKS-AUTHENTICATION-MODE", mode("CONFIG_MAP"), mode("API_AND_CONFIG_MAP"))
    .update("EKS-AUTHENTICATION-API", mode("API_AND_CONFIG_MAP"), mode("API"))
    .update(
      "EKS-EXTENDED-SUPPORT",
      { upgrade_policy: { support_type: "STANDARD" } },
      { upgrade_policy: { support_type: "EXTENDED" } },
    ),
  new PairsOf("aws_efs_file_system", {}).destroy("EFS-DELETED"),
];

/** The pairs of the aws provider. */
export const AWS_PAIRS: readonly RulePair[] = [
  instance,
  group,
  subnetGroup,
  snapshot,
  copies,
  state,
  optionGroup,
  vault,
  lock,
  vaultPolicy,
  airGapped,
  plan,
  selection,
  testing,
  tested,
  bucket,
  versioning,
  lifecycle,
  replication,
  blocked,
  bucketPolicy,
  acl,
  encryption,
  objectLock,
  ecr,
  ecrLifecycle,
  key,
  grant,
  alias,
  secret,
  value,
  security,
  egress,
  ingress,
  groupRule,
  ...others,
].flatMap(({ pairs }) => pairs);

/** Pairs that the real provider 5.100.0 cannot plan: newer arguments, and values of a machine that only EC2 computes. */
export const STAND_IN_AWS_PAIRS: readonly RulePair[] = [
  new PairsOf("aws_eks_cluster", EKS).update(
    "EKS-DELETION-PROTECTION-OFF",
    { deletion_protection: true },
    { deletion_protection: false },
  ),
  new PairsOf("aws_instance", { ami: "ami-1", instance_type: "t3.small" })
    .update("EC2-TYPE", {}, { instance_type: "t3.large" })
    .update(
      "EC2-TERMINATION-PROTECTION-OFF",
      { disable_api_termination: true },
      { disable_api_termination: false },
    ),
].flatMap(({ pairs }) => pairs);
