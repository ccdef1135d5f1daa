// The variables of the stack `coder-azure`, for those who deploy it as it is.

import type { App } from "cdktf";
import { azureInputs } from "./cloud-inputs";
import { CoderAzureStack } from "./coder-azure";
import { accessUrl, StackInputs } from "./inputs";

/** The stack with what differs from subscription to subscription left to Terraform variables. */
export function coderAzure(app: App): CoderAzureStack {
  const inputs = new StackInputs();
  const props = {
    ...azureInputs(inputs),
    accessUrl: accessUrl(inputs),
  };
  const stack = new CoderAzureStack(app, "coder-azure", props);
  inputs.declareIn(stack);
  return stack;
}
