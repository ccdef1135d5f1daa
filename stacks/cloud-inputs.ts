// What every stack on a cloud asks for in the same words, whatever the application.

import type { StackInputs } from "./inputs";

/** The region, cluster, subnets and alarms of a stack on AWS. */
export function awsInputs(inputs: StackInputs): {
  readonly region: string;
  readonly clusterName: string;
  readonly subnetIds: string[];
  readonly alarmTopicArn: string;
} {
  return {
    region: inputs.string("region", "The AWS region of the cluster and its databases"),
    clusterName: inputs.string("cluster_name", "The name of the EKS cluster"),
    subnetIds: inputs.list("subnet_ids", "Private subnets of the cluster's VPC, in two zones or more", {
      condition: "length(distinct(var.subnet_ids)) >= 2",
      message: "Give at least two subnets, in different zones.",
    }),
    alarmTopicArn: inputs.string("alarm_topic_arn", "The SNS topic that the databases' alarms go to"),
  };
}

/** The project, region, cluster, network and alerts of a stack on Google Cloud. */
export function googleInputs(inputs: StackInputs): {
  readonly project: string;
  readonly region: string;
  readonly clusterName: string;
  readonly networkId: string;
  readonly notificationChannels: string[];
} {
  return {
    project: inputs.string("project", "The Google Cloud project"),
    region: inputs.string("region", "The region of the cluster and its databases"),
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
}

/** The subscription, resource group, region, network and cluster of a stack on Azure. */
export function azureInputs(inputs: StackInputs): {
  readonly subscriptionId: string;
  readonly resourceGroupName: string;
  readonly location: string;
  readonly virtualNetworkId: string;
  readonly subnetId: string;
  readonly clusterFqdn: string;
  readonly clusterCaCertificateBase64: string;
} {
  return {
    subscriptionId: inputs.string("subscription_id", "The Azure subscription"),
    resourceGroupName: inputs.string(
      "resource_group_name",
      "The resource group of the databases and their network parts",
    ),
    location: inputs.string("location", "The region of the cluster and its databases"),
    virtualNetworkId: inputs.string("virtual_network_id", "The resource id of the cluster's virtual network"),
    subnetId: inputs.string(
      "subnet_id",
      "The resource id of the subnet for private endpoints in that network",
    ),
    clusterFqdn: inputs.string("cluster_fqdn", "The DNS name of the AKS cluster's API server"),
    clusterCaCertificateBase64: inputs.string(
      "cluster_ca_certificate",
      "The cluster's certificate authority in base64, as a kubeconfig holds it",
    ),
  };
}
