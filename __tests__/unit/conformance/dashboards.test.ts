import { TerraformOutput, type TerraformStack } from "cdktf";
import { RdsAlarms, RdsReadReplica } from "../../../lib/aws";
import { rdsDashboardBody } from "../../../lib/aws/monitoring/rds-dashboard-body";
import { AzureServerAlerts, MysqlReadReplica, PostgresReadReplica } from "../../../lib/azure";
import { azureDashboardProperties } from "../../../lib/azure/monitoring/azure-dashboard-properties";
import { MONITORING } from "../../../lib/azure/monitoring/data/monitoring";
import { Availability, DatabaseEngine, MachineSize, MysqlVersion } from "../../../lib/database";
import { CloudSqlAlerts, CloudSqlReadReplica } from "../../../lib/google";
import { cloudSqlDashboardBody } from "../../../lib/google/monitoring/cloud-sql-dashboard-body";
import { azureId, mysql, postgres } from "../../support/azure-stack";
import {
  CLOUD_MONITORING,
  CLOUDWATCH,
  type GridPart,
  gridMistakes,
  memberMistakes,
} from "../../support/dashboard-rules";
import { synthesize } from "../../support/synth";
import { server as rds } from "../aws/fixture";
import { server as cloudSql, MYSQL } from "../google/fixture";

const TOPIC = "arn:aws:sns:eu-central-1:123456789012:operations";
const MYSQL_84 = DatabaseEngine.mysql(MysqlVersion.V8_4);

/** A dashboard as it is written, with Terraform's expressions as texts. */
// biome-ignore lint/suspicious/noExplicitAny: the parsed JSON of three formats
function written(make: (stack: TerraformStack) => object): any {
  const { json } = synthesize((stack) => {
    new TerraformOutput(stack, "dashboard", { value: make(stack) });
  });
  return json.output.dashboard.value;
}

describe("the dashboard of RDS", () => {
  const small = { size: MachineSize.burstable(2), availability: Availability.ZONAL };
  const bodies = {
    PostgreSQL: (stack: TerraformStack) => rds(stack),
    "a small PostgreSQL": (stack: TerraformStack) => rds(stack, small),
    MySQL: (stack: TerraformStack) => rds(stack, { engine: MYSQL_84, performanceInsights: false }),
    "a replica": (stack: TerraformStack) => new RdsReadReplica(stack, "replica", { source: rds(stack) }),
  };

  test.each(Object.entries(bodies))("of %s keeps the rules of CloudWatch", (_, make) => {
    const { widgets } = written((stack) => {
      const server = make(stack);
      const { alarms } = new RdsAlarms(stack, "alarms", { server, alarmTopicArn: TOPIC });
      return rdsDashboardBody(server, "eu-central-1", alarms);
    });
    expect(widgets.length).toBeLessThanOrEqual(500);
    expect(
      gridMistakes(
        widgets.map((each: GridPart & { type: string }, index: number) => ({
          ...each,
          name: `${each.type} ${index}`,
        })),
        24,
      ),
    ).toEqual([]);
    // biome-ignore lint/suspicious/noExplicitAny: widgets of several kinds
    const mistakes = widgets.flatMap((widget: any) => [
      ...memberMistakes("widget", widget, CLOUDWATCH),
      ...memberMistakes(widget.type, widget.properties, CLOUDWATCH),
      ...(widget.properties.annotations?.horizontal ?? []).flatMap((line: object) =>
        memberMistakes("annotation", line, CLOUDWATCH),
      ),
      // A metric is [namespace, name, dimension, value, ...], an expression an array with one object.
      ...(widget.properties.metrics ?? []).flatMap((metric: (string | object)[]) =>
        typeof metric[0] === "object"
          ? memberMistakes("expression", metric[0], CLOUDWATCH)
          : metric.length === 4 && metric.every((part) => typeof part === "string" && part !== "")
            ? []
            : [`${JSON.stringify(metric)} is no metric`],
      ),
    ]);
    expect(mistakes).toEqual([]);
  });

  test("shows the state of all alarms, the maximum of connections, and the engine's metrics", () => {
    const text = JSON.stringify(
      written((stack) => {
        const server = rds(stack);
        const { alarms } = new RdsAlarms(stack, "alarms", { server, alarmTopicArn: TOPIC });
        return rdsDashboardBody(server, "eu-central-1", alarms);
      }),
    );
    expect(text.match(/aws_cloudwatch_metric_alarm\.[A-Za-z0-9_-]+\.arn/g)).toHaveLength(10);
    expect(text).toContain('{"label":"Maximum","value":766}');
    for (const metric of ["MaximumUsedTransactionIDs", "TransactionLogsDiskUsage", "DBLoad"]) {
      expect(text).toContain(metric);
    }
    expect(text).not.toContain("BinLogDiskUsage");
    expect(text).toMatch(/DB_PERF_INSIGHTS\('RDS', '\$\{aws_db_instance\.[A-Za-z0-9_]+\.resource_id\}'/);
  });

  test("comes with the alarms, once for each server, unless it is declined", () => {
    const out = synthesize((stack) => {
      const source = rds(stack);
      new RdsAlarms(stack, "alarms", { server: source, alarmTopicArn: TOPIC });
      const replica = new RdsReadReplica(stack, "replica", { source });
      new RdsAlarms(stack, "replica-alarms", { server: replica, alarmTopicArn: TOPIC });
    });
    const names = out.resources("aws_cloudwatch_dashboard").map((each) => each.dashboard_name);
    expect(names).toHaveLength(2);
    expect(new Set(names).size).toBe(2);
    for (const name of names) expect(name).toMatch(/^test-(postgres|replica)-\S+$/);
    const declined = synthesize((stack) => {
      new RdsAlarms(stack, "alarms", { server: rds(stack), alarmTopicArn: TOPIC, dashboard: false });
    });
    expect(declined.resources("aws_cloudwatch_dashboard")).toEqual([]);
    expect(declined.infos.map((each) => each.message)).toContain(
      "opt-out: RDS-ALARMS-DASHBOARD: dashboard: the server has no dashboard",
    );
  });
});

describe("the dashboard of Cloud SQL", () => {
  const notificationChannels = ["projects/platform/notificationChannels/1"];
  const bodies = {
    PostgreSQL: (stack: TerraformStack) => cloudSql(stack),
    MySQL: (stack: TerraformStack) => cloudSql(stack, { engine: MYSQL }),
    "a replica": (stack: TerraformStack) =>
      new CloudSqlReadReplica(stack, "replica", { source: cloudSql(stack) }),
  };

  test.each(Object.entries(bodies))("of %s keeps the rules of Cloud Monitoring", (_, make) => {
    const dashboard = written((stack) => {
      const server = make(stack);
      const { policies } = new CloudSqlAlerts(stack, "alerts", { server, notificationChannels });
      return cloudSqlDashboardBody(server, policies);
    });
    const { columns, tiles } = dashboard.mosaicLayout;
    expect(columns).toBeLessThanOrEqual(12);
    // biome-ignore lint/suspicious/noExplicitAny: tiles with several kinds of widgets
    const parts = tiles.map((tile: any) => ({
      name: tile.widget.title,
      x: tile.xPos ?? 0,
      y: tile.yPos ?? 0,
      width: tile.width,
      height: tile.height,
    }));
    expect(gridMistakes(parts, columns)).toEqual([]);
    // biome-ignore lint/suspicious/noExplicitAny: tiles with several kinds of widgets
    const mistakes = tiles.flatMap(({ widget, ...tile }: any) => [
      ...memberMistakes("tile", { ...tile, widget }, CLOUD_MONITORING),
      ...memberMistakes("widget", widget, CLOUD_MONITORING),
      ...Object.entries(widget)
        .filter(([kind]) => kind !== "title")
        .flatMap(([kind, content]) => memberMistakes(kind, content as object, CLOUD_MONITORING)),
      // biome-ignore lint/suspicious/noExplicitAny: parsed JSON
      ...(widget.xyChart?.dataSets ?? []).flatMap((set: any) => [
        ...memberMistakes("dataSet", set, CLOUD_MONITORING),
        ...memberMistakes("timeSeriesFilter", set.timeSeriesQuery.timeSeriesFilter, CLOUD_MONITORING),
        ...memberMistakes("aggregation", set.timeSeriesQuery.timeSeriesFilter.aggregation, CLOUD_MONITORING),
      ]),
      ...(widget.xyChart?.thresholds ?? []).flatMap((line: object) =>
        memberMistakes("threshold", line, CLOUD_MONITORING),
      ),
    ]);
    expect(mistakes).toEqual([...memberMistakes("dashboard", dashboard, CLOUD_MONITORING)]);
    // The API leaves out zeros and empty texts, which each plan would add again.
    expect(JSON.stringify(dashboard)).not.toMatch(/:(0|""|\[\]|\{\})[,}]/);
  });

  test("comes with the alerts, with their incidents, unless it is declined", () => {
    const make = (dashboard?: boolean) =>
      synthesize((stack) => {
        new CloudSqlAlerts(stack, "alerts", { server: cloudSql(stack), notificationChannels, dashboard });
      });
    const { dashboard_json, project } = make().resource("google_monitoring_dashboard");
    expect(dashboard_json).toMatch(/^\$\{jsonencode\(/);
    expect(dashboard_json.match(/google_monitoring_alert_policy\.[A-Za-z0-9_-]+\.name/g)).toHaveLength(11);
    expect(project).toMatch(/google_sql_database_instance/);
    expect(make(false).resources("google_monitoring_dashboard")).toEqual([]);
    expect(make(false).infos.map((each) => each.message)).toContain(
      "opt-out: CLOUDSQL-ALERTS-DASHBOARD: dashboard: the server has no dashboard",
    );
  });
});

describe("the dashboard of a flexible server", () => {
  const actionGroupId = azureId("Microsoft.Insights/actionGroups", "operations");
  const bodies = {
    PostgreSQL: (stack: TerraformStack) => postgres(stack),
    MySQL: (stack: TerraformStack) => mysql(stack),
    "a replica of PostgreSQL": (stack: TerraformStack) =>
      new PostgresReadReplica(stack, "replica", { source: postgres(stack) }),
    "a replica of MySQL": (stack: TerraformStack) =>
      new MysqlReadReplica(stack, "replica", { source: mysql(stack) }),
  };

  test.each(Object.entries(bodies))("of %s keeps the structure of the portal", (_, make) => {
    const found = written((stack) => {
      const server = make(stack);
      const monitoring = MONITORING[server.engine.family];
      if (!monitoring) throw new Error("no metrics");
      return azureDashboardProperties(server, monitoring);
    });
    expect(Object.keys(found.lenses)).toEqual(["0"]);
    const { parts } = found.lenses["0"];
    expect(Object.keys(parts)).toEqual(Object.keys(parts).map((_key, index) => String(index)));
    // biome-ignore lint/suspicious/noExplicitAny: parsed JSON
    const all = Object.values(parts) as any[];
    expect(
      gridMistakes(
        all.map(({ position: { x, y, colSpan, rowSpan } }, index) => ({
          name: `part ${index}`,
          x,
          y,
          width: colSpan,
          height: rowSpan,
        })),
        12,
      ),
    ).toEqual([]);
    const charts = all.slice(1).map((part) => part.metadata.settings.content.options.chart);
    expect(charts.length).toBeGreaterThan(7);
    for (const { metrics } of charts) {
      for (const metric of metrics) {
        expect(metric.resourceMetadata.id).toMatch(/flexible_server\..*\.id/);
        expect(metric.namespace).toMatch(/^microsoft\.dbfor(postgresql|mysql)\/flexibleservers$/);
        expect(metric.name).toMatch(/^[A-Za-z_]+$/);
      }
    }
  });

  test("comes with the alerts, unless it is declined", () => {
    const make = (dashboard?: boolean) =>
      synthesize((stack) => {
        const server = postgres(stack, { serverName: "coder" });
        new AzureServerAlerts(stack, "alerts", { server, actionGroupId, dashboard });
      });
    expect(make().resource("azurerm_portal_dashboard")).toMatchObject({
      name: "coder-dashboard",
      tags: { "hidden-title": "Database server coder" },
    });
    expect(make(false).resources("azurerm_portal_dashboard")).toEqual([]);
    expect(make(false).infos.map((each) => each.message)).toContain(
      "opt-out: AZURE-DB-DASHBOARD: dashboard: the server has no dashboard",
    );
  });
});

test("mistakes of a dashboard are noticed", () => {
  expect(
    gridMistakes(
      [
        { name: "a", x: 0, y: 0, width: 8, height: 6 },
        { name: "b", x: 7, y: 5, width: 8, height: 6 },
        { name: "c", x: 20, y: 20, width: 8, height: 6 },
      ],
      24,
    ),
  ).toEqual(["c leaves the grid", "a overlaps b"]);
  expect(memberMistakes("text", { content: "" }, CLOUDWATCH)).toEqual([
    "text has no markdown",
    "text.content is not known",
  ]);
});
