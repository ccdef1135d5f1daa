import type { IConstruct } from "constructs";

/** Resources of the program of some Terraform types, without data sources: those of all stacks. @internal */
export function resourcesOfType(scope: IConstruct, ...types: readonly string[]): IConstruct[] {
  return scope.node.root.node
    .findAll()
    .filter((each) =>
      types.includes((each as { readonly terraformResourceType?: string }).terraformResourceType ?? ""),
    );
}
