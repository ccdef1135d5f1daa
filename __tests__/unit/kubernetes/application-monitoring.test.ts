import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { TerraformVariable } from "cdktf";
import { parse } from "yaml";
import { MONITORING_SECTIONS } from "../../../lib/database/private";
import {
  AlertSeverity,
  type ApplicationMetrics,
  ApplicationMonitoring,
  RuleFormat,
} from "../../../lib/kubernetes";
import { gridMistakes } from "../../support/dashboard-rules";
import { type monitoring, monitoringTexts } from "../../support/monitored-applications";
import { type Json, problemsOf, synthesize } from "../../support/synth";
import { veleroOnPremises } from "../recovery/velero-fixtures";

const APP: ApplicationMetrics = {
  name: "app",
  title: "App",
  alerts: [
    {
      name: "AppDown",
      expression: "up == 0",
      forMinutes: 5,
      severity: AlertSeverity.CRITICAL,
      summary: "App is down.",
      runbookUrl: "https://example.com/app",
    },
  ],
  panels: [{ title: "Up", unit: "short", queries: [{ expression: "up", legend: "{{pod}}" }] }],
};
const application = (over: Partial<ApplicationMetrics> = {}) => ({ metrics: () => ({ ...APP, ...over }) });

describe("the monitoring of all applications", () => {
  const texts = monitoringTexts();
  const dashboard: Json = JSON.parse(texts.dashboard.data["test-monitoring.json"]);
  const groups: Json[] = parse(texts.rules as string).groups;
  const rules: Json[] = groups.flatMap((group) => group.rules);

  test("has a group of rules for each, and each alert names a section of the runbook that exists", () => {
    expect(groups.map(({ name }) => name)).toEqual([
      "coder/coder/coder",
      "pgbouncer/gitlab/pgbouncer",
      "gitlab/gitlab/gitlab",
      "velero/velero",
      expect.stringMatching(/^logicalbackup\/backups\//),
      expect.stringMatching(/^restorerehearsal\/backups\/.+-rehearsal$/),
    ]);
    for (const { alert, annotations, labels } of rules) {
      const section = annotations.runbook_url.split("#")[1];
      expect([alert, MONITORING_SECTIONS.includes(section)]).toEqual([alert, true]);
      expect(["critical", "warning"]).toContain(labels.severity);
      expect(annotations.summary).toMatch(/\.$/);
    }
  });

  test("has an alert for metrics that are missing in each group: all others would be silent", () => {
    for (const group of groups) {
      expect(group.rules.map(({ alert }: Json) => alert)).toContainEqual(
        expect.stringMatching(/MetricsMissing$/),
      );
    }
  });

  test("compares Coder's pools with the connection budget: two pods and one of the update, ten connections each", () => {
    const rule = rules.find(({ alert }) => alert === "CoderConnectionBudget");
    expect(rule.expr).toMatch(/^sum by \(namespace\) \(go_sql_max_open_connections\{.+\}\) > 30$/);
  });

  test("selects the pods of the release, not those of another one in the namespace", () => {
    const { expr } = rules.find(({ alert }) => alert === "CoderMetricsMissing");
    const pattern = new RegExp(`^(?:${/pod=~"([^"]+)"/.exec(expr)?.[1]})$`);
    expect(pattern.test("coder-6d4cf56db6-x8k2p")).toBe(true);
    expect(pattern.test("coder-provisioner-6d4cf56db6-x8k2p")).toBe(false);
    expect(pattern.test("coder-two-6d4cf56db6-x8k2p")).toBe(false);
  });

  test("has a dashboard that Grafana's sidecar finds, on the grid of 24 columns", () => {
    expect(texts.dashboard.metadata.labels).toMatchObject({ grafana_dashboard: "1" });
    const parts = dashboard.panels.map(({ title, gridPos }: Json) => ({
      name: title,
      x: gridPos.x,
      y: gridPos.y,
      width: gridPos.w,
      height: gridPos.h,
    }));
    expect(gridMistakes(parts, 24)).toEqual([]);
    const ids = dashboard.panels.map(({ id }: Json) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(dashboard.panels.filter(({ type }: Json) => type === "row")).toHaveLength(groups.length);
    // Terraform would read a brace behind a dollar as its expression.
    expect(texts.dashboard.data["test-monitoring.json"]).not.toContain("${");
  });

  test("shows the state of each alert", () => {
    const { expr } = dashboard.panels[0].targets[0];
    for (const { alert } of rules) expect(expr).toContain(alert);
  });
});

test("the PrometheusRule is a release of a chart that is copied beside the stack", () => {
  const { rules, release } = monitoringTexts(RuleFormat.PROMETHEUS_RULE);
  expect(rules).toBeUndefined();
  expect(release).toMatchObject({ name: "test-monitoring", version: "1.0.0", create_namespace: false });
  expect(release.repository).toBeUndefined();
  expect(release.chart).toMatch(/^\.\/assets\/monitoring_RuleChart_[0-9A-F]+\/[0-9A-F]+\/?$/i);
  const chart = join(__dirname, "../../../lib/kubernetes/monitoring/prometheus-rule-chart");
  expect(parse(readFileSync(join(chart, "Chart.yaml"), "utf8")).version).toBe("1.0.0");
  expect(existsSync(join(chart, "templates/prometheus-rule.yaml"))).toBe(true);
});

test("schedules of Velero that are paused, or wait for a restore, raise nothing", () => {
  const alerts = (restoreOnly: boolean) => {
    let found: string[] = [];
    synthesize((stack) => {
      const velero = veleroOnPremises(stack, {
        restoreOnly,
        schedules: {
          daily: { cron: "0 1 * * *", namespaces: ["gitpod"] },
          off: { cron: "0 1 * * *", namespaces: ["gitpod"], paused: true },
        },
      });
      found = velero.metrics().alerts.map(({ name, expression }) => `${name} ${expression}`);
    });
    return found;
  };
  expect(alerts(true)).toEqual([]);
  expect(alerts(false).join("\n")).toMatch(/velero-daily/);
  expect(alerts(false).join("\n")).not.toMatch(/velero-off/);
});

test("numbers that Terraform knows at apply only leave out what is compared with them", () => {
  const out = synthesize((stack) => {
    const namespace = new TerraformVariable(stack, "namespace", { type: "string" }).stringValue;
    const late = application({
      alerts: [{ ...(APP.alerts[0] as Json), expression: `up{namespace="${namespace}"} == 0` }],
    });
    new ApplicationMonitoring(stack, "monitoring", { namespace: "monitoring", applications: [late] });
  });
  const texts = out.resources("kubernetes_config_map_v1").flatMap(({ data }) => Object.values(data));
  expect(texts).toContainEqual(expect.stringMatching(/^\$\{jsonencode\(.*var\.namespace/s));
});

test.each<[string, Parameters<typeof monitoring>[1]]>([
  ["MONITORING-APPLICATIONS: applications must have at least one entry (got [])", { applications: [] }],
  [
    'MONITORING-APPLICATIONS: applications must have a name once (got "app"); list each application once',
    { applications: [application(), application()] },
  ],
  [
    'MONITORING-ALERTS-OF-APP: alerts of app must have names of letters and digits that begin with a capital letter (got "app-down")',
    { applications: [application({ alerts: [{ ...(APP.alerts[0] as Json), name: "app-down" }] })] },
  ],
  [
    'MONITORING-RUNBOOK-URL-OF-APP-DOWN: runbookUrl of AppDown must be a URL that begins with https:// or http:// (got "wiki")',
    { applications: [application({ alerts: [{ ...(APP.alerts[0] as Json), runbookUrl: "wiki" }] })] },
  ],
  [
    "MONITORING-PANELS-OF-APP: panels of app must have titles of 1 to 40 characters, which fit on the panel",
    { applications: [application({ panels: [{ title: "x".repeat(41), unit: "s", queries: [] }] })] },
  ],
  [
    'MONITORING-OBJECT-NAME: objectName must be 1 to 43 lower-case letters, digits and hyphens, with no hyphen first or last (got "Rules")',
    { objectName: "Rules" },
  ],
  ["MONITORING-DASHBOARD-TITLE: dashboardTitle must be 1 to 100 characters", { dashboardTitle: "" }],
])("%s", (message, props) => {
  const problems = problemsOf(
    (stack) =>
      void new ApplicationMonitoring(stack, "monitoring", {
        namespace: "monitoring",
        applications: [application()],
        ...props,
      }),
  );
  expect(problems.join("\n")).toContain(message);
});
