// Rails' own names of what is said of read replicas (config/database.yml, `load_balancing`): chart and package hand it on as it is.

import type { GitlabLoadBalancing } from "../topology/database-settings";

/** The map; what is not set is undefined in it, and whoever writes it leaves that out. @internal */
export function loadBalancingKeys({ hosts, discover, ...limits }: GitlabLoadBalancing) {
  return {
    hosts,
    discover: discover && {
      record: discover.record,
      nameserver: discover.nameserver,
      record_type: discover.recordType,
      port: discover.port,
      interval: discover.intervalSeconds,
      disconnect_timeout: discover.disconnectTimeoutSeconds,
      use_tcp: discover.useTcp,
      max_replica_pools: discover.maxReplicaPools,
    },
    max_replication_difference: limits.maxReplicationDifferenceBytes,
    max_replication_lag_time: limits.maxReplicationLagSeconds,
    replica_check_interval: limits.replicaCheckIntervalSeconds,
  };
}
