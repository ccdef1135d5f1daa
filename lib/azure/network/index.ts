export * from "./database-network";
export * from "./delegated-database-network";
export * from "./flexible-server-network";
