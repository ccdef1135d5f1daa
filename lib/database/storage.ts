import { Cloud } from "./cloud";
import {
  AZURE_MYSQL_DISK,
  AZURE_POSTGRES_LADDER_MB,
  CLOUD_SQL_DISK,
  RDS_AUTOSCALING,
  RDS_GP3,
} from "./data/storage-limits";
import { type DatabaseEngine, EngineFamily } from "./engine";
import { isKnown } from "./known";
import type { SynthChecks } from "./synth-checks";

/** How much disk a server has and how far it may grow. */
export interface StorageProps {
  /** The size at creation, in GiB. It never shrinks; where the cloud grows it, the growth is not a change in the plan. */
  readonly sizeGiB: number;
  /** The size up to which the cloud may grow the disk by itself, in GiB. @default - the disk does not grow by itself */
  readonly maxSizeGiB?: number;
  /** Provisioned I/O operations a second. @default - what the cloud gives for the size */
  readonly iops?: number;
  /** Provisioned throughput in MiB a second (AWS). @default - what the cloud gives for the size */
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
  if (isKnown(storage.sizeGiB) && storage.maxSizeGiB !== undefined) {
    checks.check(
      "storage.maxSizeGiB",
      storage.maxSizeGiB,
      () => (storage.maxSizeGiB as number) >= storage.sizeGiB,
      `allowed is at least storage.sizeGiB, ${storage.sizeGiB}`,
    );
  }
  if (cloud === Cloud.AWS) checkGp3(checks, storage);
  if (cloud === Cloud.GOOGLE) {
    checks.wholeNumber(
      "storage.sizeGiB",
      storage.sizeGiB,
      CLOUD_SQL_DISK.minGiB,
      CLOUD_SQL_DISK.maxGiB,
      "GiB",
    );
    refuse(
      checks,
      storage,
      "Cloud SQL derives it from the size of an SSD disk; leave it out and take a larger disk",
    );
  }
  if (cloud === Cloud.AZURE && engine.family === EngineFamily.MYSQL) {
    checks.wholeNumber(
      "storage.sizeGiB",
      storage.sizeGiB,
      AZURE_MYSQL_DISK.minGiB,
      AZURE_MYSQL_DISK.maxGiB,
      "GiB",
    );
    checks.wholeNumber("storage.iops", storage.iops, AZURE_MYSQL_DISK.minIops, AZURE_MYSQL_DISK.maxIops);
  }
  if (cloud === Cloud.AZURE && engine.family === EngineFamily.POSTGRES) checkAzurePostgres(checks, storage);
}

function checkGp3(checks: SynthChecks, storage: StorageProps): void {
  const { sizeGiB, maxSizeGiB, iops, throughputMiBps } = storage;
  checks.wholeNumber("storage.sizeGiB", sizeGiB, RDS_GP3.minGiB, RDS_GP3.maxGiB, "GiB");
  checks.wholeNumber("storage.maxSizeGiB", maxSizeGiB, RDS_GP3.minGiB, RDS_GP3.maxGiB, "GiB");
  if (maxSizeGiB !== undefined && isKnown(maxSizeGiB) && isKnown(sizeGiB) && maxSizeGiB > sizeGiB) {
    if (maxSizeGiB < sizeGiB * RDS_AUTOSCALING.minRatio) {
      const least = Math.ceil(sizeGiB * RDS_AUTOSCALING.minRatio);
      checks.fail(
        "storage.maxSizeGiB",
        maxSizeGiB,
        `RDS wants it at least 10 % above storage.sizeGiB, so ${least} or more`,
      );
    } else if (maxSizeGiB < sizeGiB * RDS_AUTOSCALING.advisedRatio) {
      checks.warn(
        `storage.maxSizeGiB is ${maxSizeGiB}, less than 26 % above storage.sizeGiB (${sizeGiB}): RDS may not find room for one step`,
      );
    }
  }
  if (!isKnown(sizeGiB)) return;
  if (sizeGiB < RDS_GP3.thresholdGiB) {
    refuse(
      checks,
      storage,
      `gp3 volumes under ${RDS_GP3.thresholdGiB} GiB have a fixed ${RDS_GP3.fixedIops} IOPS and ${RDS_GP3.fixedThroughputMiBps} MiB/s; ` +
        `leave it out or make storage.sizeGiB at least ${RDS_GP3.thresholdGiB}`,
    );
    return;
  }
  checks.wholeNumber("storage.iops", iops, RDS_GP3.minIops, RDS_GP3.maxIops);
  checks.wholeNumber(
    "storage.throughputMiBps",
    throughputMiBps,
    RDS_GP3.minThroughputMiBps,
    RDS_GP3.maxThroughputMiBps,
    "MiB/s",
  );
  if (iops !== undefined && isKnown(iops) && iops > sizeGiB * RDS_GP3.maxIopsPerGiB) {
    checks.fail(
      "storage.iops",
      iops,
      `allowed are ${RDS_GP3.maxIopsPerGiB} for each GiB, so ${sizeGiB * RDS_GP3.maxIopsPerGiB}`,
    );
  }
  const effectiveIops = iops ?? RDS_GP3.minIops;
  if (isKnown(effectiveIops)) {
    checks.check(
      "storage.throughputMiBps",
      throughputMiBps,
      () => (throughputMiBps as number) <= effectiveIops * RDS_GP3.maxThroughputPerIops,
      `allowed is a quarter of storage.iops (${effectiveIops}), so ${effectiveIops * RDS_GP3.maxThroughputPerIops}; raise storage.iops`,
    );
  }
}

function refuse(checks: SynthChecks, storage: StorageProps, rule: string): void {
  if (storage.iops !== undefined) checks.fail("storage.iops", storage.iops, rule);
  if (storage.throughputMiBps !== undefined)
    checks.fail("storage.throughputMiBps", storage.throughputMiBps, rule);
}

function checkAzurePostgres(checks: SynthChecks, storage: StorageProps): void {
  refuse(checks, storage, "Azure derives it from the storage tier; leave it out");
  if (!isKnown(storage.sizeGiB)) return;
  const rounded = azurePostgresStorageMb(storage.sizeGiB);
  const ladder = AZURE_POSTGRES_LADDER_MB.map((mb) => mb / 1024).join(", ");
  if (rounded === undefined) {
    checks.fail(
      "storage.sizeGiB",
      storage.sizeGiB,
      `allowed is at most ${Math.max(...AZURE_POSTGRES_LADDER_MB) / 1024} GiB`,
    );
  } else if (rounded > storage.sizeGiB * 1024 * 2) {
    checks.fail(
      "storage.sizeGiB",
      storage.sizeGiB,
      `Azure's sizes are ${ladder} GiB, and the next one is more than double`,
    );
  } else if (rounded !== storage.sizeGiB * 1024) {
    checks.warn(
      `storage.sizeGiB is ${storage.sizeGiB}: Azure's sizes are ${ladder} GiB, so the server gets ${rounded / 1024}`,
    );
  }
}

/** The `storage_mb` of an Azure PostgreSQL server that holds at least `sizeGiB`, or nothing when there is none. */
export function azurePostgresStorageMb(sizeGiB: number): number | undefined {
  return AZURE_POSTGRES_LADDER_MB.find((mb) => mb >= sizeGiB * 1024);
}
