import { TerraformStack } from "cdktf";
import type { IConstruct } from "constructs";
import { addAdoption } from "../private/adoption/adoption-registry";
import { checkAdoption } from "../private/adoption/check-adoption";
import { ImportBlocks } from "../private/adoption/import-blocks";

/** Resources of a construct that exist already and are taken over. */
export interface AdoptionProps {
  /**
   * Import IDs of resources that exist, by their paths in the construct, such as `{ Parameters: "prod-parameters" }`. A construct with one
   * resource stands for it (`Parameters` for `Parameters/Resource`); a resource with `for_each` has the key behind it (`Rule["sg-1"]`). The ID
   * may be left to `existing` where it follows from the program. @default - none
   *
   * @see https://developer.hashicorp.com/terraform/language/block/import
   */
  readonly ids?: { readonly [path: string]: string };
  /**
   * Paths of resources that exist and whose import IDs follow from the program, such as `Resource` of a server with `identifier`, or of
   * constructs all of whose resources exist. @default - none
   */
  readonly existing?: string[];
  /**
   * True if every resource of the construct exists, as for one that moves from another stack. Resources that only Terraform knows
   * (`terraform_data`, `random_id`) and those that it cannot import are created again. @default false
   */
  readonly everything?: boolean;
  /**
   * Version of the generated secrets that exist, which keep their values; a greater version in the program (`passwordVersion`, `version`)
   * generates new ones. @default 1
   */
  readonly secretVersion?: number;
}

/**
 * Takes over resources that exist: an `import` block for each resource of a construct and its children that is named in `ids` or
 * `existing`. All others are created; a note of the synth lists both. Names and descriptions whose change would replace a resource stay as they
 * are (`ignore_changes`). Names from which others follow (`identifier`, `bucketName`) are given to the construct.
 *
 * Keep the call after the apply: Terraform ignores imports of what is in the state, and without the call the names would change.
 *
 * Errors at synth: an import ID that does not follow from the program is missing, with its format and an example (all in one message); a path that
 * the construct does not have; an ID that contradicts a name in the program; a resource adopted twice.
 *
 * @param construct the construct, before or after its children are added.
 * @param props the resources that exist.
 * @see https://developer.hashicorp.com/terraform/language/import
 *
 * @example
 * const objects = new S3Bucket(this, "objects", { bucketName: "prod-objects" });
 * adoptConstruct(objects, { existing: ["Resource", "Versioning"], ids: { Key: "0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9" } });
 */
export function adoptConstruct(construct: IConstruct, props: AdoptionProps): void {
  checkAdoption(addAdoption(construct, props));
  ImportBlocks.in(TerraformStack.of(construct));
}
