export * from "./connection-planner";
export * from "./decomposition-runbook";
export * from "./gitlab-backup-coverage";
export * from "./gitlab-size";
export { GitlabVersion } from "./gitlab-version";
