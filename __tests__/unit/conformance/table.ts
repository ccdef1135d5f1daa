/** The table of docs/conformance.md, from the rows that the suite checks. `npm run docs:conformance` writes it. */
import { IMPLEMENTATIONS } from "./implementations";
import { type Outcome, ROWS } from "./intents";

const HEAD = `# The same intent on every server

What a property becomes: the attribute that is written, or the difference that is said. This page is made from the rows that the
conformance suite holds against the synthesized output of every implementation of \`IDatabaseServer\` (\`__tests__/conformance\`);
\`npm run docs:conformance\` writes it. Where a cell is empty, the intent does not apply to that engine, or there is nothing to make
because the server exists.
`;

/** The whole page. */
export function conformanceTable(): string {
  const blocks = ROWS.map((row) => {
    const lines = IMPLEMENTATIONS.flatMap(({ id, label }) => {
      const outcome = row.outcomes[id];
      return outcome ? [`| ${label} | ${cell(outcome)} |`] : [];
    });
    return `\n## ${row.intent}\n\n| server | result |\n|---|---|\n${lines.join("\n")}\n`;
  });
  return HEAD + blocks.join("");
}

function cell(outcome: Outcome): string {
  if (outcome.refuses) return "refused at synth";
  if (outcome.says) return "accepted; the difference is said in a warning or note";
  const pairs = Object.entries(outcome.writes ?? outcome.answers ?? {});
  return pairs.map(([path, value]) => `\`${path}\` = ${shown(value)}`).join("<br>");
}

function shown(value: unknown): string {
  if (value === undefined) return "not written";
  return `\`${JSON.stringify(value)}\``;
}
