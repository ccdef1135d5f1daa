import type { SecretValue } from "./secret-value";

/**
 * How a client verifies the server, in the terms of libpq, weakest first.
 *
 * @see https://www.postgresql.org/docs/current/libpq-ssl.html
 */
export enum SslMode {
  /** No TLS. */
  DISABLE = "disable",
  /** TLS without verification of the certificate; does not prevent man-in-the-middle attacks. */
  REQUIRE = "require",
  /** TLS with a certificate that a trusted CA signed. */
  VERIFY_CA = "verify-ca",
  /** TLS with a certificate that a trusted CA signed for the host name of the connection. */
  VERIFY_FULL = "verify-full",
}

/** Client certificate for mutual TLS. */
export interface ClientCertificate {
  /** Certificate as PEM text; may be a token. */
  readonly certificatePem: string;
  /** Private key as PEM text. */
  readonly privateKeyPem: SecretValue;
}

/** TLS settings of a server that clients need to verify it. */
export interface TlsTrust {
  /** True if the server supports TLS; a pooler inside the cluster may not. @default true */
  readonly offered?: boolean;
  /** True if the server refuses connections without TLS. */
  readonly enforced: boolean;
  /**
   * CA certificates that verify the server certificate, as PEM text; may be a token.
   * @default - the public CAs of the client's system
   */
  readonly caCertificatesPem?: string;
  /** True if the certificate's SAN includes the endpoint's host, so that `verify-full` succeeds. */
  readonly hostnameVerifiable: boolean;
  /** Client certificate, for servers that require one. @default - none */
  readonly clientCertificate?: ClientCertificate;
}

/** The strictest SSL mode with which clients of a server can connect. */
export function strictestSslMode(trust: TlsTrust): SslMode {
  if (trust.offered === false) return SslMode.DISABLE;
  return trust.hostnameVerifiable ? SslMode.VERIFY_FULL : SslMode.VERIFY_CA;
}
