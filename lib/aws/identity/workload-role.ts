import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import type { ITerraformDependable, TerraformProvider } from "cdktf";
import type { Construct } from "constructs";
import { physicalName } from "../../database/private";
import { type PolicyStatement, policyDocument } from "../private/policy-document";
import { shortened } from "../private/short-names";

/** What a workload's role follows from. @internal */
export interface WorkloadRoleProps {
  readonly namespace: string;
  readonly serviceAccountName: string;
  readonly trust: PolicyStatement;
  readonly permissionsBoundaryArn?: string;
  readonly tags?: { readonly [name: string]: string };
  readonly provider?: TerraformProvider;
  readonly dependsOn?: ITerraformDependable[];
}

/**
 * The role of a Kubernetes service account, as a child of the identity that has it.
 *
 * @internal
 */
export function workloadRole(scope: Construct, props: WorkloadRoleProps): IamRole {
  const { provider, tags, dependsOn } = props;
  return new IamRole(scope, "Resource", {
    // A prefix may have 38 characters.
    namePrefix: `${shortened(physicalName(scope, 37), 37)}-`,
    description: `Service account ${props.serviceAccountName} in namespace ${props.namespace}`,
    assumeRolePolicy: policyDocument(props.trust),
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
