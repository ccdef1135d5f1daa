import { Lazy, Token } from "cdktf";
import { type DatabaseEngine, EngineFamily, type StorageProps } from "../../database";
import { checkStorageSizes, isResolved, refuseProvisionedIo, type SynthChecks } from "../../database/private";
import { MYSQL_STORAGE, POSTGRES_SIZES_MB } from "./data/storage-limits";

/**
 * Reports storage that Azure refuses.
 *
 * @see https://learn.microsoft.com/azure/postgresql/flexible-server/concepts-storage
 * @internal
 */
export function checkFlexibleServerStorage(
  checks: SynthChecks,
  engine: DatabaseEngine,
  storage: StorageProps,
): void {
  if (engine.family === EngineFamily.POSTGRES) checkPostgresStorage(checks, storage);
  else checkMysqlStorage(checks, storage);
  if (storage.maxSizeGiB !== undefined) {
    checks.warn(
      "storage.maxSizeGiB: Azure grows storage without a limit; the number only enables storage auto-grow",
      "storage.maxSizeGiB",
    );
  }
}

/**
 * `storage_mb` of a PostgreSQL server that holds at least a size, or `undefined` if there is none.
 *
 * @param sizeGiB the size in GiB; known at synth.
 *
 * @internal
 */
export function azurePostgresStorageMb(sizeGiB: number): number | undefined {
  return POSTGRES_SIZES_MB.find((mb) => mb >= sizeGiB * 1024);
}

/**
 * `storage_mb` of a PostgreSQL server that holds at least a size, which may be a token.
 *
 * @internal
 */
export function postgresStorageMb(sizeGiB: number): number {
  if (isResolved(sizeGiB)) return azurePostgresStorageMb(sizeGiB) ?? sizeGiB * 1024;
  const ladder = POSTGRES_SIZES_MB.join(", ");
  // The next larger size that Azure has, as for a size known at synth.
  return Token.asNumber(
    Lazy.anyValue({
      produce: (context) => {
        const size = String(context.resolve(sizeGiB)).replace(/^\$\{([\s\S]*)\}$/, "$1");
        return `\${min([for mb in [${ladder}] : mb if mb >= (${size}) * 1024]...)}`;
      },
    }),
  );
}

function checkMysqlStorage(checks: SynthChecks, storage: StorageProps): void {
  checkStorageSizes(checks, storage, MYSQL_STORAGE);
  checks.wholeNumber("storage.iops", storage.iops, MYSQL_STORAGE.minIops, MYSQL_STORAGE.maxIops);
  const { throughputMiBps } = storage;
  refuseProvisionedIo(checks, { throughputMiBps }, "must be left out; Azure derives it from the machine");
}

function checkPostgresStorage(checks: SynthChecks, storage: StorageProps): void {
  const ladder = POSTGRES_SIZES_MB.map((mb) => mb / 1024);
  checkStorageSizes(checks, storage, { minGiB: 1, maxGiB: Math.max(...ladder) });
  refuseProvisionedIo(checks, storage, "must be left out; Azure derives it from the storage tier");
  const { sizeGiB } = storage;
  if (!isResolved(sizeGiB) || !(sizeGiB >= 1)) return;
  const rounded = (azurePostgresStorageMb(sizeGiB) ?? 0) / 1024;
  if (rounded > sizeGiB * 2) {
    checks.fail(
      "storage.sizeGiB",
      sizeGiB,
      `must be at least half of one of Azure's sizes, ${ladder.join(", ")} GiB; set ${rounded}`,
    );
  } else if (rounded > sizeGiB) {
    checks.warn(
      `storage.sizeGiB is ${sizeGiB}: Azure's sizes are ${ladder.join(", ")} GiB, so the server gets ${rounded}`,
      "storage.sizeGiB",
    );
  }
}
