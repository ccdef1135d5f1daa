// Read 2026-11. What is lost with Cloud SQL instances, databases and users, their backups, and the protections against that.
// Google provider 6.50.0 (resource_sql_database_instance.go and its page) and Cloud SQL Admin API v1.

import {
  changed,
  disabled,
  either,
  enabled,
  from,
  grows,
  removed,
  set,
  shrinks,
  to,
} from "../../rules/changes";
import { type Rule, rulesOf } from "../../rules/rule";

const PROVIDER = "https://github.com/hashicorp/terraform-provider-google/blob/v6.50.0/";
const SOURCE = `${PROVIDER}google/services/sql/resource_sql_database_instance.go`;
const ARGUMENTS = `${PROVIDER}website/docs/r/sql_database_instance.html.markdown`;
const DOCS = "https://cloud.google.com/sql/docs/";
const instance = rulesOf("google_sql_database_instance", ARGUMENTS);
const database = rulesOf("google_sql_database", `${PROVIDER}website/docs/r/sql_database.html.markdown`);
const user = rulesOf("google_sql_user", `${PROVIDER}website/docs/r/sql_user.html.markdown`);
const backups = "settings.backup_configuration";

/** Data, backups and protections of Cloud SQL. */
export const CLOUD_SQL_DATA_RULES: readonly Rule[] = [
  instance.when("destroy", {
    id: "CLOUDSQL-DELETED",
    effects: ["data-loss", "outage"],
    words:
      "Cloud SQL deletes the instance with its databases. This version of the provider can make no final backup.",
    next: "Export the databases or make a backup that is retained, and restore it once before the apply.",
  }),
  instance.when("replace", {
    id: "CLOUDSQL-REPLACED",
    effects: ["data-loss", "outage"],
    words:
      "Cloud SQL deletes the instance with its databases and creates an empty one. A fixed name cannot be used again for up to one week, so the apply then stops without an instance.",
    next: "Undo the change of the attribute, or restore a backup into a new instance beside it.",
  }),
  instance.when(["destroy", "replace"], {
    id: "CLOUDSQL-BACKUPS-DELETED",
    where: { "settings.retain_backups_on_delete": [false, null] },
    effects: ["backup-loss"],
    words: "The backups are deleted with the instance: retain_backups_on_delete is not set.",
    next: "Set retain_backups_on_delete in an apply before this one.",
  }),
  instance.when(["destroy", "replace"], {
    id: "CLOUDSQL-DELETION-REFUSED",
    where: { deletion_protection: true },
    effects: ["failure"],
    words:
      "The provider refuses to delete the instance: deletion_protection is true in the state. Other changes of the plan may be done by then.",
  }),
  instance.on("settings.disk_size", shrinks, {
    id: "CLOUDSQL-DISK-SMALLER",
    actions: ["replace"],
    effects: ["data-loss"],
    words:
      "A smaller disk_size replaces the instance, also when the disk has grown by itself and the program has the old size.",
    next: "Raise disk_size to the present size, or put it in lifecycle.ignore_changes.",
    source: SOURCE,
  }),
  instance.on("settings.ip_configuration.private_network", removed, {
    id: "CLOUDSQL-NETWORK-REMOVED",
    actions: ["replace"],
    effects: ["data-loss"],
    words: "Private IP cannot be removed from an instance: the provider replaces it.",
    next: "Keep private_network and add ipv4_enabled instead.",
    source: SOURCE,
  }),
  instance.on("restore_backup_context", either(set, changed), {
    id: "CLOUDSQL-RESTORED-OVER",
    effects: ["data-loss", "outage"],
    words:
      "After the update, the provider restores the backup into the running instance: all data that is there now is overwritten.",
    next: "Restore into a new instance instead, or put restore_backup_context in lifecycle.ignore_changes.",
    source: SOURCE,
  }),
  instance.on("instance_type", to("CLOUD_SQL_INSTANCE"), {
    id: "CLOUDSQL-REPLICA-PROMOTED",
    effects: ["outage", "irreversible"],
    words:
      "The read replica becomes a standalone instance, possibly with a restart; what is written to one of the two no longer reaches the other.",
    next: "Stop all writes to the primary and wait until the replica has caught up, then apply.",
  }),
  instance.on(`${backups}.enabled`, disabled, {
    id: "CLOUDSQL-BACKUPS-OFF",
    effects: ["backup-loss"],
    words:
      "No more automated backups. Point-in-time recovery, high availability and MySQL read replicas need them: the API refuses the change where they are on.",
    certainty: "likely",
    source: `${DOCS}postgres/backup-recovery/backing-up`,
  }),
  instance.on([`${backups}.enabled`], enabled, {
    id: "CLOUDSQL-BACKUPS-ON",
    effects: ["cost"],
    words: "Automated backups are made daily.",
    source: `${DOCS}postgres/backup-recovery/backing-up`,
  }),
  instance.on(`${backups}.point_in_time_recovery_enabled`, enabled, {
    id: "CLOUDSQL-PITR-ON",
    effects: ["outage", "cost"],
    words: "The database restarts when point-in-time recovery is enabled.",
  }),
  instance.on([`${backups}.point_in_time_recovery_enabled`, `${backups}.binary_log_enabled`], disabled, {
    id: "CLOUDSQL-PITR-OFF",
    effects: ["backup-loss"],
    words: "Point-in-time recovery ends: only the daily backups can be restored, with a loss of up to a day.",
  }),
  instance.on(`${backups}.binary_log_enabled`, changed, {
    id: "CLOUDSQL-BINARY-LOG",
    effects: ["outage"],
    certainty: "likely",
    words: "MySQL restarts when binary logging is switched.",
    source: `${DOCS}mysql/backup-recovery/pitr`,
  }),
  instance.on(
    [`${backups}.transaction_log_retention_days`, `${backups}.backup_retention_settings.retained_backups`],
    shrinks,
    {
      id: "CLOUDSQL-RETENTION-SHORTER",
      effects: ["backup-loss"],
      words:
        "Older backups or transaction logs are deleted; the earliest point in time that can be restored moves nearer.",
    },
  ),
  instance.on(
    [`${backups}.transaction_log_retention_days`, `${backups}.backup_retention_settings.retained_backups`],
    grows,
    {
      id: "CLOUDSQL-RETENTION-LONGER",
      effects: ["cost"],
      words: "Backups or transaction logs are kept longer. Those that are already gone do not come back.",
    },
  ),
  instance.on(`${backups}.location`, changed, {
    id: "CLOUDSQL-BACKUP-LOCATION",
    effects: ["weaker"],
    certainty: "likely",
    words:
      "New backups are stored in another location: check data residency, and that the loss of the region does not take them.",
  }),
  instance.on(["deletion_protection", "settings.deletion_protection_enabled"], disabled, {
    id: "CLOUDSQL-DELETION-PROTECTION-OFF",
    effects: ["weaker"],
    when: "next destroy",
    words:
      "Deletion protection ends now: deletion_protection stops Terraform, deletion_protection_enabled everyone. The next destroy or replacement deletes the data.",
  }),
  instance.on("settings.retain_backups_on_delete", disabled, {
    id: "CLOUDSQL-BACKUPS-NOT-KEPT",
    effects: ["weaker"],
    when: "next destroy",
    words: "The backups will be deleted with the instance.",
  }),
  instance.on(
    ["deletion_protection", "settings.deletion_protection_enabled", "settings.retain_backups_on_delete"],
    enabled,
    {
      id: "CLOUDSQL-PROTECTION-ON",
      effects: [],
      words: "More protection against the loss of the instance; no restart.",
    },
  ),
  instance.harmless(
    "CLOUDSQL-CREATION-ONLY",
    ["clone", `${backups}.start_time`],
    "clone has an effect at creation only; the start of the daily backup is moved without a restart.",
  ),
  database.when(["destroy", "replace"], {
    id: "CLOUDSQL-DATABASE-DROPPED",
    where: { deletion_policy: ["DELETE", null] },
    effects: ["data-loss", "outage"],
    words: "Cloud SQL drops the database with its data. A replacement creates an empty one.",
    next: "Set deletion_policy to ABANDON in an apply before this one, or undo the change.",
  }),
  database.when(["destroy", "replace"], {
    id: "CLOUDSQL-DATABASE-ABANDONED",
    where: { deletion_policy: "ABANDON" },
    effects: ["weaker"],
    words: "Terraform forgets the database and leaves it on the instance (deletion_policy ABANDON).",
  }),
  database.on(["charset", "collation"], changed, {
    id: "CLOUDSQL-DATABASE-COLLATION",
    effects: ["failure"],
    certainty: "likely",
    words:
      "PostgreSQL refuses another character set or collation of a database; MySQL uses it for new tables only.",
  }),
  database.on("deletion_policy", from("ABANDON"), {
    id: "CLOUDSQL-DATABASE-PROTECTION-OFF",
    effects: ["weaker"],
    when: "next destroy",
    words: "The next destroy or replacement drops the database with its data.",
  }),
  database.on("deletion_policy", to("ABANDON"), {
    id: "CLOUDSQL-DATABASE-PROTECTION-ON",
    effects: [],
    words: "A destroy leaves the database on the instance.",
  }),
  user.when(["destroy", "replace"], {
    id: "CLOUDSQL-USER-DELETED",
    where: { deletion_policy: null },
    effects: ["outage"],
    words:
      "The user cannot log in any more, or not until it is created again. A PostgreSQL user that owns objects cannot be deleted: without deletion_policy ABANDON the apply fails.",
  }),
  user.when(["destroy", "replace"], {
    id: "CLOUDSQL-USER-ABANDONED",
    where: { deletion_policy: "ABANDON" },
    effects: ["weaker"],
    words:
      "Terraform forgets the user (deletion_policy ABANDON): it stays on the instance and can still log in.",
    next: "Drop the user by hand once it owns nothing.",
  }),
  user.on(["password", "password_wo_version"], changed, {
    id: "CLOUDSQL-USER-PASSWORD",
    effects: ["outage"],
    words: "The password changes at once: clients that have the old one cannot open new connections.",
    next: "Restart what uses this user in the same rollout.",
  }),
  rulesOf("google_sql_ssl_cert", `${PROVIDER}website/docs/r/sql_ssl_cert.html.markdown`).when(
    ["destroy", "replace"],
    {
      id: "CLOUDSQL-CLIENT-CERTIFICATE-DELETED",
      effects: ["outage"],
      words: "Clients with this certificate cannot connect where client certificates are required.",
    },
  ),
];
