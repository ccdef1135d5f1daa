// Makes the constructs in memory, as the written program will, to compare their arguments with what is there.

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App, Lazy, Manifest, type TerraformElement, TerraformResource, TerraformStack } from "cdktf";
import type { IConstruct } from "constructs";
import { evaluateAll, loadModules } from "../program/evaluate";
import type { Statement } from "../program/expression";
import { importsOf } from "../program/print";
import { isMembers, type Members, memberOf } from "../state/members";

/** Refusal of a construct. */
export interface Refusal {
  /** Path of the construct. */
  readonly path: string;
  /** Message, with the property and its rule. */
  readonly message: string;
}

/** A program, synthesized in memory. */
export interface Built {
  /** The synthesized JSON. */
  readonly json: Members;
  /** Refusals of the constructs. */
  readonly refusals: readonly Refusal[];
  /** Type and name of the resource at a path in a construct; undefined if there is none. */
  resourceAt(constant: string, path: string): { readonly type: string; readonly name: string } | undefined;
  /** Paths in a construct of the resources at or below a path. */
  resourcesIn(constant: string, path: string): string[];
  /** Addresses of all resources. */
  resources(): string[];
  /** Arguments of a resource. */
  argumentsOf(type: string, name: string): Members;
}

/** Sets arguments of a resource as they are: the function `hold` of the printed program. An override with a list would be appended. */
export function hold(construct: IConstruct, path: string, values: Members): void {
  const resource = path
    .split("/")
    .reduce<IConstruct>((parent, id) => parent.node.findChild(id), construct) as TerraformElement;
  for (const [argument, value] of Object.entries(values))
    resource.addOverride(argument, Array.isArray(value) ? Lazy.anyValue({ produce: () => value }) : value);
}

/** Runs the statements of a program and synthesizes its stack. */
export async function build(statements: readonly Statement[]): Promise<Built> {
  const modules = await loadModules(importsOf(statements).keys());
  const outdir = mkdtempSync(join(tmpdir(), "devplatforms-adopt-"));
  try {
    const stack = new TerraformStack(new App({ outdir }), "adopted");
    const constants = evaluateAll(statements, modules, stack, { hold });
    stack.prepareStack();
    const refusals = stack.node
      .findAll()
      .flatMap((each) => each.node.validate().map((message) => ({ path: each.node.path, message })));
    const manifest = new Manifest("devplatforms", outdir, false);
    stack.synthesizer.synthesize({ outdir, manifest, skipValidation: true });
    const file = join(outdir, manifest.forStack(stack).synthesizedStackPath);
    const json = JSON.parse(readFileSync(file, "utf8")) as Members;
    return {
      json,
      refusals,
      resourceAt: (constant, path) => {
        const construct = constants.get(constant) as IConstruct | undefined;
        const found = path
          .split("/")
          .reduce<IConstruct | undefined>((parent, id) => parent?.node.tryFindChild(id), construct) as
          | { readonly terraformResourceType?: string; readonly friendlyUniqueId?: string }
          | undefined;
        if (found?.terraformResourceType === undefined) return undefined;
        return { type: found.terraformResourceType, name: String(found.friendlyUniqueId) };
      },
      resourcesIn: (constant, path) => {
        const construct = constants.get(constant) as IConstruct | undefined;
        const below = path
          .split("/")
          .reduce<IConstruct | undefined>((parent, id) => parent?.node.tryFindChild(id), construct);
        const found =
          below?.node.findAll().filter((each) => TerraformResource.isTerraformResource(each)) ?? [];
        return found.map((each) => each.node.path.slice((construct?.node.path.length ?? 0) + 1));
      },
      resources: () =>
        Object.entries(isMembers(json.resource) ? json.resource : {}).flatMap(([type, named]) =>
          Object.keys(isMembers(named) ? named : {}).map((name) => `${type}.${name}`),
        ),
      argumentsOf: (type, name) => {
        const values = memberOf(memberOf(json.resource, type), name);
        return isMembers(values) ? values : {};
      },
    };
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}
