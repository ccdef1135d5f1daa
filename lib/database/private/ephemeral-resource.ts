// CDKTF 0.21 has no ephemeral resources. This element renders the block; nothing of it reaches state or plan.

import {
  dependable,
  type ITerraformDependable,
  type Postcondition,
  type Precondition,
  ref,
  TerraformElement,
  type TerraformProvider,
  type TerraformStack,
  Token,
} from "cdktf";
import { deepMerge } from "cdktf/lib/util";
import type { Construct } from "constructs";
import { SynthChecks } from "./synth-checks";

/** Properties of an `EphemeralResource`. */
export interface EphemeralResourceProps {
  /** The type, such as `random_password`. */
  readonly type: string;
  /** The arguments by Terraform's names. @default - none */
  readonly arguments?: { readonly [name: string]: unknown };
  /** The provider. @default - the stack's only provider of that kind */
  readonly provider?: TerraformProvider;
  /** Resources that must exist before it is opened. @default - the resources that its arguments refer to */
  readonly dependsOn?: ITerraformDependable[];
  /**
   * Conditions on the arguments. Better on the resource that takes the result: with a condition here `terraform show -json`
   * of a saved plan crashes (Terraform 1.11.4). @default - none
   */
  readonly preconditions?: Precondition[];
  /**
   * Conditions on the result, which may refer to `self`; their message must not hold the secret. See `preconditions`.
   * @default - none
   */
  readonly postconditions?: Postcondition[];
}

/**
 * An `ephemeral` block: a value that Terraform reads in each run and does not store. Requires Terraform or OpenTofu 1.11.
 *
 * @see https://developer.hashicorp.com/terraform/language/block/ephemeral
 *
 * @example
 * const password = new EphemeralResource(this, "password", { type: "random_password", arguments: { length: 32 } });
 */
export class EphemeralResource extends TerraformElement {
  private readonly props: EphemeralResourceProps;

  /**
   * @param scope the construct that it belongs to.
   * @param id the construct's id, from which Terraform's name follows.
   * @param props type and arguments.
   */
  public constructor(scope: Construct, id: string, props: EphemeralResourceProps) {
    super(scope, id, `ephemeral.${props.type}`);
    this.props = props;
    const checks = new SynthChecks(this, "EPHEMERAL");
    checks.matches(
      "type",
      props.type,
      /^[a-z0-9]+(_[a-z0-9]+)+$/,
      "must be a resource type such as random_password",
    );
    checks.whenComplete(() => this.checkProvider(checks));
  }

  /**
   * An attribute of the result, as an expression. Terraform refuses it outside write-only arguments, other ephemeral
   * resources, provider settings and conditions.
   *
   * @param name the attribute's name in Terraform, such as `result`.
   */
  public attribute(name: string): string {
    return Token.asString(
      ref(`ephemeral.${this.props.type}.${this.friendlyUniqueId}.${name}`, this.cdktfStack),
    );
  }

  /** @internal */
  public override toTerraform(): object {
    const { type, arguments: args, provider, dependsOn, preconditions, postconditions } = this.props;
    const conditions = (list?: Precondition[]) =>
      list?.length ? list.map((c) => ({ condition: c.condition, error_message: c.errorMessage })) : undefined;
    const [precondition, postcondition] = [conditions(preconditions), conditions(postconditions)];
    const block = {
      ...args,
      provider: provider?.fqn,
      depends_on: dependsOn?.length ? dependsOn.map((d) => dependable(d)) : undefined,
      lifecycle: precondition || postcondition ? { precondition, postcondition } : undefined,
    };
    return { ephemeral: { [type]: { [this.friendlyUniqueId]: deepMerge({}, block, this.rawOverrides) } } };
  }

  /**
   * @internal
   * @throws Error always: CDKTF's HCL output leaves out what it does not know, and a secret would be missing.
   */
  public override toHclTerraform(): object {
    throw new Error(
      `[${this.node.path}] EPHEMERAL-HCL: ephemeral resources must be synthesized as JSON; CDKTF cannot write them as HCL`,
    );
  }

  // CDKTF looks for missing providers of resources only. Terraform would take the newest version it finds.
  private checkProvider(checks: SynthChecks): void {
    if (this.props.provider) return;
    const name = this.props.type.split("_")[0] ?? "";
    if (hasProvider(this.cdktfStack, name)) return;
    checks.fail(
      "provider",
      undefined,
      `must be set or be in the stack: it has no provider for ${this.props.type}; add one to the stack`,
    );
  }
}

// To find a stack's providers CDKTF walks its whole tree, so each is looked for once.
const PROVIDERS = new WeakMap<TerraformStack, Set<string>>();

function hasProvider(stack: TerraformStack, name: string): boolean {
  if (PROVIDERS.get(stack)?.has(name)) return true;
  const found = new Set(stack.allProviders().map((provider) => provider.terraformResourceType));
  PROVIDERS.set(stack, found);
  return found.has(name);
}
