/** A schedule of on-demand backups over the true schemas of the google provider: its workflow as Terraform renders it, and later changes. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { CloudSqlBackupSchedule, type CloudSqlBackupScheduleProps } from "../../../lib/google";
import { terraformWithMirror } from "../../../tools/machine/terraform";
import { describeWith } from "../../support/describe-with";
import { googleStack } from "../../support/google-stack";
import { changes } from "../../support/terraform/plan";
import { StackCopy } from "../../support/terraform/stack-copy";
import { server } from "../../unit/google/fixture";

function stack(props: Partial<CloudSqlBackupScheduleProps> = {}): string {
  return googleStack((scope) => {
    new CloudSqlBackupSchedule(scope, "weekly", {
      server: server(scope, { instanceName: "platform" }),
      notificationChannels: ["projects/platform/notificationChannels/1"],
      ...props,
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
      ({ type }: { type: string }) => type === "google_workflows_workflow",
    );
    const { main } = JSON.parse(workflow.instances[0].attributes.source_contents);
    const insert = main.steps.find((step: object) => "insert" in step).insert;
    expect(insert.try.args).toMatchObject({
      instance: "platform",
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
});
