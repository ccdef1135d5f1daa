import type { Finding } from "../finding";
import type { PlanReview } from "../review-plan";
import { kindOf } from "../text";
import { actionWord, countLine, effectLine, factsOf, outline, verdictLine } from "./outline";

/** A comment on GitHub has at most 65,536 characters. */
const LONGEST_COMMENT = 65_000;

/**
 * A review as Markdown, for a comment on a pull request: dangerous first, cut to a length with the number of entries that were cut.
 *
 * @param review the review.
 * @param maxLength the length in characters, 1,000 or more. @default 65000
 */
export function renderMarkdown(review: PlanReview, maxLength = LONGEST_COMMENT): string {
  const limit = Math.max(maxLength, 1_000) - 200;
  const head = `## Plan review: ${verdictLine(review)}\n\n${countLine(review)}\n`;
  let text = head;
  let cut = 0;
  for (const { title, findings, lines } of outline(review)) {
    const isLong = title === "All changes";
    const open = isLong ? `\n<details><summary>${title}</summary>\n\n` : `\n### ${title}\n\n`;
    const close = isLong ? "\n</details>\n" : "";
    let isOpen = false;
    for (const each of [...findings, ...lines]) {
      // A finding without room for its words is not written out only to be cut.
      if (typeof each !== "string" && text.length + each.words.length > limit) {
        cut += 1;
        continue;
      }
      const entry = typeof each === "string" ? lineEntry(each) : findingEntry(each);
      const add = `${isOpen ? "" : open}${entry}\n`;
      if (text.length + add.length + close.length > limit) {
        cut += 1;
        continue;
      }
      text += add;
      isOpen = true;
    }
    if (isOpen) text += close;
  }
  return cut === 0
    ? text
    : `${text}\n**${cut} entries are cut here**: the whole review is in the output of the command.\n`;
}

function findingEntry(finding: Finding): string {
  const { address, type, action } = finding;
  const kind = kindOf(type).one;
  const facts = factsOf(finding).map(([name, text]) => `  - ${name}: ${factText(name, text)}`);
  return [
    `- ${code(address)}${kind === type ? "" : ` (${kind})`}: ${actionWord(action)}`,
    `  - **${inert(effectLine(finding))}**`,
    ...facts,
  ].join("\n");
}

function factText(name: string, text: string): string {
  if (name === "next") return inert(text);
  if (name === "source" && /^https:\/\/[\w./#?=&%:~-]+$/.test(text)) return `<${text}>`;
  return code(text);
}

function lineEntry(line: string): string {
  return `- ${code(line)}`;
}

/** A code span, in which no Markdown, HTML or mention has an effect. */
function code(text: string): string {
  return `\`${text.replaceAll("`", "'").trim() || " "}\``;
}

/** Text in which Markdown and HTML have no effect. Words of the rules have none; a team's reasons and names may. */
function inert(text: string): string {
  return text
    .replace(/[\\`*_{}[\]<>#|~@&!]/g, (each) => (each === "@" ? "@\u2060" : `\\${each}`))
    .replace(/(https?):/g, "$1\\:");
}
