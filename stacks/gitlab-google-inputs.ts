// The variables of the stack `gitlab-google`, for those who deploy it as it is.

import type { App } from "cdktf";
import { googleInputs } from "./cloud-inputs";
import { GitlabGoogleStack, type GitlabGoogleStackProps } from "./gitlab-google";
import { gitlabInputs } from "./gitlab-inputs";
import { StackInputs } from "./inputs";

/**
 * The stack with what differs from project to project left to Terraform variables.
 *
 * @param others the properties that have defaults.
 */
export function gitlabGoogle(app: App, others: Partial<GitlabGoogleStackProps> = {}): GitlabGoogleStack {
  const inputs = new StackInputs();
  const props = {
    ...googleInputs(inputs),
    ...gitlabInputs(inputs),
  };
  const stack = new GitlabGoogleStack(app, "gitlab-google", { ...props, ...others });
  inputs.declareIn(stack);
  return stack;
}
