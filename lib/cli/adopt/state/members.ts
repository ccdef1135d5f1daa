/** Members of a JSON object. */
export type Members = { readonly [name: string]: unknown };

/** True for a JSON object. */
export function isMembers(value: unknown): value is Members {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A member of a value, if it is an object that has it. */
export function memberOf(value: unknown, name: string): unknown {
  return isMembers(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

/** True if a value is marked as sensitive, or a part of it. */
export function hasMark(marks: unknown): boolean {
  if (marks === true) return true;
  if (Array.isArray(marks)) return marks.some(hasMark);
  return isMembers(marks) && Object.values(marks).some(hasMark);
}

/** True for what Terraform shows for an argument that is not set. */
export function isEmpty(value: unknown): boolean {
  if (value === null || value === undefined || value === "" || value === false || value === 0) return true;
  if (Array.isArray(value)) return value.every(isEmpty);
  return isMembers(value) && Object.values(value).every(isEmpty);
}
