// Read 2026-11. Effects of changes of Cloud SQL instances: restarts, storage, access. Cloud SQL applies all changes at once; the maintenance window
// is for updates by Google. Cloud SQL Admin API v1 (descriptions), gcloud sql instances patch, google provider 6.50.0.

import {
  changed,
  disabled,
  either,
  enabled,
  engineChanges,
  engineMajorRises,
  except,
  from,
  grows,
  machineGrows,
  machineShrinks,
  neither,
  removed,
  set,
  to,
  versionFalls,
} from "../../rules/changes";
import { type Rule, rulesOf } from "../../rules/rule";

const API = "https://cloud.google.com/sql/docs/postgres/admin-api/rest/v1/instances";
const DOCS = "https://cloud.google.com/sql/docs/";
const GCLOUD = "https://cloud.google.com/sdk/gcloud/reference/sql/instances/patch";
const PROVIDER = "https://github.com/hashicorp/terraform-provider-google/blob/v6.50.0/";
const ARGUMENTS = `${PROVIDER}website/docs/r/sql_database_instance.html.markdown`;
const instance = rulesOf("google_sql_database_instance", API);
const ip = "settings.ip_configuration";
const WORLD = ["0.0.0.0/0", "::/0"] as const;

/** Restarts, storage and access of Cloud SQL instances. */
export const CLOUD_SQL_RULES: readonly Rule[] = [
  instance.on("settings.tier", machineShrinks, {
    id: "CLOUDSQL-TIER-SMALLER",
    effects: ["outage", "slow"],
    words:
      "The instance restarts at once with less memory and accepts fewer connections: max_connections follows the memory unless a flag sets it.",
    next: "Compare max_connections of the new tier with the connections of all applications.",
  }),
  instance.on("settings.tier", machineGrows, {
    id: "CLOUDSQL-TIER-LARGER",
    effects: ["outage", "cost"],
    words: "The instance restarts at once, not in the maintenance window.",
  }),
  instance.on("settings.tier", neither(machineGrows, machineShrinks), {
    id: "CLOUDSQL-TIER",
    effects: ["outage"],
    words: "The instance restarts at once, not in the maintenance window.",
  }),
  instance.on(`${ip}.allocated_ip_range`, changed, {
    id: "CLOUDSQL-IP-RANGE",
    effects: ["failure"],
    certainty: "likely",
    words:
      "The range of the private address is chosen at creation; Cloud SQL refuses to change it afterwards.",
    next: "Keep the range. For an address in another one, restore a backup into a new instance.",
    source: `${DOCS}postgres/configure-private-ip`,
  }),
  instance.on("settings.edition", changed, {
    id: "CLOUDSQL-EDITION",
    effects: ["outage", "cost"],
    words:
      "The provider changes edition, tier and data cache in a first request and the other settings in a second one, each with a possible restart. Limits of backups and of transaction logs follow the edition.",
    source: `${PROVIDER}google/services/sql/resource_sql_database_instance.go`,
  }),
  instance.on("database_version", except(engineMajorRises, engineChanges), {
    id: "CLOUDSQL-VERSION-UP",
    effects: ["outage", "irreversible"],
    words:
      "Major version upgrade in place, before all other changes of the plan: the instance is down for minutes, read replicas too, and does not go back.",
    next: "Upgrade a clone first, and make an on-demand backup before the apply.",
    source: `${DOCS}postgres/upgrade-major-db-version-inplace`,
  }),
  instance.on("database_version", neither(engineMajorRises, versionFalls, engineChanges), {
    id: "CLOUDSQL-VERSION-MINOR",
    effects: ["outage", "irreversible"],
    words:
      "Minor version upgrade in place (MySQL): the instance restarts, is down for some minutes, and does not go back.",
    source: `${DOCS}mysql/upgrade-minor-db-version`,
  }),
  instance.on("database_version", either(versionFalls, engineChanges), {
    id: "CLOUDSQL-VERSION-OTHER",
    effects: ["failure"],
    words: "Cloud SQL upgrades an instance to a later version of the same engine only: the apply fails.",
    source: `${DOCS}postgres/upgrade-major-db-version-inplace`,
  }),
  instance.on("settings.availability_type", to("REGIONAL"), {
    id: "CLOUDSQL-HA-ON",
    effects: ["outage", "cost"],
    certainty: "likely",
    words:
      "Cloud SQL builds a standby in another zone: a restart is possible, and the price of the instance doubles. Without automated backups and point-in-time recovery (MySQL: binary logging) it refuses.",
    source: `${DOCS}postgres/configure-ha`,
  }),
  instance.on("settings.availability_type", from("REGIONAL"), {
    id: "CLOUDSQL-HA-OFF",
    effects: ["weaker", "outage"],
    when: "next failure of a zone",
    words:
      "The standby is removed: when the zone fails, the database is down, and the SLA for the instance ends.",
    source: "https://cloud.google.com/sql/docs/postgres/operational-guidelines",
  }),
  instance.on(["settings.location_preference.zone", "settings.location_preference.secondary_zone"], changed, {
    id: "CLOUDSQL-ZONE",
    effects: ["outage"],
    words: "Cloud SQL moves the instance to another zone with a restart, if it does not run there already.",
  }),
  instance.on("settings.database_flags", removed, {
    id: "CLOUDSQL-FLAG-REMOVED",
    effects: ["outage"],
    certainty: "likely",
    words:
      "The flag goes back to its default. Flags that need a restart restart the instance and its replicas at once; if no flag is left, the instance restarts in any case.",
    source: GCLOUD,
  }),
  instance.on("settings.database_flags", except(changed, removed), {
    id: "CLOUDSQL-FLAGS",
    effects: ["outage"],
    certainty: "likely",
    words: "Flags that need a restart restart the instance and its replicas at once.",
    next: "Look the flag up in the list of supported flags: it says which need a restart.",
    source: `${DOCS}postgres/flags`,
  }),
  instance.on(
    [
      "settings.database_flags[name=sync_binlog].value",
      "settings.database_flags[name=innodb_flush_log_at_trx_commit].value",
    ],
    except(changed, to("1", 1), removed),
    {
      id: "CLOUDSQL-FLAG-DURABILITY",
      effects: ["data-loss"],
      when: "later",
      words:
        "With a value other than 1, transactions that were committed can be lost when the instance crashes or fails over.",
      source: GCLOUD,
    },
  ),
  instance.on(
    [
      "settings.database_flags[name=cloudsql.iam_authentication].value",
      "settings.database_flags[name=cloudsql_iam_authentication].value",
    ],
    either(disabled, removed),
    {
      id: "CLOUDSQL-IAM-LOGIN-OFF",
      effects: ["outage"],
      words: "Logins with IAM database authentication fail.",
      source: `${DOCS}postgres/iam-authentication`,
    },
  ),
  instance.on("settings.time_zone", changed, {
    id: "CLOUDSQL-TIME-ZONE",
    effects: ["outage"],
    words: "Only for SQL Server: another time zone may cause inconsistencies in the data.",
    source: GCLOUD,
  }),
  instance.on(
    "settings.insights_config.query_string_length",
    except(changed, from(undefined).to(1024), from(1024).to(undefined)),
    {
      id: "CLOUDSQL-QUERY-LENGTH",
      effects: ["outage"],
      words: "Another maximum query length of Query Insights restarts the database.",
    },
  ),
  instance.on("settings.insights_config.query_insights_enabled", disabled, {
    id: "CLOUDSQL-INSIGHTS-OFF",
    effects: ["weaker"],
    words: "Query Insights records no more queries: slow ones of the past can no longer be explained.",
  }),
  instance.on("settings.active_directory_config", changed, {
    id: "CLOUDSQL-DOMAIN",
    effects: ["outage"],
    words: "Another Active Directory domain restarts the instance.",
    source: GCLOUD,
  }),
  instance.on("maintenance_version", changed, {
    id: "CLOUDSQL-MAINTENANCE-VERSION",
    effects: ["outage"],
    words:
      "The instance restarts with another maintenance version. A version older than the current one is ignored.",
    source: ARGUMENTS,
  }),
  instance.on("settings.disk_size", grows, {
    id: "CLOUDSQL-DISK-LARGER",
    effects: ["cost", "irreversible"],
    words: "The disk grows without a restart, and never shrinks.",
    source: ARGUMENTS,
  }),
  instance.on("settings.disk_autoresize_limit", changed, {
    id: "CLOUDSQL-DISK-LIMIT",
    effects: ["cost"],
    when: "later",
    certainty: "likely",
    words:
      "The disk grows up to another limit (0: none). At the limit the database fills its disk and takes no writes.",
  }),
  instance.on("settings.disk_autoresize", disabled, {
    id: "CLOUDSQL-DISK-FIXED",
    effects: ["outage"],
    when: "later",
    certainty: "likely",
    words: "The disk no longer grows by itself: when it is full, the database takes no writes.",
    next: "Alert on disk utilization.",
  }),
  instance.on("settings.disk_autoresize", enabled, {
    id: "CLOUDSQL-DISK-GROWS",
    effects: ["cost"],
    when: "later",
    words:
      "The disk grows when it is nearly full, and never shrinks. A disk_size in the program has to be ignored (lifecycle.ignore_changes): once the disk has grown, it would replace the instance.",
    source: ARGUMENTS,
  }),
  instance.on(`${ip}.ipv4_enabled`, enabled, {
    id: "CLOUDSQL-PUBLIC",
    effects: ["exposure"],
    words:
      "The instance gets a public IP address. Authorized networks reach it from the internet, and so do Cloud SQL connectors of everyone with the IAM permission.",
  }),
  instance.on(`${ip}.ipv4_enabled`, disabled, {
    id: "CLOUDSQL-PRIVATE",
    effects: ["outage"],
    words:
      "The public IP address is gone: clients that use it lose the connection, and a later address is another one. With a shared or customer-managed server CA the instance restarts.",
    source: `${DOCS}postgres/configure-ip`,
  }),
  instance.on(`${ip}.authorized_networks.value`, to(...WORLD), {
    id: "CLOUDSQL-OPEN-TO-INTERNET",
    actions: ["create", "update"],
    effects: ["exposure"],
    words: "Every address on the internet may open connections to the public IP address of the instance.",
  }),
  instance.on(`${ip}.authorized_networks`, except(changed, removed), {
    id: "CLOUDSQL-NETWORKS-MORE",
    effects: ["exposure"],
    certainty: "likely",
    words: "Other networks than before may connect to the public IP address of the instance.",
  }),
  instance.on(`${ip}.authorized_networks`, removed, {
    id: "CLOUDSQL-NETWORKS-LESS",
    effects: ["outage"],
    words: "Clients in this network lose access to the public IP address.",
  }),
  instance.on(`${ip}.private_network`, set, {
    id: "CLOUDSQL-PRIVATE-IP-ON",
    effects: ["outage", "irreversible"],
    words:
      "The instance gets a private IP address, and restarts for it. Private IP cannot be removed again; in a Shared VPC, Cloud SQL refuses it for an instance that exists.",
    source: `${DOCS}postgres/configure-private-ip`,
  }),
  instance.on(`${ip}.private_network`, except(changed, set, removed), {
    id: "CLOUDSQL-NETWORK-MOVED",
    effects: ["outage", "irreversible"],
    words:
      "The instance gets an address in another VPC network: clients of the old network lose the connection. Private IP cannot be removed again.",
  }),
  instance.on(`${ip}.ssl_mode`, to("ALLOW_UNENCRYPTED_AND_ENCRYPTED", undefined), {
    id: "CLOUDSQL-TLS-OPTIONAL",
    effects: ["weaker"],
    words: "The instance accepts connections without TLS: passwords and data can be read on the way.",
  }),
  instance.on(`${ip}.ssl_mode`, from("TRUSTED_CLIENT_CERTIFICATE_REQUIRED").to("ENCRYPTED_ONLY"), {
    id: "CLOUDSQL-CLIENT-CERTIFICATES-OFF",
    effects: ["weaker"],
    words: "A client certificate is no longer required: a password alone opens a connection.",
  }),
  instance.on(`${ip}.ssl_mode`, except(to("ENCRYPTED_ONLY"), from("TRUSTED_CLIENT_CERTIFICATE_REQUIRED")), {
    id: "CLOUDSQL-TLS-REQUIRED",
    effects: ["outage"],
    words: "Clients without TLS are refused; client certificates are not required.",
  }),
  instance.on(`${ip}.ssl_mode`, to("TRUSTED_CLIENT_CERTIFICATE_REQUIRED"), {
    id: "CLOUDSQL-CLIENT-CERTIFICATES",
    effects: ["outage"],
    words: "Clients without a valid client certificate are refused.",
  }),
  instance.on("settings.connector_enforcement", to("REQUIRED"), {
    id: "CLOUDSQL-CONNECTORS-ONLY",
    effects: ["outage"],
    words: "Only Cloud SQL connectors and the Auth Proxy can connect; authorized networks are disabled.",
  }),
  instance.on("settings.connector_enforcement", from("REQUIRED"), {
    id: "CLOUDSQL-CONNECTORS-OPTIONAL",
    effects: ["weaker"],
    words: "Clients can connect without a Cloud SQL connector, so without an IAM permission.",
  }),
  instance.on(
    [`${ip}.server_ca_mode`, `${ip}.server_ca_pool`, `${ip}.custom_subject_alternative_names`],
    changed,
    {
      id: "CLOUDSQL-CERTIFICATE-AUTHORITY",
      effects: ["outage"],
      certainty: "likely",
      words:
        "The server certificate changes: clients that do not trust the new certificate authority or host name cannot connect.",
      next: "Give all clients the new certificate authority first.",
    },
  ),
  instance.on("settings.activation_policy", to("NEVER"), {
    id: "CLOUDSQL-STOPPED",
    effects: ["outage"],
    words: "Cloud SQL stops the instance: no application can connect.",
    source: `${DOCS}postgres/start-stop-restart-instance`,
  }),
  instance.on("settings.activation_policy", from("NEVER"), {
    id: "CLOUDSQL-STARTED",
    effects: ["cost"],
    words: "Cloud SQL starts the instance, before the other changes of the plan.",
    source: `${PROVIDER}google/services/sql/resource_sql_database_instance.go`,
  }),
  instance.on(["settings.deny_maintenance_period", "settings.maintenance_window"], changed, {
    id: "CLOUDSQL-MAINTENANCE",
    effects: ["outage"],
    when: "later",
    words:
      "Google installs updates at other times, with a brief outage; a deny period delays security fixes.",
    source: `${DOCS}postgres/maintenance`,
  }),
  instance.on("root_password", changed, {
    id: "CLOUDSQL-ROOT-PASSWORD",
    effects: ["outage"],
    words:
      "The password of the default administrator changes at once: clients that have the old one cannot connect. It is in the state.",
    source: `${PROVIDER}google/services/sql/resource_sql_database_instance.go`,
  }),
  instance.on("settings.insights_config.query_insights_enabled", enabled, {
    id: "CLOUDSQL-INSIGHTS-ON",
    effects: [],
    words: "Query Insights records queries; no restart.",
  }),
  instance.harmless(
    "CLOUDSQL-HARMLESS",
    [
      "settings.insights_config.query_plans_per_minute",
      "settings.insights_config.record_application_tags",
      "settings.insights_config.record_client_address",
      `${ip}.enable_private_path_for_google_cloud_services`,
      "settings.user_labels",
      "settings.version",
      "timeouts",
    ],
    "Takes effect without a restart.",
  ),
];
