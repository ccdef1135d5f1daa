// The variables of the stack `gitlab-azure`, for those who deploy it as it is.

import type { App } from "cdktf";
import { azureInputs } from "./cloud-inputs";
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
    ...azureInputs(inputs),
    ...gitlabInputs(inputs),
    oidcIssuerUrl: inputs.string("oidc_issuer_url", "The OIDC issuer of the AKS cluster"),
  };
  const stack = new GitlabAzureStack(app, "gitlab-azure", { ...props, ...others });
  inputs.declareIn(stack);
  return stack;
}
