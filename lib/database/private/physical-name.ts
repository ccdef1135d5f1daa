// Names of cloud resources follow from the construct's path, so that they are the same in every synth and legal
// whatever the ids look like. They are a public contract: a server whose name changes is replaced.

import { createHash } from "node:crypto";
import type { IConstruct } from "constructs";
import { namingPath } from "./moves/naming-path";

const HASH_LENGTH = 8;

/**
 * A name derived from a construct's path (from the earliest, if the construct was moved): lower-case letters, digits and single hyphens, with a letter first.
 *
 * @param scope the construct that the name stands for.
 * @param maxLength the most characters, 10 or more; a longer path is cut and gets a hash of the whole.
 */
export function physicalName(scope: IConstruct, maxLength = 63): string {
  const path = namingPath(scope);
  const legal = path
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "");
  const name = /^[a-z]/.test(legal) ? legal : `d-${legal}`.replace(/-$/, "");
  if (name.length <= maxLength) return name;
  return `${name.slice(0, maxLength - HASH_LENGTH - 1).replace(/-+$/, "")}-${shortHash(path)}`;
}

/** The first eight hexadecimal digits of the SHA-256 hash of a text. */
export function shortHash(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, HASH_LENGTH);
}
