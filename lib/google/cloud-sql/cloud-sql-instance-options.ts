// What a server and a replica have in common. Everything has a safe default.

import type { ITerraformDependable, TerraformProvider } from "cdktf";
import type { Availability, DeletionPolicy, MaintenanceWindow } from "../../database";
import type { CloudSqlEdition } from "./cloud-sql-edition";
import type { DenyMaintenancePeriod, MaintenanceTrack } from "./cloud-sql-maintenance";
import type { CloudSqlCertificateAuthority, TlsMode } from "./cloud-sql-tls";

/** Properties that every Cloud SQL instance has. */
export interface CloudSqlInstanceOptions {
  /**
   * The instance's whole name: lower-case letters, digits and hyphens, a letter first; with the project at most 98
   * characters. Changing it replaces the instance, and a deleted instance's name is not free for about a week.
   * @default - the construct's path and eight random digits
   */
  readonly instanceName?: string;
  /** The project. @default - the provider's */
  readonly project?: string;
  /** What the instance survives. @default Availability.ZONE_REDUNDANT */
  readonly availability?: Availability;
  /** The zone in which it runs, such as `europe-west1-b`. @default - Google chooses */
  readonly zone?: string;
  /** The zone of its standby; with ZONE_REDUNDANT only, and with `zone`. @default - Google chooses */
  readonly secondaryZone?: string;
  /** The edition, for a machine that the library does not know. @default - the one to which the machine belongs */
  readonly edition?: CloudSqlEdition;
  /** What happens to the data when the instance leaves the program. @default DeletionPolicy.RETAIN */
  readonly deletionPolicy?: DeletionPolicy;
  /** The weekly time in which Cloud SQL may update the instance; it starts at full hours. @default - Sunday 05:00 UTC */
  readonly maintenanceWindow?: MaintenanceWindow;
  /** When after its announcement an update comes. @default MaintenanceTrack.STABLE */
  readonly maintenanceTrack?: MaintenanceTrack;
  /** A time without updates, at most 90 days. @default - none */
  readonly denyMaintenance?: DenyMaintenancePeriod;
  /**
   * The KMS key for the disk, as `projects/P/locations/REGION/keyRings/R/cryptoKeys/K`, in the instance's region. It
   * cannot be changed: another key means another instance. @default - a key that Google manages
   */
  readonly encryptionKeyName?: string;
  /**
   * The e-mail address of Cloud SQL's service agent, which is granted the use of the key. The agent of a project has to
   * exist: `gcloud beta services identity create --service=sqladmin.googleapis.com`.
   * @default - the agent of the instance's project
   */
  readonly encryptionServiceAgent?: string;
  /** Whether the service agent is granted the use of the key here; false if that is done elsewhere. @default true */
  readonly grantEncryptionKey?: boolean;
  /** Flags beside those that follow from other properties, by Cloud SQL's names. Many restart the instance. @default - none */
  readonly parameters?: { readonly [name: string]: string };
  /** `max_connections`. @default - what Cloud SQL derives from memory */
  readonly maxConnections?: number;
  /** Statements that take longer than this are logged, in milliseconds; -1 logs none, as the CIS benchmark asks. @default -1 */
  readonly slowQueryMs?: number;
  /** Whether logins may carry a Google identity. @default true */
  readonly iamAuthentication?: boolean;
  /**
   * Whom the instance lets in, as far as TLS goes. With MUTUAL, PostgreSQL users with a Google identity have to come
   * through the Auth Proxy. @default TlsMode.ENCRYPTED
   */
  readonly tlsMode?: TlsMode;
  /** Who signs the instance's certificate. @default CloudSqlCertificateAuthority.PER_INSTANCE */
  readonly certificateAuthority?: CloudSqlCertificateAuthority;
  /** Whether only the Auth Proxy (`CloudSqlSidecar`, `CloudSqlAuthProxy`) and Google's connectors may connect, and nobody directly. @default false */
  readonly connectorRequired?: boolean;
  /** Whether the local SSD caches data (Enterprise Plus). @default - what Cloud SQL chooses */
  readonly dataCache?: boolean;
  /** Whether Query Insights records what the instance is busy with. @default true */
  readonly queryInsights?: boolean;
  /** Cloud SQL installs minor versions itself and this cannot be switched off; false is refused. @default true */
  readonly autoMinorVersionUpgrade?: boolean;
  /**
   * For the run in which you enlarge the disk yourself: writes `storage.sizeGiB` although the disk may have grown. Set
   * it to no less than the disk has now; less would mean a new instance. @default false
   */
  readonly applyStorageSize?: boolean;
  /** Labels for all resources. @default - none but the provider's default labels */
  readonly tags?: { readonly [name: string]: string };
  /** The provider. @default - the stack's only google provider */
  readonly provider?: TerraformProvider;
  /** What has to exist first. @default - nothing */
  readonly dependsOn?: ITerraformDependable[];
}
