// Alerting policies of a schedule. Metric and labels as in Google's module terraform-google-sql-db (modules/backup/main.tf, read 2026-11).
// "None has succeeded" is PromQL, which looks back for days: metric absence ends at 23.5 hours.

import { MonitoringAlertPolicy } from "@cdktf/provider-google/lib/monitoring-alert-policy";
import type { TerraformProvider } from "cdktf";
import type { Construct } from "constructs";

/** A workflow to watch. @internal */
export interface WatchedWorkflow {
  readonly name: string;
  readonly region: string;
  readonly project: string;
  readonly instanceName: string;
  readonly days: number;
  readonly notificationChannels: string[];
  readonly tags?: { readonly [name: string]: string };
  readonly provider?: TerraformProvider;
}

/** Alerts on an execution that has not succeeded, and on days without one that has. @internal */
export function backupAlerts(scope: Construct, watched: WatchedWorkflow): MonitoringAlertPolicy[] {
  const { name, region, project, instanceName, days, notificationChannels, tags, provider } = watched;
  const policy = (id: string, says: string, advice: string, condition: object) =>
    new MonitoringAlertPolicy(scope, id, {
      displayName: `Cloud SQL ${instanceName}: ${says}`,
      combiner: "OR",
      severity: "CRITICAL",
      notificationChannels,
      project,
      userLabels: tags,
      documentation: { content: `${says}. ${advice}`, mimeType: "text/markdown" },
      conditions: [{ displayName: says, ...condition }],
      alertStrategy: { autoClose: "604800s" },
      provider,
    });
  const labels = `workflow_id="${name}",location="${region}",status="SUCCEEDED"`;
  return [
    policy(
      "Failed",
      "a scheduled backup has failed",
      `Read the error of the newest execution: gcloud workflows executions list ${name} --location=${region} --project=${project}`,
      {
        conditionThreshold: {
          filter:
            `resource.type = "workflows.googleapis.com/Workflow" AND resource.labels.workflow_id = "${name}" ` +
            `AND resource.labels.location = "${region}" ` +
            'AND metric.type = "workflows.googleapis.com/finished_execution_count" AND metric.labels.status != "SUCCEEDED"',
          comparison: "COMPARISON_GT",
          thresholdValue: 0,
          duration: "0s",
          aggregations: [
            { alignmentPeriod: "300s", perSeriesAligner: "ALIGN_SUM", crossSeriesReducer: "REDUCE_SUM" },
          ],
          trigger: { count: 1 },
        },
      },
    ),
    policy(
      "Overdue",
      `no scheduled backup has succeeded in ${days} days`,
      `Start one: gcloud scheduler jobs run ${name} --location=${region} --project=${project}`,
      {
        conditionPrometheusQueryLanguage: {
          // Without a time series, the sum is empty, and the vector of 0 takes its place.
          query: `(sum(increase(workflows_googleapis_com:finished_execution_count{monitored_resource="workflows.googleapis.com/Workflow",${labels}}[${days}d])) or vector(0)) < 1`,
          duration: "0s",
          evaluationInterval: "900s",
        },
      },
    ),
  ];
}
