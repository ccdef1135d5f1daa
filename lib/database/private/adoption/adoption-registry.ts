// Adoptions that a program declares, by its root.

import type { IConstruct } from "constructs";
import type { AdoptionProps } from "../../changes/adoption";

/** A construct and the resources in it that exist. */
export interface DeclaredAdoption {
  readonly construct: IConstruct;
  readonly props: AdoptionProps;
}

const ADOPTIONS = new WeakMap<IConstruct, DeclaredAdoption[]>();

/** The adoptions of a program, in the order of their declaration. */
export function adoptionsOf(scope: IConstruct): readonly DeclaredAdoption[] {
  return ADOPTIONS.get(scope.node.root) ?? [];
}

/** Adds an adoption to those of a program. */
export function addAdoption(construct: IConstruct, props: AdoptionProps): DeclaredAdoption {
  const adoption = { construct, props };
  ADOPTIONS.set(construct.node.root, [...adoptionsOf(construct), adoption]);
  return adoption;
}
