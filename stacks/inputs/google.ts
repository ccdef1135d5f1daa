// The stacks on Google Cloud with Terraform variables for what differs between projects.

import type { App } from "cdktf";
import { GitpodEncryptionKeys } from "../../lib/gitpod";
import { CoderGoogleStack, type CoderGoogleStackProps } from "../coder-google";
import { GitlabGoogleStack, type GitlabGoogleStackProps } from "../gitlab-google";
import { GitpodGoogleStack, type GitpodGoogleStackProps, type GitpodServiceAccount } from "../gitpod-google";
import type { StackRecoveryProps } from "../shared/recovery";
import { coderInputs, gitlabInputs, gitpodInputs } from "./applications";
import { StackInputs } from "./stack-inputs";

/**
 * The stack `coder-google`.
 *
 * @param others optional properties
 */
export function coderGoogle(app: App, others: Partial<CoderGoogleStackProps> = {}): CoderGoogleStack {
  const inputs = new StackInputs();
  const props = {
    ...googleInputs(inputs),
    ...coderInputs(inputs),
  };
  const stack = new CoderGoogleStack(app, "coder-google", {
    ...props,
    ...others,
    recovery: googleRecovery(inputs, others.recovery),
  });
  inputs.declareIn(stack);
  return stack;
}

/**
 * The stack `gitpod-google`.
 *
 * @param others optional properties
 */
export function gitpodGoogle(app: App, others: Partial<GitpodGoogleStackProps> = {}): GitpodGoogleStack {
  const inputs = new StackInputs();
  const props = {
    ...googleInputs(inputs),
    ...gitpodInputs(inputs),
    workspacesAccount: serviceAccount(inputs, "workspaces"),
    imagesAccount: serviceAccount(inputs, "images"),
    encryptionKeys: GitpodEncryptionKeys.single(
      inputs.secret("encryption_key", "Encryption key of Gitpod's database: 32 random bytes in base64"),
    ),
  };
  const stack = new GitpodGoogleStack(app, "gitpod-google", {
    ...props,
    ...others,
    recovery: googleRecovery(inputs, others.recovery),
  });
  inputs.declareIn(stack);
  return stack;
}

/**
 * The stack `gitlab-google`.
 *
 * @param others optional properties
 */
export function gitlabGoogle(app: App, others: Partial<GitlabGoogleStackProps> = {}): GitlabGoogleStack {
  const inputs = new StackInputs();
  const props = {
    ...googleInputs(inputs),
    ...gitlabInputs(inputs),
  };
  const stack = new GitlabGoogleStack(app, "gitlab-google", {
    ...props,
    ...others,
    recovery: googleRecovery(inputs, others.recovery),
  });
  inputs.declareIn(stack);
  return stack;
}

/** Project, region, cluster, VPC and notification channels. */
function googleInputs(inputs: StackInputs): {
  readonly project: string;
  readonly region: string;
  readonly clusterName: string;
  readonly networkId: string;
  readonly notificationChannels: string[];
} {
  return {
    project: inputs.string("project", "Google Cloud project"),
    region: inputs.string("region", "Region of the cluster and its databases"),
    clusterName: inputs.string("cluster_name", "Name of the GKE cluster"),
    networkId: inputs.string(
      "network_id",
      "VPC of the cluster, as projects/PROJECT/global/networks/NAME",
      undefined,
      {
        condition: 'can(regex("^projects/[^/]+/global/networks/[^/]+$", var.network_id))',
        message: "The VPC must have the form projects/PROJECT/global/networks/NAME.",
      },
    ),
    notificationChannels: inputs.list(
      "notification_channels",
      "Notification channels for the alerts of the databases",
    ),
  };
}

function serviceAccount(inputs: StackInputs, name: string): GitpodServiceAccount {
  return {
    email: inputs.string(
      `${name}_account_email`,
      `E-mail address of the service account for ${name}, which has a key file`,
    ),
    keyFile: inputs.secret(`${name}_account_key_file`, `JSON text of the key file of that account`),
  };
}

/** The password of Velero's repositories, which no stack on Google Cloud can generate; no variable where there is no Velero. */
function googleRecovery(inputs: StackInputs, recovery: StackRecoveryProps | undefined): StackRecoveryProps {
  if (recovery?.velero?.disabledBecause !== undefined) return recovery;
  const repositoryPassword =
    recovery?.velero?.repositoryPassword ??
    inputs.secret(
      "velero_password",
      "Password of the repositories of Velero, which never changes: 32 random letters and digits",
    );
  return { ...recovery, velero: { ...recovery?.velero, repositoryPassword } };
}
