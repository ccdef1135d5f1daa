import type { StorageProps } from "../../database";
import { checkStorageSizes, isResolved, refuseProvisionedIo, type SynthChecks } from "../../database/private";
import { RDS_AUTOSCALING, RDS_GP3 } from "./data/storage-limits";

/**
 * Reports gp3 storage that RDS refuses.
 *
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Storage.html
 * @internal
 */
export function checkRdsStorage(checks: SynthChecks, storage: StorageProps): void {
  const { sizeGiB, maxSizeGiB, iops, throughputMiBps } = storage;
  const { minRatio, advisedRatio } = RDS_AUTOSCALING;
  checkStorageSizes(checks, storage, { ...RDS_GP3, minGrowthRatio: minRatio });
  if (isResolved([sizeGiB, maxSizeGiB]) && maxSizeGiB !== undefined) {
    const advised = Math.ceil(sizeGiB * advisedRatio);
    if (maxSizeGiB >= sizeGiB * minRatio && maxSizeGiB < advised) {
      checks.warn(
        `storage.maxSizeGiB is ${maxSizeGiB}, less than 26 % above storage.sizeGiB (${sizeGiB}): RDS may not find room for ` +
          `one step of autoscaling; set ${advised} or more`,
        "storage.maxSizeGiB",
      );
    }
  }
  if (isResolved(sizeGiB) && sizeGiB < RDS_GP3.thresholdGiB) {
    refuseProvisionedIo(
      checks,
      storage,
      `must be left out: gp3 storage under ${RDS_GP3.thresholdGiB} GiB has ${RDS_GP3.fixedIops} IOPS and ${RDS_GP3.fixedThroughputMiBps} MiB/s; set storage.sizeGiB to ${RDS_GP3.thresholdGiB} or more to provision them`,
    );
    return;
  }
  const { minIops, maxIops, minThroughputMiBps, maxThroughputMiBps, maxThroughputPerIops } = RDS_GP3;
  checks.wholeNumber("storage.iops", iops, minIops, maxIops);
  checks.wholeNumber(
    "storage.throughputMiBps",
    throughputMiBps,
    minThroughputMiBps,
    maxThroughputMiBps,
    "MiB/s",
  );
  const effectiveIops = iops ?? minIops;
  if (isResolved(effectiveIops)) {
    const most = Math.floor(effectiveIops * maxThroughputPerIops);
    checks.check(
      "storage.throughputMiBps",
      throughputMiBps,
      () => (throughputMiBps as number) <= most,
      `must be at most ${most}, a quarter of storage.iops (${effectiveIops}); increase storage.iops`,
    );
  }
}
