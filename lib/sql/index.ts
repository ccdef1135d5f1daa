// SQL objects and migrations, and the back ends that run them. Imports no provider.
export * from "./backends/local-sql-backend";
export * from "./backends/sql-backend";
export * from "./migrations/database-migration";
export * from "./migrations/migration-adapter";
export {
  ComponentObjects,
  type ComponentObjectsProps,
  type OwnedDatabasesOptions,
} from "./objects/component-objects";
export * from "./objects/database-objects";
export * from "./objects/sql-database";
export * from "./objects/sql-grant";
export * from "./objects/sql-login";
