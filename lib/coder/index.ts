// Coder on an external PostgreSQL: v2 (CoderRelease) and v1 (CoderClassicRelease). Imports no cloud.
export * from "./classic";
export { CoderPasswordDelivery } from "./coder-database-access";
export type { CoderDatabaseSetup } from "./coder-database-setup";
export * from "./coder-size";
export * from "./coder-sql";
export * from "./v2";
