// Changes of an inline rule of a network security group of Azure, each rule as a whole: its source alone does not tell what it allows.

import { items, member } from "../plan/values";
import type { Change } from "./changes";

const WORLD = new Set(["*", "internet", "any", "0.0.0.0/0", "::/0"]);

/** True for an inbound rule that allows every address on the internet. Azure ignores the case of these words. */
function isOpen(rule: unknown): boolean {
  const is = (name: string, value: string) => String(member(rule, name)).toLowerCase() === value;
  const sources = [member(rule, "source_address_prefix"), ...items(member(rule, "source_address_prefixes"))];
  return (
    is("access", "allow") &&
    is("direction", "inbound") &&
    sources.some((source) => WORLD.has(String(source).toLowerCase()))
  );
}

/** Arguments by which an open rule lets more in, or comes before another one. */
const REACH = [
  "priority",
  "protocol",
  "source_port_range",
  "source_port_ranges",
  "destination_port_range",
  "destination_port_ranges",
  "destination_address_prefix",
  "destination_address_prefixes",
  "destination_application_security_group_ids",
];

function differs(before: unknown, after: unknown): boolean {
  const reach = (rule: unknown) =>
    JSON.stringify(REACH.map((name) => [items(member(rule, name)), member(rule, name) ?? ""]));
  return reach(before) !== reach(after);
}

const opens = (before: unknown, after: unknown) =>
  isOpen(after) && (!isOpen(before) || differs(before, after));

/** A rule opens to the internet, or an open one gets other ports, protocols or targets. */
export const securityRuleOpens: Change = { name: "opens to the internet", matches: opens };

/** A rule comes, goes or changes, and does not open to the internet. */
export const securityRuleChanges: Change = {
  name: "changes, without opening to the internet",
  matches: (before, after) => !opens(before, after),
};
