// The lock of a store that holds backups: long enough for what is kept, and one under which the backups can be written at all.

import { isResolved, type SynthChecks } from "../../database/private";
import { type IObjectStore, ObjectStoreKind } from "../../storage";

/** Backups in a store. @internal */
export interface LockedBackups {
  /** The property that gives the store, such as `store`. */
  readonly property: string;
  readonly store: IObjectStore;
  /** Days for which a backup is needed; undefined if they are not known. */
  readonly days?: number;
  /** The property that decides on the days, such as `keep`. */
  readonly retention: string;
  /** Object that each run writes again, such as `latest.json`. */
  readonly overwritten: string;
}

/**
 * Reports a lock that ends while a backup is needed, and a store that refuses the writes. S3 locks versions: objects are overwritten and
 * deleted under a lock, and their versions stay until it ends. A retention policy of Cloud Storage refuses to overwrite an object, and so
 * does an immutability policy of a container on Azure; one of versions does not.
 *
 * @see https://velero.io/docs/v1.18/backup-reference/#cannot-support-backup-data-immutability
 * @see https://cloud.google.com/storage/docs/bucket-lock
 * @see https://learn.microsoft.com/azure/storage/blobs/immutable-storage-overview
 * @internal
 */
export function checkStoreLock(checks: SynthChecks, backups: LockedBackups): void {
  const { property, store, days, retention, overwritten } = backups;
  const { lockDays } = store;
  if (lockDays === undefined) return;
  const name = `${property}.lockDays`;
  if (store.kind === ObjectStoreKind.GCS) {
    checks.fail(
      name,
      lockDays,
      `must not be set on Cloud Storage, whose retention policy also refuses to overwrite ${overwritten}; use a bucket without a policy, with Object Versioning or soft delete`,
    );
    return;
  }
  // An account of the program has a version-level policy, and says what protects it.
  if (store.kind === ObjectStoreKind.AZURE_BLOB && store.protections === undefined) {
    checks.warn(
      `${name}: only a version-level immutability policy works; one of the container also refuses to overwrite ${overwritten}`,
      "store.lockLevel",
    );
  }
  if (days === undefined || !isResolved([lockDays, days])) return;
  if (lockDays < days) {
    checks.fail(
      name,
      lockDays,
      `must be at least ${days}, the days for which ${retention} keeps a backup; otherwise the last backups can be deleted while they are needed: lock the store for longer, or keep fewer`,
    );
  } else if (lockDays > days) {
    checks.note(
      `${name}: versions of deleted backups stay until their lock ends, up to ${lockDays - days} days after ${retention} has deleted them`,
      "store.lockLonger",
    );
  }
}
