// The variables of the stack `gitlab-google`, for those who deploy it as it is.

import type { App } from "cdktf";
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
    ...gitlabInputs(inputs),
    project: inputs.string("project", "The Google Cloud project"),
    region: inputs.string("region", "The region of the cluster and the databases"),
    clusterName: inputs.string("cluster_name", "The name of the GKE cluster"),
    networkId: inputs.string(
      "network_id",
      "The cluster's VPC, as projects/PROJECT/global/networks/NAME",
      undefined,
      {
        condition: 'can(regex("^projects/[^/]+/global/networks/[^/]+$", var.network_id))',
        message: "The VPC is written as projects/PROJECT/global/networks/NAME.",
      },
    ),
    notificationChannels: inputs.list(
      "notification_channels",
      "The channels that the databases' alerts go to",
    ),
  };
  const stack = new GitlabGoogleStack(app, "gitlab-google", { ...props, ...others });
  inputs.declareIn(stack);
  return stack;
}
