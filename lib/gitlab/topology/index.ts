export type {
  GitlabDatabaseSettings,
  GitlabEntrySettings,
  GitlabLoadBalancing,
  GitlabReadReplica,
  GitlabReplicaDiscovery,
} from "./database-settings";
export * from "./database-topology";
export * from "./gitlab-server-settings";
export type { ServerAlias } from "./physical-identity";
export {
  type ComponentDatabase,
  GitlabDatabaseKind,
  type HiddenDatabase,
  type SingleDatabaseView,
  type TopologyEntry,
} from "./topology-entry";
