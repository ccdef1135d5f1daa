// RDS servers and their surroundings: network, identity, keys and secrets, alarms, S3, AWS Backup.
export * from "./backup";
export * from "./identity";
export * from "./monitoring";
export * from "./network";
export * from "./rds";
export * from "./s3";
export * from "./secrets";
