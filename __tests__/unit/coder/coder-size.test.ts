import { CoderSize } from "../../../lib/coder";
import { Cloud, DatabaseEngine, PostgresVersion } from "../../../lib/database";
import { machineOn } from "../../support/cloud-facts";

test.each([
  ["1k", CoderSize.UP_TO_1K, 1_000, 3, "2000m", "8Gi", 60, 8, 30, 512],
  ["2k", CoderSize.UP_TO_2K, 2_000, 3, "4000m", "12Gi", 120, 16, 60, 1_024],
  ["3k", CoderSize.UP_TO_3K, 3_000, 4, "4000m", "12Gi", 180, 32, 120, 1_536],
  ["10k", CoderSize.UP_TO_10K, 10_000, 10, "4000m", "12Gi", 600, 64, 240, 1_536],
])(
  "%s is what Coder's page says",
  (_, size, users, replicas, cpu, memory, provisioners, vcpu, memoryGB, disk) => {
    expect(size).toMatchObject({
      users,
      replicas,
      resources: { cpu, memory },
      provisioners,
      database: { vcpu, memoryGB, storageGiB: disk, iops: 3_000 },
    });
  },
);

test.each([Cloud.AWS, Cloud.GOOGLE, Cloud.AZURE])(
  "every recommended machine exists on %s and has the memory",
  (cloud) => {
    const engine = DatabaseEngine.postgres(PostgresVersion.V17);
    for (const size of [CoderSize.UP_TO_1K, CoderSize.UP_TO_2K, CoderSize.UP_TO_3K, CoderSize.UP_TO_10K]) {
      for (const database of [size.database, size.baselineDatabase]) {
        if (!database) continue;
        const machine = machineOn(database.machine, cloud, engine);
        expect(machine).toMatchObject({ vcpu: database.vcpu, burstable: false });
        expect(machine?.memoryGiB).toBeGreaterThanOrEqual(database.memoryGB);
      }
    }
  },
);

test("the baseline database is set for all sizes but 10,000 users", () => {
  expect(CoderSize.UP_TO_1K.baselineDatabase).toMatchObject({ vcpu: 2, memoryGB: 8 });
  expect(CoderSize.UP_TO_10K.baselineDatabase).toBeUndefined();
});
