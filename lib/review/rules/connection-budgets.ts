// Connection budgets of a synthesized stack. The library writes them as preconditions of the resource that starts an application,
// `((54 + 8) <= min(3064, tonumber(terraform_data.x.output["maximum"])))`, where the server enforces a changed maximum later.

import type { PlannedChange } from "../plan/read-plan";
import { plainAddress } from "../plan/references";
import { items, member, members } from "../plan/values";

/** Connections that the applications on a server may open, with its maximum. */
export interface Budget {
  /** Address of the server. */
  readonly server: string;
  /** Connections of all applications, the cloud's reserved ones included. */
  readonly needed: number;
  /** Maximum of the planned machine and parameters. */
  readonly maximum: number;
  /** Maximum that the running server enforces. */
  readonly inForce: number;
}

const CONDITION =
  /^\$\{\(\((\d+) \+ (\d+)\) <= min\((\d+), tonumber\((terraform_data\.[\w-]+)\.output\["maximum"\]\)\)\)\}$/;

/** The budgets of a stack, with the maximum in force from the plan. */
export function budgetsIn(stack: unknown, changes: readonly PlannedChange[]): Budget[] {
  const resources = members(member(stack, "resource"));
  const found = Object.values(resources)
    .flatMap((byName) => Object.values(members(byName)))
    .flatMap((values) => items(member(member(values, "lifecycle"), "precondition")))
    .flatMap((each) => {
      const condition = member(each, "condition");
      const match = typeof condition === "string" ? CONDITION.exec(condition) : null;
      return match ? [match] : [];
    });
  return found.flatMap(([, applications, reserved, maximum, record = ""]) => {
    const [, name = ""] = record.split(".");
    const triggers = member(member(member(resources, "terraform_data"), name), "triggers_replace");
    const server = /\$\{([\w.-]+)\.resource_id\}/.exec(String(member(triggers, "instance") ?? ""))?.[1];
    const before = changes.find(({ address }) => plainAddress(address) === record)?.change.before;
    const inForce = Number(member(member(before, "output"), "maximum"));
    if (server === undefined || !Number.isFinite(inForce)) return [];
    return [{ server, needed: Number(applications) + Number(reserved), maximum: Number(maximum), inForce }];
  });
}
