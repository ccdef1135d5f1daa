// The order of a report, the same in text, Markdown and HTML: dangerous first.

import { EFFECTS } from "../data/effects";
import type { Finding } from "../finding";
import { type PlanReview, worstEffect } from "../review-plan";
import { counted, kindOf } from "../text";

/** A part of a report: findings with the same worst effect, or lines. */
export interface Section {
  readonly title: string;
  readonly findings: readonly Finding[];
  readonly lines: readonly string[];
}

const ACTIONS: readonly (readonly [string, string])[] = [
  ["create", "to create"],
  ["update", "to update in place"],
  ["replace", "to replace"],
  ["replace-and-forget", "to replace, with the old object kept"],
  ["destroy", "to destroy"],
  ["forget", "to remove from the state"],
  ["import", "to import"],
  ["move", "moved"],
  ["defer", "deferred"],
];

const PAST: { readonly [action: string]: string | undefined } = {
  create: "created",
  update: "updated in place",
  replace: "replaced",
  "replace-and-forget": "replaced, with the old object kept",
  destroy: "destroyed",
  forget: "removed from the state",
  drift: "changed outside Terraform",
};

/** The action of a change in words. */
export function actionWord(action: string): string {
  return PAST[action] ?? action;
}

/** The verdict in one line. */
export function verdictLine({ verdict, findings }: PlanReview): string {
  if (verdict === "incomplete") return "INCOMPLETE: this plan does not show all changes";
  if (verdict === "nothing to do") return "Nothing to do";
  if (verdict === "changes") return "Changes without danger";
  return `APPROVAL NEEDED: ${counted(findings.length, { group: "", one: "finding" })}`;
}

/** `1 to create, 2 to update in place`. */
export function countLine({ counts, outputs, verdict, findings }: PlanReview): string {
  const words = ACTIONS.filter(([action]) => counts[action] !== undefined).map(
    ([action, word]) => `${counts[action]} ${word}`,
  );
  if (words.length > 0) return words.join(", ");
  if (outputs.length > 0) return "outputs only";
  const records = verdict === "changes" || findings.some(({ action }) => action === "drift");
  return records ? "the state only: changes outside Terraform are recorded" : "no changes";
}

/** All sections with content. */
export function outline(review: PlanReview): Section[] {
  const lines = (title: string, texts: readonly string[]): Section => ({ title, findings: [], lines: texts });
  const findings = (title: string, list: readonly Finding[]): Section => ({
    title,
    findings: list,
    lines: [],
  });
  const byEffect = new Map([...EFFECTS.keys()].map((effect) => [effect, [] as Finding[]]));
  for (const finding of review.findings) byEffect.get(worstEffect(finding))?.push(finding);
  return [
    lines("INCOMPLETE", review.incomplete),
    ...[...EFFECTS].map(([effect, { heading }]) => findings(heading, byEffect.get(effect) ?? [])),
    lines("Failed checks", review.failedChecks),
    findings("Also", review.notes),
    findings("Accepted", review.accepted),
    lines("Entries of the accepted findings", review.acceptanceProblems),
    lines("Deferred to a later plan", review.deferred),
    lines("Changed outside Terraform since the last apply", review.drift),
    lines("Moved", review.moved),
    lines("Imported", review.imported),
    lines("Outputs", review.outputs),
    lines("All changes", changeLines(review)),
  ].filter(({ findings: list, lines: texts }) => list.length + texts.length > 0);
}

/** One line a change; what is created is counted by kind. */
function changeLines({ changes }: PlanReview): string[] {
  const created = new Map<string, number>();
  for (const { action, type } of changes) {
    if (action === "create") created.set(type, (created.get(type) ?? 0) + 1);
  }
  const others = changes
    .filter(({ action }) => action !== "create")
    .map(({ address, type, kind, action, reason, attributes }) => {
      const why = reason === undefined ? "" : `${reason.startsWith("because") ? "" : ","} ${reason}`;
      const facts = [`${actionWord(action)}${why}`, attributes.join(", ")];
      return `${address}${kind === type ? "" : ` (${kind})`}: ${facts.filter(Boolean).join("; ")}`;
    });
  return [
    ...others,
    ...(created.size > 0
      ? [`created: ${[...created].map(([type, count]) => countedType(count, type)).join(", ")}`]
      : []),
  ];
}

function countedType(count: number, type: string): string {
  return counted(count, kindOf(type));
}

/** The facts of a finding after its first line, in order: name and text. */
export function factsOf(finding: Finding): (readonly [string, string])[] {
  const { change, affected, next, accepted, source, id } = finding;
  const facts: (readonly [string, string])[] = [];
  const add = (name: string, text: string | undefined) => {
    if (text !== undefined && text !== "") facts.push([name, text]);
  };
  add("change", change);
  add("affects", affected.join(", "));
  add("next", accepted === undefined ? next : undefined);
  add("accepted", accepted);
  add("source", source);
  add("id", id);
  return facts;
}

/** `now: words`, with the word "likely" where the effect is not certain. */
export function effectLine({ when, words, certainty, effects }: Finding): string {
  return `${when}${certainty === "likely" && !effects.includes("unknown") ? ", likely" : ""}: ${words}`;
}
