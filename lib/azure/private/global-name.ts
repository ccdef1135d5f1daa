import { Id } from "@cdktf/provider-random/lib/id";
import type { TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { physicalName } from "../../database/private";

/** Properties of a `GlobalName`. */
export interface GlobalNameProps {
  /** The most characters that Azure allows, suffix included. */
  readonly maxLength: number;
  /** Whether the name may have hyphens; names of storage accounts may not. @default true */
  readonly hyphens?: boolean;
  /** The provider of `random_id`. @default - the stack's only random provider */
  readonly randomProvider?: TerraformProvider;
}

const SUFFIX_LENGTH = 8;

/**
 * A name that is unique in all of Azure: the construct's path and eight random digits.
 *
 * Path and digits are kept in the state together, and nothing that a later version of this library writes changes
 * them: a resource that holds data must not be renamed, and so replaced, by an upgrade.
 *
 * @internal
 */
export class GlobalName extends Construct {
  /** What keeps the name. */
  public readonly resource: Id;
  /** The name; a token. */
  public readonly value: string;

  public constructor(scope: Construct, id: string, props: GlobalNameProps) {
    super(scope, id);
    const hyphens = props.hyphens ?? true;
    const room = props.maxLength - SUFFIX_LENGTH - (hyphens ? 1 : 0);
    const base = physicalName(scope, room);
    this.resource = new Id(this, "Resource", {
      byteLength: SUFFIX_LENGTH / 2,
      prefix: hyphens ? `${base}-` : base.replace(/-/g, ""),
      lifecycle: { ignoreChanges: "all" },
      provider: props.randomProvider,
    });
    this.value = this.resource.hex;
  }
}
