// Read 2026-11. What is lost with an RDS DB instance, its backups, and the protections against that.
// DeleteDBInstance and ModifyDBInstance of the RDS API; replacements were planned by the aws provider 5.100.0.

import { disabled, enabled, except, from, grows, shrinks, to } from "../../../rules/changes";
import { type Rule, rulesOf } from "../../../rules/rule";

const API = "https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/";
const GUIDE = "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/";
const DELETE = `${API}API_DeleteDBInstance.html`;
const MODIFY = `${API}API_ModifyDBInstance.html`;
const instance = rulesOf("aws_db_instance", MODIFY);

/** Data, backups and protections of RDS DB instances. */
export const RDS_DATA_RULES: readonly Rule[] = [
  instance.when("destroy", {
    id: "RDS-DELETED",
    effects: ["data-loss", "outage"],
    words:
      "RDS deletes the DB instance and its databases. Final and manual snapshots and copies in backup vaults remain.",
    next: "Name the snapshot that keeps the data, and restore it once before the apply.",
    source: DELETE,
  }),
  instance.when("replace", {
    id: "RDS-REPLACED",
    effects: ["data-loss", "outage"],
    words:
      "RDS deletes the DB instance and creates an empty one with another endpoint. The data of the old one is only in snapshots and copies.",
    next: "Undo the change of the attribute, or restore a snapshot into a new instance and move the applications to it.",
    source: DELETE,
  }),
  instance.when(["destroy", "replace"], {
    id: "RDS-NO-FINAL-SNAPSHOT",
    where: { skip_final_snapshot: true },
    effects: ["data-loss"],
    words: "RDS takes no final snapshot: skip_final_snapshot is true in the state.",
    next: "Set skip_final_snapshot to false and final_snapshot_identifier in an apply before this one: the provider reads them from the state.",
    source: DELETE,
  }),
  instance.when(["destroy", "replace"], {
    id: "RDS-AUTOMATED-BACKUPS-DELETED",
    where: { delete_automated_backups: [true, null] },
    effects: ["backup-loss"],
    words:
      "RDS deletes the automated backups with the instance; point-in-time recovery is no longer possible. Copies in another Region stay until their retention ends.",
    next: "Set delete_automated_backups to false in an apply before this one.",
    source: DELETE,
  }),
  instance.when(["destroy", "replace"], {
    id: "RDS-DELETION-REFUSED",
    where: { deletion_protection: true },
    effects: ["failure"],
    words:
      "The apply fails: deletion protection is on, and RDS refuses to delete the instance. Other changes of the plan may be done by then.",
    next: "Leave deletion protection on unless the instance is really to go.",
    source: MODIFY,
  }),
  instance.on("deletion_protection", disabled, {
    id: "RDS-DELETION-PROTECTION-OFF",
    effects: ["weaker"],
    when: "next destroy",
    words:
      "Deletion protection ends now. The next apply that destroys or replaces the instance deletes its data.",
  }),
  instance.on("skip_final_snapshot", enabled, {
    id: "RDS-FINAL-SNAPSHOT-OFF",
    effects: ["weaker"],
    when: "next destroy",
    words: "RDS will take no final snapshot when the instance is destroyed or replaced.",
    source: DELETE,
  }),
  instance.on("delete_automated_backups", enabled, {
    id: "RDS-AUTOMATED-BACKUPS-NOT-KEPT",
    effects: ["weaker"],
    when: "next destroy",
    words: "RDS will delete the automated backups when the instance is destroyed or replaced.",
    source: DELETE,
  }),
  instance.on("final_snapshot_identifier", except(to(/./), from(undefined)), {
    id: "RDS-FINAL-SNAPSHOT-NAME",
    effects: ["failure"],
    when: "next destroy",
    certainty: "likely",
    words:
      "If a snapshot with this name exists by then, RDS refuses to delete the instance (DBSnapshotAlreadyExists).",
    source: DELETE,
  }),
  instance.on("deletion_protection", enabled, {
    id: "RDS-DELETION-PROTECTION-ON",
    effects: [],
    words: "RDS refuses to delete the instance from now on.",
  }),
  instance.on(["skip_final_snapshot", "delete_automated_backups"], disabled, {
    id: "RDS-LAST-COPIES-KEPT",
    effects: [],
    words: "More copies remain when the instance is destroyed.",
    source: DELETE,
  }),
  instance.on("final_snapshot_identifier", from(undefined), {
    id: "RDS-FINAL-SNAPSHOT-NAMED",
    effects: [],
    words: "Name of the final snapshot; no effect before the instance is destroyed.",
    source: DELETE,
  }),
  instance.on("backup_retention_period", to(0, undefined), {
    id: "RDS-BACKUPS-OFF",
    effects: ["backup-loss", "outage"],
    when: "maintenance window",
    words:
      "RDS deletes all automated backups of the instance and makes no more; point-in-time recovery is no longer possible. Input and output are suspended for seconds to minutes.",
    next: "Keep at least 1 day, or take a manual snapshot before the apply.",
    source: `${GUIDE}USER_WorkingWithAutomatedBackups.html`,
  }),
  instance.on("backup_retention_period", except(from(0, undefined), to(0, undefined)), {
    id: "RDS-BACKUPS-ON",
    effects: ["outage"],
    when: "maintenance window",
    words: "RDS takes a first backup; input and output are suspended for seconds to minutes.",
  }),
  instance.on("backup_retention_period", except(shrinks, to(0, undefined)), {
    id: "RDS-RETENTION-SHORTER",
    effects: ["backup-loss"],
    words:
      "RDS deletes the automated backups that are older than the new retention period, as soon as possible and not in the maintenance window.",
    next: "Copy a snapshot first if an older point in time may be needed.",
  }),
  instance.on("backup_retention_period", except(grows, from(0, undefined)), {
    id: "RDS-RETENTION-LONGER",
    effects: ["cost"],
    words: "RDS keeps automated backups longer. Days that are already gone do not come back.",
  }),
  instance.on("replicate_source_db", to(undefined), {
    id: "RDS-REPLICA-PROMOTED",
    effects: ["outage", "irreversible"],
    words:
      "The read replica becomes a standalone instance: it restarts, and what is written to one of the two no longer reaches the other. It cannot become a replica again.",
    next: "Stop all writes to the source, wait until the replica has caught up, then apply.",
    source: `${GUIDE}USER_ReadRepl.Promote.html`,
  }),
];
