// Kubernetes objects and Helm releases. The connections to EKS, GKE and AKS are imported by their own files.
export * from "./ca-secret";
export * from "./chart-version";
export * from "./cluster-connection";
export * from "./database-proxy";
export * from "./database-secret";
export * from "./environment-variable";
export * from "./fingerprint";
export * from "./helm-release";
export * from "./helm-values";
export * from "./kubernetes-namespace";
export * from "./object-names";
export * from "./proxied-server";
export * from "./secret-entry";
export * from "./sql-job-backend";
