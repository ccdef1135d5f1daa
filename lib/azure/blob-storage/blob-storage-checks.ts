import { DeletionPolicy } from "../../database";
import { isResolved, type SynthChecks } from "../../database/private";
import { checkResourceId } from "../network/virtual-network-checks";
import type { BlobStorageProps } from "./blob-storage-props";
import { checkStorageAccount } from "./storage-account-settings";

/** Reports what Azure refuses, and writes down what is given up. @internal */
export function checkBlobStorage(checks: SynthChecks, props: BlobStorageProps): void {
  const { network, deletionPolicy, allowedIpRanges = [], allowedSubnetIds = [] } = props;
  checkStorageAccount(checks, props);
  const open = allowedIpRanges.length + allowedSubnetIds.length > 0;
  if (!network && !open) {
    checks.fail(
      "network",
      network,
      "nobody would reach the account; give the network for a private endpoint, or allowedSubnetIds or allowedIpRanges",
    );
  }
  checkPlace(checks, props);
  checks.check(
    "location",
    network && [props.location, network.location],
    () => props.location === undefined || sameRegion(props.location, network?.location),
    `the private endpoint is in the network's region, ${network?.location}`,
  );
  for (const subnet of isResolved(allowedSubnetIds) ? allowedSubnetIds : []) {
    checkResourceId(checks, "allowedSubnetIds", subnet, "subnets");
  }
  for (const range of isResolved(allowedIpRanges) ? allowedIpRanges : []) {
    checks.check(
      "allowedIpRanges",
      range,
      () => isPublicRange(range),
      "allowed are public addresses and CIDR ranges of /1 to /30, as Azure takes them; never the whole internet",
    );
  }
  if (open) {
    checks.optOut(
      "allowedIpRanges, allowedSubnetIds: the account has a public address, which answers to these only",
    );
  }
  if (props.sharedKeys) {
    checks.optOut("sharedKeys: the account's keys open all of it, and the provider keeps them in the state");
  }
  checkDeletionPolicy(checks, deletionPolicy, "the account and its objects are");
}

/** Reports a place that neither the user nor a network names. @internal */
export function checkPlace(
  checks: SynthChecks,
  props: Pick<BlobStorageProps, "network" | "resourceGroupName" | "location">,
): void {
  for (const property of ["resourceGroupName", "location"] as const) {
    if (!props.network && props[property] === undefined) {
      checks.fail(property, undefined, "name it, as there is no network to take it from");
    }
  }
}

/** @internal */
export function checkDeletionPolicy(
  checks: SynthChecks,
  policy: DeletionPolicy | undefined,
  what: string,
): void {
  if (policy === DeletionPolicy.SNAPSHOT) {
    checks.fail("deletionPolicy", policy, "there are no snapshots of it; allowed are retain and delete");
  }
  if (policy === DeletionPolicy.DELETE) {
    checks.optOut(`deletionPolicy: ${what} deleted when it leaves the program`);
  }
}

// Azure writes a region as `westeurope` and as `West Europe`.
function sameRegion(a: string, b: string | undefined): boolean {
  const plain = (text: string) => text.toLowerCase().replace(/ /g, "");
  return b === undefined || plain(a) === plain(b);
}

// learn.microsoft.com "Configure Azure Storage firewalls": /31 and /32 are written as addresses, private ranges are refused.
function isPublicRange(range: string): boolean {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})(?:\/(\d{1,2}))?$/.exec(range);
  if (!match) return false;
  const [a = 0, b = 0, c = 0, d = 0] = match.slice(1, 5).map(Number);
  const length = match[5] === undefined ? undefined : Number(match[5]);
  if ([a, b, c, d].some((part) => part > 255) || a === 0) return false;
  if (length !== undefined && (length < 1 || length > 30)) return false;
  return !(a === 10 || (a === 172 && b >= 16 && b <= 31) || (a === 192 && b === 168));
}
