// A finding: an effect of a planned change that a reviewer has to know.

/** Effect of one change of a plan. Holds no values except those of `change`, which come from an allow-list of attributes. */
export interface Finding {
  /** Stable id of this finding in this plan, `<rule>:<address>` and for an attribute `:<path>`; named to accept it. */
  readonly id: string;
  /** Stable id of the rule, such as `RDS-BACKUPS-OFF`. */
  readonly rule: string;
  /** Terraform address of the resource. */
  readonly address: string;
  /** Terraform resource type. */
  readonly type: string;
  /**
   * `create`, `update`, `replace`, `replace-and-forget` (the old object stays, outside Terraform), `destroy` or `forget`; `drift` for a change
   * that was made outside Terraform, of a plan of the option `-refresh-only`.
   */
  readonly action: string;
  /**
   * The attribute and, where the allow-list has it, its values: `multi_az true -> false`; of a replacement or destruction, its reason.
   * @default - not in the plan
   */
  readonly change?: string;
  /**
   * Effects, the worst first: `data-loss`, `backup-loss`, `exposure`, `outage`, `failure`, `weaker`, `unknown`, `irreversible`, `slow`, `cost`.
   */
  readonly effects: readonly string[];
  /** `now`, `maintenance window`, `next restart`, `next destroy`, `next failure of a zone`, `next apply` or `later`. */
  readonly when: string;
  /** The effect in words. */
  readonly words: string;
  /** Next step. */
  readonly next: string;
  /** `known`, or `likely` if the source is not verified or the effect depends on more than the plan shows. */
  readonly certainty: string;
  /** URL, or the provider's file and version. @default - derived from the plan itself */
  readonly source?: string;
  /** Addresses of resources that the effect reaches through references, applications first. */
  readonly affected: readonly string[];
  /** Reason from the accepted findings. @default - not accepted */
  readonly accepted?: string;
}

/** Change of a resource, without its effect. */
export interface ResourceChange {
  /** Terraform address of the resource. */
  readonly address: string;
  /** Terraform resource type. */
  readonly type: string;
  /** The type in words, such as "RDS DB instance". */
  readonly kind: string;
  /** `create`, `update`, `replace`, `replace-and-forget` (the old object stays, outside Terraform), `destroy` or `forget`. */
  readonly action: string;
  /** Why Terraform replaces or destroys the resource. @default - not in the plan */
  readonly reason?: string;
  /** Attributes that change in place, with values from the allow-list. */
  readonly attributes: readonly string[];
}
