// Computes pool sizes from the servers' connection budgets. The pooler is a consumer of the budget itself, so an application that is
// added later makes the pools smaller instead of overloading the server.

import type { ConnectionBudget, ConnectionConsumer, IDatabaseServer } from "../../database";
import type { SynthChecks } from "../../database/private";
import type { ResolvedEntry } from "./pool-entry";

/** Share of the connection budget that computed pools use; above it, the budget warns. */
const SHARE_OF_SERVER = 0.8;
const UNANNOUNCED_CLIENTS = 500;
/** Share of the maximum that declared clients use, so that the entry's connection budget does not warn. */
const CLIENT_MARGIN = 0.8;

/** Consumers with a computed size. Two of them on one server would depend on each other. */
const COMPUTED = new WeakSet<ConnectionConsumer>();

/** Options of `PoolSizes`. @internal */
export interface PoolSizesOptions {
  readonly path: string;
  readonly replicas: number;
  readonly entries: ResolvedEntry[];
  /** Connections that auth_query adds to each pool. */
  readonly authConnections: number;
  /** Connection budget of an entry's clients. */
  readonly clients: (entry: ResolvedEntry) => ConnectionBudget | undefined;
}

/**
 * Surge during a rolling update as a share of the replicas: at most one starting and one terminating pod. Kubernetes does not count
 * terminating pods, so `minReadySeconds` of the Deployment limits them.
 */
export function surgeShare(replicas: number): number {
  return Math.min(1, 2 / replicas);
}

/** Pool sizes of one pooler. @internal */
export class PoolSizes {
  private readonly options: PoolSizesOptions;
  private readonly consumers = new Map<IDatabaseServer, ConnectionConsumer>();

  public constructor(options: PoolSizesOptions) {
    this.options = options;
    for (const server of new Set(options.entries.map((e) => e.database.server))) this.register(server);
  }

  /** Server connections of an entry per pod. */
  public poolSize(entry: ResolvedEntry): number {
    if (entry.poolSize !== undefined) return entry.poolSize;
    const wanted = this.clientsNeeded(entry);
    const share = Math.max(1, this.shareOf(entry) ?? 1);
    return wanted === undefined ? share : Math.min(share, Math.max(1, wanted));
  }

  /** Maximum client connections of an entry over all pods. */
  public maxClients(entry: ResolvedEntry): number {
    if (entry.maxClients !== undefined) return entry.maxClients;
    const needed = this.clientsNeeded(entry);
    return needed ? Math.ceil(needed / CLIENT_MARGIN) : UNANNOUNCED_CLIENTS;
  }

  /** Maximum client connections of one pod: those of all pods, since the other pods may be unavailable. */
  public maxClientsOfPod(): number {
    const extra = 10; // admin console, exporter and watches
    return this.options.entries.reduce((sum, entry) => sum + this.maxClients(entry), extra);
  }

  /** Reports sizes that cannot be computed. */
  public check(checks: SynthChecks): void {
    for (const [server, self] of this.consumers) {
      const computed = this.options.entries.filter(
        (e) => e.database.server === server && e.poolSize === undefined,
      );
      if (computed.length === 0) continue;
      const names = computed.map((e) => e.name).join(", ");
      if (server.connectionBudget.consumers.some((c) => c !== self && COMPUTED.has(c))) {
        checks.fail(
          "entries.poolSize",
          undefined,
          `must be set for ${names}: two poolers share ${server.node.path}`,
        );
      } else if (this.left(server) === undefined) {
        checks.fail(
          "entries.poolSize",
          undefined,
          `must be set for ${names}: the connection budget of ${server.node.path} is not known at synth`,
        );
      }
    }
  }

  private register(server: IDatabaseServer): void {
    const mine = this.options.entries.filter((e) => e.database.server === server);
    const { replicas, path, authConnections } = this.options;
    const sum = () => mine.reduce((total, e) => total + this.poolSize(e) + authConnections, 0);
    const consumer: ConnectionConsumer = {
      name: path,
      replicas,
      surge: surgeShare(replicas),
      // Lazy: the remaining budget depends on all other consumers.
      get poolMax() {
        return sum();
      },
    };
    if (mine.some((e) => e.poolSize === undefined)) COMPUTED.add(consumer);
    this.consumers.set(server, consumer);
    server.connectionBudget.add(consumer);
  }

  /** Connections of a server left for this pooler; not set when a number is not known at synth. */
  private left(server: IDatabaseServer): number | undefined {
    const budget = server.connectionBudget;
    const self = this.consumers.get(server) as ConnectionConsumer;
    // Another computed size would depend on this one; `check` reports it.
    if (budget.consumers.some((c) => c !== self && COMPUTED.has(c))) return undefined;
    const others = budget.neededBeside(self);
    return budget.available === undefined || others === undefined
      ? undefined
      : Math.floor(budget.available * SHARE_OF_SERVER) - others;
  }

  private shareOf(entry: ResolvedEntry): number | undefined {
    const { replicas, entries, authConnections } = this.options;
    const { server } = entry.database;
    const left = this.left(server);
    if (left === undefined) return undefined;
    const mine = entries.filter((e) => e.database.server === server);
    const pods = replicas + Math.ceil(surgeShare(replicas) * replicas - 1e-9);
    const given = mine.reduce((sum, e) => sum + (e.poolSize ?? 0) + authConnections, 0);
    const weights = mine.filter((e) => e.poolSize === undefined).reduce((sum, e) => sum + e.share, 0);
    return Math.floor(((Math.floor(left / pods) - given) * entry.share) / weights);
  }

  private clientsNeeded(entry: ResolvedEntry): number | undefined {
    const budget = this.options.clients(entry);
    return budget && budget.consumers.length > 0 ? budget.needed : undefined;
  }
}
