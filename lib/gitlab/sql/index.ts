export * from "./gitlab-migrations";
export * from "./gitlab-objects";
export * from "./gitlab-sql";
