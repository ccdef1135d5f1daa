// Databases on AWS: RDS servers and what surrounds them.
export * from "./aws-workload-identity";
export * from "./database-network";
export * from "./database-network-contract";
export * from "./encryption-key";
export * from "./existing-database-network";
export * from "./generated-secret";
export * from "./isolated-vpc";
export * from "./rds-admin-login";
export * from "./rds-certificate-authority";
export * from "./rds-instance";
export * from "./rds-instance-options";
export * from "./rds-monitoring-role";
export * from "./rds-parameter-group";
export * from "./rds-server";
export * from "./vpc-flow-log";
