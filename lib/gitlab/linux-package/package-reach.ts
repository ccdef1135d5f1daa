// How a machine reaches a logical database: through the package's poolers, as the topology says, or past everything.

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
import type { RubyCode } from "../../pooling";
import { PACKAGE_CA_FILE } from "../../pooling/private";
import { GitlabDatabaseKind, type TopologyEntry } from "../topology/topology-entry";
import type { GitlabRb } from "./gitlab-rb";
import type { LinuxPackagePooling } from "./linux-package-props";

const TLS_FOLDER = "/etc/gitlab/ssl/database";

/** An address with all that a client needs. @internal */
export interface Reach {
  readonly host: string;
  readonly port: number;
  readonly databaseName: string;
  readonly username: string;
  /** Not set when a proxy logs in. */
  readonly password?: RubyCode;
  readonly sslMode: SslMode;
  readonly rootCertificate?: string;
  readonly certificate?: string;
  readonly key?: string;
}

/** How a client reaches an entry; the files that it needs are noted in `rb`. @internal */
export function reach(
  rb: GitlabRb,
  entry: TopologyEntry,
  direct: boolean,
  pooler: LinuxPackagePooling | undefined,
): Reach {
  const database = direct ? entry.direct : entry.database;
  const past = direct && entry.direct !== entry.database;
  const name = past && entry.direct.owner !== entry.database.owner ? `${entry.name}-direct` : entry.name;
  const login = {
    databaseName: database.databaseName,
    username: database.owner.username,
    password: database.owner.password && rb.secret(`${name}.password`, database.owner.password),
  };
  if (!direct && pooler && isPooled(entry)) {
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

/** Whether the package's poolers serve an entry: what has a pooler already gets no second one. @internal */
export function isPooled(entry: TopologyEntry): boolean {
  return entry.database.pooling === undefined && entry.kind !== GitlabDatabaseKind.GEO;
}

/** The hash of password and user that the package takes in place of passwords, made by Terraform. @internal */
export function md5Of(login: DatabaseLogin | undefined): SecretValue | undefined {
  // Programs without types may leave the login out, which is reported elsewhere.
  if (!login?.password) return undefined;
  const { password } = login;
  return SecretValue.fromEphemeral(terraformCall("md5", `${password.writeOnly()}${login.username}`), {
    version: password.version,
    dependables: password.dependables,
  });
}

/** Whether a login has a password, or somebody beside the client who logs in. @internal */
export function canLogIn(database: IDatabase): boolean {
  return database.owner.authentication !== LoginAuthentication.CLOUD_IDENTITY;
}

/** The group of the program that connects. */
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
