// The one URL that applications such as Coder take. Written so that it is right for every legal name and password, also
// for those that only Terraform knows: Go's parser refuses or changes `# % ? / [ ]` and more when they are not encoded.

import { Fn } from "cdktf";
import type { IDatabase } from "./database-server";
import { EngineFamily } from "./engine";
import { isKnown } from "./known";
import { SecretValue } from "./secret-value";
import type { SslMode } from "./tls-trust";

/** What goes into a connection URL beside the database's own facts. */
export interface ConnectionUrlOptions {
  /** How the client checks the server; always written, since drivers disagree on the default. */
  readonly sslMode: SslMode;
  /** The file with the certificate authorities, in the client's file system. @default - the system's */
  readonly sslRootCert?: string;
  /** The file with the client certificate. @default - none */
  readonly sslCert?: string;
  /** The file with the client's private key. @default - none */
  readonly sslKey?: string;
  /** The schema that unqualified names refer to. @default - the login's own search path */
  readonly searchPath?: string;
}

/**
 * The URL of a database without a password, for identity log-in or a password from elsewhere. May be a token.
 *
 * @param database the database, its owner and its server.
 * @param options TLS and schema.
 */
export function connectionUrl(database: IDatabase, options: ConnectionUrlOptions): string {
  return url(database, percentEncoded(database.owner.username), options);
}

/**
 * The URL of a database with the owner's password in it, as a secret: usable in write-only arguments only.
 *
 * @param database the database, whose owner has a password.
 * @param options TLS and schema.
 * @throws Error when the owner has no password.
 */
export function connectionUrlWithPassword(database: IDatabase, options: ConnectionUrlOptions): SecretValue {
  const { password, username } = database.owner;
  if (!password) {
    throw new Error(
      `[${database.node.path}] the owner ${username} has no password, so there is no URL with one`,
    );
  }
  // A line break at the end of a stored password is the most common cause of a failed log-in.
  const encoded = percentEncoded(Fn.trimspace(password.writeOnly()));
  return SecretValue.fromEphemeral(url(database, `${percentEncoded(username)}:${encoded}`, options), {
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
  if (isKnown(text))
    return encodeURIComponent(text).replace(
      /[!'()*]/g,
      (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
    );
  // urlencode() writes a space as "+", which URL parsers leave alone outside a query; a real "+" is "%2B" by then.
  return Fn.replace(Fn.urlencode(text), "+", "%20");
}

function url(database: IDatabase, userInfo: string, options: ConnectionUrlOptions): string {
  const { endpoint, engine } = database.server;
  const scheme = engine.family === EngineFamily.POSTGRES ? "postgres" : "mysql";
  const host = isKnown(endpoint.host) && endpoint.host.includes(":") ? `[${endpoint.host}]` : endpoint.host;
  const query = [
    ["sslmode", options.sslMode],
    ["sslrootcert", options.sslRootCert],
    ["sslcert", options.sslCert],
    ["sslkey", options.sslKey],
    ["search_path", options.searchPath],
  ]
    .filter((pair): pair is [string, string] => pair[1] !== undefined)
    .map(([name, value]) => `${name}=${encodeQuery(value)}`);
  return `${scheme}://${userInfo}@${host}:${endpoint.port}/${percentEncoded(database.databaseName)}?${query.join("&")}`;
}

// Slashes are legal in a query and a file's path reads better with them.
function encodeQuery(value: string): string {
  return isKnown(value) ? percentEncoded(value).replace(/%2F/g, "/") : percentEncoded(value);
}
