// The variables of the stack `gitpod-azure`, for those who deploy it as it is.

import type { App } from "cdktf";
import { GitpodAzureStack, type GitpodAzureStackProps } from "./gitpod-azure";
import { gitpodInputs } from "./gitpod-inputs";
import { StackInputs } from "./inputs";

/**
 * The stack with what differs from subscription to subscription left to Terraform variables.
 *
 * @param others the properties that have defaults.
 */
export function gitpodAzure(app: App, others: Partial<GitpodAzureStackProps> = {}): GitpodAzureStack {
  const inputs = new StackInputs();
  const props = {
    ...gitpodInputs(inputs),
    subscriptionId: inputs.string("subscription_id", "The Azure subscription"),
    resourceGroupName: inputs.string(
      "resource_group_name",
      "The resource group of the database and its network parts",
    ),
    location: inputs.string("location", "The region of the cluster and the database"),
    virtualNetworkId: inputs.string("virtual_network_id", "The resource id of the cluster's virtual network"),
    subnetId: inputs.string(
      "subnet_id",
      "The resource id of the subnet for private endpoints in that network",
    ),
    clusterFqdn: inputs.string("cluster_fqdn", "The DNS name of the AKS cluster's API server"),
    clusterCaCertificateBase64: inputs.string(
      "cluster_ca_certificate",
      "The cluster's certificate authority in base64, as a kubeconfig holds it",
    ),
    imagesPrincipal: {
      principalId: inputs.string(
        "images_principal_id",
        "The object id of the service principal that pulls and pushes images",
      ),
      clientId: inputs.string("images_client_id", "The application id of that service principal"),
      clientSecret: inputs.secret("images_client_secret", "The secret of that service principal"),
    },
  };
  const stack = new GitpodAzureStack(app, "gitpod-azure", { ...props, ...others });
  inputs.declareIn(stack);
  return stack;
}
