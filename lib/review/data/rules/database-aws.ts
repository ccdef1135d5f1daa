// Read 2026-11. Effects of changes of RDS instances. Source, unless a row says another:
// https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ModifyInstance.Settings.html

import { from, machineGrows, machineShrinks, to } from "../../rules/changes";
import { type Rule, rulesOf } from "../../rules/rule";

const RDS = "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/";
const instance = rulesOf("aws_db_instance", `${RDS}USER_ModifyInstance.Settings.html`);

/** Rules for RDS instances. */
export const RDS_RULES: readonly Rule[] = [
  instance.on("backup_retention_period", to(0, undefined), {
    id: "RDS-BACKUPS-OFF",
    effects: ["backup-loss", "outage"],
    words:
      "RDS deletes all automated backups of the instance and restarts it; point-in-time recovery is no longer possible.",
    source: `${RDS}USER_WorkingWithAutomatedBackups.BackupRetention.html`,
  }),
  instance.on("backup_retention_period", from(0, undefined), {
    id: "RDS-BACKUPS-ON",
    effects: ["outage"],
    when: "maintenance window",
    words: "The instance restarts when automated backups are enabled.",
    source: `${RDS}USER_WorkingWithAutomatedBackups.BackupRetention.html`,
  }),
  instance.on("instance_class", machineShrinks, {
    id: "RDS-CLASS-SMALLER",
    effects: ["outage", "slow"],
    when: "maintenance window",
    words:
      "The instance restarts (Multi-AZ: it fails over) with less memory, and accepts fewer connections: max_connections follows the memory.",
  }),
  instance.on("instance_class", machineGrows, {
    id: "RDS-CLASS-LARGER",
    effects: ["outage", "cost"],
    when: "maintenance window",
    words: "The instance restarts; with Multi-AZ it fails over to its standby.",
  }),
  instance.when(["destroy", "replace"], {
    id: "RDS-NO-FINAL-SNAPSHOT",
    where: { skip_final_snapshot: true },
    effects: ["data-loss"],
    words: "The data is gone with the instance: skip_final_snapshot is true, so RDS takes no final snapshot.",
    source: `${RDS}USER_DeleteInstance.html`,
  }),
  instance.harmless("RDS-TAGS", ["tags", "tags_all"], "Tags have no effect on the instance."),
];
