export * from "./gke-workload-identity";
export type { IGoogleWorkloadIdentity } from "./google-workload-identity";
export type { GkeWorkloadIdentityAttributes } from "./imported-workload-identity";
