import type { StorageProps } from "../storage";
import { isResolved } from "./is-resolved";
import type { Rule, SynthChecks } from "./synth-checks";

/** Range of a cloud's storage sizes, in GiB. */
export interface StorageRange {
  /** Minimum size. */
  readonly minGiB: number;
  /** Maximum size. */
  readonly maxGiB: number;
  /** Minimum ratio of `maxSizeGiB` to `sizeGiB`. @default 1: any larger size */
  readonly minGrowthRatio?: number;
}

/** Reports sizes outside of a cloud's range, and a limit of autoscaling that leaves no room to grow, which clouds refuse. */
export function checkStorageSizes(checks: SynthChecks, storage: StorageProps, range: StorageRange): void {
  const { sizeGiB, maxSizeGiB } = storage;
  const { minGiB, maxGiB, minGrowthRatio = 1 } = range;
  checks.wholeNumber("storage.sizeGiB", sizeGiB, minGiB, maxGiB, "GiB");
  checks.wholeNumber("storage.maxSizeGiB", maxSizeGiB, minGiB, maxGiB, "GiB");
  if (!isResolved(sizeGiB) || Number.isNaN(sizeGiB)) return;
  // Rounded first: 110 is "10 % above 100" though 100 x 1.1 is a little more in floating point.
  const least = Math.max(Math.ceil(Number((sizeGiB * minGrowthRatio).toFixed(6))), sizeGiB + 1);
  const percent = Math.round((minGrowthRatio - 1) * 100);
  checks.check(
    "storage.maxSizeGiB",
    maxSizeGiB,
    () => (maxSizeGiB as number) >= least,
    minGrowthRatio > 1
      ? `must be ${least} or more, ${percent} % above storage.sizeGiB; leave it out to disable storage autoscaling`
      : `must be more than storage.sizeGiB (${sizeGiB}); leave it out to disable storage autoscaling`,
  );
}

/** Reports IOPS and throughput on storage where they cannot be provisioned. */
export function refuseProvisionedIo(
  checks: SynthChecks,
  storage: Pick<StorageProps, "iops" | "throughputMiBps">,
  rule: Rule,
): void {
  if (storage.iops !== undefined) checks.fail("storage.iops", storage.iops, rule);
  if (storage.throughputMiBps !== undefined) {
    checks.fail("storage.throughputMiBps", storage.throughputMiBps, rule);
  }
}
