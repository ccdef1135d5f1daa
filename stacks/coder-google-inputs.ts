// The variables of the stack `coder-google`, for those who deploy it as it is.

import type { App } from "cdktf";
import { CoderGoogleStack } from "./coder-google";
import { accessUrl, StackInputs } from "./inputs";

/** The stack with what differs from project to project left to Terraform variables. */
export function coderGoogle(app: App): CoderGoogleStack {
  const inputs = new StackInputs();
  const props = {
    project: inputs.string("project", "The Google Cloud project"),
    region: inputs.string("region", "The region of the cluster and the database"),
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
    accessUrl: accessUrl(inputs),
    notificationChannels: inputs.list(
      "notification_channels",
      "The channels that the database's alerts go to",
    ),
  };
  const stack = new CoderGoogleStack(app, "coder-google", props);
  inputs.declareIn(stack);
  return stack;
}
