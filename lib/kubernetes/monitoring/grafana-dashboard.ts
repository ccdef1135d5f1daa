// The JSON of a Grafana dashboard: grafana.com/docs/grafana/latest/dashboards/build-dashboards/view-dashboard-json-model. The grid has
// 24 columns. Grafana's variables are written `$name`: braces would be an expression of Terraform.

import type { ApplicationMetrics, MetricsPanel } from "./application-metrics";

const COLUMNS = 24;
const HEIGHT = 8;
const STATE_HEIGHT = 6;
const DATASOURCE = { type: "prometheus", uid: "$datasource" };

interface GridPosition {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

/** @internal */
export function grafanaDashboard(
  uid: string,
  title: string,
  applications: readonly ApplicationMetrics[],
): object {
  const names = applications.flatMap(({ alerts }) => alerts.map(({ name }) => name));
  const panels: object[] = [firingAlerts([...new Set(names)])];
  let y = STATE_HEIGHT;
  for (const application of applications) {
    panels.push({
      type: "row",
      title: application.title,
      collapsed: false,
      gridPos: { x: 0, y, w: COLUMNS, h: 1 },
      panels: [],
    });
    y += 1;
    const columns = Math.min(3, Math.max(1, application.panels.length));
    const w = COLUMNS / columns;
    application.panels.forEach((panel, index) => {
      const row = Math.floor(index / columns);
      panels.push(chart(panel, { x: (index % columns) * w, y: y + row * HEIGHT, w, h: HEIGHT }));
    });
    y += Math.ceil(application.panels.length / columns) * HEIGHT;
  }
  return {
    uid,
    title,
    tags: ["cdktf-devplatforms"],
    schemaVersion: 39,
    editable: false,
    refresh: "1m",
    time: { from: "now-6h", to: "now" },
    timezone: "",
    annotations: { list: [] },
    templating: {
      list: [{ name: "datasource", label: "Data source", type: "datasource", query: "prometheus" }],
    },
    panels: panels.map((panel, index) => ({ id: index + 1, ...panel })),
  };
}

/** Alerts by Prometheus's own series `ALERTS`, which need no Alertmanager. */
function firingAlerts(names: readonly string[]): object {
  return {
    type: "state-timeline",
    title: "Firing alerts",
    datasource: DATASOURCE,
    gridPos: { x: 0, y: 0, w: COLUMNS, h: STATE_HEIGHT },
    targets: [
      target(0, {
        expression: `max by (alertname) (ALERTS{alertstate="firing",alertname=~"${names.join("|")}"})`,
        legend: "{{alertname}}",
      }),
    ],
    fieldConfig: {
      defaults: {
        noValue: "No alert fires",
        color: { mode: "fixed", fixedColor: "red" },
        mappings: [{ type: "value", options: { "1": { text: "firing", color: "red", index: 0 } } }],
      },
      overrides: [],
    },
    options: {
      showValue: "never",
      rowHeight: 0.9,
      legend: { displayMode: "list", placement: "bottom", showLegend: false, calcs: [] },
      tooltip: { mode: "single", sort: "none" },
    },
  };
}

function chart(panel: MetricsPanel, gridPos: GridPosition): object {
  return {
    type: "timeseries",
    title: panel.title,
    datasource: DATASOURCE,
    gridPos,
    targets: panel.queries.map((query, index) => target(index, query)),
    fieldConfig: { defaults: { unit: panel.unit, min: 0 }, overrides: [] },
    options: {
      legend: { displayMode: "list", placement: "bottom", showLegend: true, calcs: [] },
      tooltip: { mode: "multi", sort: "desc" },
    },
  };
}

function target(index: number, query: { readonly expression: string; readonly legend: string }): object {
  return {
    refId: String.fromCharCode(65 + index),
    datasource: DATASOURCE,
    expr: query.expression,
    legendFormat: query.legend,
  };
}
