import type { SecretValue } from "./secret-value";

/** libpq's names for how a client checks the server, weakest first (postgresql.org, "SSL Support"). */
export enum SslMode {
  /** No TLS. */
  DISABLE = "disable",
  /** TLS without a check of the certificate: no protection against somebody in the middle. */
  REQUIRE = "require",
  /** TLS, and the certificate is signed by a trusted authority. */
  VERIFY_CA = "verify-ca",
  /** TLS, a trusted certificate, and the host name in it is the one connected to. */
  VERIFY_FULL = "verify-full",
}

/** A certificate by which a client proves who it is. */
export interface ClientCertificate {
  /** The certificate as PEM text; may be a token. */
  readonly certificatePem: string;
  /** The private key as PEM text. */
  readonly privateKeyPem: SecretValue;
}

/** What a client needs to trust a server. */
export interface TlsTrust {
  /** Whether the server speaks TLS at all; a pooler inside the cluster may not. @default true */
  readonly offered?: boolean;
  /** Whether the server refuses connections without TLS. */
  readonly enforced: boolean;
  /**
   * The certificate authorities that sign the server's certificate, as PEM text; may be a token.
   * @default - public authorities that every system trusts
   */
  readonly caCertificatesPem?: string;
  /** Whether the certificate names the endpoint's host, so that `verify-full` succeeds. */
  readonly hostnameVerifiable: boolean;
  /** The client certificate, for servers that demand one. @default - none */
  readonly clientCertificate?: ClientCertificate;
}

/** The strictest mode that succeeds with a server. */
export function strictestSslMode(trust: TlsTrust): SslMode {
  if (trust.offered === false) return SslMode.DISABLE;
  return trust.hostnameVerifiable ? SslMode.VERIFY_FULL : SslMode.VERIFY_CA;
}
