export * from "./gitlab-migrations";
export * from "./gitlab-sql";
