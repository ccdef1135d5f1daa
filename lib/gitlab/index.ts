// GitLab on external PostgreSQL: several logical databases, one, two or three physical ones. Imports no cloud.
export * from "./database-settings";
export * from "./database-topology";
export * from "./database-topology-props";
export * from "./gitlab-size";
export { GitlabVersion } from "./gitlab-version";
export { directDatabase, type ServerAlias } from "./physical-identity";
export * from "./topology-entry";
