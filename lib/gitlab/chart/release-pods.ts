// Pods of a release and the database connections that they open. The chart scales by itself, so its upper limits count.

import type { HelmValues } from "../../kubernetes";
import type { GitlabSize } from "../planning/gitlab-size";
import type { GitlabReleaseProps, ResolvedReleaseProps } from "./gitlab-release-props";

/** Limits of a horizontal pod autoscaler. */
export interface GitlabPods {
  /** Minimum number of pods, at least 1. @default - the size's, else the chart's: 2 for webservice and registry, 1 for Sidekiq */
  readonly minReplicas?: number;
  /** Maximum number of pods, at least 1; the databases must accept their connections. @default - the size's, else the chart's: 10 */
  readonly maxReplicas?: number;
}

/**
 * Webservice pods.
 *
 * @see https://docs.gitlab.com/charts/charts/gitlab/webservice/
 */
export interface GitlabWebservicePods extends GitlabPods {
  /** Puma workers of a pod, at least 1 (`workerProcesses`). @default - the size's four, else the chart's: 2 */
  readonly workerProcesses?: number;
  /** Maximum number of threads of a Puma worker, at least 1 (`puma.threads.max`). @default 4 */
  readonly maxThreads?: number;
}

/**
 * Sidekiq pods, for background jobs.
 *
 * @see https://docs.gitlab.com/charts/charts/gitlab/sidekiq/
 */
export interface GitlabSidekiqPods extends GitlabPods {
  /** Concurrent jobs of a pod, at least 1 (`concurrency`). @default 20 */
  readonly concurrency?: number;
}

/**
 * Pods of the container registry.
 *
 * @see https://docs.gitlab.com/charts/charts/registry/
 */
export interface GitlabRegistryPods extends GitlabPods {
  /** Maximum number of connections of a pod to the registry's database, at least 1 (`database.pool.maxopen`). @default 10 */
  readonly poolMaxOpen?: number;
}

/** A webservice pod has four workers in the reference architectures (cloud_native.md). */
const WORKERS_PER_POD = 4;
/** Connections in reserve of each process (`DB_POOL_HEADROOM`). */
const HEADROOM = 10;
// The connections of these two are documented nowhere, so both are estimates.
/** Default of the chart for Gitaly Clusters; the connections of each pod are an estimate [inf]. */
const PRAEFECT = { replicas: 3, poolMax: 10 };
/** Replicas of OpenBao, with as many connections as each may have concurrent operations: an estimate [inf]. */
const OPENBAO = { replicas: 2, poolMax: 7 };

/** Pods with all defaults filled in. @internal */
export interface ResolvedPods {
  readonly webservice: Required<GitlabPods> & {
    readonly workerProcesses: number;
    readonly maxThreads: number;
  };
  readonly sidekiq: Required<GitlabPods> & { readonly concurrency: number };
  readonly registry: Required<GitlabPods> & { readonly poolMaxOpen: number };
}

/** Fills in the numbers of the size and the chart. @internal */
export function resolvePods(props: GitlabReleaseProps): ResolvedPods {
  const { size, webservice, sidekiq, registry } = props;
  const webPods = size && Math.max(1, Math.ceil(size.webserviceWorkers / WORKERS_PER_POD));
  return {
    webservice: {
      ...range(webservice, webPods, 2),
      workerProcesses: webservice?.workerProcesses ?? (size ? workersOf(size) : 2),
      maxThreads: webservice?.maxThreads ?? 4,
    },
    sidekiq: {
      ...range(sidekiq, size && Math.max(1, size.sidekiqProcesses), 1),
      concurrency: sidekiq?.concurrency ?? 20,
    },
    registry: { ...range(registry, undefined, 2), poolMaxOpen: registry?.poolMaxOpen ?? 10 },
  };
}

function workersOf(size: GitlabSize): number {
  return Math.min(WORKERS_PER_POD, size.webserviceWorkers);
}

function range(
  given: GitlabPods | undefined,
  most: number | undefined,
  fewest: number,
): Required<GitlabPods> {
  const maxReplicas = given?.maxReplicas ?? most ?? 10;
  // A token is a huge negative number and is passed on unchanged.
  const minReplicas = given?.minReplicas ?? (maxReplicas > 0 ? Math.min(fewest, maxReplicas) : fewest);
  return { minReplicas, maxReplicas };
}

/** Values of the subcharts. @internal */
export function podValues({ webservice, sidekiq, registry }: ResolvedPods): HelmValues {
  const { maxThreads, ...web } = webservice;
  const { poolMaxOpen, ...registryPods } = registry;
  return {
    gitlab: {
      webservice: { ...web, puma: { threads: { min: maxThreads, max: maxThreads } } },
      sidekiq,
    },
    registry: { hpa: registryPods },
  };
}

/**
 * Adds the connections of the pods to the budgets of servers and poolers. GitLab's arithmetic ("Tune PostgreSQL"): a Puma worker
 * opens its threads and 10 in reserve, a Sidekiq process its jobs, one, and 10; each of them for every database to which Rails has
 * a connection, also where two of those are one. @internal
 *
 * @see https://docs.gitlab.com/administration/postgresql/tune/
 */
export function addConnectionConsumers(
  path: string,
  { webservice, sidekiq, registry }: ResolvedPods,
  { topology, otherConnections }: ResolvedReleaseProps,
): void {
  for (const { name, database, direct } of topology.rails) {
    const budget = database.server.connectionBudget;
    budget.add({
      name: `${path} webservice to ${name}`,
      replicas: webservice.maxReplicas,
      poolMax: webservice.workerProcesses * (webservice.maxThreads + HEADROOM),
    });
    budget.add({
      name: `${path} sidekiq to ${name}`,
      replicas: sidekiq.maxReplicas,
      poolMax: sidekiq.concurrency + 1 + HEADROOM,
    });
    // Past the pooler, where there is one.
    direct.server.connectionBudget.add({
      name: `${path} migrations and toolbox to ${name}`,
      replicas: 0,
      poolMax: 1,
      other: otherConnections ?? 20,
    });
  }
  topology.geo?.direct.server.connectionBudget.add({
    name: `${path} to geo`,
    replicas: webservice.maxReplicas,
    poolMax: webservice.workerProcesses * (webservice.maxThreads + HEADROOM),
    other: sidekiq.maxReplicas * (sidekiq.concurrency + 1 + HEADROOM) + 1 + HEADROOM,
  });
  topology.registry?.database.server.connectionBudget.add({
    name: `${path} registry`,
    replicas: registry.maxReplicas,
    poolMax: registry.poolMaxOpen,
    other: 1,
  });
  topology.praefect?.database.server.connectionBudget.add({ name: `${path} praefect`, ...PRAEFECT });
  topology.openbao?.direct.server.connectionBudget.add({ name: `${path} openbao`, ...OPENBAO });
}
