export * from "./application-buckets";
export * from "./backup-bucket";
export { GcsBucket, type GcsBucketAttributes, type GcsBucketProps } from "./gcs-bucket";
