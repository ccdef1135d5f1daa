export * from "./irsa-identity";
export * from "./pod-identity";
export type { AwsWorkloadIdentityProps, IAwsWorkloadIdentity } from "./workload-role";
