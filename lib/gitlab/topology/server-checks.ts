// What GitLab asks of the servers under its databases. A server shows what it knows of itself through the contract; what it does
// not show is not judged, and what is a token becomes a precondition.

import { Op, type Precondition } from "cdktf";
import type { IDatabaseServer } from "../../database";
import { EngineFamily } from "../../database";
import type { SynthChecks } from "../../database/private";
import { isResolved } from "../../database/private";
import { kibibytes, milliseconds } from "../chart/postgres-quantity";
import type { GitlabVersion } from "../planning/gitlab-version";
import { MIN_CONNECTIONS, MIN_MEMORY, REFUSED_SERVICES, STATEMENT_TIMEOUT_MS } from "./data/server-rules";
import { GitlabDatabaseKind, type TopologyEntry } from "./topology-entry";

/** What decides what is asked of a server. @internal */
export interface ServerDemands {
  readonly version: GitlabVersion;
  readonly geoSites: boolean;
  readonly entries: readonly TopologyEntry[];
}

/** Reports servers that GitLab refuses or that do not carry it. @internal */
export function checkServers(checks: SynthChecks, demands: ServerDemands): void {
  for (const { server, entries } of byServer(demands.entries)) {
    if (server.engine.family !== EngineFamily.POSTGRES) continue;
    const name = entries.map((entry) => entry.name).join(", ");
    checkService(checks, name, server);
    if (entries.some((entry) => entry.kind === GitlabDatabaseKind.COMPONENT || isRails(entry))) {
      checkBurstable(checks, name, server);
    }
    if (entries.some(isVersioned)) checkPostgres(checks, name, server, demands.version);
    if (!entries.some(isRails)) continue;
    checkConnections(checks, name, server);
    checkParameters(checks, name, server);
    checkBackups(checks, name, server, entries, demands.geoSites);
    checkFeedback(checks, name, server, entries);
  }
}

/** What only Terraform can check of the servers. @internal */
export function serverPreconditions(demands: ServerDemands): Precondition[] {
  return byServer(demands.entries).flatMap(({ server, entries }) => {
    if (!entries.some(isRails)) return [];
    const name = entries.map((entry) => entry.name).join(", ");
    const maximum = server.connectionBudget.capacity?.maximum;
    const retention = server.backupRetentionDays;
    const conditions: Precondition[] = [];
    if (maximum !== undefined && !isResolved(maximum)) {
      conditions.push({
        condition: Op.gte(maximum, MIN_CONNECTIONS),
        errorMessage: `The server of ${name} takes fewer connections than the ${MIN_CONNECTIONS} that GitLab requires. Raise its max_connections.`,
      });
    }
    if (retention !== undefined && !isResolved(retention) && needsBackups(entries, demands.geoSites)) {
      conditions.push({
        condition: Op.gte(retention, 1),
        errorMessage: `The server of ${name} keeps no backups, and replicas need them. Keep at least one day.`,
      });
    }
    return conditions;
  });
}

function isRails(entry: TopologyEntry): boolean {
  return entry.kind === GitlabDatabaseKind.RAILS;
}

/** Rails and Geo follow GitLab's table of versions; components have their own requirements. */
function isVersioned(entry: TopologyEntry): boolean {
  return entry.kind !== GitlabDatabaseKind.COMPONENT;
}

function byServer(entries: readonly TopologyEntry[]) {
  const servers = new Map<IDatabaseServer, TopologyEntry[]>();
  for (const entry of entries) {
    const { server } = entry.direct;
    servers.set(server, [...(servers.get(server) ?? []), entry]);
  }
  return [...servers].map(([server, own]) => ({ server, entries: own }));
}

function checkService(checks: SynthChecks, name: string, server: IDatabaseServer): void {
  const reason = server.service === undefined ? undefined : REFUSED_SERVICES[server.service];
  if (reason !== undefined) checks.fail(`${name}.server.service`, server.service, reason);
}

function checkPostgres(
  checks: SynthChecks,
  name: string,
  server: IDatabaseServer,
  version: GitlabVersion,
): void {
  const { engine } = server;
  // Without GitLab's line there is no table to compare with; the version itself was reported.
  if (!version.known || !isResolved(engine.version)) return;
  const [major = Number.NaN, minor] = engine.version.split(".").map(Number);
  const [oldest = 0, oldestMinor = 0] = version.postgresMinimum.split(".").map(Number);
  const tooOld = major < oldest || (major === oldest && minor !== undefined && minor < oldestMinor);
  if (tooOld || !(major <= version.postgresMaximum)) {
    checks.fail(
      `${name}.server.engine`,
      engine.label,
      `GitLab ${version.version} takes PostgreSQL ${version.postgresMinimum} to ${version.postgresMaximum}.x`,
    );
  }
}

function checkBurstable(checks: SynthChecks, name: string, server: IDatabaseServer): void {
  if (server.machine?.burstable) {
    checks.warn(
      `${name}: the server runs on ${server.machine.name}, on CPU credits, which GitLab advises against`,
    );
  }
}

function checkConnections(checks: SynthChecks, name: string, server: IDatabaseServer): void {
  const { capacity } = server.connectionBudget;
  checks.check(
    `${name}.server.maxConnections`,
    capacity?.maximum,
    () => (capacity?.maximum ?? 0) >= MIN_CONNECTIONS,
    `GitLab requires at least ${MIN_CONNECTIONS} (it is ${capacity?.basis}); set maxConnections or take a larger machine`,
  );
}

function checkParameters(checks: SynthChecks, name: string, server: IDatabaseServer): void {
  const { parameters = {} } = server;
  const timeout = milliseconds(parameters.statement_timeout);
  const { min, max } = STATEMENT_TIMEOUT_MS;
  if (timeout !== undefined && !(timeout >= min && timeout <= max)) {
    checks.fail(
      `${name}.server.parameters.statement_timeout`,
      parameters.statement_timeout,
      `GitLab requires ${min} to ${max} ms`,
    );
  }
  for (const { name: parameter, kib, unitKib, label } of MIN_MEMORY) {
    const value = kibibytes(parameters[parameter], unitKib);
    if (value !== undefined && value < kib) {
      checks.fail(
        `${name}.server.parameters.${parameter}`,
        parameters[parameter],
        `GitLab requires at least ${label}`,
      );
    }
  }
}

function needsBackups(entries: readonly TopologyEntry[], geoSites: boolean): boolean {
  return geoSites || entries.some((entry) => entry.settings.loadBalancing !== undefined);
}

function checkBackups(
  checks: SynthChecks,
  name: string,
  server: IDatabaseServer,
  entries: readonly TopologyEntry[],
  geoSites: boolean,
): void {
  if (!needsBackups(entries, geoSites)) return;
  const days = server.backupRetentionDays;
  checks.check(
    `${name}.server.backupRetentionDays`,
    days,
    () => (days ?? 0) >= 1,
    "read replicas and Geo need backups on the primary: at least 1 day",
  );
}

/** The replicas are what needs it; a primary that switches it off hands that on where replicas take over its parameters. */
function checkFeedback(
  checks: SynthChecks,
  name: string,
  server: IDatabaseServer,
  entries: readonly TopologyEntry[],
): void {
  const rule =
    "with load balancing every replica needs hot_standby_feedback = on: queries there are cancelled otherwise";
  const balanced = entries.filter((entry) => entry.settings.loadBalancing !== undefined);
  if (balanced.length === 0) return;
  const own = server.parameters?.hot_standby_feedback;
  checks.check(`${name}.server.parameters.hot_standby_feedback`, own, () => isOn(own), rule);
  let unseen = false;
  for (const { name: entry, settings } of balanced) {
    const { replicas = [], hosts = [], discover } = settings.loadBalancing ?? {};
    const described = replicas.map(({ endpoint }) => endpoint.host);
    unseen ||=
      hosts.some((host) => !described.includes(host)) ||
      discover !== undefined ||
      replicas.some((r) => r.parameters === undefined);
    for (const { endpoint, parameters } of replicas) {
      if (parameters === undefined) continue;
      const value = parameters.hot_standby_feedback;
      if (value === undefined || (isResolved(value) && !isOn(value))) {
        checks.fail(
          `${entry}.loadBalancing.replicas.parameters.hot_standby_feedback`,
          value,
          `${rule} (${isResolved(endpoint.host) ? endpoint.host : "a replica whose address is known later"})`,
        );
      }
    }
  }
  if (unseen) checks.warn(`${name}: ${rule}; the parameters of some replicas are not known here`);
}

function isOn(value: string | undefined): boolean {
  return /^(on|1|true|yes)$/i.test(value ?? "");
}
