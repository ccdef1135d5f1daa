// Azure: the contract of lib/database on Azure Database for PostgreSQL and MySQL.
export * from "./aks-workload-identity";
export * from "./azure-admin-login";
export * from "./azure-database-network";
export * from "./database-network";
export * from "./delegated-database-network";
export * from "./entra-administrator";
export * from "./flexible-server";
export * from "./flexible-server-options";
export * from "./generated-secret";
export * from "./mysql-flexible-server";
export * from "./postgres-flexible-server";
export * from "./secret-vault";
export * from "./server-key";
export * from "./stored-secret";
