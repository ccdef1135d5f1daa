// Permissions for the kinds of objects that the installer renders. Source, read 2026-11: gitpod-io/gitpod at tag 2022.11.3, all of
// `install/installer/cmd/testdata/render/*/output.golden`, and at HEAD of 2026-07 `pkg/components/ws-manager-mk2`, which adds a
// namespace (`workspace-secrets`) with roles in it, and a custom resource definition.

/** Rule of a role. */
export interface AccessRule {
  readonly apiGroups: string[];
  readonly resources: string[];
  readonly verbs: string[];
}

const ALL = ["get", "list", "watch", "create", "update", "patch", "delete"];
const ROLES = [...ALL, "escalate", "bind"];
const RBAC = "rbac.authorization.k8s.io";

/** Rules in Gitpod's namespace. Helm reads pods and replica sets, for which it waits. */
export const NAMESPACE_RULES: AccessRule[] = [
  {
    apiGroups: [""],
    resources: [
      "configmaps",
      "persistentvolumeclaims",
      "resourcequotas",
      "secrets",
      "serviceaccounts",
      "services",
    ],
    verbs: ALL,
  },
  { apiGroups: [""], resources: ["pods", "events"], verbs: ["get", "list", "watch"] },
  { apiGroups: ["apps"], resources: ["daemonsets", "deployments", "statefulsets"], verbs: ALL },
  { apiGroups: ["apps"], resources: ["replicasets"], verbs: ["get", "list", "watch"] },
  { apiGroups: ["batch"], resources: ["cronjobs", "jobs"], verbs: ALL },
  { apiGroups: ["cert-manager.io"], resources: ["certificates", "issuers"], verbs: ALL },
  { apiGroups: ["networking.k8s.io"], resources: ["networkpolicies"], verbs: ALL },
  { apiGroups: ["policy"], resources: ["poddisruptionbudgets"], verbs: ALL },
  { apiGroups: [RBAC], resources: ["roles", "rolebindings"], verbs: ROLES },
];

const CLUSTER_ROLES: AccessRule = {
  apiGroups: [RBAC],
  resources: ["clusterroles", "clusterrolebindings"],
  verbs: ROLES,
};

/** Rules in the whole cluster, by Gitpod version. */
export const CLUSTER_RULES: { readonly [version: string]: AccessRule[] } = {
  "2022.11": [CLUSTER_ROLES],
  HEAD: [
    CLUSTER_ROLES,
    { apiGroups: [RBAC], resources: ["roles", "rolebindings"], verbs: ROLES },
    { apiGroups: [""], resources: ["namespaces"], verbs: ALL },
    { apiGroups: ["apiextensions.k8s.io"], resources: ["customresourcedefinitions"], verbs: ALL },
  ],
};
