// What a server and a replica have in common. Everything has a safe default.

import type { ITerraformDependable, TerraformProvider } from "cdktf";
import type { DeletionPolicy, MaintenanceWindow } from "../../database";
import type { RdsCertificateAuthority } from "./rds-certificate-authority";

/** Properties that every RDS instance has. */
export interface RdsInstanceOptions {
  /**
   * The name in RDS, unique in account and region: 1 to 63 lower-case letters, digits and single hyphens, a letter
   * first. Changing it replaces the instance. @default - the construct's path
   */
  readonly identifier?: string;
  /** The region; may be a token. @default - the network's, else the provider's */
  readonly region?: string;
  /** The port, 1150 to 65535. @default - the engine's: 5432 or 3306 */
  readonly port?: number;
  /** What happens to the data when the instance leaves the program. @default DeletionPolicy.RETAIN */
  readonly deletionPolicy?: DeletionPolicy;
  /** The weekly time in which RDS may change the instance. @default - Sunday 04:30 to 05:30 UTC */
  readonly maintenanceWindow?: MaintenanceWindow;
  /**
   * The KMS key for storage, insights, secrets and logs. CloudWatch Logs has to be allowed to use it.
   * @default - a key of its own (see `EncryptionKey`)
   */
  readonly encryptionKeyArn?: string;
  /**
   * Server parameters beside those that the library sets, by RDS's names. Those that have a property of their own, and
   * those that would undo TLS, are refused. @default - none
   */
  readonly parameters?: { readonly [name: string]: string };
  /**
   * Names in `parameters` that RDS applies at a restart only, beside those that the library knows. @default - none
   */
  readonly staticParameters?: string[];
  /** `max_connections`, 6 to 262143 for PostgreSQL, 10 to 100000 for MySQL. @default - what RDS derives from memory */
  readonly maxConnections?: number;
  /** Statements that take longer than this are logged, in milliseconds; -1 logs none. @default 1000 */
  readonly slowQueryMs?: number;
  /** Whether the server refuses connections without TLS. @default true */
  readonly tlsEnforced?: boolean;
  /** Whether logins may carry an AWS identity. @default true */
  readonly iamAuthentication?: boolean;
  /** Whether Performance Insights records what the server is busy with. @default - true, where the class has it */
  readonly performanceInsights?: boolean;
  /** How long it keeps that: 7, 731, or a multiple of 31 days. @default 7 (free of charge) */
  readonly performanceInsightsRetentionDays?: number;
  /** How often the operating system is measured: 0 (never), 1, 5, 10, 15, 30 or 60 seconds. @default 60 */
  readonly monitoringIntervalSeconds?: number;
  /** How long CloudWatch keeps the server's logs, in days; 0 is for ever. @default 365 */
  readonly logRetentionDays?: number;
  /** The authority that signs the server's certificate. @default RdsCertificateAuthority.RSA2048_G1 */
  readonly certificateAuthority?: RdsCertificateAuthority;
  /**
   * The certificates that clients trust, as PEM text; may be a token. While a server moves to another authority, those
   * of both. @default - the region's root of the authority
   */
  readonly caCertificatesPem?: string;
  /** Whether RDS installs minor versions by itself in the maintenance window. @default true */
  readonly autoMinorVersionUpgrade?: boolean;
  /** Whether changes are made at once rather than in the maintenance window; some restart the server. @default false */
  readonly applyImmediately?: boolean;
  /** Whether the instance has a public address. Never for an application's database. @default false */
  readonly publiclyAccessible?: boolean;
  /** Tags for all resources. @default - none but the provider's default tags */
  readonly tags?: { readonly [name: string]: string };
  /** The provider. @default - the network's, else the stack's only AWS provider */
  readonly provider?: TerraformProvider;
  /** What has to exist first. @default - nothing */
  readonly dependsOn?: ITerraformDependable[];
}
