// The variables of the stack `coder-azure`, for those who deploy it as it is.

import type { App } from "cdktf";
import { CoderAzureStack } from "./coder-azure";
import { accessUrl, StackInputs } from "./inputs";

/** The stack with what differs from subscription to subscription left to Terraform variables. */
export function coderAzure(app: App): CoderAzureStack {
  const inputs = new StackInputs();
  const props = {
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
    accessUrl: accessUrl(inputs),
  };
  const stack = new CoderAzureStack(app, "coder-azure", props);
  inputs.declareIn(stack);
  return stack;
}
