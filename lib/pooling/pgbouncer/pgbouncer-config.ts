// The three files of PgBouncer. Only the list of users is secret: it holds the passwords, since PgBouncer can log in to a
// server with SCRAM only by a password or by the very verifier of that server.

import type { DatabaseLogin, IDatabaseServer, SslMode } from "../../database";
import { SecretValue } from "../../database";
import { isResolved, terraformCall } from "../../database/private";
import type { AuthQuery } from "./auth-query";
import { EXPORTER_USER, MAX_PREPARED_STATEMENTS } from "./data/pgbouncer-facts";
import type { ResolvedEntry } from "./pool-entry";
import { doubled, numberText, quoteIdentifier, quoteValue } from "./quoting";

/** Where the files are and what the settings depend on. @internal */
export interface PgBouncerConfigProps {
  readonly port: number;
  /** Folder of `hba.conf`, `server-ca.crt` and the lines of watched databases. */
  readonly configFolder: string;
  /** Folder of `userlist.txt` and the client's key for the server. */
  readonly secretFolder: string;
  /** Folder of `tls.crt` and `tls.key`; not set when clients come without TLS. */
  readonly tlsFolder?: string;
  /** Folder that PgBouncer writes to: its socket, and the lines that a leader watch changes. */
  readonly runFolder: string;
  readonly serverSslMode: SslMode;
  readonly serverCaFile: string;
  readonly serverCertificate: boolean;
  readonly entries: ResolvedEntry[];
  /** The entries whose server a leader watch finds. */
  readonly watched: (entry: ResolvedEntry) => boolean;
  readonly poolSize: (entry: ResolvedEntry) => number;
  readonly maxClientsOfPod: number;
  readonly authQuery?: AuthQuery;
  /** Whether PgBouncer knows `max_prepared_statements`. */
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
    // Who may log in to what is said line by line; nobody else may.
    ["auth_type", "hba"],
    ["auth_hba_file", `${configFolder}/hba.conf`],
    ["auth_file", `${secretFolder}/userlist.txt`],
    ["auth_user", authQuery ? authQuery.login.username : undefined],
    ["auth_query", authQuery?.query],
    // PgBouncer's own system user is the administrator, by the socket in the pod and only there.
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
    // Drivers of Java and Go send it at the start; it does not matter for a pool.
    ["ignore_startup_parameters", "extra_float_digits"],
    // After a failover the new server is tried at once and not after PgBouncer's 15 s.
    ["server_login_retry", 1],
    ["server_connect_timeout", 5],
    ["query_wait_timeout", 120],
    // A server that is gone without a word is noticed within 25 s.
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

/** The file with the line of a watched database. @internal */
export function databaseFile(name: string): string {
  return `database-${name}.ini`;
}

/** The file of a watched database, with the server as configured. @internal */
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
    // The user of auth_query has a pool of its own in each database; together they stay within the budget.
    `max_db_connections=${size + (props.authQuery ? 1 : 0)}`,
  ];
  // Entries' names need no quotes, and PgBouncer 1.18 takes none in this place.
  return `${entry.name} = ${parts.join(" ")}`;
}

/** `hba.conf`: each user for the entries of its component, and for nothing else. @internal */
export function hbaConf(entries: ResolvedEntry[], tls: boolean): string {
  const type = tls ? "hostssl" : "host";
  const lines = entries.flatMap((entry) =>
    ["0.0.0.0/0", "::/0"].map(
      (from) =>
        `${type} ${quoteIdentifier(entry.name)} ${quoteIdentifier(entry.login.username)} ${from} scram-sha-256`,
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

/** `userlist.txt` as a secret, and what it is made of. @internal */
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
      // A line break at the end of a stored password is the most common cause of a failed log-in.
      terraformCall("replace", terraformCall("trimspace", login.password?.writeOnly()), '"', '""'),
    ),
  );
  // A user with an empty password can log in by the trusted socket only.
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

/** The certificate authorities of several servers in one text; not set when all are public ones. @internal */
export function joinedCertificates(servers: IDatabaseServer[]): string | undefined {
  const texts = [...new Set(servers.flatMap((server) => server.tls.caCertificatesPem ?? []))];
  if (texts.length === 0) return undefined;
  return texts.map((pem) => `${isResolved(pem) ? pem.trim() : terraformCall("trimspace", pem)}\n`).join("");
}
