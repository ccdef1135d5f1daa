// Rules of a security group are resources beside the group, and are made after it: the first refresh after the apply finds them in the
// group's computed lists. What a person added is the rest.

import type { PlannedChange } from "../plan/read-plan";
import { isMembers, items, type Members, member, members } from "../plan/values";

const DIRECTIONS: { readonly [list: string]: string } = {
  ingress: "aws_vpc_security_group_ingress_rule",
  egress: "aws_vpc_security_group_egress_rule",
};

/** The change without the rules that the state has as resources; of other types, the change as it is. @internal */
export function withoutOwnRules(found: PlannedChange, priorState: unknown): PlannedChange {
  if (found.type !== "aws_security_group") return found;
  const after = members(found.change.after);
  const before = members(found.change.before);
  const cleaned: { [name: string]: unknown } = { ...after };
  for (const [list, type] of Object.entries(DIRECTIONS)) {
    const own = rulesIn(priorState, type, after.id);
    const left = items(after[list]).filter((entry) => !own.some((rule) => isRule(entry, rule)));
    // A rule of the program that the state had before the refresh is in neither.
    const had = items(before[list]).filter((entry) => own.some((rule) => isRule(entry, rule)));
    cleaned[list] = [...had, ...left];
  }
  return { ...found, change: { ...found.change, after: cleaned } };
}

function rulesIn(priorState: unknown, type: string, group: unknown): Members[] {
  const found: Members[] = [];
  const walk = (module: unknown): void => {
    for (const resource of items(member(module, "resources"))) {
      const values = member(resource, "values");
      if (member(resource, "type") !== type || !isMembers(values)) continue;
      if (values.security_group_id === group) found.push(values);
    }
    for (const child of items(member(module, "child_modules"))) walk(child);
  };
  walk(member(member(priorState, "values"), "root_module"));
  return found;
}

/** True if an entry of the group's list is this rule, with one source, and nothing else. */
function isRule(entry: unknown, rule: Members): boolean {
  const sources = ["cidr_blocks", "ipv6_cidr_blocks", "prefix_list_ids", "security_groups"].flatMap((name) =>
    items(member(entry, name)),
  );
  const source = rule.referenced_security_group_id ?? rule.cidr_ipv4 ?? rule.cidr_ipv6 ?? rule.prefix_list_id;
  const port = (value: unknown) => value ?? 0;
  return (
    sources.length === 1 &&
    sources[0] === source &&
    member(entry, "protocol") === rule.ip_protocol &&
    port(member(entry, "from_port")) === port(rule.from_port) &&
    port(member(entry, "to_port")) === port(rule.to_port)
  );
}
