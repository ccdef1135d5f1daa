// Coder with an external PostgreSQL database: v2 (CoderRelease) and v1 (CoderClassicRelease). Imports no cloud.
export { CoderClassicRelease, type CoderClassicReleaseProps } from "./classic/coder-classic-release";
export { CoderSql } from "./database/coder-sql";
export { CoderPasswordDelivery } from "./database/database-access";
export type { CoderDatabaseSetup } from "./database/database-setup";
export { type CoderDatabaseRecommendation, type CoderResources, CoderSize } from "./sizing/coder-size";
export type { CoderPool } from "./v2/coder-environment";
export {
  CoderProvisionerKey,
  type CoderProvisionerOptions,
  CoderProvisioners,
  type CoderProvisionersProps,
} from "./v2/coder-provisioners";
export { CoderRehearsal } from "./v2/coder-rehearsal";
export { CoderRelease } from "./v2/coder-release";
export type { CoderReleaseProps } from "./v2/coder-release-props";
export type { CoderCertificateAuthorities } from "./v2/coder-values";
