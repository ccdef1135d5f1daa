// Gitpod with an external MySQL database: its database, object storage, registry, secrets and installation. Imports no cloud.
export type { GitpodPresetDeviation } from "./database/data/documented-2022";
export {
  type GitpodBundledProxyOptions,
  GitpodConnection,
  GitpodDatabaseMode,
  type GitpodDirectOptions,
} from "./database/gitpod-connection";
export { GitpodDatabase, type GitpodDatabaseProps } from "./database/gitpod-database";
export type { GitpodDatabaseSetup } from "./database/gitpod-database-setup";
export { GitpodPreset } from "./database/gitpod-preset";
export { GitpodServerParameters } from "./database/gitpod-server-parameters";
export { type GitpodObjectsOptions, GitpodSql } from "./database/gitpod-sql";
export type { GitpodPreflightOptions } from "./database/preflight";
export * from "./installer/gitpod-installation";
export {
  FsShiftMethod,
  GitpodInstallerConfig,
  type GitpodInstallerConfigProps,
  GitpodKind,
  type GitpodWorkspaces,
  type GitpodWorkspaceVolume,
  INSTALLER_CONFIG_KEY,
} from "./installer/gitpod-installer-config";
export { GitpodInstallerJob, type GitpodInstallerJobProps } from "./installer/gitpod-installer-job";
export { GitpodRelease, type GitpodReleaseProps } from "./installer/gitpod-release";
export {
  KOTS_CONFIG_VALUES_KEY,
  KotsConfigValues,
  type KotsConfigValuesProps,
} from "./kots/kots-config-values";
export { GitpodKotsRecovery, type GitpodKotsRecoveryProps } from "./recovery/gitpod-kots-recovery";
export { GitpodRehearsal } from "./recovery/gitpod-rehearsal";
export type { GitpodAuthProviderProps } from "./secrets/gitpod-auth-provider";
export {
  CertManagerIssuerKind,
  GitpodCertificate,
  type GitpodCertManagerCertificateProps,
  type GitpodPemCertificateProps,
} from "./secrets/gitpod-certificate";
export { type GitpodEncryptionKey, GitpodEncryptionKeys } from "./secrets/gitpod-encryption-keys";
export type { GitpodHttpProxyProps } from "./secrets/gitpod-http-proxy";
export {
  type GitpodCustomCaProps,
  type GitpodLicenseProps,
  GitpodLicensor,
  type GitpodPullCredentialsProps,
  GitpodSecret,
  type GitpodSshHostKeyProps,
} from "./secrets/gitpod-secret";
export type { GitpodSecretOptions } from "./secrets/gitpod-secret-content";
export { GitpodObjectStorage, type GitpodObjectStorageProps } from "./storage/gitpod-object-storage";
export {
  type GitpodExternalRegistryProps,
  type GitpodInClusterRegistryProps,
  GitpodRegistry,
  type GitpodRegistryOptions,
} from "./storage/gitpod-registry";
export type { GitpodVersionProfile } from "./version/data/versions";
export { GitpodVersion } from "./version/gitpod-version";
