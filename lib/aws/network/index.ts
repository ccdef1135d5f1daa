export * from "./database-network";
export * from "./isolated-vpc";
export { type ISecurityGroup, SecurityGroup } from "./security-group";
export * from "./vpc-flow-log";
