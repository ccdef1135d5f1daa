import { AZURE_SUPPORT, VERSIONS } from "../../../lib/azure/flexible-server/data/engine-support";
import { SKUS } from "../../../lib/azure/flexible-server/data/skus";
import { STORAGE_TIERS } from "../../../lib/azure/flexible-server/data/storage-limits";
import { azurePostgresStorageMb } from "../../../lib/azure/flexible-server/flexible-server-storage";
import { Cloud, DatabaseEngine, MachineSize, MysqlVersion, PostgresVersion } from "../../../lib/database";
import { engineRelease } from "../../../lib/database/private";
import { machineOn } from "../../support/cloud-facts";

const engines = [DatabaseEngine.postgres(PostgresVersion.V17), DatabaseEngine.mysql(MysqlVersion.V8_4)];

test("every size but one has a SKU that the provider accepts", () => {
  const vcpus = [2, 4, 8, 16, 20, 32, 48, 64, 96];
  const sizes = vcpus.flatMap((vcpu) => [
    MachineSize.general(vcpu),
    MachineSize.memory(vcpu),
    MachineSize.burstable(vcpu),
  ]);
  const refused = engines.flatMap((engine) =>
    sizes
      .map((size) => machineOn(size, Cloud.AZURE, engine)?.name)
      .filter((name) => name !== undefined && !SKUS[engine.family]?.some((sku) => sku.test(name))),
  );
  // azurerm 4.55 accepts D2 to D64 for MySQL; the server refuses this size.
  expect(refused).toEqual(["GP_Standard_D96ads_v5"]);
});

test("every storage size has a performance tier, and every tier a size", () => {
  for (const mb of Object.keys(STORAGE_TIERS).map(Number)) {
    expect(azurePostgresStorageMb(mb / 1024)).toBe(mb);
  }
  expect(azurePostgresStorageMb(32_768)).toBeUndefined();
});

test("every supported version has Azure's spelling", () => {
  for (const version of ["13", "14", "15", "16", "17", "18"]) {
    expect(engineRelease(DatabaseEngine.postgres(PostgresVersion.of(version)), AZURE_SUPPORT)).toBeDefined();
    expect(VERSIONS.postgres).toHaveProperty(version);
  }
  for (const version of ["5.7", "8.0", "8.4"]) {
    expect(engineRelease(DatabaseEngine.mysql(MysqlVersion.of(version)), AZURE_SUPPORT)).toBeDefined();
    expect(VERSIONS.mysql).toHaveProperty([version]);
  }
});
