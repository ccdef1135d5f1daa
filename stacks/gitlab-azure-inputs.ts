// The variables of the stack `gitlab-azure`, for those who deploy it as it is.

import type { App } from "cdktf";
import { GitlabAzureStack, type GitlabAzureStackProps } from "./gitlab-azure";
import { gitlabInputs } from "./gitlab-inputs";
import { StackInputs } from "./inputs";

/**
 * The stack with what differs from subscription to subscription left to Terraform variables.
 *
 * @param others the properties that have defaults.
 */
export function gitlabAzure(app: App, others: Partial<GitlabAzureStackProps> = {}): GitlabAzureStack {
  const inputs = new StackInputs();
  const props = {
    ...gitlabInputs(inputs),
    subscriptionId: inputs.string("subscription_id", "The Azure subscription"),
    resourceGroupName: inputs.string(
      "resource_group_name",
      "The resource group of the databases and their network parts",
    ),
    location: inputs.string("location", "The region of the cluster and the databases"),
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
    oidcIssuerUrl: inputs.string("oidc_issuer_url", "The OIDC issuer of the AKS cluster"),
  };
  const stack = new GitlabAzureStack(app, "gitlab-azure", { ...props, ...others });
  inputs.declareIn(stack);
  return stack;
}
