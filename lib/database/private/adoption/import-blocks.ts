import { TerraformElement, type TerraformStack } from "cdktf";
import { type AdoptedResource, AdoptedResources } from "./adopted-resources";
import { addressOf, importFormat } from "./import-format";

const ID = "ImportBlocks";

/** The `import` blocks of a stack, one for each resource that exists, and the arguments of these that stay as they are. */
export class ImportBlocks extends TerraformElement {
  /** Adds the blocks to a stack, once. */
  public static in(stack: TerraformStack): void {
    if (!stack.node.tryFindChild(ID)) new ImportBlocks(stack);
  }

  private constructor(stack: TerraformStack) {
    super(stack, ID);
  }

  /** @internal */
  public override toTerraform(): object {
    const adopted = new AdoptedResources(this.cdktfStack);
    const blocks: { to: string; id: string }[] = [];
    const kept: { [type: string]: { [name: string]: object } } = {};
    for (const each of adopted.all) {
      const { resource, key } = each;
      const id = adopted.idOf(each);
      if (id !== undefined) blocks.push({ to: `${addressOf(resource)}${key}`, id });
      const names = this.keptBy(adopted, each);
      if (names.length === 0) continue;
      // CDKTF merges the elements of a stack and joins their lists, in whatever order.
      const type = resource.terraformResourceType;
      kept[type] = { ...kept[type], [resource.friendlyUniqueId]: { lifecycle: { ignore_changes: names } } };
    }
    return {
      ...(blocks.length > 0 ? { import: blocks } : {}),
      ...(Object.keys(kept).length > 0 ? { resource: kept } : {}),
    };
  }

  /**
   * @internal
   * @throws Error always: the arguments that stay would be missing in CDKTF's HCL output, and the plan would replace.
   */
  public override toHclTerraform(): object {
    throw new Error(
      `[${this.node.path}] ADOPT-HCL: a program with adoptConstruct must be synthesized as JSON`,
    );
  }

  private keptBy(adopted: AdoptedResources, { resource, adoption }: AdoptedResource): string[] {
    const ignored = resource.lifecycle?.ignoreChanges ?? [];
    if (!Array.isArray(ignored)) return [];
    const { keeps = [], keepsMajor, keepsValue } = importFormat(resource.terraformResourceType) ?? {};
    const version = keepsValue && adopted.ids.argument(resource, keepsValue.version);
    // A version that only Terraform knows is that of a secret which the program stores: consumers get the same value.
    const stays = typeof version === "number" && version <= (adoption.props.secretVersion ?? 1);
    const secret = keepsValue && stays ? [keepsValue.value, keepsValue.version] : [];
    const engine =
      keepsMajor && adopted.ids.argument(resource, keepsMajor.unless) !== true ? [keepsMajor.version] : [];
    return [
      ...keeps,
      ...secret,
      ...engine.filter((name) =>
        isMajor(adopted.ids.argument(resource, name), adopted.ids.argument(resource, "engine")),
      ),
    ].filter((name) => adopted.ids.argument(resource, name) !== undefined && !ignored.includes(name));
  }
}

/** True for 17 of PostgreSQL and 8.4 of MySQL, false for 17.5 and 8.4.5. */
function isMajor(version: unknown, engine: unknown): boolean {
  return typeof version === "string" && (engine === "postgres" ? /^\d+$/ : /^\d+\.\d+$/).test(version);
}
