// Read 2026-11. Aurora clusters and their instances, which have no constructs here. ModifyDBCluster, DeleteDBCluster and ModifyDBInstance of the RDS
// API. Changes wait for the maintenance window unless apply_immediately is true or the row says otherwise.

import {
  changed,
  disabled,
  enabled,
  engineMajorRises,
  except,
  grows,
  machineGrows,
  machineShrinks,
  neither,
  shrinks,
  versionRises,
} from "../../../rules/changes";
import { type Rule, rulesOf } from "../../../rules/rule";

const API = "https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/";
const MODIFY = `${API}API_ModifyDBCluster.html`;
const DELETE = `${API}API_DeleteDBCluster.html`;
const GONE = ["destroy", "replace"] as const;
const cluster = rulesOf("aws_rds_cluster", MODIFY);
const instance = rulesOf("aws_rds_cluster_instance", `${API}API_ModifyDBInstance.html`);

/** Aurora. */
export const AURORA_RULES: readonly Rule[] = [
  cluster.when(GONE, {
    id: "AURORA-DELETED",
    effects: ["data-loss", "outage"],
    words: "RDS deletes the Aurora cluster with its databases. Final and manual snapshots remain.",
    source: DELETE,
  }),
  cluster.when(GONE, {
    id: "AURORA-NO-FINAL-SNAPSHOT",
    where: { skip_final_snapshot: true },
    effects: ["data-loss"],
    words: "RDS takes no final snapshot: skip_final_snapshot is true in the state.",
    next: "Set skip_final_snapshot to false and final_snapshot_identifier in an apply before this one: the provider reads them from the state.",
    source: DELETE,
  }),
  cluster.when(GONE, {
    id: "AURORA-AUTOMATED-BACKUPS-DELETED",
    where: { delete_automated_backups: [true, null] },
    effects: ["backup-loss"],
    words:
      "RDS deletes the automated backups with the cluster; point-in-time recovery is no longer possible.",
    next: "Set delete_automated_backups to false in an apply before this one.",
    source: DELETE,
  }),
  cluster.when(GONE, {
    id: "AURORA-DELETION-REFUSED",
    where: { deletion_protection: true },
    effects: ["failure"],
    words:
      "The apply fails: deletion protection is on, and RDS refuses to delete the cluster. Other changes of the plan may be done by then.",
    next: "Leave deletion protection on unless the cluster is really to go.",
  }),
  cluster.on("deletion_protection", disabled, {
    id: "AURORA-DELETION-PROTECTION-OFF",
    effects: ["weaker"],
    when: "next destroy",
    words:
      "Deletion protection ends now. The next apply that destroys or replaces the cluster deletes its data.",
  }),
  cluster.on("skip_final_snapshot", enabled, {
    id: "AURORA-FINAL-SNAPSHOT-OFF",
    effects: ["weaker"],
    when: "next destroy",
    words: "RDS will take no final snapshot when the cluster is destroyed or replaced.",
    source: DELETE,
  }),
  cluster.on("deletion_protection", enabled, {
    id: "AURORA-DELETION-PROTECTION-ON",
    effects: [],
    words: "RDS refuses to delete the cluster from now on.",
  }),
  cluster.on("backup_retention_period", shrinks, {
    id: "AURORA-RETENTION-SHORTER",
    effects: ["backup-loss"],
    words: "RDS deletes the automated backups that are older than the new retention period.",
    next: "Copy a snapshot first if an older point in time may be needed.",
  }),
  cluster.on("backup_retention_period", grows, {
    id: "AURORA-RETENTION-LONGER",
    effects: ["cost"],
    words: "RDS keeps automated backups longer. Days that are already gone do not come back.",
  }),
  cluster.when(GONE, {
    id: "AURORA-FINAL-SNAPSHOT-UNNAMED",
    where: { skip_final_snapshot: [false, null], final_snapshot_identifier: null },
    effects: ["failure"],
    words:
      "The apply fails: skip_final_snapshot is false and final_snapshot_identifier is not set in the state.",
    next: "Set final_snapshot_identifier in an apply before this one.",
    source:
      "https://github.com/hashicorp/terraform-provider-aws/blob/v6.25.0/internal/service/rds/cluster.go",
  }),
  cluster.on("engine_version", engineMajorRises, {
    id: "AURORA-VERSION-MAJOR",
    effects: ["outage", "irreversible"],
    when: "maintenance window",
    words:
      "Major version upgrade: the cluster is unavailable while it runs and cannot go back. It needs allow_major_version_upgrade and parameter groups of the new family, else the apply fails.",
    next: "Upgrade a clone first, and take a snapshot before the apply.",
  }),
  cluster.on("engine_version", except(versionRises, engineMajorRises), {
    id: "AURORA-VERSION-MINOR",
    effects: ["outage", "irreversible"],
    when: "maintenance window",
    words: "The engine is upgraded with an outage; RDS does not go back to the older version.",
  }),
  cluster.on(["master_password", "master_password_wo_version", "manage_master_user_password"], changed, {
    id: "AURORA-PASSWORD",
    effects: ["outage"],
    words: "The master password changes: clients that still have the old one cannot connect.",
    next: "Restart what uses the master user in the same rollout.",
  }),
  cluster.on("port", changed, {
    id: "AURORA-PORT",
    effects: ["outage"],
    words:
      "All instances of the cluster restart at once, also without apply_immediately, and listen on another port: security groups, secrets and clients have to follow.",
    source: "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Aurora.Modifying.html",
  }),
  cluster.on("vpc_security_group_ids", changed, {
    id: "AURORA-SECURITY-GROUPS",
    effects: ["outage", "exposure"],
    certainty: "likely",
    words: "Clients in a group that is removed lose access, clients of an added group get it.",
  }),
  cluster.harmless(
    "AURORA-HARMLESS",
    ["tags", "tags_all", "timeouts", "copy_tags_to_snapshot", "final_snapshot_identifier"],
    "Takes effect without an outage.",
  ),
  instance.when(GONE, {
    id: "AURORA-INSTANCE-DELETED",
    effects: ["outage"],
    words:
      "The instance of the Aurora cluster is deleted: its connections end, and the cluster fails over if it was the writer. The data is in the cluster volume and stays.",
    source: `${API}API_DeleteDBInstance.html`,
  }),
  instance.on("instance_class", machineShrinks, {
    id: "AURORA-CLASS-SMALLER",
    effects: ["outage", "slow"],
    when: "maintenance window",
    words:
      "The instance restarts with less memory, and accepts fewer connections unless the parameter group sets max_connections.",
    next: "Compare max_connections of the new class with the connections of all applications.",
  }),
  instance.on("instance_class", machineGrows, {
    id: "AURORA-CLASS-LARGER",
    effects: ["outage", "cost"],
    when: "maintenance window",
    words: "The instance restarts; its connections end.",
  }),
  instance.on("instance_class", neither(machineGrows, machineShrinks), {
    id: "AURORA-CLASS",
    effects: ["outage"],
    when: "maintenance window",
    words: "The instance restarts; its connections end.",
  }),
  instance.on("publicly_accessible", enabled, {
    id: "AURORA-PUBLIC",
    actions: ["create", "update"],
    effects: ["exposure"],
    words:
      "The instance gets a public IP address. The security groups alone decide who reaches the database from the internet.",
  }),
  instance.on("publicly_accessible", disabled, {
    id: "AURORA-PRIVATE",
    effects: ["outage"],
    words: "Clients outside the VPC lose the connection.",
  }),
];
