// Read 2026-11. Parameter groups, subnet groups, snapshots and copies of RDS. Replacements were planned by the aws provider 5.100.0.

import { changed, except, from, removed, to } from "../../../rules/changes";
import { type Rule, rulesOf } from "../../../rules/rule";

const API = "https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/";
const GUIDE = "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/";
const PROVIDER = "https://github.com/hashicorp/terraform-provider-aws/blob/v5.100.0/website/docs/r/";
const group = rulesOf("aws_db_parameter_group", `${GUIDE}USER_WorkingWithParamGroups.html`);
const subnets = rulesOf("aws_db_subnet_group", `${API}API_DeleteDBSubnetGroup.html`);
const snapshot = rulesOf(
  ["aws_db_snapshot", "aws_db_snapshot_copy", "aws_db_cluster_snapshot", "aws_rds_cluster_snapshot_copy"],
  `${API}API_DeleteDBSnapshot.html`,
);
const copies = rulesOf("aws_db_instance_automated_backups_replication", `${GUIDE}USER_ReplicateBackups.html`);
const state = rulesOf("aws_rds_instance_state", `${API}API_StopDBInstance.html`);
const TLS = ["parameter[name=rds.force_ssl].value", "parameter[name=require_secure_transport].value"];

/** Parameter groups, subnet groups, snapshots and copies of RDS. */
export const AROUND_RDS_RULES: readonly Rule[] = [
  group.on(TLS, removed, {
    id: "RDS-TLS-DEFAULT",
    where: { family: /^(postgres(9|1[0-4])|mysql(5|8\.)|mariadb(10|11\.4))/ },
    effects: ["weaker"],
    words:
      "The parameter goes back to its default, which accepts connections without TLS in this family: passwords and data can be read on the way.",
    source: `${GUIDE}PostgreSQL.Concepts.General.SSL.html`,
  }),
  group.on(TLS, to("0", "OFF", "off", "Off"), {
    id: "RDS-TLS-OPTIONAL",
    effects: ["weaker"],
    words:
      "The server accepts connections without TLS: passwords and data can be read on the way. Static parameters wait for a reboot.",
    source: `${GUIDE}PostgreSQL.Concepts.General.SSL.html`,
  }),
  group.on("parameter[apply_method=immediate]", changed, {
    id: "RDS-PARAMETER-DYNAMIC",
    effects: [],
    words: "A dynamic parameter: it is in force at once on all instances of the group, without a reboot.",
  }),
  group.on("parameter[apply_method=pending-reboot]", changed, {
    id: "RDS-PARAMETER",
    effects: ["outage"],
    when: "next restart",
    words:
      "A parameter with apply_method pending-reboot has no effect until each instance of the group is rebooted, which neither RDS nor Terraform does.",
    next: "Reboot the instances in a quiet hour, and check pending-reboot in aws rds describe-db-instances.",
  }),
  // Of a parameter that is new in the group, the method alone does not say whether it is static.
  group.on("parameter.apply_method", from("pending-reboot").to("immediate"), {
    id: "RDS-PARAMETER-IMMEDIATE",
    effects: ["failure"],
    certainty: "likely",
    words: "RDS refuses apply_method immediate for a static parameter.",
  }),
  group.when("replace", {
    id: "RDS-PARAMETER-GROUP-REPLACED",
    effects: ["failure"],
    words:
      "RDS does not delete a parameter group that an instance uses: without create_before_destroy the apply fails.",
    next: "Set lifecycle.create_before_destroy and a new name; the instance then waits for a reboot.",
    source: `${API}API_DeleteDBParameterGroup.html`,
  }),
  group.when("destroy", {
    id: "RDS-PARAMETER-GROUP-DELETED",
    effects: ["failure"],
    certainty: "likely",
    words: "The apply fails while an instance uses the group.",
    source: `${API}API_DeleteDBParameterGroup.html`,
  }),
  subnets.when(["replace", "destroy"], {
    id: "RDS-SUBNET-GROUP-DELETED",
    effects: ["failure"],
    words: "RDS does not delete a subnet group that an instance uses: the apply fails.",
  }),
  subnets.on("subnet_ids", changed, {
    id: "RDS-SUBNETS",
    effects: ["failure"],
    certainty: "likely",
    words:
      "Instances stay where they are; a later failover or restore uses the new subnets. RDS refuses to remove a subnet in which an instance has its address.",
  }),
  snapshot.when(["destroy", "replace"], {
    id: "RDS-SNAPSHOT-DELETED",
    effects: ["backup-loss", "irreversible"],
    words: "The snapshot is deleted, and what it holds cannot be restored.",
    next: "Make sure that a newer copy exists and was restored once.",
  }),
  copies.when(["destroy", "replace"], {
    id: "RDS-BACKUP-COPIES-STOPPED",
    effects: ["backup-loss"],
    words:
      "RDS makes no more copies of the automated backups in the other Region. Copies that are there stay until their retention ends, as long as their KMS key exists; after a replacement, point-in-time recovery there begins anew.",
    next: "Keep the KMS key of the copies.",
  }),
  state.on("state", to("stopped"), {
    id: "RDS-STOPPED",
    effects: ["outage"],
    words: "RDS stops the instance: no application can connect. RDS starts it again after 7 days.",
  }),
  state.on("state", from("stopped"), {
    id: "RDS-STARTED",
    effects: [],
    words: "RDS starts the instance.",
  }),
  rulesOf("aws_db_option_group", `${PROVIDER}db_option_group.html.markdown`).on(
    "option",
    except(changed, from(undefined)),
    {
      id: "RDS-OPTIONS",
      effects: ["outage"],
      certainty: "likely",
      words: "Options of the instances of this group change; some need a restart.",
    },
  ),
];
