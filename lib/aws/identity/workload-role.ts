// The IAM role of a Kubernetes service account: what IRSA and EKS Pod Identity have in common.

import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import type { ITerraformDependable, TerraformProvider } from "cdktf";
import type { Construct } from "constructs";
import type { IWorkloadIdentity } from "../../database";
import { physicalName, type SynthChecks } from "../../database/private";
import { type PolicyStatement, policyDocument } from "../private/policy-document";
import { shortened } from "../private/short-names";

/** A Kubernetes service account that has an IAM role. */
export interface IAwsWorkloadIdentity extends IWorkloadIdentity {
  /** ARN of the role. */
  readonly roleArn: string;
  /** Name of the role. */
  readonly roleName: string;

  /**
   * Adds an inline policy to the role.
   *
   * @param id part of the construct's id, known at synth.
   * @param policy the policy as JSON.
   * @returns the policy's resource; whatever needs the permission depends on it.
   */
  addPolicy(id: string, policy: string): ITerraformDependable;
}

/** Properties of every identity with an IAM role. */
export interface AwsWorkloadIdentityProps {
  /**
   * Namespace of the service account.
   *
   * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/
   */
  readonly namespace: string;
  /**
   * Name of the service account; exact, without wildcards.
   *
   * @see https://kubernetes.io/docs/concepts/security/service-accounts/
   */
  readonly serviceAccountName: string;
  /**
   * ARN of the policy that is the permissions boundary of the role. @default - none
   *
   * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
   */
  readonly permissionsBoundaryArn?: string;
  /**
   * Tags. @default - the provider's default tags only
   *
   * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_tags.html
   */
  readonly tags?: { readonly [name: string]: string };
  /** AWS provider. @default - the stack's only AWS provider */
  readonly provider?: TerraformProvider;
  /** Resources that have to exist first. @default - none */
  readonly dependsOn?: ITerraformDependable[];
}

/**
 * The role of an identity, as its child.
 *
 * @param scope the identity.
 * @param props the service account.
 * @param trust the statement of the role's trust policy.
 *
 * @internal
 */
export function workloadRole(
  scope: Construct,
  props: AwsWorkloadIdentityProps,
  trust: PolicyStatement,
): IamRole {
  const { provider, tags, dependsOn } = props;
  return new IamRole(scope, "Resource", {
    // IAM allows 38 characters in a name prefix.
    namePrefix: `${shortened(physicalName(scope, 37), 37)}-`,
    description: `Service account ${props.serviceAccountName} in namespace ${props.namespace}`,
    assumeRolePolicy: policyDocument(trust),
    permissionsBoundary: props.permissionsBoundaryArn,
    tags,
    provider,
    dependsOn,
  });
}

/** @internal */
export function workloadPolicy(
  scope: Construct,
  id: string,
  role: IamRole,
  policy: string,
  provider: TerraformProvider | undefined,
): IamRolePolicy {
  return new IamRolePolicy(scope, id, { role: role.name, policy, provider });
}

/** A DNS label, as Kubernetes names namespaces; service accounts may also have dots (kubernetes.io, "Object Names and IDs"). */
const NAMESPACE = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
const SERVICE_ACCOUNT = /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/;

/**
 * Reports names that Kubernetes refuses. In a trust policy `*` would let every service account assume the role.
 *
 * @internal
 */
export function checkServiceAccount(checks: SynthChecks, props: AwsWorkloadIdentityProps): void {
  checks.matches(
    "namespace",
    props.namespace,
    NAMESPACE,
    "must be 1 to 63 lower-case letters, digits and hyphens, with no hyphen first or last",
  );
  checks.matches(
    "serviceAccountName",
    props.serviceAccountName,
    SERVICE_ACCOUNT,
    "must be 1 to 253 lower-case letters, digits, hyphens and dots, with a letter or digit first and last",
  );
}
