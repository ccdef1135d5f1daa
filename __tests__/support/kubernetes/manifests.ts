/**
 * The Kubernetes objects that a stack's kubernetes_* resources stand for, as the provider would send them: a real API
 * server can then judge them. Only what the stack itself says is in them, with the values that the plan has for it.
 */
import type { Attributes, PlanJson, ResourceChange } from "../terraform/plan";
import { planned } from "../terraform/plan";
import type { StackJson } from "../terraform/stacks";

export interface Manifest {
  /** The address of the resource. */
  readonly address: string;
  /** Where it is created. */
  readonly path: string;
  readonly namespace?: string;
  readonly body: Attributes & { readonly kind: string };
}

interface Kind {
  readonly apiVersion: string;
  readonly kind: string;
  /** The name in URLs. */
  readonly plural: string;
  readonly clusterWide?: boolean;
}

const KINDS: Record<string, Kind> = {
  kubernetes_namespace: { apiVersion: "v1", kind: "Namespace", plural: "namespaces", clusterWide: true },
  kubernetes_secret: { apiVersion: "v1", kind: "Secret", plural: "secrets" },
  kubernetes_config_map: { apiVersion: "v1", kind: "ConfigMap", plural: "configmaps" },
  kubernetes_service_account: { apiVersion: "v1", kind: "ServiceAccount", plural: "serviceaccounts" },
  kubernetes_job: { apiVersion: "batch/v1", kind: "Job", plural: "jobs" },
  kubernetes_cron_job: { apiVersion: "batch/v1", kind: "CronJob", plural: "cronjobs" },
  kubernetes_deployment: { apiVersion: "apps/v1", kind: "Deployment", plural: "deployments" },
  kubernetes_service: { apiVersion: "v1", kind: "Service", plural: "services" },
  kubernetes_network_policy: {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    plural: "networkpolicies",
  },
  kubernetes_pod_disruption_budget: {
    apiVersion: "policy/v1",
    kind: "PodDisruptionBudget",
    plural: "poddisruptionbudgets",
  },
  kubernetes_cluster_role: {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "ClusterRole",
    plural: "clusterroles",
    clusterWide: true,
  },
  kubernetes_cluster_role_binding: {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "ClusterRoleBinding",
    plural: "clusterrolebindings",
    clusterWide: true,
  },
  kubernetes_role: { apiVersion: "rbac.authorization.k8s.io/v1", kind: "Role", plural: "roles" },
  kubernetes_role_binding: {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "RoleBinding",
    plural: "rolebindings",
  },
};

/** Blocks that may be repeated, and what the list is called in the API. All other blocks are single objects. */
const LISTS: Record<string, string> = {
  container: "containers",
  egress: "egress",
  env: "env",
  env_from: "envFrom",
  from: "from",
  host_aliases: "hostAliases",
  image_pull_secret: "imagePullSecrets",
  image_pull_secrets: "imagePullSecrets",
  ingress: "ingress",
  init_container: "initContainers",
  items: "items",
  match_expressions: "matchExpressions",
  port: "ports",
  ports: "ports",
  rule: "rules",
  secret: "secrets",
  sources: "sources",
  subject: "subjects",
  to: "to",
  toleration: "tolerations",
  topology_spread_constraint: "topologySpreadConstraints",
  volume: "volumes",
  volume_mount: "volumeMounts",
};

/** Their keys are the user's own. */
const MAPS = ["annotations", "labels", "limits", "match_labels", "node_selector", "requests"];
/** Texts in the provider, whole numbers in the API. */
const NUMBERS = ["fs_group", "replicas", "run_as_group", "run_as_user", "ttl_seconds_after_finished"];
/** Numbers or names, which the provider takes as texts; it sends digits as a number. */
const NUMBERS_OR_NAMES = ["max_surge", "max_unavailable", "port", "target_port"];
/** Octal texts in the provider. */
const MODES = ["default_mode", "mode"];

/** @returns the objects, namespaces first. */
export function manifests(stack: StackJson, settled: PlanJson): Manifest[] {
  return planned(settled, /^kubernetes_/)
    .map((resource) => manifest(resource, stack.resource?.[resource.type]?.[resource.name] ?? {}))
    .sort((a, b) => Number(b.body.kind === "Namespace") - Number(a.body.kind === "Namespace"));
}

function manifest({ address, type, change }: ResourceChange, source: Attributes): Manifest {
  const kind = KINDS[type.replace(/_v1$/, "")];
  if (kind === undefined) {
    throw new Error(`${address}: manifests.ts does not know what ${type} is in Kubernetes`);
  }
  const { apiVersion } = kind;
  const { metadata, data, data_wo, binary_data, ...rest } = said(source, change.after ?? {}) as Attributes;
  const {
    spec,
    type: secretType,
    rule,
    subject,
    role_ref,
    immutable,
    automount_service_account_token,
  } = rest;
  const known = {
    spec,
    type: secretType,
    rule,
    subject,
    role_ref,
    immutable,
    automount_service_account_token,
  };
  const texts = { ...(data as Attributes), ...placeholders(data_wo ?? source.data_wo) };
  const dataName = kind.kind === "ConfigMap" ? "data" : "stringData";
  const body = {
    apiVersion,
    kind: kind.kind,
    metadata: object((metadata as Attributes[])[0] ?? {}),
    ...object(known),
    ...(Object.keys(texts).length > 0 ? { [dataName]: texts } : {}),
    ...(binary_data ? { data: binary_data } : {}),
  };
  const namespace = kind.clusterWide ? undefined : String(body.metadata.namespace ?? "default");
  const group = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const path = `${group}${namespace ? `/namespaces/${namespace}` : ""}/${kind.plural}`;
  return { address, path, namespace, body };
}

/** What the stack says, with the plan's values in the place of its expressions. */
function said(source: unknown, value: unknown): unknown {
  if (typeof source !== "object" || source === null || value === null || value === undefined) {
    return value;
  }
  if (Array.isArray(value)) {
    const sources = Array.isArray(source) ? source : [source];
    return value.map((each, index) => said(sources[index], each));
  }
  if (typeof value !== "object") {
    return value;
  }
  return Object.fromEntries(
    Object.entries(source).map(([name, inner]) => [name, said(inner, (value as Attributes)[name])]),
  );
}

/** Write-only values are in no plan; their keys are, in the stack. The API reads what is under the one key of a registry's login. */
function placeholders(dataWo: unknown): Attributes {
  return typeof dataWo === "object" && dataWo !== null
    ? Object.fromEntries(
        Object.keys(dataWo).map((key) => [key, key === ".dockerconfigjson" ? '{"auths":{}}' : "write-only"]),
      )
    : {};
}

/** In the API's names and shapes. */
function object(attributes: Attributes): Attributes {
  const result: Attributes = {};
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined) {
      continue;
    }
    if (name in LISTS && Array.isArray(value)) {
      // `secret` is a list of a service account, and a single object of a volume.
      const single = name === "secret" && "name" in attributes;
      const objects = value.map((each) => object(each as Attributes));
      result[single ? "secret" : (LISTS[name] as string)] = single ? objects[0] : objects;
    } else {
      // The provider writes the time zone of a CronJob in one word.
      result[name === "timezone" ? "timeZone" : camelCase(name)] = convert(name, value);
    }
  }
  return result;
}

function convert(name: string, value: unknown): unknown {
  if (MAPS.includes(name)) {
    return value;
  }
  if (NUMBERS.includes(name)) {
    return Number(value);
  }
  if (NUMBERS_OR_NAMES.includes(name) && typeof value === "string" && /^\d+$/.test(value)) {
    return Number(value);
  }
  if (MODES.includes(name)) {
    return Number.parseInt(String(value), 8);
  }
  if (Array.isArray(value)) {
    const [first] = value as unknown[];
    return typeof first === "object" && first !== null ? object(first as Attributes) : value;
  }
  return typeof value === "object" && value !== null ? object(value as Attributes) : value;
}

function camelCase(name: string): string {
  return name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()).replace(/Ip\b/, "IP");
}
