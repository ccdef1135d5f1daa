// Read 2026-11. Features of Cloud SQL instances beside restarts, storage and access: pooling, data cache, Private Service Connect, password policy,
// replication. Google provider 6.50.0, Cloud SQL documentation.

import {
  changed,
  disabled,
  either,
  enabled,
  except,
  grows,
  removed,
  set,
  shrinks,
} from "../../rules/changes";
import { type Rule, rulesOf } from "../../rules/rule";

const DOCS = "https://cloud.google.com/sql/docs/";
const PROVIDER =
  "https://github.com/hashicorp/terraform-provider-google/blob/v6.50.0/website/docs/r/sql_database_instance.html.markdown";
const instance = rulesOf("google_sql_database_instance", PROVIDER);
const PSC = "settings.ip_configuration.psc_config";
const POLICY = "settings.password_validation_policy";
const POOLING = "settings.connection_pool_config";
const PSC_DOCS = `${DOCS}postgres/configure-private-service-connect`;
const POLICY_DOCS = `${DOCS}postgres/built-in-authentication`;
const NEAR_ZERO = `${DOCS}postgres/data-cache`;
const STRICTNESS = [
  `${POLICY}.complexity`,
  `${POLICY}.disallow_username_substring`,
  `${POLICY}.enable_password_policy`,
  `${POLICY}.min_length`,
  `${POLICY}.password_change_interval`,
  `${POLICY}.reuse_interval`,
];

/** Features of Cloud SQL instances. */
export const CLOUD_SQL_FEATURE_RULES: readonly Rule[] = [
  instance.on(`${POOLING}.connection_pooling_enabled`, enabled, {
    id: "CLOUDSQL-POOLING-ON",
    effects: ["outage"],
    words: "The database restarts when Managed Connection Pooling is enabled on an existing instance.",
    source: `${DOCS}mysql/managed-connection-pooling`,
  }),
  instance.on(`${POOLING}.connection_pooling_enabled`, disabled, {
    id: "CLOUDSQL-POOLING-OFF",
    effects: ["outage"],
    certainty: "likely",
    words:
      "Clients of the pooler's port lose the connection, and each connection of a client is one of the database again: max_connections has to hold for all of them.",
    source: `${DOCS}postgres/managed-connection-pooling`,
  }),
  instance.on(`${POOLING}.flags`, changed, {
    id: "CLOUDSQL-POOLING-OPTIONS",
    effects: ["outage"],
    certainty: "likely",
    words: "The poolers take other options: pooled connections may end.",
    source: `${DOCS}postgres/configure-mcp`,
  }),
  instance.on("settings.data_cache_config.data_cache_enabled", changed, {
    id: "CLOUDSQL-DATA-CACHE",
    effects: ["outage", "slow"],
    certainty: "likely",
    words:
      "The instance changes its local disks, with near-zero downtime at best: connections end. Without the data cache, reads that do not fit into memory are slower.",
    source: NEAR_ZERO,
  }),
  instance.on("settings.advanced_machine_features.threads_per_core", changed, {
    id: "CLOUDSQL-THREADS",
    effects: ["outage"],
    certainty: "likely",
    words: "Only for SQL Server: the machine changes its threads per core, with a restart.",
    source: `${DOCS}sqlserver/create-instance`,
  }),
  instance.on("settings.enable_google_ml_integration", changed, {
    id: "CLOUDSQL-VERTEX-AI",
    effects: ["exposure", "outage"],
    certainty: "likely",
    words:
      "SQL can, or can no longer, send data to models of Vertex AI: queries that call a model depend on it. A restart is possible.",
    source: `${DOCS}postgres/integrate-cloud-sql-with-vertex-ai`,
  }),
  instance.on("settings.location_preference.follow_gae_application", changed, {
    id: "CLOUDSQL-FOLLOWS-APP-ENGINE",
    effects: ["outage"],
    words: "Cloud SQL moves the instance to the zone of the App Engine application, with a restart.",
    source: "https://cloud.google.com/sdk/gcloud/reference/sql/instances/patch",
  }),
  instance.on(`${PSC}.psc_enabled`, enabled, {
    id: "CLOUDSQL-PSC-ON",
    effects: ["outage", "irreversible"],
    certainty: "likely",
    words:
      "The instance gets a service attachment for Private Service Connect: clients of the allowed projects connect over an endpoint in their network, by its DNS name.",
    source: PSC_DOCS,
  }),
  instance.on(`${PSC}.psc_enabled`, disabled, {
    id: "CLOUDSQL-PSC-OFF",
    effects: ["outage"],
    certainty: "likely",
    words:
      "Clients that connect over Private Service Connect lose the connection; Cloud SQL may refuse the change.",
    source: PSC_DOCS,
  }),
  instance.on(`${PSC}.allowed_consumer_projects`, grows, {
    id: "CLOUDSQL-PSC-PROJECTS-MORE",
    effects: ["exposure"],
    words: "Every network of the added projects may connect to the instance over Private Service Connect.",
  }),
  instance.on(`${PSC}.allowed_consumer_projects`, shrinks, {
    id: "CLOUDSQL-PSC-PROJECTS-LESS",
    effects: ["outage"],
    words: "Clients of the removed projects lose the connection over Private Service Connect.",
  }),
  instance.on(`${PSC}.psc_auto_connections`, changed, {
    id: "CLOUDSQL-PSC-ENDPOINTS",
    effects: ["outage", "exposure"],
    certainty: "likely",
    words: "Endpoints for Private Service Connect are created in other networks, or deleted.",
    source: PSC_DOCS,
  }),
  instance.on(`${PSC}.network_attachment_uri`, changed, {
    id: "CLOUDSQL-PSC-OUTBOUND",
    effects: ["outage"],
    certainty: "likely",
    words:
      "The instance reaches another network, or none, from inside: replication from outside and migrations depend on it.",
    source: PSC_DOCS,
  }),
  instance.on(STRICTNESS, either(shrinks, disabled, removed), {
    id: "CLOUDSQL-PASSWORD-POLICY-WEAKER",
    effects: ["weaker"],
    words: "Passwords that are set from now on may be weaker; those that are set stay as they are.",
    source: POLICY_DOCS,
  }),
  instance.on(STRICTNESS, either(grows, enabled, set), {
    id: "CLOUDSQL-PASSWORD-POLICY",
    effects: [],
    words: "Holds for passwords that are set from now on; those that are set stay as they are.",
    source: POLICY_DOCS,
  }),
  instance.on(
    [
      "master_instance_name",
      "replica_names",
      "replica_configuration.cascadable_replica",
      "replication_cluster",
    ],
    changed,
    {
      id: "CLOUDSQL-REPLICATION",
      effects: ["outage"],
      certainty: "likely",
      words:
        "The instance gets another role or another partner in replication: with a switchover, its connections end and the other instance takes the writes.",
      next: "Follow the steps of the provider for a switchover or a failover to a replica, one apply each.",
    },
  ),
  instance.on("node_count", shrinks, {
    id: "CLOUDSQL-NODES-FEWER",
    effects: ["slow", "outage"],
    words: "The read pool loses nodes: their connections end, and fewer nodes serve the reads.",
    source: `${DOCS}postgres/about-read-pools`,
  }),
  instance.on("node_count", grows, {
    id: "CLOUDSQL-NODES-MORE",
    effects: ["cost"],
    words: "The read pool gets more nodes, each with the price of an instance.",
    source: `${DOCS}postgres/about-read-pools`,
  }),
  instance.on("settings.sql_server_audit_config", removed, {
    id: "CLOUDSQL-AUDIT-OFF",
    effects: ["weaker"],
    words: "Only for SQL Server: audit files are no longer uploaded to the bucket.",
    source: `${DOCS}sqlserver/db-audit`,
  }),
  instance.on("settings.sql_server_audit_config", except(changed, removed), {
    id: "CLOUDSQL-AUDIT",
    effects: ["weaker"],
    certainty: "likely",
    words:
      "Only for SQL Server: audit files are kept for another time on the instance, or uploaded at other times or to another bucket.",
    source: `${DOCS}sqlserver/db-audit`,
  }),
  instance.harmless(
    "CLOUDSQL-FEATURES-HARMLESS",
    // Both have one value only.
    ["settings.pricing_plan", "settings.backup_configuration.backup_retention_settings.retention_unit"],
    "No effect on the instance.",
  ),
];
