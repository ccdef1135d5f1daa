// What a server demands of its clients, and what they have to trust.

/** Whom a server lets in, as far as TLS goes. */
export enum TlsMode {
  /** Only connections with TLS. */
  ENCRYPTED = "ENCRYPTED_ONLY",
  /** Only connections with TLS and a client certificate of the server's; the Auth Proxy has one by itself. */
  MUTUAL = "TRUSTED_CLIENT_CERTIFICATE_REQUIRED",
  /** Everybody, also without TLS. Recorded as an opt-out. */
  OPTIONAL = "ALLOW_UNENCRYPTED_AND_ENCRYPTED",
}

/** Who signs a server's certificate. */
export class CloudSqlCertificateAuthority {
  /** An authority of the server's own. Its certificate names no host, so clients check the authority only (`verify-ca`). */
  public static readonly PER_INSTANCE = new CloudSqlCertificateAuthority("GOOGLE_MANAGED_INTERNAL_CA");
  /** Google's authority for the region. The certificate names the server's DNS name, so clients check that too (`verify-full`). */
  public static readonly REGIONAL = new CloudSqlCertificateAuthority("GOOGLE_MANAGED_CAS_CA");

  /**
   * An authority of yours in Google's Certificate Authority Service; clients check the host name too (`verify-full`).
   *
   * @param pool the pool, as `projects/PROJECT/locations/REGION/caPools/POOL`; it has to be in the server's region.
   */
  public static pool(pool: string): CloudSqlCertificateAuthority {
    return new CloudSqlCertificateAuthority("CUSTOMER_MANAGED_CAS_CA", pool);
  }

  /** The mode as Cloud SQL writes it. */
  public readonly mode: string;
  /** The pool of an authority of yours. */
  public readonly caPool?: string;

  private constructor(mode: string, caPool?: string) {
    this.mode = mode;
    this.caPool = caPool;
  }

  /** Whether the server's certificate names its DNS name (Cloud SQL "authorize-ssl"; not tried against a server). */
  public get hostnameVerifiable(): boolean {
    return this.mode !== "GOOGLE_MANAGED_INTERNAL_CA";
  }
}
