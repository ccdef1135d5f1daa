export * from "./irsa-identity";
export * from "./pod-identity";
export type { IAwsWorkloadIdentity, WorkloadRoleProps } from "./workload-role";
