import { Id } from "@cdktf/provider-random/lib/id";
import type { TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { physicalName } from "../../database/private";

/** Properties of a `GlobalName`. @internal */
export interface GlobalNameProps {
  /** Maximum length that Azure allows, suffix included. */
  readonly maxLength: number;
  /** True if the name may have hyphens; names of storage accounts may not. @default true */
  readonly hyphens?: boolean;
  /** The random provider. @default - the only random provider of the stack */
  readonly randomProvider?: TerraformProvider;
}

const SUFFIX_LENGTH = 8;

/**
 * A globally unique name: the construct path and eight random digits.
 *
 * The state keeps path and digits together, and later versions of this library do not change them: an upgrade must not rename,
 * and so replace, a resource that holds data.
 *
 * @internal
 */
export class GlobalName extends Construct {
  /** The resource that keeps the name. */
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
