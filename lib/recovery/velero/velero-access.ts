// Permissions of Velero in the cluster without cluster-admin.

import { ClusterRoleBindingV1 } from "@cdktf/provider-kubernetes/lib/cluster-role-binding-v1";
import { ClusterRoleV1 } from "@cdktf/provider-kubernetes/lib/cluster-role-v1";
import { RoleBindingV1 } from "@cdktf/provider-kubernetes/lib/role-binding-v1";
import { RoleV1 } from "@cdktf/provider-kubernetes/lib/role-v1";
import type { ITerraformDependable, TerraformProvider } from "cdktf";
import type { Construct } from "constructs";
import { constructIdFor } from "../../database/private";
import { VELERO_CLUSTER_RULES, VELERO_NAMESPACE_RULES } from "./data/velero-rbac";

const API_GROUP = "rbac.authorization.k8s.io";

/** Options of `veleroAccess`. @internal */
export interface VeleroAccessOptions {
  /** Name of the objects. */
  readonly name: string;
  /** Namespace of Velero. */
  readonly namespace: string;
  /** Service account of Velero. */
  readonly serviceAccountName: string;
  /** Namespaces that are backed up; they exist. */
  readonly namespaces: readonly string[];
  readonly provider?: TerraformProvider;
  readonly dependsOn?: ITerraformDependable[];
}

/**
 * Creates the cluster role, and a role in each namespace that is backed up.
 *
 * @param scope gets the children `ClusterRole`, `ClusterRoleBinding`, `Role-<namespace>` and `RoleBinding-<namespace>`.
 * @returns the resources without which a backup fails.
 * @see https://velero.io/docs/v1.18/rbac-restrictions/
 * @internal
 */
export function veleroAccess(scope: Construct, options: VeleroAccessOptions): ITerraformDependable[] {
  const { name, provider, dependsOn } = options;
  const subject = [
    { kind: "ServiceAccount", name: options.serviceAccountName, namespace: options.namespace },
  ];
  const clusterRole = new ClusterRoleV1(scope, "ClusterRole", {
    metadata: { name },
    rule: [...VELERO_CLUSTER_RULES],
    provider,
  });
  const clusterBinding = new ClusterRoleBindingV1(scope, "ClusterRoleBinding", {
    metadata: { name },
    roleRef: { apiGroup: API_GROUP, kind: "ClusterRole", name: clusterRole.metadata.name },
    subject,
    provider,
  });
  const inNamespaces = options.namespaces.flatMap((namespace) => {
    const id = constructIdFor(scope, namespace);
    const role = new RoleV1(scope, `Role-${id}`, {
      metadata: { name, namespace },
      rule: [...VELERO_NAMESPACE_RULES],
      provider,
      dependsOn,
    });
    const binding = new RoleBindingV1(scope, `RoleBinding-${id}`, {
      metadata: { name, namespace },
      roleRef: { apiGroup: API_GROUP, kind: "Role", name: role.metadata.name },
      subject,
      provider,
      dependsOn,
    });
    return [role, binding];
  });
  return [clusterRole, clusterBinding, ...inNamespaces];
}
