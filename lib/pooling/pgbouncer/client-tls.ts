/**
 * How clients reach the pooler. There is no default: whoever wants plain connections has to say so.
 *
 * @example
 * ClientTls.fromSecret("pgbouncer-tls", clusterCaPem);
 */
export class ClientTls {
  /**
   * TLS with a certificate that is in the namespace already, such as one of cert-manager, and no connection without it.
   *
   * @param secretName a secret of the type `kubernetes.io/tls`, with `tls.crt` and `tls.key`; the certificate has to name
   * `<pooler>.<namespace>.svc`. A renewed one is used without a restart.
   * @param caCertificatesPem who signed it, as PEM text; may be a token. @default - an authority that every system trusts
   */
  public static fromSecret(secretName: string, caCertificatesPem?: string): ClientTls {
    return new ClientTls(secretName, caCertificatesPem);
  }

  /** No TLS between clients and the pooler: passwords are still not sent in clear (SCRAM), data is. */
  public static none(): ClientTls {
    return new ClientTls(undefined, undefined);
  }

  /** The secret with the certificate; not set without TLS. */
  public readonly secretName?: string;
  /** Who signed the certificate. */
  public readonly caCertificatesPem?: string;

  private constructor(secretName: string | undefined, caCertificatesPem: string | undefined) {
    this.secretName = secretName;
    this.caCertificatesPem = caCertificatesPem;
  }
}
