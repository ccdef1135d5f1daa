// Gitpod on an external MySQL: its database, its storage and its installation. Imports no cloud.

export type { Departure } from "./data/documented-2022";
export * from "./encryption-keys";
export * from "./gitpod-connection";
export * from "./gitpod-database";
export * from "./gitpod-database-props";
export * from "./gitpod-preset";
export * from "./gitpod-version";
