import { type TerraformStack, TerraformVariable } from "cdktf";
import { DeletionPolicy, RecoveryScenario } from "../../../lib/database";
import {
  CloudSqlBackupSchedule,
  type CloudSqlBackupScheduleProps,
  CloudSqlReadReplica,
  CloudSqlServer,
  type CloudSqlServerProps,
  type ICloudSqlServer,
} from "../../../lib/google";
import { WorkflowError, WorkflowRun } from "../../support/google/workflow-run";
import { problemsOf, synthesize } from "../../support/synth";
import { POSTGRES, server } from "./fixture";

const notificationChannels = ["projects/platform/notificationChannels/1"];
const build =
  (props: Partial<CloudSqlBackupScheduleProps> = {}, serverProps: Partial<CloudSqlServerProps> = {}) =>
  (stack: TerraformStack) =>
    void new CloudSqlBackupSchedule(stack, "weekly", {
      server: server(stack, serverProps),
      notificationChannels,
      ...props,
    });
const reported = (
  props: Partial<CloudSqlBackupScheduleProps> = {},
  serverProps: Partial<CloudSqlServerProps> = {},
) => {
  const { stack } = synthesize(build(props, serverProps));
  return (stack.node.findChild("weekly") as CloudSqlBackupSchedule).protection();
};
const scenarios = (protection: ReturnType<typeof reported>) =>
  protection.procedures.flatMap((procedure) => procedure.scenarios);

describe("the resources of a schedule", () => {
  const instance = "google_sql_database_instance.db_ECC37780";

  test("a job starts the workflow with the token of its own service account", () => {
    const { resource } = synthesize(build());
    expect(resource("google_cloud_scheduler_job")).toMatchObject({
      name: "test-weekly",
      region: "europe-west1",
      schedule: "0 1 * * 0",
      time_zone: "Etc/UTC",
      http_target: {
        http_method: "POST",
        uri: expect.stringMatching(
          /^https:\/\/workflowexecutions\.googleapis\.com\/v1\/\$\{google_workflows_workflow\.weekly_Workflow_\w+\.id\}\/executions$/,
        ),
        oauth_token: {
          scope: "https://www.googleapis.com/auth/cloud-platform",
          service_account_email: expect.stringMatching(/weekly_SchedulerAccount_\w+\.email/),
        },
      },
    });
    expect(resource("google_workflows_workflow")).toMatchObject({
      name: "test-weekly",
      service_account: expect.stringMatching(/weekly_WorkflowAccount_\w+\.email/),
      deletion_protection: false,
    });
  });

  test("the workflow may do three things with one instance, and the job start workflows", () => {
    const { resources } = synthesize(build());
    const permissions = resources("google_project_iam_custom_role").map((role) => role.permissions);
    expect(permissions).toEqual([
      ["cloudsql.backupRuns.create", "cloudsql.backupRuns.delete", "cloudsql.backupRuns.list"],
      ["workflows.executions.create"],
    ]);
    const [backups, starts] = resources("google_project_iam_member");
    const name = `projects/\${${instance}.project}/instances/\${${instance}.name}`;
    expect(backups.condition.expression).toBe(
      `resource.name == "${name}" || resource.name.startsWith("${name}/backupRuns/")`,
    );
    expect(backups.member).toMatch(/weekly_WorkflowAccount_\w+\.member/);
    expect(starts.member).toMatch(/weekly_SchedulerAccount_\w+\.member/);
    expect(starts.condition).toBeUndefined();
  });

  test("the rights of the job are an opt-out, and end in a project of the schedule", () => {
    const { infos, resources, resource } = synthesize(build({ project: "backups" }));
    expect(infos.map(({ message }) => message)).toEqual(
      expect.arrayContaining([expect.stringContaining("can start every workflow of the project")]),
    );
    expect(resource("google_workflows_workflow").project).toBe("backups");
    const [backups, starts] = resources("google_project_iam_member");
    expect(backups.project).toContain(instance);
    expect(starts.project).toBe("backups");
  });

  test("two schedules of a server have names and marks of their own", () => {
    const { resources } = synthesize((stack) => {
      const db = server(stack);
      for (const id of ["daily", "daily2"]) {
        new CloudSqlBackupSchedule(stack, id, { server: db, notificationChannels });
      }
    });
    const ids = resources("google_service_account").map(({ account_id }) => account_id);
    expect(new Set(ids).size).toBe(4);
    for (const id of ids) expect(id).toMatch(/^[a-z][a-z0-9-]{4,28}[a-z0-9]$/);
    const marks = resources("google_workflows_workflow").map(
      ({ source_contents }) => /\^(Scheduled backup of [^"\\]*)/.exec(source_contents)?.[1] as string,
    );
    expect(marks).toEqual(["Scheduled backup of test-daily, ", "Scheduled backup of test-daily2, "]);
  });

  test("alerts watch failed executions, and days without one that succeeded", () => {
    const { resources } = synthesize(build());
    const [failed, overdue] = resources("google_monitoring_alert_policy");
    expect(failed.notification_channels).toEqual(notificationChannels);
    expect(failed.conditions[0].condition_threshold.filter).toBe(
      'resource.type = "workflows.googleapis.com/Workflow" AND resource.labels.workflow_id = "test-weekly" AND ' +
        'resource.labels.location = "europe-west1" AND metric.type = "workflows.googleapis.com/finished_execution_count" ' +
        'AND metric.labels.status != "SUCCEEDED"',
    );
    expect(overdue.conditions[0].condition_prometheus_query_language.query).toBe(
      '(sum(increase(workflows_googleapis_com:finished_execution_count{monitored_resource="workflows.googleapis.com/Workflow",' +
        'workflow_id="test-weekly",location="europe-west1",status="SUCCEEDED"}[8d])) or vector(0)) < 1',
    );
  });
});

describe("the protection of a schedule", () => {
  test("goes back for the kept backups, and loses at most the time between two", () => {
    expect(reported({ keep: 26 })).toMatchObject({ retentionDays: 175, lossMinutes: 7 * 24 * 60 });
    expect(reported({ schedule: "0 */6 * * *", keep: 9 })).toMatchObject({
      retentionDays: 2,
      lossMinutes: 360,
    });
  });

  test("covers a lost server only if backups are retained", () => {
    expect(scenarios(reported())).toContain(RecoveryScenario.LOST_DATABASE);
    const deleted = reported({}, { deletionPolicy: DeletionPolicy.DELETE });
    expect(scenarios(deleted)).not.toContain(RecoveryScenario.LOST_DATABASE);
    expect(scenarios(deleted)).toContain(RecoveryScenario.BAD_MIGRATION);
    expect(deleted.limits?.join(" ")).toContain("Deleted together with the instance");
  });

  test("claims no retention of an existing server, of which it is not known", () => {
    const { stack } = synthesize((scope) => {
      const existing = CloudSqlServer.fromServerAttributes(scope, "db", {
        instanceName: "db",
        project: "platform",
        region: "europe-west1",
        engine: POSTGRES,
        host: "10.20.0.3",
        caCertificatesPem: "-----BEGIN CERTIFICATE-----",
      });
      new CloudSqlBackupSchedule(scope, "weekly", { server: existing, notificationChannels });
    });
    const protection = (stack.node.findChild("weekly") as CloudSqlBackupSchedule).protection();
    expect(scenarios(protection)).not.toContain(RecoveryScenario.LOST_DATABASE);
  });

  test("covers a lost region only with backups in a multi-region", () => {
    expect(scenarios(reported())).toContain(RecoveryScenario.LOST_REGION);
    expect(scenarios(reported({ backupLocation: "europe-west4" }))).not.toContain(
      RecoveryScenario.LOST_REGION,
    );
    expect(reported({ backupLocation: "europe-west4" }).region).toBe("europe-west4");
    expect(reported({}, { backupLocation: "eu" }).region).toBe("eu");
  });

  test("its commands choose from the schedule's backups", () => {
    const [step] = reported().procedures[0]?.steps ?? [];
    expect(step?.commands?.[0]).toMatch(/\| \{ grep -F "Scheduled backup of test-weekly, " \|\| true; \}$/);
  });
});

describe("bad input", () => {
  test("all mistakes are reported at once", () => {
    const problems = problemsOf(
      build({
        schedule: "@daily",
        timeZone: "Mars/Olympus",
        keep: 0,
        timeoutMinutes: 5,
        workflowName: "Weekly_Backup",
        backupLocation: "Europe",
        region: "eu",
        project: "x",
        notificationChannels: [],
      }),
    ).join("\n");
    for (const property of [
      "SCHEDULE",
      "TIME-ZONE",
      "KEEP",
      "TIMEOUT-MINUTES",
      "WORKFLOW-NAME",
      "BACKUP-LOCATION",
      "REGION",
      "PROJECT",
      "NOTIFICATION-CHANNELS",
    ]) {
      expect(problems).toContain(`CLOUDSQL-BACKUP-${property}: `);
    }
  });

  test.each<[Partial<CloudSqlBackupScheduleProps>, string]>([
    [
      { overdueDays: 7 },
      "overdueDays must be more than the longest time between two runs of the schedule, 7 days",
    ],
    [{ schedule: "*/10 * * * *" }, "schedule must not run more often than once an hour"],
    [{ schedule: "0 0 29 2 *" }, "schedule must run at least once in 399 days"],
    [{ keep: 501 }, "keep must be"],
    [{ notificationChannels: ["1"] }, "must be projects/PROJECT/notificationChannels/ID"],
  ])("%j", (props, message) => {
    expect(problemsOf(build(props)).join("\n")).toContain(message);
  });

  test("a read replica is refused", () => {
    const problems = problemsOf((stack) => {
      const replica = new CloudSqlReadReplica(stack, "replica", { source: server(stack) });
      new CloudSqlBackupSchedule(stack, "weekly", {
        server: replica as unknown as ICloudSqlServer,
        notificationChannels,
      });
    });
    expect(problems).toEqual([expect.stringContaining("server must not be a read replica")]);
  });

  test("a schedule that only Terraform knows needs the days of the alert", () => {
    const withSchedule = (overdueDays?: number) =>
      problemsOf((stack) => {
        const schedule = new TerraformVariable(stack, "schedule", { type: "string" }).stringValue;
        build({ schedule, overdueDays })(stack);
      });
    expect(withSchedule()).toEqual([expect.stringContaining("overdueDays must be set")]);
    expect(withSchedule(9)).toEqual([]);
  });
});

/** A stand-in of Cloud SQL's backup runs, newest first. */
class Backups {
  public readonly runs: Record<string, unknown>[] = [];
  public readonly deleted: string[] = [];
  public busy = 0;
  public outcome: string | undefined = "SUCCESSFUL";
  public deleteError?: number;
  public time = 1_000;
  private polls = 0;

  public add(type: string, description: string | undefined, status = "SUCCESSFUL"): this {
    this.runs.unshift({
      id: String(this.runs.length + 1),
      type,
      status,
      ...(description === undefined ? {} : { description }),
    });
    return this;
  }

  public mine(count: number, status = "SUCCESSFUL"): this {
    for (let at = 0; at < count; at += 1)
      this.add("ON_DEMAND", `Scheduled backup of test-weekly, execution old-${at}`, status);
    return this;
  }

  public run(keep: number) {
    const source = synthesize(build({ keep })).resource("google_workflows_workflow").source_contents;
    // As Terraform renders it.
    const rendered = source
      .replace(/\$\{google_sql_database_instance\.\w+\.\w+\}/g, "db")
      .replaceAll("$${", "${");
    const calls = {
      "sys.sleep": ({ seconds }: { seconds: number }) => {
        this.time += seconds;
      },
      "googleapis.sqladmin.v1.backupRuns.insert": (args: {
        body: { description: string };
        connector_params: object;
      }) => {
        if (this.busy-- > 0) throw new WorkflowError({ code: 409, tags: ["HttpError"] });
        expect(args).toMatchObject({
          project: "db",
          instance: "db",
          connector_params: { skip_polling: true },
        });
        this.add("ON_DEMAND", args.body.description, "RUNNING");
      },
      "googleapis.sqladmin.v1.backupRuns.list": (args: { maxResults: number; pageToken?: string }) => {
        // The third look finds the outcome.
        this.polls += 1;
        const own = this.runs.find(({ description }) => `${description}`.endsWith("execution now"));
        if (own && this.polls >= 3 && this.outcome) own.status = this.outcome;
        const from = Number(args.pageToken || 0);
        const to = from + args.maxResults;
        return {
          ...(this.runs.length > 0 ? { items: this.runs.slice(from, to) } : {}),
          ...(to < this.runs.length ? { nextPageToken: String(to) } : {}),
        };
      },
      "googleapis.sqladmin.v1.backupRuns.delete": ({ id }: { id: string }) => {
        if (this.deleteError) throw new WorkflowError({ code: this.deleteError });
        this.deleted.push(id);
      },
    };
    return new WorkflowRun(rendered, calls, { now: () => this.time, get_env: () => "now" }).run();
  }
}

describe("the workflow, executed", () => {
  test("waits for its backup, and keeps the newest of the schedule", () => {
    const backups = new Backups().mine(5);
    expect(backups.run(3)).toEqual({
      backup: "Scheduled backup of test-weekly, execution now",
      deleted: ["3", "2", "1"],
    });
    expect(backups.time).toBeGreaterThanOrEqual(1_180);
  });

  test("deletes nothing as long as there are no more than it keeps", () => {
    const backups = new Backups().mine(2);
    backups.run(3);
    expect(backups.deleted).toEqual([]);
  });

  test("never deletes automated backups, nor those of others or of a schedule with a similar name", () => {
    const backups = new Backups();
    for (let at = 0; at < 5; at += 1) {
      backups
        .add("AUTOMATED", undefined)
        .add("AUTOMATED", "Scheduled backup of test-weekly, execution x")
        .add("ON_DEMAND", undefined)
        .add("ON_DEMAND", "before the migration")
        .add("ON_DEMAND", "Scheduled backup of test-weekly2, execution x")
        .add("ON_DEMAND", "copy of Scheduled backup of test-weekly, execution x");
    }
    backups.run(1);
    expect(backups.deleted).toEqual([]);
  });

  test("counts successful backups only, and removes failed ones that are older than those it keeps", () => {
    const backups = new Backups().mine(1, "FAILED").mine(2).mine(3, "FAILED");
    backups.run(3);
    expect(backups.deleted).toEqual(["1"]);
  });

  test("finds old backups on all pages", () => {
    const backups = new Backups().mine(3);
    for (let at = 0; at < 120; at += 1) backups.add("AUTOMATED", undefined);
    backups.run(1);
    expect(backups.deleted).toEqual(["3", "2", "1"]);
  });

  test.each(["FAILED", "SKIPPED", "DELETED"])("fails and deletes nothing if its backup is %s", (outcome) => {
    const backups = new Backups().mine(5);
    backups.outcome = outcome;
    expect(() => backups.run(1)).toThrow(
      `Scheduled backup of test-weekly, execution now: the backup has not succeeded, its status is ${outcome}`,
    );
    expect(backups.deleted).toEqual([]);
  });

  test("fails and deletes nothing if its backup does not end in time", () => {
    const backups = new Backups().mine(5);
    backups.outcome = undefined;
    expect(() => backups.run(1)).toThrow("its status is RUNNING");
    expect(backups.time).toBeGreaterThan(1_000 + 360 * 60);
    expect(backups.deleted).toEqual([]);
  });

  test("waits while another operation runs on the instance, and gives up in the end", () => {
    const busy = new Backups();
    busy.busy = 5;
    expect(busy.run(1).deleted).toEqual([]);
    const forever = new Backups().mine(5);
    forever.busy = Number.POSITIVE_INFINITY;
    expect(() => forever.run(1)).toThrow("409");
    expect(forever.deleted).toEqual([]);
  });

  test("a backup that a second execution has deleted is no failure; a refusal is one", () => {
    const gone = new Backups().mine(2);
    gone.deleteError = 404;
    expect(gone.run(1).deleted).toHaveLength(2);
    const refused = new Backups().mine(2);
    refused.deleteError = 403;
    expect(() => refused.run(1)).toThrow("403");
  });
});
