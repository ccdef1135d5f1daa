// Storage of an instance: capacity, and automatic storage increase.

import { Op, type Precondition } from "cdktf";
import type { StorageProps } from "../../database";
import { checkStorageSizes, isResolved, refuseProvisionedIo, type SynthChecks } from "../../database/private";
import { CLOUD_SQL_DISK } from "./data/storage-limits";

/**
 * Refuses storage that Cloud SQL refuses.
 *
 * @see https://cloud.google.com/sql/docs/postgres/instance-settings
 * @internal
 */
export function checkCloudSqlStorage(checks: SynthChecks, storage: StorageProps): void {
  checkStorageSizes(checks, storage, CLOUD_SQL_DISK);
  refuseProvisionedIo(
    checks,
    storage,
    "must be left out: Cloud SQL derives it from the size of an SSD disk; increase storage.sizeGiB for more",
  );
}

/** True if automatic storage increase is enabled. @internal */
export function grows({ maxSizeGiB }: StorageProps): boolean {
  return maxSizeGiB !== undefined;
}

/** Preconditions of storage sizes that only Terraform knows. @internal */
export function storagePreconditions({ sizeGiB, maxSizeGiB }: StorageProps): Precondition[] {
  const conditions: Precondition[] = [];
  if (!isResolved(sizeGiB)) {
    conditions.push({
      condition: Op.gte(sizeGiB, CLOUD_SQL_DISK.minGiB),
      errorMessage: `storage.sizeGiB must be at least ${CLOUD_SQL_DISK.minGiB} on Cloud SQL.`,
    });
  }
  if (maxSizeGiB !== undefined && !isResolved([sizeGiB, maxSizeGiB])) {
    conditions.push({
      condition: Op.gt(maxSizeGiB, sizeGiB),
      errorMessage: "storage.maxSizeGiB must be more than storage.sizeGiB.",
    });
  }
  return conditions;
}
