// How many pods there may be, and so how many connections the databases have to carry. The chart scales by itself, so its upper
// limits count.

import type { HelmValues } from "../../kubernetes";
import type { GitlabSize } from "../planning/gitlab-size";
import type { GitlabPods, GitlabReleaseProps } from "./gitlab-release-props";

/** A pod of webservice has four workers in the reference architectures (cloud_native.md). */
const WORKERS_PER_POD = 4;

/** The numbers after defaults. @internal */
export interface ResolvedPods {
  readonly webservice: Required<GitlabPods> & {
    readonly workerProcesses: number;
    readonly maxThreads: number;
  };
  readonly sidekiq: Required<GitlabPods> & { readonly concurrency: number };
  readonly registry: Required<GitlabPods> & { readonly poolMaxOpen: number };
}

/** Fills in the size's and the chart's numbers. @internal */
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
  // A token is a huge negative number: it is taken as it is.
  const minReplicas = given?.minReplicas ?? (maxReplicas > 0 ? Math.min(fewest, maxReplicas) : fewest);
  return { minReplicas, maxReplicas };
}

/** The subcharts' values. @internal */
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
