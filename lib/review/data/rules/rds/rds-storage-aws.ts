// Read 2026-11. Storage and monitoring of RDS DB instances. ModifyDBInstance of the RDS API, and the table "Settings for DB instances" of the
// user guide. Changes wait for the maintenance window unless apply_immediately is true or the row says otherwise.

import {
  changed,
  disabled,
  either,
  except,
  from,
  grows,
  removed,
  set,
  shrinks,
  to,
} from "../../../rules/changes";
import { type Rule, rulesOf } from "../../../rules/rule";

const GUIDE = "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/";
const SETTINGS = `${GUIDE}USER_ModifyInstance.Settings.html`;
const MODIFY = "https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ModifyDBInstance.html";
const instance = rulesOf("aws_db_instance", MODIFY);
const magnetic = either(from("standard"), to("standard"));

/** Storage and monitoring of RDS DB instances. */
export const RDS_STORAGE_RULES: readonly Rule[] = [
  instance.on("allocated_storage", grows, {
    id: "RDS-STORAGE-LARGER",
    effects: ["slow", "cost", "irreversible"],
    when: "maintenance window",
    words:
      "No outage. The instance is in storage-optimization for hours, and RDS refuses another storage change for six hours or until that is done, whichever is longer. Storage cannot be reduced again.",
    source: SETTINGS,
  }),
  instance.on("allocated_storage", shrinks, {
    id: "RDS-STORAGE-SMALLER",
    effects: ["failure"],
    words: "RDS cannot reduce storage: the apply fails.",
    next: "Restore the old value; to shrink, copy the data into a new instance.",
    source: SETTINGS,
  }),
  instance.on("max_allocated_storage", either(shrinks, removed), {
    id: "RDS-AUTOSCALING-LESS",
    effects: ["outage"],
    when: "later",
    words:
      "RDS grows the storage no further than the new limit. When it is full, the instance has the status storage-full and takes no writes; RDS stops MySQL instances.",
    source: `${GUIDE}CHAP_Troubleshooting.html`,
  }),
  instance.on("max_allocated_storage", either(grows, set), {
    id: "RDS-AUTOSCALING-MORE",
    effects: ["cost"],
    when: "later",
    words: "RDS may grow the storage up to the new limit, and never shrinks it.",
    source: SETTINGS,
  }),
  instance.on("storage_type", magnetic, {
    id: "RDS-STORAGE-MAGNETIC",
    effects: ["outage", "slow"],
    when: "maintenance window",
    words:
      "A brief outage while the migration starts, then reduced performance for hours to days. Nightly backups are suspended and RDS refuses another storage change for six hours or until that is done, whichever is longer.",
    source: SETTINGS,
  }),
  instance.on("storage_type", except(changed, magnetic), {
    id: "RDS-STORAGE-TYPE",
    effects: ["slow", "cost"],
    when: "maintenance window",
    words:
      "RDS moves the data to another storage type: reduced performance for hours, another price. RDS refuses another storage change for six hours or until that is done, whichever is longer.",
    source: SETTINGS,
  }),
  instance.on(["iops", "storage_throughput"], either(grows, set), {
    id: "RDS-IO-MORE",
    effects: ["slow", "cost"],
    when: "maintenance window",
    words:
      "No outage. Performance is reduced while RDS changes the volume, and RDS refuses another storage change for six hours or until that is done, whichever is longer.",
    source: SETTINGS,
  }),
  instance.on(["iops", "storage_throughput"], either(shrinks, removed), {
    id: "RDS-IO-LESS",
    effects: ["slow"],
    when: "maintenance window",
    words:
      "The volume becomes slower; RDS refuses another storage change for six hours or until storage optimization is done, whichever is longer.",
    source: SETTINGS,
  }),
  instance.on("dedicated_log_volume", changed, {
    id: "RDS-LOG-VOLUME",
    effects: ["outage", "cost"],
    when: "maintenance window",
    certainty: "likely",
    words:
      "The transaction log moves to or from a volume of 1,024 GiB with 3,000 IOPS; this needs a restart.",
    source: `${GUIDE}USER_PIOPS.dlv.html`,
  }),
  instance.on(["performance_insights_enabled", "database_insights_mode"], either(disabled, to("standard")), {
    id: "RDS-INSIGHTS-OFF",
    effects: ["weaker"],
    words:
      "Less is recorded about the load of the database: slow queries of the past can no longer be explained.",
    source: SETTINGS,
  }),
  instance.on("monitoring_interval", to(0, undefined), {
    id: "RDS-MONITORING-OFF",
    effects: ["weaker"],
    words: "Enhanced Monitoring ends: no more metrics of the operating system.",
  }),
  instance.on("enabled_cloudwatch_logs_exports", either(shrinks, removed), {
    id: "RDS-LOGS-OFF",
    effects: ["weaker"],
    words:
      "Logs of the database are no longer sent to CloudWatch Logs; alarms and audits on them see nothing.",
    source: SETTINGS,
  }),
  instance.on("performance_insights_retention_period", grows, {
    id: "RDS-INSIGHTS-LONGER",
    effects: ["cost"],
    words: "Performance Insights data is kept longer; more than 7 days is charged.",
    source: SETTINGS,
  }),
  instance.on("performance_insights_retention_period", shrinks, {
    id: "RDS-INSIGHTS-SHORTER",
    effects: ["weaker"],
    words: "Older Performance Insights data is dropped.",
    source: SETTINGS,
  }),
  instance.on(["enabled_cloudwatch_logs_exports", "monitoring_interval"], either(grows, set), {
    id: "RDS-MORE-MONITORING",
    effects: [],
    words: "No outage; CloudWatch charges for what it stores.",
    source: SETTINGS,
  }),
  instance.on("monitoring_interval", except(shrinks, to(0)), {
    id: "RDS-FINER-MONITORING",
    effects: [],
    words: "No outage; more metrics are recorded.",
  }),
];
