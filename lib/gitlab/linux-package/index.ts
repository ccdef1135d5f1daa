export type { LinuxPackageFile, LinuxPackageSecretFile } from "./gitlab-rb";
export { LinuxPackageConfig } from "./linux-package-config";
export * from "./linux-package-props";
