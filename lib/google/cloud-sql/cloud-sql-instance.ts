// What a server and a read replica have in common: their properties, and the provider's resource made from them.

import {
  SqlDatabaseInstance,
  type SqlDatabaseInstanceConfig,
} from "@cdktf/provider-google/lib/sql-database-instance";
import type { ITerraformDependable, TerraformProvider } from "cdktf";
import type { Construct, IConstruct } from "constructs";
import {
  type ConnectionCapacity,
  type DatabaseEngine,
  type DatabaseLocation,
  DeletionPolicy,
  type MachineSize,
  type MaintenanceWindow,
  type StorageProps,
} from "../../database";
import type { SynthChecks } from "../../database/private";
import { type ICryptoKey, ServiceAgentKeyGrant } from "../kms/crypto-key";
import type { ICloudSqlNetwork } from "../network/cloud-sql-network";
import { checkLabels } from "../resource-names";
import { type BackupOptions, backupPreconditions, checkBackups } from "./cloud-sql-backup";
import { cloudSqlConnectionCapacity } from "./cloud-sql-connections";
import { checkInstance } from "./cloud-sql-instance-checks";
import { InstanceName } from "./cloud-sql-instance-name";
import { instanceSettings } from "./cloud-sql-instance-settings";
import type { DenyMaintenancePeriod, MaintenanceTrack } from "./cloud-sql-maintenance";
import { grows, storagePreconditions } from "./cloud-sql-storage";
import type { CloudSqlMachine } from "./cloud-sql-tier";
import { type CloudSqlEdition, machineOf } from "./cloud-sql-tier";
import type { CloudSqlCertificateAuthority, TlsMode } from "./cloud-sql-tls";

/** Properties that servers and read replicas share. Everything has a safe default. */
export interface CloudSqlInstanceOptions {
  /**
   * Instance ID: lower-case letters, digits and hyphens, a letter first; at most 98 characters together with the project.
   * Changing it replaces the instance, and the name of a deleted instance is reserved for about a week.
   * @default - the construct's path and eight random digits
   *
   * @see https://cloud.google.com/sql/docs/postgres/instance-settings
   */
  readonly instanceName?: string;
  /**
   * Project of the instance. @default - the provider's project
   *
   * @see https://cloud.google.com/resource-manager/docs/creating-managing-projects#identifying_projects
   */
  readonly project?: string;
  /**
   * Zone of the instance, such as `europe-west1-b`.
   * @default - Google chooses
   *
   * @see https://cloud.google.com/sql/docs/postgres/locations
   */
  readonly zone?: string;
  /**
   * Zone of the standby instance; only with ZONE_REDUNDANT and `zone`.
   * @default - Google chooses
   *
   * @see https://cloud.google.com/sql/docs/postgres/high-availability
   */
  readonly secondaryZone?: string;
  /**
   * Cloud SQL edition; needed only for a machine type that the library does not know. @default - the edition of the machine type
   *
   * @see https://cloud.google.com/sql/docs/postgres/editions-intro
   */
  readonly edition?: CloudSqlEdition;
  /**
   * Deletion policy of the instance and its data. RETAIN enables deletion protection. @default DeletionPolicy.RETAIN
   *
   * @see https://cloud.google.com/sql/docs/postgres/deletion-protection
   */
  readonly deletionPolicy?: DeletionPolicy;
  /**
   * Weekly maintenance window; Cloud SQL starts maintenance on the hour. @default - Sunday 05:00 UTC
   *
   * @see https://cloud.google.com/sql/docs/postgres/maintenance
   */
  readonly maintenanceWindow?: MaintenanceWindow;
  /**
   * Order of update: how long after its announcement an update is installed.
   * @default MaintenanceTrack.STABLE
   *
   * @see https://cloud.google.com/sql/docs/postgres/maintenance#order-of-update
   */
  readonly maintenanceTrack?: MaintenanceTrack;
  /**
   * Deny maintenance period, at most 90 days.
   * @default - none
   *
   * @see https://cloud.google.com/sql/docs/postgres/maintenance#deny-maintenance
   */
  readonly denyMaintenance?: DenyMaintenancePeriod;
  /**
   * Customer-managed encryption key (CMEK), in the instance's region. Changing it replaces the instance.
   * @default - a key that Google manages
   *
   * @see https://cloud.google.com/sql/docs/postgres/cmek
   */
  readonly encryptionKey?: ICryptoKey;
  /**
   * E-mail address of Cloud SQL's service agent, which is granted the use of the key. It must exist:
   * `gcloud beta services identity create --service=sqladmin.googleapis.com`.
   * @default - the service agent of the instance's project
   *
   * @see https://cloud.google.com/sql/docs/postgres/configure-cmek#service-account
   */
  readonly encryptionServiceAgent?: string;
  /**
   * Grants the service agent the use of the key; false if the grant is made elsewhere.
   * @default true
   *
   * @see https://cloud.google.com/sql/docs/postgres/configure-cmek#grantkey
   */
  readonly grantEncryptionKey?: boolean;
  /**
   * Database flags beside those that other properties set, by Cloud SQL's names. Changing many of them restarts the instance.
   * @default - none
   *
   * @see https://cloud.google.com/sql/docs/postgres/flags
   */
  readonly parameters?: { readonly [name: string]: string };
  /**
   * Flag `max_connections`.
   * @default - Cloud SQL derives it from memory
   *
   * @see https://cloud.google.com/sql/docs/postgres/flags#postgres-m
   */
  readonly maxConnections?: number;
  /**
   * Minimum duration of a statement to be logged, in milliseconds (flag `log_min_duration_statement`, or `long_query_time` with
   * the slow query log). -1 disables it, as the CIS benchmark asks. @default 1000
   *
   * @see https://cloud.google.com/sql/docs/postgres/flags#postgres-l
   */
  readonly slowQueryMs?: number;
  /**
   * Enables IAM database authentication. @default true
   *
   * @see https://cloud.google.com/sql/docs/postgres/iam-authentication
   */
  readonly iamAuthentication?: boolean;
  /**
   * SSL mode of the instance. With MUTUAL, PostgreSQL users with IAM database authentication must connect through the Auth
   * Proxy. @default TlsMode.ENCRYPTED
   *
   * @see https://cloud.google.com/sql/docs/postgres/configure-ssl-instance
   */
  readonly tlsMode?: TlsMode;
  /**
   * Certificate authority of the server certificate. @default CloudSqlCertificateAuthority.PER_INSTANCE
   *
   * @see https://cloud.google.com/sql/docs/postgres/authorize-ssl
   */
  readonly certificateAuthority?: CloudSqlCertificateAuthority;
  /**
   * Enforces connectors: only the Auth Proxy (`CloudSqlSidecar`, `CloudSqlAuthProxy`) and Cloud SQL language connectors can
   * connect, and no client can connect directly. With Private Service Connect such an instance has no read replicas. @default false
   *
   * @see https://cloud.google.com/sql/docs/postgres/language-connectors
   */
  readonly connectorRequired?: boolean;
  /**
   * Enables data cache on the local SSD (Enterprise Plus). @default - Cloud SQL chooses
   *
   * @see https://cloud.google.com/sql/docs/postgres/data-cache
   */
  readonly dataCache?: boolean;
  /**
   * Enables Query Insights. @default true
   *
   * @see https://cloud.google.com/sql/docs/postgres/using-query-insights
   */
  readonly queryInsights?: boolean;
  /**
   * Automatic minor version upgrades. Cloud SQL does not let them be disabled, so false is refused. A minor version of MySQL 8.0 that
   * `engine` names stays until `engine` names another one, so that no plan asks for a downgrade (not tried against Cloud SQL).
   * @default true
   *
   * @see https://cloud.google.com/sql/docs/postgres/db-versions
   */
  readonly autoMinorVersionUpgrade?: boolean;
  /**
   * Applies `storage.sizeGiB` although automatic storage increase may have enlarged the disk; for the run in which you enlarge
   * it yourself. The size must not be less than the current one, since a smaller disk means a new instance. @default false
   *
   * @see https://cloud.google.com/sql/docs/postgres/instance-settings#automatic-storage-increase-2ndgen
   */
  readonly applyStorageSize?: boolean;
  /**
   * Labels of all resources. @default - only the provider's default labels
   *
   * @see https://cloud.google.com/sql/docs/postgres/label-instance
   */
  readonly tags?: { readonly [name: string]: string };
  /** The google provider. @default - the stack's only google provider */
  readonly provider?: TerraformProvider;
  /** Resources that must exist first. @default - none */
  readonly dependsOn?: ITerraformDependable[];
}

/** A Cloud SQL instance: a server or a read replica, created here or existing. */
export interface ICloudSqlInstance extends IConstruct {
  /** Instance ID, without the project; may be a token. */
  readonly instanceName: string;
  /** Project of the instance; may be a token. */
  readonly projectId: string;
  /** The engine and version. */
  readonly engine: DatabaseEngine;
  /** Cloud and region of the instance. */
  readonly location: DatabaseLocation;
  /** Machine type. Not set if it is not known. */
  readonly machine?: CloudSqlMachine;
  /** Maximum number of connections. Not set if neither it nor the machine's memory is known. */
  readonly connectionCapacity?: ConnectionCapacity;
  /** True for a read replica. */
  readonly isReplica: boolean;
}

/** An instance to create. @internal */
export interface CloudSqlInstanceSpec {
  readonly engine: DatabaseEngine;
  readonly databaseVersion: string;
  readonly size: MachineSize;
  readonly storage: StorageProps;
  readonly network: ICloudSqlNetwork;
  readonly region: string;
  readonly options: CloudSqlInstanceOptions;
  /** True for high availability: a standby in another zone. */
  readonly regional: boolean;
  /** Left out for replicas, which are not backed up. */
  readonly backups?: BackupOptions;
  /** Name of the primary instance of a replica. */
  readonly primary?: string;
  /** The data with which the instance is created. @default - none */
  readonly restore?: CloudSqlRestoreSource;
  /**
   * Present disk size of the instance from which the data comes, as an expression: it may have grown beyond the program's size, and
   * Cloud SQL refuses a smaller disk. Used only when the instance is created. @default - not known
   */
  readonly sourceDiskSize?: number;
}

/** The source of a restored instance. */
export interface CloudSqlRestoreSource {
  /** The arguments that name the source. */
  readonly config: Pick<SqlDatabaseInstanceConfig, "clone" | "restoreBackupContext">;
  /** The argument, as Terraform writes it. If it changed later, Cloud SQL would restore again over the present data. */
  readonly argument: string;
  /** The instance from which the data comes. */
  readonly instanceName: string;
  /** Its project. @default - the provider's project */
  readonly project?: string;
}

/** An instance with its machine type and maximum number of connections. @internal */
export interface CreatedInstance {
  readonly resource: SqlDatabaseInstance;
  readonly machine: CloudSqlMachine;
  readonly capacity?: ConnectionCapacity;
}

/** Creates the instance as the child `Resource` of its construct. @internal */
export function createInstance(
  scope: Construct,
  checks: SynthChecks,
  spec: CloudSqlInstanceSpec,
): CreatedInstance {
  const { options, engine, region, network, restore } = spec;
  const machine = machineOf(checks, engine, spec.size, options.edition);
  checkInstance(checks, spec, machine);
  checkLabels(checks, scope, options.tags);
  const backups = spec.backups && { ...spec.backups, engine, machine };
  if (backups) checkBackups(checks, backups);
  const { encryptionKey, provider, project } = options;
  const grant =
    encryptionKey && (options.grantEncryptionKey ?? true)
      ? new ServiceAgentKeyGrant(scope, "EncryptionGrant", {
          key: encryptionKey,
          serviceAgent: options.encryptionServiceAgent,
          agentDomain: "gcp-sa-cloud-sql",
          project,
          provider,
          dependsOn: options.dependsOn,
        }).resource
      : undefined;
  const dependsOn = [...network.dependables, ...(grant ? [grant] : []), ...(options.dependsOn ?? [])];
  const name =
    options.instanceName ??
    new InstanceName(scope, "Name", {
      // Changes of these make Terraform or Google replace the instance.
      engine: engine.family,
      region,
      encryptionKey: encryptionKey?.keyName ?? "",
      reach: network.ipConfiguration.pscConfig ? "private-service-connect" : "private-service-access",
    }).name;
  const retain = (options.deletionPolicy ?? DeletionPolicy.RETAIN) === DeletionPolicy.RETAIN;
  const ignoreChanges = [
    ...(grows(spec.storage) && !options.applyStorageSize ? ["settings[0].disk_size"] : []),
    ...(restore ? [restore.argument] : []),
  ];
  const preconditions = [
    ...storagePreconditions(spec.storage),
    ...(backups ? backupPreconditions(backups) : []),
  ];
  const resource = new SqlDatabaseInstance(scope, "Resource", {
    name,
    project,
    region,
    databaseVersion: spec.databaseVersion,
    masterInstanceName: spec.primary,
    encryptionKeyName: encryptionKey?.keyName,
    deletionProtection: retain,
    settings: instanceSettings(spec, machine, backups, retain),
    ...restore?.config,
    timeouts: restore && { create: "180m", update: "90m", delete: "90m" },
    lifecycle: {
      // The provider's deletion protection fails in the middle of an apply; this one fails in the plan.
      preventDestroy: retain ? true : undefined,
      ignoreChanges: ignoreChanges.length > 0 ? ignoreChanges : undefined,
      precondition: preconditions.length > 0 ? preconditions : undefined,
    },
    provider,
    dependsOn: dependsOn.length > 0 ? dependsOn : undefined,
  });
  return { resource, machine, capacity: cloudSqlConnectionCapacity(engine, machine, options.maxConnections) };
}
