import type { StorageProps } from "../../database";
import { checkStorageSizes, refuseProvisionedIo, type SynthChecks } from "../../database/private";
import { CLOUD_SQL_DISK } from "./data/storage-limits";

/**
 * Reports storage that Cloud SQL refuses.
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
