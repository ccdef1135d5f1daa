// Connections of a machine to a logical database: through the package's poolers, as the topology says, or past all poolers.

import type { IDatabase } from "../../database";
import {
  type DatabaseLogin,
  LoginAuthentication,
  SecretValue,
  SslMode,
  strictestSslMode,
  type TlsTrust,
} from "../../database";
import { terraformCall } from "../../database/private";
import type { RubyCode } from "../../pooling/private";
import { PACKAGE_CA_FILE } from "../../pooling/private";
import { GitlabDatabaseKind, type TopologyEntry } from "../topology/topology-entry";
import type { GitlabRb } from "./gitlab-rb";
import type { LinuxPackagePooling } from "./package-pooling";

const TLS_FOLDER = "/etc/gitlab/ssl/database";

/** Parameters of a connection. @internal */
export interface PackageConnection {
  readonly host: string;
  readonly port: number;
  readonly databaseName: string;
  readonly username: string;
  /** Not set if a proxy logs in. */
  readonly password?: RubyCode;
  readonly sslMode: SslMode;
  readonly rootCertificate?: string;
  readonly certificate?: string;
  readonly key?: string;
}

/** Connection of a client to an entry; adds the files that it needs to `rb`. @internal */
export function connectionTo(
  rb: GitlabRb,
  entry: TopologyEntry,
  direct: boolean,
  pooler: LinuxPackagePooling | undefined,
): PackageConnection {
  const database = direct ? entry.direct : entry.database;
  const past = direct && entry.direct !== entry.database;
  const name = past && entry.direct.owner !== entry.database.owner ? `${entry.name}-direct` : entry.name;
  const login = {
    databaseName: database.databaseName,
    username: database.owner.username,
    password: database.owner.password && rb.secret(`${name}.password`, database.owner.password),
  };
  if (!direct && pooler && usesPackagePooler(entry)) {
    const { tls, host, port } = pooler;
    const trust = tls
      ? { sslMode: SslMode.VERIFY_FULL, rootCertificate: tls.caFile ?? PACKAGE_CA_FILE }
      : { sslMode: SslMode.DISABLE };
    return { ...login, ...trust, host, port: port ?? 6432 };
  }
  const { endpoint, tls } = database.server;
  return {
    ...login,
    host: endpoint.host,
    port: endpoint.port,
    ...trustFiles(rb, past ? `${entry.name}-direct` : entry.name, tls, groupOf(entry)),
  };
}

/** True if the package's poolers serve an entry: one that has a pooler already gets no second one. @internal */
export function usesPackagePooler(entry: TopologyEntry): boolean {
  return entry.database.pooling === undefined && entry.kind !== GitlabDatabaseKind.GEO;
}

/** MD5 hash of password and user, which the package takes in place of passwords; computed by Terraform. @internal */
export function md5Of(login: DatabaseLogin | undefined): SecretValue | undefined {
  // Programs without types may leave the login out, which the checks report.
  if (!login?.password) return undefined;
  const { password } = login;
  return SecretValue.fromEphemeral(terraformCall("md5", `${password.writeOnly()}${login.username}`), {
    version: password.version,
    dependables: password.dependables,
  });
}

/** True if a login has a password, or a proxy that logs in for the client. @internal */
export function canLogIn(database: IDatabase): boolean {
  return database.owner.authentication !== LoginAuthentication.CLOUD_IDENTITY;
}

/** Group of the program that connects. */
function groupOf({ name, kind }: TopologyEntry): string {
  return kind === GitlabDatabaseKind.COMPONENT && name === "registry" ? "registry" : "git";
}

function trustFiles(rb: GitlabRb, name: string, tls: TlsTrust, group: string) {
  const sslMode = strictestSslMode(tls);
  if (sslMode === SslMode.DISABLE) return { sslMode };
  const { caCertificatesPem, clientCertificate } = tls;
  return {
    sslMode,
    rootCertificate: caCertificatesPem
      ? rb.file(`${TLS_FOLDER}/${name}-ca.pem`, caCertificatesPem)
      : PACKAGE_CA_FILE,
    ...(clientCertificate && {
      certificate: rb.file(`${TLS_FOLDER}/${name}-client.pem`, clientCertificate.certificatePem),
      key: rb.secretFile(`${TLS_FOLDER}/${name}-client.key`, clientCertificate.privateKeyPem, group),
    }),
  };
}
