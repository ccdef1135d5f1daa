// The Secret and the ConfigMap that the pods of a pooler mount. PgBouncer reloads them without new pods.

import { Lazy } from "cdktf";
import type { DatabaseLogin } from "../../database";
import { strictestSslMode } from "../../database";
import { SecretEntry } from "../../kubernetes";
import { SYSTEM_CA_FILE } from "./data/pgbouncer-facts";
import type { PgBouncerProps } from "./pgbouncer";
import {
  databaseFile,
  databaseIni,
  hbaConf,
  joinedCertificates,
  type PgBouncerConfigProps,
  pgbouncerIni,
  userList,
} from "./pgbouncer-config";
import { PgBouncerImage } from "./pgbouncer-image";
import { FOLDERS, KEYS, type WatchedEntry, watchCaKey, watchTokenKey } from "./pgbouncer-pod";
import { type ResolvedEntry, serversOf } from "./pool-entry";
import type { PoolSizes } from "./pool-sizes";

/** A pooler, from which the files are made. @internal */
export interface PoolerSettings {
  readonly props: PgBouncerProps;
  readonly port: number;
  readonly entries: ResolvedEntry[];
  readonly watched: WatchedEntry[];
  readonly sizes: PoolSizes;
}

/** Entries of the Secret: user list, private key of the client certificate, and Consul tokens of the watches. @internal */
export function secretEntries({ props, entries, watched }: PoolerSettings): SecretEntry[] {
  const { authQuery } = props;
  const logins: DatabaseLogin[] = (authQuery ? [authQuery.login] : entries.map((e) => e.login)).flatMap(
    // Pods that are not replaced yet log in as the other one of two users that alternate.
    (login) => login.users,
  );
  const unique = [...new Map(logins.map((login) => [login.username, login])).values()];
  const users = userList(unique);
  const key = entries[0]?.database.server.tls.clientCertificate?.privateKeyPem;
  return [
    SecretEntry.secret(KEYS.users, users.value, users.describedBy),
    ...(key ? [SecretEntry.privateKey(KEYS.serverKey, key)] : []),
    ...watched.flatMap(({ watch, key: name }) =>
      watch.source.token ? [SecretEntry.secret(watchTokenKey(name), watch.source.token)] : [],
    ),
  ];
}

/** Entries of the ConfigMap, without secrets. @internal */
export function configFiles({ props, entries, watched, sizes, port }: PoolerSettings): {
  [key: string]: string;
} {
  const servers = serversOf(entries);
  const ca = joinedCertificates(servers);
  const certificate = servers[0]?.tls.clientCertificate?.certificatePem;
  // Lazy: pool sizes depend on all consumers of the connection budgets.
  const config = (): PgBouncerConfigProps => ({
    port,
    configFolder: FOLDERS.config,
    secretFolder: FOLDERS.secret,
    tlsFolder: props.clientTls.secretName ? FOLDERS.tls : undefined,
    runFolder: FOLDERS.run,
    serverSslMode: servers.map((s) => strictestSslMode(s.tls))[0] as PgBouncerConfigProps["serverSslMode"],
    serverCaFile: ca ? `${FOLDERS.config}/${KEYS.serverCa}` : SYSTEM_CA_FILE,
    serverCertificate: certificate !== undefined,
    entries,
    watched: (entry) => watched.some((w) => w.entry === entry),
    poolSize: (entry) => sizes.poolSize(entry),
    maxClientsOfPod: sizes.maxClientsOfPod(),
    authQuery: props.authQuery,
    knowsPreparedStatements: (props.image ?? PgBouncerImage.V1_26).keepsPreparedStatements,
  });
  return {
    [KEYS.ini]: Lazy.stringValue({ produce: () => pgbouncerIni(config()) }),
    [KEYS.hba]: hbaConf(entries, props.clientTls.secretName !== undefined),
    ...(ca ? { [KEYS.serverCa]: ca } : {}),
    ...(certificate ? { [KEYS.serverCertificate]: certificate } : {}),
    ...Object.fromEntries(
      watched.map(({ entry }) => [
        databaseFile(entry.name),
        Lazy.stringValue({ produce: () => databaseIni(entry, config()) }),
      ]),
    ),
    ...Object.fromEntries(
      watched.flatMap(({ watch, key }) =>
        watch.source.caCertificatesPem ? [[watchCaKey(key), watch.source.caCertificatesPem]] : [],
      ),
    ),
  };
}
