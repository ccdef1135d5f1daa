// One text that stands for the present content of secrets, made of what is not secret: keys, version numbers, host and
// user names.

import { createHash } from "node:crypto";
import { Token } from "cdktf";
import { isResolved, terraformCall } from "../database/private";

/** The length above which a known text is replaced by its hash, so that a bundle of certificates is not written out again. */
const LONG = 64;

/**
 * A text that changes whenever one of the parts does: 64 hexadecimal digits, computed by Terraform when a part is known
 * only there.
 *
 * @param parts anything that can be written as JSON, tokens included; never a secret, since the result is in plan and state.
 */
export function fingerprint(parts: unknown[]): string {
  const short = parts.map(shorten);
  return isResolved(short)
    ? sha256(JSON.stringify(short))
    : terraformCall("sha256", terraformCall("jsonencode", short));
}

/**
 * A whole number that changes whenever a fingerprint does, for `data_wo_revision` and its like.
 *
 * With a fixed number, or the password's version alone, a new host (after a restore) would never reach the cluster: the
 * provider writes a write-only argument again only when its revision changes. Twelve hexadecimal digits stay below 2^53,
 * above which numbers in JSON lose digits; the provider ignores a revision of 0.
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
