// The variables of the stack `coder-google`, for those who deploy it as it is.

import type { App } from "cdktf";
import { googleInputs } from "./cloud-inputs";
import { CoderGoogleStack } from "./coder-google";
import { accessUrl, StackInputs } from "./inputs";

/** The stack with what differs from project to project left to Terraform variables. */
export function coderGoogle(app: App): CoderGoogleStack {
  const inputs = new StackInputs();
  const props = {
    ...googleInputs(inputs),
    accessUrl: accessUrl(inputs),
  };
  const stack = new CoderGoogleStack(app, "coder-google", props);
  inputs.declareIn(stack);
  return stack;
}
