/** On-demand backups and rehearsals over the true schemas of the google provider: workflows as Terraform renders them, and later changes. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { TerraformVariable } from "cdktf";
import {
  CloudSqlBackupSchedule,
  type CloudSqlBackupScheduleProps,
  CloudSqlExport,
  CloudSqlRestoreRehearsal,
  GcsBucket,
} from "../../../lib/google";
import { terraformWithMirror } from "../../../tools/machine/terraform";
import { describeWith } from "../../support/describe-with";
import { googleStack } from "../../support/google-stack";
import { changes } from "../../support/terraform/plan";
import { StackCopy } from "../../support/terraform/stack-copy";
import { server } from "../../unit/google/fixture";

function stack(
  props: Partial<CloudSqlBackupScheduleProps> = {},
  copyPrefix = "copies-",
  exportsTo = "EU",
): string {
  return googleStack((scope) => {
    // Known to Terraform only, so that Terraform compares it with the prefix of copies.
    const instanceName = new TerraformVariable(scope, "name", { type: "string", default: "platform-main" });
    const db = server(scope, { instanceName: instanceName.stringValue });
    const notificationChannels = ["projects/platform/notificationChannels/1"];
    new CloudSqlBackupSchedule(scope, "weekly", { server: db, notificationChannels, ...props });
    new CloudSqlRestoreRehearsal(scope, "rehearsal", { server: db, copyPrefix, notificationChannels });
    // Known to Terraform only, so that Terraform compares it with the server's region.
    const location = new TerraformVariable(scope, "exports_to", { type: "string", default: exportsTo });
    new CloudSqlExport(scope, "export", {
      server: db,
      databases: [db.database("coder")],
      bucket: GcsBucket.fromBucketAttributes(scope, "exports", {
        bucketName: "exports",
        location: location.stringValue,
        project: "platform",
      }),
      notificationChannels,
    });
  });
}

describeWith("a schedule of on-demand backups", terraformWithMirror, (terraform) => {
  let copy: StackCopy;
  beforeAll(async () => {
    copy = new StackCopy(terraform, stack());
    copy.init();
    await copy.apply();
  });
  afterAll(() => copy.remove());

  function between(props: Partial<CloudSqlBackupScheduleProps>) {
    copy.use(stack(props));
    return changes(copy.plan()).map(({ address, actions, attributes }) => [
      address.split(".")[0],
      actions,
      attributes,
    ]);
  }

  test("Terraform renders a workflow that is JSON, with the instance and with the expressions of Workflows", () => {
    const state = JSON.parse(readFileSync(join(copy.folder, "terraform.tfstate"), "utf8"));
    const workflow = state.resources.find(
      ({ type, name }: { type: string; name: string }) =>
        type === "google_workflows_workflow" && name.startsWith("weekly"),
    );
    const { main } = JSON.parse(workflow.instances[0].attributes.source_contents);
    const insert = main.steps.find((step: object) => "insert" in step).insert;
    expect(insert.try.args).toMatchObject({
      instance: "platform-main",
      body: { description: "${mark}" },
      connector_params: { skip_polling: true },
    });
    expect(JSON.stringify(main)).not.toContain("$${");
    const own = main.steps.find((step: object) => "choose" in step).choose.for.steps[0].own.switch[0];
    expect(own.condition).toBe(
      '${map.get(backup, "type") == "ON_DEMAND" and text.match_regex(default(map.get(backup, "description"), ""), "^Scheduled backup of test-weekly, ")}',
    );
  });

  test("the same program changes nothing", () => {
    expect(between({})).toEqual([]);
  });

  test("more backups to keep, another schedule and other days are updates in place", () => {
    const found = between({ keep: 26, schedule: "0 1 1 * *", timeZone: "Europe/Berlin" });
    expect(found).toEqual([
      ["google_cloud_scheduler_job", ["update"], expect.arrayContaining(["schedule", "time_zone"])],
      ["google_monitoring_alert_policy", ["update"], expect.anything()],
      ["google_workflows_workflow", ["update"], expect.arrayContaining(["source_contents"])],
    ]);
  });

  test("Terraform renders the workflow of a rehearsal with the server and the prefix of copies", () => {
    const state = JSON.parse(readFileSync(join(copy.folder, "terraform.tfstate"), "utf8"));
    const workflow = state.resources.find(
      ({ type, name }: { type: string; name: string }) =>
        type === "google_workflows_workflow" && name.startsWith("rehearsal"),
    );
    const source = workflow.instances[0].attributes.source_contents;
    expect(source).not.toContain("$${");
    const { main } = JSON.parse(source);
    expect(main.steps[0].begin.assign).toEqual(
      expect.arrayContaining([{ source: "platform-main" }, { prefix: "copies-" }]),
    );
  });

  test("Terraform renders the workflow of an export with the bucket and the prefix of its objects", () => {
    const state = JSON.parse(readFileSync(join(copy.folder, "terraform.tfstate"), "utf8"));
    const attributesOf = (wanted: string, begin: string) =>
      state.resources.find(
        ({ type, name }: { type: string; name: string }) => type === wanted && name.startsWith(begin),
      ).instances[0].attributes;
    const source = attributesOf("google_workflows_workflow", "export").source_contents;
    expect(source).not.toContain("$${");
    const { main } = JSON.parse(source);
    expect(main.steps[0].begin.assign).toEqual(
      expect.arrayContaining([
        { instance: "platform-main" },
        { bucket: "exports" },
        { databases: ["coder"] },
        { dumps: "platform.platform-main.test-export.dump." },
      ]),
    );
    const objects = attributesOf("google_storage_bucket_iam_member", "export_Objects");
    expect(objects.condition[0].expression).toContain(
      '"projects/_/buckets/exports/objects/platform.platform-main.test-export."',
    );
  });

  test("a bucket in the server's region is refused before anything is granted", () => {
    copy.use(stack({}, "copies-", "EUROPE-WEST1"));
    const refusal = copy.planFails().replace(/[\s│]+/g, " ");
    expect(refusal).toContain("bucket.region must not be the server's region");
  });

  test("a prefix that is the beginning of the server's name is refused before anything is granted", () => {
    copy.use(stack({}, "platform-"));
    const refusal = copy.planFails().replace(/[\s│]+/g, " ");
    expect(refusal).toContain("copyPrefix must not be the beginning of the server's name (got platform-)");
  });
});
