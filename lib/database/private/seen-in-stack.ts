import { TerraformStack } from "cdktf";
import type { IConstruct } from "constructs";

/** Objects that constructs of a stack hand on to their children, such as tags: each is checked and reported once. */
export class SeenInStack {
  private readonly seen = new WeakMap<TerraformStack, WeakSet<object>>();

  /**
   * Returns true the first time that an object is seen in the stack of a construct.
   *
   * @param scope the construct.
   * @param value the object.
   */
  public first(scope: IConstruct, value: object): boolean {
    const stack = TerraformStack.of(scope);
    const seen = this.seen.get(stack) ?? new WeakSet();
    this.seen.set(stack, seen);
    if (seen.has(value)) return false;
    seen.add(value);
    return true;
  }
}
