export type { LinuxPackageFile, LinuxPackageSecretFile } from "./gitlab-rb";
export { LinuxPackageConfig, type LinuxPackageConfigProps } from "./linux-package-config";
export * from "./linux-package-node";
export type { LinuxPackageConsul, LinuxPackagePooling } from "./package-pooling";
export type { LinuxPackageCluster } from "./package-postgres";
