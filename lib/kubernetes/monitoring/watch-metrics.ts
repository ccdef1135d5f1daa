// Metrics of kube-state-metrics about CronJobs: github.com/kubernetes/kube-state-metrics, docs/metrics/workload/cronjob-metrics.md.
// kube_cronjob_status_last_successful_time is exported only after the first success.

import { monitoringPage } from "../../database/private";
import { AlertSeverity, type ApplicationMetrics } from "./application-metrics";
import { metricsMissing } from "./metrics-missing";

/** Two runs of a watch, which runs every six hours, and an hour. */
const WATCH_SECONDS = 13 * 3600;

/** A CronJob whose success another one, the watch, confirms every six hours. */
export interface WatchedJob {
  /** Beginning of the alerts' names: `LogicalBackup`. */
  readonly kind: string;
  /** Heading on the dashboard, before the names: `Logical backup`. */
  readonly title: string;
  /** Namespace of both CronJobs. */
  readonly namespace: string;
  /** Name of the CronJob; that of its watch has `-watch` behind it. */
  readonly jobName: string;
  /** Age of the last success from which the watch fails, in seconds. */
  readonly maxAgeSeconds: number;
}

/** Alerts and chart of the last success of a watched CronJob. */
export function watchMetrics({
  kind,
  title,
  namespace,
  jobName,
  maxAgeSeconds,
}: WatchedJob): ApplicationMetrics {
  const cronJob = (name: string) => `{namespace="${namespace}",cronjob="${name}"}`;
  const last = (name: string) =>
    `max by (namespace, cronjob) (kube_cronjob_status_last_successful_time${cronJob(name)})`;
  const watch = `${jobName}-watch`;
  const created = `max by (namespace, cronjob) (kube_cronjob_created${cronJob(watch)})`;
  const never = Math.ceil(maxAgeSeconds) + WATCH_SECONDS;
  return {
    name: `${kind.toLowerCase()}/${namespace}/${jobName}`,
    title: `${title} ${namespace}/${jobName}`,
    alerts: [
      {
        name: `${kind}Old`,
        expression: `time() - ${last(watch)} > ${WATCH_SECONDS}`,
        forMinutes: 15,
        severity: AlertSeverity.CRITICAL,
        summary: `${title} ${jobName}: its watch {{ $labels.cronjob }} found no recent success for {{ $value | humanizeDuration }}.`,
        runbookUrl: monitoringPage("backups-in-the-cluster"),
      },
      {
        name: `${kind}Never`,
        expression: `(time() - ${created} > ${never}) unless on (namespace, cronjob) ${last(watch)}`,
        forMinutes: 15,
        severity: AlertSeverity.CRITICAL,
        summary: `${title} ${jobName} has never succeeded since it was created {{ $value | humanizeDuration }} ago.`,
        runbookUrl: monitoringPage("backups-in-the-cluster"),
      },
      metricsMissing(
        `${kind}MetricsMissing`,
        `the CronJob ${watch}`,
        `kube_cronjob_created${cronJob(watch)}`,
      ),
    ],
    panels: [
      {
        title: "Age of the last success",
        unit: "s",
        queries: [
          { expression: `time() - ${last(jobName)}`, legend: "{{cronjob}}" },
          { expression: `time() - ${last(watch)}`, legend: "{{cronjob}}" },
        ],
      },
    ],
  };
}
