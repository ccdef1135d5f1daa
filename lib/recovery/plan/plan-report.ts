// A recovery plan as plain text, Markdown and JSON. Values that only Terraform knows are written as commands that print them.

import type { Protection } from "../../database";
import { isResolved } from "../../database/private";
import type { RehearsalResult } from "../inventory/rehearsal-result";
import type { OutputValues } from "../private/output-values";
import type { DataCoverage } from "./coverage";
import type { RecoveryPlan } from "./recovery-plan";

/** Loss to expect by construction. @internal */
export function lossOf({ lossMinutes }: Protection): string {
  if (lossMinutes === undefined) return "not stated by the vendor";
  if (lossMinutes === 0) return "none";
  if (lossMinutes % 1440 === 0) return count(lossMinutes / 1440, "day");
  return lossMinutes % 60 === 0 ? count(lossMinutes / 60, "hour") : count(lossMinutes, "minute");
}

/** Age of the oldest state that can be restored. @internal */
export function retentionOf({ retentionDays }: Protection): string {
  if (retentionDays === undefined) return "not limited";
  return isResolved(retentionDays) ? count(retentionDays, "day") : `${retentionDays} days`;
}

/** Last result of the rehearsals, or that there is none. @internal */
export function measured(results: readonly RehearsalResult[]): string {
  const last = [...results].sort((a, b) => Date.parse(b.finishedAt) - Date.parse(a.finishedAt))[0];
  if (!last) return "not rehearsed";
  if (!last.passed) return `the rehearsal of ${last.finishedAt} FAILED`;
  const minutes =
    last.restoreMinutes === undefined ? "restored" : `restored in ${count(last.restoreMinutes, "minute")}`;
  const loss = last.lossMinutes === undefined ? "" : `, loss of ${count(last.lossMinutes, "minute")}`;
  return `${minutes}${loss} (${last.mechanism}, ${last.finishedAt})`;
}

/** @internal */
export function planText(plan: RecoveryPlan, values: OutputValues): string {
  const lines = [`Recovery of ${plan.application.application}`];
  for (const each of plan.coverage) {
    const { item } = each;
    lines.push("", `${item.id}: ${item.kind}${item.holdsUserData ? "" : ", can be rebuilt"}`);
    lines.push(`  ${item.description}`, `  where: ${item.location}`);
    for (const protection of each.protections) {
      lines.push(`  ${protection.mechanism}: ${scenariosOf(protection).join(", ")}`);
      lines.push(
        `    copies: ${protection.location}; back: ${retentionOf(protection)}; loss: ${lossOf(protection)}`,
      );
      for (const key of protection.keys ?? []) lines.push(`    key: ${key.name} (${key.location})`);
    }
    for (const key of item.keys ?? []) lines.push(`  key: ${key.name} (${key.location})`);
    lines.push(`  measured: ${measured(each.rehearsals)}`);
    for (const gap of each.gaps) lines.push(`  NOT COVERED: ${gap.scenario}${gapNote(gap.acceptedBecause)}`);
  }
  return values.prose(`${lines.join("\n")}\n`);
}

/** @internal */
export function planMarkdown(plan: RecoveryPlan, values: OutputValues): string {
  const head = ["data", "where", "backed up by", "how far back", "loss to expect", "not covered", "measured"];
  const rows = plan.coverage.map((each) => {
    const list = (write: (protection: Protection) => string) =>
      each.protections.map(write).join("<br>") || "-";
    return [
      `**${each.item.id}**: ${each.item.description}`,
      each.item.location,
      each.protections.length === 0
        ? "nothing"
        : list(({ mechanism, source }) => `[${mechanism}](${source})`),
      list(retentionOf),
      list(lossOf),
      each.gaps.map((gap) => `**${gap.scenario}**${gapNote(gap.acceptedBecause)}`).join("<br>") || "-",
      measured(each.rehearsals),
    ];
  });
  const table = [head, head.map(() => "---"), ...rows];
  return values.prose(`${table.map((row) => `| ${row.map(cell).join(" | ")} |`).join("\n")}\n`);
}

/** @internal */
export function planJson(plan: RecoveryPlan, values: OutputValues): string {
  const data = plan.coverage.map((each) => ({
    id: each.item.id,
    kind: each.item.kind,
    description: values.prose(each.item.description),
    location: values.prose(each.item.location),
    holdsUserData: each.item.holdsUserData,
    lostIn: each.lostIn,
    keys: keysOf(each, values),
    protections: each.protections.map((protection) => ({
      mechanism: protection.mechanism,
      location: values.prose(protection.location),
      retentionDays: isResolved(protection.retentionDays)
        ? protection.retentionDays
        : values.prose(`${protection.retentionDays}`),
      lossMinutes: protection.lossMinutes,
      covers: scenariosOf(protection),
      limits: protection.limits ?? [],
      source: protection.source,
    })),
    notCovered: each.gaps.map(({ scenario, unknown, acceptedBecause }) => ({
      scenario,
      unknown,
      acceptedBecause,
    })),
    rehearsals: each.rehearsals,
  }));
  return `${JSON.stringify({ application: plan.application.application, data }, null, 2)}\n`;
}

function keysOf({ item, protections }: DataCoverage, values: OutputValues) {
  const keys = [...(item.keys ?? []), ...protections.flatMap((protection) => protection.keys ?? [])];
  return keys.map(({ name, location }) => ({ name: values.prose(name), location: values.prose(location) }));
}

function scenariosOf({ procedures }: Protection): string[] {
  return [...new Set(procedures.flatMap(({ scenarios }) => scenarios))];
}

function gapNote(acceptedBecause: string | undefined): string {
  return acceptedBecause === undefined ? "" : ` (accepted: ${acceptedBecause})`;
}

function count(n: number, unit: string): string {
  return `${n} ${unit}${n === 1 ? "" : "s"}`;
}

function cell(text: string): string {
  return text.replace(/\|/g, "\\|").replace(/\n/g, " ");
}
