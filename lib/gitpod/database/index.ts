export type { Departure } from "./data/documented-2022";
export * from "./gitpod-connection";
export * from "./gitpod-database";
export * from "./gitpod-database-props";
export * from "./gitpod-preset";
export { GitpodServerParameters } from "./gitpod-server-parameters";
export * from "./gitpod-sql";
