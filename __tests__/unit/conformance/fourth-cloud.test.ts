/** The promise of the contract: a cloud outside of `lib` needs no change in `lib`, and an application runs on it. */
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import type { TerraformStack } from "cdktf";
import { CoderRelease } from "../../../lib/coder";
import {
  Cloud,
  DatabaseEngine,
  DatabaseLogin,
  DatabaseServer,
  type IDatabaseServer,
  MachineSize,
  MysqlVersion,
  PostgresVersion,
  SecretValue,
  type StorageProps,
} from "../../../lib/database";
import { GitpodObjectStorage } from "../../../lib/gitpod";
import { ComponentObjects, DatabaseObjects, LocalSqlBackend } from "../../../lib/sql";
import { ObjectStoreKey } from "../../../lib/storage";
import { NIMBUS, NimbusBucket, NimbusPostgres, type NimbusPostgresProps } from "../../fixtures/fourth-cloud";
import { type Json, problemsOf, synthesize } from "../../support/synth";

const server = (stack: TerraformStack, props: Partial<NimbusPostgresProps> = {}) =>
  new NimbusPostgres(stack, "postgres", {
    engine: DatabaseEngine.postgres(PostgresVersion.V17),
    size: MachineSize.general(4),
    storage: { sizeGiB: 100 },
    region: "north-1",
    ...props,
  });

const coder = (stack: TerraformStack, replicas: number) =>
  new CoderRelease(stack, "coder", {
    database: server(stack).database("coder"),
    replicas,
    accessUrl: "https://coder.example.com",
    chartVersion: "2.33.6",
  });

test("Coder runs on it: chart, secret with the URL, job that creates the database", () => {
  const { resource, resources, warnings } = synthesize((stack) => void coder(stack, 2));
  expect(warnings).toEqual([]);
  expect(resource("nimbus_postgres_server")).toMatchObject({
    name: "test-postgres",
    plan: "std-4",
    version: "17",
    standby: true,
    lifecycle: { prevent_destroy: true },
  });
  const releases = resources("helm_release").map((each: Json) => each.chart);
  expect(releases).toContain("coder");
  expect(resources("kubernetes_job_v1")).toHaveLength(1);
  const url = resources("kubernetes_secret_v1")
    .map((each: Json) => JSON.stringify(each.data_wo))
    .find((data: string) => data?.includes("postgres://"));
  expect(url).toContain("nimbus_postgres_server.postgres");
  expect(url).toContain("sslmode=verify-full");
});

test("its connection limit is that of its table", () => {
  synthesize((stack) => {
    expect(server(stack).connectionBudget.capacity).toEqual({
      maximum: 800,
      reserved: 5,
      basis: "the default of std-4",
    });
  });
  expect(problemsOf((stack) => void coder(stack, 100)).join("\n")).toMatch(/connection/);
});

test.each<[string, Partial<NimbusPostgresProps>, RegExp]>([
  [
    "another engine",
    { engine: DatabaseEngine.mysql(MysqlVersion.V8_4) },
    /NIMBUS-ENGINE: engine must be PostgreSQL/,
  ],
  [
    "a version that it does not support",
    { engine: DatabaseEngine.postgres(PostgresVersion.V13) },
    /must have one of the major versions 16, 17/,
  ],
  ["a size that it has not", { size: MachineSize.memory(4) }, /NIMBUS-SIZE: size must be general\(2\)/],
  ["too much storage", { storage: { sizeGiB: 5000 } as StorageProps }, /NIMBUS-STORAGE-SIZE-GI-?B: /],
])("refuses %s", (_, props, message) => {
  expect(problemsOf((stack) => void server(stack, props)).join("\n")).toMatch(message);
});

test("takes a machine by its own name, and reserves its own names", () => {
  synthesize((stack) => {
    expect(server(stack, { size: MachineSize.of({ names: { nimbus: "hpc-1" } }) }).machine?.name).toBe(
      "hpc-1",
    );
  });
  expect(problemsOf((stack) => void server(stack).database("nimbusdb")).join("\n")).toMatch(/reserves/);
  expect(
    problemsOf((stack) => void server(stack).database("coder", { ownerName: "nimbus" })).join("\n"),
  ).toMatch(/must not be one of the reserved names nimbus/);
});

test("SQL descriptions are judged by the rules that it brings, and not without rules", () => {
  const described = (of: (stack: TerraformStack) => IDatabaseServer) =>
    problemsOf((stack) => {
      const reader = DatabaseLogin.withPassword(
        "reader",
        SecretValue.fromEphemeral("${ephemeral.test.x.value}", { version: 1 }),
      );
      const group = (name: string) => ({ login: reader, id: name, memberOf: [name, "pg_monitor"] });
      const extensions = [{ name: "pg_trgm" }, { name: "timescaledb" }];
      new DatabaseObjects(stack, "objects", {
        server: of(stack),
        components: [
          new ComponentObjects({ component: "a", logins: [group("nimbus_readers")], databases: [] }),
          new ComponentObjects({
            component: "b",
            logins: [{ ...group("rds_readers"), login: DatabaseLogin.withPassword("b", reader.password!) }],
            databases: [{ name: "b", owner: "b", extensions }],
          }),
        ],
        backend: new LocalSqlBackend(),
      });
    });
  expect(described(server)).toEqual([
    expect.stringContaining('memberOf must be a described role: reader, b (got "rds_readers")'),
    expect.stringContaining(
      'must be in the known extension list for nimbus (got "timescaledb"); if the service supports it, set acceptUnlisted',
    ),
  ]);
  const unknown = (stack: TerraformStack) =>
    DatabaseServer.fromServerAttributes(stack, "other", {
      engine: DatabaseEngine.postgres(PostgresVersion.V17),
      host: "db.example.com",
      location: { cloud: Cloud.of("other") },
      adminLogin: server(stack).adminLogin,
    });
  expect(described(unknown)).toEqual([]);
});

test("an application keeps its objects there: endpoint, region and key reach the secret", () => {
  const { resource } = synthesize((stack) => {
    const store = new NimbusBucket(stack, "workspaces", { bucketName: "workspaces", region: "north-1" });
    expect(store.cloud).toBe(NIMBUS);
    const secret = SecretValue.fromEphemeral("${ephemeral.x.y.z}", { version: 1 });
    const key = ObjectStoreKey.s3("NIMBUSKEY", secret);
    const { region } = new GitpodObjectStorage(stack, "storage", { store, key, namespace: "gitpod" });
    expect(region).toBe("north-1");
  });
  expect(JSON.stringify(resource("kubernetes_secret_v1").data_wo)).toContain("NIMBUSKEY");
  expect(
    problemsOf((stack) => void new NimbusBucket(stack, "a", { bucketName: "A", region: "north-1" })),
  ).toEqual([expect.stringMatching(/NIMBUS-BUCKET-NAME: bucketName must be 3 to 40/)]);
});

test("a cloud is one object for each name", () => {
  expect(Cloud.of("nimbus")).toBe(NIMBUS);
  expect(Cloud.of("aws")).toBe(Cloud.AWS);
  expect(`${NIMBUS} ${JSON.stringify({ cloud: NIMBUS })}`).toBe('nimbus {"cloud":"nimbus"}');
});

test("no file of lib names it", () => {
  const lib = join(__dirname, "../../../lib");
  // grep exits with 1 when it finds nothing.
  expect(() => execFileSync("grep", ["-ril", "nimbus", lib])).toThrow();
});
