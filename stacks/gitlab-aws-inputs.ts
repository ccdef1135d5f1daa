// The variables of the stack `gitlab-aws`, for those who deploy it as it is.

import type { App } from "cdktf";
import { awsInputs } from "./cloud-inputs";
import { GitlabAwsStack, type GitlabAwsStackProps } from "./gitlab-aws";
import { gitlabInputs } from "./gitlab-inputs";
import { StackInputs } from "./inputs";

/**
 * The stack with what differs from account to account left to Terraform variables.
 *
 * @param others the properties that have defaults.
 */
export function gitlabAws(app: App, others: Partial<GitlabAwsStackProps> = {}): GitlabAwsStack {
  const inputs = new StackInputs();
  const props = {
    ...awsInputs(inputs),
    ...gitlabInputs(inputs),
    oidcProviderArn: inputs.string("oidc_provider_arn", "The ARN of the cluster's OIDC provider in IAM"),
  };
  const stack = new GitlabAwsStack(app, "gitlab-aws", { ...props, ...others });
  inputs.declareIn(stack);
  return stack;
}
