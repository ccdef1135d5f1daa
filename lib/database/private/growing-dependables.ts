// CDKTF copies `dependsOn` when a resource is constructed. A grant or a firewall rule that is added afterwards would be missing there,
// so that pods start without it, and only the order of the program's lines would decide.

import { dependable, type ITerraformDependable, type TerraformResource } from "cdktf";

/**
 * The resources that a consumer waits for, to which grants and rules may be added after the consumer was constructed.
 *
 * Each list that is handed out ends in a placeholder, which is rendered as the last resource added later, or not at all. The resources
 * added after a list was handed out wait for one another, so that the last one stands for all of them.
 */
export class GrowingDependables {
  private readonly members: ITerraformDependable[] = [];
  private firstLate?: number;

  /** The resources added so far, and the placeholder for those added later. */
  public get all(): ITerraformDependable[] {
    const { members } = this;
    const known = members.length;
    this.firstLate ??= known;
    // CDKTF reads it when the stack is written, and leaves out an undefined one.
    const later = {
      get fqn() {
        return (members.length > known ? members[members.length - 1]?.fqn : undefined) as string;
      },
    };
    return [...members, later];
  }

  /** Adds what exists from the beginning, in the constructor of its owner. */
  public addFirst(...dependables: ITerraformDependable[]): void {
    this.members.push(...dependables);
  }

  /** Adds resources, in the constructor of their owner or at any time until the stack is written. */
  public add(...resources: TerraformResource[]): void {
    for (const resource of resources) {
      const { members, firstLate } = this;
      const previous = members[members.length - 1];
      if (firstLate !== undefined && previous !== undefined && members.length > firstLate) {
        resource.dependsOn = [...(resource.dependsOn ?? []), dependable(previous)];
      }
      members.push(resource);
    }
  }
}
