/**
 * The one list of findings that we accept, each with its reason. A finding that is not here fails the policy tier, and
 * so does an entry that matches nothing any more.
 */

export interface Exception {
  /** The id of the rule or check. */
  readonly id: string;
  /** Matches `<stack>/<address of the resource>`. */
  readonly resource: RegExp;
  readonly reason: string;
}

export const exceptions: readonly Exception[] = [];
