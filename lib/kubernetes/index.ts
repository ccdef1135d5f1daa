// Kubernetes objects and Helm releases. Connections to EKS, GKE and AKS clusters are entries of their clouds.
export * from "./ca-secret";
export * from "./cluster-connection";
export * from "./database-proxy";
export * from "./database-secret";
export * from "./environment-variable";
export { HelmRelease, type HelmReleaseProps } from "./helm-release";
export type { HelmValues } from "./helm-values";
export * from "./kubernetes-namespace";
export * from "./monitoring/application-metrics";
export * from "./monitoring/application-monitoring";
export { SecretEntry } from "./secret-entry";
export * from "./sql-job-backend";
