// Who connects how often, for the budgets of servers and poolers. GitLab's arithmetic (docs.gitlab.com "Tune PostgreSQL"): a Puma
// worker takes its threads and 10 in reserve, a Sidekiq process its jobs, one and 10; each of them for every database that Rails
// has a connection to, also where two of those are one.

import type { DatabaseTopology } from "../topology/database-topology";
import type { GitlabReleaseProps } from "./gitlab-release-props";
import type { ResolvedPods } from "./release-pods";

const HEADROOM = 10;
// How many connections these two open is in nothing that was read, so both are estimates.
/** The chart's default of Gitaly Clusters; the connections of each pod are an estimate [inf]. */
const PRAEFECT = { replicas: 3, poolMax: 10 };
/** OpenBao's replicas, and as many connections as each may have operations at once: an estimate [inf]. */
const OPENBAO = { replicas: 2, poolMax: 7 };

/** Adds what the release's pods may open to the budgets of their databases. @internal */
export function addConnectionConsumers(
  path: string,
  topology: DatabaseTopology,
  pods: ResolvedPods,
  props: GitlabReleaseProps,
): void {
  const { webservice, sidekiq, registry } = pods;
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
      other: props.otherConnections ?? 20,
    });
  }
  const geo = topology.entry("geo");
  geo?.direct.server.connectionBudget.add({
    name: `${path} to geo`,
    replicas: webservice.maxReplicas,
    poolMax: webservice.workerProcesses * (webservice.maxThreads + HEADROOM),
    other: sidekiq.maxReplicas * (sidekiq.concurrency + 1 + HEADROOM) + 1 + HEADROOM,
  });
  topology.entry("registry")?.database.server.connectionBudget.add({
    name: `${path} registry`,
    replicas: registry.maxReplicas,
    poolMax: registry.poolMaxOpen,
    other: 1,
  });
  topology.entry("praefect")?.database.server.connectionBudget.add({ name: `${path} praefect`, ...PRAEFECT });
  topology.entry("openbao")?.direct.server.connectionBudget.add({ name: `${path} openbao`, ...OPENBAO });
}
