import type { Expression, Statement } from "./program/expression";
import type { Members } from "./state/members";
import type { StateResource } from "./state/state-resource";

/** A resource that a construct takes over. */
export interface AdoptedResource {
  /** Path of the resource in the construct, such as `Parameters/Resource`. */
  readonly path: string;
  /** Import ID. */
  readonly id: string;
  /** The resource in the state. @default - known by its ID only */
  readonly state?: StateResource;
  /** Attributes of a resource that is in no state, as far as they follow from others. @default - none */
  readonly assumed?: Members;
  /** Arguments whose changes Terraform ignores until the line is removed, since the cloud changes them by itself. @default - none */
  readonly ignored?: readonly string[];
  /** Arguments that act on the state or on a destruction only, so that nothing of the resource changes. @default - none */
  readonly harmless?: readonly string[];
}

/** A construct of the program, with the resources that it takes over. */
export interface AdoptedConstruct {
  /** Name of its constant. */
  readonly constant: string;
  /** Comment above it. */
  readonly comment: readonly string[];
  /** The class. */
  readonly type: Expression;
  /** Construct id. */
  readonly id: string;
  /** Statements before it, for its network and its provider. */
  readonly before: readonly Statement[];
  /** Its properties. */
  readonly props: { readonly [name: string]: Expression | undefined };
  /** Properties as the library recommends them, where they differ: undefined takes the default. */
  readonly hardened: { readonly [name: string]: Expression | undefined };
  /** Property that sets an argument, by argument. */
  readonly properties: { readonly [argument: string]: string | undefined };
  /** Values of properties for the case that the construct refuses what is there now, by the refused property. @default - the property is left out */
  readonly fallbacks?: { readonly [property: string]: { readonly [name: string]: Expression } };
  /** Resources that it takes over. */
  readonly resources: readonly AdoptedResource[];
  /** Paths of resources that are not there now, and that the first plan does not create (`count` 0), with the effect of their creation. */
  readonly absent: { readonly [path: string]: string };
  /** Folders of resources of which those that are not taken over are not created by the first plan either, with the effect. @default - none */
  readonly absentIn?: { readonly [path: string]: string };
  /** Facts that no argument of the construct expresses. */
  readonly notes: readonly string[];
}

/** All that was found in a state. */
export interface Found {
  /** Constructs, in an order in which each refers to earlier ones. */
  readonly constructs: readonly AdoptedConstruct[];
  /** Resources that the constructs refer to and that stay where they are managed: address, and why. */
  readonly left: readonly string[];
  /** Resources that cannot be adopted, with the reason. */
  readonly refused: readonly string[];
}
