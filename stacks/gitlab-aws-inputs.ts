// The variables of the stack `gitlab-aws`, for those who deploy it as it is.

import type { App } from "cdktf";
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
    ...gitlabInputs(inputs),
    region: inputs.string("region", "The AWS region of the cluster and the databases"),
    clusterName: inputs.string("cluster_name", "The name of the EKS cluster"),
    oidcProviderArn: inputs.string("oidc_provider_arn", "The ARN of the cluster's OIDC provider in IAM"),
    subnetIds: inputs.list("subnet_ids", "Private subnets of the cluster's VPC, in two zones or more", {
      condition: "length(distinct(var.subnet_ids)) >= 2",
      message: "Give at least two subnets, in different zones.",
    }),
    alarmTopicArn: inputs.string("alarm_topic_arn", "The SNS topic that the databases' alarms go to"),
  };
  const stack = new GitlabAwsStack(app, "gitlab-aws", { ...props, ...others });
  inputs.declareIn(stack);
  return stack;
}
