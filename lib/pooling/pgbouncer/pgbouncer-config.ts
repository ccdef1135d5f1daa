// The three configuration files of PgBouncer. Only the user list is secret: it has the passwords, since PgBouncer can log in to a
// server with SCRAM only by the password or by the verifier of that server.

import { Token } from "cdktf";
import type { DatabaseLogin, IDatabaseServer, SslMode } from "../../database";
import { SecretValue } from "../../database";
import { isResolved, terraformCall } from "../../database/private";
import { EXPORTER_USER, MAX_PREPARED_STATEMENTS } from "./data/pgbouncer-facts";
import type { AuthQuery } from "./pgbouncer-authentication";
import type { ResolvedEntry } from "./pool-entry";

/** Folders and settings of the configuration. @internal */
export interface PgBouncerConfigProps {
  readonly port: number;
  /** Folder of `hba.conf`, `server-ca.crt` and the files of watched databases. */
  readonly configFolder: string;
  /** Folder of `userlist.txt` and the private key of the client certificate. */
  readonly secretFolder: string;
  /** Folder of `tls.crt` and `tls.key`; not set without TLS of clients. */
  readonly tlsFolder?: string;
  /** Writable folder: the Unix socket, and the files that a leader watch changes. */
  readonly runFolder: string;
  readonly serverSslMode: SslMode;
  readonly serverCaFile: string;
  readonly serverCertificate: boolean;
  readonly entries: ResolvedEntry[];
  /** True if a leader watch sets the server of an entry. */
  readonly watched: (entry: ResolvedEntry) => boolean;
  readonly poolSize: (entry: ResolvedEntry) => number;
  readonly maxClientsOfPod: number;
  readonly authQuery?: AuthQuery;
  /** True if the PgBouncer version has the setting `max_prepared_statements`. */
  readonly knowsPreparedStatements: boolean;
}

/** `pgbouncer.ini`. @internal */
export function pgbouncerIni(props: PgBouncerConfigProps): string {
  const { entries, watched, configFolder, secretFolder, tlsFolder, runFolder, authQuery } = props;
  const prepared = entries.some((e) => e.preparedStatements) ? MAX_PREPARED_STATEMENTS : 0;
  const settings: [string, string | number | undefined][] = [
    ["listen_addr", "*"],
    ["listen_port", props.port],
    ["unix_socket_dir", runFolder],
    // hba.conf lists the permitted users and databases; all others are refused.
    ["auth_type", "hba"],
    ["auth_hba_file", `${configFolder}/hba.conf`],
    ["auth_file", `${secretFolder}/userlist.txt`],
    ["auth_user", authQuery ? authQuery.login.username : undefined],
    ["auth_query", authQuery?.query],
    // PgBouncer's system user is the administrator, through the Unix socket in the pod only.
    ["stats_users", EXPORTER_USER],
    ["pool_mode", "transaction"],
    ["max_client_conn", props.maxClientsOfPod],
    ["max_prepared_statements", props.knowsPreparedStatements ? prepared : undefined],
    ["server_tls_sslmode", props.serverSslMode],
    ["server_tls_ca_file", props.serverCaFile],
    ["server_tls_cert_file", props.serverCertificate ? `${configFolder}/server-client.crt` : undefined],
    ["server_tls_key_file", props.serverCertificate ? `${secretFolder}/server-client.key` : undefined],
    ["server_tls_protocols", "secure"],
    ["client_tls_sslmode", tlsFolder ? "require" : "disable"],
    ["client_tls_cert_file", tlsFolder && `${tlsFolder}/tls.crt`],
    ["client_tls_key_file", tlsFolder && `${tlsFolder}/tls.key`],
    ["client_tls_protocols", tlsFolder && "secure"],
    // Java and Go drivers send it at startup; it has no effect on a pool.
    ["ignore_startup_parameters", "extra_float_digits"],
    // Retries after 1 s, so that the new primary is used at once after a failover; PgBouncer's default is 15 s.
    ["server_login_retry", 1],
    ["server_connect_timeout", 5],
    ["query_wait_timeout", 120],
    // Detects a server that is unreachable within 25 s.
    ["tcp_keepalive", 1],
    ["tcp_keepidle", 10],
    ["tcp_keepintvl", 5],
    ["tcp_keepcnt", 3],
    ["tcp_user_timeout", 25_000],
    ["dns_max_ttl", 15],
    ["log_connections", 0],
    ["log_disconnections", 0],
  ];
  return [
    "; Written by cdktf-devplatforms. PgBouncer reloads it when it changes.",
    "[databases]",
    ...entries.filter((e) => !watched(e)).map((e) => databaseLine(e, props)),
    "",
    "[pgbouncer]",
    ...settings.filter(([, value]) => value !== undefined).map(([name, value]) => `${name} = ${value}`),
    "",
    ...entries.filter(watched).map((e) => `%include ${runFolder}/${databaseFile(e.name)}`),
    "",
  ].join("\n");
}

/** File name of a watched database. @internal */
export function databaseFile(name: string): string {
  return `database-${name}.ini`;
}

/** File of a watched database, with the configured server. @internal */
export function databaseIni(entry: ResolvedEntry, props: PgBouncerConfigProps): string {
  return `[databases]\n${databaseLine(entry, props)}\n`;
}

function databaseLine(entry: ResolvedEntry, props: PgBouncerConfigProps): string {
  const { endpoint } = entry.database.server;
  const size = props.poolSize(entry);
  const parts = [
    `host=${quoteValue(endpoint.host)}`,
    `port=${numberText(endpoint.port)}`,
    `dbname=${quoteValue(entry.database.databaseName)}`,
    `pool_mode=${entry.mode}`,
    `pool_size=${size}`,
    // auth_user has a separate pool in each database; together they stay within the connection budget.
    `max_db_connections=${size + (props.authQuery ? 1 : 0)}`,
  ];
  // Entry names need no quotes, and PgBouncer 1.18 accepts none here.
  return `${entry.name} = ${parts.join(" ")}`;
}

/** `hba.conf`: each user may connect to the entries of its component only. @internal */
export function hbaConf(entries: ResolvedEntry[], tls: boolean): string {
  const type = tls ? "hostssl" : "host";
  const lines = entries.flatMap((entry) =>
    entry.login.users.flatMap(({ username }) =>
      ["0.0.0.0/0", "::/0"].map(
        (from) => `${type} ${quoteIdentifier(entry.name)} ${quoteIdentifier(username)} ${from} scram-sha-256`,
      ),
    ),
  );
  return [
    "# Written by cdktf-devplatforms. What is not listed is refused.",
    "# The exporter comes through the socket, which only containers of the pod reach, and may only read figures.",
    `local pgbouncer ${EXPORTER_USER} trust`,
    ...lines,
    "",
  ].join("\n");
}

/** `userlist.txt` as a secret, and the parts of it that are not secret. @internal */
export function userList(logins: DatabaseLogin[]): {
  readonly value: SecretValue;
  readonly describedBy: string;
} {
  const withPassword = logins.filter((login) => login.password !== undefined);
  const lines = withPassword.map((login) =>
    terraformCall(
      "format",
      '"%s" "%s"',
      doubled(login.username, '"'),
      // A line break at the end of a stored password is the most common cause of failed logins.
      terraformCall("replace", terraformCall("trimspace", login.password?.writeOnly()), '"', '""'),
    ),
  );
  // A user with an empty password can log in through the trusted Unix socket only.
  const text = terraformCall("join", "\n", [`"${EXPORTER_USER}" ""`, ...lines]);
  return {
    value: SecretValue.fromEphemeral(text, {
      version: 1,
      dependables: withPassword.flatMap((login) => login.password?.dependables ?? []),
    }),
    describedBy: terraformCall(
      "jsonencode",
      withPassword.map((login) => [login.username, login.password?.version]),
    ),
  };
}

/** CA certificates of several servers in one PEM text; not set when all servers use public CAs. @internal */
export function joinedCertificates(servers: IDatabaseServer[]): string | undefined {
  const texts = [...new Set(servers.flatMap((server) => server.tls.caCertificatesPem ?? []))];
  if (texts.length === 0) return undefined;
  return texts.map((pem) => `${isResolved(pem) ? pem.trim() : terraformCall("trimspace", pem)}\n`).join("");
}

/** Quoted name for SQL, PgBouncer's configuration and its HBA file; a token is quoted by Terraform. @internal */
export function quoteIdentifier(name: string): string {
  return `"${doubled(name, '"')}"`;
}

/** Quoted value of `host=`, `dbname=` and similar settings. @internal */
export function quoteValue(value: string): string {
  if (isResolved(value)) return /^[A-Za-z0-9_.:/-]+$/.test(value) ? value : `'${doubled(value, "'")}'`;
  return `'${doubled(value, "'")}'`;
}

/** A number as text. A number token is a large negative number in JavaScript, so it needs a string token. @internal */
export function numberText(value: number): string {
  return isResolved(value) ? String(value) : Token.asString(value);
}

/**
 * A string with a character doubled, at synth or by Terraform.
 *
 * @param text the string; may be a token.
 * @param character the character.
 * @internal
 */
export function doubled(text: string, character: string): string {
  if (isResolved(text)) return text.replaceAll(character, character + character);
  return terraformCall("replace", text, character, character + character);
}
