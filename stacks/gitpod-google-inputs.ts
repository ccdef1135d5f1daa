// The variables of the stack `gitpod-google`, for those who deploy it as it is.

import type { App } from "cdktf";
import { EncryptionKeys } from "../lib/gitpod";
import { googleInputs } from "./cloud-inputs";
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
    ...googleInputs(inputs),
    ...gitpodInputs(inputs),
    workspacesAccount: account(inputs, "workspaces", "workspaces"),
    imagesAccount: account(inputs, "images", "images"),
    encryptionKeys: EncryptionKeys.single(
      inputs.secret("encryption_key", "The key of Gitpod's database: 32 random bytes as base64"),
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
