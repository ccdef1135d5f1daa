// CDKTF 0.21 has no ephemeral resources. This element renders the block; nothing of it reaches state or plan.

import {
  dependable,
  type ITerraformDependable,
  type Postcondition,
  type Precondition,
  ref,
  TerraformElement,
  type TerraformProvider,
  Token,
} from "cdktf";
import type { Construct } from "constructs";

/** Properties of an `EphemeralResource`. */
export interface EphemeralResourceProps {
  /** The type, such as `random_password`. */
  readonly type: string;
  /** The arguments by Terraform's names. @default - none */
  readonly arguments?: { readonly [name: string]: unknown };
  /** The provider. @default - the stack's only provider of that kind */
  readonly provider?: TerraformProvider;
  /** What has to exist before it is opened. @default - what its arguments refer to */
  readonly dependsOn?: ITerraformDependable[];
  /** Conditions on the arguments. @default - none */
  readonly preconditions?: Precondition[];
  /** Conditions on the result, which may refer to `self`; their message must not hold the secret. @default - none */
  readonly postconditions?: Postcondition[];
}

/**
 * An `ephemeral` block: a value that Terraform reads anew in each run and keeps nowhere. Needs Terraform or OpenTofu 1.11.
 *
 * @example
 * const password = new EphemeralResource(this, "password", { type: "random_password", arguments: { length: 32 } });
 */
export class EphemeralResource extends TerraformElement {
  private readonly props: EphemeralResourceProps;

  public constructor(scope: Construct, id: string, props: EphemeralResourceProps) {
    super(scope, id, `ephemeral.${props.type}`);
    this.props = props;
  }

  /** An attribute of the result, as an expression. */
  public attribute(name: string): string {
    return Token.asString(
      ref(`ephemeral.${this.props.type}.${this.friendlyUniqueId}.${name}`, this.cdktfStack),
    );
  }

  /** @internal */
  public override toTerraform(): object {
    const { type, arguments: args, provider, dependsOn, preconditions, postconditions } = this.props;
    const conditions = (list?: Precondition[]) =>
      list?.map((c) => ({ condition: c.condition, error_message: c.errorMessage }));
    const lifecycle =
      preconditions || postconditions
        ? { precondition: conditions(preconditions), postcondition: conditions(postconditions) }
        : undefined;
    return {
      ephemeral: {
        [type]: {
          [this.friendlyUniqueId]: {
            ...args,
            provider: provider?.fqn,
            depends_on: dependsOn?.length ? dependsOn.map((d) => dependable(d)) : undefined,
            lifecycle,
          },
        },
      },
    };
  }
}
