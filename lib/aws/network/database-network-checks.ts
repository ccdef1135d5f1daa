import { isIPv4 } from "node:net";
import { Token } from "cdktf";
import type { SynthChecks } from "../../database/private";
import type { DatabaseNetworkProps } from "./database-network";

const SUBNET = /^subnet-[0-9a-f]+$/;
const ZONE = /^[a-z]{2}(-[a-z]+)+-\d[a-z]$/;

/**
 * Reports props that do not describe a network on which RDS can be created.
 *
 * @internal
 */
export function checkDatabaseNetwork(checks: SynthChecks, props: DatabaseNetworkProps): void {
  const { vpcId, subnetIds, cidrBlock, availabilityZones } = props;
  const isExistingVpc = vpcId !== undefined || subnetIds !== undefined;
  const isNewVpc = cidrBlock !== undefined || availabilityZones !== undefined;
  if (isExistingVpc === isNewVpc) {
    checks.fail(
      "vpcId",
      vpcId,
      `must be set with subnetIds for an existing VPC, and not set with cidrBlock and availabilityZones for a new one; give one of the two pairs`,
    );
    return;
  }
  if (isExistingVpc) {
    if (vpcId === undefined) checks.fail("vpcId", vpcId, "must be set together with subnetIds");
    if (subnetIds === undefined)
      checks.fail(
        "subnetIds",
        subnetIds,
        "must be set with vpcId; give private subnets in two or more Availability Zones, or an existing network with DatabaseNetwork.fromDatabaseNetworkAttributes (databaseNetwork of a reference architecture)",
      );
    checks.matches(
      "vpcId",
      vpcId,
      /^vpc-[0-9a-f]+$/,
      "must be the ID of a VPC, such as vpc-0a1b2c3d4e5f60001",
    );
    checkList(
      checks,
      "subnetIds",
      subnetIds,
      SUBNET,
      "subnet-0a1b2c3d4e5f60001",
      "RDS requires subnets in two Availability Zones",
    );
    return;
  }
  if (cidrBlock === undefined)
    checks.fail("cidrBlock", cidrBlock, "must be set together with availabilityZones");
  checks.check(
    "cidrBlock",
    cidrBlock,
    () => isIpv4Range(cidrBlock as string, 16, 24),
    "must be an IPv4 CIDR block between /16 and /24, such as 10.20.0.0/24",
  );
  if (availabilityZones === undefined) {
    checks.fail("availabilityZones", availabilityZones, "must be set together with cidrBlock");
  }
  checkList(
    checks,
    "availabilityZones",
    availabilityZones,
    ZONE,
    "eu-central-1a",
    "RDS requires two Availability Zones",
  );
}

function checkList(
  checks: SynthChecks,
  property: string,
  list: string[] | undefined,
  pattern: RegExp,
  example: string,
  reason: string,
): void {
  // A list token has one member, whatever its value will be.
  if (list === undefined || Token.isUnresolved(list)) return;
  const distinct = new Set(list);
  if (distinct.size < 2) checks.fail(property, list, `must have two members or more; ${reason}`);
  if (distinct.size < list.length) checks.fail(property, list, "must not have a member twice");
  for (const item of list)
    checks.matches(property, item, pattern, `must be a list of values such as ${example}`);
}

/**
 * True if a text is an IPv4 CIDR block with a prefix length between two limits.
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
