export * from "./cloud-sql-auth-proxy";
export {
  CLOUD_SQL_PROXY_IMAGE,
  CloudSqlAddressKind,
  type CloudSqlProxyOptions,
} from "./cloud-sql-proxy-container";
export * from "./cloud-sql-sidecar";
export * from "./gke-connection";
