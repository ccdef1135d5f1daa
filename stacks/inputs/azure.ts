// The stacks on Azure with Terraform variables for what differs between subscriptions.

import type { App } from "cdktf";
import { CoderAzureStack, type CoderAzureStackProps } from "../coder-azure";
import { GitlabAzureStack, type GitlabAzureStackProps } from "../gitlab-azure";
import { GitpodAzureStack, type GitpodAzureStackProps } from "../gitpod-azure";
import { coderInputs, gitlabInputs, gitpodInputs } from "./applications";
import { StackInputs } from "./stack-inputs";

/**
 * The stack `coder-azure`.
 *
 * @param others optional properties
 */
export function coderAzure(app: App, others: Partial<CoderAzureStackProps> = {}): CoderAzureStack {
  const inputs = new StackInputs();
  const props = {
    ...azureInputs(inputs),
    ...coderInputs(inputs),
  };
  const stack = new CoderAzureStack(app, "coder-azure", { ...props, ...others });
  inputs.declareIn(stack);
  return stack;
}

/**
 * The stack `gitpod-azure`.
 *
 * @param others optional properties
 */
export function gitpodAzure(app: App, others: Partial<GitpodAzureStackProps> = {}): GitpodAzureStack {
  const inputs = new StackInputs();
  const props = {
    ...azureInputs(inputs),
    ...gitpodInputs(inputs),
    imagesPrincipal: {
      principalId: inputs.string(
        "images_principal_id",
        "Object id of the service principal that pulls and pushes images",
      ),
      clientId: inputs.string("images_client_id", "Application (client) id of that service principal"),
      clientSecret: inputs.secret("images_client_secret", "Client secret of that service principal"),
    },
  };
  const stack = new GitpodAzureStack(app, "gitpod-azure", { ...props, ...others });
  inputs.declareIn(stack);
  return stack;
}

/**
 * The stack `gitlab-azure`.
 *
 * @param others optional properties
 */
export function gitlabAzure(app: App, others: Partial<GitlabAzureStackProps> = {}): GitlabAzureStack {
  const inputs = new StackInputs();
  const props = {
    ...azureInputs(inputs),
    ...gitlabInputs(inputs),
  };
  const stack = new GitlabAzureStack(app, "gitlab-azure", { ...props, ...others });
  inputs.declareIn(stack);
  return stack;
}

/** Subscription, resource group, region, network, cluster and action group. */
function azureInputs(inputs: StackInputs): {
  readonly subscriptionId: string;
  readonly resourceGroupName: string;
  readonly location: string;
  readonly virtualNetworkId: string;
  readonly subnetId: string;
  readonly clusterFqdn: string;
  readonly clusterCaCertificateBase64: string;
  readonly oidcIssuerUrl: string;
  readonly actionGroupId: string;
} {
  return {
    subscriptionId: inputs.string("subscription_id", "Id of the Azure subscription"),
    resourceGroupName: inputs.string(
      "resource_group_name",
      "Resource group of the databases and their network resources",
    ),
    location: inputs.string("location", "Region of the cluster and its databases"),
    virtualNetworkId: inputs.string("virtual_network_id", "Resource id of the cluster's virtual network"),
    subnetId: inputs.string("subnet_id", "Resource id of the subnet for private endpoints in that network"),
    clusterFqdn: inputs.string("cluster_fqdn", "DNS name of the AKS cluster's API server"),
    clusterCaCertificateBase64: inputs.string(
      "cluster_ca_certificate",
      "Certificate authority of the cluster in base64, as in a kubeconfig",
    ),
    oidcIssuerUrl: inputs.string("oidc_issuer_url", "OIDC issuer URL of the AKS cluster"),
    actionGroupId: inputs.string(
      "action_group_id",
      "Resource id of the action group for alerts of the databases",
    ),
  };
}
