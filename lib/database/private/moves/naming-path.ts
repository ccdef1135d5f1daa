import { TerraformStack } from "cdktf";
import type { IConstruct } from "constructs";
import { movesOf, pathsOf } from "./move-registry";
import { MovedBlocks } from "./moved-blocks";

/**
 * The path that names and descriptions of resources follow from: the construct's, or the earliest one that it had. A name that followed a
 * renamed construct would replace the resource, or rename a running server.
 *
 * @param scope the construct.
 */
export function namingPath(scope: IConstruct): string {
  const moves = movesOf(scope);
  if (moves.length === 0) return scope.node.path;
  const paths = pathsOf(moves, scope.node.path);
  // A move that was declared before its stack existed has no blocks yet, and a wrong path is reported by any stack.
  MovedBlocks.in(TerraformStack.of(scope));
  return paths[paths.length - 1] as string;
}
