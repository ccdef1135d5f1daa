/**
 * Rehearsals of flexible servers, with the programs of the stack, curl, jq, psql and a real PostgreSQL in the place of the copy; Azure Resource
 * Manager is a server of the test, which obeys the stack's role assignments. Whatever goes wrong, no run reports success, no copy is left where
 * Azure lets it go, and nothing but reads reaches the source.
 */
import { chmodSync, existsSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type TerraformStack, TerraformVariable } from "cdktf";
import {
  AksWorkloadIdentity,
  DatabaseNetwork,
  DelegatedDatabaseNetwork,
  MysqlFlexibleServer,
  PostgresFlexibleServer,
} from "../../../lib/azure";
import { FlexibleServerRestoreRehearsal } from "../../../lib/azure/aks";
import {
  DatabaseEngine,
  DatabaseLogin,
  EngineFamily,
  MysqlVersion,
  PostgresVersion,
  SecretValue,
} from "../../../lib/database";
import { RehearsalCheck } from "../../../lib/recovery";
import { Postgres, type PostgresTools, postgresTools } from "../../../tools/machine/postgres";
import { type Finished, findProgram } from "../../../tools/machine/processes";
import { Unavailable } from "../../../tools/machine/unavailable";
import { FakeArm } from "../../support/azure/fake-arm";
import { type Pod, PodRun, podOf } from "../../support/azure/rehearsal-run";
import { RoleEvaluation } from "../../support/azure/role-evaluation";
import { SUBSCRIPTION } from "../../support/azure-stack";
import { describeWith } from "../../support/describe-with";
import { synthesize } from "../../support/synth";

jest.setTimeout(120_000);

const GROUP = `${SUBSCRIPTION}/resourceGroups/rehearsals`;
const PRODUCTION = `${SUBSCRIPTION}/resourceGroups/production/providers`;
const NETWORK = `${SUBSCRIPTION}/resourceGroups/network/providers/Microsoft.Network`;
const SUBNET = `${NETWORK}/virtualNetworks/hub/subnets/rehearsals`;
const PRINCIPAL = "11111111-1111-1111-1111-111111111111";

function tools(): PostgresTools | Unavailable {
  for (const name of ["curl", "jq"]) {
    if (findProgram([name]) === undefined) return new Unavailable(`${name} is not installed`);
  }
  return postgresTools();
}

interface Case {
  readonly family?: EngineFamily;
  readonly delegated?: boolean;
}

const sourceId = (family = EngineFamily.POSTGRES) =>
  `${PRODUCTION}/Microsoft.DBfor${family === EngineFamily.POSTGRES ? "PostgreSQL" : "MySQL"}/flexibleServers/coder`;

/** The program that a user would write. */
function build(stack: TerraformStack, { family = EngineFamily.POSTGRES, delegated = false }: Case): void {
  const postgres = family === EngineFamily.POSTGRES;
  const server = postgres
    ? PostgresFlexibleServer.fromServerAttributes(stack, "server", {
        serverId: sourceId(family),
        engine: DatabaseEngine.postgres(PostgresVersion.V17),
        location: "westeurope",
      })
    : MysqlFlexibleServer.fromServerAttributes(stack, "server", {
        serverId: sourceId(family),
        engine: DatabaseEngine.mysql(MysqlVersion.V8_4),
        location: "westeurope",
      });
  const owner = DatabaseLogin.withPassword(
    "coder",
    SecretValue.fromVariable(new TerraformVariable(stack, "password", { type: "string" }), 1),
  );
  const database = server.database("coder", { owner });
  const common = { resourceGroupName: "network", location: "westeurope", subnetId: SUBNET };
  const newest = postgres
    ? "SELECT extract(epoch FROM max(at)) FROM notes"
    : "SELECT UNIX_TIMESTAMP(MAX(at)) FROM notes";
  new FlexibleServerRestoreRehearsal(stack, "rehearsal", {
    server,
    network: delegated
      ? DelegatedDatabaseNetwork.fromDelegatedDatabaseNetworkAttributes(stack, "network", {
          ...common,
          family,
          privateDnsZoneId: `${NETWORK}/privateDnsZones/rehearsals.${family}.database.azure.com`,
        })
      : DatabaseNetwork.fromDatabaseNetworkAttributes(stack, "network", { ...common, privateDnsZoneIds: {} }),
    identity: AksWorkloadIdentity.fromIdentityAttributes(stack, "identity", {
      namespace: "rehearsals",
      serviceAccountName: "rehearsal",
      clientId: "client",
      principalId: PRINCIPAL,
    }),
    rehearsalName: "coder",
    resourceGroupName: "rehearsals",
    checks: [
      RehearsalCheck.newestRow(database, newest, 1),
      RehearsalCheck.atLeast("notes", database, "SELECT count(*) FROM notes", 2),
    ],
  });
}

function world(options: Case): { pod: Pod; watch: Pod; rights: RoleEvaluation } {
  const { json } = synthesize((stack) => build(stack, options));
  const group = Object.keys(json.resource.azurerm_resource_group)[0];
  return {
    pod: podOf(json, "coder-rehearsal"),
    watch: podOf(json, "coder-rehearsal-watch"),
    rights: new RoleEvaluation(json, PRINCIPAL, { [`\${azurerm_resource_group.${group}.id}`]: GROUP }),
  };
}

async function until(condition: () => boolean): Promise<void> {
  const end = Date.now() + 60_000;
  while (!condition()) {
    if (Date.now() > end) throw new Error("it has not come about within a minute");
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

describeWith("rehearsals of flexible servers", tools, (found: PostgresTools) => {
  const bin = mkdtempSync(join(tmpdir(), "devplatforms-bin-"));
  const path = `${bin}:${dirname(found.psql)}:/usr/local/bin:/usr/bin:/bin`;
  const { pod, watch, rights } = world({});
  const arm = new FakeArm(GROUP, sourceId(), rights);
  let postgres: Postgres;
  let endpoint: string;

  beforeAll(async () => {
    [postgres, endpoint] = await Promise.all([Postgres.start(found), arm.start()]);
    postgres.query("CREATE DATABASE coder");
  });
  beforeEach(() => {
    arm.reset();
    // The copy has the password of the source until the rehearsal sets another.
    arm.onPassword = (password) =>
      void postgres.query("ALTER ROLE platform_admin PASSWORD :'password'", {
        user: "rds_superuser_of_test",
        password: "superuser",
        variables: { password },
      });
    const root = { user: "rds_superuser_of_test", password: "superuser", database: "coder" };
    postgres.query(
      "DROP TABLE IF EXISTS notes; CREATE TABLE notes (at timestamptz); GRANT SELECT ON notes TO platform_admin; INSERT INTO notes SELECT now() - interval '900 s' FROM generate_series(1, 3)",
      root,
    );
  });
  afterAll(async () => {
    await postgres?.stop();
    await arm.stop();
    rmSync(bin, { recursive: true, force: true });
  });

  const start = (changed: Record<string, string> = {}, of: Pod = pod, url = endpoint, programs = path) =>
    new PodRun(
      of,
      {
        ARM_ENDPOINT: url,
        AZURE_AUTHORITY_HOST: `${url}/`,
        REHEARSAL_GROUP_ID: GROUP,
        REHEARSAL_POLL_SECONDS: "0.1",
        REHEARSAL_PAUSE: "0.02",
        REHEARSAL_CA_FILES: postgres.ca,
        PGPORT: String(postgres.port),
        ...changed,
      },
      programs,
    );
  const rehearse = (changed?: Record<string, string>) => start(changed).end();
  const resultOf = (done: Finished | undefined) => JSON.parse(done?.stdout ?? "");
  /** Nothing was sent to the source but reads, and nothing outside of the rehearsal's group was changed. */
  const sourceUntouched = (fake = arm) => {
    expect(fake.changes.filter((each) => !each.split(" ")[1]?.startsWith(`${GROUP}/`))).toEqual([]);
  };
  const notPassed = (done: { readonly [container: string]: Finished }, reason: RegExp) => {
    expect(done.sql?.stderr).toMatch(reason);
    expect(done.sql?.code).not.toBe(0);
    expect(arm.tags["rehearsal-last-passed-at"]).toBeUndefined();
    sourceUntouched();
  };

  test("a server is restored, checked, measured and deleted", async () => {
    const done = await rehearse();
    expect(done.sql?.stderr).toMatch(/rehearsal passed/);
    expect([done.sql?.code, done.azure?.code]).toEqual([0, 0]);
    const result = resultOf(done.sql);
    expect(result).toMatchObject({
      passed: true,
      backupAgeSeconds: 600,
      checks: [{ passed: true }, { passed: true, value: 3 }],
    });
    expect(result.measuredRpoSeconds).toBeGreaterThanOrEqual(900);
    expect(result.copy).toMatch(/^coder-rehearsal-\d{8}t\d{6}z$/);
    expect(arm.tags).toMatchObject({
      "rehearsal-passed": "true",
      "rehearsal-measured-rpo-seconds": String(result.measuredRpoSeconds),
    });
    expect(arm.tags["rehearsal-last-passed-at"]).toMatch(/^20/);
    expect([arm.copies(), [...arm.endpoints]]).toEqual([[], []]);
    expect(arm.refusals.filter((each) => !each.includes("ResourceNotFound"))).toEqual([]);
    expect(arm.bodies[0]).toMatchObject({
      location: "westeurope",
      properties: {
        createMode: "PointInTimeRestore",
        highAvailability: { mode: "Disabled" },
        network: { publicNetworkAccess: "Disabled" },
      },
    });
    expect(arm.bodies[0].identity).toBeUndefined();
    // No password is in a log.
    const password = arm.bodies.find((each) => each.properties.administratorLoginPassword).properties
      .administratorLoginPassword;
    expect(JSON.stringify(done)).not.toContain(password);
    sourceUntouched();
  });

  // The image with curl has bash as its shell, and that of PostgreSQL busybox; elsewhere it is that of this machine.
  test.each(["bash", "busybox"].filter((name) => findProgram([name]) !== undefined))(
    "the programs run in %s, and delete the copy when the pod ends",
    async (name) => {
      const shell = mkdtempSync(join(bin, `${name}-`));
      symlinkSync(findProgram([name]) as string, join(shell, "sh"));
      arm.faults = { restoreHangs: true };
      const ends = start({}, pod, endpoint, `${shell}:${path}`);
      await until(() => arm.copies().length === 1);
      for (const container of ["sql", "azure"]) ends.signal(container, "SIGTERM");
      expect((await ends.end()).sql?.code).toBe(143);
      expect(arm.copies()).toEqual([]);
      arm.faults = {};
      const done = await start({}, pod, endpoint, `${shell}:${path}`).end();
      expect(done.sql).toMatchObject({ code: 0, stderr: expect.stringContaining("rehearsal passed") });
      sourceUntouched();
    },
  );

  test("the watch passes after a success, and fails without one or when it is too long ago", async () => {
    const run = async () => (await start({}, watch).end()).watch;
    expect(await run()).toMatchObject({ code: 1, stderr: expect.stringContaining("none has passed yet") });
    arm.tags = {
      "rehearsal-last-passed-at": new Date(Date.now() - 3_600_000).toISOString().replace(/\.\d+/, ""),
    };
    expect(await run()).toMatchObject({ code: 0 });
    arm.tags = { "rehearsal-last-passed-at": "2026-01-01T00:00:00Z" };
    expect(await run()).toMatchObject({ code: 1, stderr: expect.stringContaining("hours are allowed") });
  });

  test("a restore that Azure refuses, or that fails later, does not pass", async () => {
    arm.faults = { restore: [400, "the quota is exceeded"] };
    notPassed(await rehearse(), /Azure refused the restore: .*the quota is exceeded/);
    expect(arm.tags).toMatchObject({
      "rehearsal-passed": "false",
      "rehearsal-reason": expect.stringContaining("quota"),
    });
    arm.reset();
    arm.faults = { restoreVanishes: true };
    notPassed(await rehearse(), /the restore failed: Azure removed the copy/);
    arm.reset();
    arm.faults = { restoreHangs: true };
    notPassed(await rehearse({ REHEARSAL_RESTORE_SECONDS: "2" }), /the copy is not ready/);
    expect(arm.copies()).toEqual([]);
  });

  test("without a backup in range nothing is restored", async () => {
    arm.earliest = new Date().toISOString();
    notPassed(await rehearse(), /there is no backup in range/);
    arm.earliest = undefined;
    notPassed(await rehearse(), /has no restore point/);
    expect(arm.changes.filter((each) => each.startsWith("PUT"))).toEqual([]);
  });

  test("data that does not pass its checks fails the rehearsal, and the copy is deleted", async () => {
    postgres.query("UPDATE notes SET at = now() - interval '2 hours'", {
      user: "rds_superuser_of_test",
      password: "superuser",
      database: "coder",
    });
    notPassed(await rehearse(), /the newest row is 7\d\d\d s old/);
    expect(arm.copies()).toEqual([]);
  });

  test("a copy that cannot be deleted is no success, and the next rehearsal deletes it", async () => {
    arm.faults = { delete: [409, "locked"] };
    notPassed(await rehearse(), /the copy coder-rehearsal-\S+ could not be deleted/);
    expect(arm.copies()).toHaveLength(1);
    arm.faults = {};
    // It is not yet old enough to be a leftover.
    notPassed(await rehearse(), /there is another copy/);
    expect(arm.copies()).toHaveLength(1);
    const done = await rehearse({ REHEARSAL_LEFTOVER_SECONDS: "0" });
    expect(done.sql?.stderr).toMatch(/was left over and is deleted/);
    expect([done.sql?.code, arm.copies()]).toEqual([0, []]);
    sourceUntouched();
  });

  test("the next rehearsal deletes what a killed one has left", async () => {
    arm.faults = { restoreHangs: true };
    const run = start();
    await until(() => arm.copies().length === 1);
    run.kill("sql");
    run.kill("azure");
    await run.end();
    expect(arm.copies()).toHaveLength(1);
    arm.faults = {};
    expect((await rehearse({ REHEARSAL_LEFTOVER_SECONDS: "0" })).sql?.code).toBe(0);
    expect(arm.copies()).toEqual([]);
  });

  test("the copy is deleted when the program that checks it is killed, or is silent", async () => {
    arm.faults = { restoreHangs: true };
    const killed = start({ REHEARSAL_SILENCE_SECONDS: "3" });
    await until(() => arm.copies().length === 1);
    killed.kill("sql");
    const done = await killed.end();
    expect(done.azure).toMatchObject({ code: 1, stderr: expect.stringContaining("was lost") });
    expect(arm.copies()).toEqual([]);
    sourceUntouched();
  });

  test("the copy is deleted when the shell of the rehearsal is killed, as for want of memory", async () => {
    const client = join(bin, "psql");
    writeFileSync(client, '#!/bin/sh\nkill -9 "$PPID"\n');
    chmodSync(client, 0o755);
    try {
      const done = await rehearse();
      expect(done.sql?.code).toBe(137);
      expect(done.azure).toMatchObject({ code: 1, stderr: expect.stringContaining("was lost") });
      expect([arm.copies(), [...arm.endpoints]]).toEqual([[], []]);
      sourceUntouched();
    } finally {
      rmSync(client);
    }
  });

  test("the copy is deleted when the pod ends before its time", async () => {
    arm.faults = { restoreHangs: true };
    const run = start();
    await until(() => arm.copies().length === 1);
    for (const container of ["sql", "azure"]) run.signal(container, "SIGTERM");
    const done = await run.end();
    expect(done.sql?.code).toBe(143);
    expect(arm.copies()).toEqual([]);
    expect(arm.tags["rehearsal-passed"]).toBe("false");
    sourceUntouched();
  });

  test("of two rehearsals at once the second does not touch the first's copy", async () => {
    arm.faults = { restoreHangs: true };
    const first = start();
    await until(() => arm.copies().length === 1);
    const second = await rehearse();
    expect(second.sql).toMatchObject({ code: 1, stderr: expect.stringContaining("there is another copy") });
    expect(arm.copies()).toHaveLength(1);
    arm.faults = {};
    for (const each of arm.servers.values()) each.steps = 1;
    expect((await first.end()).sql?.code).toBe(0);
    expect(arm.copies()).toEqual([]);
  });

  test("the source is never written or deleted, even if it has the name of a copy in the rehearsal's group", async () => {
    const name = "coder-rehearsal-20260101t000000z";
    const id = `${GROUP}/providers/Microsoft.DBforPostgreSQL/flexibleServers/${name}`;
    arm.servers.set(id, { body: {}, steps: 0 });
    const done = await rehearse({ REHEARSAL_SOURCE_ID: id, REHEARSAL_SOURCE: name });
    expect(done.azure?.code).toBe(0);
    expect(done.sql?.stderr).toMatch(/could not be deleted/);
    expect(done.sql?.code).not.toBe(0);
    expect(arm.changes.filter((each) => each.includes("flexibleServers"))).toEqual([]);
    expect(arm.copies()).toEqual([name]);
  });

  test("a request for another server than a copy is refused by the program and by the roles", async () => {
    const run = start({}, { ...pod, containers: pod.containers.filter(({ name }) => name === "azure") });
    for (const [number, request] of [
      "delete coder",
      "restore coder 1",
      "password coder",
      "delete ../production",
    ].entries()) {
      writeFileSync(join(run.exchange, "part"), `${number} ${request}\n`);
      renameSync(join(run.exchange, "part"), join(run.exchange, "request"));
      await until(() => existsSync(join(run.exchange, `answer-${number}`)));
    }
    writeFileSync(join(run.exchange, "done"), "");
    expect((await run.end()).azure?.code).toBe(0);
    expect(arm.changes).toEqual([]);
    const server = "Microsoft.DBforPostgreSQL/flexibleServers";
    for (const action of [
      "write",
      "delete",
      "restart/action",
      "stop/action",
      "firewallRules/write",
      "administrators/write",
    ]) {
      expect([action, rights.allows(`${server}/${action}`, sourceId())]).toEqual([action, false]);
    }
    expect(rights.allows(`${server}/read`, sourceId())).toBe(true);
  });

  test("a copy in a delegated subnet has its zone and no private endpoint", async () => {
    const other = world({ delegated: true });
    const fake = new FakeArm(GROUP, sourceId(), other.rights);
    fake.onPassword = arm.onPassword;
    const url = await fake.start();
    try {
      const done = await start({}, other.pod, url).end();
      expect(done.sql?.stderr).toMatch(/rehearsal passed/);
      expect(fake.bodies[0].properties.network).toEqual({
        delegatedSubnetResourceId: SUBNET,
        privateDnsZoneArmResourceId: expect.stringMatching(/rehearsals\.postgres\.database\.azure\.com$/),
      });
      expect(fake.changes.filter((each) => each.includes("privateEndpoints"))).toEqual([]);
      sourceUntouched(fake);
    } finally {
      await fake.stop();
    }
  });

  test("MySQL: the copy takes the key of its source, and is asked by its address", async () => {
    const other = world({ family: EngineFamily.MYSQL });
    const identity = `${SUBSCRIPTION}/resourceGroups/production/providers/Microsoft.ManagedIdentity/userAssignedIdentities/key`;
    const fake = new FakeArm(GROUP, sourceId(EngineFamily.MYSQL), {
      allows: (action: string, id: string) => id === identity || other.rights.allows(action, id),
    } as RoleEvaluation);
    fake.extra = {
      dataEncryption: {
        type: "AzureKeyVault",
        primaryKeyURI: "https://keys.vault.azure.net/keys/k",
        primaryUserAssignedIdentityId: identity,
        primaryEncryptionKeyStatus: "Valid",
      },
    };
    // The client of MySQL; the machine may have that of MariaDB, which has other options.
    const mysql = join(bin, "mysql");
    writeFileSync(
      mysql,
      '#!/bin/sh\necho "$*" >>"$TMPDIR/../mysql.log"\ncase $* in *--execute*) echo 1; exit ;; esac\nsql=$(cat)\ncase $sql in *UNIX_TIMESTAMP*) echo $(($(date +%s) - 1000)) ;; *) echo 5 ;; esac\n',
    );
    chmodSync(mysql, 0o755);
    const url = await fake.start();
    try {
      const done = await start({}, other.pod, url).end();
      expect(done.sql?.stderr).toMatch(/rehearsal passed/);
      expect(fake.bodies[0]).toMatchObject({
        identity: { type: "UserAssigned", userAssignedIdentities: { [identity]: {} } },
        properties: {
          restorePointInTime: expect.stringMatching(/Z$/),
          dataEncryption: {
            type: "AzureKeyVault",
            primaryKeyURI: "https://keys.vault.azure.net/keys/k",
            primaryUserAssignedIdentityId: identity,
          },
        },
      });
      sourceUntouched(fake);
    } finally {
      await fake.stop();
    }
  });
});
