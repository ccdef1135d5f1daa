export * from "./database-network";
export * from "./database-network-contract";
export * from "./database-network-props";
export * from "./existing-database-network";
export * from "./isolated-vpc";
export * from "./vpc-flow-log";
