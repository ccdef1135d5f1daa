// The databases beside Rails: Geo's tracking database, the registry's, Praefect's and OpenBao's.

import { PoolMode, SslMode } from "../../database";
import type { HelmValues } from "../../kubernetes";
import type { DatabaseTopology } from "../topology/database-topology";
import type { GitlabReleaseProps } from "./gitlab-release-props";
import type { ReleaseNames } from "./release-names";
import { rootFile, SSL_KEYS, sslModeOf } from "./release-tls";

/** The map of files for mutual TLS: all four values or none. */
export function sslMap(secretName: string): HelmValues {
  return { secret: secretName, ...SSL_KEYS };
}

/** `global.geo`. */
export function geoValues(
  topology: DatabaseTopology,
  props: GitlabReleaseProps,
  names: ReleaseNames,
): HelmValues {
  if (!topology.geoSites) return {};
  const entry = topology.entry("geo");
  const { nodeName, primaryApiUrl } = props.geo ?? {};
  if (!entry) return { global: { geo: { enabled: true, role: "primary", nodeName } } };
  // Past a pooler: the tracking database's migrations have no address of their own in the chart.
  const { server, databaseName, owner } = entry.direct;
  return {
    global: {
      geo: {
        enabled: true,
        role: "secondary",
        nodeName,
        psql: {
          host: server.endpoint.host,
          port: server.endpoint.port,
          database: databaseName,
          username: owner.username,
          password: { secret: names.geo, key: "postgresql-password" },
          ssl: server.tls.clientCertificate ? sslMap(names.geoClient) : undefined,
        },
        registry: primaryApiUrl ? { replication: { enabled: true, primaryApiUrl } } : undefined,
      },
    },
  };
}

/**
 * Where the registry looks for certificate authorities. The chart has no setting for them without a client certificate, and the
 * container that waits for migrations sees no folder but the registry's own (rendered with 8.3.0). The registry is written in Go,
 * which takes the system's authorities and reads this variable. The second folder is that of the storage secret.
 */
const REGISTRY_CA_FOLDERS = "/etc/ssl/certs:/etc/docker/registry/storage";

/** The authorities that the registry's pods need as a file beside its storage's configuration. @internal */
export function registryAuthorities(topology: DatabaseTopology): string | undefined {
  const { offered, clientCertificate, caCertificatesPem } = topology.entry("registry")?.database.server
    .tls ?? {
    offered: false,
  };
  return offered === false || clientCertificate ? undefined : caCertificatesPem;
}

/** `registry.database`. */
export function registryValues(
  topology: DatabaseTopology,
  props: GitlabReleaseProps,
  names: ReleaseNames,
): HelmValues {
  const entry = topology.entry("registry");
  if (!entry) return {};
  const { server, databaseName, owner, pooling } = entry.database;
  const mode = sslModeOf(server);
  return {
    registry: {
      database: {
        // "prefer" means off beside an external server.
        enabled: true,
        host: server.endpoint.host,
        port: server.endpoint.port,
        user: owner.username,
        name: databaseName,
        password: { secret: names.registry, key: "password" },
        // The chart's default is no TLS at all.
        sslmode: mode,
        // Every key is written: the chart takes the authorities' file for the certificate otherwise.
        ssl: server.tls.clientCertificate ? sslMap(names.registryClient) : undefined,
        preparedstatements: pooling
          ? pooling.mode !== PoolMode.TRANSACTION && pooling.preparedStatements
          : false,
        pool: { maxopen: props.registry?.poolMaxOpen ?? 10 },
      },
      extraEnv:
        registryAuthorities(topology) === undefined ? undefined : { SSL_CERT_DIR: REGISTRY_CA_FOLDERS },
    },
  };
}

/** `global.praefect`. */
export function praefectValues(topology: DatabaseTopology, names: ReleaseNames): HelmValues {
  const entry = topology.entry("praefect");
  if (!entry) return {};
  const { server, databaseName, owner } = entry.database;
  const mode = sslModeOf(server);
  return {
    global: {
      praefect: {
        enabled: true,
        psql: {
          host: server.endpoint.host,
          port: server.endpoint.port,
          user: owner.username,
          dbName: databaseName,
          sslMode: mode,
        },
        dbSecret: { secret: names.praefect, key: "secret" },
      },
    },
    gitlab:
      mode === SslMode.DISABLE
        ? undefined
        : { praefect: { extraEnv: { PGSSLROOTCERT: rootFile([server]) } } },
  };
}

/** `global.openbao`, where the toolbox finds it for backups, and OpenBao's own connection. */
export function openbaoValues(topology: DatabaseTopology, names: ReleaseNames): HelmValues {
  const entry = topology.entry("openbao");
  if (!entry) return {};
  // It locks by sessions, so it never goes through a pooler.
  const { server, databaseName, owner } = entry.direct;
  const psql = {
    host: server.endpoint.host,
    port: server.endpoint.port,
    database: databaseName,
    username: owner.username,
    password: { secret: names.openbao, key: "password" },
  };
  return {
    global: { openbao: { enabled: true, psql } },
    // Its pods have no place for the authorities in the values read, so nothing stricter than this can be promised.
    openbao: {
      install: true,
      config: {
        storage: {
          postgresql: {
            connection: {
              ...psql,
              sslMode: server.tls.offered === false ? SslMode.DISABLE : SslMode.REQUIRE,
            },
          },
        },
      },
    },
  };
}
