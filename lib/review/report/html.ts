import type { Finding } from "../finding";
import type { PlanReview } from "../review-plan";
import { kindOf } from "../text";
import { escapeHtml } from "./escape-html";
import { actionWord, countLine, effectLine, factsOf, outline, verdictLine } from "./outline";
import { pictureOf } from "./picture";

const STYLE = `
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 60rem; padding: 0 1rem; color: #1a1a1a; background: #fff; }
h1 { font-size: 1.4rem; } h2 { font-size: 1.05rem; margin-top: 2rem; border-bottom: 1px solid #ccc; }
code, dd { font-family: ui-monospace, monospace; font-size: 13px; overflow-wrap: anywhere; }
article { margin: 1rem 0; padding-left: .8rem; border-left: 4px solid #8a3b00; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .1rem .8rem; margin: .3rem 0; } dt { color: #555; } dd { margin: 0; }
svg { width: 100%; height: auto; } .approval { color: #a4133c; }
@media (prefers-color-scheme: dark) { body { color: #eee; background: #111; } dt { color: #aaa; } .approval { color: #ff8fab; } }
`;

/**
 * A review as one HTML file: no scripts, nothing from elsewhere, and a picture of the applications that are affected.
 *
 * @param review the review.
 */
export function renderHtml(review: PlanReview): string {
  const picture = pictureOf(review);
  const isDanger = review.verdict === "approval needed" || review.verdict === "incomplete";
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Plan review</title>
<style>${STYLE}</style>
</head>
<body>
<h1${isDanger ? ' class="approval"' : ""}>${escapeHtml(verdictLine(review))}</h1>
<p>${escapeHtml(countLine(review))}</p>
${picture === "" ? "" : `<h2>Affected applications</h2>\n${picture}`}
${outline(review).map(sectionOf).join("\n")}
</body>
</html>
`;
}

function sectionOf({ title, findings, lines }: ReturnType<typeof outline>[number]): string {
  const list = lines.map((line) => `<li><code>${escapeHtml(line)}</code></li>`).join("\n");
  return [
    `<section><h2>${escapeHtml(title)}</h2>`,
    ...findings.map(article),
    ...(lines.length > 0 ? [`<ul>\n${list}\n</ul>`] : []),
    "</section>",
  ].join("\n");
}

function article(finding: Finding): string {
  const { address, type, action } = finding;
  const kind = kindOf(type).one;
  const facts = factsOf(finding).map(
    ([name, text]) =>
      `<dt>${escapeHtml(name)}</dt><dd>${name === "source" ? link(text) : escapeHtml(text)}</dd>`,
  );
  return [
    "<article>",
    `<strong><code>${escapeHtml(address)}</code></strong>${kind === type ? "" : ` (${escapeHtml(kind)})`}: ${escapeHtml(actionWord(action))}`,
    `<p>${escapeHtml(effectLine(finding))}</p>`,
    `<dl>${facts.join("\n")}</dl>`,
    "</article>",
  ].join("\n");
}

/** Sources are the rules' own texts; only an https address becomes a link. */
function link(source: string): string {
  const text = escapeHtml(source);
  return /^https:\/\/[\w./#?=&%:~-]+$/.test(source) ? `<a rel="noreferrer" href="${text}">${text}</a>` : text;
}
