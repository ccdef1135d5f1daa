// The variables of the stack `coder-aws`, for those who deploy it as it is.

import type { App } from "cdktf";
import { CoderAwsStack, type CoderAwsStackProps } from "./coder-aws";
import { accessUrl, StackInputs } from "./inputs";

/**
 * The stack with what differs from account to account left to Terraform variables.
 *
 * @param others the properties that have defaults.
 */
export function coderAws(app: App, others: Partial<CoderAwsStackProps> = {}): CoderAwsStack {
  const inputs = new StackInputs();
  const props = {
    region: inputs.string("region", "The AWS region of the cluster and the database"),
    clusterName: inputs.string("cluster_name", "The name of the EKS cluster"),
    subnetIds: inputs.list("subnet_ids", "Private subnets of the cluster's VPC, in two zones or more", {
      condition: "length(distinct(var.subnet_ids)) >= 2",
      message: "Give at least two subnets, in different zones.",
    }),
    accessUrl: accessUrl(inputs),
    alarmTopicArn: inputs.string("alarm_topic_arn", "The SNS topic that the database's alarms go to"),
  };
  const stack = new CoderAwsStack(app, "coder-aws", { ...props, ...others });
  inputs.declareIn(stack);
  return stack;
}
