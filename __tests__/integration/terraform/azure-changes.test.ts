/**
 * Pairs of plans over the true schemas of azurerm: what a later version of a program, or Azure itself, does to a server that
 * is there. The stand-ins know what forces a replacement, also where that depends on the direction of a change.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { TerraformVariable } from "cdktf";
import {
  AzureAdminLogin,
  DelegatedDatabaseNetwork,
  LongTermBackup,
  MysqlReadReplica,
  PostgresReadReplica,
  SecretVault,
  StandbyPlacement,
} from "../../../lib/azure";
import {
  Availability,
  DatabaseEngine,
  DayOfWeek,
  DeletionPolicy,
  EngineFamily,
  MachineSize,
  MysqlVersion,
  PostgresVersion,
} from "../../../lib/database";
import { terraformWithMirror } from "../../../tools/machine/terraform";
import { azureNetwork, azureStack, mysql, postgres, VAULT_ID } from "../../support/azure-stack";
import { describeWith } from "../../support/describe-with";
import { ephemeralPatterns, sightings } from "../../support/terraform/canary";
import { type Change, changes } from "../../support/terraform/plan";
import { StackCopy } from "../../support/terraform/stack-copy";

type Props = Parameters<typeof postgres>[1];
type MysqlProps = Parameters<typeof mysql>[1];

const PG = "azurerm_postgresql_flexible_server";
const MY = "azurerm_mysql_flexible_server";
const fixed = { sizeGiB: 256 };
const base: Props = {
  engine: DatabaseEngine.postgres(PostgresVersion.V16),
  zone: "1",
  standbyZone: "2",
};
const pg = (props: Props = {}) =>
  azureStack((stack) => void postgres(stack, { ...base, ...props }).database("coder"));
const my = (props: MysqlProps = {}) =>
  azureStack(
    (stack) =>
      void mysql(stack, {
        engine: DatabaseEngine.mysql(MysqlVersion.V8_0),
        zone: "1",
        standbyZone: "2",
        ...props,
      }),
  );

/** What matters of a change: what it is done to, how, and by what. */
const brief = (list: Change[]) =>
  list.map(
    ({ address, actions, attributes }) =>
      `${actions.join("+")} ${address.split(".")[0]}: ${attributes.join()}`,
  );

/** Changes the state as Azure does behind Terraform's back. */
function behindTheBack(
  copy: StackCopy,
  type: string,
  change: (attributes: Record<string, unknown>) => void,
): void {
  const file = join(copy.folder, "terraform.tfstate");
  const state = JSON.parse(readFileSync(file, "utf8"));
  const found = state.resources.filter((each: { type: string }) => each.type === type);
  expect(found).toHaveLength(1);
  change(found[0].instances[0].attributes);
  writeFileSync(file, JSON.stringify(state));
}

describeWith("Azure", terraformWithMirror, (terraform) => {
  /** Applies a program; then each test puts another one in its place and plans. */
  const applied = (build: () => string, tests: (later: Later) => void) => {
    let copy: StackCopy;
    beforeAll(async () => {
      copy = new StackCopy(terraform, build());
      copy.init();
      await copy.apply();
    });
    afterAll(() => copy.remove());
    tests({
      copy: () => copy,
      plan: (after) => {
        copy.use(after);
        return changes(copy.plan());
      },
      refusal: (after) => {
        copy.use(after);
        return copy.planFails().replace(/\s+/g, " ");
      },
    });
  };

  describe("a PostgreSQL server", () => {
    applied(pg, ({ copy, plan, refusal }) => {
      test("is planned again without a change, and keeps no secret", () => {
        expect(plan(pg())).toEqual([]);
        const json = JSON.parse(readFileSync(join(copy().folder, "cdk.tf.json"), "utf8"));
        const patterns = ephemeralPatterns(json);
        expect(patterns).toHaveLength(2);
        const documents = [...copy().written(), { name: "plan", text: JSON.stringify(copy().plan()) }];
        expect(sightings(documents, patterns)).toEqual([]);
      });

      test.each<[string, Props, string]>([
        ["a longer retention", { backup: { retentionDays: 30 } }, "backup_retention_days"],
        ["a larger machine", { size: MachineSize.memory(8) }, "sku_name"],
        ["the next major version", { engine: DatabaseEngine.postgres(PostgresVersion.V17) }, "version"],
        [
          "another window",
          { maintenanceWindow: { day: DayOfWeek.MONDAY, start: "02:00" } },
          "maintenance_window",
        ],
        ["no standby", { availability: Availability.ZONAL, standbyZone: undefined }, "high_availability"],
        [
          "a standby in the same zone",
          { standby: StandbyPlacement.SAME_ZONE, standbyZone: "1" },
          "high_availability",
        ],
        [
          "an Entra administrator",
          {
            entraAdministrator: {
              objectId: "00000000-0000-0000-0000-000000000001",
              principalName: "dbas",
              tenantId: "00000000-0000-0000-0000-000000000002",
            },
          },
          "authentication",
        ],
      ])("%s is in place", (_, props, attribute) => {
        const found = plan(pg(props)).filter(({ address }) => address.startsWith(`${PG}.`));
        expect(found.map(({ actions }) => actions)).toEqual([["update"]]);
        expect(found[0]?.attributes).toContain(attribute);
        expect(found[0]?.replacePaths).toEqual([]);
      });

      test("other zones in the program are no change: they count once", () => {
        expect(plan(pg({ zone: "2", standbyZone: "3" }))).toEqual([]);
      });

      test("a disk that grows is not looked at", () => {
        expect(plan(pg({ storage: { sizeGiB: 512, maxSizeGiB: 1024 } }))).toEqual([]);
        expect(plan(pg({ storage: { sizeGiB: 64, maxSizeGiB: 1024 } }))).toEqual([]);
      });

      test("a parameter more, and no other touched", () => {
        expect(brief(plan(pg({ parameters: { work_mem: "8192" } })))).toEqual([
          expect.stringMatching(/^create azurerm_postgresql_flexible_server_configuration: /),
        ]);
      });

      test("new passwords, in the vault and on the server, and nothing else", () => {
        expect(brief(plan(pg({ passwordVersion: 2 })))).toEqual([
          expect.stringMatching(/^update azurerm_key_vault_secret: .*value_wo_version/),
          expect.stringMatching(/^update azurerm_key_vault_secret: .*value_wo_version/),
          `update ${PG}: administrator_password_wo_version`,
          expect.stringMatching(/^delete\+create terraform_data: /),
          expect.stringMatching(/^delete\+create terraform_data: /),
        ]);
      });

      test("another vault only together with new passwords: else server and vault would differ", () => {
        const vault = SecretVault.fromKeyVaultId(VAULT_ID.replace("passwords", "elsewhere"));
        expect(refusal(pg({ vault }))).toContain("can change only together with its version");
        expect(brief(plan(pg({ vault, passwordVersion: 2 })))).toContainEqual(
          `update ${PG}: administrator_password_wo_version`,
        );
      });

      test("giving up the protection takes the lock away and leaves the server alone", () => {
        expect(brief(plan(pg({ deletionPolicy: DeletionPolicy.DELETE })))).toEqual([
          expect.stringMatching(/^delete azurerm_management_lock: /),
        ]);
      });

      test.each<[string, Props]>([
        ["another region", { location: "northeurope" }],
        ["another resource group", { resourceGroupName: "elsewhere" }],
        ["another name", { serverName: "coder", passwordVersion: 2 }],
        ["no geo-redundant backups", { geoRedundantBackup: false }],
        [
          "another administrator",
          { adminLogin: AzureAdminLogin.generated({ username: "boss" }), passwordVersion: 2 },
        ],
        ["an older version", { engine: DatabaseEngine.postgres(PostgresVersion.V15) }],
      ])("%s would replace the server, and is refused", (_, props) => {
        expect(refusal(pg(props))).toContain("Instance cannot be destroyed");
      });

      test("the other kind of network would replace the server, and is refused", () => {
        const after = azureStack((stack) => {
          const network = new DelegatedDatabaseNetwork(stack, "delegated", {
            family: EngineFamily.POSTGRES,
            resourceGroupName: "platform",
            location: "westeurope",
            addressSpace: "10.20.0.0/24",
          });
          postgres(stack, { ...base, network }).database("coder");
        });
        expect(refusal(after)).toContain("Instance cannot be destroyed");
      });

      test("a later version of this library that derives another name changes nothing", () => {
        const after = pg();
        const file = join(after, "cdk.tf.json");
        const text = readFileSync(file, "utf8");
        const renamed = text.replace('"prefix": "test-postgres-"', '"prefix": "somehow-else-"');
        expect(renamed).not.toBe(text);
        writeFileSync(file, renamed);
        expect(plan(after)).toEqual([]);
      });

      // Last, since it changes the state.
      test("Azure grows the disk and swaps the zones: no change", () => {
        behindTheBack(copy(), PG, (server) => {
          expect(server).toMatchObject({ storage_mb: 131_072, zone: "1" });
          server.storage_mb = 262_144;
          server.zone = "2";
          server.high_availability = [{ mode: "ZoneRedundant", standby_availability_zone: "1" }];
        });
        expect(plan(pg())).toEqual([]);
      });
    });
  });

  describe("a PostgreSQL server whose disk does not grow by itself", () => {
    applied(
      () => pg({ storage: fixed }),
      ({ plan, refusal }) => {
        test("gets a larger one in place", () => {
          expect(brief(plan(pg({ storage: { sizeGiB: 512 } })))).toEqual([`update ${PG}: storage_mb`]);
        });

        test("gets another tier in place", () => {
          expect(brief(plan(pg({ storage: fixed, storageTier: "P30" })))).toEqual([
            `update ${PG}: storage_tier`,
          ]);
        });

        test("gets no smaller one: that would replace it", () => {
          expect(refusal(pg({ storage: { sizeGiB: 128 } }))).toContain("Instance cannot be destroyed");
        });

        test("may begin to grow by itself", () => {
          expect(brief(plan(pg({ storage: { ...fixed, maxSizeGiB: 512 } })))).toEqual([
            `update ${PG}: auto_grow_enabled`,
          ]);
        });
      },
    );
  });

  describe("a MySQL server", () => {
    applied(my, ({ copy, plan, refusal }) => {
      test.each<[string, MysqlProps, string]>([
        ["a longer retention", { backup: { retentionDays: 30 } }, "backup_retention_days"],
        ["a larger machine", { size: MachineSize.general(8) }, "sku_name"],
        ["the next release", { engine: DatabaseEngine.mysql(MysqlVersion.V8_4) }, "version"],
        ["scaled I/O", { ioScaling: true }, "storage"],
      ])("%s is in place", (_, props, attribute) => {
        const found = plan(my(props)).filter(({ address }) => address.startsWith(`${MY}.`));
        expect(found.map(({ actions }) => actions)).toEqual([["update"]]);
        expect(found[0]?.attributes).toContain(attribute);
      });

      test("no standby, and one in the same zone, are in place", () => {
        const zonal = { availability: Availability.ZONAL, standbyZone: undefined };
        expect(brief(plan(my(zonal)))).toEqual([`update ${MY}: high_availability`]);
        const near = { standby: StandbyPlacement.SAME_ZONE, standbyZone: "1" };
        expect(brief(plan(my(near)))).toEqual([`update ${MY}: high_availability`]);
      });

      test("other zones, and a disk that grows, are no change", () => {
        expect(plan(my({ zone: "3", standbyZone: "1", storage: { sizeGiB: 300, maxSizeGiB: 512 } }))).toEqual(
          [],
        );
      });

      test.each<[string, MysqlProps]>([
        ["another region", { location: "northeurope" }],
        ["no geo-redundant backups", { geoRedundantBackup: false }],
      ])("%s would replace the server, and is refused", (_, props) => {
        expect(refusal(my(props))).toContain("Instance cannot be destroyed");
      });

      // Last, since it changes the state.
      test("Azure grows the disk and swaps the zones: no change", () => {
        behindTheBack(copy(), MY, (server) => {
          const storage = server.storage as { size_gb: number }[];
          expect(storage[0]?.size_gb).toBe(128);
          Object.assign(storage[0] as object, { size_gb: 200 });
          server.zone = "2";
          server.high_availability = [{ mode: "ZoneRedundant", standby_availability_zone: "1" }];
        });
        expect(plan(my())).toEqual([]);
      });
    });
  });

  describe("a MySQL server without a standby", () => {
    const zonal = { availability: Availability.ZONAL, standbyZone: undefined };
    applied(
      () => my(zonal),
      ({ plan, refusal }) => {
        test("gets none later: Azure would refuse it half-way", () => {
          expect(plan(my(zonal))).toEqual([]);
          expect(refusal(my())).toContain("A MySQL server can't get a standby");
        });
      },
    );
  });

  describe("what surrounds a server", () => {
    const around = (keepWeeks: number, promoted: boolean) =>
      azureStack((stack) => {
        const network = azureNetwork(stack);
        const server = postgres(stack, { network });
        new PostgresReadReplica(stack, "replica", { source: server, promoted });
        new MysqlReadReplica(stack, "mysql-replica", { source: mysql(stack, { network }), promoted });
        new LongTermBackup(stack, "long-term", { server, keepWeeks });
        new SecretVault(stack, "vault", { network });
      });
    applied(
      () => around(12, false),
      ({ plan }) => {
        test("replicas become servers in place", () => {
          expect(brief(plan(around(12, true)))).toEqual([
            `update ${MY}: replication_role`,
            `update ${PG}: replication_role`,
          ]);
        });

        test("another policy is made before the old one goes, and the server moves over", () => {
          expect(brief(plan(around(26, false)))).toEqual([
            expect.stringMatching(/^update azurerm_data_protection_backup_instance_.*: backup_policy_id/),
            expect.stringMatching(/^create\+delete azurerm_data_protection_backup_policy_/),
          ]);
        });
      },
    );
  });

  test("what Terraform alone knows, Terraform refuses", () => {
    const folder = azureStack((stack) => {
      const variable = (name: string, type: string) => new TerraformVariable(stack, name, { type });
      postgres(stack, {
        serverName: variable("server_name", "string").stringValue,
        storage: { sizeGiB: variable("size", "number").numberValue },
      });
    });
    const copy = new StackCopy(terraform, folder, { variables: { server_name: "Coder_1", size: 40_000 } });
    try {
      copy.init();
      const refusal = copy.planFails().replace(/[\s│]+/g, " ");
      expect(refusal).toContain("The server's name may have 3 to 63 lower-case letters");
      expect(refusal).toContain("The disk of an Azure PostgreSQL server has 1 to 32767 GiB");
      copy.setVariables({ server_name: "coder-1", size: 100 });
      const server = copy.plan().resource_changes?.find(({ type }) => type === PG);
      expect(server?.change.after).toMatchObject({ name: "coder-1", storage_mb: 131_072 });
    } finally {
      copy.remove();
    }
  });
});

interface Later {
  copy(): StackCopy;
  plan(after: string): Change[];
  refusal(after: string): string;
}
