/** Identities of each cloud, as applications hand them over. */
import type { TerraformStack } from "cdktf";
import { IrsaIdentity } from "../../../lib/aws";
import { AksWorkloadIdentity } from "../../../lib/azure";
import { Cloud, type IWorkloadIdentity } from "../../../lib/database";
import { GkeWorkloadIdentity } from "../../../lib/google";

const POD = { namespace: "gitpod", serviceAccountName: "server" };
const ISSUER = "oidc.eks.eu-central-1.amazonaws.com/id/EXAMPLE";

/** A cloud's identity of the service account `gitpod/server`. */
export function identityOf(cloud: Cloud, stack: TerraformStack, id = "identity"): IWorkloadIdentity {
  switch (cloud) {
    case Cloud.AWS:
      return new IrsaIdentity(stack, id, {
        ...POD,
        oidcProviderArn: `arn:aws:iam::123456789012:oidc-provider/${ISSUER}`,
        oidcIssuerUrl: `https://${ISSUER}`,
      });
    case Cloud.GOOGLE:
      return new GkeWorkloadIdentity(stack, id, { ...POD, project: "platform" });
    default:
      return new AksWorkloadIdentity(stack, id, {
        ...POD,
        oidcIssuerUrl: "https://westeurope.oic.prod-aks.azure.com/0000/",
        resourceGroupName: "platform",
        location: "westeurope",
      });
  }
}

/** An identity of a cloud to which nothing can be granted. */
export function bareIdentity(cloud: Cloud): IWorkloadIdentity {
  return { cloud, ...POD, serviceAccountAnnotations: {}, podLabels: {}, dependables: [] };
}
