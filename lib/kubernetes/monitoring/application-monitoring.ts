import { existsSync } from "node:fs";
import { join } from "node:path";
import { ConfigMapV1 } from "@cdktf/provider-kubernetes/lib/config-map-v1";
import { AssetType, type ITerraformDependable, TerraformAsset, type TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import {
  escapeTemplate,
  isResolved,
  physicalName,
  requireProps,
  SynthChecks,
  terraformCall,
} from "../../database/private";
import { HelmRelease } from "../helm-release";
import { checkLabelName, checkLabels } from "../object-names";
import { yamlText } from "../yaml-text";
import type { ApplicationMetrics, IMonitoredApplication } from "./application-metrics";
import { grafanaDashboard } from "./grafana-dashboard";
import { ruleGroups } from "./rule-groups";

/** Version of the chart with the PrometheusRule, that of its Chart.yaml. */
const RULE_CHART_VERSION = "1.0.0";
const NAME_LENGTH = 53;
const MAX_TITLE = 40;

/** Object in which Prometheus gets the rules. */
export enum RuleFormat {
  /**
   * ConfigMap with one file of rules, for a Prometheus without operator: mount it, and name its path in `rule_files`.
   *
   * @see https://prometheus.io/docs/prometheus/latest/configuration/alerting_rules/
   */
  CONFIG_MAP = "config-map",
  /**
   * `PrometheusRule` of the Prometheus Operator, by a Helm release of a small chart in this package. Its custom resource definition must
   * exist when the release is installed, not when Terraform plans.
   *
   * @see https://prometheus-operator.dev/docs/api-reference/api/#monitoring.coreos.com/v1.PrometheusRule
   */
  PROMETHEUS_RULE = "prometheus-rule",
}

/** Properties of `ApplicationMonitoring`. */
export interface ApplicationMonitoringProps {
  /** Applications, poolers and backups that export metrics, such as `CoderRelease`, `PgBouncer`, `Velero`, `LogicalBackup`. */
  readonly applications: IMonitoredApplication[];
  /**
   * Namespace in which Prometheus and Grafana look for rules and dashboards; must exist.
   *
   * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/
   */
  readonly namespace: string;
  /** Object of the rules. @default RuleFormat.CONFIG_MAP, which needs no custom resource definition */
  readonly ruleFormat?: RuleFormat;
  /**
   * Labels of the object with the rules, by which an operator or sidecar finds it: `{ release: "kube-prometheus-stack" }` for a
   * Prometheus of that chart. @default - none
   *
   * @see https://prometheus-operator.dev/docs/api-reference/api/#monitoring.coreos.com/v1.PrometheusSpec
   */
  readonly ruleLabels?: { readonly [name: string]: string };
  /**
   * Labels of the ConfigMap with the dashboard, by which the sidecar of Grafana's chart finds it. @default { grafana_dashboard: "1" }
   *
   * @see https://github.com/grafana/helm-charts/tree/main/charts/grafana#sidecar-for-dashboards
   */
  readonly dashboardLabels?: { readonly [name: string]: string };
  /** Title of the dashboard, 1 to 100 characters. @default "Applications and databases" */
  readonly dashboardTitle?: string;
  /** Name of the objects, at most 43 lower-case letters, digits and hyphens. @default - the construct's path */
  readonly objectName?: string;
  /** Helm provider, for `RuleFormat.PROMETHEUS_RULE`. @default - the stack's only Helm provider */
  readonly helmProvider?: TerraformProvider;
  /** Kubernetes provider. @default - the stack's only Kubernetes provider */
  readonly kubernetesProvider?: TerraformProvider;
  /** Resources that the objects depend on: the namespace, and the release that installs the Prometheus Operator. @default - none */
  readonly dependsOn?: ITerraformDependable[];
}

/**
 * Alerting rules of Prometheus and a Grafana dashboard for what applications, poolers and backups export: connection pools against the
 * server's connection budget, waiting clients, age of the last success of backups and rehearsals, and metrics that are missing. Each
 * alert names its section of the runbook (`runbook_url`).
 *
 * It creates neither Prometheus nor Grafana, and no scrape configuration: Prometheus must scrape the pods with the labels `namespace`
 * and `pod`, as PodMonitor and ServiceMonitor do, and kube-state-metrics with `honor_labels`.
 *
 * @see https://prometheus.io/docs/prometheus/latest/configuration/alerting_rules/
 * @see https://grafana.com/docs/grafana/latest/administration/provisioning/#dashboards
 *
 * @example
 * new ApplicationMonitoring(this, "monitoring", {
 *   namespace: "monitoring",
 *   applications: [coder, backup],
 *   ruleFormat: RuleFormat.PROMETHEUS_RULE,
 *   ruleLabels: { release: "kube-prometheus-stack" },
 * });
 */
export class ApplicationMonitoring extends Construct {
  /** ConfigMap with the dashboard. */
  public readonly dashboard: ConfigMapV1;
  /** ConfigMap with the rules, `rules.yaml`; not set with `RuleFormat.PROMETHEUS_RULE`. */
  public readonly ruleConfigMap?: ConfigMapV1;
  /** Release of the PrometheusRule; not set with `RuleFormat.CONFIG_MAP`. */
  public readonly ruleRelease?: HelmRelease;
  /** Objects of the rules and the dashboard. */
  public readonly dependables: ITerraformDependable[];

  public constructor(scope: Construct, id: string, props: ApplicationMonitoringProps) {
    super(scope, id);
    requireProps(this.node.path, "MONITORING", props, { applications: true, namespace: true });
    const { namespace, dependsOn, kubernetesProvider: provider } = props;
    const name = props.objectName ?? physicalName(this, NAME_LENGTH - "-dashboard".length);
    const title = props.dashboardTitle ?? "Applications and databases";
    const applications = props.applications.map((each) => each.metrics());
    this.check(props, applications);

    const managed = { "app.kubernetes.io/managed-by": "terraform" };
    const text = (value: object, render: (value: object) => string) =>
      isResolved(value) ? escapeTemplate(render(value)) : terraformCall("jsonencode", value);
    this.dashboard = new ConfigMapV1(this, "Dashboard", {
      metadata: {
        name: `${name}-dashboard`,
        namespace,
        labels: { ...(props.dashboardLabels ?? { grafana_dashboard: "1" }), ...managed },
      },
      data: {
        [`${name}.json`]: text(grafanaDashboard(name, title, applications), (value) =>
          JSON.stringify(value, undefined, 1),
        ),
      },
      provider,
      dependsOn,
    });
    const groups = ruleGroups(applications);
    if (props.ruleFormat === RuleFormat.PROMETHEUS_RULE) {
      const chart = new TerraformAsset(this, "RuleChart", {
        path: ruleChart(),
        type: AssetType.DIRECTORY,
      });
      this.ruleRelease = new HelmRelease(this, "Rules", {
        // Helm takes a name that begins with a point for a path, whatever repositories the machine knows.
        chart: `./${chart.path}`,
        chartVersion: RULE_CHART_VERSION,
        releaseName: name,
        namespace,
        createNamespace: false,
        required: { labels: { ...props.ruleLabels, ...managed }, groups },
        helmProvider: props.helmProvider,
        kubernetesProvider: provider,
        dependsOn,
      });
    } else {
      this.ruleConfigMap = new ConfigMapV1(this, "RuleConfigMap", {
        metadata: { name: `${name}-rules`, namespace, labels: { ...props.ruleLabels, ...managed } },
        data: { "rules.yaml": text({ groups }, yamlText) },
        provider,
        dependsOn,
      });
    }
    this.dependables = [
      this.dashboard,
      ...(this.ruleConfigMap ? [this.ruleConfigMap] : []),
      ...(this.ruleRelease?.dependables ?? []),
    ];
  }

  private check(props: ApplicationMonitoringProps, applications: readonly ApplicationMetrics[]): void {
    const checks = new SynthChecks(this, "MONITORING");
    checkLabelName(checks, "namespace", props.namespace);
    checks.matches(
      "objectName",
      props.objectName,
      /^[a-z0-9]([a-z0-9-]{0,41}[a-z0-9])?$/,
      "must be 1 to 43 lower-case letters, digits and hyphens, with no hyphen first or last",
    );
    checkLabels(checks, "ruleLabels", props.ruleLabels);
    checkLabels(checks, "dashboardLabels", props.dashboardLabels);
    checks.check(
      "dashboardTitle",
      props.dashboardTitle,
      () => /^.{1,100}$/.test(props.dashboardTitle as string),
      "must be 1 to 100 characters",
    );
    if (applications.length === 0) checks.fail("applications", [], "must have at least one entry");
    const names = applications.map(({ name }) => name);
    for (const name of new Set(names.filter((each, index) => names.indexOf(each) !== index))) {
      checks.fail("applications", name, "must have a name once; list each application once");
    }
    for (const { name, alerts, panels } of applications) {
      for (const alert of alerts) {
        const property = `alerts of ${name}`;
        checks.matches(
          property,
          alert.name,
          /^[A-Z][A-Za-z0-9]*$/,
          "must have names of letters and digits that begin with a capital letter",
        );
        checks.wholeNumber(`forMinutes of ${alert.name}`, alert.forMinutes, 0, 43_200, "minutes");
        checks.check(
          `runbookUrl of ${alert.name}`,
          alert.runbookUrl,
          () => /^https?:\/\/\S+$/.test(alert.runbookUrl),
          "must be a URL that begins with https:// or http://",
        );
      }
      for (const { title, queries } of panels) {
        const property = `panels of ${name}`;
        checks.check(
          property,
          title,
          () => title.length > 0 && title.length <= MAX_TITLE,
          `must have titles of 1 to ${MAX_TITLE} characters, which fit on the panel`,
        );
        if (queries.length === 0 || queries.length > 26) {
          checks.fail(property, `${title}: ${queries.length}`, "must have 1 to 26 queries for each title");
        }
      }
    }
  }
}

/** Folder of the chart: beside this source, and for the compiled file in `dist` in the package's `lib`. */
function ruleChart(): string {
  const name = "prometheus-rule-chart";
  const beside = join(__dirname, name);
  return existsSync(beside) ? beside : join(__dirname, "../../../../lib/kubernetes/monitoring", name);
}
