// The variables of the stack `coder-aws`, for those who deploy it as it is.

import type { App } from "cdktf";
import { awsInputs } from "./cloud-inputs";
import { CoderAwsStack, type CoderAwsStackProps } from "./coder-aws";
import { accessUrl, StackInputs } from "./inputs";

/**
 * The stack with what differs from account to account left to Terraform variables.
 *
 * @param others the properties that have defaults.
 */
export function coderAws(app: App, others: Partial<CoderAwsStackProps> = {}): CoderAwsStack {
  const inputs = new StackInputs();
  const props = {
    ...awsInputs(inputs),
    accessUrl: accessUrl(inputs),
  };
  const stack = new CoderAwsStack(app, "coder-aws", { ...props, ...others });
  inputs.declareIn(stack);
  return stack;
}
