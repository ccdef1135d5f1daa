// CDKTF's class for `terraform_data` runs `terraform version` for each resource during validation: a synth would need Terraform
// on the machine, and 50 ms more per resource. This class renders the same JSON.

import {
  AnyMap,
  anyToHclTerraform,
  hashMapperHcl,
  type TerraformMetaArguments,
  TerraformResource,
} from "cdktf";
import type { Construct } from "constructs";

/** Properties of a `TerraformData`, in addition to Terraform's meta-arguments. */
export interface TerraformDataProps extends TerraformMetaArguments {
  /**
   * Values to store in the state, available as `output`; may be tokens, never secrets. @default - none
   *
   * @see https://developer.hashicorp.com/terraform/language/resources/terraform-data
   */
  readonly input?: { readonly [name: string]: unknown };
  /**
   * Values whose change replaces the resource, which gives it a new id. @default - the resource is never replaced
   *
   * @see https://developer.hashicorp.com/terraform/language/resources/terraform-data
   */
  readonly triggersReplace?: { readonly [name: string]: unknown };
}

/**
 * A resource that exists in Terraform's state only (`terraform_data`): it stores values, has an id that stays the same until it is
 * replaced, and runs provisioners.
 *
 * @see https://developer.hashicorp.com/terraform/language/resources/terraform-data
 *
 * @example
 * const unique = new TerraformData(this, "unique", { triggersReplace: { generation: 1 } });
 * const suffix = unique.id;
 */
export class TerraformData extends TerraformResource {
  /** Resource type in Terraform. */
  public static readonly tfResourceType = "terraform_data";

  private readonly input?: { readonly [name: string]: unknown };
  private readonly triggersReplace?: { readonly [name: string]: unknown };

  public constructor(scope: Construct, id: string, props: TerraformDataProps = {}) {
    const { input, triggersReplace, ...metaArguments } = props;
    super(scope, id, {
      ...metaArguments,
      terraformResourceType: TerraformData.tfResourceType,
      terraformGeneratorMetadata: { providerName: "terraform" },
    });
    this.input = input;
    this.triggersReplace = triggersReplace;
  }

  /** Id that Terraform generates at creation. */
  public get id(): string {
    return this.getStringAttribute("id");
  }

  /** The values of the program, or those of the creation where `ignore_changes` has `input`; known in a plan, unlike `output`. */
  public get inputs(): AnyMap {
    return new AnyMap(this, "input");
  }

  /** The stored values: `output.lookup("name")`. */
  public get output(): AnyMap {
    return new AnyMap(this, "output");
  }

  /** @internal */
  protected override synthesizeAttributes(): { [name: string]: unknown } {
    return { input: this.input, triggers_replace: this.triggersReplace };
  }

  /** @internal */
  protected override synthesizeHclAttributes(): { [name: string]: unknown } {
    const map = hashMapperHcl(anyToHclTerraform);
    return { input: map(this.input), triggers_replace: map(this.triggersReplace) };
  }
}
