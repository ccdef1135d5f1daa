// Version-level immutability policy of a storage account, and its checks.
//
// Period, states and their order: learn.microsoft.com "Time-based retention policies for immutable blob data" and the property
// ImmutabilityPolicyState of the storage API, read 2026-11: "A policy can only be created in a Disabled or Unlocked state". azurerm 4.55 replaces an
// account whose block is added or removed (lib/review/data/replacing-attributes.ts). Not run against Azure.

import type { StorageAccountImmutabilityPolicy } from "@cdktf/provider-azurerm/lib/storage-account";
import { DeletionPolicy } from "../../database";
import type { SynthChecks } from "../../database/private";
import type { BlobStorageProps } from "./blob-storage";

/** Longest period of an immutability policy, in days. @internal */
export const LOCK_DAYS = 146_000;

/**
 * State of an immutability policy.
 *
 * @see https://learn.microsoft.com/azure/storage/blobs/immutable-time-based-retention-policy-overview
 */
export enum BlobLockState {
  /** Identities with the right to write the account can shorten the period. */
  UNLOCKED = "Unlocked",
  /** No identity can shorten the period; irreversible. */
  LOCKED = "Locked",
}

/** The `immutability_policy` block. @internal */
export function versionLock({
  lockDays,
  lockState,
}: BlobStorageProps): StorageAccountImmutabilityPolicy | undefined {
  if (lockDays === undefined) return undefined;
  return {
    periodSinceCreationInDays: lockDays,
    state: lockState ?? BlobLockState.UNLOCKED,
    allowProtectedAppendWrites: false,
  };
}

/** @internal */
export function checkVersionLock(checks: SynthChecks, props: BlobStorageProps): void {
  const { lockDays, lockState, deletionPolicy } = props;
  if (lockDays === undefined) {
    checks.check("lockState", lockState, () => false, "must be left out without lockDays, or set lockDays");
    return;
  }
  checks.wholeNumber("lockDays", lockDays, 1, LOCK_DAYS, "days");
  if (lockState !== BlobLockState.LOCKED) return;
  if (deletionPolicy === DeletionPolicy.DELETE) {
    checks.fail(
      "deletionPolicy",
      deletionPolicy,
      "must be retain with a locked policy, since no identity can empty the account before the locks end",
    );
  }
  checks.note(
    "lockState: no identity can delete versions of blobs before the lock ends; irreversible",
    "lockState",
  );
}
