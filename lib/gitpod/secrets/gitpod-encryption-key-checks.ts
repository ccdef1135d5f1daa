// Mistakes in a list of keys would only show when Gitpod reads an old row, so they are reported at synth.

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

/** 32 bytes in base64: of the last character before the equals sign only four bits count. */
const MATERIAL = "^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$";
const LENGTH_RULE = "a key is 32 random bytes as base64, so 44 characters with one = at the end";
const PUBLISHED_RULE =
  "it is the key that Gitpod published and many installations share; make one of your own, or set acceptPublishedKey";

/** Opt-outs of the user. @internal */
export interface KeyOptOuts {
  readonly acceptPublishedKey: boolean;
  readonly acceptLostKeys: boolean;
}

/** Reports lists of keys with which Gitpod could not read or protect its data. @internal */
export function checkEncryptionKeys(
  checks: SynthChecks,
  { keys }: GitpodEncryptionKeys,
  accept: KeyOptOuts,
): void {
  if (accept.acceptPublishedKey) {
    checks.optOut("acceptPublishedKey: Gitpod's data may be encrypted with a published key");
  }
  if (accept.acceptLostKeys) {
    checks.optOut("acceptLostKeys: data that a missing or changed key encrypted becomes unreadable");
  }
  const primary = keys.filter((key) => key.primary);
  if (primary.length !== 1) {
    checks.fail(
      "encryptionKeys.primary",
      `${primary.length} of ${keys.length}`,
      "must be true for exactly one key, with which Gitpod encrypts",
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
 * Preconditions for keys that are only known to Terraform, for the resource that takes the list. Their messages show
 * nothing of a key.
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
        "must be known at synth, because Terraform guards each key by its name and version",
      );
    }
  }
  checks.matches(
    "encryptionKeys.name",
    key.name,
    /^[A-Za-z0-9._-]{1,64}$/,
    "must be 1 to 64 letters, digits, dots, underscores and hyphens",
  );
  checks.wholeNumber("encryptionKeys.version", key.version, 1, 1_000_000);
  const { material } = key;
  const property = `encryptionKeys[${isResolved(key.name) ? nameOf(key) : ""}].material`;
  if (material.changesEachRun) {
    checks.fail(
      property,
      "a value that differs in each run",
      `must be the same in every run, because Gitpod's data would be lost with the first update of its secret; use a variable (SecretValue.fromVariable) or a secret in the store of AWS or Azure (GeneratedSecret)`,
    );
  }
  const text = material.writeOnly();
  if (isResolved(text)) checkKnownMaterial(checks, property, text, accept);
}

// A key in the program is also in the synthesized output. Only the published key is no secret.
function checkKnownMaterial(checks: SynthChecks, property: string, text: string, accept: KeyOptOuts): void {
  if (createHash("sha256").update(text.trim()).digest("hex") === PUBLISHED_KEY_SHA256) {
    if (!accept.acceptPublishedKey) {
      checks.fail(
        property,
        "(not shown)",
        "must not be the key that Gitpod published and many installations share; generate one, or set acceptPublishedKey",
        "encryptionKeys.published",
      );
    }
  } else if (!new RegExp(MATERIAL).test(text.trim())) {
    checks.fail(
      property,
      `a text of ${text.trim().length} characters`,
      "must be 32 random bytes in base64, so 44 characters with one = at the end",
    );
  } else {
    checks.fail(
      property,
      "(not shown)",
      "must not be in the program, and so in the synthesized output; use a variable or a secret store",
      "encryptionKeys.inProgram",
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
      checks.fail("encryptionKeys.version", version, `must be unique among the versions of the key ${name}`);
    }
  }
  const missing = Array.from({ length: Math.min(newest, 1000) }, (_, i) => i + 1).filter(
    (version) => !versions.includes(version),
  );
  if (missing.length > 0 && Number.isInteger(newest) && !accept.acceptLostKeys) {
    checks.fail(
      "encryptionKeys.version",
      `${[...versions].sort((a, b) => a - b).join(", ")} of ${name}`,
      `must include version ${missing.join(", ")}, whose data would be unreadable; keep old keys in the list, or set acceptLostKeys`,
      "encryptionKeys.missing",
    );
  }
  const primary = keys.find((key) => key.primary);
  if (primary && primary.version < newest) {
    checks.warn(
      `encryptionKeys: the primary key is version ${primary.version} of ${name}, although version ${newest} exists; Gitpod encrypts with the older one`,
      "encryptionKeys.primary",
    );
  }
}
