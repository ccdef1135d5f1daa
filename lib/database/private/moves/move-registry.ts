// Moves that a program declares, by its root: constructs of all stacks look here for the path that their names follow from.

import type { IConstruct } from "constructs";

/** A construct's path before and after a move. */
export interface DeclaredMove {
  readonly from: string;
  readonly to: string;
  /** The construct was made before its move was declared, so that its names follow from the later path. */
  readonly late: boolean;
}

const MOVES = new WeakMap<IConstruct, DeclaredMove[]>();

/** The moves of a program, in the order of their declaration. */
export function movesOf(scope: IConstruct): readonly DeclaredMove[] {
  return MOVES.get(scope.node.root) ?? [];
}

/** Adds a move to those of a program. */
export function addMove(scope: IConstruct, move: DeclaredMove): void {
  MOVES.set(scope.node.root, [...movesOf(scope), move]);
}

/** True if a path is that of a construct or of something in it. */
export function isWithin(path: string, construct: string): boolean {
  return path === construct || path.startsWith(`${construct}/`);
}

/**
 * The paths that a construct had, the latest first, its present one included. Of several moves the one of the nearest construct counts.
 *
 * @param moves the moves of the program.
 * @param path the present path.
 */
export function pathsOf(moves: readonly DeclaredMove[], path: string): string[] {
  const paths: string[] = [];
  for (let each: string | undefined = path; each !== undefined; each = before(moves, each)) {
    // A circle ends here; `leadsBack` reports it.
    if (paths.includes(each)) break;
    paths.push(each);
  }
  return paths;
}

/** True if the moves of a path are a circle. */
export function leadsBack(moves: readonly DeclaredMove[], path: string): boolean {
  const last = pathsOf(moves, path).at(-1) as string;
  return before(moves, last) !== undefined;
}

function before(moves: readonly DeclaredMove[], path: string): string | undefined {
  const [nearest] = moves.filter(({ to }) => isWithin(path, to)).sort((a, b) => b.to.length - a.to.length);
  return nearest && nearest.from + path.slice(nearest.to.length);
}
