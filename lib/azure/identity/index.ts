export * from "./aks-workload-identity";
export * from "./azure-workload-identity";
