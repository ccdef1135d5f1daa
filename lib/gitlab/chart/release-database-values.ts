// `global.psql` and its relatives. Shapes: the chart's templates (8.3.0; the 10.x line as far as stored), rendered by hand.
//
// - An entry gets the top level overlaid with `main`, then its own keys. So `databaseTasks` never stands in those two: the others
//   would inherit it.
// - A subchart's own map (`gitlab.<subchart>.psql`) goes over that in the same way: what its `main` says, its `ci` inherits.
// - `load_balancing` of a subchart is read from its own map as soon as that has anything in it, so it is written there.

import type { IDatabase } from "../../database";
import { PoolMode } from "../../database";
import type { HelmValues } from "../../kubernetes";
import { loadBalancingKeys } from "../linux-package/load-balancing-keys";
import type { GitlabDatabaseSettings } from "../topology/database-settings";
import type { DatabaseTopology } from "../topology/database-topology";
import type { TopologyEntry } from "../topology/topology-entry";

/** The entries that the chart knows; it ignores all others without a word. */
export const KNOWN_DECOMPOSITIONS = ["main", "ci", "embedding", "sec"];
/** The subcharts whose pods read from replicas. */
const BALANCED = ["webservice", "sidekiq"];
/** The subcharts that go past poolers: migrations take locks over several transactions, backups hold one open. */
export const DIRECT_COMPONENTS = ["migrations", "toolbox"];

/** The key of an entry's password in the secret. */
export const passwordKey = (name: string) => `${name}-gitlab-password`;
/** The key of the password past the pooler, where the pooler's login is another than the owner. */
export const directPasswordKey = (name: string) => `${name}-direct-gitlab-password`;

/** Whether an entry is reached through a pooler. */
export function isPooled(entry: TopologyEntry): boolean {
  return entry.database !== entry.direct;
}

/** Whether the login past the pooler is another one. */
export function hasDirectLogin({ database, direct }: TopologyEntry): boolean {
  return database.owner !== direct.owner;
}

/** `global.psql`, `global.extraEnv` and the subcharts' `psql`. */
export function databaseValues(
  topology: DatabaseTopology,
  secretName: string,
  ssl: HelmValues | undefined,
): HelmValues {
  const { rails } = topology;
  const entries = Object.fromEntries(rails.map((entry) => [entry.name, entryValues(entry, secretName)]));
  return {
    global: {
      psql: {
        ...entryValues(topology.main, secretName),
        ssl,
        ...entries,
        // The chart makes an entry for ci unless told otherwise.
        ...(topology.entry("ci") ? {} : { ci: { enabled: false } }),
      },
      extraEnv: topology.allowSeparateCiDatabase ? { GITLAB_ALLOW_SEPARATE_CI_DATABASE: "1" } : undefined,
    },
    gitlab: {
      ...(rails.some((entry) => entry.settings.loadBalancing)
        ? Object.fromEntries(BALANCED.map((name) => [name, { psql: balancing(rails) }]))
        : {}),
      ...(rails.some(isPooled)
        ? Object.fromEntries(DIRECT_COMPONENTS.map((name) => [name, { psql: direct(topology, secretName) }]))
        : {}),
    },
  };
}

function entryValues(entry: TopologyEntry, secretName: string): HelmValues {
  const { name, settings } = entry;
  return {
    ...address(entry.database),
    username: entry.database.owner.username,
    password: { secret: secretName, key: passwordKey(name) },
    // False is the chart's default; written, so that nobody's values change it behind a pooler.
    preparedStatements: settings.preparedStatements ?? false,
    // The chart compares texts; which databases are one was found from the servers. Nothing where migrations run: main never has
    // the key, since ci would inherit it.
    databaseTasks: name !== "main" && !entry.databaseTasks ? false : undefined,
    ...connection(settings),
  };
}

function address(database: IDatabase): HelmValues {
  const { host, port } = database.server.endpoint;
  return { host, port, database: database.databaseName };
}

function connection(settings: GitlabDatabaseSettings): HelmValues {
  return {
    applicationName: settings.applicationName,
    connectTimeout: settings.connectTimeoutSeconds,
    keepalives: settings.keepalives === undefined ? undefined : Number(settings.keepalives),
    keepalivesIdle: settings.keepalivesIdleSeconds,
    keepalivesInterval: settings.keepalivesIntervalSeconds,
    keepalivesCount: settings.keepalivesCount,
    tcpUserTimeout: settings.tcpUserTimeoutMs,
  };
}

/** All entries past their poolers: at the top level, where ci inherits it from, and one by one. */
function direct(topology: DatabaseTopology, secretName: string): HelmValues {
  const values = (entry: TopologyEntry): HelmValues => ({
    ...address(entry.direct),
    ...(hasDirectLogin(entry)
      ? {
          username: entry.direct.owner.username,
          password: { secret: secretName, key: directPasswordKey(entry.name) },
        }
      : // Written again, since ci would inherit main's.
        {
          username: entry.database.owner.username,
          password: { secret: secretName, key: passwordKey(entry.name) },
        }),
  });
  return {
    ...values(topology.main),
    ...Object.fromEntries(topology.rails.map((entry) => [entry.name, values(entry)])),
  };
}

function balancing(rails: readonly TopologyEntry[]): HelmValues {
  return Object.fromEntries(
    rails.map(({ name, settings }) => [
      name,
      // What is no map the chart leaves out; without the key ci would inherit main's replicas.
      { load_balancing: settings.loadBalancing ? loadBalancingKeys(settings.loadBalancing) : false },
    ]),
  );
}

/** Whether prepared statements would break. */
export function breaksPreparedStatements({ database, settings }: TopologyEntry): boolean {
  return settings.preparedStatements === true && database.pooling?.mode === PoolMode.TRANSACTION;
}
