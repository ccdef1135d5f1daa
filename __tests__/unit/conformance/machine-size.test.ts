import { TerraformVariable } from "cdktf";
import { describeInstanceClass } from "../../../lib/aws/rds/instance-class";
import { describeSku } from "../../../lib/azure/flexible-server/machine-sku";
import { Cloud, DatabaseEngine, MachineSize, MysqlVersion, PostgresVersion } from "../../../lib/database";
import { describeTier } from "../../../lib/google/cloud-sql/cloud-sql-tier";
import { machineOn } from "../../support/cloud-facts";
import { synthesize } from "../../support/synth";

const PG = DatabaseEngine.postgres(PostgresVersion.V17);
const MYSQL = DatabaseEngine.mysql(MysqlVersion.V8_4);
const OLD = DatabaseEngine.mysql(MysqlVersion.V5_7);
const CLOUDS = [Cloud.AWS, Cloud.GOOGLE, Cloud.AZURE];

/** The names of a size on AWS, Google and Azure; "-" where there is none. */
const names = (size: MachineSize, engine = PG) =>
  CLOUDS.map((cloud) => machineOn(size, cloud, engine)?.name ?? "-");

describe("general and memory", () => {
  test.each([
    [2, "db.m7g.large", "db-custom-2-8192", "GP_Standard_D2ds_v5"],
    [4, "db.m7g.xlarge", "db-custom-4-16384", "GP_Standard_D4ds_v5"],
    [8, "db.m7g.2xlarge", "db-custom-8-32768", "GP_Standard_D8ds_v5"],
    [16, "db.m7g.4xlarge", "db-custom-16-65536", "GP_Standard_D16ds_v5"],
    [32, "db.m7g.8xlarge", "db-custom-32-131072", "GP_Standard_D32ds_v5"],
    [48, "db.m7g.12xlarge", "db-custom-48-196608", "GP_Standard_D48ds_v5"],
    [64, "db.m7g.16xlarge", "db-custom-64-262144", "GP_Standard_D64ds_v5"],
    [96, "-", "db-custom-96-393216", "GP_Standard_D96ds_v5"],
    [6, "-", "db-custom-6-24576", "-"],
    [1, "-", "db-custom-1-4096", "-"],
    [3, "-", "-", "-"],
    [98, "-", "-", "-"],
    [0, "-", "-", "-"],
    [-2, "-", "-", "-"],
    [2.5, "-", "-", "-"],
    [Number.NaN, "-", "-", "-"],
  ])("general(%d)", (vcpu, ...expected) => {
    expect(names(MachineSize.general(vcpu))).toEqual(expected);
  });

  test.each([
    [2, "db.r7g.large", "db-perf-optimized-N-2", "MO_Standard_E2ds_v5"],
    [4, "db.r7g.xlarge", "db-perf-optimized-N-4", "MO_Standard_E4ds_v5"],
    [8, "db.r7g.2xlarge", "db-perf-optimized-N-8", "MO_Standard_E8ds_v5"],
    [16, "db.r7g.4xlarge", "db-perf-optimized-N-16", "MO_Standard_E16ds_v5"],
    [32, "db.r7g.8xlarge", "db-perf-optimized-N-32", "MO_Standard_E32ds_v5"],
    [48, "db.r7g.12xlarge", "db-perf-optimized-N-48", "MO_Standard_E48ds_v5"],
    [64, "db.r7g.16xlarge", "db-perf-optimized-N-64", "MO_Standard_E64ds_v5"],
    // Azure's E96 has 672 GiB and Google's N-128 has 864: neither is 8 GiB per vCPU.
    [96, "-", "db-perf-optimized-N-96", "-"],
    [128, "-", "-", "-"],
    [6, "-", "-", "-"],
    [1, "-", "-", "-"],
  ])("memory(%d)", (vcpu, ...expected) => {
    expect(names(MachineSize.memory(vcpu))).toEqual(expected);
  });

  test.each([2, 4, 8, 16, 32, 48, 64])("%d vCPU has the memory it says, on every cloud", (vcpu) => {
    for (const engine of [PG, MYSQL, OLD]) {
      for (const cloud of CLOUDS) {
        const burstable = false;
        expect(machineOn(MachineSize.general(vcpu), cloud, engine)).toMatchObject({
          vcpu,
          memoryGiB: vcpu * 4,
          burstable,
        });
        expect(machineOn(MachineSize.memory(vcpu), cloud, engine)).toMatchObject({
          vcpu,
          memoryGiB: vcpu * 8,
          burstable,
        });
      }
    }
  });

  test("Google's edition follows from the tier", () => {
    expect(machineOn(MachineSize.general(4), Cloud.GOOGLE, PG)?.edition).toBe("ENTERPRISE");
    expect(machineOn(MachineSize.memory(4), Cloud.GOOGLE, PG)?.edition).toBe("ENTERPRISE_PLUS");
    expect(machineOn(MachineSize.general(4), Cloud.AWS, PG)?.edition).toBeUndefined();
  });

  test("engines differ where a cloud's machines do", () => {
    expect(names(MachineSize.general(4), MYSQL)).toEqual([
      "db.m7g.xlarge",
      "db-custom-4-16384",
      "GP_Standard_D4ads_v5",
    ]);
    expect(names(MachineSize.memory(4), MYSQL)[2]).toBe("MO_Standard_E4ds_v5");
    expect(names(MachineSize.general(4), OLD)[0]).toBe("db.m5.xlarge");
    expect(names(MachineSize.memory(4), OLD)[0]).toBe("db.r5.xlarge");
    expect(names(MachineSize.burstable(2), OLD)[0]).toBe("db.t3.medium");
  });
});

describe("burstable", () => {
  test.each([
    [[1], "-", "db-g1-small", "B_Standard_B1ms"],
    [[2], "db.t4g.medium", "db-custom-2-4096", "B_Standard_B2s"],
    [[2, 1], "db.t4g.micro", "db-f1-micro", "-"],
    [[2, 2], "db.t4g.small", "db-g1-small", "-"],
    [[2, 8], "db.t4g.large", "db-custom-2-8192", "B_Standard_B2ms"],
    [[4], "db.t4g.xlarge", "db-custom-4-16384", "B_Standard_B4ms"],
    [[8], "db.t4g.2xlarge", "db-custom-8-32768", "B_Standard_B8ms"],
    [[12], "-", "db-custom-12-49152", "B_Standard_B12ms"],
    [[20], "-", "db-custom-20-81920", "B_Standard_B20ms"],
    [[2, 3], "-", "-", "-"],
    // 4.1 GiB is between Google's steps of 256 MiB.
    [[2, 4.1], "-", "-", "-"],
    [[2, 100], "-", "-", "-"],
    [[64, 1], "-", "-", "-"],
    [[2, -1], "-", "-", "-"],
  ] as [[number, number?], ...string[]][])("burstable(%p)", (args, ...expected) => {
    expect(names(MachineSize.burstable(...args))).toEqual(expected);
  });

  test("says that it runs on credits, where it does", () => {
    const size = MachineSize.burstable(2);
    expect(CLOUDS.map((cloud) => machineOn(size, cloud, PG)?.burstable)).toEqual([true, false, true]);
    expect(machineOn(MachineSize.burstable(1), Cloud.GOOGLE, PG)).toMatchObject({
      burstable: true,
      edition: "ENTERPRISE",
    });
  });
});

describe("of", () => {
  test("reads what the name says, and takes what is said beside it", () => {
    expect(machineOn(MachineSize.of({ names: { aws: "db.m8g.24xlarge" } }), Cloud.AWS, PG)).toEqual({
      name: "db.m8g.24xlarge",
      vcpu: 96,
      memoryGiB: 384,
      burstable: false,
    });
    expect(
      machineOn(MachineSize.of({ names: { aws: "db.x2g.large" }, vcpu: 2, memoryGiB: 32 }), Cloud.AWS, PG),
    ).toEqual({
      name: "db.x2g.large",
      vcpu: 2,
      memoryGiB: 32,
      burstable: false,
    });
  });

  test("has nothing where it has no name", () => {
    expect(names(MachineSize.of({ names: { google: "db-custom-2-8192" } }))).toEqual([
      "-",
      "db-custom-2-8192",
      "-",
    ]);
  });

  test.each([
    ["db.t3.medium", 2, 4, true],
    ["db.t4g.nonsense", undefined, undefined, true],
    ["db.r6i.32xlarge", 128, 1024, false],
    ["db.z1d.large", undefined, undefined, false],
    ["db.m7g.nonsense", undefined, undefined, false],
    ["m7g.large", undefined, undefined, false],
    ["", undefined, undefined, false],
  ])("AWS: %p", (name, vcpu, memoryGiB, burstable) => {
    expect(describeInstanceClass(name)).toEqual({ name, vcpu, memoryGiB, burstable });
  });

  test.each([
    ["db-custom-2-7680", 2, 7.5, "ENTERPRISE"],
    ["db-perf-optimized-N-128", 128, 864, "ENTERPRISE_PLUS"],
    ["db-perf-optimized-N-3", undefined, undefined, "ENTERPRISE_PLUS"],
    ["db-c4a-highmem-4", undefined, undefined, "ENTERPRISE_PLUS"],
    ["db-n1-standard-2", undefined, undefined, "ENTERPRISE"],
  ])("Google: %p", (name, vcpu, memoryGiB, edition) => {
    expect(describeTier(name)).toEqual({ name, vcpu, memoryGiB, burstable: false, edition });
  });

  test.each([
    ["GP_Standard_D4ads_v5", 4, 16, false],
    ["MO_Standard_E8ds_v4", 8, 64, false],
    ["MO_Standard_E64s_v3", 64, 432, false],
    ["MO_Standard_E96ds_v5", 96, 672, false],
    ["B_Standard_B2s", 2, 4, true],
    ["B_Standard_B99", undefined, undefined, true],
    ["GP_Standard_D4nonsense", undefined, undefined, false],
    ["Standard_D4ds_v5", undefined, undefined, false],
  ])("Azure: %p", (name, vcpu, memoryGiB, burstable) => {
    expect(describeSku(name)).toEqual({ name, vcpu, memoryGiB, burstable });
  });
});

describe("label", () => {
  test.each([
    [MachineSize.general(4), "general(4)"],
    [MachineSize.memory(8), "memory(8)"],
    [MachineSize.burstable(2), "burstable(2, 4)"],
    [MachineSize.of({ names: { aws: "db.x2g.large" } }), 'of({"names":{"aws":"db.x2g.large"}})'],
  ])("%#", (size, label) => {
    expect(size.label).toBe(label);
  });
});

test("a size that only Terraform knows has no machine; a name may be one", () => {
  synthesize((stack) => {
    const v = new TerraformVariable(stack, "v", {});
    for (const size of [
      MachineSize.general(v.numberValue),
      MachineSize.memory(v.numberValue),
      MachineSize.burstable(v.numberValue),
      MachineSize.burstable(2, v.numberValue),
    ]) {
      expect(names(size)).toEqual(["-", "-", "-"]);
      expect(size.label).toMatch(/^\w+\(not known at synth\)$/);
    }
    const name = v.stringValue;
    const named = MachineSize.of({ names: { aws: name, google: name, azure: name } });
    for (const cloud of CLOUDS) {
      expect(machineOn(named, cloud, PG)).toMatchObject({ name, burstable: false });
      expect(machineOn(named, cloud, PG)?.memoryGiB).toBeUndefined();
    }
    expect(named.label).toBe("of(a name not known at synth)");
  });
});
