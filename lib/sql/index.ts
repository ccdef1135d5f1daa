// Database objects and migrations. Imports no provider.
export * from "./component-objects";
export * from "./database-migration";
export * from "./database-objects";
export * from "./local-sql-backend";
export * from "./migration-adapter";
export * from "./postgres-provider-backend";
export { PostgresqlProvider, type PostgresqlProviderProps } from "./postgresql-provider";
export * from "./sql-backend";
export * from "./sql-database";
export * from "./sql-grant";
export * from "./sql-login";
export * from "./sql-presets";
export * from "./sql-privilege";
export * from "./sql-setting";
