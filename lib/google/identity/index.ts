export * from "./gke-workload-identity";
export * from "./google-workload-identity";
