/**
 * Rules of the dashboard formats, as data, and the mistakes of a dashboard by them. Sources, read 2026-11: CloudWatch "Dashboard body structure
 * and syntax"; Cloud Monitoring REST resource projects.dashboards; "The structure of Azure dashboards".
 */

/** A part of a dashboard on its grid. */
export interface GridPart {
  readonly name: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Parts that leave the grid, overlap, or have no size. */
export function gridMistakes(parts: readonly GridPart[], columns: number): string[] {
  const whole = (value: number) => Number.isInteger(value) && value >= 0;
  const wrong = parts.flatMap(({ name, x, y, width, height }) =>
    whole(x) && whole(y) && width > 0 && height > 0 && x + width <= columns
      ? []
      : [`${name} leaves the grid`],
  );
  const pairs = parts.flatMap((a, index) => parts.slice(index + 1).map((b) => [a, b] as const));
  return [
    ...wrong,
    ...pairs
      .filter(
        ([a, b]) =>
          a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height,
      )
      .map(([a, b]) => `${a.name} overlaps ${b.name}`),
  ];
}

/** Members that an object may have, by where it stands; those with `!` are required. */
export type Members = { readonly [kind: string]: readonly string[] };

/** Members that are missing or not known. */
export function memberMistakes(kind: string, value: object, members: Members): string[] {
  const rule = members[kind];
  if (!rule) return [`${kind} is not known`];
  const allowed = rule.map((name) => name.replace("!", ""));
  return [
    ...rule
      .filter((name) => name.endsWith("!") && !(name.slice(0, -1) in value))
      .map((name) => `${kind} has no ${name.slice(0, -1)}`),
    ...Object.keys(value)
      .filter((name) => !allowed.includes(name))
      .map((name) => `${kind}.${name} is not known`),
  ];
}

/** CloudWatch: members of a widget, of the properties of each kind of widget, and of an expression. */
export const CLOUDWATCH: Members = {
  widget: ["type!", "x", "y", "width", "height", "properties!"],
  text: ["markdown!", "background"],
  alarm: ["alarms!", "sortBy", "states", "title"],
  metric: [
    "metrics!",
    "region!",
    "view!",
    "title",
    "stat",
    "period",
    "stacked",
    "annotations",
    "yAxis",
    "legend",
    "timezone",
    "liveData",
  ],
  expression: ["expression!", "id!", "label", "region", "period", "color", "visible", "yAxis", "stat"],
  annotation: ["value!", "label", "color", "fill", "visible", "yAxis"],
};

/** Cloud Monitoring: members of the messages of a dashboard. */
export const CLOUD_MONITORING: Members = {
  dashboard: ["displayName!", "mosaicLayout!", "labels"],
  tile: ["xPos", "yPos", "width!", "height!", "widget!"],
  widget: ["title", "xyChart", "text", "incidentList", "scorecard", "alertChart", "logsPanel"],
  xyChart: ["dataSets!", "thresholds", "yAxis", "chartOptions", "timeshiftDuration"],
  dataSet: ["timeSeriesQuery!", "plotType!", "legendTemplate", "minAlignmentPeriod", "targetAxis"],
  timeSeriesFilter: ["filter!", "aggregation", "secondaryAggregation", "pickTimeSeriesFilter"],
  aggregation: ["alignmentPeriod!", "perSeriesAligner!", "crossSeriesReducer", "groupByFields"],
  threshold: ["value!", "label", "color", "direction", "targetAxis"],
  text: ["content!", "format", "style"],
  incidentList: ["policyNames", "monitoredResources"],
};
