// Database connection of Coder v2: one URL in one environment variable, and files for TLS. The secret's entries, the environment
// and the volumes depend on each other, so they are decided together here.

import type { IDatabase } from "../../database";
import {
  connectionUrl,
  connectionUrlWithPassword,
  LoginAuthentication,
  SslMode,
  strictestSslMode,
} from "../../database";
import { EnvironmentVariable, SecretEntry } from "../../kubernetes";

/** Delivery of the database owner's password to Coder. */
export enum CoderPasswordDelivery {
  /** In the connection URL, percent-encoded by Terraform, as Coder documents it. */
  URL = "url",
  /**
   * In `PGPASSWORD`, which Coder's driver reads if the URL has no password. For a password that another system rotates in
   * the secret. Coder does not document it.
   */
  PGPASSWORD = "pgpassword",
}

/** Options of the database connection. */
export interface DatabaseAccessOptions {
  readonly secretName: string;
  readonly secretKey: string;
  readonly caSecretName: string;
  readonly clientSecretName: string;
  readonly sslMode?: SslMode;
  readonly searchPath?: string;
  readonly passwordDelivery?: CoderPasswordDelivery;
}

/** Secret entries, environment and volumes of the database connection. */
export interface DatabaseAccess {
  /** Entries of the secret that holds the URL. */
  readonly entries: SecretEntry[];
  /** Entries of the secret that holds the client certificate; empty if the server requires none. */
  readonly clientEntries: SecretEntry[];
  /** Certificate authorities, for a separate secret. */
  readonly caCertificatesPem?: string;
  /** Environment variables of the container. */
  readonly environment: EnvironmentVariable[];
  /** Volumes of the pod. */
  readonly volumes: { readonly [field: string]: unknown }[];
  /** Mounts of the container. */
  readonly volumeMounts: { readonly [field: string]: unknown }[];
}

/** Key of the password in the secret if the URL does not contain it. */
export const PASSWORD_KEY = "password";
export const CLIENT_CERTIFICATE_KEY = "client.crt";
export const CLIENT_KEY_KEY = "client.key";
const CA_KEY = "ca.crt";
const CA_FOLDER = "/etc/coder-database/ca";
const CLIENT_FOLDER = "/etc/coder-database/client";

/** Mode 0440 in decimal, as YAML and JSON require. The driver rejects a private key that others can read. */
const KEY_MODE = 288;

/** Decides the database connection. */
export function databaseAccess(database: IDatabase, options: DatabaseAccessOptions): DatabaseAccess {
  const { server, owner } = database;
  const sslMode = options.sslMode ?? strictestSslMode(server.tls);
  const verifies = sslMode === SslMode.VERIFY_CA || sslMode === SslMode.VERIFY_FULL;
  // Under `require` the driver ignores a missing root certificate, so one is delivered only where it is verified.
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
