export type { FlexibleServerAttributes } from "./existing-flexible-server";
export * from "./flexible-server";
export {
  AzureAdminLogin,
  type AzureAdminLoginOptions,
  type EntraAdministrator,
  EntraPrincipalType,
} from "./logins";
export * from "./mysql-flexible-server";
export { MysqlReadReplica, type MysqlReadReplicaProps } from "./mysql-read-replica";
export * from "./postgres-flexible-server";
export { PostgresReadReplica, type PostgresReadReplicaProps } from "./postgres-read-replica";
export type { ReadReplicaOptions } from "./read-replica-options";
export * from "./restored-servers";
