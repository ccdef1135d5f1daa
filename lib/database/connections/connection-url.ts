// Connection URLs that are valid for every legal name and password, also for those known only at apply: Go's parser refuses or
// changes `# % ? / [ ]` and more if they are not encoded.

import type { IDatabase } from "../database-server";
import { EngineFamily } from "../engine";
import { isResolved } from "../private/is-resolved";
import { terraformCall } from "../private/terraform-expression";
import { SecretValue } from "../secret-value";
import { SslMode } from "../tls-trust";

/** Options of a connection URL. */
export interface ConnectionUrlOptions {
  /**
   * SSL mode; always written, because drivers have different defaults.
   *
   * @see https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNECT-SSLMODE
   * @see https://dev.mysql.com/doc/refman/8.4/en/connection-options.html#option_general_ssl-mode
   */
  readonly sslMode: SslMode;
  /**
   * Path of the file with CA certificates, in the client's file system. @default - the system's CAs
   *
   * @see https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNECT-SSLROOTCERT
   * @see https://dev.mysql.com/doc/refman/8.4/en/connection-options.html#option_general_ssl-ca
   */
  readonly sslRootCert?: string;
  /**
   * Path of the client certificate. @default - none
   *
   * @see https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNECT-SSLCERT
   * @see https://dev.mysql.com/doc/refman/8.4/en/connection-options.html#option_general_ssl-cert
   */
  readonly sslCert?: string;
  /**
   * Path of the client's private key. @default - none
   *
   * @see https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNECT-SSLKEY
   * @see https://dev.mysql.com/doc/refman/8.4/en/connection-options.html#option_general_ssl-key
   */
  readonly sslKey?: string;
  /**
   * Schema search path (PostgreSQL only). @default - the search path of the login
   *
   * @see https://www.postgresql.org/docs/current/runtime-config-client.html#GUC-SEARCH-PATH
   */
  readonly searchPath?: string;
}

// MySQL's names ("Connecting to the Server Using URI-Like Strings"), which MySQL Shell and Oracle's connectors accept.
const MYSQL_SSL_MODES: { readonly [mode in SslMode]: string } = {
  [SslMode.DISABLE]: "DISABLED",
  [SslMode.REQUIRE]: "REQUIRED",
  [SslMode.VERIFY_CA]: "VERIFY_CA",
  [SslMode.VERIFY_FULL]: "VERIFY_IDENTITY",
};

/**
 * Connection URL of a database without a password, for authentication with a cloud identity or a password from another source.
 * May be a token.
 *
 * @param database the database, its owner and its server.
 * @param options TLS and schema.
 * @throws Error when a search path is set for MySQL.
 */
export function connectionUrl(database: IDatabase, options: ConnectionUrlOptions): string {
  return url(database, percentEncoded(database.owner.username), options);
}

/**
 * Connection URL of a database with the owner's password, as a secret: usable in write-only arguments only.
 *
 * @param database the database, whose owner has a password.
 * @param options TLS and schema.
 * @throws Error when the owner has no password, or a search path is set for MySQL.
 */
export function connectionUrlWithPassword(database: IDatabase, options: ConnectionUrlOptions): SecretValue {
  const { password, username } = database.owner;
  if (!password) {
    throw new Error(
      `[${database.node.path}] DB-OWNER: owner must have a password (got ${username} without one); use connectionUrl`,
    );
  }
  // A line break at the end of a stored password is the most common cause of a failed log-in.
  const secret = percentEncoded(terraformCall("trimspace", password.writeOnly()));
  return SecretValue.fromEphemeral(url(database, `${percentEncoded(username)}:${secret}`, options), {
    version: password.version,
    dependables: password.dependables,
  });
}

/**
 * A text percent-encoded for any part of a URL, at synth or, for a token, by Terraform.
 *
 * @param text the text; may be a token.
 */
export function percentEncoded(text: string): string {
  if (isResolved(text))
    return encodeURIComponent(text).replace(
      /[!'()*]/g,
      (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
    );
  // urlencode() writes a space as "+", which URL parsers leave alone outside a query; a real "+" is "%2B" by then.
  return terraformCall("replace", terraformCall("urlencode", text), "+", "%20");
}

function url(database: IDatabase, userInfo: string, options: ConnectionUrlOptions): string {
  const { endpoint, engine } = database.server;
  const postgres = engine.family === EngineFamily.POSTGRES;
  const host =
    isResolved(endpoint.host) && endpoint.host.includes(":") ? `[${endpoint.host}]` : endpoint.host;
  const query = (postgres ? postgresQuery(options) : mysqlQuery(database, options))
    .filter((pair): pair is [string, string] => pair[1] !== undefined)
    .map(([name, value]) => `${name}=${value}`);
  const scheme = postgres ? "postgres" : "mysql";
  return `${scheme}://${userInfo}@${host}:${endpoint.port}/${percentEncoded(database.databaseName)}?${query.join("&")}`;
}

type Query = [string, string | undefined][];

function postgresQuery(options: ConnectionUrlOptions): Query {
  // Slashes are legal in a query and a file's path reads better with them.
  const readable = (text: string | undefined) =>
    text !== undefined && isResolved(text) ? percentEncoded(text).replace(/%2F/g, "/") : encoded(text);
  return [
    ["sslmode", options.sslMode],
    ["sslrootcert", readable(options.sslRootCert)],
    ["sslcert", readable(options.sslCert)],
    ["sslkey", readable(options.sslKey)],
    ["search_path", encoded(options.searchPath)],
  ];
}

function mysqlQuery(database: IDatabase, options: ConnectionUrlOptions): Query {
  if (options.searchPath !== undefined) {
    throw new Error(
      `[${database.node.path}] DB-SEARCH-PATH: searchPath must be left out for MySQL, which has no schemas inside a database`,
    );
  }
  return [
    ["ssl-mode", MYSQL_SSL_MODES[options.sslMode]],
    ["ssl-ca", encoded(options.sslRootCert)],
    ["ssl-cert", encoded(options.sslCert)],
    ["ssl-key", encoded(options.sslKey)],
  ];
}

function encoded(text: string | undefined): string | undefined {
  return text === undefined ? undefined : percentEncoded(text);
}
