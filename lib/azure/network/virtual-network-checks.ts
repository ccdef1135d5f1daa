// What both kinds of network check, and the arithmetic of address ranges.

import { isResolved, type SynthChecks, terraformCall } from "../../database/private";

const CIDR = /^(\d{1,3}\.){3}\d{1,3}\/(\d|[12]\d|3[0-2])$/;

/** What a network is made of, as both kinds of network take it. @internal */
export interface VirtualNetworkProps {
  readonly virtualNetworkId?: string;
  readonly subnetId?: string;
  readonly addressSpace?: string;
  readonly clients?: string[];
}

/** Reports a network that is neither an existing one nor one of its own, or half of both. @internal */
export function checkVirtualNetworkProps(checks: SynthChecks, props: VirtualNetworkProps): void {
  const { virtualNetworkId, subnetId, addressSpace, clients } = props;
  if (addressSpace === undefined) {
    if (virtualNetworkId === undefined) {
      checks.fail(
        "virtualNetworkId",
        virtualNetworkId,
        "name an existing network (virtualNetworkId and subnetId), or give addressSpace for a network of its own",
      );
    } else if (subnetId === undefined) {
      checks.fail("subnetId", subnetId, "an existing network needs the subnet too");
    }
    if (clients !== undefined) {
      checks.fail(
        "clients",
        clients,
        "it belongs to a network of its own (addressSpace); in an existing one the security group of your subnet decides",
      );
    }
  } else {
    for (const [name, value] of Object.entries({ virtualNetworkId, subnetId })) {
      if (value !== undefined)
        checks.fail(name, value, "leave it out when addressSpace makes a network of its own");
    }
  }
  checks.check(
    "addressSpace",
    addressSpace,
    () => isCidr(addressSpace as string) && inRange(prefixLength(addressSpace as string), 16, 24),
    "allowed is a CIDR range of /16 to /24 such as 10.20.0.0/24",
  );
  for (const client of isResolved(clients) ? (clients ?? []) : []) {
    checks.check(
      "clients",
      client,
      () => (isCidr(client) && prefixLength(client) > 0) || /^(\d{1,3}\.){3}\d{1,3}$/.test(client),
      "allowed are addresses and CIDR ranges such as 10.1.0.0/16; never the whole internet",
    );
  }
  if (clients?.length === 0) checks.fail("clients", clients, "nobody could connect; name at least one range");
  checkResourceId(checks, "virtualNetworkId", virtualNetworkId, "virtualNetworks");
  checkResourceId(checks, "subnetId", subnetId, "subnets");
}

/**
 * Reports what is not the resource id of a certain kind of resource.
 *
 * @param kind the collection in the id, such as `virtualNetworks`.
 * @internal
 */
export function checkResourceId(
  checks: SynthChecks,
  property: string,
  id: string | undefined,
  kind: string,
): void {
  checks.matches(
    property,
    id,
    new RegExp(`^/subscriptions/[^/]+/resourceGroups/[^/]+/providers/.+/${kind}/[^/]+$`, "i"),
    `it has to be a resource id, such as /subscriptions/.../${kind}/name`,
  );
}

/**
 * A part of an address range: four bits deeper, so that one of /20 gives subnets of /24.
 *
 * @param addressSpace the range; may be a token.
 * @param index which part, 0 to 15.
 * @internal
 */
export function subnetPrefix(addressSpace: string, index: number): string {
  return terraformCall("cidrsubnet", addressSpace, 4, index);
}

function isCidr(text: string): boolean {
  return (
    CIDR.test(text) &&
    text
      .split("/")[0]
      ?.split(".")
      .every((part) => Number(part) <= 255) === true
  );
}

function prefixLength(cidr: string): number {
  return Number(cidr.split("/")[1]);
}

function inRange(value: number, min: number, max: number): boolean {
  return value >= min && value <= max;
}
