export * from "./database-settings";
export * from "./database-topology";
export * from "./database-topology-props";
export * from "./gitlab-objects";
export * from "./gitlab-server-settings";
export { directDatabase, type ServerAlias } from "./physical-identity";
export * from "./topology-entry";
