// The variables of the stack `gitpod-google`, for those who deploy it as it is.

import type { App } from "cdktf";
import { EncryptionKeys } from "../lib/gitpod";
import { GitpodGoogleStack, type GitpodGoogleStackProps, type GitpodServiceAccount } from "./gitpod-google";
import { gitpodInputs } from "./gitpod-inputs";
import { StackInputs } from "./inputs";

/**
 * The stack with what differs from project to project left to Terraform variables.
 *
 * @param others the properties that have defaults.
 */
export function gitpodGoogle(app: App, others: Partial<GitpodGoogleStackProps> = {}): GitpodGoogleStack {
  const inputs = new StackInputs();
  const props = {
    ...gitpodInputs(inputs),
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
    workspacesAccount: account(inputs, "workspaces", "workspaces"),
    imagesAccount: account(inputs, "images", "images"),
    encryptionKeys: EncryptionKeys.single(
      inputs.secret("encryption_key", "The key of Gitpod's database: 32 random bytes as base64"),
    ),
    notificationChannels: inputs.list(
      "notification_channels",
      "The channels that the database's alerts go to",
    ),
  };
  const stack = new GitpodGoogleStack(app, "gitpod-google", { ...props, ...others });
  inputs.declareIn(stack);
  return stack;
}

function account(inputs: StackInputs, name: string, what: string): GitpodServiceAccount {
  return {
    email: inputs.string(`${name}_account_email`, `The service account for ${what}, which has a key file`),
    keyFile: inputs.secret(`${name}_account_key_file`, `The JSON text of that account's key file`),
  };
}
