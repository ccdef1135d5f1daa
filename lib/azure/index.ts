// Azure: the contract of lib/database on Azure Database for PostgreSQL and MySQL.
export * from "./backup";
export * from "./blob-storage";
export * from "./container-registry";
export * from "./flexible-server";
export * from "./identity";
export * from "./key-vault";
export * from "./monitoring";
export * from "./network";
