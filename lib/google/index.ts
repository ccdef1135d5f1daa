// Cloud SQL for PostgreSQL and MySQL behind the contract, and what belongs to it on Google Cloud.
export * from "./artifact-registry";
export * from "./cloud-sql";
export * from "./cloud-storage";
export * from "./identity";
export * from "./monitoring";
export * from "./network";
export * from "./secrets";
