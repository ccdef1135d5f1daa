// Read 2026-11. Azure Database for MySQL flexible servers. azurerm 4.55.0 (mysql_flexible_server_resource.go) and learn.microsoft.com. Azure
// applies all changes at once; the maintenance window is for updates by Microsoft.

import {
  changed,
  disabled,
  enabled,
  except,
  grows,
  machineGrows,
  machineShrinks,
  neither,
  removed,
  set,
  shrinks,
  to,
  versionFalls,
  versionRises,
} from "../../rules/changes";
import { type Rule, rulesOf } from "../../rules/rule";

const PROVIDER = "https://github.com/hashicorp/terraform-provider-azurerm/blob/v4.55.0/";
const SOURCE = `${PROVIDER}internal/services/mysql/mysql_flexible_server_resource.go`;
const DOCS = "https://learn.microsoft.com/azure/mysql/flexible-server/";
const server = rulesOf("azurerm_mysql_flexible_server", SOURCE);
const parameter = rulesOf(
  "azurerm_mysql_flexible_server_configuration",
  `${PROVIDER}internal/services/mysql/mysql_flexible_server_configuration_resource.go`,
);
const database = rulesOf(
  "azurerm_mysql_flexible_database",
  `${PROVIDER}internal/services/mysql/mysql_flexible_database_resource.go`,
);
const burstable = /^B_/;

/** Azure Database for MySQL flexible servers. */
export const MYSQL_AZURE_RULES: readonly Rule[] = [
  server.when("destroy", {
    id: "AZMYSQL-DELETED",
    effects: ["data-loss", "backup-loss", "outage"],
    words:
      "Azure deletes the server with its databases. Backups of a deleted server can be restored for a few days only, and the provider makes no final backup.",
    next: "Dump the databases, and restore the dump once before the apply.",
    source: `${DOCS}concepts-backup-restore`,
  }),
  server.when("replace", {
    id: "AZMYSQL-REPLACED",
    effects: ["data-loss", "backup-loss", "outage"],
    words: "Azure deletes the server with its databases, and the provider creates an empty one.",
    next: "Undo the change of the attribute, or restore into a new server beside it and move the applications.",
    source: `${DOCS}concepts-backup-restore`,
  }),
  server.on("storage.size_gb", shrinks, {
    id: "AZMYSQL-STORAGE-SMALLER",
    actions: ["replace"],
    effects: ["data-loss"],
    words:
      "A smaller size_gb replaces the server, also when the storage has grown by itself and the program has the old size.",
    next: "Raise size_gb to the present size, or put it in lifecycle.ignore_changes.",
  }),
  server.on("geo_redundant_backup_enabled", changed, {
    id: "AZMYSQL-GEO-BACKUP-SWITCHED",
    actions: ["replace"],
    effects: ["data-loss"],
    words:
      "The provider replaces the server to switch geo-redundant backup, though Azure can switch it in place.",
    next: "Switch it with az mysql flexible-server update --geo-redundant-backup, then adapt the program: the plan is empty.",
    source: `${DOCS}concepts-backup-restore`,
  }),
  server.on("high_availability.mode", set, {
    id: "AZMYSQL-HA-ON",
    effects: ["slow", "cost"],
    words:
      "Azure builds a standby. A zone-redundant one is possible only on a server that was created with high availability: else the apply fails.",
    source: `${PROVIDER}website/docs/r/mysql_flexible_server.html.markdown`,
  }),
  server.on("high_availability", removed, {
    id: "AZMYSQL-HA-OFF",
    effects: ["weaker", "outage"],
    when: "next failure of a zone",
    words: "The standby is removed: when the zone or the machine fails, the database is down for longer.",
    source: `${DOCS}concepts-high-availability`,
  }),
  server.on(
    ["high_availability.mode", "high_availability.standby_availability_zone"],
    except(changed, set, removed),
    {
      id: "AZMYSQL-HA-REBUILT",
      effects: ["weaker", "slow"],
      words:
        "The provider disables high availability and enables it again: there is no standby in between. Zone and standby zone in exchange are a failover instead.",
    },
  ),
  server.on("zone", changed, {
    id: "AZMYSQL-ZONE",
    effects: ["failure", "outage"],
    words:
      "Swapped with the zone of the standby: a failover. In any other case the provider refuses, and the apply fails.",
    next: "Put zone and standby_availability_zone in lifecycle.ignore_changes: Azure swaps them in each failover.",
  }),
  server.on("version", versionRises, {
    id: "AZMYSQL-VERSION-UP",
    effects: ["outage", "irreversible"],
    words:
      "Major version upgrade as the last request of the update: the server is down while it runs, and does not go back.",
    next: "Upgrade a restored copy first; read replicas before their source.",
  }),
  server.on("version", versionFalls, {
    id: "AZMYSQL-VERSION-OLDER",
    effects: ["failure"],
    certainty: "likely",
    words: "Azure does not downgrade a server: the last request of the update fails, after all others.",
  }),
  server.on("sku_name", except(machineShrinks, to(burstable)), {
    id: "AZMYSQL-SKU-SMALLER",
    effects: ["outage", "slow"],
    words:
      "The server restarts (60 to 120 seconds) and rolls open transactions back; fewer connections are accepted.",
    next: "Compare max_connections of the new size with the connections of all applications.",
    source: `${DOCS}concepts-service-tiers-storage`,
  }),
  server.on("sku_name", except(machineGrows, to(burstable)), {
    id: "AZMYSQL-SKU-LARGER",
    effects: ["outage", "cost"],
    words: "The server restarts (60 to 120 seconds) and rolls open transactions back.",
    source: `${DOCS}concepts-service-tiers-storage`,
  }),
  server.on("sku_name", except(neither(machineGrows, machineShrinks), to(burstable)), {
    id: "AZMYSQL-SKU",
    effects: ["outage"],
    words: "The server restarts (60 to 120 seconds) and rolls open transactions back.",
    source: `${DOCS}concepts-service-tiers-storage`,
  }),
  server.on("sku_name", to(burstable), {
    id: "AZMYSQL-SKU-BURSTABLE",
    effects: ["outage", "weaker"],
    words:
      "The server restarts. Burstable has no high availability and no read replicas, and loses its CPU credits at each restart.",
    source: `${DOCS}concepts-service-tiers-storage`,
  }),
  server.on("storage.size_gb", grows, {
    id: "AZMYSQL-STORAGE-LARGER",
    effects: ["cost", "irreversible"],
    words: "The storage grows online and never shrinks.",
    source: `${DOCS}concepts-service-tiers-storage`,
  }),
  server.on(["storage.iops", "storage.io_scaling_enabled"], changed, {
    id: "AZMYSQL-IO",
    effects: ["cost"],
    words: "Another limit of I/O operations, online, with another price.",
    source: `${DOCS}concepts-service-tiers-storage`,
  }),
  server.on("storage.auto_grow_enabled", disabled, {
    id: "AZMYSQL-AUTOGROW-OFF",
    effects: ["outage"],
    when: "later",
    words:
      "The storage no longer grows by itself: below 5 % or 5 GiB of free space, Azure makes the server read-only. Refused with high availability.",
    source: `${DOCS}concepts-service-tiers-storage`,
  }),
  server.on("storage.auto_grow_enabled", enabled, {
    id: "AZMYSQL-AUTOGROW-ON",
    effects: ["cost"],
    when: "later",
    words: "The storage grows when it is nearly full, and never shrinks.",
    source: `${DOCS}concepts-service-tiers-storage`,
  }),
  server.on("storage.log_on_disk_enabled", changed, {
    id: "AZMYSQL-LOG-ON-DISK",
    effects: ["slow"],
    certainty: "likely",
    words: "Redo logs move to or from the disk; this may need a restart.",
  }),
  server.on("backup_retention_days", shrinks, {
    id: "AZMYSQL-RETENTION-SHORTER",
    effects: ["backup-loss"],
    words:
      "Older backups are deleted; the earliest point in time that can be restored moves nearer. No restart.",
    source: `${DOCS}concepts-backup-restore`,
  }),
  server.on("backup_retention_days", grows, {
    id: "AZMYSQL-RETENTION-LONGER",
    effects: ["cost"],
    words: "Backups are kept longer. Those that are already gone do not come back.",
    source: `${DOCS}concepts-backup-restore`,
  }),
  server.on("public_network_access", to("Enabled"), {
    id: "AZMYSQL-PUBLIC",
    effects: ["exposure"],
    words:
      "The server accepts connections at its public endpoint from all addresses that a firewall rule allows.",
  }),
  server.on("public_network_access", to("Disabled"), {
    id: "AZMYSQL-PRIVATE",
    effects: ["outage"],
    words: "Clients without a private endpoint lose the connection.",
  }),
  server.on(["administrator_password", "administrator_password_wo_version"], changed, {
    id: "AZMYSQL-PASSWORD",
    effects: ["outage"],
    words:
      "The password of the administrator changes at once: clients that have the old one cannot open new connections.",
    next: "Restart what uses the administrator in the same rollout.",
  }),
  server.on("replication_role", to("None"), {
    id: "AZMYSQL-REPLICA-PROMOTED",
    effects: ["outage", "irreversible"],
    words:
      "The read replica becomes an independent server; what is written to one of the two no longer reaches the other.",
    next: "Stop all writes to the source and wait until the replica has caught up, then apply.",
  }),
  server.on(["customer_managed_key", "identity"], changed, {
    id: "AZMYSQL-KEY",
    effects: ["outage"],
    certainty: "likely",
    words:
      "The server reads another encryption key or uses another identity for it: without access to the key it is unreachable.",
    next: "Grant the identity its rights on the key first, and keep the old key.",
  }),
  server.harmless(
    "AZMYSQL-HARMLESS",
    ["maintenance_window", "tags", "timeouts"],
    "Takes effect without a restart.",
  ),
  parameter.on("value", changed, {
    id: "AZMYSQL-PARAMETER",
    effects: ["outage"],
    when: "next restart",
    certainty: "likely",
    words:
      "A dynamic parameter is in force at once. A static one has no effect until the server is restarted, which neither Azure nor the provider does.",
    next: "Restart the server in a quiet hour.",
  }),
  parameter.when("destroy", {
    id: "AZMYSQL-PARAMETER-RESET",
    effects: ["outage"],
    when: "next restart",
    certainty: "likely",
    words: "The parameter goes back to its default; a static one at the next restart.",
  }),
  parameter.on("value", to("OFF", "off"), {
    id: "AZMYSQL-TLS-OPTIONAL",
    where: { name: "require_secure_transport" },
    effects: ["weaker"],
    words: "The server accepts connections without TLS: passwords and data can be read on the way.",
    source: `${DOCS}security-tls`,
  }),
  database.when(["destroy", "replace"], {
    id: "AZMYSQL-DATABASE-DROPPED",
    effects: ["data-loss", "outage"],
    words: "Azure drops the database with its data. A replacement creates an empty one.",
    next: "Undo the change, or forget the database with a removed block instead of destroying it.",
  }),
];
