/** The page of the comparison. */
import { EFFECTS } from "../../../lib/review/data/effects";
import type { Finding } from "../../../lib/review/finding";
import { worstEffect } from "../../../lib/review/review-plan";
import type { ReviewedChange } from "./changes";
import { PROVIDER_VERSIONS } from "./planned";

/** The reviewers' answers to one plan. */
export interface Answers {
  readonly change: ReviewedChange;
  /** Changed attributes, as Terraform prints them. */
  readonly terraform: readonly string[];
  readonly summary: readonly string[];
  /** Checks that fail after the change and not before it. */
  readonly checkov: readonly string[];
  readonly checkovBefore: number;
  readonly ours: readonly Finding[];
}

/** Versions by tool, and the day of the run. */
export interface Versions {
  readonly day: string;
  readonly terraform: string;
  readonly summarize: string;
  readonly checkov: string;
}

/** @returns the page in Markdown */
export function comparisonPage(answers: readonly Answers[], versions: Versions): string {
  return `<!-- Written by npm run review:peers. Do not edit. -->

# Reviewers of plans compared

Ten changes, each planned once, and the same plan given to each reviewer, on ${versions.day}: Terraform ${versions.terraform}, tf-summarize ${versions.summarize}, checkov ${versions.checkov}
and [\`devplatforms review\`](reviewing.md) of this version. The plans are made with the schemas and replacement rules of ${PROVIDER_VERSIONS}.

| change | \`terraform show\` | tf-summarize | checkov, new findings | \`devplatforms review\` |
|---|---|---|---|---|
${answers.map(row).join("\n")}

How to read it:

- \`terraform show\`: the lines about changed attributes. It also says that a resource is replaced, not that data is lost by it.
- tf-summarize: its table of resources. With \`-json\` it lists the changed attributes too.
- checkov judges the state after the change, with its checks for plans. Listed are checks that fail after the change and not before it; ${answers.reduce((sum, { checkovBefore }) => sum + checkovBefore, 0)} more
  findings in the ten plans have nothing to do with the change.
- \`devplatforms review\`: heading, time and first sentence of each finding. Sources, next steps and ids are left out here.

## Where the others say more

- \`terraform show\` prints all values, also those that no rule is about. Read it beside the review.
- checkov knows weaknesses that were there before the change, of hundreds of resource types. Scan the plan with it as well; this library does in its own tests.
- tf-summarize draws trees of large plans. Its \`-json\` prints values, so do not keep that output where a secret may be in the plan.

## Not compared

Policies that you write yourself (Open Policy Agent, Sentinel, terraform-compliance) say what you teach them. Infracost compares prices, and services with access to
your cloud account compare what runs there: neither can be run without an account.

## Repeat it

\`npm run review:peers\` makes the plans and writes this page. The changes are in
[\`tools/review/peers/changes.ts\`](../tools/review/peers/changes.ts).
`;
}

function row({ change, terraform, summary, checkov, ours }: Answers): string {
  const cells = [
    `**${change.title}.** ${change.truth}`,
    terraform.map((line) => `\`${line}\``).join("<br>") || "nothing",
    summary.join("<br>"),
    checkov.join("<br>") || "none",
    ours.map(told).join("<br>"),
  ];
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
}

function told(finding: Finding): string {
  const heading = finding.effects.length === 0 ? "ALSO" : EFFECTS.get(worstEffect(finding))?.heading;
  const likely = finding.certainty === "likely" ? ", likely" : "";
  return `**${heading}** (${finding.when}${likely}): ${firstSentence(finding.words)}`;
}

/** The first sentence, or two where the first one is short. */
function firstSentence(words: string): string {
  const sentences = words.split(/(?<=[.]) /);
  const [first = "", second = ""] = sentences;
  return first.length < 40 ? `${first} ${second}`.trim() : first;
}
