// Gitpod on an external MySQL: its database, its storage and its installation. Imports no cloud.
export type { Departure } from "./data/documented-2022";
export * from "./encryption-keys";
export * from "./gitpod-certificate";
export * from "./gitpod-connection";
export * from "./gitpod-database";
export * from "./gitpod-database-props";
export * from "./gitpod-object-storage";
export * from "./gitpod-object-storage-props";
export * from "./gitpod-preset";
export * from "./gitpod-registry";
export * from "./gitpod-secret";
export * from "./gitpod-version";
export { INSTALLER_CONFIG_KEY, InstallerConfig } from "./installer-config";
export * from "./installer-config-props";
