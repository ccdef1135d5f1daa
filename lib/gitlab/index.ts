// GitLab on external PostgreSQL: several logical databases, one, two or three physical ones. Imports no cloud.
export * from "./chart";
export * from "./linux-package";
export * from "./object-storage";
export * from "./planning";
export { GitlabRehearsal } from "./recovery/gitlab-rehearsal";
export * from "./schema";
export * from "./sql";
export * from "./topology";
