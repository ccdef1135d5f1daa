import { Id } from "@cdktf/provider-random/lib/id";
import { Construct } from "constructs";
import { physicalName } from "../../database/private";

/** `project:instance` has at most 98 characters, and a project 30; the suffix takes nine. */
const PREFIX_LENGTH = 58;

/**
 * The name of an instance with a random suffix, since Cloud SQL reserves the name of a deleted instance for about a week. The
 * state keeps the suffix: it is the same in every run and after every upgrade of the library, and changes when the instance
 * must be replaced. To replace an instance on purpose, replace this too: `terraform apply -replace='random_id...'`.
 *
 * @internal
 */
export class InstanceName extends Construct {
  public readonly name: string;

  public constructor(scope: Construct, id: string, keepers: { readonly [name: string]: string }) {
    super(scope, id);
    const suffix = new Id(this, "Resource", { byteLength: 4, keepers: { ...keepers } });
    this.name = `${physicalName(scope, PREFIX_LENGTH)}-${suffix.hex}`;
  }
}
