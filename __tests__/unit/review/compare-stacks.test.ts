import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App } from "cdktf";
import { SecurityGroup } from "../../../lib/aws";
import { Availability, MachineSize } from "../../../lib/database";
import { compareStacks, renderText } from "../../../lib/review";
import { predictPlan } from "../../../lib/review/compare/predicted-plan";
import { DEFAULT_SWITCHES } from "../../../lib/review/data/default-switches";
import { PlanExpectation, Template } from "../../../lib/testing";
import { CoderAwsStack, type CoderAwsStackProps } from "../../../stacks/coder-aws";

function coder(props: Partial<CoderAwsStackProps> = {}, id = "coder") {
  const stack = new CoderAwsStack(new App({ stackTraces: false }), id, {
    region: "eu-central-1",
    clusterName: "platform",
    subnetIds: ["subnet-0a1b2c3d4e5f60001", "subnet-0a1b2c3d4e5f60002"],
    nodeSecurityGroups: [SecurityGroup.fromSecurityGroupId("sg-0a1b2c3d4e5f60001")],
    accessUrl: "https://coder.example.com",
    ...props,
  });
  return Template.of(stack).json;
}

test("the same program has nothing to do", () => {
  expect(compareStacks(coder(), coder()).verdict).toBe("nothing to do");
});

test("a smaller standby and shorter retention are told with their effects, the resources that change with their actions", () => {
  const review = compareStacks(
    coder(),
    coder({
      availability: Availability.ZONAL,
      backup: { retentionDays: 7 },
      databaseSize: MachineSize.general(16),
    }),
  );
  expect(review.verdict).toBe("approval needed");
  const rules = review.findings.map(({ change }) => change);
  expect(rules).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/^multi_az/),
      expect.stringMatching(/^backup_retention_period 14 -> 7/),
      expect.stringMatching(/^instance_class/),
    ]),
  );
  expect(() => new PlanExpectation(review).toLoseNoData()).toThrow(/backup_retention_period 14 -> 7/);
  expect(() => new PlanExpectation(review).toCauseNoOutage()).toThrow(/instance_class/);
  new PlanExpectation(review).toExposeNothing();
});

test("another construct id destroys the database", () => {
  const review = compareStacks(coder(), {
    ...coder(),
    resource: { ...(coder().resource as object), aws_db_instance: {} },
  });
  expect(review.findings[0]).toMatchObject({
    type: "aws_db_instance",
    action: "destroy",
    effects: expect.arrayContaining(["data-loss"]),
  });
});

test("what depends on a server is named, applications first", () => {
  const review = compareStacks(coder(), coder({ databaseSize: MachineSize.general(16) }));
  const [finding] = review.findings.filter(({ change }) => change?.startsWith("instance_class"));
  expect(finding?.affected.some((address) => address.startsWith("helm_release."))).toBe(true);
});

test("prevent_destroy that goes is a finding, and can be accepted", () => {
  const [before, after] = [coder(), JSON.parse(JSON.stringify(coder()))];
  for (const each of Object.values<{ lifecycle?: object }>(after.resource.aws_db_instance))
    delete each.lifecycle;
  const review = compareStacks(before, after);
  const found = review.findings.find(({ rule }) => rule === "PREVENT-DESTROY-REMOVED");
  expect(found).toMatchObject({ effects: ["weaker"], when: "next destroy" });
  const again = compareStacks(before, after, {
    acceptedFindings: [{ id: String(found?.id), reason: "moves to another program" }],
  });
  expect(again.accepted.map(({ rule }) => rule)).toContain("PREVENT-DESTROY-REMOVED");
});

test.each([
  ["a state", { format_version: "1.0", values: {} }],
  ["nothing", undefined],
  ["a list", []],
  ["an empty object", {}],
])("%s is no stack", (_, json) => {
  expect(() => compareStacks(json, coder())).toThrow(/^before must be the content of a cdk\.tf\.json/);
  expect(() => compareStacks(coder(), json)).toThrow(/^after must be/);
});

test("the command compares two files, prints the review and ends with its exit code", () => {
  const folder = mkdtempSync(join(tmpdir(), "compare-"));
  try {
    const files = ["before.json", "after.json"].map((name) => join(folder, name));
    writeFileSync(files[0] as string, JSON.stringify(coder()));
    writeFileSync(files[1] as string, JSON.stringify(coder({ availability: Availability.ZONAL })));
    const run = (...args: string[]) =>
      spawnSync(
        process.execPath,
        ["--import", "tsx", join(__dirname, "../../../lib/cli/main.ts"), "compare", ...args],
        { encoding: "utf8" },
      );
    const done = run(...files);
    expect(done.stdout.trim()).toBe(
      renderText(compareStacks(coder(), coder({ availability: Availability.ZONAL }))).trim(),
    );
    expect(done.status).toBe(3);
    expect(run(files[0] as string, files[0] as string).status).toBe(0);
    expect(run(files[0] as string, join(folder, "none")).status).toBe(1);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

describe("a switch that is on by default", () => {
  const at = (path: string, value: unknown): object => {
    const [name = "", ...rest] = path.split(".");
    const inner = rest.length > 0 ? { other: "a", ...at(rest.join("."), value) } : value;
    return inner === undefined ? {} : { [name]: inner };
  };
  const compare = (type: string, path: string, before: unknown, after: unknown) => {
    const stack = (value: unknown) => ({
      terraform: {},
      resource: { [type]: { a: { name: "a", ...at(path, value) } } },
    });
    return compareStacks(stack(before), stack(after));
  };
  const rows = Object.entries(DEFAULT_SWITCHES).flatMap(([type, paths = []]) =>
    paths.map((path) => [type, path] as const),
  );

  test.each(rows)("%s.%s left out is on", (type, path) => {
    expect(compare(type, path, true, undefined).verdict).toBe("nothing to do");
    expect(compare(type, path, undefined, true).verdict).toBe("nothing to do");
    const [left, on] = [compare(type, path, false, undefined), compare(type, path, false, true)];
    expect(left.counts).toEqual({ update: 1 });
    expect(left).toEqual(on);
    const [from, off] = [compare(type, path, undefined, false), compare(type, path, true, false)];
    expect(from).toEqual(off);
    const all = [left, from].flatMap(({ findings, notes }) => [...findings, ...notes]);
    expect(all.filter(({ effects }) => effects.includes("unknown"))).toEqual([]);
  });

  test("counts inside a block only where the program has the block", () => {
    const stack = (more: object) => ({
      terraform: {},
      resource: { azurerm_mysql_flexible_server: { a: more } },
    });
    const { change } = (
      predictPlan(stack({ version: "8.0.21" }), stack({ version: "8.4" })).plan.resource_changes as [
        { change: { after: object } },
      ]
    )[0];
    expect(change.after).toEqual({ version: "8.4" });
  });
});
