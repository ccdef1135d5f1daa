// The stacks on AWS with Terraform variables for what differs between accounts.

import type { App } from "cdktf";
import { type ISecurityGroup, SecurityGroup } from "../../lib/aws";
import { ObjectStoreKey } from "../../lib/storage";
import { CoderAwsStack, type CoderAwsStackProps } from "../coder-aws";
import { GitlabAwsStack, type GitlabAwsStackProps } from "../gitlab-aws";
import { GitpodAwsStack, type GitpodAwsStackProps, type GitpodBucketUser } from "../gitpod-aws";
import { coderInputs, gitlabInputs, gitpodInputs } from "./applications";
import { StackInputs } from "./stack-inputs";

/**
 * The stack `coder-aws`.
 *
 * @param others optional properties
 */
export function coderAws(app: App, others: Partial<CoderAwsStackProps> = {}): CoderAwsStack {
  const inputs = new StackInputs();
  const props = {
    ...awsInputs(inputs),
    ...coderInputs(inputs),
  };
  const stack = new CoderAwsStack(app, "coder-aws", { ...props, ...others });
  inputs.declareIn(stack);
  return stack;
}

/**
 * The stack `gitpod-aws`.
 *
 * @param others optional properties
 */
export function gitpodAws(app: App, others: Partial<GitpodAwsStackProps> = {}): GitpodAwsStack {
  const inputs = new StackInputs();
  const props = {
    ...awsInputs(inputs),
    ...gitpodInputs(inputs),
    copiesRegion: inputs.string("copies_region", "AWS region of the replica of the workspaces bucket"),
    workspacesUser: bucketUser(inputs, "workspaces", "workspaces"),
    imagesUser: bucketUser(inputs, "images", "images of the registry in the cluster"),
  };
  const stack = new GitpodAwsStack(app, "gitpod-aws", { ...props, ...others });
  inputs.declareIn(stack);
  return stack;
}

/**
 * The stack `gitlab-aws`.
 *
 * @param others optional properties
 */
export function gitlabAws(app: App, others: Partial<GitlabAwsStackProps> = {}): GitlabAwsStack {
  const inputs = new StackInputs();
  const props = {
    ...awsInputs(inputs),
    ...gitlabInputs(inputs),
  };
  const stack = new GitlabAwsStack(app, "gitlab-aws", { ...props, ...others });
  inputs.declareIn(stack);
  return stack;
}

/** Region, cluster, subnets, security groups of the nodes, OIDC provider and alarm topic. */
function awsInputs(inputs: StackInputs): {
  readonly region: string;
  readonly clusterName: string;
  readonly subnetIds: string[];
  readonly nodeSecurityGroups: ISecurityGroup[];
  readonly oidcProviderArn: string;
  readonly alarmTopicArn: string;
} {
  return {
    region: inputs.string("region", "AWS region of the cluster and its databases"),
    clusterName: inputs.string("cluster_name", "Name of the EKS cluster"),
    subnetIds: inputs.list(
      "subnet_ids",
      "Private subnets of the cluster's VPC in two or more availability zones",
      {
        condition: "length(distinct(var.subnet_ids)) >= 2",
        message: "At least two subnets in different availability zones must be given.",
      },
    ),
    nodeSecurityGroups: SecurityGroup.fromSecurityGroupIds(
      inputs.list(
        "node_security_group_ids",
        "Security groups of the cluster's nodes; [] if the nodes have the cluster security group",
      ),
    ),
    oidcProviderArn: inputs.string("oidc_provider_arn", "ARN of the cluster's OIDC provider in IAM"),
    alarmTopicArn: inputs.string("alarm_topic_arn", "ARN of the SNS topic for the alarms of the databases"),
  };
}

function bucketUser(inputs: StackInputs, name: string, content: string): GitpodBucketUser {
  return {
    userName: inputs.string(
      `${name}_user_name`,
      `Name of the IAM user for the ${content}, which has an access key`,
    ),
    key: ObjectStoreKey.s3(
      inputs.string(`${name}_access_key_id`, `Access key id of that user`),
      inputs.secret(`${name}_secret_access_key`, `Secret access key of that user`),
    ),
  };
}
