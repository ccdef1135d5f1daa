// Rails, the registry and Praefect: settings of their database connections and, on one machine of each, the switch for migrations.
// Source: omnibus-gitlab 440b1f83: gitlab/libraries/gitlab_rails.rb,
// gitlab/templates/default/database.yml.erb, registry/libraries/registry.rb, gitlab-ee/libraries/geo_secondary.rb.

import { type RubyCode, rubyValue } from "../../pooling/private";
import { portText } from "../../sql/private";
import { type GitlabDatabaseSettings, loadBalancingKeys } from "../topology/database-settings";
import { type IDatabaseTopology, RegistryMetadata } from "../topology/database-topology";
import type { TopologyEntry } from "../topology/topology-entry";
import type { GitlabRb } from "./gitlab-rb";
import { connectionTo, type PackageConnection, usesPackagePooler } from "./package-connection";
import type { LinuxPackagePooling } from "./package-pooling";

/** Options of a machine with Rails. @internal */
export interface RailsOptions {
  readonly topology: IDatabaseTopology;
  readonly externalUrl: string;
  readonly pooler?: LinuxPackagePooling;
  readonly secretCommand?: string;
  readonly runsMigrations: boolean;
  /** True if the registry runs on the same machine. */
  readonly withRegistry: boolean;
}

/** Writes the settings of a Rails machine. @internal */
export function writeRails(rb: GitlabRb, options: RailsOptions): void {
  const { topology, runsMigrations, pooler } = options;
  rb.top("external_url", options.externalUrl);
  rb.comment("The databases are elsewhere.");
  rb.section("postgresql", { enable: false });
  // The main database of a Geo secondary site is a read-only replica.
  const geo = topology.geo;
  rb.section("gitlab_rails", { auto_migrate: runsMigrations && !geo });
  rb.section("gitlab_rails", { db_extra_config_command: options.secretCommand });
  rb.comment("What is set for all databases is main's. The others say what is different.");
  const [main, ...others] = topology.rails.map((entry) => ({
    entry,
    keys: databaseKeys(rb, entry, options),
  }));
  const databases: { [name: string]: unknown } = {};
  if (main) {
    rb.section("gitlab_rails", main.keys);
    databases.main = { enable: true };
  }
  if (topology.singleDatabaseMode) databases.ci = { enable: false };
  for (const { entry, keys } of others) {
    databases[entry.name] = {
      enable: true,
      ...differing(keys, main?.keys ?? {}),
      db_database_tasks: entry.databaseTasks,
    };
  }
  rb.section("gitlab_rails", { databases });
  const env = environment(rb, topology, pooler);
  if (Object.keys(env).length > 0) rb.section("gitlab_rails", { env });
  if (geo) writeGeo(rb, geo, options);
  const registry = topology.registry;
  if (registry && options.withRegistry) writeRegistry(rb, registry, options);
}

/** Writes the settings of a Praefect machine. @internal */
export function writePraefect(
  rb: GitlabRb,
  entry: TopologyEntry,
  pooler: LinuxPackagePooling | undefined,
  runsMigrations: boolean,
): void {
  rb.comment("Praefect and nothing else.");
  for (const section of [
    ...["gitaly", "postgresql", "redis", "nginx", "puma", "sidekiq", "gitlab_workhorse"],
    ...["gitlab_kas", "prometheus", "alertmanager", "gitlab_exporter"],
  ])
    rb.section(section, { enable: false });
  rb.section("gitlab_rails", { auto_migrate: false });
  rb.section("praefect", {
    enable: true,
    auto_migrate: runsMigrations,
    "configuration/database": {
      ...goKeys(connectionTo(rb, entry, runsMigrations, pooler)),
      // A cache listens for notifications, which does not work in transaction mode.
      session_pooled: goKeys(connectionTo(rb, entry, true, pooler)),
    },
  });
}

/** `db_*` keys of an entry. @internal */
export function databaseKeys(rb: GitlabRb, entry: TopologyEntry, options: RailsOptions) {
  const { settings } = entry;
  const at = connectionTo(rb, asShared(entry, options.topology), options.runsMigrations, options.pooler);
  return {
    db_host: at.host,
    db_port: at.port,
    db_database: at.databaseName,
    db_username: at.username,
    db_password: options.secretCommand ? undefined : at.password,
    db_sslmode: at.sslMode,
    db_sslrootcert: at.rootCertificate,
    db_sslcert: at.certificate,
    db_sslkey: at.key,
    db_prepared_statements: settings.preparedStatements ?? false,
    db_load_balancing:
      settings.loadBalancing && !options.runsMigrations
        ? loadBalancingKeys(settings.loadBalancing)
        : undefined,
    ...connectionKeys(settings),
  };
}

/** An entry with the same database as another one shares its files. */
function asShared(entry: TopologyEntry, topology: IDatabaseTopology): TopologyEntry {
  const other =
    entry.sharesWith === undefined
      ? undefined
      : topology.entries.find((each) => each.name === entry.sharesWith);
  return other?.database === entry.database ? { ...entry, name: other.name } : entry;
}

function connectionKeys(settings: GitlabDatabaseSettings) {
  return {
    db_statement_timeout: settings.statementTimeoutMs,
    db_connect_timeout: settings.connectTimeoutSeconds,
    db_keepalives: settings.keepalives === undefined ? undefined : Number(settings.keepalives),
    db_keepalives_idle: settings.keepalivesIdleSeconds,
    db_keepalives_interval: settings.keepalivesIntervalSeconds,
    db_keepalives_count: settings.keepalivesCount,
    db_tcp_user_timeout: settings.tcpUserTimeoutMs,
    db_application_name: settings.applicationName,
  };
}

/** Keys of an entry that differ from main's; the package takes the others from main. */
function differing(keys: object, main: object) {
  const same = (a: unknown, b: unknown) => rubyValue(a) === rubyValue(b);
  const mains = main as { readonly [key: string]: unknown };
  const changed = Object.entries(keys).filter(
    ([key, value]) => value !== undefined && !same(value, mains[key]),
  );
  // Main's replicas are not replicas of another database.
  const balanced = "db_load_balancing" in keys && keys.db_load_balancing === undefined;
  const reset = balanced && mains.db_load_balancing !== undefined ? { db_load_balancing: { hosts: [] } } : {};
  return { ...Object.fromEntries(changed), ...reset };
}

/** Backups connect past every pooler (`GITLAB_BACKUP_MAIN_PGHOST`, gitlab#423536), and a split has to be allowed. */
function environment(rb: GitlabRb, topology: IDatabaseTopology, pooler: LinuxPackagePooling | undefined) {
  const env: { [name: string]: unknown } = {};
  if (topology.allowSeparateCiDatabase) env.GITLAB_ALLOW_SEPARATE_CI_DATABASE = "true";
  for (const entry of topology.rails) {
    const pooled = entry.database.pooling !== undefined || (pooler !== undefined && usesPackagePooler(entry));
    if (!pooled || !entry.databaseTasks) continue;
    const at = connectionTo(rb, entry, true, undefined);
    const prefix = `GITLAB_BACKUP_${entry.name.toUpperCase()}_`;
    Object.assign(env, {
      [`${prefix}PGHOST`]: at.host,
      [`${prefix}PGPORT`]: portText(at.port),
      [`${prefix}PGSSLMODE`]: at.sslMode,
      [`${prefix}PGSSLROOTCERT`]: at.rootCertificate,
      [`${prefix}PGSSLCERT`]: at.certificate,
      [`${prefix}PGSSLKEY`]: at.key,
    });
    // The login past the pooler may differ.
    if (entry.direct.owner !== entry.database.owner) {
      Object.assign(env, { [`${prefix}PGUSER`]: at.username, [`${prefix}PGPASSWORD`]: at.password });
    }
  }
  return env;
}

function writeGeo(rb: GitlabRb, geo: TopologyEntry, { runsMigrations, pooler }: RailsOptions): void {
  const at = connectionTo(rb, geo, runsMigrations, pooler);
  rb.comment("The tracking database of this Geo secondary site.");
  rb.section("geo_postgresql", { enable: false });
  rb.section("geo_secondary", {
    enable: true,
    auto_migrate: runsMigrations,
    db_host: at.host,
    db_port: at.port,
    db_database: at.databaseName,
    db_username: at.username,
    db_password: at.password,
    db_sslmode: at.sslMode,
    db_sslrootcert: at.rootCertificate,
    db_prepared_statements: false,
  });
}

function writeRegistry(rb: GitlabRb, entry: TopologyEntry, options: RailsOptions): void {
  const { topology, runsMigrations, pooler } = options;
  const at = connectionTo(rb, entry, runsMigrations, pooler);
  const inUse = topology.registryMetadata === RegistryMetadata.IN_USE;
  rb.comment(
    inUse
      ? "The registry. `prefer` would mean no database here, since PostgreSQL is not on this machine."
      : "The registry, before its import. The package migrates no database that is disabled: run `gitlab-ctl registry-database migrate up`.",
  );
  rb.section("registry", {
    auto_migrate: runsMigrations,
    database: { enabled: inUse, ...goKeys(at), preparedstatements: false },
  });
}

function goKeys(at: PackageConnection): { [key: string]: string | number | RubyCode | undefined } {
  return {
    host: at.host,
    port: at.port,
    user: at.username,
    password: at.password,
    dbname: at.databaseName,
    sslmode: at.sslMode,
    sslrootcert: at.rootCertificate,
    sslcert: at.certificate,
    sslkey: at.key,
  };
}
