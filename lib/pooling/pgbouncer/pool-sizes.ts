// How many connections each pool may open. The server's budget says how many are left; what the pooler takes is itself an item
// of that budget, so a second application added later makes the pools smaller and not the server fall over.

import type { ConnectionBudget, ConnectionConsumer, IDatabaseServer } from "../../database";
import type { SynthChecks } from "../../database/private";
import type { ResolvedEntry } from "./pool-entry";

/** The share of a server that pools take without being told: the budget warns above it. */
const SHARE_OF_SERVER = 0.8;
const UNANNOUNCED_CLIENTS = 500;
/** Room above what clients announce, so that the entry's own budget does not warn. */
const CLIENT_MARGIN = 0.8;

/** Consumers whose size is computed; two of them on one server would each take what the other leaves. */
const COMPUTED = new WeakSet<ConnectionConsumer>();

/** What the sizes of one pooler depend on. @internal */
export interface PoolSizesOptions {
  readonly path: string;
  readonly replicas: number;
  readonly entries: ResolvedEntry[];
  /** The connections that auth_query adds to each pool. */
  readonly authConnections: number;
  /** The budget of an entry's clients. */
  readonly clients: (entry: ResolvedEntry) => ConnectionBudget | undefined;
}

/**
 * The extra pods at the worst moment of a rolling update, as a share of the replicas: one that starts, and one that is ending.
 * Kubernetes does not count pods that are ending, so the deployment's minReadySeconds keeps them from piling up.
 */
export function surgeShare(replicas: number): number {
  return Math.min(1, 2 / replicas);
}

/** The sizes of the pools of one pooler. @internal */
export class PoolSizes {
  private readonly options: PoolSizesOptions;
  private readonly consumers = new Map<IDatabaseServer, ConnectionConsumer>();

  public constructor(options: PoolSizesOptions) {
    this.options = options;
    for (const server of new Set(options.entries.map((e) => e.database.server))) this.register(server);
  }

  /** The server connections of an entry in each pod. */
  public poolSize(entry: ResolvedEntry): number {
    if (entry.poolSize !== undefined) return entry.poolSize;
    const wanted = this.clientsNeeded(entry);
    const share = Math.max(1, this.shareOf(entry) ?? 1);
    return wanted === undefined ? share : Math.min(share, Math.max(1, wanted));
  }

  /** The clients that may connect to an entry at a time, over all pods. */
  public maxClients(entry: ResolvedEntry): number {
    if (entry.maxClients !== undefined) return entry.maxClients;
    const needed = this.clientsNeeded(entry);
    return needed ? Math.ceil(needed / CLIENT_MARGIN) : UNANNOUNCED_CLIENTS;
  }

  /** The clients that one pod takes: all of them, since the other pods may be away. */
  public maxClientsOfPod(): number {
    const extra = 10; // the console, the exporter and the watches
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
          `two poolers share ${server.node.path}, so each has to say how many connections it takes (${names})`,
        );
      } else if (this.left(server) === undefined) {
        checks.fail(
          "entries.poolSize",
          undefined,
          `what ${server.node.path} has left is known only to Terraform, so the size has to be given (${names})`,
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
      // Asked for when the tree stands, since what is left depends on who else connects.
      get poolMax() {
        return sum();
      },
    };
    if (mine.some((e) => e.poolSize === undefined)) COMPUTED.add(consumer);
    this.consumers.set(server, consumer);
    server.connectionBudget.add(consumer);
  }

  /** What a server has left for this pooler; not set when a number is known only to Terraform. */
  private left(server: IDatabaseServer): number | undefined {
    const budget = server.connectionBudget;
    const self = this.consumers.get(server) as ConnectionConsumer;
    // Another computed size would ask for ours; the check above reports it.
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
