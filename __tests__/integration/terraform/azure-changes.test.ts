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
  MysqlServerFromPointInTime,
  PostgresFlexibleServer,
  PostgresReadReplica,
  type PostgresReadReplicaProps,
  PostgresServerFromPointInTime,
  SecretVault,
  StandbyPlacement,
  StoredSecret,
} from "../../../lib/azure";
import {
  Availability,
  DatabaseEngine,
  DatabaseLogin,
  DayOfWeek,
  DeletionPolicy,
  EngineFamily,
  MachineSize,
  MysqlVersion,
  PostgresVersion,
} from "../../../lib/database";
import { terraformWithMirror } from "../../../tools/machine/terraform";
import { azureId, azureNetwork, azureStack, mysql, postgres, VAULT_ID } from "../../support/azure-stack";
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
      test("plans no changes after the apply, and has no secret in the state", () => {
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

      test("ignores changes of the zones, which apply at creation", () => {
        expect(plan(pg({ zone: "2", standbyZone: "3" }))).toEqual([]);
      });

      test("ignores changes of the storage size with storage autogrow", () => {
        expect(plan(pg({ storage: { sizeGiB: 512, maxSizeGiB: 1024 } }))).toEqual([]);
        expect(plan(pg({ storage: { sizeGiB: 64, maxSizeGiB: 1024 } }))).toEqual([]);
      });

      test("adds a server parameter without changing the others", () => {
        expect(brief(plan(pg({ parameters: { work_mem: "8192" } })))).toEqual([
          expect.stringMatching(/^create azurerm_postgresql_flexible_server_configuration: /),
        ]);
      });

      test("rotates passwords in the key vault and on the server only", () => {
        expect(brief(plan(pg({ passwordVersion: 2 })))).toEqual([
          expect.stringMatching(/^update azurerm_key_vault_secret: .*value_wo_version/),
          expect.stringMatching(/^update azurerm_key_vault_secret: .*value_wo_version/),
          `update ${PG}: administrator_password_wo_version`,
          expect.stringMatching(/^delete\+create terraform_data: /),
          expect.stringMatching(/^delete\+create terraform_data: /),
        ]);
      });

      test("refuses another key vault without a new password version", () => {
        const vault = SecretVault.fromKeyVaultId(VAULT_ID.replace("passwords", "elsewhere"));
        expect(refusal(pg({ vault }))).toContain("can change only together with its version");
        expect(brief(plan(pg({ vault, passwordVersion: 2 })))).toContainEqual(
          `update ${PG}: administrator_password_wo_version`,
        );
      });

      test("DELETE removes the management lock and leaves the server unchanged", () => {
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

      test("refuses another connectivity method, which would replace the server", () => {
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

      test("a later version of this library that derives another name plans no changes", () => {
        const after = pg();
        const file = join(after, "cdk.tf.json");
        const text = readFileSync(file, "utf8");
        const renamed = text.replace('"prefix": "test-postgres-"', '"prefix": "somehow-else-"');
        expect(renamed).not.toBe(text);
        writeFileSync(file, renamed);
        expect(plan(after)).toEqual([]);
      });

      // Last, since it changes the state.
      test("plans no changes after storage autogrow and a failover", () => {
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

  describe("a secret that is made anew under the same version, since it was deleted", () => {
    applied(pg, ({ copy, plan }) => {
      test("reaches the server, which had the old value", () => {
        const file = join(copy().folder, "terraform.tfstate");
        const state = JSON.parse(readFileSync(file, "utf8"));
        const before = state.resources.length;
        state.resources = state.resources.filter(
          ({ type, name }: { type: string; name: string }) =>
            type !== "azurerm_key_vault_secret" || !name.includes("AdminPassword"),
        );
        expect(state.resources).toHaveLength(before - 1);
        writeFileSync(file, JSON.stringify(state));
        const found = plan(pg());
        const server = found.find(({ address }) => address.startsWith(`${PG}.`));
        expect(server?.actions).toEqual(["update"]);
        expect(server?.attributes).toContain("administrator_password_wo_version");
        // The secrets of the owners are as they were.
        expect(found.filter(({ address }) => address.startsWith("azurerm_key_vault_secret"))).toHaveLength(1);
      });
    });
  });

  describe("a secret that was made anew by an apply that stopped after it, or whose value was changed by hand", () => {
    applied(pg, ({ copy, plan }) => {
      test("reaches the server in the next apply, after which nothing is left to do", async () => {
        const file = join(copy().folder, "terraform.tfstate");
        const state = JSON.parse(readFileSync(file, "utf8"));
        const secrets = state.resources.filter(
          ({ type, name }: { type: string; name: string }) =>
            type === "azurerm_key_vault_secret" && name.includes("AdminPassword"),
        );
        expect(secrets).toHaveLength(1);
        secrets[0].instances[0].attributes.version = "00000000000000000000000000000009";
        writeFileSync(file, JSON.stringify(state));
        expect(brief(plan(pg()))).toEqual([`update ${PG}: administrator_password_wo_version`]);
        await copy().apply();
        expect(plan(pg())).toEqual([]);
      });

      test("a rotation can be applied: its plan knows no number that the apply changes", async () => {
        const found = plan(pg({ passwordVersion: 2 }));
        expect(found.find(({ address }) => address.startsWith(`${PG}.`))?.attributes).toContain(
          "administrator_password_wo_version",
        );
        await copy().apply();
        expect(plan(pg({ passwordVersion: 2 }))).toEqual([]);
      });
    });
  });

  describe("a PostgreSQL server without storage autogrow", () => {
    applied(
      () => pg({ storage: fixed }),
      ({ plan, refusal }) => {
        test("updates to a larger storage size in place", () => {
          expect(brief(plan(pg({ storage: { sizeGiB: 512 } })))).toEqual([`update ${PG}: storage_mb`]);
        });

        test("updates the performance tier in place", () => {
          expect(brief(plan(pg({ storage: fixed, storageTier: "P30" })))).toEqual([
            `update ${PG}: storage_tier`,
          ]);
        });

        test("refuses a smaller storage size, which would replace it", () => {
          expect(refusal(pg({ storage: { sizeGiB: 128 } }))).toContain("Instance cannot be destroyed");
        });

        test("can enable storage autogrow", () => {
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

      test("removes high availability, or moves the standby to the same zone, in place", () => {
        const zonal = { availability: Availability.ZONAL, standbyZone: undefined };
        expect(brief(plan(my(zonal)))).toEqual([`update ${MY}: high_availability`]);
        const near = { standby: StandbyPlacement.SAME_ZONE, standbyZone: "1" };
        expect(brief(plan(my(near)))).toEqual([`update ${MY}: high_availability`]);
      });

      test("ignores changes of the zones and of the storage size", () => {
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
      test("plans no changes after storage autogrow and a failover", () => {
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

  describe("a MySQL server without high availability", () => {
    const zonal = { availability: Availability.ZONAL, standbyZone: undefined };
    applied(
      () => my(zonal),
      ({ plan, refusal }) => {
        test("refuses a zone-redundant standby after its creation, not a same-zone one", () => {
          expect(plan(my(zonal))).toEqual([]);
          expect(refusal(my())).toContain("A MySQL server can have a zone-redundant standby only if");
          const near = { standby: StandbyPlacement.SAME_ZONE, standbyZone: "1" };
          expect(brief(plan(my(near)))).toEqual([`update ${MY}: high_availability`]);
        });
      },
    );
  });

  describe("a restored server", () => {
    const restored = (availability?: Availability) =>
      azureStack((stack) => {
        const network = azureNetwork(stack);
        const { value } = new StoredSecret(stack, "old", { secretId: `${VAULT_ID}/secrets/old` });
        const common = {
          network,
          availability,
          size: MachineSize.general(4),
          storage: { sizeGiB: 128, maxSizeGiB: 512 },
          adminLogin: AzureAdminLogin.given(DatabaseLogin.withPassword("dbadmin", value)),
          restoreTime: "2026-11-22T03:04:05Z",
        };
        new PostgresServerFromPointInTime(stack, "restored", {
          ...common,
          engine: DatabaseEngine.postgres(PostgresVersion.V17),
          sourceServerId: azureId("Microsoft.DBforPostgreSQL/flexibleServers", "old"),
        });
        new MysqlServerFromPointInTime(stack, "restored-mysql", {
          ...common,
          engine: DatabaseEngine.mysql(MysqlVersion.V8_4),
          sourceServerId: azureId("Microsoft.DBforMySQL/flexibleServers", "old"),
        });
      });

    test("with a standby is refused in the plan that restores it", () => {
      const copy = new StackCopy(terraform, restored(Availability.ZONE_REDUNDANT));
      try {
        copy.init();
        const refusal = copy.planFails().replace(/[\s│]+/g, " ");
        expect(refusal.split("Azure restores to a server without a standby")).toHaveLength(3);
      } finally {
        copy.remove();
      }
    });

    applied(
      () => restored(),
      ({ plan }) => {
        test("gets a standby in a later run, and keeps it", () => {
          expect(brief(plan(restored(Availability.ZONE_REDUNDANT)))).toEqual([
            `update ${MY}: high_availability`,
            `update ${PG}: high_availability`,
          ]);
        });
      },
    );
  });

  describe("a PostgreSQL server with a read replica", () => {
    const replicated = (server: Props, replica: Partial<PostgresReadReplicaProps> = {}) =>
      azureStack((stack) => {
        const source = postgres(stack, { ...base, storage: fixed, ...server });
        new PostgresReadReplica(stack, "replica", {
          source,
          deletionPolicy: DeletionPolicy.DELETE,
          ...replica,
        });
      });
    applied(
      () => replicated({ maxConnections: 600 }),
      ({ plan, refusal }) => {
        const larger = { size: MachineSize.general(8), storage: { sizeGiB: 512 } };

        test("grows in two runs: first the replica alone, then the source", () => {
          expect(brief(plan(replicated({ maxConnections: 600 }, larger)))).toEqual([
            `update ${PG}: sku_name,storage_mb`,
          ]);
        });

        test("takes a larger max_connections on both, the source's after the replica's", () => {
          const found = plan(replicated({ maxConnections: 800 }));
          expect(brief(found)).toEqual([
            "update azurerm_postgresql_flexible_server_configuration: value",
            "update azurerm_postgresql_flexible_server_configuration: value",
          ]);
        });

        test("refuses a major upgrade while the replica is there", () => {
          expect(
            refusal(
              replicated({ maxConnections: 600, engine: DatabaseEngine.postgres(PostgresVersion.V17) }),
            ),
          ).toContain("only without read replicas");
        });
      },
    );
  });

  describe("a promoted replica", () => {
    const parts = { size: MachineSize.general(4), storage: { sizeGiB: 256 } };
    const program = (step: "replica" | "promoted" | "alone") =>
      azureStack((stack) => {
        const net = azureNetwork(stack);
        const engine = DatabaseEngine.postgres(PostgresVersion.V16);
        const source =
          step === "alone"
            ? PostgresFlexibleServer.fromServerAttributes(stack, "lost", {
                serverId: azureId("Microsoft.DBforPostgreSQL/flexibleServers", "lost"),
                engine,
                location: "westeurope",
              })
            : postgres(stack, { engine, ...parts, network: net, deletionPolicy: DeletionPolicy.DELETE });
        const replica = new PostgresReadReplica(stack, "replica", {
          source,
          network: net,
          ...parts,
          serverName: "coder-replica",
          resourceGroupName: "platform",
          promoted: step !== "replica",
        });
        if (step === "replica") return;
        const { value } = new StoredSecret(stack, "admin", { secretId: `${VAULT_ID}/secrets/admin` });
        const server = PostgresFlexibleServer.fromServerAttributes(stack, "server", {
          serverId: replica.serverId,
          engine,
          location: "westeurope",
          adminLogin: DatabaseLogin.withPassword("dbadmin", value),
          vault: SecretVault.fromKeyVaultId(VAULT_ID),
          dependsOn: replica.dependables,
        });
        expect(server.database("coder").databaseName).toBe("coder");
      });

    test("takes writes after one run, and lives without its source after the next", async () => {
      const copy = new StackCopy(terraform, program("replica"));
      try {
        copy.init();
        await copy.apply();
        copy.use(program("promoted"));
        const promoted = changes(copy.plan()).filter(({ address }) => address.startsWith(`${PG}.`));
        expect(brief(promoted)).toEqual([`update ${PG}: replication_role`]);
        await copy.apply();
        copy.use(program("alone"));
        const alone = changes(copy.plan()).filter(({ address }) => address.startsWith(`${PG}.`));
        expect(brief(alone)).toEqual([expect.stringMatching(new RegExp(`^delete ${PG}`))]);
        expect(alone[0]?.address).toContain("postgres");
      } finally {
        copy.remove();
      }
    });
  });

  describe("replicas and long-term backups", () => {
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
        test("promotes replicas in place", () => {
          expect(brief(plan(around(12, true)))).toEqual([
            `update ${MY}: replication_role`,
            `update ${PG}: replication_role`,
          ]);
        });

        test("creates a new backup policy before it deletes the old one", () => {
          expect(brief(plan(around(26, false)))).toEqual([
            expect.stringMatching(/^update azurerm_data_protection_backup_instance_.*: backup_policy_id/),
            expect.stringMatching(/^create\+delete azurerm_data_protection_backup_policy_/),
          ]);
        });
      },
    );
  });

  test("Terraform refuses illegal values that are not known at synth", () => {
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
      expect(refusal).toContain("The server's name must have 3 to 63 lower-case letters");
      expect(refusal).toContain("The storage of an Azure PostgreSQL server must be 1 to 32767 GiB");
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
