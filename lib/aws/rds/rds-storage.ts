import type { DbInstanceConfig } from "@cdktf/provider-aws/lib/db-instance";
import { conditional, Op, Token } from "cdktf";
import type { DatabaseEngine, StorageProps } from "../../database";
import {
  checkStorageSizes,
  isResolved,
  refuseProvisionedIo,
  type SynthChecks,
  terraformCall,
} from "../../database/private";
import { RDS_AUTOSCALING, RDS_GP3 } from "./data/storage-limits";

/**
 * The storage arguments of an instance. From the threshold on, IOPS and throughput are written even if the user gives none: the
 * provider keeps those of the smaller volume otherwise, and RDS refuses the larger volume with them
 * (hashicorp/terraform-provider-aws#28382).
 *
 * @internal
 */
export function rdsStorage(
  engine: DatabaseEngine,
  storage: StorageProps,
): Pick<DbInstanceConfig, "allocatedStorage" | "maxAllocatedStorage" | "iops" | "storageThroughput"> {
  const { sizeGiB, maxSizeGiB, iops, throughputMiBps } = storage;
  const threshold = RDS_GP3.thresholdGiB[engine.family];
  const fromThreshold = (least: number): number | undefined => {
    if (isResolved(sizeGiB)) return sizeGiB >= threshold ? least : undefined;
    const reached = Op.gte(terraformCall("tonumber", sizeGiB), threshold);
    return Token.asNumber(conditional(reached, least, Token.nullValue()));
  };
  return {
    allocatedStorage: sizeGiB,
    maxAllocatedStorage: maxSizeGiB,
    iops: iops ?? fromThreshold(RDS_GP3.minIops),
    storageThroughput: throughputMiBps ?? fromThreshold(RDS_GP3.minThroughputMiBps),
  };
}

/**
 * Reports gp3 storage that RDS refuses.
 *
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Storage.html
 * @internal
 */
export function checkRdsStorage(checks: SynthChecks, engine: DatabaseEngine, storage: StorageProps): void {
  const threshold = RDS_GP3.thresholdGiB[engine.family];
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
  if (isResolved(sizeGiB) && sizeGiB < threshold) {
    refuseProvisionedIo(
      checks,
      storage,
      `must be left out: gp3 storage under ${threshold} GiB has ${RDS_GP3.fixedIops} IOPS and ${RDS_GP3.fixedThroughputMiBps} MiB/s; set storage.sizeGiB to ${threshold} or more to provision them`,
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
