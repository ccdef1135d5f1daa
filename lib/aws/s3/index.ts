export * from "./bucket-user";
export type { S3BucketAttributes } from "./imported-s3-bucket";
export * from "./s3-bucket";
export * from "./s3-bucket-replication";
export { S3StorageClass, type S3Transition } from "./s3-lifecycle";
export { S3ObjectLockMode } from "./s3-object-lock";
