// The type of a rule: an effect of a change that Terraform's plan does not tell.

import type { Change } from "./changes";

/**
 * Effect of a change.
 *
 * - `data-loss`: data is gone, or overwritten.
 * - `backup-loss`: backups, restore points or copies are gone, or no longer made.
 * - `outage`: clients lose the connection: restart, failover, another endpoint, another password.
 * - `exposure`: more networks or identities than before reach the resource.
 * - `weaker`: a protection is gone (encryption in transit, deletion protection, standby, monitoring).
 * - `failure`: the apply stops half-way.
 * - `slow`: reduced performance for a time.
 * - `cost`: the price rises.
 * - `irreversible`: the change cannot be taken back.
 */
export type Effect =
  | "data-loss"
  | "backup-loss"
  | "outage"
  | "exposure"
  | "weaker"
  | "failure"
  | "slow"
  | "cost"
  | "irreversible";

/**
 * Time of an effect. `maintenance window` becomes `now` where the resource applies changes immediately (`data/timing.ts`); `next
 * destroy` is the next apply that destroys or replaces the resource.
 */
export type When =
  | "now"
  | "maintenance window"
  | "next restart"
  | "next destroy"
  | "next failure of a zone"
  | "next apply"
  | "later";

/** Action of a plan that a rule is about. */
export type RuleAction = "create" | "update" | "replace" | "replace-and-forget" | "destroy" | "forget";

/** Condition on another attribute: a value, one of several values, a pattern, or `null` for "not set". */
export type Condition =
  | string
  | number
  | boolean
  | null
  | RegExp
  | readonly (string | number | boolean | null)[];

/** Conditions by attribute path; all must hold. */
export interface Conditions {
  readonly [path: string]: Condition;
}

/**
 * A rule. Its path names an attribute or a block, with dots between blocks and without list indexes: `settings.backup_configuration.enabled`.
 * Of a repeated block, an element is chosen by an attribute: `parameter[name=rds.force_ssl].value`; without a choice each element counts. The
 * elements of a plan are paired by `name`, `id` or `key`, and otherwise by position.
 */
export interface Rule {
  /** Stable id: subject and effect in capitals, such as `RDS-BACKUPS-OFF`. Accepted findings name it. */
  readonly id: string;
  /** Terraform resource types. */
  readonly types: readonly string[];
  /** Attributes or blocks, any of which triggers the rule. @default - the action alone does */
  readonly paths?: readonly string[];
  /** Change of the attribute. For `replace`, the attribute is the reason of the replacement. @default - any change */
  readonly change?: Change;
  /** Actions. @default - `update` with a path; without a path, required */
  readonly actions?: readonly RuleAction[];
  /** Conditions on the planned values (for `destroy`, `replace` and `forget`: on the present ones). */
  readonly where?: Conditions;
  /** Conditions on the values before the change. */
  readonly whereBefore?: Conditions;
  /** Effects, the worst first. None: the change is known to be harmless. */
  readonly effects: readonly Effect[];
  /** Time of the effect. @default "now" */
  readonly when?: When;
  /** The effect in one or two sentences, in the vendor's terms, without values. */
  readonly words: string;
  /** Next step for the reviewer. @default - by the effect */
  readonly next?: string;
  /** `known`: the vendor's documentation, the provider's source or a run says so. `likely`: not verified, or not always. @default "known" */
  readonly certainty?: "known" | "likely";
  /** Where the fact was read: a URL, or the provider's file and version. */
  readonly source: string;
}

/** The part of a rule that differs between the rows of a table. */
export type RuleRow = Omit<Rule, "types" | "paths" | "source"> & { readonly source?: string };

/** Builder for the rules of one resource type, or of several with the same arguments, that have one source unless a row says another. */
export function rulesOf(types: string | readonly string[], source: string) {
  const all = typeof types === "string" ? [types] : types;
  return {
    /** Rule for a changed attribute or block, or for several. */
    on: (paths: string | readonly string[], change: Change, row: RuleRow): Rule => ({
      source,
      ...row,
      types: all,
      paths: typeof paths === "string" ? [paths] : paths,
      change,
    }),
    /** Rule for an action on the resource, whatever changed. */
    when: (actions: RuleAction | readonly RuleAction[], row: Omit<RuleRow, "actions">): Rule => ({
      source,
      ...row,
      types: all,
      actions: typeof actions === "string" ? [actions] : actions,
    }),
    /** Attributes whose change has no effect on data, availability or exposure. */
    harmless: (id: string, paths: readonly string[], words: string): Rule => ({
      id,
      types: all,
      paths,
      effects: [],
      words,
      source,
    }),
  };
}
