// Read 2026-11-27. Permissions of Velero without cluster-admin, and of KOTS in Velero's namespace.

/** Rule of a role. */
export interface RbacRule {
  readonly apiGroups: string[];
  readonly resources: string[];
  readonly resourceNames?: string[];
  readonly verbs: string[];
}

/**
 * Cluster-wide permissions of Velero. The first three rules are those of https://velero.io/docs/v1.18/rbac-restrictions/ (rbac.md, read
 * 2026-11), "verified to work in most cases". They include reading the Secrets of all namespaces, since RBAC cannot list everything but
 * Secrets. The last one is for the node agent, which watches the pods of its node in all namespaces (pkg/cmd/cli/nodeagent/server.go of
 * v1.18); tried in velero-restore.test.ts.
 */
export const VELERO_CLUSTER_RULES: readonly RbacRule[] = [
  { apiGroups: [""], resources: ["persistentvolumes", "namespaces"], verbs: ["*"] },
  { apiGroups: ["*"], resources: ["*"], verbs: ["list"] },
  { apiGroups: ["apiextensions.k8s.io"], resources: ["customresourcedefinitions"], verbs: ["get"] },
  {
    apiGroups: [""],
    resources: ["pods", "persistentvolumeclaims", "nodes"],
    verbs: ["get", "list", "watch"],
  },
];

/** Permissions of Velero in each namespace that it backs up: a restore creates any kind of object. */
export const VELERO_NAMESPACE_RULES: readonly RbacRule[] = [
  { apiGroups: ["*"], resources: ["*"], verbs: ["*"] },
];

const READ = ["get", "list", "watch"];
const CHANGE = [...READ, "create", "update", "patch", "delete"];

/**
 * Permissions of KOTS in Velero's namespace, from the calls of replicatedhq/kots main 370ae90 (pkg/snapshot, pkg/kotsadmsnapshot), read
 * 2026-11; KOTS's own role allows everything. Inferred from the source, not tried with KOTS. The console refuses to show the settings
 * of snapshots unless it can ask for the Secret `cloud-credentials`, whether there is one or not (pkg/snapshot/store.go,
 * GetGlobalStore): the construct creates no Secret of this name, and the role allows no other.
 */
export const KOTS_RULES: readonly RbacRule[] = [
  {
    apiGroups: ["velero.io"],
    resources: ["backups", "restores", "deletebackuprequests", "downloadrequests", "serverstatusrequests"],
    verbs: CHANGE,
  },
  {
    apiGroups: ["velero.io"],
    resources: [
      "backupstoragelocations",
      "volumesnapshotlocations",
      "backuprepositories",
      "podvolumebackups",
      "podvolumerestores",
    ],
    verbs: READ,
  },
  { apiGroups: ["apps"], resources: ["deployments", "daemonsets"], verbs: READ },
  { apiGroups: [""], resources: ["pods"], verbs: READ },
  { apiGroups: [""], resources: ["secrets"], resourceNames: ["cloud-credentials"], verbs: ["get"] },
  {
    apiGroups: ["rbac.authorization.k8s.io"],
    resources: ["roles"],
    resourceNames: ["kotsadm-role"],
    verbs: ["get"],
  },
  {
    apiGroups: ["rbac.authorization.k8s.io"],
    resources: ["rolebindings"],
    resourceNames: ["kotsadm-rolebinding"],
    verbs: ["get"],
  },
];
