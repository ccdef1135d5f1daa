import { KINDS, type Kind } from "./data/kinds";

/** Name of a resource type in words; an unknown type keeps its Terraform name. */
export function kindOf(type: string): Kind {
  const known = KINDS.get(type);
  if (known) return known;
  return { group: groupOf(type), one: type, many: type };
}

/** A count with its noun, such as `2 private endpoints`. */
export function counted(count: number, { one, many }: Kind): string {
  return `${count} ${count === 1 ? one : (many ?? `${one}s`)}`;
}

/** A list with a heading; an empty list has no section unless `otherwise` is set. */
export function section(title: string, lines: readonly string[], otherwise?: string): string[] {
  if (lines.length === 0) return otherwise === undefined ? [] : ["", `  ${title}: ${otherwise}`];
  return ["", `  ${title}`, ...lines.map((line) => `    ${line}`)];
}

function groupOf(type: string): string {
  if (type.startsWith("kubernetes_")) return "Kubernetes";
  return /_(sql|db|rds|postgresql|mysql)_/.test(type) ? "Databases" : "Other";
}
