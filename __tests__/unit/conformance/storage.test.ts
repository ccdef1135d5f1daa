import { TerraformVariable } from "cdktf";
import { azurePostgresStorageMb } from "../../../lib/azure/flexible-server/flexible-server-storage";
import {
  Cloud,
  DatabaseEngine,
  MysqlVersion,
  PostgresVersion,
  type StorageProps,
} from "../../../lib/database";
import { SynthChecks } from "../../../lib/database/private";
import { checkStorage } from "../../support/cloud-facts";
import { problemsOf, synthesize } from "../../support/synth";

const PG = DatabaseEngine.postgres(PostgresVersion.V17);
const MYSQL = DatabaseEngine.mysql(MysqlVersion.V8_4);

function problems(cloud: Cloud, storage: StorageProps, engine = PG): string[] {
  return problemsOf((stack) => checkStorage(new SynthChecks(stack, ""), cloud, engine, storage));
}

function warnings(cloud: Cloud, storage: StorageProps, engine = PG): string[] {
  return synthesize((stack) => checkStorage(new SynthChecks(stack, ""), cloud, engine, storage)).warnings.map(
    (note) => note.message,
  );
}

describe("sizes", () => {
  test.each([
    [Cloud.AWS, PG, 20, 65_536],
    [Cloud.AWS, MYSQL, 20, 65_536],
    [Cloud.GOOGLE, PG, 10, 65_536],
    [Cloud.GOOGLE, MYSQL, 10, 65_536],
    [Cloud.AZURE, MYSQL, 20, 16_384],
  ])("%s, %p: whole GiB from %d to %d", (cloud, engine, min, max) => {
    const rule = `must be a whole number from ${min} to ${max} GiB`;
    for (const sizeGiB of [min, min + 1, max]) {
      expect(problems(cloud, { sizeGiB }, engine)).toEqual([]);
    }
    for (const sizeGiB of [0, -1, min - 1, max + 1, min + 0.5, Number.NaN]) {
      expect(problems(cloud, { sizeGiB }, engine)).toEqual([`storage.sizeGiB ${rule} (got ${sizeGiB})`]);
    }
    // The growth limit is bound by the same range, and says so before it says anything else.
    expect(problems(cloud, { sizeGiB: max - 1, maxSizeGiB: max + 1 }, engine)[0]).toBe(
      `storage.maxSizeGiB ${rule} (got ${max + 1})`,
    );
  });
});

describe("room to grow", () => {
  test.each([99, 100, 101, 109])("AWS refuses a limit of %d for 100 GiB", (maxSizeGiB) => {
    expect(problems(Cloud.AWS, { sizeGiB: 100, maxSizeGiB })).toEqual([
      `storage.maxSizeGiB must be 110 or more, 10 % above storage.sizeGiB (got ${maxSizeGiB}); leave it out to disable storage autoscaling`,
    ]);
  });

  test("AWS takes 10 %, but warns under 26 %", () => {
    expect(problems(Cloud.AWS, { sizeGiB: 100, maxSizeGiB: 110 })).toEqual([]);
    expect(warnings(Cloud.AWS, { sizeGiB: 100, maxSizeGiB: 125 })).toEqual([
      "storage.maxSizeGiB is 125, less than 26 % above storage.sizeGiB (100): RDS may not find room for one step of autoscaling; set 126 or more",
    ]);
    expect(warnings(Cloud.AWS, { sizeGiB: 100, maxSizeGiB: 126 })).toEqual([]);
  });

  test.each([
    [Cloud.GOOGLE, PG],
    [Cloud.AZURE, MYSQL],
    [Cloud.AZURE, PG],
  ])("%s refuses a limit that is not above the size", (cloud, engine) => {
    for (const maxSizeGiB of [64, 128]) {
      expect(problems(cloud, { sizeGiB: 128, maxSizeGiB }, engine)).toEqual([
        `storage.maxSizeGiB must be more than storage.sizeGiB (128) (got ${maxSizeGiB}); leave it out to disable storage autoscaling`,
      ]);
    }
    expect(problems(cloud, { sizeGiB: 128, maxSizeGiB: 129 }, engine)).toEqual([]);
  });

  test.each([PG, MYSQL])("Azure has no limit and says so", (engine) => {
    expect(warnings(Cloud.AZURE, { sizeGiB: 128, maxSizeGiB: 512 }, engine)).toEqual([
      expect.stringContaining("without a limit"),
    ]);
    expect(warnings(Cloud.AZURE, { sizeGiB: 128 }, engine)).toEqual([]);
  });
});

describe("gp3 on AWS", () => {
  const fixed = (value: number) =>
    `must be left out: gp3 storage under 400 GiB has 3000 IOPS and 125 MiB/s (got ${value}); set storage.sizeGiB to 400 or more to provision them`;

  test("under 400 GiB nothing may be set, not even what the volume has", () => {
    expect(problems(Cloud.AWS, { sizeGiB: 399, iops: 3000, throughputMiBps: 125 })).toEqual([
      `storage.iops ${fixed(3000)}`,
      `storage.throughputMiBps ${fixed(125)}`,
    ]);
  });

  test.each([
    [{ iops: 12_000 }, []],
    [{ iops: 64_000, throughputMiBps: 4000 }, []],
    [{ iops: 16_000, throughputMiBps: 4000 }, []],
    [{ throughputMiBps: 500 }, []],
    [{ throughputMiBps: 3000 }, []],
    [{ iops: 11_999 }, ["storage.iops must be a whole number from 12000 to 64000 (got 11999)"]],
    [{ iops: 64_001 }, ["storage.iops must be a whole number from 12000 to 64000 (got 64001)"]],
    [
      { throughputMiBps: 499 },
      ["storage.throughputMiBps must be a whole number from 500 to 4000 MiB/s (got 499)"],
    ],
    [
      { throughputMiBps: 3001 },
      [
        "storage.throughputMiBps must be at most 3000, a quarter of storage.iops (12000) (got 3001); increase storage.iops",
      ],
    ],
    [
      { iops: 15_999, throughputMiBps: 4000 },
      [
        "storage.throughputMiBps must be at most 3999, a quarter of storage.iops (15999) (got 4000); increase storage.iops",
      ],
    ],
  ])("at 400 GiB %p", (more, expected) => {
    expect(problems(Cloud.AWS, { sizeGiB: 400, ...more })).toEqual(expected);
  });
});

describe("Google and Azure", () => {
  test("Google derives IOPS and throughput", () => {
    expect(problems(Cloud.GOOGLE, { sizeGiB: 100, iops: 5000, throughputMiBps: 500 })).toEqual([
      expect.stringMatching(/^storage\.iops must be left out: Cloud SQL derives it .*got 5000/),
      expect.stringMatching(/^storage\.throughputMiBps must be left out: Cloud SQL derives it .*got 500/),
    ]);
  });

  test("Azure MySQL takes IOPS within limits, and no throughput", () => {
    expect(problems(Cloud.AZURE, { sizeGiB: 100, iops: 360 }, MYSQL)).toEqual([]);
    expect(problems(Cloud.AZURE, { sizeGiB: 100, iops: 48_000 }, MYSQL)).toEqual([]);
    expect(problems(Cloud.AZURE, { sizeGiB: 100, iops: 359, throughputMiBps: 125 }, MYSQL)).toEqual([
      "storage.iops must be a whole number from 360 to 48000 (got 359)",
      "storage.throughputMiBps must be left out (got 125); Azure derives it from the machine",
    ]);
  });

  test("Azure PostgreSQL takes neither", () => {
    expect(problems(Cloud.AZURE, { sizeGiB: 128, iops: 500, throughputMiBps: 125 })).toHaveLength(2);
  });

  test.each([
    [32, 32_768],
    [64, 65_536],
    [128, 131_072],
    [256, 262_144],
    [512, 524_288],
    [1024, 1_048_576],
    [2048, 2_097_152],
    [4095, 4_193_280],
    [4096, 4_194_304],
    [8192, 8_388_608],
    [16_384, 16_777_216],
    [32_767, 33_553_408],
  ])("Azure PostgreSQL has %d GiB as storage_mb %d", (sizeGiB, mb) => {
    expect(azurePostgresStorageMb(sizeGiB)).toBe(mb);
    expect(problems(Cloud.AZURE, { sizeGiB })).toEqual([]);
    expect(warnings(Cloud.AZURE, { sizeGiB })).toEqual([]);
  });

  test("Azure PostgreSQL rounds up with a warning, to double at most", () => {
    expect(azurePostgresStorageMb(100)).toBe(131_072);
    expect(warnings(Cloud.AZURE, { sizeGiB: 100 })).toEqual([
      "storage.sizeGiB is 100: Azure's sizes are 32, 64, 128, 256, 512, 1024, 2048, 4095, 4096, 8192, 16384, 32767 GiB, so the server gets 128",
    ]);
    expect(problems(Cloud.AZURE, { sizeGiB: 16 })).toEqual([]);
    expect(problems(Cloud.AZURE, { sizeGiB: 15 })).toEqual([
      "storage.sizeGiB must be at least half of one of Azure's sizes, 32, 64, 128, 256, 512, 1024, 2048, 4095, 4096, 8192, 16384, " +
        "32767 GiB (got 15); set 32",
    ]);
  });

  test.each([0, -5, 1.5, 32_768, Number.NaN])("Azure PostgreSQL has no %d GiB", (sizeGiB) => {
    expect(problems(Cloud.AZURE, { sizeGiB })[0]).toBe(
      `storage.sizeGiB must be a whole number from 1 to 32767 GiB (got ${sizeGiB})`,
    );
  });
});

describe("tokens", () => {
  const judged = (cloud: Cloud, engine: DatabaseEngine, of: (n: number) => StorageProps) =>
    problemsOf((stack) => {
      const n = new TerraformVariable(stack, "n", { type: "number" }).numberValue;
      checkStorage(new SynthChecks(stack, ""), cloud, engine, of(n));
    });

  test.each([
    [Cloud.AWS, PG],
    [Cloud.GOOGLE, PG],
    [Cloud.AZURE, PG],
    [Cloud.AZURE, MYSQL],
  ])("%s, %p: a size or limit known later is neither refused nor rounded", (cloud, engine) => {
    expect(judged(cloud, engine, (n) => ({ sizeGiB: n }))).toEqual([]);
    expect(judged(cloud, engine, (n) => ({ sizeGiB: n, maxSizeGiB: n }))).toEqual([]);
    expect(judged(cloud, engine, (n) => ({ sizeGiB: 128, maxSizeGiB: n }))).toEqual([]);
    expect(judged(cloud, engine, (n) => ({ sizeGiB: n, maxSizeGiB: 129 }))).toEqual([]);
  });

  test("what is known beside a token is still judged", () => {
    expect(judged(Cloud.AWS, PG, (n) => ({ sizeGiB: n, iops: 1 }))).toEqual([
      "storage.iops must be a whole number from 12000 to 64000 (got 1)",
    ]);
    expect(judged(Cloud.AWS, PG, (n) => ({ sizeGiB: n, maxSizeGiB: 19 }))).toHaveLength(1);
    expect(judged(Cloud.AWS, PG, (n) => ({ sizeGiB: 400, iops: n, throughputMiBps: 4000 }))).toEqual([]);
    expect(judged(Cloud.AWS, PG, (n) => ({ sizeGiB: 400, iops: n, throughputMiBps: 4001 }))).toHaveLength(1);
  });

  test("a token where nothing may be set is refused, whatever it will be", () => {
    expect(judged(Cloud.AWS, PG, (n) => ({ sizeGiB: 100, iops: n }))).toEqual([
      expect.stringMatching(
        /^storage\.iops must be left out: gp3 storage under 400 GiB .*got not known at synth/,
      ),
    ]);
  });
});
