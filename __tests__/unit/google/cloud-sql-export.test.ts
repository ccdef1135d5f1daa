import { spawnSync } from "node:child_process";
import { type TerraformStack, TerraformVariable } from "cdktf";
import { RecoveryScenario } from "../../../lib/database";
import {
  BackupBucket,
  CloudSqlExport,
  type CloudSqlExportProps,
  CloudSqlReadReplica,
  CloudSqlServer,
  type CloudSqlServerProps,
  GcsBucket,
  type GcsBucketProps,
  type ICloudSqlServer,
} from "../../../lib/google";
import { DataKind, RecoveryPlan, RestoreRunbook } from "../../../lib/recovery";
import { ObjectStore, ObjectStoreKind } from "../../../lib/storage";
import { FakeExports, PREFIX } from "../../support/google/fake-exports";
import { problemsOf, synthesize } from "../../support/synth";
import { recoverable } from "../recovery/fixture";
import { MYSQL, POSTGRES, server } from "./fixture";

const ITEM = {
  id: "database",
  kind: DataKind.DATABASE,
  description: "Database coder",
  location: "db.example.com",
  holdsUserData: true,
};
const notificationChannels = ["projects/platform/notificationChannels/1"];

interface Given {
  readonly server?: Partial<CloudSqlServerProps>;
  readonly bucket?: Partial<GcsBucketProps>;
  readonly names?: string[];
}

const build =
  (props: Partial<CloudSqlExportProps> = {}, given: Given = {}) =>
  (stack: TerraformStack) => {
    const db = server(stack, given.server);
    new CloudSqlExport(stack, "export", {
      server: db,
      databases: (given.names ?? ["coder", "praefect"]).map((name) => db.database(name)),
      bucket: new GcsBucket(stack, "bucket", { location: "EU", ...given.bucket }),
      notificationChannels,
      ...props,
    });
  };
const exportOf = (props: Partial<CloudSqlExportProps> = {}, given: Given = {}) =>
  synthesize(build(props, given)).stack.node.findChild("export") as CloudSqlExport;
const sourceOf = (props: Partial<CloudSqlExportProps> = {}, given: Given = {}): string =>
  synthesize(build(props, given)).resource("google_workflows_workflow").source_contents;

describe("the resources of an export", () => {
  const { resources, resource, infos } = synthesize(build());

  test("the workflow may export one instance, and create and delete objects of its prefix, but read none", () => {
    const roles = resources("google_project_iam_custom_role").map(({ permissions }) => permissions);
    expect(roles).toEqual([
      ["cloudsql.instances.export"],
      ["cloudsql.instances.get"],
      ["storage.objects.list"],
      ["storage.objects.create", "storage.objects.delete"],
      ["workflows.executions.create"],
    ]);
    const [lists, objects, serverAccount] = resources("google_storage_bucket_iam_member");
    expect(lists.condition).toBeUndefined();
    expect(objects.condition.expression).toMatch(
      /^resource\.type == "storage\.googleapis\.com\/Object" && resource\.name\.startsWith\("projects\/_\/buckets\/\$\{google_storage_bucket\.\w+\.name\}\/objects\/\$\{google_sql_database_instance\.\w+\.project\}\.\$\{google_sql_database_instance\.\w+\.name\}\.test-export\."\)$/,
    );
    expect(serverAccount).toMatchObject({
      role: "roles/storage.objectCreator",
      member: expect.stringMatching(
        /^serviceAccount:\$\{google_sql_database_instance\.\w+\.service_account_email_address\}$/,
      ),
    });
  });

  test("a job starts it every night, and alerts watch it", () => {
    expect(resource("google_cloud_scheduler_job")).toMatchObject({
      name: "test-export",
      schedule: "0 2 * * *",
    });
    const [failed, overdue] = resources("google_monitoring_alert_policy");
    expect(failed.display_name).toContain("an export has failed");
    expect(overdue.conditions[0].condition_prometheus_query_language.query).toContain("[2d]");
  });

  test("rights beyond the server and the bucket are opt-outs", () => {
    const messages = infos.map(({ message }) => message).join("\n");
    expect(messages).toContain("reads the settings of all Cloud SQL instances");
    expect(messages).toContain("can start every workflow of the project");
  });

  test("of an existing server the service account is read", () => {
    const { json } = synthesize((stack) => {
      const existing = CloudSqlServer.fromServerAttributes(stack, "db", {
        instanceName: "db",
        project: "platform",
        region: "europe-west1",
        engine: POSTGRES,
        host: "10.20.0.3",
        caCertificatesPem: "-----BEGIN CERTIFICATE-----",
      });
      new CloudSqlExport(stack, "export", {
        server: existing,
        databases: [existing.database("coder")],
        bucket: new GcsBucket(stack, "bucket", { location: "EU" }),
        notificationChannels,
      });
    });
    expect(Object.values(json.data.google_sql_database_instance as object)).toEqual([
      expect.objectContaining({ name: "db", project: "platform" }),
    ]);
  });
});

describe("the protection of an export", () => {
  const reported = (props: Partial<CloudSqlExportProps> = {}, given: Given = {}) =>
    exportOf(props, given).protection();
  const scenarios = (protection: ReturnType<typeof reported>) =>
    protection.procedures.flatMap((procedure) => procedure.scenarios);

  test("goes back for the kept exports, and loses at most the time between two", () => {
    expect(reported({ schedule: "0 */6 * * *", keep: 9 })).toMatchObject({
      retentionDays: 2,
      lossMinutes: 360,
    });
  });

  test("covers a lost region only if the bucket is not in the server's", () => {
    expect(scenarios(reported())).toEqual([RecoveryScenario.LOST_DATABASE, RecoveryScenario.LOST_REGION]);
    const same = reported({ otherRegion: false }, { bucket: { location: "EUROPE-WEST1" } });
    expect(scenarios(same)).toEqual([RecoveryScenario.LOST_DATABASE]);
  });

  test.each([
    ["PostgreSQL", POSTGRES, ' --user="coder"'],
    ["MySQL", MYSQL, ""],
  ])("imports each dump of %s, between the grant and its end", (_, engine, user) => {
    const steps = reported({}, { server: { engine } }).procedures[0]?.steps ?? [];
    const commands = steps.at(-1)?.commands ?? [];
    expect(commands[1]).toContain("add-iam-policy-binding");
    expect(commands[2]).toMatch(
      new RegExp(
        `^gcloud sql import sql "\\$NEW_INSTANCE" "gs://.+\\.dump\\.\\$EXPORT\\.coder\\.sql\\.gz" --database="coder"${user} --project=`,
      ),
    );
    expect(commands[4]).toContain("remove-iam-policy-binding");
  });

  test("its commands run in a runbook: they parse in Bash, and each variable is filled in before", () => {
    synthesize((stack) => {
      build()(stack);
      const protection = (stack.node.findChild("export") as CloudSqlExport).protection();
      const plan = new RecoveryPlan(stack, "recovery", {
        application: recoverable(stack, [{ ...ITEM, protections: [protection] }]),
        acceptedGaps: [RecoveryScenario.BAD_MIGRATION].map((scenario) => ({
          data: "database",
          scenario,
          reason: "point-in-time recovery",
        })),
      });
      const text = new RestoreRunbook(stack, "runbook", { plan }).toMarkdown();
      const commands = [...text.matchAll(/^```bash\n(.*?)\n```$/gms)].map(([, block]) => block).join("\n");
      expect(commands).toContain("gcloud sql import sql");
      expect(spawnSync("bash", ["-n"], { input: commands }).status).toBe(0);
      const assigned = [...commands.matchAll(/^(?:export )?([A-Z][A-Z0-9_]*)=/gm)].map(([, name]) => name);
      const used = [...commands.matchAll(/\$([A-Z][A-Z0-9_]*)/g)].map(([, name]) => name);
      expect(used.filter((name) => name !== "PWD" && !assigned.includes(name))).toEqual([]);
      const order = ["EXPORT=", "gcloud storage cat", "DROP OWNED", "gcloud sql import sql"];
      const places = order.map((part) => commands.indexOf(part));
      expect(places).toEqual([...places].sort((a, b) => a - b));
    });
  });

  test("says that several databases are not of the same moment", () => {
    expect(reported().limits?.join()).toContain("not of the same moment");
    expect(reported({}, { names: ["coder"] }).limits?.join()).not.toContain("not of the same moment");
  });
});

describe("bad input", () => {
  test("all mistakes are reported at once", () => {
    const problems = problemsOf(
      build(
        {
          schedule: "@daily",
          timeZone: "Mars/Olympus",
          keep: 0,
          timeoutMinutes: 5,
          workflowName: "Export_1",
          region: "eu",
          project: "x",
          notificationChannels: [],
          databases: [],
        },
        { bucket: { location: "europe-west1" } },
      ),
    ).join("\n");
    for (const property of [
      "SCHEDULE",
      "TIME-ZONE",
      "KEEP",
      "TIMEOUT-MINUTES",
      "WORKFLOW-NAME",
      "REGION",
      "PROJECT",
      "NOTIFICATION-CHANNELS",
      "DATABASES",
      "BUCKET-REGION",
    ]) {
      expect(problems).toContain(`CLOUDSQL-EXPORT-${property}: `);
    }
  });

  test.each<[Partial<CloudSqlExportProps>, Given, string]>([
    [{ overdueDays: 1 }, {}, "overdueDays must be more than the longest time between two runs"],
    [{ schedule: "*/10 * * * *" }, {}, "schedule must not run more often than once an hour"],
    [{}, { names: ["coder", "coder"] }, "must be named once"],
    [{}, { names: ["with space"] }, "letters, digits, underscores and hyphens"],
    [{}, { bucket: { location: "Europe-West1" } }, "must not be the server's region"],
  ])("%j %j", (props, given, message) => {
    expect(problemsOf(build(props, given)).join("\n")).toContain(message);
  });

  test("a database of another server, a store of another kind, and a read replica are refused", () => {
    const problems = problemsOf((stack) => {
      const db = server(stack);
      const other = server(stack, {}, "other");
      const replica = new CloudSqlReadReplica(stack, "replica", { source: db });
      new CloudSqlExport(stack, "export", {
        server: db,
        databases: [other.database("coder")],
        bucket: ObjectStore.fromObjectStoreAttributes(stack, "store", {
          kind: ObjectStoreKind.S3,
          bucketName: "exports",
          region: "eu-central-1",
          endpoint: "s3.eu-central-1.amazonaws.com",
        }),
        notificationChannels,
      });
      new CloudSqlExport(stack, "of-replica", {
        server: replica as unknown as ICloudSqlServer,
        databases: [db.database("coder")],
        bucket: new GcsBucket(stack, "bucket", { location: "EU" }),
        notificationChannels,
      });
    }).join("\n");
    expect(problems).toContain("must be a database of server");
    expect(problems).toContain("must be a bucket of Cloud Storage");
    expect(problems).toContain("server must not be a read replica");
  });

  test("a lock that ends while exports are needed is refused, and a longer one noted", () => {
    const withLock = (lockDays: number) => (stack: TerraformStack) => {
      const bucket = new BackupBucket(stack, "locked", { bucketName: "locked", location: "EU", lockDays });
      build({ bucket, keep: 8 })(stack);
    };
    expect(problemsOf(withLock(6)).join()).toContain("bucket.lockDays must be at least 7");
    expect(problemsOf(withLock(7))).toEqual([]);
    const notes = synthesize(withLock(30)).infos.map(({ message }) => message);
    expect(notes.join()).toContain("up to 23 days longer than keep says");
  });

  test("locations that only Terraform knows are compared there", () => {
    const { resource } = synthesize((stack) => {
      const location = new TerraformVariable(stack, "location", { type: "string" }).stringValue;
      build({}, { bucket: { location } })(stack);
    });
    expect(resource("google_workflows_workflow").lifecycle.precondition[0].condition).toBe(
      '${(lower(var.location) != lower("europe-west1"))}',
    );
  });
});

describe("the workflow, executed", () => {
  const source = sourceOf({ keep: 3 });
  const first = "20261127T020000Z-aaaaaaaa";
  /** Runs once a day. */
  const days = (exports: FakeExports, count: number, workflow = source) => {
    let result: ReturnType<FakeExports["execute"]>;
    for (let day = 0; day < count; day += 1) {
      exports.now = Date.parse("2026-11-27T02:00:00Z") / 1000 + day * 86_400;
      result = exports.execute(workflow);
    }
    return result;
  };

  test("exports each database by a serverless export, looks at it, and writes a manifest last", () => {
    const exports = new FakeExports();
    exports.sizes = { coder: 2_000 };
    expect(exports.execute(source)).toMatchObject({
      export: first,
      deleted: 0,
      dumps: [
        { database: "coder", object: `${PREFIX}dump.${first}.coder.sql.gz`, bytes: 2_000 },
        { database: "praefect", object: `${PREFIX}dump.${first}.praefect.sql.gz`, bytes: 1_000 },
      ],
    });
    expect(exports.exported).toEqual([
      { database: "coder", offload: true },
      { database: "praefect", offload: true },
    ]);
    expect(exports.names()).toEqual([
      `dump.${first}.coder.sql.gz`,
      `dump.${first}.praefect.sql.gz`,
      `manifest.${first}.json`,
    ]);
    expect(exports.manifest).toMatchObject({ export: first, instance: "platform" });
    expect(exports.manifest.dumps).toHaveLength(2);
  });

  test("keeps the newest, and deletes the older ones with their manifests", () => {
    const exports = new FakeExports();
    expect(days(exports, 5).deleted).toBe(3);
    expect(exports.names().filter((name) => name.startsWith("manifest"))).toEqual([
      "manifest.20261129T020000Z-aaaaaaaa.json",
      "manifest.20261130T020000Z-aaaaaaaa.json",
      "manifest.20261201T020000Z-aaaaaaaa.json",
    ]);
    expect(exports.names().filter((name) => name.startsWith("dump"))).toHaveLength(6);
    // The manifest goes first: without it, an export does not count.
    expect(exports.deleted.slice(0, 3)).toEqual([
      `manifest.${first}.json`,
      `dump.${first}.coder.sql.gz`,
      `dump.${first}.praefect.sql.gz`,
    ]);
  });

  test("finds old exports on all pages", () => {
    const exports = new FakeExports();
    days(exports, 80, sourceOf({ keep: 500 }));
    expect(exports.names()).toHaveLength(240);
    exports.now += 86_400;
    exports.execute(source, "bbbbbbbb-0000");
    expect(exports.names()).toHaveLength(9);
  });

  test.each<[string, (exports: FakeExports) => void, string]>([
    ["its operation fails", (exports) => Object.assign(exports, { failing: "praefect" }), "disk full"],
    [
      "there is no object",
      (exports) => Object.assign(exports, { sizes: { praefect: null } }),
      "is not in the bucket",
    ],
    [
      "the object is an empty file",
      (exports) => Object.assign(exports, { sizes: { praefect: 20 } }),
      "is empty",
    ],
    [
      "it does not end in time",
      (exports) => Object.assign(exports, { exportSeconds: 1e6 }),
      "has not ended in time",
    ],
    ["Cloud SQL stays busy", (exports) => Object.assign(exports, { busy: 1e6 }), "409"],
  ])("fails if %s: no manifest is written, and nothing deleted", (_, damage, message) => {
    const exports = new FakeExports();
    days(exports, 3);
    const before = exports.names();
    exports.now += 86_400;
    damage(exports);
    expect(() => exports.execute(source)).toThrow(message);
    expect(exports.names()).toEqual(expect.arrayContaining(before));
    expect(exports.names().filter((name) => name.startsWith("manifest"))).toHaveLength(3);
  });

  test("a cancelled execution counts for nothing, and what it left is deleted in time", () => {
    const exports = new FakeExports();
    exports.killAfterExports = 1;
    expect(() => exports.execute(source)).toThrow("killed");
    expect(exports.names()).toEqual([`dump.${first}.coder.sql.gz`]);
    exports.killAfterExports = Number.POSITIVE_INFINITY;
    exports.now += 60;
    exports.execute(source, "bbbbbbbb-0000");
    expect(exports.names()).not.toContain(`dump.${first}.coder.sql.gz`);
    expect(exports.names()).toHaveLength(3);
  });

  test("leaves what the bucket locks, and deletes it when the lock ends", () => {
    const locked = synthesize((stack) => {
      build({
        keep: 3,
        bucket: new BackupBucket(stack, "locked", { bucketName: "locked", location: "EU", lockDays: 6 }),
      })(stack);
    }).resource("google_workflows_workflow").source_contents;
    const exports = new FakeExports();
    exports.lockDays = 6;
    days(exports, 6, locked);
    expect(exports.names().filter((name) => name.startsWith("manifest"))).toHaveLength(6);
    exports.now += 1.5 * 86_400;
    exports.execute(locked);
    expect(exports.names().filter((name) => name.startsWith("manifest"))).toHaveLength(6);
    expect(exports.deleted).toHaveLength(3);
  });

  test("never deletes objects of others, of another workflow, or with another name", () => {
    const others = [
      "dump.sql.gz",
      "project-1.platform.test-export2.dump.20200101T000000Z-aaaaaaaa.coder.sql.gz",
      "project-1.platform2.test-export.dump.20200101T000000Z-aaaaaaaa.coder.sql.gz",
      `${PREFIX}dump.0.before-the-migration.sql.gz`,
      `${PREFIX}manifest.0.json`,
    ];
    const exports = new FakeExports();
    for (const name of others) exports.put(name);
    days(exports, 5);
    expect([...exports.objects.keys()]).toEqual(expect.arrayContaining(others));
  });

  test("waits while another operation runs on the instance", () => {
    const exports = new FakeExports();
    exports.busy = 5;
    expect(exports.execute(source).dumps).toHaveLength(2);
  });

  test("an object that a second execution has deleted is no failure; a refusal is one", () => {
    const gone = new FakeExports();
    days(gone, 3);
    gone.deleteError = 404;
    gone.now += 86_400;
    expect(gone.execute(source).deleted).toBe(3);
    const refused = new FakeExports();
    days(refused, 3);
    refused.deleteError = 403;
    refused.now += 86_400;
    expect(() => refused.execute(source)).toThrow("403");
  });

  test("two executions at once write different objects", () => {
    const exports = new FakeExports();
    exports.execute(source);
    exports.now = Date.parse("2026-11-27T02:00:00Z") / 1000;
    exports.execute(source, "bbbbbbbb-0000");
    expect(exports.names().filter((name) => name.startsWith("manifest"))).toHaveLength(2);
  });
});
