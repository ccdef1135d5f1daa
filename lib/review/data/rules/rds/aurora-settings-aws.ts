// Read 2026-11. Settings of Aurora and Multi-AZ DB clusters beside data, backups and versions: table "Settings for Amazon Aurora" of the Aurora user
// guide, ModifyDBCluster, and `resourceClusterUpdate` of the aws provider (internal/service/rds/cluster.go).

import {
  changed,
  disabled,
  either,
  enabled,
  except,
  from,
  grows,
  machineGrows,
  neither,
  removed,
  set,
  shrinks,
  to,
} from "../../../rules/changes";
import { type Rule, rulesOf } from "../../../rules/rule";

const AURORA = "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/";
const RDS = "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/";
const API = "https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/";
const SETTINGS = `${AURORA}Aurora.Modifying.html`;
const MULTI_AZ = `${RDS}modify-multi-az-db-cluster.html`;
const PROVIDER =
  "https://github.com/hashicorp/terraform-provider-aws/blob/v6.25.0/internal/service/rds/cluster.go";
const cluster = rulesOf("aws_rds_cluster", SETTINGS);
const CAPACITY = [
  "scaling_configuration.max_capacity",
  "scaling_configuration.min_capacity",
  "serverlessv2_scaling_configuration.max_capacity",
  "serverlessv2_scaling_configuration.min_capacity",
];
const WATCHED = ["performance_insights_enabled", "enabled_cloudwatch_logs_exports"];

/** Settings of Aurora and Multi-AZ DB clusters. */
export const AURORA_SETTINGS_RULES: readonly Rule[] = [
  cluster.on("apply_immediately", enabled, {
    id: "AURORA-PENDING-CHANGES-NOW",
    effects: ["outage"],
    certainty: "likely",
    words:
      "With the next change of the cluster, all pending modifications of earlier applies run at once instead of in the maintenance window.",
    next: "Look at PendingModifiedValues of aws rds describe-db-clusters.",
    source: `${API}API_ModifyDBCluster.html`,
  }),
  cluster.on("preferred_maintenance_window", changed, {
    id: "AURORA-WINDOW-MOVED",
    effects: ["outage"],
    certainty: "likely",
    words:
      "No effect by itself. If the new window includes the current time, pending changes that cause an outage run at once.",
  }),
  cluster.on("delete_automated_backups", enabled, {
    id: "AURORA-BACKUPS-NOT-KEPT",
    effects: ["weaker"],
    when: "next destroy",
    words: "RDS will delete the automated backups together with the cluster.",
    source: `${API}API_DeleteDBCluster.html`,
  }),
  cluster.on("backtrack_window", either(shrinks, removed), {
    id: "AURORA-BACKTRACK-SHORTER",
    effects: ["backup-loss"],
    words: "The cluster can be rewound less far, with 0 not at all. Point-in-time recovery stays.",
    source: `${AURORA}AuroraMySQL.Managing.Backtrack.html`,
  }),
  cluster.on("backtrack_window", either(grows, set), {
    id: "AURORA-BACKTRACK-LONGER",
    effects: ["cost"],
    words: "Aurora keeps more change records to rewind the cluster, and charges them.",
    source: `${AURORA}AuroraMySQL.Managing.Backtrack.html`,
  }),
  cluster.on("db_cluster_parameter_group_name", changed, {
    id: "AURORA-PARAMETER-GROUP",
    effects: ["outage"],
    when: "next restart",
    words:
      "Some parameters of the new group hold at once, the others wait for a reboot of the instances, which neither RDS nor Terraform does.",
    next: "Reboot the instances one by one in a quiet hour.",
  }),
  cluster.on("db_cluster_instance_class", machineGrows, {
    id: "AURORA-CLUSTER-CLASS-LARGER",
    effects: ["outage", "cost"],
    when: "maintenance window",
    words: "The instances of the Multi-AZ DB cluster change their class one by one, with a failover.",
    source: MULTI_AZ,
  }),
  cluster.on("db_cluster_instance_class", except(changed, machineGrows), {
    id: "AURORA-CLUSTER-CLASS",
    effects: ["outage", "slow"],
    when: "maintenance window",
    words:
      "The instances of the Multi-AZ DB cluster change their class one by one, with a failover; with less memory they accept fewer connections.",
    source: MULTI_AZ,
  }),
  cluster.on("storage_type", changed, {
    id: "AURORA-STORAGE-TYPE",
    effects: ["cost", "outage"],
    certainty: "likely",
    words:
      "Storage and I/O have another price. An outage occurs in Aurora PostgreSQL with Optimized Reads instance classes only.",
  }),
  cluster.on(["allocated_storage", "iops"], changed, {
    id: "AURORA-STORAGE",
    effects: ["slow", "cost"],
    certainty: "likely",
    words:
      "The storage of the Multi-AZ DB cluster changes without an outage; latency can be higher meanwhile. It does not shrink.",
    source: MULTI_AZ,
  }),
  cluster.on(CAPACITY, shrinks, {
    id: "AURORA-CAPACITY-LESS",
    effects: ["slow"],
    words:
      "Aurora Serverless scales to less capacity: less memory for the cache at the minimum, fewer resources under load at the maximum. The maximum also limits max_connections.",
    source: `${AURORA}aurora-serverless-v2.setting-capacity.html`,
  }),
  cluster.on(CAPACITY, either(grows, set), {
    id: "AURORA-CAPACITY-MORE",
    effects: ["cost"],
    words:
      "Aurora Serverless scales to more capacity. max_connections follows a new maximum after a reboot of the instances only.",
    source: `${AURORA}aurora-serverless-v2.setting-capacity.html`,
  }),
  cluster.on(
    [
      "scaling_configuration.auto_pause",
      "scaling_configuration.seconds_until_auto_pause",
      "serverlessv2_scaling_configuration.seconds_until_auto_pause",
    ],
    // The provider writes 0 for "not set".
    except(changed, from(undefined, 0).to(undefined, 0)),
    {
      id: "AURORA-PAUSE",
      effects: ["slow"],
      when: "later",
      words:
        "Aurora Serverless pauses after another idle time, or never: the first connection after a pause waits until the instance has resumed.",
      source: `${AURORA}aurora-serverless-v2-auto-pause.html`,
    },
  ),
  cluster.on(
    ["scaling_configuration.seconds_before_timeout", "scaling_configuration.timeout_action"],
    changed,
    {
      id: "AURORA-SCALING-TIMEOUT",
      effects: ["outage"],
      when: "later",
      certainty: "likely",
      words:
        "Aurora Serverless v1 looks for a scaling point for another time; with ForceApplyCapacityChange it then ends the connections that prevent one.",
      source: `${API}API_ScalingConfiguration.html`,
    },
  ),
  cluster.on("ca_certificate_identifier", changed, {
    id: "AURORA-CERTIFICATE-AUTHORITY",
    effects: ["outage"],
    when: "maintenance window",
    words:
      "The server certificate is signed by another certificate authority: the instances restart unless the engine version rotates certificates without, and clients that do not trust the new authority cannot connect.",
    next: "Give all clients the new certificate bundle first.",
    source: `${AURORA}UsingWithRDS.SSL-certificate-rotation.html`,
  }),
  cluster.on("iam_database_authentication_enabled", disabled, {
    id: "AURORA-IAM-LOGIN-OFF",
    effects: ["outage"],
    when: "maintenance window",
    words: "Logins with IAM database authentication fail.",
  }),
  cluster.on(["domain", "domain_iam_role_name"], changed, {
    id: "AURORA-DOMAIN",
    effects: ["outage"],
    certainty: "likely",
    words: "No restart, but logins with Kerberos go to another directory, or fail.",
  }),
  cluster.on("network_type", changed, {
    id: "AURORA-NETWORK-TYPE",
    effects: ["outage"],
    certainty: "likely",
    words: "The endpoint gets or loses its IPv6 address: clients that use IPv6 depend on it.",
    source: `${API}API_ModifyDBCluster.html`,
  }),
  cluster.on("enable_http_endpoint", enabled, {
    id: "AURORA-DATA-API-ON",
    effects: ["exposure"],
    words:
      "The RDS Data API runs SQL for every identity that has the IAM permission and a secret, without a network path to the cluster.",
    source: `${AURORA}data-api.html`,
  }),
  cluster.on("enable_http_endpoint", disabled, {
    id: "AURORA-DATA-API-OFF",
    effects: ["outage"],
    words: "Clients of the RDS Data API and the query editor fail.",
    source: `${AURORA}data-api.html`,
  }),
  cluster.on(["enable_global_write_forwarding", "enable_local_write_forwarding"], disabled, {
    id: "AURORA-WRITE-FORWARDING-OFF",
    effects: ["outage"],
    words: "Readers no longer forward writes to the writer: clients that write through a reader fail.",
    source: `${AURORA}aurora-global-database-write-forwarding.html`,
  }),
  cluster.on("iam_roles", changed, {
    id: "AURORA-ROLES",
    effects: ["outage"],
    certainty: "likely",
    words:
      "The cluster gets or loses IAM roles: what uses a role that is removed (import from S3, calls of Lambda) fails.",
    source: PROVIDER,
  }),
  cluster.on("master_user_secret_kms_key_id", except(changed, set), {
    id: "AURORA-SECRET-KEY",
    whereBefore: { manage_master_user_password: true },
    effects: ["failure"],
    words:
      "RDS manages the secret of the master user already, and does not change the KMS key of such a secret: the apply fails.",
    next: "Keep the key; another one needs a password that the program sets in between.",
    source: `${API}API_ModifyDBCluster.html`,
  }),
  cluster.on("global_cluster_identifier", removed, {
    id: "AURORA-GLOBAL-LEFT",
    effects: ["irreversible", "backup-loss"],
    words:
      "The cluster leaves the global database and stands alone: data is no longer copied from or to the other Regions, and the cluster cannot be added again.",
    source: PROVIDER,
  }),
  cluster.on("global_cluster_identifier", except(changed, removed), {
    id: "AURORA-GLOBAL-REFUSED",
    effects: ["failure"],
    words: "The provider adds no existing cluster to a global database, and moves none to another.",
    source: PROVIDER,
  }),
  cluster.on("replication_source_identifier", removed, {
    id: "AURORA-REPLICA-PROMOTED",
    effects: ["irreversible", "outage"],
    words: "The replica cluster is promoted: it takes writes, and the two clusters drift apart from here on.",
    source: `${API}API_PromoteReadReplicaDBCluster.html`,
  }),
  cluster.on([...WATCHED, "monitoring_interval"], either(disabled, shrinks, removed, to(0)), {
    id: "AURORA-MONITORING-LESS",
    effects: ["weaker"],
    words:
      "Metrics, logs or query samples of the cluster are no longer recorded, or more rarely: a fault of the past is harder to explain.",
  }),
  cluster.on("performance_insights_retention_period", shrinks, {
    id: "AURORA-INSIGHTS-SHORTER",
    effects: ["weaker"],
    words: "Older data of Performance Insights is deleted.",
  }),
  cluster.on([...WATCHED, "performance_insights_retention_period"], grows, {
    id: "AURORA-MONITORING-MORE",
    effects: ["cost"],
    words: "More logs or a longer history of Performance Insights are kept and charged.",
  }),
  cluster.on("engine_lifecycle_support", changed, {
    id: "AURORA-LIFECYCLE-IGNORED",
    effects: ["cost"],
    when: "later",
    certainty: "likely",
    words:
      "The provider does not send this change to RDS: the cluster stays in Extended Support, or out of it, as at its creation.",
    next: "Upgrade the engine before its standard support ends.",
    source: PROVIDER,
  }),
  cluster.on("database_insights_mode", changed, {
    id: "AURORA-DATABASE-INSIGHTS",
    effects: ["cost"],
    words: "Another mode of Database Insights has another price and another history.",
    source: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Database-Insights.html",
  }),
  cluster.on("delete_automated_backups", disabled, {
    id: "AURORA-BACKUPS-KEPT",
    effects: [],
    words: "RDS will keep the automated backups of a deleted cluster for their retention period.",
  }),
  cluster.on("apply_immediately", neither(enabled), {
    id: "AURORA-CHANGES-WAIT",
    effects: [],
    words: "Later changes wait for the maintenance window.",
  }),
  cluster.harmless(
    "AURORA-SETTINGS-HARMLESS",
    [
      "allow_major_version_upgrade",
      // Read only in a major version upgrade.
      "db_instance_parameter_group_name",
      // The provider does not send it.
      "cluster_members",
      "enable_global_write_forwarding",
      "enable_local_write_forwarding",
      "iam_database_authentication_enabled",
      // Of a secret that RDS does not manage yet.
      "master_user_secret_kms_key_id",
      "monitoring_interval",
      "monitoring_role_arn",
      "performance_insights_enabled",
      "performance_insights_kms_key_id",
      "preferred_backup_window",
      "serverlessv2_scaling_configuration.seconds_until_auto_pause",
    ],
    "Takes effect without an outage.",
  ),
];
