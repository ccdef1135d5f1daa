// Each application adds the connections that it may open; the sum must not exceed the maximum of the server. Coder's rule of thumb
// (replicas times pool under max_connections) misses the additional pods of a rolling update, the connections outside the pool and
// the other clients of the server.

import { Lazy, Op, type Precondition } from "cdktf";
import type { IConstruct } from "constructs";
import { isResolved } from "../private/is-resolved";
import { SynthChecks } from "../private/synth-checks";
import { terraformCall } from "../private/terraform-expression";
import type { ConnectionCapacity } from "./connection-capacity";
import { DEFAULT_SURGE, peakConnections } from "./peak-connections";

/** An application that opens connections to a server. */
export interface ConnectionConsumer {
  /** Name for messages, such as a construct path. */
  readonly name: string;
  /** Number of processes or pods outside of updates; may be a token. */
  readonly replicas: number;
  /**
   * Share of additional pods during a rolling update (`maxSurge`), from 0 to 1; may be a token.
   * @default 0.25 (the Kubernetes default of maxSurge)
   */
  readonly surge?: number;
  /** Maximum pool size of a replica, 1 or more; may be a token. */
  readonly poolMax: number;
  /** Connections of each replica outside the pool, such as LISTEN; may be a token. @default 0 */
  readonly listeners?: number;
  /** Additional connections: migrations, monitoring, interactive use; may be a token. @default 0 */
  readonly other?: number;
}

const WARN_SHARE = 0.8;
const MAX_NUMBER = 1_000_000;

/**
 * Connections that all consumers of a server may open, compared with the maximum of the server. The peak is during a rolling update:
 * `(replicas + ceil(surge x replicas)) x (poolMax + listeners) + other` for each consumer. Pods that are shutting down are not
 * counted.
 */
export class ConnectionBudget {
  /** Maximum of the server; not set if it is not known. */
  public readonly capacity?: ConnectionCapacity;
  private readonly list: ConnectionConsumer[] = [];

  /**
   * @param scope the server to which the budget belongs; messages carry its path.
   * @param subject first part of the ids of refusals, such as `RDS`.
   * @param capacity the maximum of the server; not set if it is not known, which causes a warning if there are consumers.
   */
  public constructor(scope: IConstruct, subject: string, capacity?: ConnectionCapacity) {
    this.capacity = capacity;
    const checks = new SynthChecks(scope, subject);
    checks.whenComplete(() => this.check(checks));
  }

  /** The applications that connect. */
  public get consumers(): ConnectionConsumer[] {
    return [...this.list];
  }

  /**
   * Adds an application that connects.
   *
   * @param consumer its replicas and pool; checked at synth.
   */
  public add(consumer: ConnectionConsumer): void {
    this.list.push(consumer);
  }

  /** Peak number of connections of all consumers; not set if a number is not known at synth. */
  public get needed(): number | undefined {
    return this.list.every(isResolved) ? sum(this.list) : undefined;
  }

  /**
   * Peak number of connections of all other consumers; not set if a number is not known at synth. For a consumer that uses the
   * remaining connections, such as a pooler.
   *
   * @param consumer the consumer that is not counted.
   */
  public neededBeside(consumer: ConnectionConsumer): number | undefined {
    const others = this.list.filter((each) => each !== consumer);
    return others.every(isResolved) ? sum(others) : undefined;
  }

  /**
   * Connections available to consumers; not set if the maximum is not known at synth. A limit in force that only Terraform knows
   * (`ConnectionCapacity.inForce`) is compared by the preconditions.
   */
  public get available(): number | undefined {
    if (!this.capacity) return undefined;
    const { maximum, reserved, inForce } = this.capacity;
    if (!isResolved([maximum, reserved])) return undefined;
    return Math.min(maximum, inForce !== undefined && isResolved(inForce) ? inForce : maximum) - reserved;
  }

  /**
   * Precondition that checks the budget if a number is known only at apply, for the `lifecycle` of the resource that starts a
   * consumer. It is rendered at synth, with the consumers that were added until then in any order, and renders nothing if the check
   * is made at synth.
   */
  public preconditions(): Precondition[] {
    // An element that resolves to undefined is left out of the list. CDKTF does not convert the names of a lazy value's keys.
    const lazy = Lazy.anyValue({ produce: () => this.rendered() });
    return this.capacity ? [lazy as unknown as Precondition] : [];
  }

  private rendered(): { condition: unknown; error_message: string } | undefined {
    const { capacity } = this;
    if (!capacity || this.list.length === 0) return undefined;
    if (isResolved(capacity) && this.list.every(isResolved)) return undefined;
    const { maximum, reserved, inForce, pending } = capacity;
    const limit = inForce === undefined ? maximum : terraformCall("min", maximum, inForce);
    const wait =
      inForce === undefined
        ? ""
        : ` A changed maximum counts when it is in force${pending ? `; ${pending}` : ""}.`;
    return {
      condition: Op.lte(plus(this.neededExpression(), reserved), limit),
      error_message: `The applications may open more connections than the server accepts (${this.list.map((c) => c.name).join(", ")}). Reduce their pools or replicas, use a larger machine or set the server's maxConnections, or put a pooler in front.${wait}`,
    };
  }

  private neededExpression(): unknown {
    const known = this.list.filter(isResolved);
    return this.list
      .filter((c) => !isResolved(c))
      .reduce<unknown>((total, c) => plus(total, worstCaseExpression(c)), sum(known));
  }

  private check(checks: SynthChecks): void {
    if (this.list.length === 0 || !this.list.every((c) => isLegal(checks, c))) return;
    if (!this.capacity) {
      checks.warn(
        "connectionBudget: the maximum number of connections is not known, so it was not checked; set maxConnections",
        "connectionBudget.unknown",
      );
      return;
    }
    const { available } = this;
    if (available === undefined) return;
    // Consumers whose numbers are known only at apply add to this sum, so it is a lower bound.
    const known = this.list.filter(isResolved);
    const needed = sum(known);
    const detail = known.map((c) => `${c.name} ${peakConnections(c)}`).join(", ");
    if (needed > available) {
      const { maximum, reserved, basis, pending } = this.capacity;
      const limit = available + reserved;
      const from =
        limit < maximum ? `in force, before ${maximum}, ${basis}${pending ? `: ${pending}` : ""}` : basis;
      checks.fail(
        "connectionBudget",
        needed,
        `must be at most ${Math.max(available, 0)} connections, ${limit} (${from}) less ${reserved} reserved; peak connections during a rolling update: ${detail}. Reduce replicas or pools, use a larger size or set maxConnections, or put a pooler in front`,
      );
    } else if (needed > available * WARN_SHARE) {
      checks.warn(
        `connectionBudget: ${Math.round((needed / available) * 100)} % of the connections are in use at peak: ${needed} of ${available} (${detail})`,
        "connectionBudget.peak",
      );
    }
  }
}

function sum(consumers: ConnectionConsumer[]): number {
  return consumers.reduce((total, c) => total + peakConnections(c), 0);
}

function worstCaseExpression({ replicas, surge, poolMax, listeners, other }: ConnectionConsumer): unknown {
  const extra = surge === 0 ? 0 : terraformCall("ceil", Op.mul(replicas, surge ?? DEFAULT_SURGE));
  return plus(Op.mul(plus(replicas, extra), plus(poolMax, listeners ?? 0)), other ?? 0);
}

// CDKTF writes an operator's right side as "undefined" when it is 0.
function plus(a: unknown, b: unknown): unknown {
  return b === 0 ? a : a === 0 ? b : Op.add(a, b);
}

/** Reports invalid numbers, such as NaN: a sum with one of them would pass or fail by accident. */
function isLegal(checks: SynthChecks, consumer: ConnectionConsumer): boolean {
  const { name, replicas, surge, poolMax, listeners, other } = consumer;
  const whole = (value: number | undefined, min: number) =>
    value === undefined ||
    !isResolved(value) ||
    (Number.isInteger(value) && value >= min && value <= MAX_NUMBER);
  const share = surge === undefined || !isResolved(surge) || (surge >= 0 && surge <= 1);
  checks.wholeNumber(`replicas of ${name}`, replicas, 0, MAX_NUMBER);
  checks.check(`surge of ${name}`, surge, () => share, "must be a number from 0 to 1");
  checks.wholeNumber(`poolMax of ${name}`, poolMax, 1, MAX_NUMBER);
  checks.wholeNumber(`listeners of ${name}`, listeners, 0, MAX_NUMBER);
  checks.wholeNumber(`other of ${name}`, other, 0, MAX_NUMBER);
  return whole(replicas, 0) && share && whole(poolMax, 1) && whole(listeners, 0) && whole(other, 0);
}
