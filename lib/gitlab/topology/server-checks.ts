// GitLab's requirements of the servers of its databases. Facts that a server does not show through the contract are not checked;
// those that are tokens become preconditions.

import { Op, type Precondition } from "cdktf";
import type { IDatabaseServer } from "../../database";
import { EngineFamily } from "../../database";
import type { SynthChecks } from "../../database/private";
import { isResolved } from "../../database/private";
import type { GitlabVersion } from "../planning/gitlab-version";
import { MIN_CONNECTIONS, MIN_MEMORY, REFUSED_SERVICES, STATEMENT_TIMEOUT_MS } from "./data/server-rules";
import { GitlabDatabaseKind, type TopologyEntry } from "./topology-entry";

/** Facts that decide the requirements. @internal */
export interface ServerDemands {
  readonly version: GitlabVersion;
  readonly geoSites: boolean;
  readonly entries: readonly TopologyEntry[];
}

/** Reports servers that GitLab refuses or that do not meet its requirements. @internal */
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

/** Preconditions for values that only Terraform knows. @internal */
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
        errorMessage: `The server of ${name} must accept at least ${MIN_CONNECTIONS} connections, as GitLab requires. Raise its max_connections.`,
      });
    }
    if (retention !== undefined && !isResolved(retention) && needsBackups(entries, demands.geoSites)) {
      conditions.push({
        condition: Op.gte(retention, 1),
        errorMessage: `The server of ${name} must keep backups for at least one day, since replicas need them.`,
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
  if (reason !== undefined) {
    checks.fail(
      `${name}.server.service`,
      server.service,
      `must be one that GitLab supports; ${reason}`,
      "server.service",
    );
  }
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
      `must be PostgreSQL ${version.postgresMinimum} to ${version.postgresMaximum}.x for GitLab ${version.version}`,
      "server.engine",
    );
  }
}

function checkBurstable(checks: SynthChecks, name: string, server: IDatabaseServer): void {
  if (server.machine?.burstable) {
    checks.warn(
      `${name}.server.machine: ${server.machine.name} is burstable (CPU credits), which GitLab advises against`,
      "server.machine.burstable",
    );
  }
}

function checkConnections(checks: SynthChecks, name: string, server: IDatabaseServer): void {
  const { maximum, basis } = server.connectionBudget.capacity ?? {};
  if (maximum === undefined || !isResolved(maximum) || maximum >= MIN_CONNECTIONS) return;
  checks.fail(
    `${name}.server.maxConnections`,
    maximum,
    `must be at least ${MIN_CONNECTIONS}, as GitLab requires; set maxConnections or take a larger machine (the limit is from ${basis})`,
    "server.maxConnections",
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
      `must be ${min} to ${max} ms, as GitLab requires`,
      "server.parameters.statement_timeout",
    );
  }
  for (const { name: parameter, kib, unitKib, label } of MIN_MEMORY) {
    const value = kibibytes(parameters[parameter], unitKib);
    if (value !== undefined && value < kib) {
      checks.fail(
        `${name}.server.parameters.${parameter}`,
        parameters[parameter],
        `must be at least ${label}, as GitLab requires`,
        `server.parameters.${parameter}`,
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
  if (days === undefined || !isResolved(days) || days >= 1) return;
  checks.fail(
    `${name}.server.backupRetentionDays`,
    days,
    "must be at least 1 day, since read replicas and Geo need backups of the primary",
    "server.backupRetentionDays",
  );
}

/** The replicas need it; a primary that switches it off passes that on where replicas inherit its parameters. */
function checkFeedback(
  checks: SynthChecks,
  name: string,
  server: IDatabaseServer,
  entries: readonly TopologyEntry[],
): void {
  const rule = "must be on with load balancing; queries on replicas are cancelled otherwise";
  const code = "server.parameters.hot_standby_feedback";
  const balanced = entries.filter((entry) => entry.settings.loadBalancing !== undefined);
  if (balanced.length === 0) return;
  const own = server.parameters?.hot_standby_feedback;
  if (own !== undefined && isResolved(own) && !isOn(own)) checks.fail(`${name}.${code}`, own, rule, code);
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
          `${rule} (replica ${isResolved(endpoint.host) ? endpoint.host : "with an address known after apply"})`,
          code,
        );
      }
    }
  }
  if (unseen) {
    checks.warn(
      `${name}.loadBalancing: hot_standby_feedback ${rule}; the parameters of some replicas are unknown here, so check them`,
      "loadBalancing.hotStandbyFeedback",
    );
  }
}

function isOn(value: string | undefined): boolean {
  return /^(on|1|true|yes)$/i.test(value ?? "");
}

// PostgreSQL's parameters carry units, or none and then a default unit of the parameter.
const MILLISECONDS: { readonly [unit: string]: number } = {
  us: 0.001,
  ms: 1,
  s: 1000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};
const KIB: { readonly [unit: string]: number } = {
  B: 1 / 1024,
  kB: 1,
  MB: 1024,
  GB: 1024 ** 2,
  TB: 1024 ** 3,
};

/**
 * A duration in milliseconds; undefined for a token or a formula of the cloud's.
 *
 * @param value such as `15000`, `15s` or `1min`; without a unit it is milliseconds.
 */
function milliseconds(value: string | undefined): number | undefined {
  return quantity(value, MILLISECONDS, 1);
}

/**
 * An amount of memory in KiB; undefined for a token or a formula of the cloud's.
 *
 * @param value such as `16384`, `16MB` or `2GB`.
 * @param unitKib default unit of the parameter: 1 for most parameters, 8 for `shared_buffers`.
 */
function kibibytes(value: string | undefined, unitKib: number): number | undefined {
  return quantity(value, KIB, unitKib);
}

function quantity(
  value: string | undefined,
  units: { readonly [unit: string]: number },
  none: number,
): number | undefined {
  if (value === undefined || !isResolved(value)) return undefined;
  const match = /^\s*(-?\d+(?:\.\d+)?)\s*([A-Za-z]*)\s*$/.exec(value);
  if (!match) return undefined;
  const factor = match[2] === "" ? none : units[match[2] as string];
  return factor === undefined ? undefined : Number(match[1]) * factor;
}
