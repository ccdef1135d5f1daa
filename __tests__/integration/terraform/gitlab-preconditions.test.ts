/** Preconditions of a GitLab topology: the plan fails if the values are wrong, and only then. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TerraformVariable } from "cdktf";
import { TerraformData } from "../../../lib/database";
import { must, run } from "../../../tools/machine/processes";
import { terraformTools } from "../../../tools/machine/terraform";
import { describeWith } from "../../support/describe-with";
import { synthesize } from "../../support/synth";
import { mainOn, serverIn, topologyIn } from "../../unit/gitlab/model-fixtures";

describeWith("preconditions of a topology", terraformTools, (tools) => {
  const env = { ...process.env, CHECKPOINT_DISABLE: "1", TF_IN_AUTOMATION: "1" };
  let folder: string;

  beforeAll(() => {
    const { json } = synthesize((stack) => {
      const number = (name: string) => new TerraformVariable(stack, name, { type: "number" }).numberValue;
      const text = (name: string) => new TerraformVariable(stack, name, { type: "string" }).stringValue;
      const topology = topologyIn(stack, {
        main: mainOn(
          serverIn(stack, "one", {
            host: text("host"),
            port: number("port"),
            maxConnections: number("connections"),
            backupRetentionDays: number("days"),
          }),
        ),
        ci: mainOn(serverIn(stack, "two", { host: text("ci_host"), port: number("ci_port") })),
        settings: { loadBalancing: { hosts: ["replica.internal"] } },
        allowSeparateCiDatabase: true,
      });
      new TerraformData(stack, "release", { lifecycle: { precondition: topology.preconditions() } });
    });
    folder = mkdtempSync(join(tmpdir(), "devplatforms-preconditions-"));
    // Without the path of a state that CDKTF's default backend names.
    const { terraform: _, ...configuration } = json;
    // On lines of their own, since Terraform prints the line of a condition that fails.
    writeFileSync(join(folder, "main.tf.json"), JSON.stringify(configuration, undefined, 2));
    must(tools.program, ["init", "-no-color"], { cwd: folder, env });
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const right = { host: "one", port: 5432, ci_host: "two", ci_port: 5432, connections: 400, days: 1 };
  const plan = (change: object) => {
    const variables = Object.entries({ ...right, ...change }).flatMap(([name, value]) => [
      "-var",
      `${name}=${value}`,
    ]);
    const done = run(tools.program, ["plan", "-no-color", "-input=false", ...variables], {
      cwd: folder,
      env,
    });
    return { code: done.code, text: `${done.stdout}${done.stderr}`.replace(/\s+/g, " ") };
  };

  test.each([
    ["correct values", {}],
    ["one host, two ports", { ci_host: "one", ci_port: 5433 }],
  ])("%s: the plan succeeds", (_, change) => {
    expect(plan(change)).toMatchObject({ code: 0, text: expect.stringContaining("1 to add") });
  });

  test.each([
    ["two names of one host", { ci_host: "ONE" }, "main and ci must not be the same database"],
    ["too few connections", { connections: 399 }, "must accept at least 400 connections, as GitLab requires"],
    ["no backups under replicas", { days: 0 }, "must keep backups for at least one day"],
  ])("%s: the plan fails", (_, change, message) => {
    const { code, text } = plan(change);
    expect(code).toBe(1);
    expect(text.split("Error: Resource precondition failed").length - 1).toBe(1);
    expect(text).toContain(message);
  });
});
