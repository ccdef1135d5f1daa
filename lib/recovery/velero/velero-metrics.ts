// Metrics of Velero's server: pkg/metrics/metrics.go of v1.18.1. Counters exist from the start for each schedule; the time of the last
// success is read from the existing backups when the server starts (backup_controller.go), so a restart does not lose it.

import { monitoringPage } from "../../database/private";
import { AlertSeverity, type ApplicationMetrics, type MetricsAlert } from "../../kubernetes";
import { metricsMissing } from "../../kubernetes/private";

/** Time in minutes that a backup may end later than the one before, counted from the gap of the schedule. */
const LATE_MINUTES = 240;
const DAY_MINUTES = 1440;

/** A schedule that runs. @internal */
export interface MonitoredSchedule {
  readonly name: string;
  /** Longest time between two runs; not set if the schedule is not known. */
  readonly gapMinutes?: number;
}

/** @internal */
export function veleroMetrics(
  namespace: string,
  schedules: readonly MonitoredSchedule[],
): ApplicationMetrics {
  const all = `{schedule=~"${schedules.map(({ name }) => name).join("|")}"}`;
  const last = `velero_backup_last_successful_timestamp${all}`;
  const [first] = schedules;
  return {
    name: `velero/${namespace}`,
    title: "Velero",
    alerts: [
      ...schedules.flatMap(scheduleAlerts),
      ...(first
        ? [
            metricsMissing(
              "VeleroMetricsMissing",
              "Velero",
              `velero_backup_attempt_total{schedule="${first.name}"}`,
            ),
          ]
        : []),
    ],
    panels:
      schedules.length === 0
        ? []
        : [
            {
              title: "Age of the last successful backup",
              unit: "s",
              queries: [{ expression: `time() - max by (schedule) (${last})`, legend: "{{schedule}}" }],
            },
            {
              title: "Backups that failed, per day",
              unit: "short",
              queries: [
                {
                  expression: `sum by (schedule) (increase(velero_backup_failure_total${all}[1d]))`,
                  legend: "{{schedule}} failed",
                },
                {
                  expression: `sum by (schedule) (increase(velero_backup_partial_failure_total${all}[1d]))`,
                  legend: "{{schedule}} in part",
                },
              ],
            },
          ],
  };
}

function scheduleAlerts({ name, gapMinutes = DAY_MINUTES }: MonitoredSchedule): MetricsAlert[] {
  const schedule = `{schedule="${name}"}`;
  const last = `max by (schedule) (velero_backup_last_successful_timestamp${schedule})`;
  const minutes = gapMinutes + LATE_MINUTES;
  return [
    {
      name: "VeleroBackupOld",
      expression: `time() - ${last} > ${minutes * 60}`,
      forMinutes: 15,
      severity: AlertSeverity.CRITICAL,
      summary: `The last successful backup of Velero's schedule ${name} is {{ $value | humanizeDuration }} old.`,
      runbookUrl: monitoringPage("backups-in-the-cluster"),
    },
    {
      name: "VeleroBackupNever",
      expression: `sum by (schedule) (velero_backup_attempt_total${schedule}) unless on (schedule) ${last}`,
      forMinutes: minutes,
      severity: AlertSeverity.CRITICAL,
      summary: `Velero's schedule ${name} has no successful backup.`,
      runbookUrl: monitoringPage("backups-in-the-cluster"),
    },
  ];
}
