export * from "./cloud-sql-auth-proxy";
export {
  CLOUD_SQL_PROXY_IMAGE,
  CloudSqlAddressKind,
  type CloudSqlProxyOptions,
  CloudSqlSidecar,
  type CloudSqlSidecarProps,
} from "./cloud-sql-sidecar";
export * from "./gke-connection";
