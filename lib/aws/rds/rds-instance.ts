// What a server and a read replica share: their interface, their options with secure defaults, and the checks of these.

import type { ITerraformDependable, TerraformProvider } from "cdktf";
import type { IConstruct } from "constructs";
import {
  type ConnectionCapacity,
  type DatabaseEngine,
  type DatabaseLocation,
  type DeletionPolicy,
  EngineFamily,
  type MachineClass,
  type MachineSize,
  type MaintenanceWindow,
} from "../../database";
import type { SynthChecks } from "../../database/private";
import { checkEncryptionKey, type IEncryptionKey } from "../secrets/encryption-key";
import { LOG_RETENTION_DAYS, MONITORING_INTERVALS } from "./data/log-settings";
import { SERVER_NAME } from "./data/names";
import { isInsightsRetention, MYSQL_CLASSES_WITHOUT_INSIGHTS } from "./data/performance-insights";
import type { RdsCertificateAuthority } from "./rds-certificates";

/** Attributes of a DB instance. They are read from its resource, so that whatever uses one is created after the instance. */
export interface RdsInstanceReference {
  /** DB instance identifier. */
  readonly identifier: string;
  /** Amazon Resource Name (ARN) of the DB instance. */
  readonly arn: string;
  /** Resource ID (`db-...`), which stays the same when the instance is renamed. */
  readonly resourceId: string;
}

/** A DB instance of RDS: a server or a read replica, created here or existing. Alarms take this interface. */
export interface IRdsInstance extends IConstruct {
  /** Attributes of the DB instance, read from its resource. */
  readonly instanceRef: RdsInstanceReference;
  /** DB instance identifier, as it was set; may be a token. */
  readonly identifier: string;
  /** Engine and version. */
  readonly engine: DatabaseEngine;
  /** Cloud and region. */
  readonly location: DatabaseLocation;
  /** DB instance class. @default - not known */
  readonly machine?: MachineClass;
  /** Maximum number of connections. @default - not known */
  readonly connectionCapacity?: ConnectionCapacity;
  /** Allocated storage at creation, in GiB; may be a token. */
  readonly storageGiB: number;
  /** True if the instance is a read replica. */
  readonly isReplica: boolean;
  /** True if Performance Insights is enabled, whose counters alarms and dashboards read. @default - not known */
  readonly performanceInsights?: boolean;
  /** AWS provider of the instance's region. @default - the stack's only AWS provider */
  readonly provider?: TerraformProvider;
}

/** Options of every DB instance, be it a server or a read replica. */
export interface RdsInstanceOptions {
  /**
   * DB instance identifier, unique in account and region: 1 to 63 lower-case letters, digits and single hyphens, beginning with
   * a letter. Changing it renames the instance in place, with a restart; neither deletion protection nor `prevent_destroy` stops it, and resources
   * that use the endpoint in the same plan keep the old one until the next apply. The library does not know the previous identifier: `devplatforms
   * review` reports the change (`STALE-ENDPOINT`). Before a construct is renamed or moved, set its present identifier here. @default - the construct's path
   *
   * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_RenameInstance.html
   * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Limits.html#RDS_Limits.Constraints
   */
  readonly identifier?: string;
  /** AWS Region; may be a token. @default - the network's, else the provider's */
  readonly region?: string;
  /**
   * Port on which the instance accepts connections, 1150 to 65535. @default - the engine's: 5432 or 3306
   *
   * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_CreateDBInstance.Settings.html
   */
  readonly port?: number;
  /**
   * Deletion protection, final snapshot and what happens to the data when the instance is removed from the program.
   * @default DeletionPolicy.RETAIN
   *
   * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_DeleteInstance.html
   */
  readonly deletionPolicy?: DeletionPolicy;
  /**
   * Weekly maintenance window, in UTC. @default - Sunday 04:30 to 05:30 UTC
   *
   * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_UpgradeDBInstance.Maintenance.html
   */
  readonly maintenanceWindow?: MaintenanceWindow;
  /**
   * KMS key that encrypts storage, Performance Insights, secrets and logs. Its key policy has to allow CloudWatch Logs to use it.
   * @default - a key created with the instance (see `EncryptionKey`)
   *
   * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.Encryption.html
   */
  readonly encryptionKey?: IEncryptionKey;
  /**
   * Parameters of the DB parameter group, by RDS's names, in addition to those that the library sets. A parameter that has a prop,
   * or that would disable TLS, is refused. @default - none
   *
   * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_WorkingWithParamGroups.html
   */
  readonly parameters?: { readonly [name: string]: string };
  /**
   * Names in `parameters` that are static, so that they take effect after a reboot, in addition to those that the library knows.
   * @default - none
   *
   * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_WorkingWithParamGroups.html
   */
  readonly staticParameters?: string[];
  /**
   * Maximum number of connections (`max_connections`), 6 to 262143 for PostgreSQL, 10 to 100000 for MySQL. A change takes effect after a
   * reboot, which you do (`aws rds reboot-db-instance`).
   * @default - derived from the memory by RDS
   *
   * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Limits.html#RDS_Limits.MaxConnections
   */
  readonly maxConnections?: number;
  /**
   * Duration from which statements are logged as slow, in milliseconds; -1 disables the log. @default 1000
   *
   * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_LogAccess.html
   */
  readonly slowQueryMs?: number;
  /**
   * Requires TLS for all connections (`rds.force_ssl`, `require_secure_transport`). @default true
   *
   * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.SSL.html
   */
  readonly tlsEnforced?: boolean;
  /**
   * Enables IAM database authentication. @default true
   *
   * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.html
   */
  readonly iamAuthentication?: boolean;
  /**
   * Enables Performance Insights, which is the Standard mode of CloudWatch Database Insights.
   * @default - true where the DB instance class supports it
   *
   * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_DatabaseInsights.html
   */
  readonly performanceInsights?: boolean;
  /**
   * Retention of Performance Insights, in days: 7, 731, or a multiple of 31. @default 7 (free of charge)
   *
   * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PerfInsights.Overview.cost.html
   */
  readonly performanceInsightsRetentionDays?: number;
  /**
   * Enhanced Monitoring interval, in seconds: 0 (disabled), 1, 5, 10, 15, 30 or 60. @default 60
   *
   * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Monitoring.OS.html
   */
  readonly monitoringIntervalSeconds?: number;
  /**
   * Retention of the instance's log groups in CloudWatch Logs, in days; 0 never expires. @default 365
   *
   * @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html
   */
  readonly cloudwatchLogsRetentionDays?: number;
  /**
   * Certificate authority (CA) that signs the server certificate. @default RdsCertificateAuthority.RSA2048_G1
   *
   * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.SSL.html#UsingWithRDS.SSL.RegionCertificateAuthorities
   */
  readonly certificateAuthority?: RdsCertificateAuthority;
  /**
   * CA certificates that clients trust, as PEM text; may be a token. While an instance moves to another CA, those of both.
   * @default - the root certificates of all CAs of the region
   *
   * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.SSL-certificate-rotation.html
   */
  readonly caCertificatesPem?: string;
  /**
   * Enables automatic minor version upgrades in the maintenance window. Not for an engine with a full version, such as `17.5`. @default true
   *
   * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_UpgradeDBInstance.Upgrading.html
   */
  readonly autoMinorVersionUpgrade?: boolean;
  /**
   * Applies changes immediately instead of in the maintenance window; some restart the instance. Static parameters, such as
   * `max_connections`, wait for a reboot in either case. Until a change is applied, each plan shows it again. @default false
   *
   * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ModifyInstance.ApplyImmediately.html
   */
  readonly applyImmediately?: boolean;
  /**
   * Gives the instance a public IP address. Not for an application's database. @default false
   *
   * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_VPC.WorkingWithRDSInstanceinaVPC.html#USER_VPC.Hiding
   */
  readonly publiclyAccessible?: boolean;
  /**
   * Tags of all resources. @default - the provider's default tags only
   *
   * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Tagging.html
   */
  readonly tags?: { readonly [name: string]: string };
  /** AWS provider. @default - the network's, else the stack's only AWS provider */
  readonly provider?: TerraformProvider;
  /** Resources that have to exist first. @default - none */
  readonly dependsOn?: ITerraformDependable[];
}

/**
 * Reports options that RDS refuses for any instance, and records the opt-outs of secure defaults.
 *
 * @internal
 */
export function checkRdsInstance(
  checks: SynthChecks,
  options: RdsInstanceOptions,
  engine: DatabaseEngine,
  size: MachineSize,
  machine: MachineClass,
  identifier: string,
): void {
  checks.matches("identifier", identifier, SERVER_NAME.pattern, SERVER_NAME.rule);
  checks.wholeNumber("port", options.port, 1150, 65_535);
  const { monitoringIntervalSeconds: interval, cloudwatchLogsRetentionDays: logDays } = options;
  checks.check(
    "monitoringIntervalSeconds",
    interval,
    () => MONITORING_INTERVALS.includes(interval as number),
    `must be one of ${MONITORING_INTERVALS.join(", ")}`,
  );
  checks.check(
    "cloudwatchLogsRetentionDays",
    logDays,
    () => LOG_RETENTION_DAYS.includes(logDays as number),
    `must be one of ${LOG_RETENTION_DAYS.join(", ")}`,
  );
  checks.check(
    "performanceInsightsRetentionDays",
    options.performanceInsightsRetentionDays,
    () => isInsightsRetention(options.performanceInsightsRetentionDays as number),
    "must be 7, 731, or a multiple of 31 up to 713",
  );
  if (lacksInsights(engine, machine)) {
    checks.check(
      "performanceInsights",
      options.performanceInsights,
      () => options.performanceInsights === false,
      `must be false on ${machine.name}, which does not support it for MySQL; leave it out or take a larger size than ${size.label}`,
    );
  }
  checkEncryptionKey(checks, options.encryptionKey);
  checks.check(
    "caCertificatesPem",
    options.caCertificatesPem,
    () => /-----BEGIN CERTIFICATE-----/.test(options.caCertificatesPem as string),
    "must be certificates as PEM text",
  );
  if (options.publiclyAccessible === true) {
    checks.optOut("publiclyAccessible: the instance has a public IP address");
  }
  if (options.tlsEnforced === false) {
    checks.optOut("tlsEnforced: the instance accepts connections without TLS");
  }
  if (options.iamAuthentication === false) {
    checks.optOut("iamAuthentication: IAM database authentication is disabled");
  }
  if (interval === 0) {
    checks.optOut("monitoringIntervalSeconds: Enhanced Monitoring is disabled");
  }
  if (options.autoMinorVersionUpgrade === false) {
    checks.optOut(
      "autoMinorVersionUpgrade: automatic minor version upgrades are disabled; security fixes wait for you",
    );
  }
  if (!performanceInsightsEnabled(engine, machine, options.performanceInsights)) {
    checks.optOut("performanceInsights: Performance Insights is disabled");
  }
}

/**
 * True if Performance Insights is enabled: as asked for, else wherever the DB instance class supports it.
 *
 * @internal
 */
export function performanceInsightsEnabled(
  engine: DatabaseEngine,
  machine: MachineClass,
  asked?: boolean,
): boolean {
  return asked ?? !lacksInsights(engine, machine);
}

function lacksInsights(engine: DatabaseEngine, machine: MachineClass): boolean {
  return engine.family === EngineFamily.MYSQL && MYSQL_CLASSES_WITHOUT_INSIGHTS.includes(machine.name);
}
