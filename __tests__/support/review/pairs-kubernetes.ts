/** Pairs of the kubernetes, helm, random and tls providers, one at least for each rule. */
import { stringify } from "yaml";
import { PairsOf, type RulePair } from "./rule-pairs";

const named = { metadata: { name: "a", namespace: "n" } };
const other = { metadata: { name: "b", namespace: "n" } };

const release = new PairsOf("helm_release", {
  name: "a",
  namespace: "n",
  chart: "coder",
  repository: "https://charts.example.com",
  version: "2.3.4",
});
const values = (...documents: object[]) => ({ values: documents.map((each) => stringify(each)) });
release
  .destroy("HELM-UNINSTALLED")
  .replacedBy("HELM-REINSTALLED", {}, { name: "b", namespace: "m" })
  .update("HELM-CHART-MAJOR", {}, { version: "3.0.0" })
  .update("HELM-CHART-NEWER", {}, { version: "2.4.0" })
  .update("HELM-CHART-OLDER", {}, { version: "2.3.3" })
  .create("HELM-CHART-UNPINNED", { version: undefined })
  .update("HELM-CHART-OTHER", {}, { chart: "coder-other" })
  .update("HELM-VALUES", values({ replicas: 2 }), values({ replicas: 3 }))
  .update("HELM-VALUES", { set: [{ name: "a", value: "1" }] }, { set: [{ name: "a", value: "2" }] })
  .update("HELM-FORCE", { force_update: false }, { force_update: true })
  .update("HELM-RECREATE", { recreate_pods: false }, { recreate_pods: true })
  .update("HELM-REUSE-NAME", { replace: false }, { replace: true })
  .update("HELM-NOT-WAITED", { wait: true }, { wait: false })
  .update("HELM-NOT-WAITED", { atomic: true }, { atomic: false })
  .update("HELM-TIMEOUT", { timeout: 900 }, { timeout: 300 })
  .update("HELM-WAITED", { wait: false }, { wait: true })
  .update("HELM-GENTLE", { force_update: true }, { force_update: false })
  .update("HELM-TAKES-OVER", { upgrade_install: false }, { upgrade_install: true })
  .update("HELM-HARMLESS", { max_history: 5 }, { max_history: 10 });

const velero = new PairsOf("helm_release", {
  name: "velero",
  namespace: "velero",
  chart: "velero",
  repository: "https://vmware-tanzu.github.io/helm-charts",
  version: "12.1.0",
});
const location = (own: object) => ({
  configuration: { backupStorageLocation: [{ name: "default", provider: "aws", bucket: "backups", ...own }] },
});
const schedule = (own: object) => ({
  schedules: { daily: { schedule: "0 3 * * *", template: { ttl: "720h" }, ...own } },
});
const base = { backupsEnabled: true, ...schedule({}), ...location({}) };
const veleroValues = (own: object) => values(base, own);
velero
  .destroy("VELERO-UNINSTALLED HELM-UNINSTALLED")
  .replace("VELERO-UNINSTALLED HELM-REINSTALLED", {}, { namespace: "other" })
  .update("VELERO-BACKUPS-OFF HELM-VALUES", veleroValues({}), veleroValues({ backupsEnabled: false }))
  .update(
    "VELERO-SNAPSHOTS-OFF HELM-VALUES",
    veleroValues({ snapshotsEnabled: true }),
    veleroValues({ snapshotsEnabled: false }),
  )
  .update(
    "VELERO-NODE-AGENT-OFF HELM-VALUES",
    veleroValues({ deployNodeAgent: true }),
    veleroValues({ deployNodeAgent: false }),
  )
  .update("VELERO-SCHEDULE-REMOVED HELM-VALUES", veleroValues({}), values({ ...base, schedules: {} }))
  .update("VELERO-SCHEDULE-OFF HELM-VALUES", veleroValues({}), veleroValues(schedule({ disabled: true })))
  .update("VELERO-SCHEDULE-PAUSED HELM-VALUES", veleroValues({}), veleroValues(schedule({ paused: true })))
  .update(
    "VELERO-TTL-SHORTER HELM-VALUES",
    veleroValues({}),
    veleroValues(schedule({ template: { ttl: "168h" } })),
  )
  .update("VELERO-SCHEDULE HELM-VALUES", veleroValues({}), veleroValues(schedule({ schedule: "0 3 * * 0" })))
  .update(
    "VELERO-READ-ONLY HELM-VALUES",
    veleroValues({}),
    veleroValues(location({ accessMode: "ReadOnly" })),
  )
  .update("VELERO-LOCATION-MOVED HELM-VALUES", veleroValues({}), veleroValues(location({ bucket: "other" })))
  .update("VELERO-CLEAN-UP-CRDS HELM-VALUES", veleroValues({}), veleroValues({ cleanUpCRDs: true }));

const namespace = new PairsOf("kubernetes_namespace_v1", { metadata: { name: "a" } });
namespace
  .destroy("NAMESPACE-DELETED")
  .forget("FORGOTTEN")
  .replacedBy("NAMESPACE-DELETED", {}, { metadata: { name: "b" } })
  .update("NAMESPACE-HARMLESS", { metadata: { labels: { a: "1" } } }, { metadata: { labels: { a: "2" } } });
const claim = new PairsOf("kubernetes_persistent_volume_claim_v1", {
  ...named,
  spec: {
    access_modes: ["ReadWriteOnce"],
    storage_class_name: "a",
    resources: { requests: { storage: "10Gi" } },
  },
});
claim
  .destroy("VOLUME-CLAIM-DELETED")
  .replacedBy("VOLUME-CLAIM-DELETED", {}, { ...other, spec: { storage_class_name: "b" } })
  .replace("VOLUME-CLAIM-DELETED", {}, { spec: { access_modes: ["ReadWriteMany"] } })
  .update("VOLUME-CLAIM-RESIZED", {}, { spec: { resources: { requests: { storage: "20Gi" } } } })
  .update(
    "VOLUME-CLAIM-HARMLESS",
    { metadata: { labels: { a: "1" } } },
    { metadata: { labels: { a: "2" } } },
  );
const volume = new PairsOf("kubernetes_persistent_volume_v1", {
  metadata: { name: "a" },
  spec: {
    access_modes: ["ReadWriteOnce"],
    capacity: { storage: "10Gi" },
    persistent_volume_source: { csi: { driver: "d", volume_handle: "a" } },
  },
});
volume
  .destroy("VOLUME-DELETED", { spec: { persistent_volume_reclaim_policy: "Delete" } })
  .destroy("VOLUME-RELEASED", { spec: { persistent_volume_reclaim_policy: "Retain" } })
  .replace("VOLUME-RELEASED", {}, { metadata: { name: "b" } })
  .update(
    "VOLUME-NOT-RETAINED",
    { spec: { persistent_volume_reclaim_policy: "Retain" } },
    { spec: { persistent_volume_reclaim_policy: "Delete" } },
  )
  .update("VOLUME-HARMLESS", { metadata: { labels: { a: "1" } } }, { metadata: { labels: { a: "2" } } });
const secret = new PairsOf("kubernetes_secret_v1", named);
secret
  .destroy("K8S-SECRET-DELETED")
  .replacedBy("K8S-SECRET-DELETED", {}, { ...other, type: "kubernetes.io/tls" })
  .update("K8S-SECRET-DATA", { data: { a: "1" } }, { data: { a: "2" } })
  .update(
    "K8S-SECRET-DATA",
    { data_wo: { a: "1" }, data_wo_revision: 1 },
    { data_wo: { a: "2" }, data_wo_revision: 2 },
  )
  .update("K8S-SECRET-HARMLESS", { metadata: { labels: { a: "1" } } }, { metadata: { labels: { a: "2" } } });
const config = new PairsOf("kubernetes_config_map_v1", named);
config
  .destroy("CONFIG-MAP-DELETED")
  .replacedBy("CONFIG-MAP-DELETED", {}, other)
  .update("CONFIG-MAP-DATA", { data: { a: "1" } }, { data: { a: "2" } });

const labels = { app: "a" };
const pod = (image: string, more: object = {}) => ({
  metadata: { labels },
  spec: { container: [{ name: "a", image }], ...more },
});
const deployment = new PairsOf("kubernetes_deployment_v1", {
  ...named,
  spec: { replicas: "3", selector: { match_labels: labels }, template: pod("a:1") },
});
deployment
  .destroy("DEPLOYMENT-DELETED")
  .replacedBy("DEPLOYMENT-DELETED", {}, other)
  .replace("DEPLOYMENT-DELETED", {}, { spec: { selector: { match_labels: { app: "b" } } } })
  .update("DEPLOYMENT-STOPPED", {}, { spec: { replicas: "0" } })
  .update("DEPLOYMENT-FEWER", {}, { spec: { replicas: "2" } })
  .update("DEPLOYMENT-MORE", {}, { spec: { replicas: "4" } })
  .update("DEPLOYMENT-ROLLOUT", {}, { spec: { template: pod("a:2") } });
const stateful = new PairsOf("kubernetes_stateful_set_v1", {
  ...named,
  spec: { replicas: "3", service_name: "a", selector: { match_labels: labels }, template: pod("a:1") },
});
stateful
  .destroy("STATEFUL-SET-DELETED")
  .replacedBy("STATEFUL-SET-DELETED", {}, { ...other, spec: { service_name: "b" } })
  .update(
    "STATEFUL-SET-CLAIMS-DELETED",
    { spec: { persistent_volume_claim_retention_policy: { when_deleted: "Retain" } } },
    { spec: { persistent_volume_claim_retention_policy: { when_deleted: "Delete" } } },
  )
  .update("STATEFUL-SET-ROLLOUT", {}, { spec: { template: pod("a:2") } })
  .update("STATEFUL-SET-HARMLESS", { wait_for_rollout: false }, { wait_for_rollout: true });
const job = new PairsOf("kubernetes_job_v1", {
  ...named,
  spec: { template: pod("a:1", { restart_policy: "Never" }) },
});
job
  .destroy("JOB-DELETED")
  .replacedBy("JOB-RUN-AGAIN", {}, { ...other, spec: { template: pod("a:2", { restart_policy: "Never" }) } });
const cron = new PairsOf("kubernetes_cron_job_v1", {
  ...named,
  spec: {
    schedule: "0 3 * * *",
    job_template: { metadata: {}, spec: { template: pod("a:1", { restart_policy: "Never" }) } },
  },
});
cron
  .destroy("CRON-JOB-DELETED")
  .update("CRON-JOB-SUSPENDED", { spec: { suspend: false } }, { spec: { suspend: true } })
  .update("CRON-JOB-RESUMED", { spec: { suspend: true } }, { spec: { suspend: false } })
  .update("CRON-JOB-SCHEDULE", {}, { spec: { schedule: "0 3 * * 0" } })
  .update(
    "CRON-JOB-TEMPLATE",
    {},
    { spec: { job_template: { metadata: {}, spec: { template: pod("a:2", { restart_policy: "Never" }) } } } },
  );
const budget = new PairsOf("kubernetes_pod_disruption_budget_v1", {
  ...named,
  spec: { max_unavailable: "1", selector: { match_labels: labels } },
});
budget
  .destroy("DISRUPTION-BUDGET-REMOVED")
  .replace("DISRUPTION-BUDGET-REMOVED", {}, { spec: { max_unavailable: "2" } });
const service = new PairsOf("kubernetes_service_v1", {
  ...named,
  spec: { selector: labels, port: [{ port: 80 }] },
});
service
  .destroy("SERVICE-DELETED")
  .replacedBy("SERVICE-DELETED", {}, other)
  .create("SERVICE-EXPOSED", { spec: { type: "LoadBalancer" } })
  .update("SERVICE-EXPOSED", { spec: { type: "ClusterIP" } }, { spec: { type: "LoadBalancer" } })
  .update("SERVICE-INTERNAL", { spec: { type: "LoadBalancer" } }, { spec: { type: "ClusterIP" } })
  .update("SERVICE-TARGET", {}, { spec: { selector: { app: "b" } } });
const policy = new PairsOf("kubernetes_network_policy_v1", {
  ...named,
  spec: { pod_selector: { match_labels: labels }, policy_types: ["Ingress"] },
});
policy
  .destroy("NETWORK-POLICY-REMOVED")
  .update("NETWORK-POLICY", {}, { spec: { policy_types: ["Ingress", "Egress"] } });
const account = new PairsOf("kubernetes_service_account_v1", named);
account
  .destroy("SERVICE-ACCOUNT-DELETED")
  .replacedBy("SERVICE-ACCOUNT-DELETED", {}, other)
  .update(
    "SERVICE-ACCOUNT-ANNOTATIONS",
    { metadata: { annotations: { a: "1" } } },
    { metadata: { annotations: { a: "2" } } },
  );

const password = new PairsOf("random_password", { length: 20 });
password
  .destroy("GENERATED-VALUE-GONE")
  .replacedBy(
    "GENERATED-VALUE-NEW GENERATED-SECRET-NEW",
    { keepers: { a: "1" } },
    { length: 30, keepers: { a: "2" } },
  );
const key = new PairsOf("tls_private_key", { algorithm: "RSA", rsa_bits: 2048 });
key.destroy("PRIVATE-KEY-NEW").replacedBy("PRIVATE-KEY-NEW", {}, { rsa_bits: 4096 });

/** The pairs of the kubernetes, helm, random and tls providers. */
export const KUBERNETES_PAIRS: readonly RulePair[] = [
  release,
  velero,
  namespace,
  claim,
  volume,
  secret,
  config,
  deployment,
  stateful,
  job,
  cron,
  budget,
  service,
  policy,
  account,
  password,
  key,
].flatMap(({ pairs }) => pairs);
