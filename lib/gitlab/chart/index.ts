export * from "./gitlab-redis";
export * from "./gitlab-release";
export * from "./gitlab-release-props";
export * from "./gitlab-secrets";
