// Turns what was found into a program whose first plan imports and changes nothing that matters, and into the list of later changes.

import type { AdoptedConstruct, AdoptedResource, Found } from "../adopted-construct";
import {
  call,
  create,
  type Expression,
  literal,
  object,
  type Statement,
  THIS,
  variable,
} from "../program/expression";
import { word } from "../program/vocabulary";
import { type Members, memberOf } from "../state/members";
import { type Built, build } from "./build";
import { type Difference, differences } from "./differences";
import { isHarmless, type LaterChange, laterChanges, type Planned, remainingEffects } from "./effects";

/** A program that adopts, with all that a reader has to know. */
export interface Adoption {
  /** Statements of the stack. */
  readonly statements: readonly Statement[];
  /** Constructs with what stays as it is. */
  readonly constructs: readonly AdoptedAsItIs[];
  /** Effects that the first plan has nevertheless. */
  readonly remaining: readonly string[];
  /** Properties that the constructs refuse. */
  readonly refusals: readonly string[];
  /** Resources that the first plan creates. */
  readonly created: readonly string[];
}

/** A construct, and what differs from the library. */
export interface AdoptedAsItIs {
  readonly construct: AdoptedConstruct;
  /** Changes for later, one by one. */
  readonly later: readonly LaterChange[];
  /** Arguments that no property expresses, and that are held: `attribute value`. */
  readonly kept: readonly string[];
  /** Sensitive arguments, which are not written. */
  readonly sensitive: readonly string[];
}

/** A value of an argument that stays as it is. */
interface Held {
  readonly path: string;
  readonly difference: Difference;
  /** All ignored arguments of the resource, where Terraform ignores this one. */
  readonly ignored?: readonly string[];
}

/** The most properties of a construct that are taken back because it refuses them. */
const ATTEMPTS = 12;

/**
 * The program of what was found.
 *
 * @param found constructs with their resources.
 * @param providers statements of the providers.
 */
export async function assemble(found: Found, providers: readonly Statement[]): Promise<Adoption> {
  const { constructs: settled, built, refusals } = await accepted(found.constructs, providers);
  const constructs = settled.map((construct) => ({ ...construct, absent: absentOf(construct, built) }));
  const held = new Map(
    constructs.map((construct) => [construct, heldOf(construct, built, constructs)] as const),
  );
  const statements = program(constructs, providers, held);
  const first = await build(statements);
  const hardened = await build(
    program(
      constructs.map((construct) => ({ ...construct, props: { ...construct.props, ...construct.hardened } })),
      providers,
    ),
  );
  const planned = (of: Built) => constructs.flatMap((construct) => plannedOf(construct, of, constructs));
  return {
    statements,
    constructs: constructs.map((construct) => {
      const differing = (held.get(construct) ?? []).map(({ path, difference }) => ({
        ...difference,
        at: path,
      }));
      return {
        construct,
        later: laterChanges(construct, plannedOf(construct, hardened, constructs)),
        kept: differing
          .filter(({ isPlanned }) => !isPlanned)
          .map(({ at, path, now }) => `${at}: ${path} ${JSON.stringify(now)}`),
        sensitive: sensitiveOf(construct, built, constructs),
      };
    }),
    remaining: [
      ...remainingEffects(planned(first)),
      ...[...held].flatMap(([each, values]) => withheldOf(each, values)),
    ],
    refusals,
    created: createdOf(constructs, first),
  };
}

/** Takes back properties that a construct refuses; what is there now is held instead. */
async function accepted(
  found: readonly AdoptedConstruct[],
  providers: readonly Statement[],
): Promise<{ constructs: AdoptedConstruct[]; built: Built; refusals: string[] }> {
  let constructs = [...found];
  for (let attempt = 0; ; attempt++) {
    const built = await build(program(constructs, providers));
    const refusals = built.refusals.map(({ path, message }) => `${path}: ${message}`);
    const changed = constructs.map((construct) => {
      const messages = built.refusals
        .filter(({ path }) => path.split("/")[1] === construct.id)
        .map(({ message }) => message);
      return messages.reduce(withoutRefused, construct);
    });
    const isSettled = changed.every((construct, index) => construct === constructs[index]);
    if (refusals.length === 0 || isSettled || attempt === ATTEMPTS) return { constructs, built, refusals };
    constructs = changed;
  }
}

/** The construct without the property that a message names. */
function withoutRefused(construct: AdoptedConstruct, message: string): AdoptedConstruct {
  const [, property = ""] = /: ([\w.]+)(?:\[[^\]]*\])? must /.exec(message) ?? [];
  const names = property.split(".");
  const [top = ""] = names;
  const fallback = construct.fallbacks?.[top];
  if (fallback && Object.keys(fallback).some((name) => construct.props[name] === undefined))
    return { ...construct, props: { ...construct.props, ...fallback } };
  if (REQUIRED.has(property) || construct.props[top] === undefined) return construct;
  return {
    ...construct,
    props: { ...construct.props, [top]: without(construct.props[top], names.slice(1)) },
  };
}

const REQUIRED = new Set(["identifier", "engine", "size", "storage", "network", "source", "region"]);

function without(
  expression: Expression | undefined,
  [name, ...rest]: readonly string[],
): Expression | undefined {
  if (name === undefined || expression?.kind !== "object") return undefined;
  const entries = expression.entries.flatMap(([key, value]): (readonly [string, Expression])[] => {
    if (key !== name) return [[key, value]];
    const left = rest.length === 0 ? undefined : without(value, rest);
    return left === undefined ? [] : [[key, left]];
  });
  return entries.length === 0 ? undefined : { kind: "object", entries };
}

/** Statements of the stack. */
function program(
  constructs: readonly AdoptedConstruct[],
  providers: readonly Statement[],
  held?: ReadonlyMap<AdoptedConstruct, readonly Held[]>,
): Statement[] {
  return [
    ...providers,
    ...constructs.flatMap((construct): Statement[] => [
      ...construct.before,
      {
        comment: construct.comment,
        constant: construct.constant,
        expression: create(construct.type, THIS, literal(construct.id), object(construct.props)),
      },
      adoptStatement(construct),
      ...holdStatements(construct, held?.get(construct) ?? [], held !== undefined),
    ]),
  ];
}

function adoptStatement({ constant, resources }: AdoptedConstruct): Statement {
  const ids = resources.map(({ path, id }) => [path.replace(/\/Resource$/, ""), literal(id)] as const);
  return {
    expression: call(
      word("adoptConstruct"),
      variable(constant),
      object({ ids: { kind: "object", entries: ids } }),
    ),
  };
}

function holdStatements(
  { constant, absent }: AdoptedConstruct,
  held: readonly Held[],
  holds: boolean,
): Statement[] {
  if (!holds) return [];
  const paths = [...new Set(held.map(({ path }) => path))];
  const statement = (path: string, values: Expression) => ({
    expression: call(variable("hold"), variable(constant), literal(path), values),
  });
  return [
    ...paths.map((path) =>
      statement(path, {
        kind: "object",
        entries: held
          .filter((each) => each.path === path)
          .map(({ difference, ignored }) =>
            ignored === undefined
              ? [difference.path, literal(difference.isSensitive ? undefined : difference.now)]
              : ["lifecycle.ignore_changes", literal(ignored)],
          ),
      }),
    ),
    ...Object.keys(absent).map((path) => statement(path, object({ count: literal(0) }))),
  ];
}

/** Resources that the first plan does not create. */
function absentOf(
  { constant, absent, absentIn = {}, resources }: AdoptedConstruct,
  built: Built,
): AdoptedConstruct["absent"] {
  const below = Object.entries(absentIn).flatMap(([folder, effect]) =>
    built
      .resourcesIn(constant, folder)
      .filter((path) => !resources.some((each) => each.path === path))
      .map((path) => [path, effect] as const),
  );
  return { ...absent, ...Object.fromEntries(below) };
}

function heldOf(construct: AdoptedConstruct, built: Built, all: readonly AdoptedConstruct[]): Held[] {
  return construct.resources.flatMap((resource) => {
    const { path, ignored = [] } = resource;
    return differencesOf(construct, resource, built, all)
      .filter((each) => !isHarmless(resource, each.path) && (each.isPlanned || !each.isSensitive))
      .map((difference) =>
        ignored.includes(difference.path)
          ? { path, difference, ignored: [...ignoredBy(construct, resource, built), ...ignored] }
          : { path, difference },
      );
  });
}

/** Arguments that the construct ignores by itself. */
function ignoredBy({ constant }: AdoptedConstruct, { path }: AdoptedResource, built: Built): string[] {
  const at = built.resourceAt(constant, path);
  const ignored = at && memberOf(built.argumentsOf(at.type, at.name).lifecycle, "ignore_changes");
  return Array.isArray(ignored) ? ignored.map(String) : [];
}

/** Sensitive arguments that no argument of the program replaces, which are not written. */
function sensitiveOf(construct: AdoptedConstruct, built: Built, all: readonly AdoptedConstruct[]): string[] {
  return construct.resources.flatMap((resource) =>
    differencesOf(construct, resource, built, all)
      .filter(({ isSensitive }) => isSensitive)
      .map(({ path }) => `${resource.path}: ${path}`),
  );
}

/** Sensitive arguments that the program would set and now leaves out, so that the plan may change them or fail. */
function withheldOf({ constant }: AdoptedConstruct, held: readonly Held[]): string[] {
  return held
    .filter(({ difference }) => difference.isSensitive)
    .map(
      ({ path, difference }) =>
        `${constant} ${path}: ${difference.path} is sensitive in the state, and is not written; give its value by a variable.`,
    );
}

function plannedOf(construct: AdoptedConstruct, built: Built, all: readonly AdoptedConstruct[]): Planned[] {
  return construct.resources.flatMap((resource): Planned[] => {
    const at = built.resourceAt(construct.constant, resource.path);
    if (at === undefined) return [];
    return [
      {
        construct: construct.constant,
        resource,
        ...at,
        before: valuesOf(resource),
        differences: differencesOf(construct, resource, built, all),
      },
    ];
  });
}

function differencesOf(
  { constant }: AdoptedConstruct,
  resource: AdoptedResource,
  built: Built,
  all: readonly AdoptedConstruct[],
): Difference[] {
  const at = built.resourceAt(constant, resource.path);
  if (at === undefined) return [];
  const planned = built.argumentsOf(at.type, at.name);
  return differences(at.type, valuesOf(resource), resource.state?.sensitive, planned, (expression) =>
    attributeOf(expression, built, all),
  );
}

/** Value of `type.name.attribute` of an adopted resource. */
function attributeOf(expression: string, built: Built, all: readonly AdoptedConstruct[]): unknown {
  const [type, name, attribute = ""] = expression.split(".");
  for (const construct of all)
    for (const resource of construct.resources) {
      const at = built.resourceAt(construct.constant, resource.path);
      if (at?.type === type && at?.name === name) return valuesOf(resource)[attribute];
    }
  return undefined;
}

function valuesOf({ state, assumed = {} }: AdoptedResource): Members {
  return state?.compared ?? state?.values ?? assumed;
}

function createdOf(constructs: readonly AdoptedConstruct[], first: Built): string[] {
  const taken = new Set(
    constructs.flatMap(({ constant, resources, absent }) =>
      [...resources.map(({ path }) => path), ...Object.keys(absent)].map((path) => {
        const at = first.resourceAt(constant, path);
        return `${at?.type}.${at?.name}`;
      }),
    ),
  );
  return first.resources().filter((address) => !taken.has(address));
}
