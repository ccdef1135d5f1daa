export * from "./gitpod-installer-job";
export * from "./gitpod-release";
export { INSTALLER_CONFIG_KEY, InstallerConfig } from "./installer-config";
export * from "./installer-config-props";
