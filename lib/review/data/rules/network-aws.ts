// Read 2026-11. Security groups and their rules. EC2 API reference; replacements were planned by the aws provider 5.100.0.

import { changed, either, except, removed, shrinks, to } from "../../rules/changes";
import { type Rule, rulesOf } from "../../rules/rule";

const API = "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/";
const RULES = "https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html";
const group = rulesOf("aws_security_group", `${API}API_DeleteSecurityGroup.html`);
const ingress = rulesOf("aws_vpc_security_group_ingress_rule", RULES);
const egress = rulesOf("aws_vpc_security_group_egress_rule", RULES);
const rule = rulesOf("aws_security_group_rule", RULES);
const network = rulesOf(["aws_vpc", "aws_subnet"], `${API}API_DeleteVpc.html`);
const WORLD = ["0.0.0.0/0", "::/0"] as const;
const OPEN =
  "Every address on the internet may connect, as far as routes and the public address of the target allow.";
const CLOSED = "Clients that this rule let in lose the connection.";
const CUT_OFF = "Members can no longer connect to what this rule allowed.";

/** Security groups. */
export const NETWORK_AWS_RULES: readonly Rule[] = [
  group.when(["destroy", "replace"], {
    id: "SG-DELETED",
    effects: ["outage", "failure"],
    words:
      "EC2 does not delete a group that a network interface or another group uses (DependencyViolation): the apply fails after a wait. Otherwise its members lose the access it gave.",
    next: "For another name or description: create_before_destroy, and move the members first.",
  }),
  group.on(["ingress.cidr_blocks", "ingress.ipv6_cidr_blocks"], to(...WORLD), {
    id: "SG-OPEN-TO-INTERNET",
    actions: ["create", "update"],
    effects: ["exposure"],
    words: OPEN,
    source: RULES,
  }),
  group.on("ingress", changed, {
    id: "SG-INGRESS",
    effects: ["outage", "exposure"],
    certainty: "likely",
    words: "Other clients than before may connect.",
    source: RULES,
  }),
  group.on("egress", either(removed, shrinks), {
    id: "SG-EGRESS-LESS",
    effects: ["outage"],
    words: CUT_OFF,
    source: RULES,
  }),
  ingress.on(["cidr_ipv4", "cidr_ipv6"], to(...WORLD), {
    id: "INGRESS-OPEN-TO-INTERNET",
    actions: ["create", "update", "replace"],
    effects: ["exposure"],
    words: OPEN,
  }),
  ingress.on(
    [
      "cidr_ipv4",
      "cidr_ipv6",
      "from_port",
      "to_port",
      "ip_protocol",
      "prefix_list_id",
      "referenced_security_group_id",
    ],
    except(changed, to(...WORLD)),
    {
      id: "INGRESS-CHANGED",
      effects: ["outage", "exposure"],
      certainty: "likely",
      words: "Other clients or ports than before are allowed.",
    },
  ),
  ingress.when(["destroy", "replace"], {
    id: "INGRESS-REMOVED",
    effects: ["outage"],
    words: `${CLOSED} A replacement is without the rule for a moment.`,
  }),
  rule.on(["cidr_blocks", "ipv6_cidr_blocks"], to(...WORLD), {
    id: "SG-RULE-OPEN-TO-INTERNET",
    actions: ["create", "update", "replace"],
    where: { type: "ingress" },
    effects: ["exposure"],
    words: OPEN,
  }),
  rule.when(["destroy", "replace"], {
    id: "SG-RULE-REMOVED",
    where: { type: "ingress" },
    effects: ["outage"],
    words: `${CLOSED} A replacement is without the rule for a moment.`,
  }),
  rule.when(["destroy", "replace"], {
    id: "SG-EGRESS-RULE-REMOVED",
    where: { type: "egress" },
    effects: ["outage"],
    words: `${CUT_OFF} A replacement is without the rule for a moment.`,
  }),
  egress.when(["destroy", "replace"], {
    id: "EGRESS-REMOVED",
    effects: ["outage"],
    words: `${CUT_OFF} A replacement is without the rule for a moment.`,
  }),
  egress.on(
    [
      "cidr_ipv4",
      "cidr_ipv6",
      "from_port",
      "to_port",
      "ip_protocol",
      "prefix_list_id",
      "referenced_security_group_id",
    ],
    changed,
    {
      id: "EGRESS-CHANGED",
      effects: ["outage"],
      certainty: "likely",
      words: "Members may connect to other targets or ports than before.",
    },
  ),
  network.when(["destroy", "replace"], {
    id: "AWSNETWORK-DELETED",
    effects: ["failure", "outage"],
    certainty: "likely",
    words:
      "EC2 refuses to delete a VPC or subnet in use (DependencyViolation): the apply fails after a wait. Otherwise all in it is unreachable.",
    source: `${API}API_DeleteSubnet.html`,
  }),
];
