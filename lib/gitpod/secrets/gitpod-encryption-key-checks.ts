// What is wrong with a list of keys shows only when Gitpod reads an old row, if nobody looks before.

import { createHash } from "node:crypto";
import { Op, type Precondition } from "cdktf";
import type { SynthChecks } from "../../database/private";
import { isResolved, terraformCall } from "../../database/private";
import { PUBLISHED_KEY_SHA256 } from "./data/published-key";
import {
  DEFAULT_KEY_NAME,
  type GitpodEncryptionKey,
  type GitpodEncryptionKeys,
} from "./gitpod-encryption-keys";

/** 32 bytes as base64: of the last character before the sign only four bits count. */
const MATERIAL = "^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$";
const LENGTH_RULE = "a key is 32 random bytes as base64, so 44 characters with one = at the end";
const PUBLISHED_RULE =
  "it is the key that Gitpod published and many installations share; make one of your own, or set acceptPublishedKey";

/** What the user accepts. @internal */
export interface KeyOptOuts {
  readonly acceptPublishedKey: boolean;
  readonly acceptLostKeys: boolean;
}

/** Reports lists with which Gitpod could not read or not protect what it stored. @internal */
export function checkEncryptionKeys(
  checks: SynthChecks,
  { keys }: GitpodEncryptionKeys,
  accept: KeyOptOuts,
): void {
  if (accept.acceptPublishedKey) {
    checks.optOut(
      "acceptPublishedKey: what Gitpod stores may be encrypted with a key that everybody can look up",
    );
  }
  if (accept.acceptLostKeys) {
    checks.optOut("acceptLostKeys: what a missing or changed key has encrypted cannot be read any more");
  }
  const primary = keys.filter((key) => key.primary);
  if (primary.length !== 1) {
    checks.fail(
      "encryptionKeys",
      `${primary.length} primary keys among ${keys.length}`,
      "exactly one key is primary, since Gitpod writes with one; mark it with primary: true",
    );
  }
  for (const key of keys) checkKey(checks, key, accept);
  const known = keys.filter((key) => isResolved([key.name, key.version]));
  for (const name of new Set(known.map(nameOf))) {
    checkVersions(
      checks,
      name,
      known.filter((key) => nameOf(key) === name),
      accept,
    );
  }
}

/**
 * The conditions under which Terraform refuses keys that only it knows, for the resource that takes the list. Their messages
 * show nothing of a key.
 *
 * @internal
 */
export function keyPreconditions({ keys }: GitpodEncryptionKeys, accept: KeyOptOuts): Precondition[] {
  return keys
    .filter((key) => !isResolved(key.material.writeOnly()))
    .flatMap((key): Precondition[] => {
      const material = terraformCall("trimspace", key.material.writeOnly());
      const label = `The encryption key ${nameOf(key)}, version ${key.version}`;
      const length: Precondition = {
        condition: terraformCall("can", terraformCall("regex", MATERIAL, material)),
        errorMessage: `${label} is wrong: ${LENGTH_RULE}.`,
      };
      if (accept.acceptPublishedKey) return [length];
      return [
        length,
        {
          condition: Op.neq(terraformCall("sha256", material), PUBLISHED_KEY_SHA256),
          errorMessage: `${label} is refused: ${PUBLISHED_RULE}.`,
        },
      ];
    });
}

function nameOf(key: GitpodEncryptionKey): string {
  return key.name ?? DEFAULT_KEY_NAME;
}

function checkKey(checks: SynthChecks, key: GitpodEncryptionKey, accept: KeyOptOuts): void {
  for (const property of ["name", "version"] as const) {
    if (!isResolved(key[property])) {
      checks.fail(
        `encryptionKeys.${property}`,
        key[property],
        "it has to be known at synth, since Terraform keeps watch over each key by its name and version",
      );
    }
  }
  checks.matches(
    "encryptionKeys.name",
    key.name,
    /^[A-Za-z0-9._-]{1,64}$/,
    "allowed are 1 to 64 letters, digits, dots, underscores and hyphens",
  );
  checks.wholeNumber("encryptionKeys.version", key.version, 1, 1_000_000);
  const { material } = key;
  const property = `encryptionKeys.material of ${isResolved(key.name) ? nameOf(key) : "a key"}`;
  if (material.changesEachRun) {
    checks.fail(
      property,
      "a value that differs in each run",
      "Gitpod's data would be lost with the first rewrite of its secret: give a key that can be read again, such as a variable " +
        "(SecretValue.fromVariable) or a secret that AWS or Azure keeps (GeneratedSecret)",
    );
  }
  const text = material.writeOnly();
  if (isResolved(text)) checkKnownMaterial(checks, property, text, accept);
}

// A key that is written in the program is in the output too. Only the published one has nothing to lose by it.
function checkKnownMaterial(checks: SynthChecks, property: string, text: string, accept: KeyOptOuts): void {
  if (createHash("sha256").update(text.trim()).digest("hex") === PUBLISHED_KEY_SHA256) {
    if (!accept.acceptPublishedKey) checks.fail(property, "(not shown)", PUBLISHED_RULE);
  } else if (!new RegExp(MATERIAL).test(text.trim())) {
    checks.fail(property, `a text of ${text.trim().length} characters`, LENGTH_RULE);
  } else {
    checks.fail(
      property,
      "(not shown)",
      "it is written in the program, and so in the synthesized output; give it by a variable or a secret store",
    );
  }
}

function checkVersions(
  checks: SynthChecks,
  name: string,
  keys: GitpodEncryptionKey[],
  accept: KeyOptOuts,
): void {
  const versions = keys.map((key) => key.version);
  const newest = Math.max(...versions);
  for (const version of new Set(versions)) {
    if (versions.filter((each) => each === version).length > 1) {
      checks.fail("encryptionKeys.version", version, `the key ${name} has this version twice`);
    }
  }
  const missing = Array.from({ length: Math.min(newest, 1000) }, (_, i) => i + 1).filter(
    (version) => !versions.includes(version),
  );
  if (missing.length > 0 && Number.isInteger(newest) && !accept.acceptLostKeys) {
    checks.fail(
      "encryptionKeys.version",
      `${[...versions].sort((a, b) => a - b).join(", ")} of ${name}`,
      `version ${missing.join(", ")} is missing, and what it encrypted could not be read; leave old keys in the list, or set acceptLostKeys`,
    );
  }
  const primary = keys.find((key) => key.primary);
  if (primary && primary.version < newest) {
    checks.warn(
      `encryptionKeys: the primary key is ${name} in version ${primary.version}, though there is a version ${newest}; Gitpod goes on writing with the older one`,
    );
  }
}
