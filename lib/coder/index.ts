// Coder on an external PostgreSQL: v2 (CoderRelease) and v1 (CoderClassicRelease). Imports no cloud.
export { CoderPasswordDelivery } from "./coder-database-access";
export * from "./coder-provisioners";
export * from "./coder-release";
export * from "./coder-release-props";
export * from "./coder-size";
export type { CoderCertificateAuthorities } from "./coder-values";
