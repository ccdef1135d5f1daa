// Import IDs of the kubernetes and helm providers, by resource type: section "Import" of each page of
// https://github.com/hashicorp/terraform-provider-kubernetes/tree/v2.38.0/docs/resources and
// https://github.com/hashicorp/terraform-provider-helm/blob/v3.1.1/docs/resources/release.md
// Read 2026-11-27: every row was compared with its page at these versions; those of cron_job_v1, job_v1 and pod_disruption_budget_v1, which have
// no such section, with kubernetes/resource_kubernetes_TYPE.go, which reads namespace/name.

import type { ImportFormat } from "../import-format";

const inNamespace = (kind: string): ImportFormat => ({
  forms: ["{metadata.namespace}/{metadata.name}"],
  words: `namespace and name of the ${kind}`,
  example: "coder/coder-db",
});
const inCluster = (kind: string): ImportFormat => ({
  forms: ["{metadata.name}"],
  words: `name of the ${kind}`,
  example: "coder",
});

export const KUBERNETES_IMPORTS: { readonly [type: string]: ImportFormat } = {
  helm_release: {
    forms: ["{namespace}/{name}"],
    words: "namespace and name of the release",
    example: "coder/coder",
  },
  kubernetes_cluster_role_binding_v1: inCluster("ClusterRoleBinding"),
  kubernetes_cluster_role_v1: inCluster("ClusterRole"),
  kubernetes_config_map_v1: inNamespace("ConfigMap"),
  kubernetes_cron_job_v1: inNamespace("CronJob"),
  kubernetes_deployment_v1: inNamespace("Deployment"),
  kubernetes_job_v1: inNamespace("Job"),
  kubernetes_namespace_v1: inCluster("Namespace"),
  kubernetes_network_policy_v1: inNamespace("NetworkPolicy"),
  kubernetes_pod_disruption_budget_v1: inNamespace("PodDisruptionBudget"),
  kubernetes_role_binding_v1: inNamespace("RoleBinding"),
  kubernetes_role_v1: inNamespace("Role"),
  kubernetes_secret_v1: inNamespace("Secret"),
  kubernetes_service_account_v1: inNamespace("ServiceAccount"),
  kubernetes_service_v1: inNamespace("Service"),
};
