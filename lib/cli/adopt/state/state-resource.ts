import { isMembers, type Members, memberOf } from "./members";

/** A resource of a state, with the values that Terraform knows of it. */
export interface StateResource {
  /** Address in the state, such as `module.db.module.db_instance.aws_db_instance.this[0]`. */
  readonly address: string;
  /** Terraform resource type. */
  readonly type: string;
  /** Attributes by name, without sensitive values. */
  readonly values: Members;
  /** Attributes with sensitive values, which are compared and never written. @default - `values` */
  readonly compared?: Members;
  /** Marks of sensitive attributes, in the shape of the values. */
  readonly sensitive: unknown;
}

/** The text of an attribute; undefined if it is empty or no text. */
export function text(resource: StateResource | undefined, name: string): string | undefined {
  const value = resource?.values[name];
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** The number of an attribute; undefined if it is 0 or no number. */
export function number(resource: StateResource | undefined, name: string): number | undefined {
  const value = Number(resource?.values[name]);
  return Number.isFinite(value) && value !== 0 ? value : undefined;
}

/** True if an attribute is true. */
export function flag(resource: StateResource | undefined, name: string): boolean {
  return resource?.values[name] === true;
}

/** The texts of a list. */
export function texts(resource: StateResource | undefined, name: string): string[] {
  const value = resource?.values[name];
  return Array.isArray(value) ? value.filter((each): each is string => typeof each === "string") : [];
}

/** The blocks of a name; a block that occurs once may be an object. */
export function blocks(values: unknown, name: string): Members[] {
  const value = memberOf(values, name);
  if (isMembers(value)) return [value];
  return Array.isArray(value) ? value.filter(isMembers) : [];
}

/** The first block of a name; empty if there is none. */
export function block(values: unknown, name: string): Members {
  return blocks(values, name)[0] ?? {};
}

/** Tags or labels; undefined if there are none. */
export function tagsOf(resource: StateResource, name = "tags"): { [name: string]: string } | undefined {
  const value = resource.values[name];
  const entries = isMembers(value)
    ? Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === "string")
    : [];
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

/** True if a resource has the texts without which it has no name in the program; otherwise the reason is added. */
export function hasTexts(
  { address, values }: StateResource,
  names: readonly string[],
  refused: string[],
): boolean {
  const missing = names.filter((name) => typeof values[name] !== "string" || values[name] === "");
  if (missing.length > 0)
    refused.push(`${address}: ${missing.join(", ")} must be in the input (missing, empty or sensitive).`);
  return missing.length === 0;
}
