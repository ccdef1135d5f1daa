// Refusals and opt-outs of `BlobStorage`.

import type { Construct } from "constructs";
import { isResolved, type SynthChecks } from "../../database/private";
import { checkDeletionPolicy, checkPlacement, checkResourceId } from "../private/resource-checks";
import { checkVersionLock } from "./blob-lock";
import type { BlobStorageProps } from "./blob-storage";
import { checkStorageAccount } from "./storage-account";

/** Reports illegal properties of a storage account for blob containers, and records its opt-outs. @internal */
export function checkBlobStorage(scope: Construct, checks: SynthChecks, props: BlobStorageProps): void {
  const { network, deletionPolicy, allowedIpRanges = [], allowedSubnetIds = [] } = props;
  checkStorageAccount(scope, checks, props);
  const open = allowedIpRanges.length + allowedSubnetIds.length > 0;
  if (!network && !open) {
    checks.fail(
      "network",
      network,
      "must be set for a private endpoint; or set allowedSubnetIds or allowedIpRanges",
    );
  }
  checkPlacement(checks, props);
  checkVersionLock(checks, props);
  checks.check(
    "location",
    network && [props.location, network.location],
    () => props.location === undefined || sameRegion(props.location, network?.location),
    `must be the region of the network with the private endpoint, ${network?.location}`,
  );
  for (const subnet of isResolved(allowedSubnetIds) ? allowedSubnetIds : []) {
    checkResourceId(checks, "allowedSubnetIds", subnet, "subnets");
  }
  for (const range of isResolved(allowedIpRanges) ? allowedIpRanges : []) {
    checks.check(
      "allowedIpRanges",
      range,
      () => isPublicRange(range),
      "must be public IP addresses and CIDR ranges of /1 to /30, never the whole internet",
    );
  }
  if (open) {
    checks.optOut(
      "allowedIpRanges, allowedSubnetIds: enables public network access for these only",
      "network",
    );
  }
  if (props.sharedKeyAccess) {
    checks.optOut(
      "sharedKeyAccess: access keys give access to the whole account, and the provider keeps them in the state",
    );
  }
  checkDeletionPolicy(checks, deletionPolicy, "the account and its objects");
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
