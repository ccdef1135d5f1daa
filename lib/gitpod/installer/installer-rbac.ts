// Permissions of the installer job. Kubernetes prevents privilege escalation: to create Gitpod's roles the job requires `escalate` and
// `bind`, by which it could grant itself any permission. So only one container has its token, for as long as it runs. The service
// account of KOTS is a cluster administrator.

import { ClusterRoleBindingV1 } from "@cdktf/provider-kubernetes/lib/cluster-role-binding-v1";
import { ClusterRoleV1 } from "@cdktf/provider-kubernetes/lib/cluster-role-v1";
import { RoleBindingV1 } from "@cdktf/provider-kubernetes/lib/role-binding-v1";
import { RoleV1 } from "@cdktf/provider-kubernetes/lib/role-v1";
import { ServiceAccountV1 } from "@cdktf/provider-kubernetes/lib/service-account-v1";
import type { ITerraformDependable, TerraformProvider } from "cdktf";
import type { Construct } from "constructs";
import { CLUSTER_RULES, NAMESPACE_RULES } from "./data/rbac-rules";

/** Options of `installerAccess`. */
export interface InstallerAccessOptions {
  /** Name of all objects; cluster-wide objects have the namespace as a prefix. */
  readonly name: string;
  /** Kubernetes namespace of Gitpod. */
  readonly namespace: string;
  /** Name of the Gitpod version. */
  readonly version: string;
  /** Labels. */
  readonly labels: { readonly [name: string]: string };
  /** Kubernetes provider. */
  readonly provider?: TerraformProvider;
  /** Resources that must exist first. */
  readonly dependsOn: ITerraformDependable[];
}

/**
 * Creates the service account with a role in the namespace and a cluster role.
 *
 * @param scope gets the children `ServiceAccount`, `Role`, `RoleBinding`, `ClusterRole` and `ClusterRoleBinding`.
 * @returns the resources that must exist before the job.
 * @see https://kubernetes.io/docs/reference/access-authn-authz/rbac/
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
