// Alerting policies of a workflow. Metric and labels as in Google's module terraform-google-sql-db (modules/backup/main.tf, read 2026-11).
// "None has succeeded" is PromQL, which looks back for up to 2 years (cloud.google.com/monitoring/alerts/using-promql, read 2026-11):
// metric absence ends at 23.5 hours.

import { MonitoringAlertPolicy } from "@cdktf/provider-google/lib/monitoring-alert-policy";
import type { TerraformProvider } from "cdktf";
import type { Construct } from "constructs";

/** A workflow to watch. @internal */
export interface WatchedWorkflow {
  readonly name: string;
  readonly region: string;
  readonly project: string;
  readonly instanceName: string;
  /** Failure in words: `a scheduled backup has failed`. */
  readonly failed: string;
  /** Absence in words: `no scheduled backup has succeeded`. */
  readonly missing: string;
  /** Days of absence. */
  readonly days: number;
  /** Log-based metric that counts successes. @default - executions that have succeeded */
  readonly successMetric?: string;
  readonly notificationChannels: string[];
  readonly tags?: { readonly [name: string]: string };
  readonly provider?: TerraformProvider;
}

/** Alerts on an execution that has not succeeded, and on days without a success. @internal */
export function workflowAlerts(scope: Construct, watched: WatchedWorkflow): MonitoringAlertPolicy[] {
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
  const labels = `workflow_id="${name}",location="${region}"`;
  const successes = watched.successMetric
    ? `logging_googleapis_com:user_${watched.successMetric}{monitored_resource="workflows.googleapis.com/Workflow",${labels}}`
    : `workflows_googleapis_com:finished_execution_count{monitored_resource="workflows.googleapis.com/Workflow",${labels},status="SUCCEEDED"}`;
  return [
    policy(
      "Failed",
      watched.failed,
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
      `${watched.missing} in ${days} days`,
      `Start one: gcloud scheduler jobs run ${name} --location=${region} --project=${project}`,
      {
        conditionPrometheusQueryLanguage: {
          // Without a time series, the sum is empty, and the vector of 0 takes its place.
          query: `(sum(increase(${successes}[${days}d])) or vector(0)) < 1`,
          duration: "0s",
          evaluationInterval: "900s",
        },
      },
    ),
  ];
}
