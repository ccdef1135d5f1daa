// Read 2026-11. GKE clusters: access to the control plane, versions, and what pods need. Pages of GKE, and of the google provider 6.50.0.

import {
  changed,
  disabled,
  either,
  enabled,
  except,
  neither,
  removed,
  set,
  shrinks,
  to,
  versionFalls,
} from "../../../rules/changes";
import { type Rule, rulesOf } from "../../../rules/rule";

const GKE = "https://cloud.google.com/kubernetes-engine/docs/";
const gke = rulesOf(
  "google_container_cluster",
  "https://github.com/hashicorp/terraform-provider-google/blob/v6.50.0/website/docs/r/container_cluster.html.markdown",
);
const NETWORKS = "master_authorized_networks_config";
const WORLD = ["0.0.0.0/0", "::/0"] as const;

const nodes = rulesOf(
  "google_container_node_pool",
  "https://github.com/hashicorp/terraform-provider-google/blob/v6.50.0/website/docs/r/container_node_pool.html.markdown",
);

/** GKE clusters. */
export const CLUSTER_GOOGLE_RULES: readonly Rule[] = [
  gke.on(["min_master_version", "node_version"], neither(versionFalls, removed), {
    id: "GKE-VERSION-UP",
    effects: ["outage", "irreversible"],
    certainty: "likely",
    words:
      "GKE upgrades the control plane (of a zonal cluster it does not answer for minutes) or drains and recreates the nodes of the default pool. A control plane does not go back to an earlier minor version.",
    next: "Check deprecated APIs, and the disruption budgets of the pods.",
    source: `${GKE}how-to/upgrading-a-cluster`,
  }),
  gke.on(NETWORKS, removed, {
    id: "GKE-NETWORKS-OFF",
    effects: ["exposure"],
    words: "Every address on the internet reaches the public endpoint of the control plane, if it has one.",
    source: `${GKE}how-to/authorized-networks`,
  }),
  gke.on(`${NETWORKS}.cidr_blocks.cidr_block`, to(...WORLD), {
    id: "GKE-NETWORKS-ALL",
    effects: ["exposure"],
    words: "Every address on the internet reaches the public endpoint of the control plane, if it has one.",
    source: `${GKE}how-to/authorized-networks`,
  }),
  gke.on(`${NETWORKS}.gcp_public_cidrs_access_enabled`, enabled, {
    id: "GKE-NETWORKS-GOOGLE",
    effects: ["exposure"],
    words:
      "Virtual machines of all customers of Google Cloud reach the public endpoint of the control plane.",
    source: `${GKE}how-to/authorized-networks`,
  }),
  gke.on("private_cluster_config.enable_private_endpoint", disabled, {
    id: "GKE-PUBLIC-ENDPOINT",
    effects: ["exposure"],
    words: "The control plane can be reached at its public endpoint, from the authorized networks.",
  }),
  gke.on("private_cluster_config.enable_private_endpoint", enabled, {
    id: "GKE-PRIVATE-ENDPOINT",
    effects: ["outage"],
    certainty: "likely",
    words:
      "The public endpoint of the control plane goes: what used it, such as this program's own Kubernetes and Helm providers outside the VPC, no longer reaches the cluster.",
    next: "Check from where Terraform and pipelines connect.",
  }),
  gke.on("workload_identity_config", except(changed, set), {
    id: "GKE-WORKLOAD-IDENTITY",
    effects: ["outage"],
    certainty: "likely",
    words: "Pods that use Workload Identity Federation lose, or change, the accounts that they act as.",
    source: `${GKE}how-to/workload-identity`,
  }),
  gke.on(
    ["network_policy.enabled", "enable_shielded_nodes", "database_encryption.state"],
    either(disabled, to("DECRYPTED")),
    {
      id: "GKE-PROTECTION-OFF",
      effects: ["weaker"],
      words:
        "A protection of the cluster goes: network policies, shielded nodes, or the encryption of secrets with a key of Cloud KMS.",
    },
  ),
  gke.on("enable_legacy_abac", enabled, {
    id: "GKE-LEGACY-ABAC",
    effects: ["weaker"],
    words: "Legacy authorization gives service accounts rights that RBAC does not limit.",
    source: `${GKE}how-to/hardening-your-cluster`,
  }),
  gke.on(["logging_config.enable_components", "monitoring_config.enable_components"], shrinks, {
    id: "GKE-LOGS-LESS",
    effects: ["weaker"],
    words: "GKE no longer sends the logs or metrics of these components to Google Cloud Observability.",
  }),
  gke.on("addons_config.gke_backup_agent_config.enabled", disabled, {
    id: "GKE-BACKUP-AGENT-OFF",
    effects: ["backup-loss"],
    words: "Backup for GKE makes no more backups of the cluster.",
    source: `${GKE}add-on/backup-for-gke/how-to/install`,
  }),
  gke.on("addons_config.gce_persistent_disk_csi_driver_config.enabled", disabled, {
    id: "GKE-DISK-DRIVER-OFF",
    effects: ["outage"],
    certainty: "likely",
    words: "Pods whose volumes are persistent disks can no longer mount them when they start again.",
  }),
  nodes.when(["destroy", "replace"], {
    id: "GKE-NODES-DELETED",
    effects: ["outage"],
    words:
      "GKE drains the nodes of the pool and deletes them: pods move, or wait where no other node has room.",
    next: "Create the new pool beside the old one first: create_before_destroy with another name.",
    source: `${GKE}how-to/node-pools`,
  }),
  gke.on("deletion_protection", disabled, {
    id: "GKE-DELETION-PROTECTION-OFF",
    effects: ["weaker"],
    when: "next destroy",
    words: "Terraform no longer refuses to delete the cluster.",
  }),
  gke.harmless(
    "GKE-HARMLESS",
    ["resource_labels", "maintenance_policy", "cost_management_config"],
    "No effect on running pods.",
  ),
];
