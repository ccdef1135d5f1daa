import { KINDS, type Kind } from "./data/kinds";

/** What a resource type is called; a type that is not known goes by its own name. */
export function kindOf(type: string): Kind {
  const known = KINDS.get(type);
  if (known) return known;
  return { group: groupOf(type), one: type, many: type };
}

/** A number with the word for so many, such as `2 private endpoints`. */
export function counted(count: number, { one, many }: Kind): string {
  return `${count} ${count === 1 ? one : (many ?? `${one}s`)}`;
}

function groupOf(type: string): string {
  if (type.startsWith("kubernetes_")) return "Kubernetes";
  return /_(sql|db|rds|postgresql|mysql)_/.test(type) ? "Databases" : "Other";
}
