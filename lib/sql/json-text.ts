import { escapeTemplate, isResolved, terraformCall } from "../database/private";

/**
 * A value as JSON text for Terraform: what is known is written down, what only Terraform knows is put in by its `jsonencode`,
 * so that no name can break out of the text, whenever it becomes known. Members that are not set are left out.
 *
 * @param value plain data: texts, numbers, booleans, lists and objects, all of which may hold tokens.
 */
export function jsonText(value: unknown): string {
  if (value === undefined) return "null";
  if (isResolved(value)) return escapeTemplate(JSON.stringify(value));
  if (Array.isArray(value)) return `[${value.map(jsonText).join(",")}]`;
  if (value !== null && typeof value === "object" && Object.getPrototypeOf(value) === Object.prototype) {
    const members = Object.entries(value).filter(([, member]) => member !== undefined);
    return `{${members.map(([key, member]) => `${escapeTemplate(JSON.stringify(key))}:${jsonText(member)}`).join(",")}}`;
  }
  return terraformCall("jsonencode", value);
}
