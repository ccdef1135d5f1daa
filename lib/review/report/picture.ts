// A picture of what is affected: resources with findings at the left, applications at the right. SVG without scripts and links.

import type { PlanReview } from "../review-plan";
import { worstEffect } from "../review-plan";
import { escapeHtml } from "./escape-html";

const ROW = 46;
const BOX = { width: 380, height: 32 };
const RIGHT = 560;
const MOST = 20;
/** Colors with a contrast of at least 4.5 to white text. */
const COLORS: { readonly [effect: string]: string | undefined } = {
  "data-loss": "#a4133c",
  "backup-loss": "#a4133c",
  exposure: "#8a3b00",
  outage: "#8a3b00",
  failure: "#8a3b00",
  weaker: "#6b5200",
};

/** The picture; empty if no finding affects an application. */
export function pictureOf({ findings }: PlanReview): string {
  const sources = new Map<
    string,
    { readonly color: string; readonly label: string; readonly to: Set<string> }
  >();
  for (const finding of findings) {
    if (finding.affected.length === 0) continue;
    const effect = worstEffect(finding);
    const known = sources.get(finding.address);
    if (known) for (const each of finding.affected) known.to.add(each);
    else
      sources.set(finding.address, {
        color: COLORS[effect] ?? "#444",
        label: effect,
        to: new Set(finding.affected),
      });
  }
  const left = [...sources].slice(0, MOST);
  const right = [...new Set(left.flatMap(([, { to }]) => [...to]))].slice(0, MOST);
  if (left.length === 0) return "";
  const height = Math.max(left.length, right.length) * ROW + 12;
  const y = (index: number) => 6 + index * ROW;
  const lines = left.flatMap(([, { color, to }], row) =>
    [...to].flatMap((each) => {
      const target = right.indexOf(each);
      if (target < 0) return [];
      const [from, end] = [y(row) + BOX.height / 2, y(target) + BOX.height / 2];
      return [
        `<path d="M ${BOX.width} ${from} C ${BOX.width + 90} ${from}, ${RIGHT - 90} ${end}, ${RIGHT} ${end}" fill="none" stroke="${color}" stroke-width="2"/>`,
      ];
    }),
  );
  const box = (x: number, row: number, color: string, text: string) =>
    `<g><title>${escapeHtml(text)}</title><rect x="${x}" y="${y(row)}" width="${BOX.width}" height="${BOX.height}" rx="4" fill="${color}"/>` +
    `<text x="${x + 10}" y="${y(row) + 21}" fill="#fff" font-size="13">${escapeHtml(short(text))}</text></g>`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${RIGHT + BOX.width} ${height}" role="img" aria-label="Resources with findings and the applications that they affect" font-family="ui-monospace, monospace">`,
    ...lines,
    ...left.map(([address, { color, label }], row) => box(0, row, color, `${label}: ${address}`)),
    ...right.map((address, row) => box(RIGHT, row, "#1d3557", address)),
    "</svg>",
  ].join("\n");
}

function short(text: string): string {
  const letters = [...text];
  return letters.length > 46 ? `${letters.slice(0, 22).join("")}...${letters.slice(-21).join("")}` : text;
}
