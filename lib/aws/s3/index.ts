export * from "./bucket-user";
export * from "./s3-bucket";
export * from "./s3-bucket-props";
export * from "./s3-bucket-replication";
export { S3StorageClass, type S3Transition } from "./s3-lifecycle";
