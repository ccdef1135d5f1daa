/**
 * The rules and the dashboard of `ApplicationMonitoring`, judged by Prometheus's parser of rules, its engine over given series, and the
 * strict reader of Grafana's schema; the chart of the PrometheusRule, rendered by real Helm. The time that an alert waits is counted by
 * the program in tools/go/prometheus-rules: Prometheus's manager of rules brings the clients of all clouds along, minutes of compiling.
 */
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { RuleFormat } from "../../../lib/kubernetes";
import { goProgram } from "../../../tools/machine/go-program";
import { must } from "../../../tools/machine/processes";
import { repository } from "../../../tools/machine/repository";
import { Unavailable } from "../../../tools/machine/unavailable";
import type { ChartRelease } from "../../support/charts/chart-release";
import { Helm, helmProgram } from "../../support/charts/helm";
import { type RenderedObject, renderedObjects } from "../../support/charts/rendered";
import { describeWith } from "../../support/describe-with";
import { monitoringTexts } from "../../support/monitored-applications";
import type { Json } from "../../support/synth";

const CODER = 'namespace="coder",pod="coder-6d4cf56db6-x8k2p",db_name="coder"';
const CODER_2 = CODER.replace("x8k2p", "zz9zz");
const BOUNCER = 'namespace="gitlab",pod="pgbouncer-5c9f8d7b6c-abcde"';
const RAILS =
  'namespace="gitlab",pod="gitlab-webservice-default-7f9c-abcde",pid="puma_1",host="db",port="5432"';
const MAIN = `${RAILS},class="ActiveRecord::Base",db_config_name="main"`;
const DAILY = '{schedule="velero-daily"}';

type Series = { readonly [metric: string]: string };

/** Series of everything that is healthy, for `minutes` from time 0 on; the last success is at 0. */
function healthy(minutes: number, jobs: readonly [string, string]): Series {
  const still = (value: number) => `${value}+0x${minutes}`;
  return {
    ...Object.fromEntries(
      [CODER, CODER_2].flatMap((pod) => [
        [`go_sql_open_connections{${pod}}`, still(5)],
        [`go_sql_in_use_connections{${pod}}`, still(2)],
        [`go_sql_max_open_connections{${pod}}`, still(10)],
        [`go_sql_wait_duration_seconds_total{${pod}}`, still(3)],
      ]),
    ),
    [`pgbouncer_up{${BOUNCER}}`]: still(1),
    [`pgbouncer_pools_client_maxwait_seconds{${BOUNCER},database="main",user="gitlab"}`]: still(0),
    [`gitlab_database_connection_pool_size{${MAIN}}`]: still(10),
    // Newer releases divide these two by threads.
    [`gitlab_database_connection_pool_busy{${MAIN},thread_name="puma"}`]: still(4),
    [`gitlab_database_connection_pool_busy{${MAIN},thread_name="cable"}`]: still(1),
    [`gitlab_database_connection_pool_dead{${MAIN},thread_name="puma"}`]: still(0),
    [`gitlab_database_connection_pool_waiting{${MAIN}}`]: still(0),
    [`velero_backup_attempt_total${DAILY}`]: still(1),
    [`velero_backup_last_successful_timestamp${DAILY}`]: still(0),
    ...Object.fromEntries(
      jobs.flatMap((job) => [
        [`kube_cronjob_created{namespace="backups",cronjob="${job}"}`, still(0)],
        [`kube_cronjob_status_last_successful_time{namespace="backups",cronjob="${job}"}`, still(0)],
      ]),
    ),
  };
}

const without = (series: Series, pattern: RegExp): Series =>
  Object.fromEntries(Object.entries(series).filter(([metric]) => !pattern.test(metric)));

/** Series with another course; each must be there. */
function changed(series: Series, ...changes: readonly [RegExp, string][]): Series {
  const all: { [metric: string]: string } = { ...series };
  for (const [pattern, values] of changes) {
    const metrics = Object.keys(all).filter((metric) => pattern.test(metric));
    if (metrics.length === 0) throw new Error(`no series ${pattern}`);
    for (const metric of metrics) all[metric] = values;
  }
  return all;
}

describeWith(
  "the monitoring of applications",
  () => {
    const judge = goProgram("prometheus-rules", ".");
    const helm = helmProgram();
    if (judge instanceof Unavailable) return judge;
    return helm instanceof Unavailable ? helm : { judge, helm };
  },
  (programs) => {
    const texts = monitoringTexts();
    const rules = texts.rules as string;
    const watches = (parse(rules).groups as Json[])
      .flatMap((group) => group.rules)
      .flatMap(({ alert, expr }) =>
        /^(Logical|Restore).*Old$/.test(alert) ? [/cronjob="([^"]+)"/.exec(expr)?.[1]] : [],
      );
    const jobs = watches as [string, string];
    const judge = (input: object): Json =>
      JSON.parse(must(programs.judge, [], { input: JSON.stringify(input), cwd: repository }));
    const HOUR = 60;
    const fine = healthy(HOUR, jobs);
    const days = (count: number) => healthy(count * 24 * HOUR, jobs);

    const cases: { readonly [name: string]: readonly [Series, readonly string[]] } = {
      "all is well": [fine, []],
      "a pod of Coder uses its pool": [changed(fine, [/in_use.*x8k2p/, "10+0x60"]), ["CoderConnectionPool"]],
      "a pod of Coder used its pool until a moment ago": [
        changed(fine, [/in_use.*x8k2p/, "10+0x57 2 2 2"]),
        [],
      ],
      "requests in Coder wait": [
        changed(fine, [/wait_duration.*x8k2p/, "0+120x60"]),
        ["CoderWaitsForConnections"],
      ],
      "more pods of Coder than the budget has": [
        {
          ...changed(fine, [/max_open/, "10+0x60"]),
          [`go_sql_max_open_connections{${CODER.replace("x8k2p", "other")}}`]: "11+0x60",
        },
        ["CoderConnectionBudget"],
      ],
      "another program of the namespace with the same metrics": [
        {
          ...fine,
          'go_sql_max_open_connections{namespace="coder",pod="other-1-2",db_name="other"}': "500+0x60",
        },
        [],
      ],
      "Coder is not scraped": [without(fine, /^go_sql/), ["CoderMetricsMissing"]],
      "a client waits at PgBouncer": [changed(fine, [/maxwait/, "0+1x60"]), ["PgBouncerClientsWait"]],
      "PgBouncer is down": [changed(fine, [/pgbouncer_up/, "0+0x60"]), ["PgBouncerDown"]],
      "PgBouncer is not scraped": [without(fine, /^pgbouncer/), ["PgBouncerMetricsMissing"]],
      "dead connections fill a pool of GitLab": [
        changed(fine, [/pool_dead/, "5+0x60"]),
        ["GitlabConnectionPool"],
      ],
      "threads of GitLab wait": [changed(fine, [/pool_waiting/, "2+0x60"]), ["GitlabWaitsForConnections"]],
      "GitLab is not scraped": [without(fine, /^gitlab/), ["GitlabMetricsMissing"]],
      "Velero is not scraped": [without(fine, /^velero/), ["VeleroMetricsMissing"]],
      "kube-state-metrics is not scraped": [
        without(fine, /^kube_/),
        ["LogicalBackupMetricsMissing", "RestoreRehearsalMetricsMissing"],
      ],
      "nothing has succeeded for two days": [
        days(2),
        ["LogicalBackupOld", "RestoreRehearsalOld", "VeleroBackupOld"],
      ],
      "the daily backup is a day old, and the watches have passed": [
        changed(days(1), [/cronjob_status/, `0+60x${24 * HOUR}`]),
        [],
      ],
      "Velero has tried for two days and never succeeded": [
        changed(without(days(2), /last_successful_timestamp/), [/cronjob_status/, `0+60x${48 * HOUR}`]),
        ["VeleroBackupNever"],
      ],
      "a new rehearsal has a week and one more before its first success": [
        changed(
          without(days(13), /status.*rehearsal/),
          [/cronjob_status/, `0+60x${13 * 24 * HOUR}`],
          [/timestamp/, `0+60x${13 * 24 * HOUR}`],
        ),
        [],
      ],
      "a backup has never succeeded": [
        changed(without(days(4), /status(?!.*rehearsal)/), [
          /cronjob_status|timestamp/,
          `0+60x${4 * 24 * HOUR}`,
        ]),
        ["LogicalBackupNever"],
      ],
      "a rehearsal has never succeeded": [
        changed(
          without(days(15), /status.*rehearsal/),
          [/cronjob_status/, `0+60x${15 * 24 * HOUR}`],
          [/timestamp/, `0+60x${15 * 24 * HOUR}`],
        ),
        ["RestoreRehearsalNever"],
      ],
    };
    let found: Json;
    beforeAll(() => {
      found = judge({
        rules,
        dashboard: JSON.parse(texts.dashboard.data["test-monitoring.json"]),
        cases: Object.fromEntries(Object.entries(cases).map(([name, [series]]) => [name, series])),
      });
    });

    test("Prometheus takes the rules, and Grafana's schema the dashboard", () => {
      expect(found.mistakes).toEqual([]);
      expect(found.groups).toBe(6);
    });

    test.each(Object.entries(cases))("%s", (name, [, alerts]) => {
      expect(found.firing[name].map((each: string) => each.replace(/\{.*/, ""))).toEqual(alerts);
    });

    test("each alert fires in a case", () => {
      const fired = Object.values(cases).flatMap(([, alerts]) => alerts);
      expect([...new Set(found.alerts as string[])].filter((alert) => !fired.includes(alert))).toEqual([]);
    });

    test("a wrong expression, a wrong template, an unknown field and a wrong dashboard are noticed", () => {
      const rule = { alert: "Wrong", expr: "sum(up", for: "5x" };
      const wrong = (over: object) =>
        stringify({ groups: [{ name: "wrong", rules: [{ ...rule, ...over }] }] });
      for (const [given, message] of [
        [{ rules: wrong({ for: "5m" }) }, /unclosed left parenthesis/],
        [{ rules: wrong({ expr: "up" }) }, /unknown unit "x"/],
        [
          { rules: wrong({ expr: "up", for: "5m", annotations: { summary: "{{ $labels.pod" } }) },
          /unclosed action/,
        ],
        [{ rules: wrong({ expr: "up", for: "5m", runbook: "" }) }, /field runbook not found/],
        [{ rules: "groups: []", dashboard: { panels: [{ type: "row", gridpos: {} }] } }, /gridpos/],
      ] as const) {
        expect(judge(given).mistakes.join("\n")).toMatch(message);
      }
    });

    test("the chart renders the same rules as a PrometheusRule, templates of the summaries as they are", async () => {
      const { release } = monitoringTexts(RuleFormat.PROMETHEUS_RULE);
      const helm = new Helm(programs.helm);
      try {
        const chart = join(repository, "lib/kubernetes/monitoring/prometheus-rule-chart");
        const given = {
          name: release.name,
          namespace: "monitoring",
          values: release.values,
        } as unknown as ChartRelease;
        const objects = renderedObjects(await helm.template(given, chart), "monitoring");
        expect(objects.map(({ kind, name, namespace }) => [kind, name, namespace])).toEqual([
          ["PrometheusRule", "test-monitoring", "monitoring"],
        ]);
        const [rule] = objects;
        const { apiVersion, spec, metadata } = (rule as RenderedObject).object;
        expect(apiVersion).toBe("monitoring.coreos.com/v1");
        expect(metadata.labels).toEqual({ "app.kubernetes.io/managed-by": "terraform" });
        expect(spec).toEqual(parse(rules));
        expect(judge({ rules: stringify(spec) }).mistakes).toEqual([]);
      } finally {
        helm.remove();
      }
    });
  },
);
