export * from "./aws-workload-identity";
export * from "./irsa-identity";
export * from "./pod-identity";
