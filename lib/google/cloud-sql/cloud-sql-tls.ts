// TLS of an instance: SSL mode, certificate authority, client certificate.

import type { SqlDatabaseInstance } from "@cdktf/provider-google/lib/sql-database-instance";
import { SqlSslCert } from "@cdktf/provider-google/lib/sql-ssl-cert";
import type { TerraformProvider } from "cdktf";
import type { Construct } from "constructs";
import { type ClientCertificate, SecretValue } from "../../database";
import { secretIdentity, terraformCall } from "../../database/private";

/**
 * SSL mode of an instance.
 *
 * @see https://cloud.google.com/sql/docs/postgres/configure-ssl-instance
 */
export enum TlsMode {
  /** Only connections with TLS. */
  ENCRYPTED = "ENCRYPTED_ONLY",
  /** Only connections with TLS and a client certificate of the instance; the Auth Proxy has one. */
  MUTUAL = "TRUSTED_CLIENT_CERTIFICATE_REQUIRED",
  /** All connections, also without TLS. Recorded as an opt-out. */
  OPTIONAL = "ALLOW_UNENCRYPTED_AND_ENCRYPTED",
}

/**
 * Server certificate authority (CA) mode of an instance.
 *
 * @see https://cloud.google.com/sql/docs/postgres/authorize-ssl
 */
export class CloudSqlCertificateAuthority {
  /** A CA per instance. The certificate includes no host name, so clients verify only the CA (`verify-ca`). */
  public static readonly PER_INSTANCE = new CloudSqlCertificateAuthority("GOOGLE_MANAGED_INTERNAL_CA");
  /** A regional CA of Google's. The certificate includes the instance's DNS name, so clients verify that too (`verify-full`). */
  public static readonly REGIONAL = new CloudSqlCertificateAuthority("GOOGLE_MANAGED_CAS_CA");

  /**
   * A customer-managed CA in Certificate Authority Service; clients verify the host name too (`verify-full`).
   *
   * @param pool the CA pool, as `projects/PROJECT/locations/REGION/caPools/POOL`, in the instance's region.
   */
  public static pool(pool: string): CloudSqlCertificateAuthority {
    return new CloudSqlCertificateAuthority("CUSTOMER_MANAGED_CAS_CA", pool);
  }

  /** The CA mode, as Cloud SQL writes it. */
  public readonly mode: string;
  /** CA pool of a customer-managed CA. */
  public readonly caPool?: string;

  private constructor(mode: string, caPool?: string) {
    this.mode = mode;
    this.caPool = caPool;
  }

  /** True if the server certificate includes the instance's DNS name (Cloud SQL "authorize-ssl"; not tried against an instance). */
  public get hostnameVerifiable(): boolean {
    return this.mode !== "GOOGLE_MANAGED_INTERNAL_CA";
  }
}

/** Creates a client certificate, whose private key Terraform's state contains. @internal */
export function createClientCertificate(
  scope: Construct,
  instance: SqlDatabaseInstance,
  version: number,
  options: { readonly project?: string; readonly provider?: TerraformProvider },
): SqlSslCert {
  return new SqlSslCert(scope, "ClientCertificate", {
    instance: instance.name,
    commonName: `clients-${version}`,
    // The new certificate exists before the old one stops working.
    lifecycle: { createBeforeDestroy: true },
    project: options.project,
    provider: options.provider,
  });
}

/** A client certificate for the contract of servers. @internal */
export function clientCertificateOf(certificate: SqlSslCert): ClientCertificate {
  return {
    certificatePem: terraformCall("nonsensitive", certificate.cert),
    privateKeyPem: SecretValue.fromEphemeral(certificate.privateKey, {
      // A certificate that is made anew has another key under the same number.
      version: secretIdentity(certificate.sha1Fingerprint),
      dependables: [certificate],
    }),
  };
}
