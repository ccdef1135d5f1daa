// Read 2026-11. Azure Database for PostgreSQL flexible servers. azurerm 4.55.0 (postgresql_flexible_server_resource.go: CustomizeDiff and Update) and
// learn.microsoft.com. Azure applies all changes at once; the maintenance window is for updates by Microsoft.

import {
  changed,
  disabled,
  enabled,
  except,
  grows,
  machineGrows,
  machineShrinks,
  majorRises,
  neither,
  passes,
  removed,
  set,
  shrinks,
  to,
  versionFalls,
} from "../../rules/changes";
import { type Rule, rulesOf } from "../../rules/rule";

const PROVIDER = "https://github.com/hashicorp/terraform-provider-azurerm/blob/v4.55.0/";
const SOURCE = `${PROVIDER}internal/services/postgres/postgresql_flexible_server_resource.go`;
const ARGUMENTS = `${PROVIDER}website/docs/r/postgresql_flexible_server.html.markdown`;
const DOCS = "https://learn.microsoft.com/azure/postgresql/";
/** In MiB, as storage_mb. */
const FOUR_TIB = 4_194_304;
const server = rulesOf("azurerm_postgresql_flexible_server", SOURCE);
const parameter = rulesOf(
  "azurerm_postgresql_flexible_server_configuration",
  `${PROVIDER}internal/services/postgres/postgresql_flexible_server_configuration_resource.go`,
);
const database = rulesOf("azurerm_postgresql_flexible_server_database", SOURCE);
const backup = rulesOf(
  "azurerm_postgresql_flexible_server_backup",
  `${DOCS}backup-restore/concepts-backup-restore`,
);
const burstable = /^B_/;

/** Azure Database for PostgreSQL flexible servers. */
export const POSTGRES_AZURE_RULES: readonly Rule[] = [
  server.when("destroy", {
    id: "AZPG-DELETED",
    effects: ["data-loss", "backup-loss", "outage"],
    words: "Azure deletes the server with its databases and its backups. The provider makes no final backup.",
    next: "Dump the databases or have a backup in a backup vault, and restore it once before the apply.",
    source: `${DOCS}backup-restore/concepts-backup-restore`,
  }),
  server.when("replace", {
    id: "AZPG-REPLACED",
    effects: ["data-loss", "backup-loss", "outage"],
    words: "Azure deletes the server with its databases and its backups, and creates an empty one.",
    next: "Undo the change of the attribute, or restore into a new server beside it and move the applications.",
    source: `${DOCS}backup-restore/concepts-backup-restore`,
  }),
  server.on("storage_mb", shrinks, {
    id: "AZPG-STORAGE-SMALLER",
    actions: ["replace"],
    effects: ["data-loss"],
    words:
      "A smaller storage_mb replaces the server, also when the storage has grown by itself and the program has the old size.",
    next: "Raise storage_mb to the present size, or put it in lifecycle.ignore_changes.",
  }),
  server.on("version", versionFalls, {
    id: "AZPG-VERSION-OLDER",
    actions: ["replace"],
    effects: ["data-loss"],
    words: "An older version replaces the server.",
  }),
  server.on("administrator_login", changed, {
    id: "AZPG-ADMINISTRATOR-RENAMED",
    actions: ["replace"],
    effects: ["data-loss"],
    words: "The name of the administrator is fixed at creation: another one replaces the server.",
  }),
  server.on("administrator_login", set, {
    id: "AZPG-ADMINISTRATOR-SET",
    effects: [],
    words: "A server without an administrator login gets one, by an update.",
  }),
  server.on("identity.type", changed, {
    id: "AZPG-IDENTITY-REMOVED",
    actions: ["replace"],
    effects: ["data-loss"],
    words: "A user-assigned identity cannot be taken from a server: the provider replaces it.",
  }),
  server.on("geo_redundant_backup_enabled", changed, {
    id: "AZPG-GEO-BACKUP-SWITCHED",
    actions: ["replace"],
    effects: ["data-loss"],
    words: "Geo-redundant backup is fixed at creation: switching it replaces the server.",
    source: ARGUMENTS,
    next: "Keep the value; to change it, restore into a new server beside this one and move the applications.",
  }),
  server.on("version", majorRises, {
    id: "AZPG-VERSION-MAJOR",
    effects: ["outage", "irreversible"],
    words:
      "Major version upgrade in place: the server is down for a time that grows with its size, and does not go back.",
    next: "Upgrade a restored copy first; remove read replicas before.",
    source: ARGUMENTS,
  }),
  server.on("sku_name", except(machineShrinks, to(burstable)), {
    id: "AZPG-SKU-SMALLER",
    effects: ["outage", "slow"],
    words:
      "The server restarts: about a minute of lost connections, 2 to 10 minutes for read replicas, Burstable, or without spare addresses in the subnet. Fewer connections are accepted; logical replication slots are lost.",
    next: "Compare max_connections of the new size with the connections of all applications.",
    source: `${DOCS}scale/concepts-scaling-resources`,
  }),
  server.on("sku_name", except(machineGrows, to(burstable)), {
    id: "AZPG-SKU-LARGER",
    effects: ["outage", "cost"],
    words:
      "The server restarts: about a minute of lost connections, 2 to 10 minutes for read replicas, Burstable, or without spare addresses in the subnet. Logical replication slots are lost.",
    source: `${DOCS}scale/concepts-scaling-resources`,
  }),
  server.on("sku_name", except(neither(machineGrows, machineShrinks), to(burstable)), {
    id: "AZPG-SKU",
    effects: ["outage"],
    words:
      "The server restarts: about a minute of lost connections, 2 to 10 minutes for read replicas, Burstable, or without spare addresses in the subnet. Logical replication slots are lost.",
    source: `${DOCS}scale/concepts-scaling-resources`,
  }),
  server.on("sku_name", to(burstable), {
    id: "AZPG-SKU-BURSTABLE",
    effects: ["outage", "weaker"],
    words:
      "The server restarts. Burstable has no high availability and no read replicas (refused while they exist), and is slow when its CPU credits are used up.",
    source: `${DOCS}compute-storage/concepts-compute`,
  }),
  server.on("storage_mb", passes(FOUR_TIB), {
    id: "AZPG-STORAGE-BEYOND-4-TIB",
    effects: ["outage", "slow", "cost", "irreversible"],
    words:
      "Beyond 4 TiB the storage does not grow online: the server restarts, and its disks are no longer cached. It never shrinks.",
    source: `${DOCS}scale/how-to-scale-storage-size`,
  }),
  server.on("storage_mb", except(grows, passes(FOUR_TIB)), {
    id: "AZPG-STORAGE-LARGER",
    effects: ["cost", "irreversible"],
    words: "The storage grows online and never shrinks.",
    source: `${DOCS}scale/how-to-scale-storage-size`,
  }),
  server.on("storage_tier", changed, {
    id: "AZPG-STORAGE-TIER",
    effects: ["cost"],
    words: "Another performance tier, online. Azure refuses a second change within 12 hours.",
    source: ARGUMENTS,
  }),
  server.on("auto_grow_enabled", disabled, {
    id: "AZPG-AUTOGROW-OFF",
    effects: ["outage"],
    when: "later",
    certainty: "likely",
    words: "The storage no longer grows by itself: when it is nearly full, Azure makes the server read-only.",
    source: `${DOCS}compute-storage/concepts-storage`,
  }),
  server.on("auto_grow_enabled", enabled, {
    id: "AZPG-AUTOGROW-ON",
    effects: ["cost"],
    when: "later",
    words: "The storage doubles when it is nearly full, and never shrinks.",
    source: `${DOCS}scale/how-to-auto-grow-storage`,
  }),
  server.on("backup_retention_days", shrinks, {
    id: "AZPG-RETENTION-SHORTER",
    effects: ["backup-loss"],
    words:
      "Older backups are deleted; the earliest point in time that can be restored moves nearer. No restart.",
    source: `${DOCS}backup-restore/concepts-backup-restore`,
  }),
  server.on("backup_retention_days", grows, {
    id: "AZPG-RETENTION-LONGER",
    effects: ["cost"],
    words: "Backups are kept longer. Those that are already gone do not come back.",
    source: `${DOCS}backup-restore/concepts-backup-restore`,
  }),
  server.on("high_availability.mode", set, {
    id: "AZPG-HA-ON",
    effects: ["slow", "cost"],
    words: "Azure builds a standby online; writes are slower from then on, and the price doubles.",
    certainty: "likely",
    source: `${DOCS}high-availability/concepts-high-availability`,
  }),
  server.on("high_availability", removed, {
    id: "AZPG-HA-OFF",
    effects: ["weaker", "outage"],
    when: "next failure of a zone",
    words: "The standby is removed: when the zone or the machine fails, the database is down for longer.",
    source: `${DOCS}high-availability/concepts-high-availability`,
  }),
  server.on("high_availability.mode", except(changed, set, removed), {
    id: "AZPG-HA-MODE",
    effects: ["weaker"],
    certainty: "likely",
    words:
      "The standby is built anew in another zone; until then there is none. A standby in the same zone is lost with it.",
  }),
  server.on("zone", changed, {
    id: "AZPG-ZONE",
    effects: ["failure", "outage"],
    words:
      "Swapped with the zone of the standby: a planned failover at the end of the update. In any other case the provider refuses, and the apply fails.",
    next: "Put zone and standby_availability_zone in lifecycle.ignore_changes: Azure swaps them in each failover.",
  }),
  server.on("high_availability.standby_availability_zone", changed, {
    id: "AZPG-STANDBY-ZONE",
    effects: ["failure"],
    words: "The zone of a zone-redundant standby changes only in exchange with zone; alone, the apply fails.",
  }),
  server.on("public_network_access_enabled", enabled, {
    id: "AZPG-PUBLIC",
    effects: ["exposure"],
    words:
      "The server accepts connections at its public endpoint from all addresses that a firewall rule allows.",
  }),
  server.on("public_network_access_enabled", disabled, {
    id: "AZPG-PRIVATE",
    effects: ["outage"],
    words: "Clients without a private endpoint lose the connection.",
  }),
  server.on("private_dns_zone_id", changed, {
    id: "AZPG-DNS-ZONE",
    effects: ["outage"],
    words:
      "The host name moves to another private DNS zone: clients whose network is not linked to it do not find the server.",
  }),
  server.on("authentication.password_auth_enabled", disabled, {
    id: "AZPG-PASSWORD-LOGIN-OFF",
    effects: ["outage"],
    words: "Logins with a password fail: only Microsoft Entra logins remain.",
    source: ARGUMENTS,
  }),
  server.on("authentication.active_directory_auth_enabled", disabled, {
    id: "AZPG-ENTRA-LOGIN-OFF",
    effects: ["outage"],
    words: "Microsoft Entra logins fail: only logins with a password remain.",
    source: ARGUMENTS,
  }),
  server.on(
    ["authentication.password_auth_enabled", "authentication.active_directory_auth_enabled"],
    enabled,
    {
      id: "AZPG-LOGIN-ON",
      effects: ["exposure"],
      words: "A second way to log in is open.",
      source: ARGUMENTS,
    },
  ),
  server.on(["administrator_password", "administrator_password_wo_version"], changed, {
    id: "AZPG-PASSWORD",
    effects: ["outage"],
    words:
      "The password of the administrator changes at once: clients that have the old one cannot open new connections.",
    next: "Restart what uses the administrator in the same rollout.",
  }),
  server.on("replication_role", to("None"), {
    id: "AZPG-REPLICA-PROMOTED",
    effects: ["outage", "irreversible"],
    words:
      "The read replica becomes an independent server; what is written to one of the two no longer reaches the other.",
    next: "Stop all writes to the source and wait until the replica has caught up, then apply.",
  }),
  server.on("create_mode", changed, {
    id: "AZPG-CREATE-MODE",
    effects: ["failure"],
    certainty: "likely",
    words: "create_mode has a meaning at creation only; the provider sends it nevertheless.",
    next: "Put create_mode in lifecycle.ignore_changes.",
  }),
  server.on("identity", changed, {
    id: "AZPG-IDENTITY",
    effects: ["outage"],
    certainty: "likely",
    words:
      "The managed identities of the server change; a customer-managed key that it reads with one of them must stay reachable.",
  }),
  server.harmless(
    "AZPG-HARMLESS",
    ["maintenance_window", "tags", "timeouts", "authentication.tenant_id"],
    "Takes effect without a restart.",
  ),
  parameter.on("value", changed, {
    id: "AZPG-PARAMETER",
    effects: ["outage"],
    certainty: "likely",
    words:
      "A static parameter restarts the server in the middle of the apply, once for each such parameter (restart_server_on_configuration_value_change). A dynamic one does not.",
    next: "Look the parameter up: isDynamicConfig in az postgres flexible-server parameter show.",
  }),
  parameter.when("destroy", {
    id: "AZPG-PARAMETER-RESET",
    effects: ["outage"],
    certainty: "likely",
    words:
      "The parameter goes back to its default; a static one restarts the server in the middle of the apply.",
  }),
  parameter.on("value", to("off", "OFF"), {
    id: "AZPG-TLS-OPTIONAL",
    where: { name: "require_secure_transport" },
    effects: ["weaker"],
    words: "The server accepts connections without TLS: passwords and data can be read on the way.",
    source: `${DOCS}security/security-tls`,
  }),
  parameter.on("value", versionFalls, {
    id: "AZPG-TLS-OLDER",
    where: { name: "ssl_min_protocol_version" },
    effects: ["weaker"],
    words: "The server accepts an older version of TLS.",
    source: `${DOCS}security/security-tls`,
  }),
  parameter.on("value", changed, {
    id: "AZPG-EXTENSIONS",
    where: { name: "azure.extensions" },
    effects: ["failure"],
    certainty: "likely",
    words:
      "An extension that is no longer in the list cannot be created or updated; migrations of applications that ask for it fail.",
    source: `${DOCS}extensions/how-to-allow-extensions`,
  }),
  database.when(["destroy", "replace"], {
    id: "AZPG-DATABASE-DROPPED",
    effects: ["data-loss", "outage"],
    words: "Azure drops the database with its data. A replacement creates an empty one.",
    next: "Undo the change, or forget the database with a removed block instead of destroying it.",
  }),
  backup.when(["destroy", "replace"], {
    id: "AZPG-BACKUP-DELETED",
    effects: ["backup-loss", "irreversible"],
    words: "The on-demand backup is deleted and cannot be restored.",
  }),
];
