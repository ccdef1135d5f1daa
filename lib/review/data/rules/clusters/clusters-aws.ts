// Read 2026-11. EKS clusters: access to the API server, versions, support. Pages of EKS, and of the aws provider 6.25.0.

import {
  disabled,
  either,
  enabled,
  except,
  grows,
  neither,
  removed,
  shrinks,
  to,
  versionFalls,
  versionRises,
} from "../../../rules/changes";
import { type Rule, rulesOf } from "../../../rules/rule";

const EKS = "https://docs.aws.amazon.com/eks/latest/userguide/";
const eks = rulesOf("aws_eks_cluster", `${EKS}cluster-endpoint.html`);
const WORLD = ["0.0.0.0/0", "::/0"] as const;

const nodes = rulesOf(
  "aws_eks_node_group",
  "https://github.com/hashicorp/terraform-provider-aws/blob/v6.25.0/website/docs/r/eks_node_group.html.markdown",
);

/** EKS clusters. */
export const CLUSTER_AWS_RULES: readonly Rule[] = [
  eks.on("version", versionRises, {
    id: "EKS-VERSION-UP",
    effects: ["irreversible"],
    certainty: "likely",
    words:
      "EKS replaces the servers of the control plane; running pods go on, and the cluster does not go back to the older version. Nodes and add-ons keep theirs.",
    next: "Look for removed APIs in the upgrade insights of the cluster first.",
    source: `${EKS}update-cluster.html`,
  }),
  eks.on("version", versionFalls, {
    id: "EKS-VERSION-DOWN",
    effects: ["failure"],
    certainty: "likely",
    words: "EKS does not downgrade a cluster: the apply fails.",
    source: `${EKS}update-cluster.html`,
  }),
  eks.on("vpc_config.endpoint_public_access", enabled, {
    id: "EKS-PUBLIC",
    effects: ["exposure"],
    words:
      "The API server of the cluster gets a public endpoint. IAM and RBAC still decide; the addresses are those of public_access_cidrs, all if it is not set.",
    next: "Name the networks in public_access_cidrs.",
  }),
  eks.on("vpc_config.public_access_cidrs", either(to(...WORLD), removed), {
    id: "EKS-PUBLIC-TO-ALL",
    effects: ["exposure"],
    words: "Every address on the internet reaches the public endpoint of the API server, if it is on.",
  }),
  eks.on("vpc_config.public_access_cidrs", except(grows, to(...WORLD)), {
    id: "EKS-PUBLIC-TO-MORE",
    effects: ["exposure"],
    words: "More networks reach the public endpoint of the API server, if it is on.",
  }),
  eks.on(["vpc_config.endpoint_public_access", "vpc_config.endpoint_private_access"], disabled, {
    id: "EKS-ENDPOINT-OFF",
    effects: ["outage"],
    certainty: "likely",
    words:
      "One of the two endpoints of the API server goes: what used it, such as this program's own Kubernetes and Helm providers outside the VPC, no longer reaches the cluster.",
    next: "Check from where Terraform, pipelines and nodes connect.",
  }),
  eks.on("enabled_cluster_log_types", shrinks, {
    id: "EKS-LOGS-LESS",
    effects: ["weaker"],
    words: "EKS no longer sends these logs of the control plane to CloudWatch Logs.",
    source: `${EKS}control-plane-logs.html`,
  }),
  eks.on("access_config.authentication_mode", neither(to("API")), {
    id: "EKS-AUTHENTICATION-MODE",
    effects: ["irreversible"],
    words: "Access entries count beside the ConfigMap aws-auth; CONFIG_MAP alone cannot be chosen again.",
    source: `${EKS}setting-up-access-entries.html`,
  }),
  eks.on("access_config.authentication_mode", to("API"), {
    id: "EKS-AUTHENTICATION-API",
    effects: ["outage", "irreversible"],
    words:
      "The ConfigMap aws-auth no longer counts, and cannot be chosen again: nodes and people without an access entry are locked out.",
    next: "Create access entries for all of them first.",
    source: `${EKS}setting-up-access-entries.html`,
  }),
  eks.on("upgrade_policy.support_type", to("EXTENDED"), {
    id: "EKS-EXTENDED-SUPPORT",
    effects: ["cost"],
    when: "later",
    words: "After the end of standard support, EKS charges for extended support by cluster and hour.",
    source: `${EKS}view-upgrade-policy.html`,
  }),
  nodes.when(["destroy", "replace"], {
    id: "EKS-NODES-DELETED",
    effects: ["outage"],
    words:
      "EKS drains the nodes of the group and deletes them: pods move, or wait where no other node has room.",
    next: "Create the new group beside the old one first: create_before_destroy with another name.",
    source: `${EKS}delete-managed-node-group.html`,
  }),
  eks.on("deletion_protection", disabled, {
    id: "EKS-DELETION-PROTECTION-OFF",
    effects: ["weaker"],
    when: "next destroy",
    words: "EKS no longer refuses to delete the cluster.",
    source: `${EKS}deletion-protection.html`,
  }),
];
