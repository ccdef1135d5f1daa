// How Coder v2 reaches its database: one URL in one environment variable, and files for TLS. What goes into the secret, into
// the environment and into volumes is decided here together, since each is worth nothing without the others.

import type { IDatabase } from "../database";
import {
  connectionUrl,
  connectionUrlWithPassword,
  LoginAuthentication,
  SslMode,
  strictestSslMode,
} from "../database";
import { EnvironmentVariable, SecretEntry } from "../kubernetes";

/** How the owner's password reaches Coder. */
export enum CoderPasswordDelivery {
  /** Inside the URL, percent-encoded by Terraform; what Coder documents. */
  URL = "url",
  /**
   * In `PGPASSWORD`, which Coder's driver reads beside a URL without a password: for a password that another system rotates
   * in the secret. Coder does not document it.
   */
  PGPASSWORD = "pgpassword",
}

/** What decides how Coder reaches its database. */
export interface DatabaseAccessOptions {
  readonly secretName: string;
  readonly secretKey: string;
  readonly caSecretName: string;
  readonly clientSecretName: string;
  readonly sslMode?: SslMode;
  readonly searchPath?: string;
  readonly passwordDelivery?: CoderPasswordDelivery;
}

/** What Coder needs to reach its database. */
export interface DatabaseAccess {
  /** The keys of the secret with the URL. */
  readonly entries: SecretEntry[];
  /** The keys of the secret with the client certificate; empty when the server wants none. */
  readonly clientEntries: SecretEntry[];
  /** The certificate authorities for a secret of their own. */
  readonly caCertificatesPem?: string;
  /** Environment variables of the container. */
  readonly environment: EnvironmentVariable[];
  /** Volumes of the pod. */
  readonly volumes: { readonly [field: string]: unknown }[];
  /** Mounts of the container. */
  readonly volumeMounts: { readonly [field: string]: unknown }[];
}

/** The key of the password in the secret, when it is not part of the URL. */
export const PASSWORD_KEY = "password";
export const CLIENT_CERTIFICATE_KEY = "client.crt";
export const CLIENT_KEY_KEY = "client.key";
const CA_KEY = "ca.crt";
const CA_FOLDER = "/etc/coder-database/ca";
const CLIENT_FOLDER = "/etc/coder-database/client";

/** 0440, in the decimal that YAML and JSON need. The driver refuses a private key that others may read. */
const KEY_MODE = 288;

/** Decides how Coder reaches its database. */
export function databaseAccess(database: IDatabase, options: DatabaseAccessOptions): DatabaseAccess {
  const { server, owner } = database;
  const sslMode = options.sslMode ?? strictestSslMode(server.tls);
  const verifies = sslMode === SslMode.VERIFY_CA || sslMode === SslMode.VERIFY_FULL;
  // The driver ignores a root that is missing under `require`, so one is delivered only where it counts.
  const caCertificatesPem = verifies ? server.tls.caCertificatesPem : undefined;
  const client = sslMode === SslMode.DISABLE ? undefined : server.tls.clientCertificate;
  const url = {
    sslMode,
    sslRootCert: caCertificatesPem === undefined ? undefined : `${CA_FOLDER}/${CA_KEY}`,
    sslCert: client && `${CLIENT_FOLDER}/${CLIENT_CERTIFICATE_KEY}`,
    sslKey: client && `${CLIENT_FOLDER}/${CLIENT_KEY_KEY}`,
    searchPath: options.searchPath,
  };
  const withoutPassword = connectionUrl(database, url);
  const environment = [
    EnvironmentVariable.fromSecret("CODER_PG_CONNECTION_URL", options.secretName, options.secretKey),
  ];
  const entries: SecretEntry[] = [];
  if (owner.authentication === LoginAuthentication.PROXY) {
    entries.push(SecretEntry.plain(options.secretKey, withoutPassword));
  } else if (owner.authentication === LoginAuthentication.CLOUD_IDENTITY || !owner.password) {
    entries.push(SecretEntry.plain(options.secretKey, withoutPassword));
    environment.push(EnvironmentVariable.plain("CODER_PG_AUTH", "awsiamrds"));
  } else if (options.passwordDelivery === CoderPasswordDelivery.PGPASSWORD) {
    entries.push(SecretEntry.plain(options.secretKey, withoutPassword));
    entries.push(SecretEntry.secret(PASSWORD_KEY, owner.password));
    environment.push(EnvironmentVariable.fromSecret("PGPASSWORD", options.secretName, PASSWORD_KEY));
  } else {
    const secret = connectionUrlWithPassword(database, url);
    entries.push(SecretEntry.secret(options.secretKey, secret, withoutPassword));
  }
  return {
    entries,
    clientEntries: client
      ? [
          SecretEntry.certificate(CLIENT_CERTIFICATE_KEY, client.certificatePem),
          SecretEntry.privateKey(CLIENT_KEY_KEY, client.privateKeyPem),
        ]
      : [],
    caCertificatesPem,
    environment,
    volumes: [
      ...(caCertificatesPem === undefined
        ? []
        : [{ name: "database-ca", secret: { secretName: options.caSecretName } }]),
      ...(client
        ? [
            {
              name: "database-client",
              secret: { secretName: options.clientSecretName, defaultMode: KEY_MODE },
            },
          ]
        : []),
    ],
    volumeMounts: [
      ...(caCertificatesPem === undefined
        ? []
        : [{ name: "database-ca", mountPath: CA_FOLDER, readOnly: true }]),
      ...(client ? [{ name: "database-client", mountPath: CLIENT_FOLDER, readOnly: true }] : []),
    ],
  };
}
