export * from "./artifact-registry";
