/**
 * Pairs of plans over the true schemas of the google provider: what a later version of a program, or the cloud itself,
 * does to a server that is there. The stand-ins know what forces a replacement, and that a disk which shrinks does.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { KubernetesProvider } from "@cdktf/provider-kubernetes/lib/provider";
import { TerraformStack } from "cdktf";
import {
  Availability,
  DatabaseEngine,
  type DatabaseLogin,
  DayOfWeek,
  DeletionPolicy,
  MachineSize,
  MysqlVersion,
  PostgresVersion,
  type SecretValue,
} from "../../../lib/database";
import {
  CloudSqlReadReplica,
  CloudSqlServer,
  type CloudSqlServerProps,
  CryptoKey,
  DatabaseNetwork,
  PrivateServiceConnect,
} from "../../../lib/google";
import { DatabaseSecret, SecretEntry } from "../../../lib/kubernetes";
import { terraformWithMirror } from "../../../tools/machine/terraform";
import { describeWith } from "../../support/describe-with";
import { googleStack } from "../../support/google-stack";
import { ephemeralPatterns, sightings } from "../../support/terraform/canary";
import { type Change, changes } from "../../support/terraform/plan";
import { StackCopy } from "../../support/terraform/stack-copy";
import { POSTGRES, server, VPC } from "../../unit/google/fixture";

const growing = { sizeGiB: 100, maxSizeGiB: 500 };

function stack(props: Partial<CloudSqlServerProps>): string {
  return googleStack((scope) => {
    server(scope, { storage: growing, ...props }).database("coder");
  });
}

describeWith("a server of Cloud SQL", terraformWithMirror, (terraform) => {
  const applied = new Map<string, Promise<StackCopy>>();
  afterAll(async () => {
    for (const copy of applied.values()) (await copy).remove();
  });

  /** A copy in which a program was applied; one for each program, as plans leave the state as it is. */
  function applying(folder: string): Promise<StackCopy> {
    const key = readFileSync(join(folder, "cdk.tf.json"), "utf8");
    const known = applied.get(key) ?? prepare(folder);
    applied.set(key, known);
    return known;
  }

  async function prepare(folder: string): Promise<StackCopy> {
    const copy = new StackCopy(terraform, folder);
    copy.init();
    await copy.apply();
    return copy;
  }

  /** What the plan would change when a program takes the place of one that was applied. */
  async function between(before: string, after: string): Promise<Change[]> {
    const copy = await applying(before);
    copy.use(after);
    return changes(copy.plan());
  }

  async function refused(before: string, after: string): Promise<string> {
    const copy = await applying(before);
    copy.use(after);
    return copy.planFails().replace(/\s+/g, " ");
  }

  test.each<[string, Partial<CloudSqlServerProps>, Partial<CloudSqlServerProps>]>([
    [
      "a disk that Cloud SQL enlarged, and a smaller size in the program",
      {},
      { storage: { sizeGiB: 80, maxSizeGiB: 500 } },
    ],
    [
      "a larger size in the program with automatic storage increase",
      {},
      { storage: { sizeGiB: 200, maxSizeGiB: 500 } },
    ],
  ])("no change: %s", async (_, before, after) => {
    expect(await between(stack(before), stack(after))).toEqual([]);
  });

  test.each<[string, Partial<CloudSqlServerProps>, Partial<CloudSqlServerProps>]>([
    ["a higher maximum size", {}, { storage: { sizeGiB: 100, maxSizeGiB: 900 } }],
    [
      "a larger disk with applyStorageSize",
      {},
      { storage: { sizeGiB: 300, maxSizeGiB: 500 }, applyStorageSize: true },
    ],
    ["no automatic storage increase any more", {}, { storage: { sizeGiB: 100 } }],
    ["another retention", {}, { backup: { retentionDays: 30 } }],
    ["another maintenance window", {}, { maintenanceWindow: { day: DayOfWeek.MONDAY, start: "02:00" } }],
    [
      "swapped zones",
      { zone: "europe-west1-b", secondaryZone: "europe-west1-c" },
      { zone: "europe-west1-c", secondaryZone: "europe-west1-b" },
    ],
    ["a larger machine", {}, { size: MachineSize.general(8) }],
    ["another edition", {}, { size: MachineSize.memory(4) }],
    ["no high availability any more", {}, { availability: Availability.ZONAL }],
    ["the next major version", {}, { engine: DatabaseEngine.postgres(PostgresVersion.V18) }],
    [
      "a minor version of MySQL 8.0",
      { engine: DatabaseEngine.mysql(MysqlVersion.of("8.0.43")), acceptExtendedSupport: "8.0" },
      { engine: DatabaseEngine.mysql(MysqlVersion.of("8.0.44")), acceptExtendedSupport: "8.0" },
    ],
    ["another flag", {}, { parameters: { work_mem: "8192" } }],
    ["no deletion protection any more", {}, { deletionPolicy: DeletionPolicy.DELETE }],
    ["labels", {}, { tags: { team: "platform" } }],
  ])("in place: %s", async (_, before, after) => {
    const found = await between(stack(before), stack(after));
    const instance = found.find((change) => change.address.startsWith("google_sql_database_instance."));
    expect(instance?.actions).toEqual(["update"]);
    expect(found.flatMap((change) => change.actions)).not.toContain("delete");
  });

  test.each<[string, Partial<CloudSqlServerProps>, Partial<CloudSqlServerProps>]>([
    ["another region", {}, { region: "europe-west4" }],
    [
      "a customer-managed encryption key",
      {},
      {
        encryptionKey: CryptoKey.fromKeyName("projects/p/locations/europe-west1/keyRings/r/cryptoKeys/k"),
        encryptionServiceAgent: "a@b.iam.gserviceaccount.com",
      },
    ],
    ["another engine", {}, { engine: DatabaseEngine.mysql(MysqlVersion.V8_4) }],
    ["another name", {}, { instanceName: "elsewhere" }],
    ["a smaller disk", { storage: { sizeGiB: 200 } }, { storage: { sizeGiB: 100 } }],
  ])("the plan refuses what would replace the server: %s", async (_, before, after) => {
    expect(await refused(stack(before), stack(after))).toMatch(
      /Instance cannot be destroyed.*google_sql_database_instance\.db_ECC37780/,
    );
  });

  test("the plan does not refuse the removal from the program, since prevent_destroy is removed too; the provider and Cloud SQL do", async () => {
    const found = await between(
      stack({}),
      googleStack(() => {}),
    );
    const instance = found.find((change) => change.address.startsWith("google_sql_database_instance."));
    expect(instance?.actions).toEqual(["delete"]);
  });

  test("a replacement has another name, since the name of a deleted instance is reserved for a week", async () => {
    const policy = { deletionPolicy: DeletionPolicy.DELETE };
    const found = await between(stack(policy), stack({ ...policy, region: "europe-west4" }));
    expect(
      found.filter((change) => /^(random_id|google_sql_database_instance)\./.test(change.address)),
    ).toEqual([
      expect.objectContaining({
        actions: ["delete", "create"],
        replacePaths: ["name", "region"],
      }),
      expect.objectContaining({ actions: ["delete", "create"], replacePaths: ["keepers"] }),
    ]);
  });

  test("an incremented passwordVersion writes all passwords, and changes nothing else", async () => {
    const found = await between(stack({}), stack({ passwordVersion: 2 }));
    expect(found.map(({ address, actions }) => [address.split(".")[0], actions])).toEqual([
      // The administrator's and the owner's.
      ["google_secret_manager_secret_version", ["delete", "create"]],
      ["google_secret_manager_secret_version", ["delete", "create"]],
      ["google_sql_user", ["update"]],
    ]);
  });

  test.each<[string, string[]]>([
    ["Login-coder", ["kubernetes_secret_v1.owner"]],
    ["Admin_Password", ["google_sql_user.db_Admin", "kubernetes_secret_v1.admin"]],
  ])(
    "a secret that is made anew, since it was deleted, reaches all that have the old value: %s",
    async (gone, followers) => {
      const program = () =>
        googleStack((scope) => {
          new KubernetesProvider(scope, "kubernetes", {});
          const db = server(scope, { storage: growing });
          const { owner } = db.database("coder");
          for (const [name, login] of Object.entries({ owner, admin: db.adminLogin as DatabaseLogin })) {
            new DatabaseSecret(scope, name, {
              namespace: "coder",
              secretName: name,
              entries: [SecretEntry.secret("password", login.password as SecretValue)],
            });
          }
        });
      const copy = new StackCopy(terraform, program());
      try {
        copy.init();
        await copy.apply();
        const file = join(copy.folder, "terraform.tfstate");
        const state = JSON.parse(readFileSync(file, "utf8"));
        const before = state.resources.length;
        state.resources = state.resources.filter(
          ({ type, name }: { type: string; name: string }) =>
            type !== "google_secret_manager_secret" || !name.includes(gone),
        );
        expect(state.resources).toHaveLength(before - 1);
        writeFileSync(file, JSON.stringify(state));
        const found = changes(copy.plan());
        expect(found.map(({ address, actions }) => [address.replace(/_[0-9A-F]{8}$/, ""), actions])).toEqual([
          [`google_secret_manager_secret.db_${gone}`, ["create"]],
          [`google_secret_manager_secret_version.db_${gone}_Version`, ["delete", "create"]],
          // The other login's secret and Secret are as they were.
          ...followers.map((address) => [address, ["update"]]),
        ]);
        const attributes = found.flatMap(({ attributes }) => attributes);
        expect(attributes.includes("password_wo_version")).toBe(followers.length === 2);
        expect(attributes).toContain("data_wo_revision");
      } finally {
        copy.remove();
      }
    },
  );

  test("a larger replica comes before its source by its own size: -target of the replica takes the source along", async () => {
    const program = (size: MachineSize, own?: MachineSize) =>
      googleStack((scope) => {
        const source = server(scope, { storage: growing, size });
        new CloudSqlReadReplica(scope, "replica", { source, size: own });
      });
    const [small, large] = [MachineSize.general(4), MachineSize.general(8)];
    const copy = await applying(program(small));
    copy.use(program(large));
    const target = "-target=google_sql_database_instance.replica_002F81F9";
    expect(changes(copy.plan(target)).map(({ address }) => address)).toHaveLength(2);
    expect((await between(program(small), program(small, large))).map(({ address }) => address)).toEqual([
      "google_sql_database_instance.replica_002F81F9",
    ]);
  });

  test("a MySQL replica is upgraded before its source, by its own engine", async () => {
    const [old, next] = [MysqlVersion.V8_0, MysqlVersion.V8_4].map((version) =>
      DatabaseEngine.mysql(version),
    );
    const program = (engine?: DatabaseEngine) =>
      googleStack((scope) => {
        const source = server(scope, { engine: old, acceptExtendedSupport: "8.0" });
        new CloudSqlReadReplica(scope, "replica", { source, engine });
      });
    const found = await between(program(), program(next));
    expect(found.map(({ address, actions }) => [address, actions])).toEqual([
      ["google_sql_database_instance.replica_002F81F9", ["update"]],
    ]);
  });

  test("a replica is promoted in place", async () => {
    const program = (promoted: boolean) =>
      googleStack((scope) => {
        const source = server(scope, { storage: growing });
        new CloudSqlReadReplica(scope, "replica", { source, promoted });
      });
    const found = await between(program(false), program(true));
    expect(found.map(({ address, actions }) => [address, actions])).toEqual([
      ["google_sql_database_instance.replica_002F81F9", ["update"]],
    ]);
  });

  test("a promoted replica is a server, and outlives the removal of its source", async () => {
    const region = "europe-west4";
    const asServer = (replica: CloudSqlReadReplica) =>
      CloudSqlServer.fromServerAttributes(TerraformStack.of(replica), "promoted", {
        instanceName: replica.instanceName,
        project: replica.projectId,
        region,
        engine: replica.engine,
        host: replica.endpoint.host,
        caCertificatesPem: replica.tls.caCertificatesPem as string,
        databasesExist: true,
        dependsOn: replica.dependables,
      });
    const before = googleStack((scope) => {
      const source = server(scope, { storage: growing, deletionPolicy: DeletionPolicy.DELETE });
      new CloudSqlReadReplica(scope, "replica", { source, region });
    });
    const promoted = googleStack((scope) => {
      const source = server(scope, { storage: growing, deletionPolicy: DeletionPolicy.DELETE });
      asServer(new CloudSqlReadReplica(scope, "replica", { source, region, promoted: true })).database(
        "coder",
      );
    });
    const alone = googleStack((scope) => {
      const source = CloudSqlServer.fromServerAttributes(scope, "db", {
        instanceName: "gone",
        project: "platform",
        region: "europe-west1",
        engine: POSTGRES,
        host: "10.20.0.3",
        caCertificatesPem: "-----BEGIN CERTIFICATE-----",
        size: MachineSize.general(4),
        storage: growing,
        iamAuthentication: true,
        network: DatabaseNetwork.fromDatabaseNetworkAttributes(scope, "db-network", { networkId: VPC }),
      });
      asServer(new CloudSqlReadReplica(scope, "replica", { source, region, promoted: true })).database(
        "coder",
      );
    });
    const instances = (found: Change[]) =>
      found
        .filter(({ address }) => address.startsWith("google_sql_database_instance."))
        .map(({ address, actions }) => [address.split(".")[1], actions]);
    expect(instances(await between(before, promoted))).toEqual([["replica_002F81F9", ["update"]]]);
    expect(instances(await between(promoted, alone))).toEqual([["db_ECC37780", ["delete"]]]);
  });

  test("moved blocks keep a renamed server, and removed blocks one that leaves the program", async () => {
    const named = { instanceName: "platform", storage: growing };
    const folder = (id?: string, block?: [string, object]) =>
      googleStack((scope) => {
        if (id) server(scope, named, id);
        if (block) scope.addOverride(block[0], [block[1]]);
      });
    const from = "google_sql_database_instance.db_ECC37780";
    const instances = (found: Change[]) =>
      found.filter(({ address }) => address.startsWith("google_sql_database_instance."));
    // Renamed without a block: prevent_destroy does not refuse it.
    const renamed = instances(await between(folder("db"), folder("renamed")));
    expect(renamed.map(({ actions }) => actions).sort()).toEqual([["create"], ["delete"]]);
    const to = renamed.find(({ actions }) => actions.includes("create"))?.address as string;
    const moved = instances(await between(folder("db"), folder("renamed", ["moved", { from, to }])));
    expect(moved.flatMap(({ actions }) => actions)).not.toContain("delete");
    const removed = await between(
      folder("db"),
      folder(undefined, ["removed", { from, lifecycle: { destroy: false } }]),
    );
    expect(instances(removed).flatMap(({ actions }) => actions)).not.toContain("delete");
  });

  test("the plan refuses a change to Private Service Connect, which would replace the server", async () => {
    const psc = googleStack((scope) => {
      const network = new PrivateServiceConnect(scope, "psc", {
        networkId: VPC,
        subnetworkId: "projects/platform/regions/europe-west1/subnetworks/endpoints",
        allowedConsumerProjects: ["platform"],
      });
      server(scope, { storage: growing, network });
    });
    const psa = googleStack((scope) => {
      server(scope, { storage: growing, network: new DatabaseNetwork(scope, "network", { networkId: VPC }) });
    });
    expect(await refused(psa, psc)).toMatch(/Instance cannot be destroyed/);
  });

  test("no password is in plan or state", async () => {
    const folder = stack({});
    const copy = new StackCopy(terraform, folder);
    try {
      copy.init();
      const first = copy.plan();
      await copy.apply();
      const stackJson = JSON.parse(copy.written().find((file) => file.name === "cdk.tf.json")!.text);
      const documents = [...copy.written(), { name: "plan", text: JSON.stringify(first) }];
      const patterns = ephemeralPatterns(stackJson);
      expect(patterns).toHaveLength(1);
      expect(sightings(documents, patterns)).toEqual([]);
    } finally {
      copy.remove();
    }
  });
});
