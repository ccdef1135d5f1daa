// Cloud SQL keeps the name of a deleted instance for about a week. So a name ends in random digits that the state keeps:
// the same in every run and after every upgrade of the library, and new when the instance itself has to be a new one.

import { Id } from "@cdktf/provider-random/lib/id";
import { Construct } from "constructs";
import { physicalName } from "../../database/private";

/** Properties of an `InstanceName`. */
export interface InstanceNameProps {
  /** What makes the instance a new one when it changes, so that the name has to be new too. */
  readonly keepers: { readonly [name: string]: string };
  /** The beginning of the name. @default - the construct's parent's path */
  readonly prefix?: string;
}

/** `project:instance` has 98 characters at most, and a project 30; nine go to the suffix. */
const PREFIX_LENGTH = 58;

/**
 * The name of a Cloud SQL instance with a random end. Server classes make it. Needs the random provider.
 *
 * To replace an instance on purpose, replace this too: `terraform apply -replace='random_id...'`.
 *
 * @example
 * const name = new InstanceName(this, "Name", { keepers: { region: "europe-west1" } }).name;
 */
export class InstanceName extends Construct {
  /** The random end. */
  public readonly resource: Id;
  /** The name; a token. */
  public readonly name: string;

  public constructor(scope: Construct, id: string, props: InstanceNameProps) {
    super(scope, id);
    this.resource = new Id(this, "Resource", { byteLength: 4, keepers: { ...props.keepers } });
    this.name = `${props.prefix ?? physicalName(scope, PREFIX_LENGTH)}-${this.resource.hex}`;
  }
}
