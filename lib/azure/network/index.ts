export * from "./azure-database-network";
export * from "./database-network";
export * from "./delegated-database-network";
