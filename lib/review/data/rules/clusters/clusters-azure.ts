// Read 2026-11. AKS clusters: access to the API server, versions, nodes. Pages of AKS, and of the azurerm provider 4.55.0.

import {
  changed,
  disabled,
  either,
  enabled,
  except,
  grows,
  neither,
  removed,
  set,
  to,
  versionFalls,
} from "../../../rules/changes";
import { type Rule, rulesOf } from "../../../rules/rule";

const AKS = "https://learn.microsoft.com/azure/aks/";
const aks = rulesOf(
  "azurerm_kubernetes_cluster",
  "https://github.com/hashicorp/terraform-provider-azurerm/blob/v4.55.0/website/docs/r/kubernetes_cluster.html.markdown",
);
const WORLD = ["0.0.0.0/0", "::/0"] as const;

const nodes = rulesOf(
  "azurerm_kubernetes_cluster_node_pool",
  "https://github.com/hashicorp/terraform-provider-azurerm/blob/v4.55.0/website/docs/r/kubernetes_cluster_node_pool.html.markdown",
);

/** AKS clusters. */
export const CLUSTER_AZURE_RULES: readonly Rule[] = [
  aks.on(["kubernetes_version", "default_node_pool.orchestrator_version"], neither(versionFalls, removed), {
    id: "AKS-VERSION-UP",
    effects: ["outage", "irreversible"],
    certainty: "likely",
    words:
      "AKS upgrades the control plane, or cordons, drains and replaces the nodes of the default pool one after the other: pods move. A cluster does not go back to an earlier version.",
    next: "Check deprecated APIs, and the disruption budgets of the pods.",
    source: `${AKS}upgrade-aks-cluster`,
  }),
  aks.on("default_node_pool.vm_size", changed, {
    id: "AKS-NODES-CYCLED",
    effects: ["outage"],
    words:
      "The provider cycles the default node pool by a temporary one, without cordon and drain: running pods are interrupted. Without temporary_name_for_rotation the apply fails.",
  }),
  aks.on("api_server_access_profile.authorized_ip_ranges", either(to(...WORLD), removed), {
    id: "AKS-API-OPEN",
    effects: ["exposure"],
    words: "Every address on the internet reaches the API server of the cluster, unless it is private.",
    source: `${AKS}api-server-authorized-ip-ranges`,
  }),
  aks.on("api_server_access_profile.authorized_ip_ranges", except(grows, to(...WORLD), set), {
    id: "AKS-API-TO-MORE",
    effects: ["exposure"],
    words: "More networks reach the API server of the cluster.",
    source: `${AKS}api-server-authorized-ip-ranges`,
  }),
  aks.on("api_server_access_profile.authorized_ip_ranges", set, {
    id: "AKS-API-LIMITED",
    effects: ["outage"],
    certainty: "likely",
    words: "Only the named networks reach the API server: others, such as a pipeline's, are refused.",
    source: `${AKS}api-server-authorized-ip-ranges`,
  }),
  aks.on("local_account_disabled", disabled, {
    id: "AKS-LOCAL-ACCOUNTS",
    effects: ["weaker"],
    words: "Certificates of local accounts open the cluster again, past Microsoft Entra ID.",
    source: `${AKS}manage-local-accounts-managed-azure-ad`,
  }),
  aks.on("local_account_disabled", enabled, {
    id: "AKS-LOCAL-ACCOUNTS-OFF",
    effects: ["outage"],
    certainty: "likely",
    words: "Clients with kube_admin_config or another certificate of a local account are refused.",
    source: `${AKS}manage-local-accounts-managed-azure-ad`,
  }),
  nodes.when(["destroy", "replace"], {
    id: "AKS-NODES-DELETED",
    effects: ["outage"],
    words: "AKS deletes the nodes of the pool: their pods move, or wait where no other node has room.",
    next: "Create the new pool beside the old one, then cordon and drain the old one first.",
    source: `${AKS}delete-node-pool`,
  }),
  aks.on("sku_tier", to("Free"), {
    id: "AKS-TIER-FREE",
    effects: ["weaker"],
    words: "The uptime SLA of the API server ends, and its resources are limited.",
    source: `${AKS}free-standard-pricing-tiers`,
  }),
  aks.on("sku_tier", neither(to("Free")), {
    id: "AKS-TIER",
    effects: ["cost"],
    words: "The tier of the cluster management has another price.",
    source: `${AKS}free-standard-pricing-tiers`,
  }),
  aks.on(["workload_identity_enabled", "storage_profile.disk_driver_enabled"], disabled, {
    id: "AKS-PODS-WITHOUT",
    effects: ["outage"],
    certainty: "likely",
    words: "Pods that use workload identity, or volumes on managed disks, fail when they start again.",
  }),
  aks.on("azure_policy_enabled", disabled, {
    id: "AKS-POLICY-OFF",
    effects: ["weaker"],
    words: "Azure Policy no longer checks what is created in the cluster.",
  }),
];
