// Changes of a program beside its resources that decide about them: where the state is, where a provider works, modules, and the number of
// instances. Two programs do not tell what becomes of the resources, so the review says that instead of nothing.

import type { PlannedChange } from "../plan/read-plan";
import { member, members, same } from "../plan/values";
import { holdsData } from "../rules/engine";
import type { SecondOrder } from "../rules/second-order";
import { kindOf } from "../text";
import type { ChangedValues } from "./changed-values";
import { finalOf, merged, movesOf, type Resource, resourcesOf, textsIn } from "./program";

const NEXT = "Review the plan of Terraform before the apply.";

/** Findings about what surrounds the resources of two programs. */
export function surroundings(before: unknown, after: unknown, changed: ChangedValues): SecondOrder[] {
  return [
    ...differentStacks(before, after),
    ...state(before, after),
    ...providers(before, after),
    ...modules(before, after, changed),
    ...instances(before, after, changed),
  ];
}

function differentStacks(before: unknown, after: unknown): SecondOrder[] {
  const [old, now] = [before, after].map((json) =>
    member(member(member(json, "//"), "metadata"), "stackName"),
  );
  if (old === undefined || now === undefined || old === now) return [];
  return [
    {
      rule: "STACKS-DIFFER",
      of: block("terraform", "stack"),
      effects: ["unknown"],
      when: "now",
      words:
        "The two files are stacks with different names: the changes below are those from one stack to another.",
      next: "Give two versions of one stack. A stack that is renamed needs its old state: compare the backend.",
    },
  ];
}

function state(before: unknown, after: unknown): SecondOrder[] {
  const places = [before, after].map((json) => {
    const terraform = members(member(json, "terraform"));
    const { local, ...backends } = members(terraform.backend);
    // The path of a local state is of the folder in which the program ran.
    return { ...backends, local: local === undefined ? undefined : true, cloud: terraform.cloud };
  });
  if (same(places[0], places[1])) return [];
  return [
    {
      rule: "STATE-MOVED",
      of: block("terraform.backend", "backend"),
      effects: ["unknown"],
      when: "now",
      words:
        "The backend changes: Terraform looks for the state in another place. Without the state it plans to create everything anew.",
      next: "Move the state with terraform init -migrate-state, and expect a plan without changes.",
      source: "https://developer.hashicorp.com/terraform/language/backend#change-configuration",
    },
  ];
}

function providers(before: unknown, after: unknown): SecondOrder[] {
  const [old, now] = [before, after].map((json) => merged(member(json, "provider")));
  return Object.keys({ ...old, ...now })
    .filter((name) => !same(old?.[name], now?.[name]) && old?.[name] !== undefined)
    .map((name) => ({
      rule: "PROVIDER-CHANGED",
      of: block(`provider.${name}`, "provider"),
      effects: ["unknown"],
      when: "now",
      words: `The settings of the provider ${name} change. In another Region, account, project or cluster it does not find the resources of the state, and Terraform plans to create them anew.`,
      next: NEXT,
      source: "https://developer.hashicorp.com/terraform/language/providers/configuration",
    }));
}

function modules(before: unknown, after: unknown, changed: ChangedValues): SecondOrder[] {
  const [old, now] = [before, after].map((json) => merged(member(json, "module")));
  return Object.keys({ ...old, ...now })
    .filter(
      (name) =>
        !same(content(old?.[name]), content(now?.[name])) ||
        textsIn(now?.[name]).some((text) => changed.isIn(text)),
    )
    .map((name) => ({
      rule: "MODULE-NOT-KNOWN",
      of: block(`module.${name}`, "module"),
      effects: ["unknown"],
      when: "now",
      words:
        now?.[name] === undefined
          ? "The module is gone, and the resources in it are destroyed. They are not in the synthesized stack."
          : "The module changes, and the resources in it are not in the synthesized stack: what becomes of them is not known.",
      next: NEXT,
    }));
}

function instances(before: unknown, after: unknown, changed: ChangedValues): SecondOrder[] {
  const moves = movesOf(after);
  const now = resourcesOf(after);
  return [...resourcesOf(before).values()].flatMap((previous): SecondOrder[] => {
    const resource = now.get(finalOf(previous.address, moves));
    if (resource === undefined) return [];
    const { one } = kindOf(resource.type);
    const of = block(resource.address, resource.type);
    const [old, next] = [previous.meta, resource.meta];
    const found: SecondOrder[] = [];
    if (!same(old.provider, next.provider)) {
      found.push({
        rule: "PROVIDER-OF-RESOURCE-CHANGED",
        of,
        effects: ["unknown"],
        when: "now",
        words: `Another provider configuration manages this ${one}. If it works in another Region, account or cluster, Terraform plans to create the resource anew there.`,
        next: NEXT,
      });
    }
    const isCounted = !same([old.count, old.for_each], [next.count, next.for_each]);
    if (!isCounted && !namesChanged(resource, changed)) return found;
    const isFewer = typeof old.count === "number" && typeof next.count === "number" && next.count < old.count;
    return [
      ...found,
      {
        rule: isFewer ? "INSTANCES-FEWER" : "INSTANCES-NOT-KNOWN",
        of,
        effects: !isFewer ? ["unknown"] : holdsData(resource.type) ? ["data-loss"] : ["outage"],
        when: "now",
        words: isFewer
          ? `count falls: the last instances of this ${one} are destroyed.`
          : `count or for_each changes: which instances of this ${one} are created or destroyed is known from the plan only.`,
        next: NEXT,
        source: "https://developer.hashicorp.com/terraform/language/meta-arguments/count",
      },
    ];
  });
}

function namesChanged({ meta }: Resource, changed: ChangedValues): boolean {
  return textsIn([meta.count, meta.for_each]).some((text) => changed.isIn(text));
}

function content(value: unknown): unknown {
  return value === undefined ? undefined : { ...merged(value), "//": undefined };
}

/** A change of a block that is no resource of the plan, or of which the plan has no change. */
function block(address: string, type: string): PlannedChange {
  return { address, type, action: "update", importing: false, replacePaths: [], change: {} };
}
