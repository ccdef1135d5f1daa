// Databases on AWS: RDS servers and what surrounds them.
export * from "./identity";
export * from "./monitoring";
export * from "./network";
export * from "./rds";
export * from "./s3";
export * from "./secrets";
