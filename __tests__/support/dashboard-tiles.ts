/** The tiles of a dashboard of four formats in one form, and a picture of them: the grid, the titles and what each tile shows. */

/** A tile on the grid of its dashboard. */
export interface Tile {
  readonly title: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** Texts of the tile: its lines with their unit, or its words. */
  readonly lines: readonly string[];
}

/** A dashboard with the size of a cell in pixels, on a screen of 1440 pixels. */
export interface Dashboard {
  readonly name: string;
  readonly columns: number;
  readonly cellHeight: number;
  readonly tiles: readonly Tile[];
}

const SCREEN = 1440;

// biome-ignore lint/suspicious/noExplicitAny: the parsed JSON of four formats
type Json = any;

export const cloudWatch = (name: string, { widgets }: Json): Dashboard => ({
  name,
  columns: 24,
  cellHeight: 50,
  tiles: widgets.map(({ type, x, y, width, height, properties }: Json) => ({
    ...{ x, y, width, height },
    title: properties.title ?? type,
    lines: [
      ...(properties.markdown?.split("\n") ?? []),
      ...(properties.alarms ?? []),
      ...(properties.metrics ?? []).map(([first, metric]: Json) => first.label ?? metric),
      ...(properties.annotations?.horizontal ?? []).map(({ label, value }: Json) => `${label} ${value}`),
    ],
  })),
});

export const cloudMonitoring = (name: string, { mosaicLayout }: Json): Dashboard => ({
  name,
  columns: mosaicLayout.columns,
  cellHeight: 70,
  tiles: mosaicLayout.tiles.map(({ xPos, yPos, width, height, widget }: Json) => ({
    ...{ x: xPos ?? 0, y: yPos ?? 0, width, height },
    title: widget.title,
    lines: [
      ...(widget.text ? [widget.text.content] : []),
      ...(widget.incidentList?.policyNames ?? []),
      ...(widget.xyChart?.dataSets ?? []).map(({ legendTemplate }: Json) => legendTemplate),
      ...(widget.xyChart?.thresholds ?? []).map(({ value }: Json) => `threshold ${value}`),
    ],
  })),
});

export const azurePortal = (name: string, { lenses }: Json): Dashboard => ({
  name,
  columns: 12,
  cellHeight: 90,
  tiles: Object.values(lenses["0"].parts).map(({ position, metadata }: Json) => {
    const { settings, options } = metadata.settings.content;
    return {
      ...{ x: position.x, y: position.y, width: position.colSpan, height: position.rowSpan },
      title: options?.chart.title ?? "text",
      lines: options ? options.chart.metrics.map((each: Json) => each.name) : [settings.content],
    };
  }),
});

export const grafana = (name: string, { panels }: Json): Dashboard => ({
  name,
  columns: 24,
  cellHeight: 38,
  tiles: panels.map(({ type, title, gridPos, targets, fieldConfig }: Json) => ({
    ...{ x: gridPos.x, y: gridPos.y, width: gridPos.w, height: gridPos.h },
    title,
    lines:
      type === "row"
        ? [""]
        : targets.map(
            ({ legendFormat }: Json) => `${legendFormat} [${fieldConfig.defaults.unit ?? "state"}]`,
          ),
  })),
});

/** A page with the picture: each tile has the class `tile` and a title that is cut where it does not fit, as the vendors cut it. */
export function pictureOf({ name, columns, cellHeight, tiles }: Dashboard): string {
  const cell = SCREEN / columns;
  const escaped = (text: string) => text.replace(/&/g, "&amp;").replace(/</g, "&lt;");
  const boxes = tiles.map(
    ({ title, x, y, width, height, lines }) =>
      `<div class="tile" style="left:${x * cell}px;top:${y * cellHeight}px;width:${width * cell - 8}px;height:${height * cellHeight - 8}px">` +
      `<div class="title">${escaped(title)}</div><ul>${lines.map((line) => `<li>${escaped(line)}</li>`).join("")}</ul></div>`,
  );
  const bottom = Math.max(...tiles.map(({ y, height }) => (y + height) * cellHeight));
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>${escaped(name)}</title><style>
body{margin:0;font:13px sans-serif;background:#eee}.page{position:relative;width:${SCREEN}px;height:${bottom}px}
.tile{position:absolute;box-sizing:border-box;background:#fff;border:1px solid #888;overflow:hidden;padding:2px 8px}
.title{font-weight:bold;font-size:15px;white-space:nowrap;overflow:hidden;text-overflow:ellipsis}
ul{margin:2px 0;padding-left:16px}</style><div class="page">${boxes.join("\n")}</div></html>`;
}
