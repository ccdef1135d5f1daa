import { Token } from "cdktf";
import { PoolMode } from "../../database";
import type { SynthChecks } from "../../database/private";
import { isResolved } from "../../database/private";
import { STATEMENT_TIMEOUT_MS } from "./data/server-rules";
import type { GitlabDatabaseSettings, GitlabLoadBalancing } from "./database-settings";
import type { TopologyEntry } from "./topology-entry";

const MAX = 2_147_483_647;

/** Reports settings that GitLab or the driver refuses. @internal */
export function checkSettings(checks: SynthChecks, property: string, settings: GitlabDatabaseSettings): void {
  const { min, max } = STATEMENT_TIMEOUT_MS;
  const at = (name: string) => `${property}.${name}`;
  checks.wholeNumber(at("statementTimeoutMs"), settings.statementTimeoutMs, min, max, "ms");
  checks.wholeNumber(at("connectTimeoutSeconds"), settings.connectTimeoutSeconds, 2, MAX, "seconds");
  checks.wholeNumber(at("keepalivesIdleSeconds"), settings.keepalivesIdleSeconds, 0, MAX, "seconds");
  checks.wholeNumber(at("keepalivesIntervalSeconds"), settings.keepalivesIntervalSeconds, 0, MAX, "seconds");
  checks.wholeNumber(at("keepalivesCount"), settings.keepalivesCount, 0, MAX);
  checks.wholeNumber(at("tcpUserTimeoutMs"), settings.tcpUserTimeoutMs, 0, MAX, "ms");
  checks.check(
    at("applicationName"),
    settings.applicationName,
    // PostgreSQL cuts a name at 63 bytes and replaces what is not printable ASCII.
    () => /^[\x20-\x7e]{0,63}$/.test(settings.applicationName ?? ""),
    "allowed are at most 63 printable ASCII characters",
  );
  if (settings.loadBalancing) checkLoadBalancing(checks, at("loadBalancing"), settings.loadBalancing);
}

/** Reports what a pooler in front of an entry does not let through. @internal */
export function checkPooling(checks: SynthChecks, entry: TopologyEntry): void {
  const { pooling } = entry.database;
  if (!entry.settings.preparedStatements || !pooling) return;
  if (pooling.mode === PoolMode.TRANSACTION || !pooling.preparedStatements) {
    checks.fail(
      `${entry.name}.preparedStatements`,
      true,
      "behind a pooler in transaction mode GitLab runs without prepared statements; leave it false",
    );
  }
}

function checkLoadBalancing(checks: SynthChecks, property: string, balancing: GitlabLoadBalancing): void {
  const { hosts, replicas, discover } = balancing;
  const listed = (hosts?.length ?? 0) + (replicas?.length ?? 0) > 0;
  if (listed === (discover !== undefined)) {
    checks.fail(property, undefined, "give either hosts or replicas, or discover, and not both");
  }
  if (Token.isUnresolved(hosts) && replicas !== undefined) {
    checks.fail(
      `${property}.hosts`,
      hosts,
      "a list that only Terraform knows cannot be joined with replicas; give one of them",
    );
  }
  for (const host of isResolved(hosts) ? (hosts ?? []) : []) {
    checks.matches(
      `${property}.hosts`,
      host,
      /^[A-Za-z0-9]([A-Za-z0-9.:_-]*[A-Za-z0-9])?$/,
      "allowed are DNS names and addresses, without scheme",
    );
  }
  const at = (name: string) => `${property}.${name}`;
  checks.wholeNumber(
    at("maxReplicationDifferenceBytes"),
    balancing.maxReplicationDifferenceBytes,
    0,
    2 ** 53,
  );
  checks.wholeNumber(at("maxReplicationLagSeconds"), balancing.maxReplicationLagSeconds, 0, MAX, "seconds");
  checks.wholeNumber(
    at("replicaCheckIntervalSeconds"),
    balancing.replicaCheckIntervalSeconds,
    1,
    MAX,
    "seconds",
  );
  if (!discover) return;
  checks.check(
    at("discover.record"),
    discover.record,
    () => /^[A-Za-z0-9_]([A-Za-z0-9._-]*[A-Za-z0-9.])?$/.test(discover.record),
    "allowed is a DNS name, such as secondary.postgresql.service.consul",
  );
  checks.check(
    at("discover.recordType"),
    discover.recordType,
    () => ["A", "SRV"].includes(discover.recordType ?? ""),
    "allowed are A and SRV",
  );
  checks.wholeNumber(at("discover.port"), discover.port, 1, 65_535);
  checks.wholeNumber(at("discover.intervalSeconds"), discover.intervalSeconds, 1, MAX, "seconds");
  checks.wholeNumber(
    at("discover.disconnectTimeoutSeconds"),
    discover.disconnectTimeoutSeconds,
    0,
    MAX,
    "seconds",
  );
  checks.wholeNumber(at("discover.maxReplicaPools"), discover.maxReplicaPools, 1, 1000);
}
