// A key that leaves the list takes what it encrypted with it, and nobody is told: to Terraform it is one text in place of another.
// So each key has a place in the state, made of its name, version and the number of its secret, all of one block that Terraform must
// not destroy anything of. `prevent_destroy` in a block of each key's own would go together with the key.

import { TerraformIterator } from "cdktf";
import type { Construct } from "constructs";
import { TerraformData } from "../../database";
import { isResolved } from "../../database/private";
import { DEFAULT_KEY_NAME, type EncryptionKeys } from "./encryption-keys";

/**
 * Makes Terraform refuse a plan in which a key is missing or replaced.
 *
 * @param scope gets the child.
 * @param id the child's id.
 * @param keys the keys.
 * @param acceptLostKeys whether Terraform lets keys go.
 * @internal
 */
export function keyMemory(
  scope: Construct,
  id: string,
  { keys }: EncryptionKeys,
  acceptLostKeys: boolean,
): TerraformData {
  const known = keys.filter((key) => isResolved([key.name, key.version]));
  const places = Object.fromEntries(
    known.map((key) => [`${key.name ?? DEFAULT_KEY_NAME}/${key.version}`, `${key.material.version}`]),
  );
  const each = TerraformIterator.fromMap(places);
  return new TerraformData(scope, id, {
    forEach: each,
    triggersReplace: { material: each.value },
    lifecycle: acceptLostKeys ? undefined : { preventDestroy: true },
  });
}
