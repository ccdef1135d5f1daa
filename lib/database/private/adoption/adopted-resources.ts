// The resources that the adoptions of a stack name, by their paths in the adopted constructs.

import { TerraformResource, TerraformStack } from "cdktf";
import type { IConstruct } from "constructs";
import { adoptionsOf, type DeclaredAdoption } from "./adoption-registry";
import { ImportIds, isImportable } from "./import-format";

/** A resource that exists. */
export interface AdoptedResource {
  readonly adoption: DeclaredAdoption;
  readonly resource: TerraformResource;
  /** Path in the adopted construct, as the program may write it. */
  readonly path: string;
  /** Key of an instance of a resource with `for_each` or `count`, such as `["sg-1"]`; empty otherwise. */
  readonly key: string;
  /** The ID that the program gives; undefined where it follows from the program. */
  readonly givenId?: string;
}

/** A path that leads to no resource. */
export interface UnknownPath {
  readonly adoption: DeclaredAdoption;
  readonly property: "ids" | "existing";
  readonly path: string;
  /** Number of resources that the path leads to: an ID is that of one. */
  readonly found: number;
}

/** The adopted resources of a stack. */
export class AdoptedResources {
  public readonly all: readonly AdoptedResource[];
  public readonly unknown: readonly UnknownPath[];
  public readonly ids: ImportIds;
  private readonly stack: TerraformStack;
  private readonly given: ReadonlyMap<TerraformResource, string>;

  public constructor(stack: TerraformStack) {
    const all: AdoptedResource[] = [];
    const unknown: UnknownPath[] = [];
    for (const adoption of adoptionsOf(stack)) {
      if (TerraformStack.of(adoption.construct) !== stack) continue;
      const { construct, props } = adoption;
      const named = new Set<TerraformResource>();
      for (const [path, givenId] of Object.entries(props.ids ?? {})) {
        const [, base, key] = /^(.*?)(\[.*\])?$/s.exec(path) as unknown as [
          string,
          string,
          string | undefined,
        ];
        const found = resourceAt(construct, base);
        const [resource] = found;
        if (found.length === 1 && resource) {
          named.add(resource);
          all.push({ adoption, resource, path, key: key ?? "", givenId });
        } else unknown.push({ adoption, property: "ids", path, found: found.length });
      }
      const rest = (resources: readonly TerraformResource[]) => {
        for (const resource of resources) {
          if (named.has(resource) || !isImportable(resource.terraformResourceType)) continue;
          named.add(resource);
          all.push({ adoption, resource, path: pathIn(construct, resource), key: "" });
        }
      };
      for (const path of props.existing ?? []) {
        const found = resourcesAt(construct, path);
        if (found.length === 0) unknown.push({ adoption, property: "existing", path, found: 0 });
        rest(found);
      }
      if (props.everything) rest(resourcesIn(construct));
    }
    this.all = all;
    this.unknown = unknown;
    this.stack = stack;
    this.given = new Map(
      all.flatMap(({ resource, key, givenId }) =>
        givenId !== undefined && key === "" ? [[resource, givenId]] : [],
      ),
    );
    this.ids = new ImportIds(stack, this.given);
  }

  /** The resources whose import IDs are missing and would not follow from the other missing ones. */
  public get missing(): AdoptedResource[] {
    const missing = this.all.filter(
      (each) => this.idOf(each) === undefined && !this.ids.isGenerated(each.resource),
    );
    return missing.filter(({ resource }) => {
      const others = missing.flatMap((each) =>
        each.resource === resource ? [] : [[each.resource, "?"] as const],
      );
      return new ImportIds(this.stack, new Map([...this.given, ...others])).derived(resource) === undefined;
    });
  }

  /** The import ID of an adopted resource; undefined if it is missing. */
  public idOf({ resource, key, givenId }: AdoptedResource): string | undefined {
    return givenId ?? (key === "" ? this.ids.idOf(resource) : undefined);
  }
}

/** The resources of a construct and its children. */
export function resourcesIn(construct: IConstruct): TerraformResource[] {
  return construct.node
    .findAll()
    .filter((each): each is TerraformResource => TerraformResource.isTerraformResource(each));
}

/** Path of a resource in a construct, without the last `Resource`. */
export function pathIn(construct: IConstruct, resource: TerraformResource): string {
  if (resource === construct) return ".";
  return resource.node.path.slice(construct.node.path.length + 1).replace(/(?<=.)\/Resource$/, "");
}

/** The resources at a path: the resource itself, the `Resource` of a construct with one, or all in a construct. */
function resourcesAt(construct: IConstruct, path: string): TerraformResource[] {
  const at =
    path === "."
      ? construct
      : path
          .split("/")
          .reduce<IConstruct | undefined>((scope, id) => scope?.node.tryFindChild(id), construct);
  return at === undefined ? [] : resourcesIn(at);
}

/** The one resource that a path stands for: itself, or the `Resource` of a construct. */
function resourceAt(construct: IConstruct, path: string): TerraformResource[] {
  const found = resourcesAt(construct, path);
  const own = found.find((each) => pathIn(construct, each) === path);
  return own === undefined ? found : [own];
}
