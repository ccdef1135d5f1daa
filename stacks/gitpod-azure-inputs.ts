// The variables of the stack `gitpod-azure`, for those who deploy it as it is.

import type { App } from "cdktf";
import { azureInputs } from "./cloud-inputs";
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
    ...azureInputs(inputs),
    ...gitpodInputs(inputs),
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
