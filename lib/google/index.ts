// Cloud SQL for PostgreSQL and MySQL, and the resources of Google Cloud that belong to it.
export * from "./artifact-registry";
export * from "./backup";
export * from "./cloud-sql";
export * from "./cloud-storage";
export * from "./identity";
export * from "./kms";
export * from "./monitoring";
export * from "./network";
export * from "./secrets";
