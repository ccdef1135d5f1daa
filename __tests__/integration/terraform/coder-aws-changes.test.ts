/**
 * What a change of the program does to what is there: pairs of plans, the first one applied. Nothing that holds data is
 * replaced by a change that a cloud can do in place.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App } from "cdktf";
import { Availability, MachineSize, PostgresVersion } from "../../../lib/database";
import type { CoderAwsStackProps } from "../../../stacks/coder-aws";
import { coderAws } from "../../../stacks/inputs/aws";
import { terraformWithMirror } from "../../../tools/machine/terraform";
import { describeWith } from "../../support/describe-with";
import { changes } from "../../support/terraform/plan";
import { StackCopy } from "../../support/terraform/stack-copy";
import { synthesizedStacks } from "../../support/terraform/stacks";
import { variableValues } from "../../support/terraform/variable-values";

describeWith("a change of coder-aws", terraformWithMirror, (terraform) => {
  const folder = mkdtempSync(join(tmpdir(), "devplatforms-changes-"));
  let copy: StackCopy;
  beforeAll(async () => {
    const stack = synthesizedStacks().find(({ name }) => name === "coder-aws");
    if (stack === undefined) {
      throw new Error("stacks/main.ts has no stack coder-aws");
    }
    copy = new StackCopy(terraform, stack.folder, { variables: variableValues(stack.json) });
    copy.init();
    await copy.apply();
  });
  afterAll(() => {
    copy?.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  /** @returns a line for each resource that the changed program would change. */
  const after = (props: Partial<CoderAwsStackProps>): string[] => {
    const outdir = mkdtempSync(join(folder, "synth-"));
    const app = new App({ outdir, stackTraces: false });
    coderAws(app, props);
    app.synth();
    copy.use(join(outdir, "stacks", "coder-aws"));
    return changes(copy.plan()).map(
      ({ address, actions, attributes }) =>
        `${actions.join()} ${address.split(".")[0]}: ${attributes.join(", ")}`,
    );
  };

  test("nothing: changes nothing", () => {
    expect(after({})).toEqual([]);
  });

  const threshold = "update aws_cloudwatch_metric_alarm: threshold";

  test("another machine: in place, with alarms and a dashboard that fit it", () => {
    expect(after({ databaseSize: MachineSize.general(16) })).toEqual([
      "update aws_cloudwatch_dashboard: dashboard_body",
      threshold,
      threshold,
      "update aws_db_instance: instance_class",
    ]);
  });

  test("a larger disk: in place, with alarms of its space and logs that fit it", () => {
    expect(after({ storage: { sizeGiB: 600, maxSizeGiB: 1200 } })).toEqual([
      threshold,
      threshold,
      threshold,
      "update aws_db_instance: allocated_storage, max_allocated_storage",
    ]);
  });

  test("one zone instead of two: in place", () => {
    expect(after({ availability: Availability.ZONAL })).toEqual(["update aws_db_instance: multi_az"]);
  });

  test("longer backups: in place", () => {
    expect(after({ backup: { retentionDays: 30 } })).toEqual([
      "update aws_db_instance: backup_retention_period",
    ]);
  });

  test("another chart version: a new revision of the release", () => {
    expect(after({ chartVersion: "2.33.5" })).toEqual(["update helm_release: version"]);
  });

  test("another major version: the instance stays, with a parameter group of the new family", () => {
    const found = after({ postgres: PostgresVersion.V18 });
    expect(found).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^update aws_db_instance: .*engine_version.*parameter_group_name/),
        expect.stringMatching(/^create,delete aws_db_parameter_group: /),
      ]),
    );
    expect(
      found.filter((line) => line.includes("delete") && !line.includes("aws_db_parameter_group")),
    ).toEqual([]);
  });
});
