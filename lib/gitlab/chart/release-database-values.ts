// `global.psql` and the `psql` maps of subcharts. Source: the chart's templates (8.3.0; the 10.x line as far as stored), rendered by hand.
//
// - An entry gets the top level overlaid with `main`, then with its own keys. So `databaseTasks` is never set in those two: the
//   others would inherit it.
// - A subchart's map (`gitlab.<subchart>.psql`) is laid over that in the same way: its `ci` inherits from its `main`.
// - `load_balancing` of a subchart is read from its own map as soon as that map is not empty, so it is set there.

import type { DatabaseLogin, IDatabase } from "../../database";
import { PoolMode } from "../../database";
import type { HelmValues } from "../../kubernetes";
import { type GitlabDatabaseSettings, loadBalancingKeys } from "../topology/database-settings";
import type { IDatabaseTopology } from "../topology/database-topology";
import { isBehindPooler, type TopologyEntry } from "../topology/topology-entry";

/** Entries that the chart knows; it silently ignores all others. */
export const KNOWN_DECOMPOSITIONS = ["main", "ci", "embedding", "sec"];
/** Subcharts whose pods read from replicas. */
const BALANCED = ["webservice", "sidekiq"];
/** Subcharts that connect past poolers: migrations hold locks over several transactions, backups keep one transaction open. */
export const DIRECT_COMPONENTS = ["migrations", "toolbox"];

/** Key of the password of the second of two users that alternate, beside that of the owner: an old pod that starts again finds its password. */
export const cloneKey = (key: string) => `${key}-clone`;
/** Key of the password of the user that is in use. */
export const keyInUse = (key: string, { alternating }: DatabaseLogin) =>
  alternating?.cloneInUse ? cloneKey(key) : key;
/** Key of an entry's password in the secret. */
export const passwordKey = (name: string) => `${name}-gitlab-password`;
/** Key of the password past the pooler, where the pooler's login differs from the owner. */
export const directPasswordKey = (name: string) => `${name}-direct-gitlab-password`;

/** True if the login past the pooler differs from the one through it. */
export function hasDirectLogin({ database, direct }: TopologyEntry): boolean {
  return database.owner !== direct.owner;
}

/** `global.psql`, `global.extraEnv` and the subcharts' `psql`. */
export function databaseValues(
  topology: IDatabaseTopology,
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
        ...(topology.ci ? {} : { ci: { enabled: false } }),
      },
      extraEnv: topology.allowSeparateCiDatabase ? { GITLAB_ALLOW_SEPARATE_CI_DATABASE: "1" } : undefined,
    },
    gitlab: {
      ...(rails.some((entry) => entry.settings.loadBalancing)
        ? Object.fromEntries(BALANCED.map((name) => [name, { psql: balancing(rails) }]))
        : {}),
      ...(rails.some(isBehindPooler)
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
    password: { secret: secretName, key: keyInUse(passwordKey(name), entry.database.owner) },
    // False is the chart's default; set explicitly, so that a user's values cannot change it behind a pooler.
    preparedStatements: settings.preparedStatements ?? false,
    // The chart compares texts; the topology compares servers. Not set where migrations run: main never has the key, since ci would
    // inherit it.
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

/** All entries past their poolers: at the top level, from which ci inherits, and one by one. */
function direct(topology: IDatabaseTopology, secretName: string): HelmValues {
  const values = (entry: TopologyEntry): HelmValues => ({
    ...address(entry.direct),
    ...(hasDirectLogin(entry)
      ? {
          username: entry.direct.owner.username,
          password: { secret: secretName, key: keyInUse(directPasswordKey(entry.name), entry.direct.owner) },
        }
      : // Set again, since ci would inherit main's.
        {
          username: entry.database.owner.username,
          password: { secret: secretName, key: keyInUse(passwordKey(entry.name), entry.database.owner) },
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
      // The chart ignores a value that is no map; without the key ci would inherit main's replicas.
      { load_balancing: settings.loadBalancing ? loadBalancingKeys(settings.loadBalancing) : false },
    ]),
  );
}

/** True if prepared statements would fail. */
export function breaksPreparedStatements({ database, settings }: TopologyEntry): boolean {
  return settings.preparedStatements === true && database.pooling?.mode === PoolMode.TRANSACTION;
}
