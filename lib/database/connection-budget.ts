// Each application says how many connections it may open; together they must fit the server. Coder's rule of thumb
// (replicas times pool under max_connections) misses the pods of a rolling update, the connections outside the pool
// and the other users of the server, and is found out at night.

import { Fn, Lazy, Op, type Precondition } from "cdktf";
import type { ConnectionCapacity } from "./connection-capacity";
import { isKnown } from "./known";
import type { SynthChecks } from "./synth-checks";

/** Something that opens connections to a server. */
export interface ConnectionConsumer {
  /** Who it is, for messages; best a construct path. */
  readonly name: string;
  /** The number of processes or pods, in steady state; may be a token. */
  readonly replicas: number;
  /** The share of extra pods that a rolling update starts, from 0 to 1. @default 0.25 (the Kubernetes default of maxSurge) */
  readonly surge?: number;
  /** The largest number of connections in one replica's pool; may be a token. */
  readonly poolMax: number;
  /** The connections that each replica keeps outside the pool, such as LISTEN. @default 0 */
  readonly listeners?: number;
  /** Connections beside the replicas: migrations, monitoring, people. @default 0 */
  readonly other?: number;
}

const WARN_SHARE = 0.8;
const DEFAULT_SURGE = 0.25;

/** The sum of what all consumers of a server may open, against what the server takes. */
export class ConnectionBudget {
  /** What the server takes; not set when nobody knows. */
  public readonly capacity?: ConnectionCapacity;
  private readonly list: ConnectionConsumer[] = [];

  /**
   * @param checks reports for the server to which the budget belongs.
   * @param capacity what the server takes; not set when it is not known, which warns as soon as somebody connects.
   */
  public constructor(checks: SynthChecks, capacity: ConnectionCapacity | undefined) {
    this.capacity = capacity;
    checks.whenComplete(() => this.check(checks));
  }

  /** Who connects. */
  public get consumers(): ConnectionConsumer[] {
    return [...this.list];
  }

  /** Adds somebody who connects. */
  public add(consumer: ConnectionConsumer): void {
    this.list.push(consumer);
  }

  /** The connections that all consumers may open at the worst moment; not set when a number is not known at synth. */
  public get needed(): number | undefined {
    return this.list.every(isKnown) ? this.list.reduce((sum, c) => sum + worstCase(c), 0) : undefined;
  }

  /** The connections that are there for consumers; not set when a number is not known at synth. */
  public get available(): number | undefined {
    return this.capacity && isKnown(this.capacity)
      ? this.capacity.maximum - this.capacity.reserved
      : undefined;
  }

  /**
   * The check for Terraform, when a number is known only there; none when the check was made at synth.
   * For the `lifecycle` of the resource that starts the consumers.
   */
  public preconditions(): Precondition[] {
    const { capacity } = this;
    if (!capacity || (isKnown(capacity) && this.list.every(isKnown))) return [];
    return [
      {
        condition: Lazy.anyValue({
          produce: () => Op.lte(this.neededExpression(), Op.sub(capacity.maximum, capacity.reserved)),
        }),
        errorMessage: `The applications may open more connections than the server takes (${this.list.map((c) => c.name).join(", ")}). Lower their pools or replicas, take a larger machine or set the server's maxConnections, or put a pooler in front.`,
      },
    ];
  }

  private neededExpression(): unknown {
    return this.list.reduce<unknown>((sum, c) => {
      const pods = isKnown(c.replicas)
        ? worstReplicas(c)
        : Op.add(c.replicas, Fn.ceil(Op.mul(c.replicas, c.surge ?? DEFAULT_SURGE) as unknown as number));
      const perPod = isKnown(c.poolMax)
        ? c.poolMax + (c.listeners ?? 0)
        : Op.add(c.poolMax, c.listeners ?? 0);
      return Op.add(sum, Op.add(Op.mul(pods, perPod), c.other ?? 0));
    }, 0);
  }

  private check(checks: SynthChecks): void {
    if (this.list.length === 0) return;
    if (!this.capacity) {
      checks.warn(
        "the connections that the server takes are not known, so the connection budget was not checked; set maxConnections",
      );
      return;
    }
    const { needed, available } = this;
    if (needed === undefined || available === undefined) return;
    const detail = this.list.map((c) => `${c.name} ${worstCase(c)}`).join(", ");
    if (needed > available) {
      const { maximum, reserved, basis } = this.capacity;
      checks.fail(
        "connection budget",
        needed,
        `the server takes ${maximum} (${basis}) less ${reserved} reserved, so ${available}; needed at the worst moment of a ` +
          `rolling update: ${detail}. Three ways out: lower the replicas or pools; take a larger size or set maxConnections; put a pooler in front`,
      );
    } else if (needed > available * WARN_SHARE) {
      checks.warn(
        `the connection budget is used to ${Math.round((needed / available) * 100)} %: ${needed} of ${available} (${detail})`,
      );
    }
  }
}

function worstReplicas(consumer: ConnectionConsumer): number {
  return consumer.replicas + Math.ceil((consumer.surge ?? DEFAULT_SURGE) * consumer.replicas);
}

function worstCase(consumer: ConnectionConsumer): number {
  return worstReplicas(consumer) * (consumer.poolMax + (consumer.listeners ?? 0)) + (consumer.other ?? 0);
}
