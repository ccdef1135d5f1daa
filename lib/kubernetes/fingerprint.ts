// Hash of the current content of Secrets, made from parts that are not secret: keys, versions, host and user names.

import { createHash } from "node:crypto";
import { Token } from "cdktf";
import { isResolved, terraformCall } from "../database/private";

/** Longer strings are replaced by their hash, so that a CA bundle is not written to the output again. */
const LONG = 64;

/**
 * Hash that changes when one of the parts changes: 64 hexadecimal digits, computed by Terraform when a part is a token.
 *
 * @param parts values that have a JSON form, tokens included; never a secret, since the result is in plan and state.
 */
export function fingerprint(parts: unknown[]): string {
  const short = parts.map(shorten);
  return isResolved(short)
    ? sha256(JSON.stringify(short))
    : terraformCall("sha256", terraformCall("jsonencode", short));
}

/**
 * Whole number that changes when a fingerprint changes, for arguments such as `data_wo_revision`.
 *
 * The provider writes a write-only argument again only when its revision changes. With a fixed number, or the password's version
 * alone, a new host (after a restore) would never reach the cluster. Twelve hexadecimal digits stay below 2^53, above which
 * numbers in JSON lose digits; the provider ignores a revision of 0.
 *
 * @param of the fingerprint.
 */
export function revision(of: string): number {
  if (isResolved(of)) return 1 + Number.parseInt(of.slice(0, 12), 16);
  const number = terraformCall("parseint", terraformCall("substr", of, 0, 12), 16);
  return Token.asNumber(terraformCall("sum", [1, number]));
}

function shorten(part: unknown): unknown {
  if (Array.isArray(part) && !Token.isUnresolved(part)) return part.map(shorten);
  return typeof part === "string" && part.length > LONG && isResolved(part) ? sha256(part) : part;
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
