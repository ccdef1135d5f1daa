// Read 2026-11. Kubernetes objects. kubernetes provider 2.38.0 and kubernetes.io.

import { changed, disabled, enabled, except, from, grows, shrinks, to } from "../../rules/changes";
import { type Rule, rulesOf } from "../../rules/rule";

const DOCS = "https://kubernetes.io/docs/concepts/";
const secret = rulesOf(["kubernetes_secret_v1", "kubernetes_secret"], `${DOCS}configuration/secret/`);
const config = rulesOf(
  ["kubernetes_config_map_v1", "kubernetes_config_map"],
  `${DOCS}configuration/configmap/`,
);
const namespace = rulesOf(
  ["kubernetes_namespace_v1", "kubernetes_namespace"],
  `${DOCS}overview/working-with-objects/namespaces/`,
);
const claim = rulesOf(
  ["kubernetes_persistent_volume_claim_v1", "kubernetes_persistent_volume_claim"],
  `${DOCS}storage/persistent-volumes/`,
);
const volume = rulesOf(
  ["kubernetes_persistent_volume_v1", "kubernetes_persistent_volume"],
  `${DOCS}storage/persistent-volumes/`,
);
const deployment = rulesOf(
  ["kubernetes_deployment_v1", "kubernetes_deployment"],
  `${DOCS}workloads/controllers/deployment/`,
);
const stateful = rulesOf(
  ["kubernetes_stateful_set_v1", "kubernetes_stateful_set"],
  `${DOCS}workloads/controllers/statefulset/`,
);
const job = rulesOf(["kubernetes_job_v1", "kubernetes_job"], `${DOCS}workloads/controllers/job/`);
const cron = rulesOf("kubernetes_cron_job_v1", `${DOCS}workloads/controllers/cron-jobs/`);
const budget = rulesOf(
  "kubernetes_pod_disruption_budget_v1",
  "https://kubernetes.io/docs/tasks/run-application/configure-pdb/",
);
const service = rulesOf(
  ["kubernetes_service_v1", "kubernetes_service"],
  `${DOCS}services-networking/service/`,
);
const policy = rulesOf(
  ["kubernetes_network_policy_v1", "kubernetes_network_policy"],
  `${DOCS}services-networking/network-policies/`,
);
const account = rulesOf(
  ["kubernetes_service_account_v1", "kubernetes_service_account"],
  `${DOCS}security/service-accounts/`,
);

/** Kubernetes objects. */
export const KUBERNETES_RULES: readonly Rule[] = [
  namespace.when(["destroy", "replace"], {
    id: "NAMESPACE-DELETED",
    effects: ["data-loss", "outage"],
    words:
      "Kubernetes deletes the namespace with everything in it: pods, secrets, PersistentVolumeClaims and, with reclaim policy Delete, their volumes.",
    next: "Keep the name; or move the data first.",
  }),
  namespace.harmless(
    "NAMESPACE-HARMLESS",
    ["metadata.labels", "metadata.annotations", "timeouts", "wait_for_default_service_account"],
    "Labels can select policies for the pods; the objects stay.",
  ),
  claim.when(["destroy", "replace"], {
    id: "VOLUME-CLAIM-DELETED",
    effects: ["data-loss", "outage"],
    words:
      "The PersistentVolumeClaim is deleted; with reclaim policy Delete, the default of most storage classes, its volume and data go too.",
    next: "Set the reclaim policy of the volume to Retain first.",
  }),
  claim.on("spec.resources.requests", changed, {
    id: "VOLUME-CLAIM-RESIZED",
    effects: ["cost", "irreversible"],
    words:
      "The volume grows in place if its storage class allows expansion, else the apply fails. It cannot shrink.",
    source:
      "https://github.com/hashicorp/terraform-provider-kubernetes/blob/v2.38.0/kubernetes/resource_kubernetes_persistent_volume_claim_v1.go",
  }),
  claim.harmless(
    "VOLUME-CLAIM-HARMLESS",
    ["metadata.labels", "metadata.annotations", "timeouts", "wait_until_bound"],
    "No effect on the volume.",
  ),
  volume.when(["destroy", "replace"], {
    id: "VOLUME-DELETED",
    where: { "spec.persistent_volume_reclaim_policy": ["Delete", "Recycle"] },
    effects: ["data-loss"],
    words: "The volume is deleted with its data.",
  }),
  volume.when(["destroy", "replace"], {
    id: "VOLUME-RELEASED",
    where: { "spec.persistent_volume_reclaim_policy": ["Retain", null] },
    effects: ["outage"],
    words:
      "The PersistentVolume is deleted, the disk behind it stays (reclaim policy Retain). Pods that use it lose it.",
  }),
  volume.on("spec.persistent_volume_reclaim_policy", except(changed, to("Retain")), {
    id: "VOLUME-NOT-RETAINED",
    effects: ["weaker"],
    when: "next destroy",
    words: "When its claim is deleted, the volume and its data go too.",
  }),
  volume.harmless(
    "VOLUME-HARMLESS",
    ["metadata.labels", "metadata.annotations", "timeouts"],
    "No effect on the volume.",
  ),
  secret.when(["destroy", "replace"], {
    id: "K8S-SECRET-DELETED",
    effects: ["outage"],
    words: "Pods that are started while the Secret is missing do not start.",
  }),
  secret.on(["data", "binary_data", "data_wo_revision", "binary_data_wo_revision"], changed, {
    id: "K8S-SECRET-DATA",
    effects: ["outage"],
    when: "next restart",
    certainty: "likely",
    words:
      "Pods keep the old values in environment variables until they are restarted; mounted files follow within minutes.",
    next: "kubectl rollout restart what uses the Secret, unless its chart does that by a checksum.",
  }),
  secret.harmless(
    "K8S-SECRET-HARMLESS",
    ["metadata.labels", "metadata.annotations", "timeouts", "wait_for_service_account_token"],
    "No effect on the values.",
  ),
  config.when(["destroy", "replace"], {
    id: "CONFIG-MAP-DELETED",
    effects: ["outage"],
    words: "Pods that are started while the ConfigMap is missing do not start.",
  }),
  config.on(["data", "binary_data"], changed, {
    id: "CONFIG-MAP-DATA",
    effects: ["outage"],
    when: "next restart",
    certainty: "likely",
    words:
      "Pods keep the old values in environment variables until they are restarted; mounted files follow within minutes.",
  }),
  deployment.when(["destroy", "replace"], {
    id: "DEPLOYMENT-DELETED",
    effects: ["outage"],
    words: "All pods of the Deployment are deleted; after a replacement, new ones start.",
  }),
  deployment.on("spec.replicas", to(0, "0"), {
    id: "DEPLOYMENT-STOPPED",
    effects: ["outage"],
    words: "No pod is left.",
  }),
  deployment.on("spec.replicas", except(shrinks, to(0, "0")), {
    id: "DEPLOYMENT-FEWER",
    effects: ["slow"],
    words: "Fewer pods share the load; those that go end their connections.",
  }),
  deployment.on("spec.template", changed, {
    id: "DEPLOYMENT-ROLLOUT",
    effects: ["outage"],
    certainty: "likely",
    words: "The pods are replaced, by default one after the other; connections of each end.",
  }),
  stateful.when(["destroy", "replace"], {
    id: "STATEFUL-SET-DELETED",
    effects: ["outage"],
    words:
      "All pods of the StatefulSet are deleted. Its PersistentVolumeClaims stay unless persistent_volume_claim_retention_policy says Delete.",
  }),
  stateful.on(
    [
      "spec.persistent_volume_claim_retention_policy.when_deleted",
      "spec.persistent_volume_claim_retention_policy.when_scaled",
    ],
    to("Delete"),
    {
      id: "STATEFUL-SET-CLAIMS-DELETED",
      effects: ["weaker"],
      when: "next destroy",
      words:
        "When the StatefulSet is deleted or scaled down, its PersistentVolumeClaims and their data go too.",
    },
  ),
  stateful.on(["spec.replicas", "spec.template"], changed, {
    id: "STATEFUL-SET-ROLLOUT",
    effects: ["outage"],
    certainty: "likely",
    words: "Pods are replaced, added or removed, one after the other.",
  }),
  stateful.harmless(
    "STATEFUL-SET-HARMLESS",
    ["metadata.labels", "metadata.annotations", "timeouts", "wait_for_rollout"],
    "No effect on the pods.",
  ),
  job.when("replace", {
    id: "JOB-RUN-AGAIN",
    effects: ["slow"],
    certainty: "likely",
    words:
      "The Job is deleted and runs again: what it does must bear a second run. Jobs of this library for SQL do.",
  }),
  job.when("destroy", {
    id: "JOB-DELETED",
    effects: [],
    words: "The Job is deleted; what it did stays.",
  }),
  cron.on("spec.suspend", enabled, {
    id: "CRON-JOB-SUSPENDED",
    effects: ["weaker"],
    words: "The CronJob no longer runs: backups or checks that it does end.",
  }),
  cron.when("destroy", {
    id: "CRON-JOB-DELETED",
    effects: ["weaker"],
    words: "The CronJob no longer runs: backups or checks that it does end.",
  }),
  cron.on("spec.schedule", changed, {
    id: "CRON-JOB-SCHEDULE",
    effects: ["weaker"],
    certainty: "likely",
    words:
      "The CronJob runs at other times: if it makes backups and runs more rarely, more is lost in a restore.",
  }),
  budget.when(["destroy", "replace"], {
    id: "DISRUPTION-BUDGET-REMOVED",
    effects: ["weaker"],
    when: "later",
    words:
      "An upgrade of the nodes may stop all pods at once; a replacement is without the budget for a moment.",
  }),
  service.when(["destroy", "replace"], {
    id: "SERVICE-DELETED",
    effects: ["outage"],
    words:
      "The name of the Service does not resolve until it is created again; a load balancer gets another address.",
  }),
  service.on("spec.type", to("LoadBalancer", "NodePort"), {
    id: "SERVICE-EXPOSED",
    actions: ["create", "update"],
    effects: ["exposure"],
    words:
      "The Service can be reached from outside the cluster: through a load balancer of the cloud, or a port of each node.",
  }),
  service.on("spec.type", from("LoadBalancer", "NodePort"), {
    id: "SERVICE-INTERNAL",
    effects: ["outage"],
    words: "Clients outside the cluster no longer reach the Service by this address.",
  }),
  service.on(["spec.selector", "spec.port"], changed, {
    id: "SERVICE-TARGET",
    effects: ["outage"],
    certainty: "likely",
    words: "The Service leads to other pods or ports.",
  }),
  policy.when("destroy", {
    id: "NETWORK-POLICY-REMOVED",
    effects: ["exposure"],
    words: "Pods that only this policy isolated accept and open all connections.",
  }),
  policy.on("spec", changed, {
    id: "NETWORK-POLICY",
    effects: ["outage", "exposure"],
    certainty: "likely",
    words: "Other connections than before are allowed.",
  }),
  account.when(["destroy", "replace"], {
    id: "SERVICE-ACCOUNT-DELETED",
    effects: ["outage"],
    words:
      "Tokens of the service account are no longer valid: pods lose their access to the cluster and, with workload identity, to the cloud.",
  }),
  account.on("metadata.annotations", changed, {
    id: "SERVICE-ACCOUNT-ANNOTATIONS",
    effects: ["outage"],
    when: "next restart",
    certainty: "likely",
    words:
      "With workload identity, the annotation names the cloud's identity: new pods use another one, or none.",
  }),
  deployment.on("spec.replicas", grows, {
    id: "DEPLOYMENT-MORE",
    effects: ["cost"],
    words: "More pods share the load, and may open more database connections.",
  }),
  cron.on("spec.job_template", changed, {
    id: "CRON-JOB-TEMPLATE",
    effects: [],
    words: "The next run uses the new template; a Job that runs goes on with the old one.",
  }),
  cron.on("spec.suspend", disabled, {
    id: "CRON-JOB-RESUMED",
    effects: [],
    words: "The CronJob runs again.",
  }),
];
