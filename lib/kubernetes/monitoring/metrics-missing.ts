import { monitoringPage } from "../../database/private";
import { AlertSeverity, type MetricsAlert } from "./application-metrics";

/**
 * Alert for metrics that Prometheus does not have: without it, every other rule of the application is silent.
 *
 * @param name name of the alert.
 * @param subject the program that exports the metrics, for the summary.
 * @param selector metric with its labels, which every healthy pod exports.
 */
export function metricsMissing(name: string, subject: string, selector: string): MetricsAlert {
  return {
    name,
    expression: `absent(${selector})`,
    forMinutes: 30,
    severity: AlertSeverity.WARNING,
    summary: `Prometheus has no metrics of ${subject}, so its other alerts cannot fire.`,
    runbookUrl: monitoringPage("missing-metrics"),
  };
}

/**
 * Labels that select the pods of a Deployment, whose names end with two hashes.
 *
 * @param namespace namespace of the pods.
 * @param deployment name of the Deployment, or a regular expression of several.
 */
export function deploymentPods(namespace: string, deployment: string): string {
  return `namespace="${namespace}",pod=~"${deployment}-[a-z0-9]+-[a-z0-9]+"`;
}
