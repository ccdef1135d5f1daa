export * from "./aks-workload-identity";
