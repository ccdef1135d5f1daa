/** A headed list for a text; nothing when there is nothing to list, unless `otherwise` says what to write then. */
export function section(title: string, lines: readonly string[], otherwise?: string): string[] {
  if (lines.length === 0) return otherwise === undefined ? [] : ["", `  ${title}: ${otherwise}`];
  return ["", `  ${title}`, ...lines.map((line) => `    ${line}`)];
}
