/** Pairs of resources, before and after, of which a rule of the review holds: the table that real plans are made from. */

/** Arguments of a resource; blocks as in Terraform's JSON. */
export type Arguments = Record<string, unknown>;

/** A resource in two versions of a stack, and what Terraform and the review have to make of it. */
export interface RulePair {
  readonly type: string;
  /** Absent for a resource that is created. */
  readonly before?: Arguments;
  /** Absent for a resource that is destroyed or forgotten. */
  readonly after?: Arguments;
  readonly action: "create" | "update" | "replace" | "destroy" | "forget";
  /** The rules that have to hold, without the harmless ones. */
  readonly rules: readonly string[];
}

/** The pairs of a resource type. */
export class PairsOf {
  public readonly pairs: RulePair[] = [];

  /** @param base arguments that both versions have */
  public constructor(
    private readonly type: string,
    private readonly base: Arguments,
  ) {}

  public update(rules: string, before: Arguments, after: Arguments): this {
    return this.add("update", rules, before, after);
  }

  public replace(rules: string, before: Arguments, after: Arguments): this {
    return this.add("replace", rules, before, after);
  }

  public destroy(rules: string, before: Arguments = {}): this {
    return this.add("destroy", rules, before, undefined);
  }

  public forget(rules: string): this {
    return this.add("forget", rules, {}, undefined);
  }

  public create(rules: string, after: Arguments): this {
    return this.add("create", rules, undefined, after);
  }

  /** A replacement for each argument: a value before, and another one after. */
  public replacedBy(rules: string, before: Arguments, after: Arguments): this {
    for (const name of Object.keys(after)) this.replace(rules, before, { ...before, [name]: after[name] });
    return this;
  }

  private add(
    action: RulePair["action"],
    rules: string,
    before: Arguments | undefined,
    after: Arguments | undefined,
  ): this {
    const whole = (own: Arguments | undefined) => (own === undefined ? undefined : merged(this.base, own));
    this.pairs.push({
      type: this.type,
      action,
      rules: rules.split(" ").filter(Boolean),
      before: whole(before),
      after: whole(after),
    });
    return this;
  }
}

/** Arguments of one level over the base; blocks that both have are merged, and `undefined` leaves an argument out. */
function merged(base: Arguments, own: Arguments): Arguments {
  const result: Arguments = { ...base };
  for (const [name, value] of Object.entries(own)) {
    if (value === undefined) delete result[name];
    else result[name] = isBlock(value) && isBlock(base[name]) ? merged(base[name], value) : value;
  }
  return result;
}

function isBlock(value: unknown): value is Arguments {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
