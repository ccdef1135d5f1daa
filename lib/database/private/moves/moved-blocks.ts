import { TerraformElement, TerraformModule, TerraformResource, TerraformStack } from "cdktf";
import type { IConstruct } from "constructs";
import { SynthChecks } from "../synth-checks";
import { isWithin, leadsBack, movesOf, pathsOf } from "./move-registry";

const ID = "MovedBlocks";

/** The `moved` blocks of a stack, one for each resource and module of a moved construct. */
export class MovedBlocks extends TerraformElement {
  /** Adds the blocks to a stack, once. */
  public static in(stack: TerraformStack): void {
    if (!stack.node.tryFindChild(ID)) new MovedBlocks(stack);
  }

  private constructor(stack: TerraformStack) {
    super(stack, ID);
    const checks = new SynthChecks(this, "MOVE");
    checks.whenComplete(() => this.check(checks));
  }

  /** @internal */
  public override toTerraform(): object {
    const moved = this.blocks();
    return moved.length > 0 ? { moved } : {};
  }

  /**
   * @internal
   * @throws Error always: the blocks would be missing in CDKTF's HCL output, and the plan would destroy what they move.
   */
  public override toHclTerraform(): object {
    throw new Error(`[${this.node.path}] MOVE-HCL: a program with moveConstruct must be synthesized as JSON`);
  }

  private blocks(): { from: string; to: string }[] {
    const moves = movesOf(this);
    return this.movable().flatMap((element) => {
      const addresses = [
        ...new Set(pathsOf(moves, element.node.path).map((path) => this.address(element, path))),
      ];
      return addresses.slice(1).map((from, i) => ({ from, to: addresses[i] as string }));
    });
  }

  private movable(): (TerraformResource | TerraformModule)[] {
    return this.cdktfStack.node
      .findAll()
      .filter(
        (each): each is TerraformResource | TerraformModule =>
          TerraformResource.isTerraformResource(each) || each instanceof TerraformModule,
      );
  }

  private address(element: TerraformResource | TerraformModule, path: string): string {
    const kind = TerraformResource.isTerraformResource(element) ? element.terraformResourceType : "module";
    return `${kind}.${path === element.node.path ? element.friendlyUniqueId : this.logicalId(path)}`;
  }

  /** Name that CDKTF, or a stack with other rules, gives to a path whose construct is not in the tree any more. */
  private logicalId(path: string): string {
    const stack = this.cdktfStack;
    const within = isWithin(path, stack.node.path)
      ? path.slice(stack.node.path.length + 1)
      : path.replace(/^[^/]*\//, "");
    const scopes = [stack, ...within.split("/").map((id) => ({ node: { id } }))];
    return stack.getLogicalId({ scopes } as unknown as Parameters<TerraformStack["getLogicalId"]>[0]);
  }

  private check(checks: SynthChecks): void {
    const moves = movesOf(this);
    const here = this.cdktfStack.node.path;
    const elements = this.movable();
    const declared = new Map(elements.map((each) => [this.address(each, each.node.path), each.node.path]));
    // A path that leads to no stack is reported by each stack: otherwise the move would be lost, and the plan would destroy.
    for (const move of moves.filter(({ to }) => isWithin(to, here) || !this.isInStack(to))) {
      const { from, to, late } = move;
      if (!from.includes("/") && to !== here) {
        checks.fail("from", from, "must begin with the id of the stack, such as platform/postgres", "path");
      }
      if (late) {
        checks.fail(
          "to",
          to,
          "must be declared before the construct is made, whose names follow from its earlier path; call moveConstruct first",
          "order",
        );
      } else if (find(this.node.root, to) === undefined && !moves.some((next) => isWithin(to, next.from))) {
        checks.fail("to", to, `must be the path of a construct of the program; ${this.known(to)}`);
      }
      if (moves.filter((other) => other.from === from).length > 1) {
        checks.fail("from", from, "must be moved once; the resources can be in one place only");
      }
      if (moves.filter((other) => other.to === to).length > 1) {
        checks.fail(
          "to",
          to,
          "must be the destination of one move; the resources of one construct can move there",
        );
      }
      if (leadsBack(moves, to)) {
        checks.fail(
          "from",
          from,
          "must not lead back to a present path: Terraform moves in no circle; move by way of another path in two applies",
          "circle",
        );
      }
    }
    this.checkVacated(checks, declared);
  }

  private isInStack(path: string): boolean {
    const ids = path.split("/");
    return ids.some((_, i) => TerraformStack.isStack(find(this.node.root, ids.slice(0, i + 1).join("/"))));
  }

  /** Terraform refuses a `moved` block whose `from` is still in the program. */
  private checkVacated(checks: SynthChecks, declared: ReadonlyMap<string, string>): void {
    const taken = new Set(this.blocks().flatMap(({ from }) => declared.get(from) ?? []));
    for (const path of taken) {
      checks.fail(
        "from",
        path,
        "must not be in the program any more: Terraform refuses to move a resource whose earlier address is still declared; apply the move first, and add the other construct after that",
        "occupied",
      );
    }
  }

  private known(to: string): string {
    const parent = to.split("/").slice(0, -1).join("/");
    const scope = find(this.node.root, parent);
    const ids = scope?.node.children.map((child) => child.node.id).filter((id) => id !== ID) ?? [];
    if (parent === "") return "begin with the id of the stack, such as platform/postgres";
    return ids.length > 0 ? `${parent} has ${ids.join(", ")}` : `there is no ${parent}`;
  }
}

function find(root: IConstruct, path: string): IConstruct | undefined {
  return path.split("/").reduce<IConstruct | undefined>((scope, id) => scope?.node.tryFindChild(id), root);
}
