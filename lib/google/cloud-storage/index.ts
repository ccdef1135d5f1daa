export * from "./application-buckets";
export * from "./backup-bucket";
export * from "./gcs-bucket";
