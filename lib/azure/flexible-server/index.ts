export type { FlexibleServerAttributes } from "./existing-flexible-server";
export * from "./flexible-server";
export {
  AzureAdminLogin,
  type AzureAdminLoginOptions,
  type EntraAdministrator,
  EntraPrincipalType,
} from "./logins";
export * from "./mysql-flexible-server";
export * from "./postgres-flexible-server";
export * from "./read-replicas";
export * from "./restored-servers";
