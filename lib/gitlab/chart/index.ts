export type { GitlabDatabaseSetup } from "./database-setup";
export * from "./gitlab-redis";
export { type GitlabGeoSite, GitlabRelease, type GitlabReleaseProps } from "./gitlab-release";
export * from "./gitlab-secrets";
export type {
  GitlabPods,
  GitlabRegistryPods,
  GitlabSidekiqPods,
  GitlabWebservicePods,
} from "./release-pods";
