// A recovery plan as plain text, Markdown and JSON. Values that only Terraform knows are written as commands that print them.

import type { Protection, ScheduledRehearsal } from "../../database";
import { isResolved } from "../../database/private";
import type { RehearsalResult } from "../inventory/rehearsal-result";
import type { OutputValues } from "../private/output-values";
import { type DataCoverage, rehearsing } from "./coverage";
import type { RecoveryPlan } from "./recovery-plan";

/** Loss to expect by construction. @internal */
export function lossOf({ lossMinutes }: Protection): string {
  if (lossMinutes === undefined) return "not stated by the vendor";
  return lossMinutes === 0 ? "none" : durationOf(lossMinutes);
}

/** Age of the oldest state that can be restored. @internal */
export function retentionOf({ retentionDays }: Protection): string {
  if (retentionDays === undefined) return "not limited";
  return isResolved(retentionDays) ? count(retentionDays, "day") : `${retentionDays} days`;
}

/**
 * Last result of the rehearsals that the program was given, and the rehearsals on a schedule, whose results are read by a command; or that
 * there are none. @internal
 */
export function measured(
  results: readonly RehearsalResult[],
  scheduled: readonly ScheduledRehearsal[] = [],
): string {
  const last = [...results].sort((a, b) => Date.parse(b.finishedAt) - Date.parse(a.finishedAt))[0];
  if (!last && scheduled.length === 0) return "not rehearsed";
  return [...(last ? [resultText(last)] : []), ...scheduled.map(scheduledText)].join("; ");
}

function resultText(last: RehearsalResult): string {
  if (!last.passed) return `the rehearsal of ${last.finishedAt} FAILED`;
  const minutes =
    last.restoreMinutes === undefined ? "restored" : `restored in ${count(last.restoreMinutes, "minute")}`;
  const loss = last.lossMinutes === undefined ? "" : `, loss of ${count(last.lossMinutes, "minute")}`;
  return `${minutes}${loss} (${last.mechanism}, ${last.finishedAt})`;
}

/** Frequency and construct of a rehearsal. @internal */
export function scheduledText(rehearsal: ScheduledRehearsal): string {
  return `rehearsed ${everyOf(rehearsal)} by ${rehearsal.rehearsedBy}`;
}

function everyOf({ longestGapMinutes, schedule }: ScheduledRehearsal): string {
  if (longestGapMinutes === undefined) return `on the schedule ${schedule}`;
  if (longestGapMinutes === 7 * 1440) return "every week";
  if (longestGapMinutes === 1440) return "every day";
  return `at least every ${durationOf(longestGapMinutes)}`;
}

/** Rehearsals on a schedule, each once, with the items that they restore. @internal */
export function scheduledOf(
  coverage: readonly DataCoverage[],
): { readonly rehearsal: ScheduledRehearsal; readonly data: string[] }[] {
  const found = new Map<string, { readonly rehearsal: ScheduledRehearsal; readonly data: string[] }>();
  for (const { item, scheduledRehearsals } of coverage) {
    for (const rehearsal of scheduledRehearsals) {
      const same = found.get(rehearsal.rehearsedBy) ?? { rehearsal, data: [] };
      if (!same.data.includes(item.id)) same.data.push(item.id);
      found.set(rehearsal.rehearsedBy, same);
    }
  }
  return [...found.values()];
}

/** Texts of a rehearsal that may contain values of Terraform. @internal */
export function rehearsalTexts({ rehearsedBy, schedule, timeZone, resultCommands }: ScheduledRehearsal) {
  return [rehearsedBy, schedule, timeZone, ...resultCommands];
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
      const rehearsals = rehearsing(each, protection);
      lines.push(
        `    ${rehearsals.length === 0 ? "not rehearsed" : rehearsals.map(scheduledText).join("; ")}`,
      );
      for (const { resultCommands } of rehearsals) {
        lines.push("    last result:", ...resultCommands.map((text) => `      ${values.command(text)}`));
      }
    }
    for (const key of item.keys ?? []) lines.push(`  key: ${key.name} (${key.location})`);
    if (each.rehearsals.length > 0) lines.push(`  measured: ${measured(each.rehearsals)}`);
    for (const gap of each.gaps) lines.push(`  NOT COVERED: ${gap.scenario}${gapNote(gap.acceptedBecause)}`);
  }
  return values.prose(`${lines.join("\n")}\n`);
}

/** @internal */
export function planMarkdown(plan: RecoveryPlan, values: OutputValues): string {
  const head = [
    "data",
    "where",
    "backed up by",
    "how far back",
    "loss to expect",
    "not covered",
    "rehearsed",
  ];
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
      rehearsedCell(each),
    ];
  });
  const table = [head, head.map(() => "---"), ...rows];
  return values.prose(`${table.map((row) => `| ${row.map(cell).join(" | ")} |`).join("\n")}\n`);
}

/** Rehearsals of each mechanism, beside the mechanisms of the row. */
function rehearsedCell(each: DataCoverage): string {
  const lines = each.protections.map((protection) => measured([], rehearsing(each, protection)));
  const results = each.rehearsals.length === 0 ? [] : [`measured: ${measured(each.rehearsals)}`];
  return [...lines, ...results].join("<br>") || "-";
}

/** The rehearsals on a schedule, with the commands that print their last results; empty if there are none. @internal */
export function rehearsalsMarkdown(plan: RecoveryPlan, values: OutputValues): string {
  return scheduledOf(plan.coverage)
    .map(({ rehearsal, data }) => {
      const { mechanisms, schedule, timeZone, proves, resultCommands, permissions, source } = rehearsal;
      const commands = resultCommands.map((text) => values.command(text));
      return [
        `### ${data.map((id) => `\`${id}\``).join(", ")}: ${mechanisms.join(", ")}`,
        `${values.prose(capitalized(scheduledText(rehearsal)))} (\`${values.command(schedule)}\`, ${values.prose(timeZone)}). ${proves}`,
        ...(permissions?.length ? [`Needs: ${permissions.map((each) => `\`${each}\``).join(", ")}.`] : []),
        `\`\`\`bash\n${commands.join("\n")}\n\`\`\``,
        `See <${source}>.`,
      ].join("\n\n");
    })
    .join("\n\n");
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
      rehearsals: rehearsing(each, protection).map((rehearsal) => ({
        rehearsedBy: values.prose(rehearsal.rehearsedBy),
        schedule: values.prose(rehearsal.schedule),
        timeZone: values.prose(rehearsal.timeZone),
        longestGapMinutes: rehearsal.longestGapMinutes,
        proves: rehearsal.proves,
        resultCommands: rehearsal.resultCommands.map((text) => values.command(text)),
        source: rehearsal.source,
      })),
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

function capitalized(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

function durationOf(minutes: number): string {
  if (minutes % 1440 === 0) return count(minutes / 1440, "day");
  return minutes % 60 === 0 ? count(minutes / 60, "hour") : count(minutes, "minute");
}

function count(n: number, unit: string): string {
  return `${n} ${unit}${n === 1 ? "" : "s"}`;
}

function cell(text: string): string {
  return text.replace(/\|/g, "\\|").replace(/\n/g, " ");
}
