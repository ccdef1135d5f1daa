/** Why a property of a server is not the same on every cloud. A property without a reason fails the conformance suite. */
export const DIFFERENCES: { readonly [property: string]: string } = {
  adminLogin:
    "The type is the cloud's: what may be given for an administrator differs. The default is the same.",
  alternatingUsersSince:
    "Not on Cloud SQL: the google provider 6.50 cannot read a password back from Secret Manager, so an apply that stopped would be completed with another one.",
  allowMajorVersionUpgrade: "Only RDS has a switch that allows a major version upgrade.",
  applyImmediately: "Only RDS defers changes to the maintenance window.",
  applyStorageSize:
    "With automatic growth Cloud SQL's `disk_size` is ignored unless this is set; RDS and Azure need no such switch.",
  autoMinorVersionUpgrade: "Azure always upgrades minor versions in the maintenance window.",
  backup: "Cloud SQL counts daily backups, not days; Azure chooses the time itself.",
  backupLocation:
    "Backups of RDS and Azure are stored in the region of the server; Azure's copies follow `geoRedundantBackup`.",
  caCertificatesPem: "Cloud SQL reports its CA; Azure uses public CAs. RDS publishes one bundle per region.",
  certificateAuthority: "The type is the cloud's; Azure has no choice.",
  cloudwatchLogsRetentionDays: "CloudWatch Logs exist on AWS only.",
  connectorRequired: "Cloud SQL connectors exist on Google Cloud only.",
  dataCache: "A feature of Cloud SQL Enterprise Plus.",
  deletionLock: "Azure has no deletion protection of a server; a management lock replaces it.",
  denyMaintenance: "Only Cloud SQL has a deny maintenance period.",
  edition: "Only Cloud SQL has editions.",
  encryptionKey:
    "The type is the cloud's. RDS creates a key by default, since the key of an instance cannot be changed later.",
  encryptionServiceAgent: "The identity that uses the key: a service agent exists on Google Cloud only.",
  entraAdministrator: "Microsoft Entra ID exists on Azure only; see `iamAuthentication` for the others.",
  extensions: "Azure for PostgreSQL has an allow-list of extensions; the others allow all that they offer.",
  geoRedundantBackup:
    "An option of Azure's servers; RDS copies backups with `RdsBackupReplication`, Cloud SQL with `backupLocation`.",
  grantEncryptionKey: "RDS and Azure grant the key's use with the key.",
  iamAuthentication: "IAM database authentication; on Azure `entraAdministrator`.",
  identifier:
    "The vendor's word: DB instance identifier, instance ID (`instanceName`), server name (`serverName`).",
  instanceName: "The vendor's word: see `identifier`.",
  ioScaling: "An option of Azure for MySQL.",
  location: "Azure's word for the region, which is that of the network by default.",
  maintenanceTrack: "Only Cloud SQL has maintenance tracks.",
  maintenanceWindow: "The same window in the vendor's grain: Cloud SQL takes full hours, Azure has no end.",
  maxConnections: "Each cloud derives its default from the machine.",
  monitoringIntervalSeconds: "Enhanced Monitoring exists on RDS only.",
  network: "The type is the cloud's.",
  passwordAuthentication: "Only Azure for PostgreSQL can disable it.",
  performanceInsights:
    "The vendor's word: Performance Insights on RDS, `queryInsights` on Cloud SQL; Azure has it in Azure Monitor.",
  performanceInsightsRetentionDays: "Query Insights of Cloud SQL has a fixed retention.",
  port: "Cloud SQL and Azure have a fixed port.",
  project: "Projects exist on Google Cloud only.",
  provider: "The network of RDS and of Azure carries its provider; a VPC of Google Cloud is global.",
  publiclyAccessible: "Servers of Cloud SQL and Azure have private addresses only.",
  queryInsights: "The vendor's word: see `performanceInsights`.",
  randomProvider: "Names of Azure's servers are global, so they get a random suffix.",
  region: "A VPC of Google Cloud has no region; see `location` for Azure.",
  resourceGroupName: "Resource groups exist on Azure only.",
  secondaryZone: "Cloud SQL's word for the zone of the standby; on Azure `standbyZone`. RDS chooses it.",
  serverName: "The vendor's word: see `identifier`.",
  restoredServerName:
    "Names of secrets on Azure follow from `serverName`, which therefore stays when a restored server takes the place.",
  standby: "Azure can place the standby in the same zone, for regions without zones.",
  restartVersion:
    "RDS applies `max_connections` at a reboot and a class in the maintenance window; on the other clouds both are in force after the apply.",
  standbyZone: "Azure's word: see `secondaryZone`.",
  staticParameters:
    "RDS needs to know which of the user's parameters wait for a reboot; Cloud SQL and Azure restart or know it.",
  storageTier: "Azure for PostgreSQL sells IOPS by storage tier; see `storage.iops` for the others.",
  tags: "The same; only the default tags of the providers differ.",
  tlsEnforced:
    "A parameter on RDS; Cloud SQL has modes (`tlsMode`), and Azure's TLS is always required unless `parameters` disables it.",
  tlsMode: "Cloud SQL's word, with a mode for client certificates: see `tlsEnforced`.",
  transactionLogRetentionDays: "Logs for point-in-time recovery have a separate retention on Cloud SQL only.",
  vault: "RDS and Cloud SQL keep secrets in a service without a container (Secrets Manager, Secret Manager).",
  zone: "The subnet group decides on RDS.",
};
