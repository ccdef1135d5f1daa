import { escapeTemplate, isResolved, terraformCall } from "../database/private";

/**
 * A value as JSON text for Terraform. Values known at synth are written literally; tokens are encoded by Terraform's
 * `jsonencode`, so that a name cannot break out of the text whenever it becomes known. Members that are not set are left out.
 *
 * @param value plain data: strings, numbers, booleans, lists and objects, all of which may hold tokens.
 * @see https://developer.hashicorp.com/terraform/language/functions/jsonencode
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

/** A port as text, for an environment variable; may be a token. */
export function portText(port: number): string {
  return isResolved(port) ? `${port}` : terraformCall("tostring", port);
}
