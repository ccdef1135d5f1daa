/** Something to depend on, for tests of the order of things. */
import { type ITerraformDependable, TerraformElement } from "cdktf";

export class NullProviderStandIn extends TerraformElement implements ITerraformDependable {
  public override get fqn(): string {
    return `stand_in.${this.node.id}`;
  }
}
