// CDKTF's own class for `terraform_data` runs `terraform version` for each resource while it validates: a synth would need
// Terraform on the machine, and 50 ms more for each. This one renders the same.

import {
  AnyMap,
  anyToHclTerraform,
  hashMapperHcl,
  type TerraformMetaArguments,
  TerraformResource,
} from "cdktf";
import type { Construct } from "constructs";

/** Properties of a `TerraformData`, beside Terraform's own for every resource. */
export interface TerraformDataProps extends TerraformMetaArguments {
  /** What is kept in the state and given back as `output`; values may be tokens, never secrets. @default - nothing */
  readonly input?: { readonly [name: string]: unknown };
  /** The resource is replaced, and gets another id, when one of these changes. @default - it is never replaced */
  readonly triggersReplace?: { readonly [name: string]: unknown };
}

/**
 * A resource that lives in Terraform's state alone (`terraform_data`): it keeps values, has an id of its own for as long as it
 * lives, and runs provisioners.
 *
 * @example
 * const unique = new TerraformData(this, "unique", { triggersReplace: { generation: 1 } });
 * const suffix = unique.id;
 */
export class TerraformData extends TerraformResource {
  /** Terraform's name of the type. */
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

  /** The id, which Terraform makes up when it creates the resource. */
  public get id(): string {
    return this.getStringAttribute("id");
  }

  /** What was put in: `output.lookup("name")`. */
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
