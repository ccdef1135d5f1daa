// Read 2026-11. Effects of changes of RDS DB instances: restarts, versions, access. ModifyDBInstance of the RDS API, and the table "Settings
// for DB instances" of the user guide. Changes wait for the maintenance window unless apply_immediately is true or the row says otherwise.

import {
  changed,
  disabled,
  enabled,
  engineMajorRises,
  except,
  machineGrows,
  machineShrinks,
  neither,
  set,
  to,
  versionFalls,
  versionRises,
} from "../../../rules/changes";
import { type Rule, rulesOf } from "../../../rules/rule";

const GUIDE = "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/";
const SETTINGS = `${GUIDE}USER_ModifyInstance.Settings.html`;
const MODIFY = "https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ModifyDBInstance.html";
const instance = rulesOf("aws_db_instance", MODIFY);

/** Restarts, versions and access of RDS DB instances. */
export const RDS_RULES: readonly Rule[] = [
  instance.on("instance_class", machineShrinks, {
    id: "RDS-CLASS-SMALLER",
    effects: ["outage", "slow"],
    when: "maintenance window",
    words:
      "The instance restarts (Multi-AZ: it fails over) with less memory. max_connections follows the memory unless the parameter group sets it, so fewer connections are accepted.",
    next: "Compare max_connections of the new class with the connections of all applications.",
  }),
  instance.on("instance_class", machineGrows, {
    id: "RDS-CLASS-LARGER",
    effects: ["outage", "cost"],
    when: "maintenance window",
    words: "The instance restarts; with Multi-AZ it fails over to its standby.",
  }),
  instance.on("instance_class", neither(machineGrows, machineShrinks), {
    id: "RDS-CLASS",
    effects: ["outage"],
    when: "maintenance window",
    words: "The instance restarts; with Multi-AZ it fails over to its standby.",
  }),
  instance.on("engine_version", engineMajorRises, {
    id: "RDS-VERSION-MAJOR",
    effects: ["outage", "irreversible"],
    when: "maintenance window",
    words:
      "Major version upgrade: the instance is unavailable while it runs and cannot go back. It needs allow_major_version_upgrade and a parameter group of the new family, else the apply fails.",
    next: "Upgrade a restored copy first, and take a snapshot before the apply.",
  }),
  instance.on("engine_version", except(versionRises, engineMajorRises), {
    id: "RDS-VERSION-MINOR",
    effects: ["outage", "irreversible"],
    when: "maintenance window",
    words: "The engine is upgraded with an outage; RDS does not go back to the older version.",
  }),
  instance.on("engine_version", neither(versionRises, versionFalls), {
    id: "RDS-VERSION-NAMED",
    effects: ["outage"],
    when: "maintenance window",
    certainty: "likely",
    words:
      "The same version, named more or less exactly: if RDS chooses a newer minor version for the name, it upgrades the engine with an outage.",
    next: "Compare with EngineVersion of aws rds describe-db-instances.",
  }),
  instance.on("engine_version", versionFalls, {
    id: "RDS-VERSION-OLDER",
    effects: ["failure"],
    certainty: "likely",
    words:
      "RDS does not downgrade an engine: the apply fails. An older version needs a dump and a new instance.",
  }),
  instance.on("auto_minor_version_upgrade", enabled, {
    id: "RDS-MINOR-UPGRADES-ON",
    effects: ["outage"],
    when: "later",
    words: "RDS upgrades to newer minor versions by itself, with an outage in a maintenance window.",
  }),
  instance.on("auto_minor_version_upgrade", disabled, {
    id: "RDS-MINOR-UPGRADES-OFF",
    effects: ["weaker"],
    words:
      "Security fixes of the engine are no longer installed by RDS; engine_version has to be raised in the program.",
  }),
  instance.on("multi_az", enabled, {
    id: "RDS-MULTI-AZ-ON",
    effects: ["slow", "cost"],
    when: "maintenance window",
    words:
      "RDS builds a standby in another Availability Zone from a snapshot: no outage, but latency can be high for a long time on a busy instance. The price of the instance doubles.",
    source: `${GUIDE}Concepts.MultiAZSingleStandby.html`,
  }),
  instance.on("multi_az", disabled, {
    id: "RDS-MULTI-AZ-OFF",
    effects: ["weaker", "outage"],
    when: "next failure of a zone",
    words:
      "The standby is removed: when the Availability Zone fails, the database is down until the zone is back or a backup is restored, and each later restart lasts longer.",
    source: `${GUIDE}Concepts.MultiAZSingleStandby.html`,
  }),
  instance.on("maintenance_window", changed, {
    id: "RDS-WINDOW-MOVED",
    effects: ["outage"],
    certainty: "likely",
    words:
      "No effect by itself. If the new window includes the current time, pending changes that restart the instance run at once.",
  }),
  instance.on("apply_immediately", enabled, {
    id: "RDS-PENDING-CHANGES-NOW",
    effects: ["outage"],
    certainty: "likely",
    words:
      "With the next change of the instance, all pending modifications of earlier applies run at once instead of in the maintenance window.",
    next: "Look at PendingModifiedValues of aws rds describe-db-instances.",
    source: `${GUIDE}USER_ModifyInstance.ApplyImmediately.html`,
  }),
  instance.on("parameter_group_name", changed, {
    id: "RDS-PARAMETER-GROUP",
    effects: ["outage"],
    when: "next restart",
    words:
      "Static parameters of the new group wait for a reboot, which neither RDS nor Terraform does; dynamic ones hold at once.",
    next: "Reboot the instance without failover in a quiet hour.",
  }),
  instance.on("port", changed, {
    id: "RDS-PORT",
    effects: ["outage"],
    words:
      "The instance restarts at once, also without apply_immediately, and listens on another port: security groups, secrets and clients have to follow.",
  }),
  instance.on("identifier", changed, {
    id: "RDS-RENAMED",
    effects: ["outage"],
    when: "maintenance window",
    words:
      "RDS renames the instance with a reboot; its endpoint changes. What refers to the endpoint in this plan still gets the old name, until the next apply. prevent_destroy does not stop it.",
    next: "Keep the name; or apply twice and restart the applications after the second apply.",
    source: "https://github.com/hashicorp/terraform-provider-aws/issues/45297",
  }),
  instance.on("db_subnet_group_name", changed, {
    id: "RDS-SUBNET-GROUP",
    effects: ["outage"],
    when: "maintenance window",
    words:
      "The instance moves to other subnets with an outage; in another VPC, security groups and routes of the clients no longer fit.",
  }),
  instance.on("vpc_security_group_ids", changed, {
    id: "RDS-SECURITY-GROUPS",
    effects: ["outage", "exposure"],
    certainty: "likely",
    words:
      "Takes effect at once, also without apply_immediately: clients in a group that is removed lose access, clients of an added group get it.",
    source: SETTINGS,
  }),
  instance.on("publicly_accessible", enabled, {
    id: "RDS-PUBLIC",
    actions: ["create", "update"],
    effects: ["exposure"],
    words:
      "The endpoint gets a public IP address at once. The security groups alone decide who reaches the database from the internet.",
  }),
  instance.on("publicly_accessible", disabled, {
    id: "RDS-PRIVATE",
    effects: ["outage"],
    words: "Clients outside the VPC lose the connection.",
  }),
  instance.on("network_type", changed, {
    id: "RDS-NETWORK-TYPE",
    effects: ["outage"],
    when: "maintenance window",
    certainty: "likely",
    words: "The address family of the endpoint changes; downtime is possible.",
    source: SETTINGS,
  }),
  instance.on("ca_cert_identifier", changed, {
    id: "RDS-CERTIFICATE-AUTHORITY",
    effects: ["outage"],
    when: "maintenance window",
    words:
      "The server certificate is signed by another certificate authority: the instance restarts unless its engine version rotates certificates without, and clients that do not trust the new authority cannot connect.",
    next: "Give all clients the new certificate bundle first.",
    source: `${GUIDE}UsingWithRDS.SSL-certificate-rotation.html`,
  }),
  instance.on("iam_database_authentication_enabled", disabled, {
    id: "RDS-IAM-LOGIN-OFF",
    effects: ["outage"],
    when: "maintenance window",
    words: "Logins with IAM database authentication fail.",
  }),
  instance.on(["password", "password_wo", "password_wo_version", "manage_master_user_password"], changed, {
    id: "RDS-PASSWORD",
    effects: ["outage"],
    words:
      "The master password changes at once, also without apply_immediately: clients that still have the old one cannot connect.",
    next: "Restart what uses the master user in the same rollout.",
  }),
  instance.on(
    [
      "license_model",
      "domain",
      "domain_fqdn",
      "domain_ou",
      "domain_dns_ips",
      "domain_iam_role_name",
      "domain_auth_secret_arn",
    ],
    changed,
    {
      id: "RDS-DOMAIN-LICENSE",
      effects: ["outage"],
      when: "maintenance window",
      words: "The instance has a brief downtime.",
      source: SETTINGS,
    },
  ),
  instance.on("master_user_secret_kms_key_id", except(changed, set), {
    id: "RDS-SECRET-KEY",
    whereBefore: { manage_master_user_password: true },
    effects: ["failure"],
    words:
      "RDS manages the secret of the master user already, and does not change the KMS key of such a secret: the apply fails.",
    next: "Keep the key; another one needs a password that the program sets in between.",
  }),
  instance.on("customer_owned_ip_enabled", changed, {
    id: "RDS-CUSTOMER-OWNED-IP",
    effects: ["outage"],
    certainty: "likely",
    words:
      "Only on AWS Outposts: the instance gets or loses its customer-owned IP address, which clients of the local network use.",
    source: `${GUIDE}rds-on-outposts.coip.html`,
  }),
  instance.on("replica_mode", changed, {
    id: "RDS-REPLICA-MODE",
    effects: ["outage"],
    certainty: "likely",
    words: "Only for Oracle and Db2: a mounted replica accepts no reads, an open one does.",
    source: `${GUIDE}oracle-read-replicas.html`,
  }),
  instance.on("engine_lifecycle_support", to("open-source-rds-extended-support", undefined), {
    id: "RDS-EXTENDED-SUPPORT-ON",
    effects: ["cost"],
    when: "later",
    words:
      "After the end of standard support of its engine version, the instance is charged for RDS Extended Support.",
    source: `${GUIDE}extended-support.html`,
  }),
  instance.on("engine_lifecycle_support", to("open-source-rds-extended-support-disabled"), {
    id: "RDS-EXTENDED-SUPPORT-OFF",
    effects: ["outage"],
    when: "later",
    certainty: "likely",
    words:
      "At the end of standard support of its engine version, RDS upgrades the instance to a newer major version.",
    source: `${GUIDE}extended-support.html`,
  }),
  instance.on(
    ["iam_database_authentication_enabled", "performance_insights_enabled", "copy_tags_to_snapshot"],
    enabled,
    {
      id: "RDS-FEATURE-ON",
      effects: [],
      words: "No outage.",
      source: SETTINGS,
    },
  ),
  // Not set in the state of an imported instance, and false in the program.
  instance.on(["apply_immediately", "copy_tags_to_snapshot"], neither(enabled), {
    id: "RDS-FEATURE-OFF",
    effects: [],
    words: "No outage.",
    source: SETTINGS,
  }),
  instance.harmless(
    "RDS-HARMLESS",
    [
      "allow_major_version_upgrade",
      "backup_window",
      "blue_green_update",
      // Both are read at creation only.
      "identifier_prefix",
      "upgrade_storage_config",
      // Of a secret that RDS does not manage yet.
      "master_user_secret_kms_key_id",
      "monitoring_role_arn",
      "option_group_name",
      "performance_insights_kms_key_id",
      "tags",
      "tags_all",
      "timeouts",
    ],
    "Takes effect without an outage.",
  ),
];
