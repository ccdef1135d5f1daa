import { FederatedIdentityCredential } from "@cdktf/provider-azurerm/lib/federated-identity-credential";
import { UserAssignedIdentity } from "@cdktf/provider-azurerm/lib/user-assigned-identity";
import type { ITerraformDependable, TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { Cloud, type IWorkloadIdentity } from "../../database";
import { physicalName, requireProps, SynthChecks } from "../../database/private";
import { checkTags } from "../private/resource-checks";

/** A Kubernetes service account with a user-assigned managed identity. */
export interface IAzureWorkloadIdentity extends IWorkloadIdentity {
  /** Object ID of the identity, for role assignments; may be a token. */
  readonly principalId: string;
  /** Name of the identity, by which Microsoft Entra administrators create it in SQL. @default - not known */
  readonly identityName?: string;
}

// The mutating webhook of AKS injects the token only into pods with this label.
const POD_LABELS: { readonly [name: string]: string } = { "azure.workload.identity/use": "true" };

/** Properties of an `AksWorkloadIdentity`. */
export interface AksWorkloadIdentityProps {
  /**
   * OIDC issuer URL of the cluster, such as `https://westeurope.oic.prod-aks.azure.com/...`; may be a token. The cluster needs
   * `workload_identity_enabled`.
   *
   * @see https://learn.microsoft.com/azure/aks/use-oidc-issuer
   */
  readonly oidcIssuerUrl: string;
  /**
   * Namespace of the service account; no wildcard.
   *
   * @see https://learn.microsoft.com/azure/aks/workload-identity-deploy-cluster
   */
  readonly namespace: string;
  /**
   * Name of the service account; no wildcard.
   *
   * @see https://learn.microsoft.com/azure/aks/workload-identity-deploy-cluster
   */
  readonly serviceAccountName: string;
  /**
   * Name of the resource group.
   *
   * @see https://learn.microsoft.com/azure/azure-resource-manager/management/overview#resource-groups
   */
  readonly resourceGroupName: string;
  /**
   * Azure region.
   *
   * @see https://learn.microsoft.com/azure/reliability/regions-list
   */
  readonly location: string;
  /**
   * Name of the identity, 3 to 128 letters, digits, hyphens and underscores. @default - derived from the construct path
   *
   * @see https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsoftmanagedidentity
   */
  readonly identityName?: string;
  /**
   * Tags of the identity. @default - none
   *
   * @see https://learn.microsoft.com/azure/azure-resource-manager/management/tag-resources
   */
  readonly tags?: { readonly [name: string]: string };
  /** The azurerm provider. @default - the only azurerm provider of the stack */
  readonly provider?: TerraformProvider;
  /** Resources that must exist before the identity. @default - none */
  readonly dependsOn?: ITerraformDependable[];
}

/** Attributes of a managed identity that exists already. */
export interface AksWorkloadIdentityAttributes {
  /**
   * Namespace of the service account of the federated credential.
   *
   * @see https://learn.microsoft.com/azure/aks/workload-identity-deploy-cluster
   */
  readonly namespace: string;
  /**
   * Name of the service account of the federated credential.
   *
   * @see https://learn.microsoft.com/azure/aks/workload-identity-deploy-cluster
   */
  readonly serviceAccountName: string;
  /**
   * Client ID of the identity; may be a token.
   *
   * @see https://learn.microsoft.com/cli/azure/identity#az-identity-show
   */
  readonly clientId: string;
  /**
   * Object ID of the identity; may be a token.
   *
   * @see https://learn.microsoft.com/cli/azure/identity#az-identity-show
   */
  readonly principalId: string;
  /**
   * Name of the identity. @default - not known: grantConnect needs a username
   *
   * @see https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsoftmanagedidentity
   */
  readonly identityName?: string;
  /** Resources that must exist before pods start. @default - none */
  readonly dependsOn?: ITerraformDependable[];
}

/**
 * A user-assigned managed identity with a federated credential for one Kubernetes service account on AKS (Microsoft Entra Workload
 * ID). Pods need no key.
 *
 * @see https://learn.microsoft.com/azure/aks/workload-identity-overview
 *
 * @example
 * const identity = new AksWorkloadIdentity(this, "identity", {
 *   oidcIssuerUrl: cluster.oidcIssuerUrl, namespace: "coder", serviceAccountName: "coder",
 *   resourceGroupName: "platform", location: "westeurope",
 * });
 */
export class AksWorkloadIdentity extends Construct implements IAzureWorkloadIdentity {
  /**
   * A user-assigned managed identity that exists already, with a federated credential for the service account. Creates no resources.
   *
   * @param attributes service account and identity.
   */
  public static fromIdentityAttributes(
    scope: Construct,
    id: string,
    attributes: AksWorkloadIdentityAttributes,
  ): IAzureWorkloadIdentity {
    return new ExistingAksWorkloadIdentity(scope, id, attributes);
  }

  /** The user-assigned managed identity. */
  public readonly resource: UserAssignedIdentity;
  /** Federated identity credential of the service account. */
  public readonly credential: FederatedIdentityCredential;
  public readonly cloud = Cloud.AZURE;
  public readonly namespace: string;
  public readonly serviceAccountName: string;
  public readonly serviceAccountAnnotations: { readonly [name: string]: string };
  public readonly podLabels = POD_LABELS;
  public readonly dependables: ITerraformDependable[];
  /** Resource ID of the identity. */
  public readonly identityId: string;
  public readonly identityName: string;
  /** Client ID of the identity. */
  public readonly clientId: string;
  public readonly principalId: string;

  public constructor(scope: Construct, id: string, props: AksWorkloadIdentityProps) {
    super(scope, id);
    requireProps(this.node.path, "AKS-IDENTITY", props, {
      oidcIssuerUrl: true,
      namespace: true,
      serviceAccountName: true,
      resourceGroupName: true,
      location: true,
    });
    const { resourceGroupName, location, namespace, serviceAccountName, tags, provider } = props;
    const checks = new SynthChecks(this, "AKS-IDENTITY");
    checkServiceAccount(checks, props);
    checks.matches("oidcIssuerUrl", props.oidcIssuerUrl, /^https:\/\/[^\s]+$/, "must begin with https://");
    checkTags(checks, this, props.tags);
    checks.matches(
      "identityName",
      props.identityName,
      /^[a-zA-Z0-9][a-zA-Z0-9_-]{2,127}$/,
      "must be 3 to 128 letters, digits, hyphens and underscores, with a letter or digit first",
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
    this.serviceAccountAnnotations = annotationsOf(this.resource.clientId);
    this.dependables = [this.credential];
  }
}

class ExistingAksWorkloadIdentity extends Construct implements IAzureWorkloadIdentity {
  public readonly cloud = Cloud.AZURE;
  public readonly namespace: string;
  public readonly serviceAccountName: string;
  public readonly serviceAccountAnnotations: { readonly [name: string]: string };
  public readonly podLabels = POD_LABELS;
  public readonly dependables: ITerraformDependable[];
  public readonly principalId: string;
  public readonly identityName?: string;

  public constructor(scope: Construct, id: string, attributes: AksWorkloadIdentityAttributes) {
    super(scope, id);
    requireProps(this.node.path, "AKS-IDENTITY", attributes, {
      namespace: true,
      serviceAccountName: true,
      clientId: true,
      principalId: true,
    });
    checkServiceAccount(new SynthChecks(this, "AKS-IDENTITY"), attributes);
    this.namespace = attributes.namespace;
    this.serviceAccountName = attributes.serviceAccountName;
    this.serviceAccountAnnotations = annotationsOf(attributes.clientId);
    this.principalId = attributes.principalId;
    this.identityName = attributes.identityName;
    this.dependables = attributes.dependsOn ?? [];
  }
}

function annotationsOf(clientId: string): { readonly [name: string]: string } {
  return { "azure.workload.identity/client-id": clientId };
}

function checkServiceAccount(
  checks: SynthChecks,
  account: { readonly namespace: string; readonly serviceAccountName: string },
): void {
  checks.matches(
    "namespace",
    account.namespace,
    /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/,
    "must be up to 63 lower-case letters, digits and hyphens; a wildcard would include other service accounts",
  );
  checks.matches(
    "serviceAccountName",
    account.serviceAccountName,
    /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/,
    "must be up to 253 lower-case letters, digits, hyphens and dots; a wildcard would include other service accounts",
  );
}
