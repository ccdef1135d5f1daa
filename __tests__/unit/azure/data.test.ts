import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { AZURE_SUPPORT, VERSION_NAMES } from "../../../lib/azure/flexible-server/data/engine-support";
import { SKUS } from "../../../lib/azure/flexible-server/data/skus";
import { STORAGE_TIERS } from "../../../lib/azure/flexible-server/data/storage-limits";
import { azurePostgresStorageMb } from "../../../lib/azure/flexible-server/flexible-server-storage";
import { Cloud, DatabaseEngine, MachineSize, MysqlVersion, PostgresVersion } from "../../../lib/database";
import { repository } from "../../../tools/machine/repository";
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

describe("the name of every supported version is a value that azurerm accepts", () => {
  const rules = JSON.parse(
    gunzipSync(
      readFileSync(join(repository, "tools/terraform-mirror/rules/hashicorp_azurerm_4.55.0.json.gz")),
    ).toString(),
  );
  test.each([
    ["postgres", "azurerm_postgresql_flexible_server"],
    ["mysql", "azurerm_mysql_flexible_server"],
  ])("%s", (family, type) => {
    const majors = AZURE_SUPPORT.releases.filter((each) => each.family === family).map(({ major }) => major);
    const refused = majors.filter(
      (major) => !rules[type].version.one_of.includes(VERSION_NAMES[family]?.[major] ?? major),
    );
    expect(majors.length).toBeGreaterThan(2);
    expect(refused).toEqual([]);
  });
});
