export * from "./gke-workload-identity";
