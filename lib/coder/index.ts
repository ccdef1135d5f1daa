// Coder on an external PostgreSQL: v2 (CoderRelease) and v1 (CoderClassicRelease). Imports no cloud.
export * from "./coder-classic-release";
export * from "./coder-classic-release-props";
export { CoderPasswordDelivery } from "./coder-database-access";
export type { CoderDatabaseSetup } from "./coder-database-setup";
export * from "./coder-provisioners";
export * from "./coder-release";
export * from "./coder-release-props";
export * from "./coder-size";
export type { CoderCertificateAuthorities } from "./coder-values";
