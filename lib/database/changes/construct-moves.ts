import { TerraformStack } from "cdktf";
import type { IConstruct } from "constructs";
import { addMove } from "../private/moves/move-registry";
import { MovedBlocks } from "../private/moves/moved-blocks";

/** Paths of a construct before and after a move, as they stand in messages of the synth, such as `coder-aws/postgres`. */
export interface ConstructMove {
  /** Path in the last version of the program that was applied. */
  readonly from: string;
  /** Path in the present program. */
  readonly to: string;
}

/**
 * Moves a construct that is renamed, is placed under another parent, or is in a stack with another id: a `moved` block for each of its
 * resources and those of its children, and names that stay the same, so that the plan destroys and replaces nothing. Names that follow from
 * a construct's path (identifiers, secrets, parameter groups, roles) follow from the path before the move.
 *
 * Call it before the construct is made, and keep the call: the names depend on it. A second move of the same construct is a second call,
 * `a` to `b` and `b` to `c`. Of nested moves that of the nearest construct counts. The state is not moved between stacks: see the page.
 *
 * Errors at synth: `to` is not in the program, was made before, or is the destination of two moves; `from` is still in the program, moved
 * twice, or without the id of its stack; a circle of moves.
 *
 * @param scope a construct of the program: the stack, or the app when the whole stack has another id.
 * @param move the paths.
 * @see https://developer.hashicorp.com/terraform/language/block/moved
 *
 * @example
 * moveConstruct(this, { from: "platform/artifacts", to: "platform/objects" });
 * const objects = new S3Bucket(this, "objects");
 */
export function moveConstruct(scope: IConstruct, move: ConstructMove): void {
  const { root } = scope.node;
  const made = move.to
    .split("/")
    .reduce<IConstruct | undefined>((parent, id) => parent?.node.tryFindChild(id), root);
  addMove(scope, { ...move, late: made !== undefined });
  const stack = scope.node.scopes.find((each): each is TerraformStack => TerraformStack.isStack(each));
  if (stack) MovedBlocks.in(stack);
}
