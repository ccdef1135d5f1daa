import { spawnSync } from "node:child_process";
import { type TerraformStack, TerraformVariable } from "cdktf";
import {
  CloudSqlReadReplica,
  CloudSqlRestoreRehearsal,
  type CloudSqlRestoreRehearsalProps,
  CloudSqlServer,
  type CloudSqlServerProps,
  type ICloudSqlServer,
} from "../../../lib/google";
import { FakeCloudSql, PREFIX, SOURCE } from "../../support/google/fake-cloud-sql";
import { problemsOf, synthesize } from "../../support/synth";
import { POSTGRES, server } from "./fixture";

const notificationChannels = ["projects/platform/notificationChannels/1"];
const build =
  (props: Partial<CloudSqlRestoreRehearsalProps> = {}, serverProps: Partial<CloudSqlServerProps> = {}) =>
  (stack: TerraformStack) =>
    void new CloudSqlRestoreRehearsal(stack, "rehearsal", {
      server: server(stack, serverProps),
      notificationChannels,
      ...props,
    });

describe("the resources of a rehearsal", () => {
  const synthesized = synthesize(build());
  const { resources } = synthesized;

  test("rights to create, restore and delete hold for names with the prefix only", () => {
    const members = resources("google_project_iam_member");
    const roles = resources("google_project_iam_custom_role").map(({ permissions }) => permissions);
    expect(roles).toEqual([
      ["cloudsql.databases.list", "cloudsql.instances.get", "cloudsql.instances.list"],
      ["cloudsql.backupRuns.get", "cloudsql.backupRuns.list"],
      ["cloudsql.instances.create", "cloudsql.instances.delete", "cloudsql.instances.restoreBackup"],
      ["logging.logEntries.create"],
      ["workflows.executions.create"],
    ]);
    const copies = members[2];
    expect(copies.condition.expression).toMatch(
      /^resource\.type == "sqladmin\.googleapis\.com\/Instance" && resource\.name\.startsWith\("projects\/\$\{google_sql_database_instance\.\w+\.project\}\/instances\/rehearsal-[0-9a-f]+-"\)$/,
    );
    expect(copies.lifecycle.precondition[0].condition).toMatch(
      /^\$\{!startswith\(google_sql_database_instance\.\w+\.name, "rehearsal-[0-9a-f]+-"\)\}$/,
    );
  });

  test("one job rehearses, and another only deletes what was left over", () => {
    const [rehearsal, sweep] = resources("google_cloud_scheduler_job");
    expect(rehearsal).toMatchObject({ name: "test-rehearsal", schedule: "0 4 * * 0" });
    expect(rehearsal.http_target.body).toBeUndefined();
    const body = JSON.parse(Buffer.from(sweep.http_target.body, "base64").toString());
    expect(JSON.parse(body.argument)).toEqual({ sweepOnly: true });
  });

  test("successes are counted in the log, where sweeps leave no trace", () => {
    const metrics = resources("google_logging_metric");
    expect(metrics.map(({ name }) => name)).toEqual([
      "cloudsql_rehearsal_test_rehearsal",
      "cloudsql_rehearsal_test_rehearsal_restore_seconds",
      "cloudsql_rehearsal_test_rehearsal_loss_seconds",
    ]);
    for (const { filter } of metrics) expect(filter).toContain('jsonPayload.rehearsal="succeeded"');
    const [, overdue] = resources("google_monitoring_alert_policy");
    expect(overdue.conditions[0].condition_prometheus_query_language.query).toBe(
      '(sum(increase(logging_googleapis_com:user_cloudsql_rehearsal_test_rehearsal{monitored_resource="workflows.googleapis.com/Workflow",' +
        'workflow_id="test-rehearsal",location="europe-west1"}[8d])) or vector(0)) < 1',
    );
  });

  test("what the workflow reads of others, and the job can start, are opt-outs", () => {
    const messages = synthesized.infos.map(({ message }) => message).join("\n");
    expect(messages).toContain("reads the settings of all Cloud SQL instances");
    expect(messages).toContain("can start every workflow of the project");
  });
});

describe("bad input", () => {
  test("all mistakes are reported at once", () => {
    const problems = problemsOf(
      build({
        schedule: "@daily",
        timeZone: "Mars/Olympus",
        copyPrefix: "Copy",
        tier: "large",
        databases: ["a b"],
        maxBackupAgeHours: 0,
        timeoutMinutes: 5,
        leftoverHours: 0,
        overdueDays: 0,
        workflowName: "Rehearsal_1",
        region: "eu",
        project: "x",
        notificationChannels: [],
      }),
    ).join("\n");
    for (const property of [
      "SCHEDULE",
      "TIME-ZONE",
      "COPY-PREFIX",
      "TIER",
      "DATABASES",
      "MAX-BACKUP-AGE-HOURS",
      "TIMEOUT-MINUTES",
      "LEFTOVER-HOURS",
      "OVERDUE-DAYS",
      "WORKFLOW-NAME",
      "REGION",
      "PROJECT",
      "NOTIFICATION-CHANNELS",
    ]) {
      expect(problems).toContain(`CLOUDSQL-REHEARSAL-${property}: `);
    }
  });

  test.each<[string, Partial<CloudSqlServerProps>]>([
    ["platform-", { instanceName: "platform" }],
    ["platform-", { instanceName: "platform-main" }],
    // The generated name begins with the construct's path.
    ["test-db-", {}],
  ])("%s is refused as the prefix of copies of %j", (copyPrefix, serverProps) => {
    expect(problemsOf(build({ copyPrefix }, serverProps))).toEqual([
      expect.stringContaining("copyPrefix must not be the beginning of the server's name"),
    ]);
  });

  test("the name of an existing server is compared with the prefix too", () => {
    const problems = problemsOf((stack) => {
      const existing = CloudSqlServer.fromServerAttributes(stack, "db", {
        instanceName: "copies-main",
        project: "platform",
        region: "europe-west1",
        engine: POSTGRES,
        host: "10.20.0.3",
        caCertificatesPem: "-----BEGIN CERTIFICATE-----",
      });
      new CloudSqlRestoreRehearsal(stack, "rehearsal", {
        server: existing,
        copyPrefix: "copies-",
        notificationChannels,
      });
    });
    expect(problems).toEqual([expect.stringContaining("copyPrefix must not be")]);
  });

  test.each<[Partial<CloudSqlRestoreRehearsalProps>, string]>([
    [{ schedule: "0 */6 * * *" }, "schedule must leave at least 540 minutes between two rehearsals"],
    [{ timeoutMinutes: 600, leftoverHours: 12 }, "leftoverHours must be at least 13 hours"],
    [{ overdueDays: 7 }, "overdueDays must be more than the longest time between two runs"],
    [{ copyPrefix: "rehearsal" }, "copyPrefix must be 5 to 49"],
    [{ copyPrefix: `a${"b".repeat(48)}-` }, "copyPrefix must be 5 to 49"],
  ])("%j", (props, message) => {
    expect(problemsOf(build(props)).join("\n")).toContain(message);
  });

  test("a read replica is refused", () => {
    const problems = problemsOf((stack) => {
      const replica = new CloudSqlReadReplica(stack, "replica", { source: server(stack) });
      new CloudSqlRestoreRehearsal(stack, "rehearsal", {
        server: replica as unknown as ICloudSqlServer,
        notificationChannels,
      });
    });
    expect(problems).toEqual([expect.stringContaining("server must not be a read replica")]);
  });

  test("a schedule that only Terraform knows needs the days of the alert", () => {
    const problems = problemsOf((stack) => {
      const schedule = new TerraformVariable(stack, "schedule", { type: "string" }).stringValue;
      build({ schedule })(stack);
    });
    expect(problems).toEqual([expect.stringContaining("overdueDays must be set")]);
  });
});

describe("the workflow, executed", () => {
  const source = (props: Partial<CloudSqlRestoreRehearsalProps> = {}) =>
    synthesize(build({ copyPrefix: PREFIX, ...props }, { instanceName: SOURCE })).resource(
      "google_workflows_workflow",
    ).source_contents as string;
  const plain = source();
  const copyOf = (execution: string) => `${PREFIX}20261127-${execution.slice(0, 8)}`;

  /** Nothing but copies may be changed, whatever happens. */
  function untouched(cloud: FakeCloudSql): void {
    for (const { method, instance } of cloud.changes) {
      expect([method, instance]).toEqual([method, expect.stringMatching(new RegExp(`^${PREFIX}`))]);
    }
    expect(cloud.instances.has(SOURCE)).toBe(true);
  }

  test("restores the newest backup into a copy that no client reaches, measures, and deletes the copy", () => {
    const cloud = new FakeCloudSql();
    const result = cloud.execute(plain);
    expect(result).toMatchObject({
      rehearsal: "succeeded",
      source: SOURCE,
      backup: "2",
      lossSeconds: 3 * 3600,
      restoreSeconds: 600,
      databases: ["postgres", "coder"],
    });
    expect(cloud.logs).toEqual([{ severity: "NOTICE", json: result }]);
    expect([...cloud.instances.keys()]).toEqual([SOURCE]);
    const { body } = cloud.changes.find(({ method }) => method === "insert") as { body: object };
    expect(body).toMatchObject({
      name: copyOf("aaaaaaaa"),
      databaseVersion: "POSTGRES_17",
      diskEncryptionConfiguration: { kmsKeyName: "key" },
      settings: {
        tier: "db-custom-4-16384",
        dataDiskSizeGb: "120",
        databaseFlags: [{ name: "max_connections", value: "200" }],
        availabilityType: "ZONAL",
        deletionProtectionEnabled: false,
        backupConfiguration: { enabled: false },
        ipConfiguration: {
          ipv4Enabled: false,
          privateNetwork: "vpc",
          authorizedNetworks: [],
          sslMode: "TRUSTED_CLIENT_CERTIFICATE_REQUIRED",
          pscConfig: null,
        },
      },
    });
    untouched(cloud);
  });

  test("a copy of a server with Private Service Connect accepts no project", () => {
    const cloud = new FakeCloudSql();
    cloud.source.settings.ipConfiguration = {
      pscConfig: { pscEnabled: true, allowedConsumerProjects: ["a"] },
    };
    cloud.execute(plain);
    const { body } = cloud.changes.find(({ method }) => method === "insert") as {
      body: Record<string, unknown>;
    };
    expect(body).toMatchObject({
      settings: {
        ipConfiguration: {
          privateNetwork: null,
          pscConfig: { pscEnabled: true, allowedConsumerProjects: [] },
        },
      },
    });
  });

  test("takes the version of the backup, and the given machine type", () => {
    const cloud = new FakeCloudSql();
    cloud.backups[1] = { ...cloud.backups[1], databaseVersion: "POSTGRES_16" };
    cloud.execute(source({ tier: "db-custom-2-8192" }));
    const { body } = cloud.changes.find(({ method }) => method === "insert") as { body: object };
    expect(body).toMatchObject({ databaseVersion: "POSTGRES_16", settings: { tier: "db-custom-2-8192" } });
  });

  test.each<[string, (cloud: FakeCloudSql) => void, string]>([
    [
      "the restore ends with an error",
      (cloud) => void Object.assign(cloud.failing, { restoreBackup: "operation" }),
      "restore failed",
    ],
    [
      "the restore is refused",
      (cloud) => void Object.assign(cloud.failing, { restoreBackup: 403 }),
      "restore failed",
    ],
    [
      "the copy is not created",
      (cloud) => void Object.assign(cloud.failing, { insert: 403 }),
      "restore failed",
    ],
    [
      "the creation ends with an error",
      (cloud) => void Object.assign(cloud.failing, { insert: "operation" }),
      "restore failed",
    ],
    [
      "the settings cannot be read",
      (cloud) => void Object.assign(cloud.failing, { get: 403 }),
      "restore failed",
    ],
    [
      "the restore does not end in time",
      (cloud) => void Object.assign(cloud.seconds, { restoreBackup: 100_000 }),
      "has not ended in time",
    ],
    [
      "the copy does not run",
      (cloud) => void Object.assign(cloud, { stateOfCopies: "FAILED" }),
      "the copy is FAILED",
    ],
    [
      "the databases cannot be listed",
      (cloud) => void Object.assign(cloud.failing, { databases: 403 }),
      "restore failed",
    ],
  ])("fails, and deletes the copy, if %s", (_what, damage, message) => {
    const cloud = new FakeCloudSql();
    damage(cloud);
    expect(() => cloud.execute(plain)).toThrow(message);
    expect([...cloud.instances.keys()]).toEqual([SOURCE]);
    expect(cloud.logs).toEqual([
      {
        severity: "ERROR",
        json: expect.objectContaining({ rehearsal: "failed", problems: [expect.stringContaining(message)] }),
      },
    ]);
    untouched(cloud);
  });

  test("fails if a database is missing in the copy", () => {
    const cloud = new FakeCloudSql();
    expect(() => cloud.execute(source({ databases: ["coder", "gitlab"] }))).toThrow(
      /databases missing in the copy: .*gitlab/,
    );
    expect([...cloud.instances.keys()]).toEqual([SOURCE]);
  });

  test("fails if the copy cannot be deleted, though the restore has succeeded", () => {
    const cloud = new FakeCloudSql();
    cloud.failing.delete = 403;
    expect(() => cloud.execute(plain)).toThrow(`${copyOf("aaaaaaaa")} not deleted`);
    expect(cloud.logs.map(({ severity }) => severity)).toEqual(["ERROR"]);
    // The sweeper reports it until it succeeds.
    cloud.now += 10 * 3600;
    expect(() => cloud.execute(plain, "bbbbbbbb-1", { sweepOnly: true })).toThrow("leftover");
    cloud.failing.delete = undefined;
    expect(cloud.execute(plain, "cccccccc-1", { sweepOnly: true })).toEqual({
      deleted: [copyOf("aaaaaaaa")],
    });
    expect([...cloud.instances.keys()]).toEqual([SOURCE]);
  });

  test("waits while Cloud SQL is busy with the copy", () => {
    const cloud = new FakeCloudSql();
    cloud.busy = 5;
    cloud.execute(plain);
    expect([...cloud.instances.keys()]).toEqual([SOURCE]);
  });

  test("a leftover of a killed execution is deleted later, and not while a rehearsal may need it", () => {
    const cloud = new FakeCloudSql();
    cloud.killAt = cloud.now + 300;
    expect(() => cloud.execute(plain)).toThrow("killed");
    expect(cloud.instances.has(copyOf("aaaaaaaa"))).toBe(true);
    cloud.killAt = undefined;
    cloud.now += 8 * 3600;
    cloud.execute(plain, "bbbbbbbb-1", { sweepOnly: true });
    expect(cloud.instances.has(copyOf("aaaaaaaa"))).toBe(true);
    cloud.now += 3600;
    expect(cloud.execute(plain, "cccccccc-1")).toMatchObject({ rehearsal: "succeeded" });
    expect([...cloud.instances.keys()]).toEqual([SOURCE]);
    untouched(cloud);
  });

  test("never deletes what it has not made: other labels, other prefixes, the source with its label", () => {
    const cloud = new FakeCloudSql();
    const label = { rehearsal: "test-rehearsal", "rehearsal-started": "1" };
    cloud.source.settings.userLabels = label;
    cloud.add("other-20260101-aaaaaaaa", label);
    cloud.add(`${PREFIX}by-hand`, {});
    cloud.add(`${PREFIX}of-another`, { ...label, rehearsal: "another" });
    cloud.ignoresFilter = true;
    cloud.execute(plain);
    expect([...cloud.instances.keys()]).toEqual([
      SOURCE,
      "other-20260101-aaaaaaaa",
      `${PREFIX}by-hand`,
      `${PREFIX}of-another`,
    ]);
    untouched(cloud);
  });

  test("finds leftovers on all pages", () => {
    const cloud = new FakeCloudSql();
    for (let at = 0; at < 45; at += 1)
      cloud.add(`${PREFIX}${at}`, { rehearsal: "test-rehearsal", "rehearsal-started": "1" });
    expect(cloud.execute(plain, "aaaaaaaa-1", { sweepOnly: true }).deleted).toHaveLength(45);
    expect([...cloud.instances.keys()]).toEqual([SOURCE]);
  });

  test("two executions at once have a copy each, and delete their own", () => {
    const cloud = new FakeCloudSql();
    let second: unknown;
    cloud.onSleep = () => {
      cloud.onSleep = undefined;
      second = cloud.execute(plain, "bbbbbbbb-1");
      expect(cloud.instances.has(copyOf("aaaaaaaa"))).toBe(true);
    };
    const first = cloud.execute(plain);
    for (const result of [first, second]) expect(result).toMatchObject({ rehearsal: "succeeded" });
    expect(cloud.changes.filter(({ method }) => method === "delete").map(({ instance }) => instance)).toEqual(
      [copyOf("bbbbbbbb"), copyOf("aaaaaaaa")],
    );
    untouched(cloud);
  });

  test("passes over failed backups, and fails if the newest successful one is too old or there is none", () => {
    const old = new FakeCloudSql();
    old.backups = [
      old.backup("9", "FAILED", 1),
      old.backup("8", "RUNNING", 2),
      old.backup("7", "SUCCESSFUL", 29),
    ];
    expect(old.execute(plain)).toMatchObject({ backup: "7", lossSeconds: 29 * 3600 });
    old.backups = [old.backup("9", "FAILED", 1), old.backup("7", "SUCCESSFUL", 31)];
    expect(() => old.execute(plain)).toThrow("older than allowed");
    for (const backups of [[], [old.backup("9", "FAILED", 1)]]) {
      const none = new FakeCloudSql();
      none.backups = backups;
      expect(() => none.execute(plain)).toThrow("no successful backup");
      expect(none.changes).toEqual([]);
      expect(none.logs).toHaveLength(1);
    }
    const refused = new FakeCloudSql();
    refused.failing.backups = 403;
    expect(() => refused.execute(plain)).toThrow("backups not listed");
  });
});

test("the rehearsal names a mechanism of the server, and a command whose values the shell expands", () => {
  synthesize((stack) => {
    const source = server(stack);
    const made = new CloudSqlRestoreRehearsal(stack, "rehearsal", {
      server: source,
      notificationChannels,
      project: "platform",
      region: "europe-west1",
    });
    const { mechanisms, longestGapMinutes, resultCommands } = made.rehearsal();
    expect(source.protections.map(({ mechanism }) => mechanism)).toContain(mechanisms[0]);
    expect(longestGapMinutes).toBe(7 * 1440);
    expect(resultCommands).toEqual([expect.not.stringContaining("'")]);
    const [command] = resultCommands as [string];
    const argv = spawnSync("bash", ["-c", `gcloud() { printf '%s\\n' "$@"; }; ${command}`], {
      encoding: "utf8",
    });
    expect(argv.stdout.split("\n")[2]).toMatch(
      /^resource\.type="workflows\.googleapis\.com\/Workflow" AND resource\.labels\.workflow_id="test-rehearsal" AND .* AND jsonPayload\.rehearsal:\*$/,
    );
  });
});

test.each([
  ["a given name", "coder-prod-2"],
  ["a generated name", undefined],
])("a prefix of copies that begins %s of another server of the project is refused", (_, instanceName) => {
  const problems = problemsOf((stack) => {
    const source = server(stack, { instanceName: "platform" });
    server(stack, { instanceName }, "coder-prod");
    new CloudSqlRestoreRehearsal(stack, "rehearsal", {
      server: source,
      notificationChannels,
      copyPrefix: instanceName ? "coder-" : "test-coder-",
    });
  });
  expect(problems).toEqual([
    expect.stringContaining("copyPrefix must not be the beginning of the name of test/coder-prod"),
  ]);
});
