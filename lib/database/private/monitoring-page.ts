// Links from alarms to the page that says what to do.

const PAGE = "https://github.com/cdktf-devplatforms/cdktf-devplatforms/blob/main/docs/monitoring.md";

/** Sections of docs/monitoring.md, by their anchors. */
export const MONITORING_SECTIONS = [
  "availability",
  "disk-space",
  "cpu",
  "cpu-credits",
  "memory",
  "disk-queue",
  "connections",
  "replication-lag",
  "transaction-logs",
  "transaction-ids",
  "deadlocks",
  "automated-backups",
  "connection-pools",
  "backups-in-the-cluster",
  "missing-metrics",
] as const;

/** One of `MONITORING_SECTIONS`. */
export type MonitoringSection = (typeof MONITORING_SECTIONS)[number];

/** Address of a section of docs/monitoring.md, which the text of an alarm ends with. */
export function monitoringPage(section: MonitoringSection): string {
  return `${PAGE}#${section}`;
}
