import { Cloud } from "./cloud";
import {
  AZURE_MYSQL_DISK,
  AZURE_POSTGRES_LADDER_MB,
  CLOUD_SQL_DISK,
  RDS_AUTOSCALING,
  RDS_GP3,
} from "./data/storage-limits";
import { type DatabaseEngine, EngineFamily } from "./engine";
import { isResolved } from "./private/is-resolved";
import type { SynthChecks } from "./private/synth-checks";

/** How much disk a server has and how far it may grow. */
export interface StorageProps {
  /**
   * The size at creation, in whole GiB; may be a token. It never shrinks; where the cloud grows it, the growth is not a
   * change in the plan. 20 to 65,536 on AWS, 10 to 65,536 on Google, 20 to 16,384 for MySQL on Azure; PostgreSQL on Azure has
   * steps from 32 to 32,767 and gets the next larger one.
   */
  readonly sizeGiB: number;
  /**
   * The size up to which the cloud may grow the disk by itself, in whole GiB; may be a token. Azure grows without a limit.
   * @default - the disk does not grow by itself
   */
  readonly maxSizeGiB?: number;
  /**
   * Provisioned I/O operations a second; may be a token. AWS from 400 GiB (12,000 to 64,000), MySQL on Azure (360 to 48,000).
   * @default - what the cloud gives for the size
   */
  readonly iops?: number;
  /**
   * Provisioned throughput in MiB a second; may be a token. AWS from 400 GiB (500 to 4,000, a quarter of `iops` at most).
   * @default - what the cloud gives for the size
   */
  readonly throughputMiBps?: number;
}

/**
 * Reports storage that the cloud would refuse.
 *
 * @param checks where to report.
 * @param cloud the cloud.
 * @param engine the engine, since Azure's limits differ by engine.
 * @param storage what the user asks for.
 */
export function checkStorage(
  checks: SynthChecks,
  cloud: Cloud,
  engine: DatabaseEngine,
  storage: StorageProps,
): void {
  switch (cloud) {
    case Cloud.AWS:
      checkGp3(checks, storage);
      break;
    case Cloud.GOOGLE:
      checkCloudSql(checks, storage);
      break;
    case Cloud.AZURE:
      if (engine.family === EngineFamily.POSTGRES) checkAzurePostgres(checks, storage);
      else checkAzureMysql(checks, storage);
      break;
  }
}

/**
 * The `storage_mb` of an Azure PostgreSQL server that holds at least a size, or nothing when there is none.
 *
 * @param sizeGiB the size asked for, in GiB; known at synth.
 */
export function azurePostgresStorageMb(sizeGiB: number): number | undefined {
  return AZURE_POSTGRES_LADDER_MB.find((mb) => mb >= sizeGiB * 1024);
}

function checkGp3(checks: SynthChecks, storage: StorageProps): void {
  const { sizeGiB, maxSizeGiB, iops, throughputMiBps } = storage;
  checkSizes(checks, storage, RDS_GP3.minGiB, RDS_GP3.maxGiB, RDS_AUTOSCALING.minRatio);
  if (isResolved([sizeGiB, maxSizeGiB]) && maxSizeGiB !== undefined) {
    const advised = Math.ceil(sizeGiB * RDS_AUTOSCALING.advisedRatio);
    if (maxSizeGiB >= sizeGiB * RDS_AUTOSCALING.minRatio && maxSizeGiB < advised) {
      checks.warn(
        `storage.maxSizeGiB is ${maxSizeGiB}, less than 26 % above storage.sizeGiB (${sizeGiB}): RDS may not find room for ` +
          `one step; take ${advised} or more`,
      );
    }
  }
  if (isResolved(sizeGiB) && sizeGiB < RDS_GP3.thresholdGiB) {
    refuse(
      checks,
      storage,
      `gp3 volumes under ${RDS_GP3.thresholdGiB} GiB have a fixed ${RDS_GP3.fixedIops} IOPS and ${RDS_GP3.fixedThroughputMiBps} MiB/s; ` +
        `leave it out or make storage.sizeGiB at least ${RDS_GP3.thresholdGiB}`,
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
      `allowed is a quarter of storage.iops (${effectiveIops}), so ${most}; raise storage.iops`,
    );
  }
}

function checkCloudSql(checks: SynthChecks, storage: StorageProps): void {
  checkSizes(checks, storage, CLOUD_SQL_DISK.minGiB, CLOUD_SQL_DISK.maxGiB);
  refuse(
    checks,
    storage,
    "Cloud SQL derives it from the size of an SSD disk; leave it out and take a larger disk",
  );
}

function checkAzureMysql(checks: SynthChecks, storage: StorageProps): void {
  const { minGiB, maxGiB, minIops, maxIops } = AZURE_MYSQL_DISK;
  checkSizes(checks, storage, minGiB, maxGiB);
  checks.wholeNumber("storage.iops", storage.iops, minIops, maxIops);
  refuse(
    checks,
    { sizeGiB: storage.sizeGiB, throughputMiBps: storage.throughputMiBps },
    "Azure derives it from the machine; leave it out",
  );
  warnUnlimited(checks, storage);
}

function checkAzurePostgres(checks: SynthChecks, storage: StorageProps): void {
  const ladder = AZURE_POSTGRES_LADDER_MB.map((mb) => mb / 1024);
  const largest = Math.max(...ladder);
  checkSizes(checks, storage, 1, largest);
  refuse(checks, storage, "Azure derives it from the storage tier; leave it out");
  warnUnlimited(checks, storage);
  const { sizeGiB } = storage;
  if (!isResolved(sizeGiB) || !(sizeGiB >= 1)) return;
  const rounded = (azurePostgresStorageMb(sizeGiB) ?? 0) / 1024;
  if (rounded > sizeGiB * 2) {
    checks.fail(
      "storage.sizeGiB",
      sizeGiB,
      `Azure's sizes are ${ladder.join(", ")} GiB, and the next one is more than double; take ${rounded}`,
    );
  } else if (rounded > sizeGiB) {
    checks.warn(
      `storage.sizeGiB is ${sizeGiB}: Azure's sizes are ${ladder.join(", ")} GiB, so the server gets ${rounded}`,
    );
  }
}

/** Both sizes within the cloud's range, and room to grow between them; without room the clouds refuse the growth limit. */
function checkSizes(checks: SynthChecks, storage: StorageProps, min: number, max: number, ratio = 1): void {
  const { sizeGiB, maxSizeGiB } = storage;
  checks.wholeNumber("storage.sizeGiB", sizeGiB, min, max, "GiB");
  checks.wholeNumber("storage.maxSizeGiB", maxSizeGiB, min, max, "GiB");
  if (!isResolved(sizeGiB) || Number.isNaN(sizeGiB)) return;
  // Rounded first: 110 is "10 % above 100" though 100 x 1.1 is a little more in a computer's arithmetic.
  const least = Math.max(Math.ceil(Number((sizeGiB * ratio).toFixed(6))), sizeGiB + 1);
  checks.check(
    "storage.maxSizeGiB",
    maxSizeGiB,
    () => (maxSizeGiB as number) >= least,
    ratio > 1
      ? `RDS wants it at least 10 % above storage.sizeGiB (${sizeGiB}), so ${least} or more; leave it out for a disk that does not grow`
      : `allowed is more than storage.sizeGiB (${sizeGiB}); leave it out for a disk that does not grow`,
  );
}

function refuse(checks: SynthChecks, storage: StorageProps, rule: string): void {
  if (storage.iops !== undefined) checks.fail("storage.iops", storage.iops, rule);
  if (storage.throughputMiBps !== undefined) {
    checks.fail("storage.throughputMiBps", storage.throughputMiBps, rule);
  }
}

function warnUnlimited(checks: SynthChecks, { maxSizeGiB }: StorageProps): void {
  if (maxSizeGiB === undefined) return;
  checks.warn(
    "storage.maxSizeGiB: Azure lets a disk grow or not, and knows no limit; the number turns growth on, no more",
  );
}
