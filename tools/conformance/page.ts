/** The table of docs/conformance.md, from the rows that the suite checks. `npm run docs:conformance` writes it. */
import { type Outcome, ROWS } from "./intents";
import { propertyTable } from "./properties";
import { SERVERS } from "./servers";

const HEAD = `# The same intent on every server

Each property with its result on every server: the attribute that is written, or a warning about the difference. The conformance
suite compares these rows with the synthesized output of every implementation of \`IDatabaseServer\` (\`__tests__/unit/conformance\`);
\`npm run docs:conformance\` writes this page. A server without a row has no such property for its engine, or exists already. The properties of the servers are listed at the end.
`;

/** The whole page. */
export function conformanceTable(): string {
  const blocks = ROWS.map((row) => {
    const lines = Object.entries(SERVERS).flatMap(([id, label]) => {
      const outcome = row.outcomes[id as keyof typeof SERVERS];
      return outcome ? [`| ${label} | ${cell(outcome)} |`] : [];
    });
    return `\n## ${row.intent}\n\n| server | result |\n|---|---|\n${lines.join("\n")}\n`;
  });
  return HEAD + blocks.join("") + propertyTable();
}

function cell(outcome: Outcome): string {
  if (outcome.refuses) return "refused at synth";
  if (outcome.says) return "accepted with a warning or note about the difference";
  const pairs = Object.entries(outcome.writes ?? outcome.answers ?? {});
  return pairs.map(([path, value]) => `\`${path}\` = ${shown(value)}`).join("<br>");
}

function shown(value: unknown): string {
  if (value === undefined) return "not written";
  return `\`${JSON.stringify(value)}\``;
}
