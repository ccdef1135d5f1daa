import { isIPv4 } from "node:net";
import { Token } from "cdktf";
import type { SynthChecks } from "../../database/private";
import type { DatabaseNetworkProps } from "./database-network-props";

/**
 * Reports what a network is made of wrongly.
 *
 * @internal
 */
export function checkDatabaseNetwork(checks: SynthChecks, props: DatabaseNetworkProps): void {
  const { vpcId, subnetIds, cidrBlock, availabilityZones } = props;
  const existing = vpcId !== undefined || subnetIds !== undefined;
  const own = cidrBlock !== undefined || availabilityZones !== undefined;
  if (existing === own) {
    checks.fail(
      "vpcId",
      vpcId,
      "give either vpcId and subnetIds (an existing network), or cidrBlock and availabilityZones (one of its own)",
    );
    return;
  }
  if (existing) {
    if (vpcId === undefined) checks.fail("vpcId", vpcId, "it belongs to subnetIds");
    if (subnetIds === undefined) checks.fail("subnetIds", subnetIds, "it belongs to vpcId");
    checks.matches(
      "vpcId",
      vpcId,
      /^vpc-[0-9a-f]+$/,
      "allowed is the id of a VPC, such as vpc-0a1b2c3d4e5f60001",
    );
    checkList(
      checks,
      "subnetIds",
      subnetIds,
      SUBNET,
      "subnet-0a1b2c3d4e5f60001",
      "RDS demands two zones or more",
    );
    return;
  }
  if (cidrBlock === undefined) checks.fail("cidrBlock", cidrBlock, "it belongs to availabilityZones");
  checks.check(
    "cidrBlock",
    cidrBlock,
    () => isIpv4Range(cidrBlock as string, 16, 24),
    "allowed is an IPv4 range between /16 and /24, such as 10.20.0.0/24",
  );
  if (availabilityZones === undefined)
    checks.fail("availabilityZones", availabilityZones, "it belongs to cidrBlock");
  checkList(checks, "availabilityZones", availabilityZones, ZONE, "eu-central-1a", "RDS demands two or more");
}

function checkList(
  checks: SynthChecks,
  property: string,
  list: string[] | undefined,
  pattern: RegExp,
  example: string,
  atLeast: string,
): void {
  // A list token has one member, whatever it stands for.
  if (list === undefined || Token.isUnresolved(list)) return;
  const distinct = new Set(list);
  if (distinct.size < 2) checks.fail(property, list, `name two or more: ${atLeast}`);
  if (distinct.size < list.length) checks.fail(property, list, "each may be named once");
  for (const item of list) checks.matches(property, item, pattern, `allowed are ids such as ${example}`);
}

/**
 * Reports an id that no security group can have.
 *
 * @internal
 */
export function checkSecurityGroup(checks: SynthChecks, property: string, id: string): void {
  checks.matches(
    property,
    id,
    SECURITY_GROUP,
    "allowed are ids of security groups, such as sg-0a1b2c3d4e5f60001",
  );
}

/**
 * Whether a text is a range of IPv4 addresses whose prefix is in the given limits.
 *
 * @internal
 */
export function isIpv4Range(text: string, minPrefix: number, maxPrefix: number): boolean {
  const [address = "", prefix = "", ...more] = text.split("/");
  return (
    more.length === 0 &&
    isIPv4(address) &&
    /^\d{1,2}$/.test(prefix) &&
    Number(prefix) >= minPrefix &&
    Number(prefix) <= maxPrefix
  );
}

const SECURITY_GROUP = /^sg-[0-9a-f]+$/;
const SUBNET = /^subnet-[0-9a-f]+$/;
const ZONE = /^[a-z]{2}(-[a-z]+)+-\d[a-z]$/;
