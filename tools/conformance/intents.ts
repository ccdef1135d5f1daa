import {
  Availability,
  DatabaseEngine,
  DayOfWeek,
  DeletionPolicy,
  MachineSize,
  MysqlVersion,
  PostgresVersion,
} from "../../lib/database";
import type { ImplementationId, Intent } from "./servers";

/** The result of an intent. Exactly one of the fields is set. */
export interface Outcome {
  /** Attributes by `type.path`; `[name=x]` picks an element of a list, or a resource of the type. */
  readonly writes?: { readonly [path: string]: unknown };
  /** Refused at synth with such a message. */
  readonly refuses?: RegExp;
  /** Accepted with a warning or note that tells the difference. */
  readonly says?: RegExp;
  /** Properties of `IDatabaseServer`, if no attribute is written. */
  readonly answers?: { readonly [property: string]: unknown };
}

export interface Row {
  readonly intent: string;
  readonly props: Intent;
  readonly outcomes: { readonly [Id in ImplementationId]?: Outcome };
}

const RDS = "aws_db_instance";
const CSQL = "google_sql_database_instance";
const PGFLEX = "azurerm_postgresql_flexible_server";
const MYFLEX = "azurerm_mysql_flexible_server";

const both = (a: ImplementationId, b: ImplementationId, outcome: Outcome) => ({ [a]: outcome, [b]: outcome });
const rds = (writes: Outcome["writes"]) => both("rds-pg", "rds-my", { writes });
const csql = (writes: Outcome["writes"]) => both("csql-pg", "csql-my", { writes });
const azure = (path: string, value: unknown) => ({
  "az-pg": { writes: { [`${PGFLEX}.${path}`]: value } },
  "az-my": { writes: { [`${MYFLEX}.${path}`]: value } },
});

export const ROWS: readonly Row[] = [
  {
    intent: "default: private",
    props: {},
    outcomes: {
      ...rds({ [`${RDS}.publicly_accessible`]: false }),
      ...csql({ [`${CSQL}.settings.ip_configuration.ipv4_enabled`]: false }),
      "az-pg": { writes: { [`${PGFLEX}.public_network_access_enabled`]: false } },
      "az-my": { writes: { [`${MYFLEX}.public_network_access`]: "Disabled" } },
      ...both("existing-pg", "existing-my", { answers: { "endpoint.isPrivate": true } }),
    },
  },
  {
    intent: "default: TLS required",
    props: {},
    outcomes: {
      "rds-pg": { writes: { "aws_db_parameter_group.parameter[name=rds.force_ssl].value": "1" } },
      "rds-my": { writes: { "aws_db_parameter_group.parameter[name=require_secure_transport].value": "1" } },
      ...csql({ [`${CSQL}.settings.ip_configuration.ssl_mode`]: "ENCRYPTED_ONLY" }),
      "az-pg": { writes: { [`${PGFLEX}_configuration[name=require_secure_transport].value`]: "on" } },
      "az-my": { writes: { [`${MYFLEX}_configuration[name=require_secure_transport].value`]: "ON" } },
      ...both("existing-pg", "existing-my", { answers: { "tls.enforced": true } }),
    },
  },
  {
    intent: "default: high availability (Multi-AZ, regional, zone-redundant)",
    props: {},
    outcomes: {
      ...rds({ [`${RDS}.multi_az`]: true }),
      ...csql({ [`${CSQL}.settings.availability_type`]: "REGIONAL" }),
      ...azure("high_availability.mode", "ZoneRedundant"),
    },
  },
  {
    intent: "default: 14 days of backups with point-in-time recovery",
    props: {},
    outcomes: {
      ...rds({ [`${RDS}.backup_retention_period`]: 14 }),
      "csql-pg": {
        writes: {
          [`${CSQL}.settings.backup_configuration.backup_retention_settings.retained_backups`]: 14,
          [`${CSQL}.settings.backup_configuration.point_in_time_recovery_enabled`]: true,
        },
      },
      "csql-my": {
        writes: {
          [`${CSQL}.settings.backup_configuration.backup_retention_settings.retained_backups`]: 14,
          [`${CSQL}.settings.backup_configuration.binary_log_enabled`]: true,
        },
      },
      ...azure("backup_retention_days", 14),
    },
  },
  {
    intent: "default: deletion protection",
    props: {},
    outcomes: {
      ...rds({ [`${RDS}.deletion_protection`]: true, [`${RDS}.lifecycle.prevent_destroy`]: true }),
      ...csql({
        [`${CSQL}.deletion_protection`]: true,
        [`${CSQL}.settings.deletion_protection_enabled`]: true,
        [`${CSQL}.lifecycle.prevent_destroy`]: true,
      }),
      "az-pg": {
        writes: {
          [`${PGFLEX}.lifecycle.prevent_destroy`]: true,
          "azurerm_management_lock.lock_level": "CanNotDelete",
        },
      },
      "az-my": {
        writes: {
          [`${MYFLEX}.lifecycle.prevent_destroy`]: true,
          "azurerm_management_lock.lock_level": "CanNotDelete",
        },
      },
    },
  },
  {
    intent: "default: slow query log from one second",
    props: {},
    outcomes: {
      "rds-pg": {
        writes: { "aws_db_parameter_group.parameter[name=log_min_duration_statement].value": "1000" },
      },
      "rds-my": { writes: { "aws_db_parameter_group.parameter[name=long_query_time].value": "1" } },
      "csql-pg": {
        writes: { [`${CSQL}.settings.database_flags[name=log_min_duration_statement].value`]: "1000" },
      },
      "csql-my": { writes: { [`${CSQL}.settings.database_flags[name=long_query_time].value`]: "1" } },
      "az-pg": { writes: { [`${PGFLEX}_configuration[name=log_min_duration_statement].value`]: "1000" } },
      "az-my": { writes: { [`${MYFLEX}_configuration[name=long_query_time].value`]: "1" } },
    },
  },
  {
    intent: "default: generated administrator",
    props: {},
    outcomes: {
      ...both("rds-pg", "rds-my", { answers: { "adminLogin.username": "dbadmin" } }),
      ...both("csql-pg", "csql-my", { answers: { "adminLogin.username": "dbadmin" } }),
      ...both("az-pg", "az-my", { answers: { "adminLogin.username": "dbadmin" } }),
    },
  },
  {
    intent: "engine: PostgreSQL 16",
    props: { engine: DatabaseEngine.postgres(PostgresVersion.V16) },
    outcomes: {
      "rds-pg": {
        writes: { [`${RDS}.engine_version`]: "16", "aws_db_parameter_group.family": "postgres16" },
      },
      "csql-pg": { writes: { [`${CSQL}.database_version`]: "POSTGRES_16" } },
      "az-pg": { writes: { [`${PGFLEX}.version`]: "16" } },
      "existing-pg": { answers: { "engine.majorVersion": "16" } },
    },
  },
  {
    intent: "engine: MySQL 8.4",
    props: { engine: DatabaseEngine.mysql(MysqlVersion.V8_4) },
    outcomes: {
      "rds-my": { writes: { [`${RDS}.engine_version`]: "8.4", "aws_db_parameter_group.family": "mysql8.4" } },
      "csql-my": { writes: { [`${CSQL}.database_version`]: "MYSQL_8_4" } },
      "az-my": { writes: { [`${MYFLEX}.version`]: "8.4" } },
      "existing-my": { answers: { "engine.majorVersion": "8.4" } },
    },
  },
  {
    intent: "size: general(4)",
    props: { size: MachineSize.general(4) },
    outcomes: {
      ...rds({ [`${RDS}.instance_class`]: "db.m7g.xlarge" }),
      ...csql({ [`${CSQL}.settings.tier`]: "db-custom-4-16384", [`${CSQL}.settings.edition`]: "ENTERPRISE" }),
      "az-pg": { writes: { [`${PGFLEX}.sku_name`]: "GP_Standard_D4ds_v5" } },
      "az-my": { writes: { [`${MYFLEX}.sku_name`]: "GP_Standard_D4ads_v5" } },
    },
  },
  {
    intent: "size: memory(8)",
    props: { size: MachineSize.memory(8) },
    outcomes: {
      ...rds({ [`${RDS}.instance_class`]: "db.r7g.2xlarge" }),
      ...csql({
        [`${CSQL}.settings.tier`]: "db-perf-optimized-N-8",
        [`${CSQL}.settings.edition`]: "ENTERPRISE_PLUS",
      }),
      "az-pg": { writes: { [`${PGFLEX}.sku_name`]: "MO_Standard_E8ds_v5" } },
      "az-my": { writes: { [`${MYFLEX}.sku_name`]: "MO_Standard_E8ds_v5" } },
    },
  },
  {
    intent: "size: burstable(2), zone-redundant",
    props: { size: MachineSize.burstable(2) },
    outcomes: {
      ...both("rds-pg", "rds-my", { refuses: /burstable/ }),
      // Cloud SQL's machine of that size has its own CPU share, so nothing speaks against a standby.
      ...csql({ [`${CSQL}.settings.tier`]: "db-custom-2-4096" }),
      ...both("az-pg", "az-my", { refuses: /[Bb]urstable/ }),
    },
  },
  {
    intent: "storage: 200 GiB",
    props: { storage: { sizeGiB: 200 } },
    outcomes: {
      ...rds({ [`${RDS}.allocated_storage`]: 200, [`${RDS}.storage_type`]: "gp3" }),
      ...csql({ [`${CSQL}.settings.disk_size`]: 200, [`${CSQL}.settings.disk_type`]: "PD_SSD" }),
      "az-pg": { says: /Azure's sizes are/ },
      "az-my": { refuses: /requires storage autogrow/ },
    },
  },
  {
    intent: "storage: 128 GiB, storage autoscaling to 512",
    props: { storage: { sizeGiB: 128, maxSizeGiB: 512 } },
    outcomes: {
      ...rds({ [`${RDS}.max_allocated_storage`]: 512 }),
      ...csql({
        [`${CSQL}.settings.disk_autoresize`]: true,
        [`${CSQL}.settings.disk_autoresize_limit`]: 512,
        [`${CSQL}.lifecycle.ignore_changes`]: ["settings[0].disk_size"],
      }),
      ...both("az-pg", "az-my", { says: /storage.maxSizeGiB: Azure/ }),
    },
  },
  {
    intent: "storage: 12000 IOPS at 128 GiB",
    props: { storage: { sizeGiB: 128, maxSizeGiB: 512, iops: 12_000 } },
    outcomes: {
      ...both("rds-pg", "rds-my", { refuses: /gp3 storage under 400 GiB/ }),
      ...both("csql-pg", "csql-my", { refuses: /Cloud SQL derives it/ }),
      "az-pg": { refuses: /storage tier/ },
      "az-my": { writes: { [`${MYFLEX}.storage.iops`]: 12_000 } },
    },
  },
  {
    intent: "availability: ZONAL",
    props: { availability: Availability.ZONAL },
    outcomes: {
      ...rds({ [`${RDS}.multi_az`]: false }),
      ...csql({ [`${CSQL}.settings.availability_type`]: "ZONAL" }),
      ...azure("high_availability", undefined),
    },
  },
  {
    intent: "backup: 7 days",
    props: { backup: { retentionDays: 7 } },
    outcomes: {
      ...rds({ [`${RDS}.backup_retention_period`]: 7 }),
      ...csql({ [`${CSQL}.settings.backup_configuration.backup_retention_settings.retained_backups`]: 7 }),
      ...azure("backup_retention_days", 7),
    },
  },
  {
    intent: "backup: 1 day",
    props: { backup: { retentionDays: 1 } },
    outcomes: {
      ...rds({ [`${RDS}.backup_retention_period`]: 1 }),
      ...both("csql-pg", "csql-my", { refuses: /backup.retentionDays must be .*got 1\)/ }),
      "az-pg": { refuses: /backup.retentionDays must be .*got 1\)/ },
      "az-my": { writes: { [`${MYFLEX}.backup_retention_days`]: 1 } },
    },
  },
  {
    intent: "backup window: 22:00",
    props: { backup: { window: { start: "22:00" } } },
    outcomes: {
      ...rds({ [`${RDS}.backup_window`]: "22:00-23:00" }),
      ...csql({ [`${CSQL}.settings.backup_configuration.start_time`]: "22:00" }),
      ...both("az-pg", "az-my", { says: /backup.window/ }),
    },
  },
  {
    intent: "maintenance: Sunday 06:00",
    props: { maintenanceWindow: { day: DayOfWeek.SUNDAY, start: "06:00" } },
    outcomes: {
      ...rds({ [`${RDS}.maintenance_window`]: "sun:06:00-sun:07:00" }),
      ...csql({
        [`${CSQL}.settings.maintenance_window.day`]: 7,
        [`${CSQL}.settings.maintenance_window.hour`]: 6,
      }),
      "az-pg": {
        writes: {
          [`${PGFLEX}.maintenance_window.day_of_week`]: 0,
          [`${PGFLEX}.maintenance_window.start_hour`]: 6,
        },
      },
      "az-my": {
        writes: {
          [`${MYFLEX}.maintenance_window.day_of_week`]: 0,
          [`${MYFLEX}.maintenance_window.start_hour`]: 6,
        },
      },
    },
  },
  {
    intent: "deletion: SNAPSHOT",
    props: { deletionPolicy: DeletionPolicy.SNAPSHOT },
    outcomes: {
      // The server's own key goes with it, and the snapshot could not be read any more.
      ...both("rds-pg", "rds-my", { refuses: /encryptionKey/ }),
      ...csql({
        [`${CSQL}.deletion_protection`]: false,
        [`${CSQL}.settings.retain_backups_on_delete`]: true,
      }),
      ...both("az-pg", "az-my", { says: /deletionPolicy/ }),
    },
  },
  {
    intent: "deletion: DELETE",
    props: { deletionPolicy: DeletionPolicy.DELETE },
    outcomes: {
      ...rds({ [`${RDS}.skip_final_snapshot`]: true, [`${RDS}.delete_automated_backups`]: true }),
      ...csql({
        [`${CSQL}.deletion_protection`]: false,
        [`${CSQL}.settings.retain_backups_on_delete`]: false,
      }),
      ...both("az-pg", "az-my", { says: /deletionPolicy/ }),
    },
  },
  {
    intent: "maxConnections: 300",
    props: { maxConnections: 300 },
    outcomes: {
      ...rds({ "aws_db_parameter_group.parameter[name=max_connections].value": "300" }),
      ...csql({ [`${CSQL}.settings.database_flags[name=max_connections].value`]: "300" }),
      "az-pg": { writes: { [`${PGFLEX}_configuration[name=max_connections].value`]: "300" } },
      "az-my": { writes: { [`${MYFLEX}_configuration[name=max_connections].value`]: "300" } },
      ...both("existing-pg", "existing-my", { answers: { "connectionBudget.capacity.maximum": 300 } }),
    },
  },
  {
    intent: "slowQueryMs: 2500",
    props: { slowQueryMs: 2500 },
    outcomes: {
      "rds-pg": {
        writes: { "aws_db_parameter_group.parameter[name=log_min_duration_statement].value": "2500" },
      },
      "rds-my": { writes: { "aws_db_parameter_group.parameter[name=long_query_time].value": "2.5" } },
      "csql-pg": {
        writes: { [`${CSQL}.settings.database_flags[name=log_min_duration_statement].value`]: "2500" },
      },
      "csql-my": { writes: { [`${CSQL}.settings.database_flags[name=long_query_time].value`]: "2.5" } },
      "az-pg": { writes: { [`${PGFLEX}_configuration[name=log_min_duration_statement].value`]: "2500" } },
      "az-my": { writes: { [`${MYFLEX}_configuration[name=long_query_time].value`]: "2.5" } },
    },
  },
  {
    intent: "parameters: wait_timeout",
    props: { parameters: { wait_timeout: "3600" } },
    outcomes: {
      "rds-my": { writes: { "aws_db_parameter_group.parameter[name=wait_timeout].value": "3600" } },
      "csql-my": { writes: { [`${CSQL}.settings.database_flags[name=wait_timeout].value`]: "3600" } },
      "az-my": { writes: { [`${MYFLEX}_configuration[name=wait_timeout].value`]: "3600" } },
    },
  },
  {
    intent: "parameters: as applications see them",
    props: { parameters: { wait_timeout: "3600" } },
    outcomes: {
      ...both("rds-my", "csql-my", { answers: { "parameters.wait_timeout": "3600" } }),
      ...both("az-my", "existing-my", { answers: { "parameters.wait_timeout": "3600" } }),
    },
  },
  {
    intent: "an engine past standard support",
    props: { engine: DatabaseEngine.postgres(PostgresVersion.V13) },
    outcomes: {
      "rds-pg": { refuses: /standard support: on RDS it ended on 2026-02-28/ },
      "csql-pg": { refuses: /standard support: on Cloud SQL it ended on 2026-02-01/ },
      "az-pg": { refuses: /support: on Azure it ended on 2026-07-31/ },
      "existing-pg": { refuses: /support: .*ended on 2025-11-13/ },
    },
  },
  {
    intent: "an engine past standard support, accepted",
    props: { engine: DatabaseEngine.postgres(PostgresVersion.V13), acceptExtendedSupport: "13" },
    outcomes: {
      "rds-pg": { writes: { [`${RDS}.engine_lifecycle_support`]: "open-source-rds-extended-support" } },
      "csql-pg": { writes: { [`${CSQL}.database_version`]: "POSTGRES_13" } },
      "az-pg": { writes: { [`${PGFLEX}.version`]: "13" } },
      "existing-pg": { says: /opt-out: [A-Z-]*ACCEPT-EXTENDED-SUPPORT: acceptExtendedSupport/ },
    },
  },
  {
    intent: "passwordVersion: 2",
    props: { passwordVersion: 2 },
    outcomes: {
      ...rds({ "aws_secretsmanager_secret_version.secret_string_wo_version": 2 }),
      ...csql({ "google_secret_manager_secret_version.secret_data_wo_version": 2 }),
      "az-pg": { writes: { "azurerm_key_vault_secret.value_wo_version": 2 } },
      "az-my": { writes: { "azurerm_key_vault_secret.value_wo_version": 2 } },
    },
  },
  {
    intent: "tags: team=platform",
    props: { tags: { team: "platform" } },
    outcomes: {
      ...rds({ [`${RDS}.tags.team`]: "platform" }),
      ...csql({ [`${CSQL}.settings.user_labels.team`]: "platform" }),
      ...azure("tags.team", "platform"),
    },
  },
];
