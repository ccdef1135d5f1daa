/** The authorities of RDS that can sign a server's certificate; each region has its own root for each of them. */
export class RdsCertificateAuthority {
  /** RSA with 2048 bits, valid until 2061: what RDS takes by default. */
  public static readonly RSA2048_G1 = new RdsCertificateAuthority("rds-ca-rsa2048-g1");
  /** RSA with 4096 bits, valid until 2121. */
  public static readonly RSA4096_G1 = new RdsCertificateAuthority("rds-ca-rsa4096-g1");
  /** An elliptic curve with 384 bits, valid until 2121. */
  public static readonly ECC384_G1 = new RdsCertificateAuthority("rds-ca-ecc384-g1");

  /**
   * An authority that has no constant here; its certificates have to be given with `caCertificatesPem`.
   *
   * @param identifier the name as RDS writes it, such as `rds-ca-rsa2048-g1`.
   */
  public static of(identifier: string): RdsCertificateAuthority {
    return new RdsCertificateAuthority(identifier);
  }

  /** The name as RDS writes it, such as `rds-ca-rsa2048-g1`. */
  public readonly identifier: string;

  private constructor(identifier: string) {
    this.identifier = identifier;
  }
}
