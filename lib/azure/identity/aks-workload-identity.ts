import { FederatedIdentityCredential } from "@cdktf/provider-azurerm/lib/federated-identity-credential";
import { UserAssignedIdentity } from "@cdktf/provider-azurerm/lib/user-assigned-identity";
import type { ITerraformDependable, TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { Cloud } from "../../database";
import { physicalName, SynthChecks } from "../../database/private";
import type { IAzureWorkloadIdentity } from "./azure-workload-identity";

/** Properties of an `AksWorkloadIdentity`. */
export interface AksWorkloadIdentityProps {
  /** The cluster's OIDC issuer, such as `https://westeurope.oic.prod-aks.azure.com/...`; may be a token. The cluster needs `workload_identity_enabled`. */
  readonly oidcIssuerUrl: string;
  /** The namespace of the service account; no wildcard. */
  readonly namespace: string;
  /** The service account's name; no wildcard. */
  readonly serviceAccountName: string;
  /** The resource group. */
  readonly resourceGroupName: string;
  /** The region. */
  readonly location: string;
  /** The identity's name, 3 to 128 letters, digits, hyphens and underscores. @default - the construct's path */
  readonly identityName?: string;
  /** Tags. @default - none */
  readonly tags?: { readonly [name: string]: string };
  /** The provider. @default - the stack's only azurerm provider */
  readonly provider?: TerraformProvider;
  /** What has to exist first. @default - nothing */
  readonly dependsOn?: ITerraformDependable[];
}

/**
 * A managed identity for the pods of one Kubernetes service account on AKS, without any key.
 *
 * @example
 * const identity = new AksWorkloadIdentity(this, "identity", {
 *   oidcIssuerUrl: cluster.oidcIssuerUrl, namespace: "coder", serviceAccountName: "coder",
 *   resourceGroupName: "platform", location: "westeurope",
 * });
 */
export class AksWorkloadIdentity extends Construct implements IAzureWorkloadIdentity {
  /** The identity. */
  public readonly resource: UserAssignedIdentity;
  /** What lets the service account be the identity. */
  public readonly credential: FederatedIdentityCredential;
  public readonly cloud = Cloud.AZURE;
  public readonly namespace: string;
  public readonly serviceAccountName: string;
  public readonly serviceAccountAnnotations: { readonly [name: string]: string };
  public readonly podLabels: { readonly [name: string]: string };
  public readonly dependables: ITerraformDependable[];
  /** The identity's resource id. */
  public readonly identityId: string;
  /** The identity's name, by which Entra administrators know it in SQL. */
  public readonly identityName: string;
  /** The identity's client id. */
  public readonly clientId: string;
  /** The identity's object id, for role assignments. */
  public readonly principalId: string;

  public constructor(scope: Construct, id: string, props: AksWorkloadIdentityProps) {
    super(scope, id);
    const { resourceGroupName, location, namespace, serviceAccountName, tags, provider } = props;
    const checks = new SynthChecks(this);
    const label =
      "allowed are up to 63 lower-case letters, digits and hyphens; a wildcard would let others in";
    checks.matches("namespace", namespace, /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, label);
    checks.matches("serviceAccountName", serviceAccountName, /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/, label);
    checks.matches(
      "oidcIssuerUrl",
      props.oidcIssuerUrl,
      /^https:\/\/[^\s]+$/,
      "it has to begin with https://",
    );
    checks.matches(
      "identityName",
      props.identityName,
      /^[a-zA-Z0-9][a-zA-Z0-9_-]{2,127}$/,
      "allowed are 3 to 128 letters, digits, hyphens and underscores, with a letter or digit first",
    );
    this.identityName = props.identityName ?? physicalName(this, 128);
    this.resource = new UserAssignedIdentity(this, "Resource", {
      name: this.identityName,
      resourceGroupName,
      location,
      tags,
      provider,
      dependsOn: props.dependsOn,
    });
    this.credential = new FederatedIdentityCredential(this, "Credential", {
      name: "kubernetes",
      resourceGroupName,
      parentId: this.resource.id,
      issuer: props.oidcIssuerUrl,
      subject: `system:serviceaccount:${namespace}:${serviceAccountName}`,
      audience: ["api://AzureADTokenExchange"],
      provider,
    });
    this.namespace = namespace;
    this.serviceAccountName = serviceAccountName;
    this.identityId = this.resource.id;
    this.clientId = this.resource.clientId;
    this.principalId = this.resource.principalId;
    this.serviceAccountAnnotations = { "azure.workload.identity/client-id": this.resource.clientId };
    // The webhook of AKS looks at the pods, and leaves those without it alone.
    this.podLabels = { "azure.workload.identity/use": "true" };
    this.dependables = [this.credential];
  }
}
