/**
 * What the role assignments of a stack allow, as Azure evaluates them: an assignment holds at its scope and below, `*` in an action stands for
 * any text, `notActions` are taken away, and all comparisons ignore case (learn.microsoft.com/azure/role-based-access-control/overview).
 */

// biome-ignore lint/suspicious/noExplicitAny: Terraform JSON
type Json = any;

interface Assignment {
  readonly scope: string;
  readonly actions: readonly string[];
  readonly notActions: readonly string[];
}

/** Actions of the built-in roles that the library assigns (learn.microsoft.com "Azure built-in roles"). */
const BUILT_IN: { readonly [name: string]: readonly string[] } = {
  "Managed Identity Operator": [
    "Microsoft.ManagedIdentity/userAssignedIdentities/*/read",
    "Microsoft.ManagedIdentity/userAssignedIdentities/*/assign/action",
  ],
};

export class RoleEvaluation {
  private readonly assignments: Assignment[];

  /**
   * @param json the synthesized stack.
   * @param principalId the identity.
   * @param ids what references stand for, such as the id of a resource group.
   */
  public constructor(json: Json, principalId: string, ids: { readonly [reference: string]: string } = {}) {
    const definitions: { [address: string]: Json } = json.resource.azurerm_role_definition ?? {};
    const resolved = (value: string) => ids[value] ?? value;
    this.assignments = Object.values(json.resource.azurerm_role_assignment as { [id: string]: Json })
      .filter((each) => each.principal_id === principalId)
      .map((each) => {
        const name = /^\$\{azurerm_role_definition\.([^.]+)\./.exec(each.role_definition_id ?? "")?.[1];
        const permissions = name
          ? definitions[name].permissions
          : [{ actions: BUILT_IN[each.role_definition_name] }];
        if (permissions[0].actions === undefined)
          throw new Error(`unknown role ${each.role_definition_name}`);
        const scope = resolved(each.scope);
        if (!scope.startsWith("/subscriptions/")) throw new Error(`the scope ${scope} is not known`);
        return {
          scope,
          actions: permissions.flatMap((one: Json) => one.actions ?? []),
          notActions: permissions.flatMap((one: Json) => one.not_actions ?? []),
        };
      });
  }

  /** True if the identity may do this to the resource. */
  public allows(action: string, resourceId: string): boolean {
    return this.assignments.some(
      ({ scope, actions, notActions }) =>
        within(resourceId, scope) &&
        actions.some((each) => matches(each, action)) &&
        !notActions.some((each) => matches(each, action)),
    );
  }

  /** All actions that end so, whatever the resource. */
  public actions(): string[] {
    return [...new Set(this.assignments.flatMap(({ actions }) => actions))].sort();
  }
}

function within(resourceId: string, scope: string): boolean {
  return `${resourceId.toLowerCase()}/`.startsWith(`${scope.toLowerCase().replace(/\/$/, "")}/`);
}

function matches(pattern: string, action: string): boolean {
  const text = pattern.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replace(/\*/g, ".*");
  return new RegExp(`^${text}$`, "i").test(action);
}
