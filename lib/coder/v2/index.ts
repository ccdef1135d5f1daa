export * from "./coder-provisioners";
export * from "./coder-release";
export * from "./coder-release-props";
export type { CoderCertificateAuthorities } from "./coder-values";
