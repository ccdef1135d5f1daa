import type { Finding } from "../finding";
import type { PlanReview } from "../review-plan";
import { kindOf } from "../text";
import { actionWord, countLine, effectLine, factsOf, outline, verdictLine } from "./outline";

/**
 * A review as plain text, for a terminal or a log.
 *
 * @param review the review.
 */
export function renderText(review: PlanReview): string {
  const sections = outline(review).map(({ title, findings, lines }) =>
    [`  ${title}`, ...findings.flatMap(findingLines), ...lines.map((line) => `    ${line}`)].join("\n"),
  );
  return [`${verdictLine(review)}\n${countLine(review)}`, ...sections].join("\n\n");
}

function findingLines(finding: Finding): string[] {
  const { address, type, action } = finding;
  const kind = kindOf(type).one;
  return [
    `    ${address}${kind === type ? "" : ` (${kind})`}: ${actionWord(action)}`,
    `      ${effectLine(finding)}`,
    ...factsOf(finding).map(([name, text]) => `      ${name}: ${text}`),
  ];
}
