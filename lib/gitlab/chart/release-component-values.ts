// Values of the databases beside Rails: Geo's tracking database, those of the registry, Praefect and OpenBao.

import { PoolMode, SslMode } from "../../database";
import type { HelmValues } from "../../kubernetes";
import { type IDatabaseTopology, RegistryMetadata } from "../topology/database-topology";
import type { GitlabReleaseProps } from "./gitlab-release-props";
import { keyInUse } from "./release-database-values";
import type { ReleaseNames } from "./release-secrets";
import { rootFile, SSL_KEYS, sslModeOf } from "./release-tls";

/** The map `ssl` for mutual TLS: all four keys, or none. */
export function sslMap(secretName: string): HelmValues {
  return { secret: secretName, ...SSL_KEYS };
}

/** `global.geo`. */
export function geoValues(
  topology: IDatabaseTopology,
  props: GitlabReleaseProps,
  names: ReleaseNames,
): HelmValues {
  if (!topology.geoSites) return {};
  const entry = topology.geo;
  const { nodeName, primaryApiUrl } = props.geo ?? {};
  if (!entry) return { global: { geo: { enabled: true, role: "primary", nodeName } } };
  // Past a pooler: the chart has no separate address for the migrations of the tracking database.
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
          password: { secret: names.geo, key: keyInUse("postgresql-password", owner) },
          ssl: server.tls.clientCertificate ? sslMap(names.geoClient) : undefined,
        },
        registry: primaryApiUrl ? { replication: { enabled: true, primaryApiUrl } } : undefined,
      },
    },
  };
}

/**
 * Folders with certificate authorities for the registry (`SSL_CERT_DIR`). The chart has no setting for them without a client
 * certificate, and the container that waits for migrations mounts only the registry's folder (rendered with 8.3.0). The registry is
 * a Go program, which uses the system's authorities and reads this variable. The second folder is that of the storage secret.
 */
const REGISTRY_CA_FOLDERS = "/etc/ssl/certs:/etc/docker/registry/storage";

/** Certificate authorities that the registry's pods need as a file beside the storage configuration. @internal */
export function registryAuthorities(topology: IDatabaseTopology): string | undefined {
  const { offered, clientCertificate, caCertificatesPem } = topology.registry?.database.server.tls ?? {
    offered: false,
  };
  return offered === false || clientCertificate ? undefined : caCertificatesPem;
}

/** `registry.database`. */
export function registryValues(
  topology: IDatabaseTopology,
  props: GitlabReleaseProps,
  names: ReleaseNames,
): HelmValues {
  const entry = topology.registry;
  if (!entry) return {};
  const { server, databaseName, owner, pooling } = entry.database;
  const mode = sslModeOf(server);
  const inUse = topology.registryMetadata === RegistryMetadata.IN_USE;
  return {
    registry: {
      // The chart's page on existing registries: step two, or the import in one step.
      maintenance:
        topology.registryMetadata === RegistryMetadata.IMPORT ? { readonly: { enabled: true } } : undefined,
      database: {
        // With an external server "prefer" means disabled.
        enabled: inUse,
        // Writes the configuration, mounts the password and runs migrations although the database is not in use (charts!3633).
        configure: inUse ? undefined : true,
        host: server.endpoint.host,
        port: server.endpoint.port,
        user: owner.username,
        name: databaseName,
        password: { secret: names.registry, key: keyInUse("password", owner) },
        // The chart's default is no TLS at all.
        sslmode: mode,
        // Every key is set: otherwise the chart uses the file of the authorities as the certificate.
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
export function praefectValues(topology: IDatabaseTopology, names: ReleaseNames): HelmValues {
  const entry = topology.praefect;
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
        dbSecret: { secret: names.praefect, key: keyInUse("secret", owner) },
      },
    },
    gitlab:
      mode === SslMode.DISABLE
        ? undefined
        : { praefect: { extraEnv: { PGSSLROOTCERT: rootFile([server]) } } },
  };
}

/** `global.openbao`, which the toolbox reads for backups, and the connection of OpenBao itself. */
export function openbaoValues(topology: IDatabaseTopology, names: ReleaseNames): HelmValues {
  const entry = topology.openbao;
  if (!entry) return {};
  // It uses session locks, so it never connects through a pooler.
  const { server, databaseName, owner } = entry.direct;
  const psql = {
    host: server.endpoint.host,
    port: server.endpoint.port,
    database: databaseName,
    username: owner.username,
    password: { secret: names.openbao, key: keyInUse("password", owner) },
  };
  return {
    global: { openbao: { enabled: true, psql } },
    // The values have no place for certificate authorities of its pods, so no stricter mode is possible.
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
