export type { GitlabDatabaseSetup } from "./database-setup";
export * from "./gitlab-redis";
export { GitlabRelease } from "./gitlab-release";
export type { GitlabGeoSite, GitlabReleaseProps } from "./gitlab-release-props";
export * from "./gitlab-secrets";
export type {
  GitlabPods,
  GitlabRegistryPods,
  GitlabSidekiqPods,
  GitlabWebservicePods,
} from "./release-pods";
