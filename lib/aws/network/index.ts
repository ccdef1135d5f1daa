export * from "./database-network";
export * from "./isolated-vpc";
export * from "./vpc-flow-log";
