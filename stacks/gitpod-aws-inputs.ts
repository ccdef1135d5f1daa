// The variables of the stack `gitpod-aws`, for those who deploy it as it is.

import type { App } from "cdktf";
import { ObjectStoreKey } from "../lib/storage";
import { awsInputs } from "./cloud-inputs";
import { GitpodAwsStack, type GitpodAwsStackProps, type GitpodBucketUser } from "./gitpod-aws";
import { gitpodInputs } from "./gitpod-inputs";
import { StackInputs } from "./inputs";

/**
 * The stack with what differs from account to account left to Terraform variables.
 *
 * @param others the properties that have defaults.
 */
export function gitpodAws(app: App, others: Partial<GitpodAwsStackProps> = {}): GitpodAwsStack {
  const inputs = new StackInputs();
  const props = {
    ...awsInputs(inputs),
    ...gitpodInputs(inputs),
    copiesRegion: inputs.string("copies_region", "The AWS region that gets copies of the workspaces"),
    workspacesUser: user(inputs, "workspaces", "workspaces"),
    imagesUser: user(inputs, "images", "images of the registry in the cluster"),
  };
  const stack = new GitpodAwsStack(app, "gitpod-aws", { ...props, ...others });
  inputs.declareIn(stack);
  return stack;
}

function user(inputs: StackInputs, name: string, what: string): GitpodBucketUser {
  return {
    userName: inputs.string(`${name}_user_name`, `The IAM user for the ${what}, with an access key`),
    key: ObjectStoreKey.s3(
      inputs.string(`${name}_access_key_id`, `The id of that user's access key`),
      inputs.secret(`${name}_secret_access_key`, `The secret of that user's access key`),
    ),
  };
}
