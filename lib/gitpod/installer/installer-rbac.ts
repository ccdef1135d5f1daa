// What the installer's job may do. Kubernetes lets nobody give away rights that he has not: to make Gitpod's own roles the job
// needs `escalate` and `bind`, by which it could make itself anything. So its token is in one container only, for as long as it
// runs. KOTS's own account is a cluster administrator altogether.

import { ClusterRoleBindingV1 } from "@cdktf/provider-kubernetes/lib/cluster-role-binding-v1";
import { ClusterRoleV1 } from "@cdktf/provider-kubernetes/lib/cluster-role-v1";
import { RoleBindingV1 } from "@cdktf/provider-kubernetes/lib/role-binding-v1";
import { RoleV1 } from "@cdktf/provider-kubernetes/lib/role-v1";
import { ServiceAccountV1 } from "@cdktf/provider-kubernetes/lib/service-account-v1";
import type { ITerraformDependable, TerraformProvider } from "cdktf";
import type { Construct } from "constructs";
import { CLUSTER_RULES, NAMESPACE_RULES } from "./data/rbac-rules";

/** Names and provider. */
export interface InstallerAccessOptions {
  /** The name of all objects; that of the cluster-wide ones gets the namespace as well. */
  readonly name: string;
  /** Gitpod's namespace. */
  readonly namespace: string;
  /** The version of Gitpod, by its name. */
  readonly version: string;
  /** Labels. */
  readonly labels: { readonly [name: string]: string };
  /** The Kubernetes provider. */
  readonly provider?: TerraformProvider;
  /** What has to exist first. */
  readonly dependsOn: ITerraformDependable[];
}

/**
 * Makes the service account, its role in the namespace and its role in the cluster.
 *
 * @param scope gets the children `ServiceAccount`, `Role`, `RoleBinding`, `ClusterRole` and `ClusterRoleBinding`.
 * @returns what has to exist before the job.
 */
export function installerAccess(scope: Construct, options: InstallerAccessOptions): ITerraformDependable[] {
  const { name, namespace, version, labels, provider, dependsOn } = options;
  const inNamespace = { metadata: { name, namespace, labels }, provider, dependsOn };
  const inCluster = { metadata: { name: `${namespace}-${name}`, labels }, provider, dependsOn };
  const subject = [{ kind: "ServiceAccount", name, namespace }];
  const apiGroup = "rbac.authorization.k8s.io";
  const account = new ServiceAccountV1(scope, "ServiceAccount", {
    ...inNamespace,
    automountServiceAccountToken: false,
  });
  const role = new RoleV1(scope, "Role", { ...inNamespace, rule: NAMESPACE_RULES });
  const clusterRole = new ClusterRoleV1(scope, "ClusterRole", {
    ...inCluster,
    rule: CLUSTER_RULES[version] ?? [],
  });
  const binding = new RoleBindingV1(scope, "RoleBinding", {
    ...inNamespace,
    roleRef: { apiGroup, kind: "Role", name: role.metadata.name },
    subject,
  });
  const clusterBinding = new ClusterRoleBindingV1(scope, "ClusterRoleBinding", {
    ...inCluster,
    roleRef: { apiGroup, kind: "ClusterRole", name: clusterRole.metadata.name },
    subject,
  });
  return [account, role, clusterRole, binding, clusterBinding];
}
