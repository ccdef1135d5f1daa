/** The command as a pipeline runs it: standard input or a file in, a review and an exit code out. */
import { type SpawnSyncReturns, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseJson } from "../../../lib/cli/read-plan-file";
import { reviewPlan } from "../../../lib/review";
import { repository } from "../../../tools/machine/repository";
import { planJson } from "../../support/review/plan-json";

const folder = mkdtempSync(join(tmpdir(), "devplatforms-cli-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function devplatforms(args: string[], input?: string | Buffer, env: object = {}): SpawnSyncReturns<string> {
  return spawnSync(
    process.execPath,
    ["--import", "tsx", join(repository, "lib", "cli", "main.ts"), ...args],
    {
      cwd: repository,
      encoding: "utf8",
      input,
      env: { ...process.env, ...env },
    },
  );
}
const written = (name: string, content: string | Buffer) => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};

const nothing = planJson([{ actions: ["no-op"] }]);
const harmless = planJson([{ type: "aws_iam_role", actions: ["create"] }]);
const dangerous = planJson([
  {
    actions: ["update"],
    before: { backup_retention_period: 14 },
    after: { backup_retention_period: 0, password: "hunter2" },
  },
]);
const id = "RDS-BACKUPS-OFF:aws_db_instance.a:backup_retention_period";

test.each([
  ["nothing to do", nothing, [], 0],
  ["changes without danger", harmless, [], 2],
  ["an approval", dangerous, [], 3],
  ["an effect that needs no approval", dangerous, ["--fail-on", "cost"], 2],
  ["an accepted finding", dangerous, ["--accept", id, "--reason", "test"], 3],
  ["an incomplete plan", { ...harmless, complete: false }, [], 1],
  ["a state", { format_version: "1.0", values: {} }, [], 1],
])("%s", (_, plan, args, code) => {
  const run = devplatforms(["review", ...(args as string[])], JSON.stringify(plan));
  expect([run.status, run.stderr === ""]).toEqual([code, !JSON.stringify(plan).includes('"values"')]);
  expect(run.stdout + run.stderr).not.toContain("hunter");
});

test("a file, another format, and a file of accepted findings", () => {
  const plan = written("plan.json", JSON.stringify(dangerous));
  const accepted = written("accepted.yaml", `- id: ${id}\n  reason: moved\n`);
  const run = devplatforms(["review", plan, "--format", "json", "--accepted", accepted]);
  const review = JSON.parse(run.stdout);
  expect(review.accepted.map((each: { id: string }) => each.id)).toEqual([id]);
});

test.each([
  [["review", "--accept", id], "--accept needs --reason"],
  [["review", "--fail-on", "data-los"], "Allowed effects are"],
  [["review", "--format", "pdf"], "Allowed choices are text, markdown, json, html"],
  [["review", "/nowhere/plan.json"], "no such file"],
])("%j is refused with exit code 1", (args, message) => {
  const run = devplatforms(args, JSON.stringify(nothing));
  expect([run.status, run.stdout]).toEqual([1, ""]);
  expect(run.stderr).toContain(message);
});

test("a saved plan is shown by Terraform in its folder", () => {
  const saved = written("plan", Buffer.from("PK\u0003\u0004rest"));
  const json = JSON.stringify(harmless);
  const program = written(
    "terraform",
    `#!/bin/sh\n[ "$*" = "show -json plan" ] && [ "$PWD" = "${folder}" ] && echo '${json}'\n`,
  );
  spawnSync("chmod", ["+x", program]);
  expect(devplatforms(["review", saved], undefined, { TERRAFORM_BINARY_NAME: program }).status).toBe(2);
  // OpenTofu 1.7 and later encrypts plans on request.
  written("plan", JSON.stringify({ meta: {}, encrypted_data: "c2VjcmV0", encryption_version: "v0" }));
  expect(devplatforms(["review", saved], undefined, { TERRAFORM_BINARY_NAME: program }).status).toBe(2);
  const none = devplatforms(["review", saved], undefined, { TERRAFORM_BINARY_NAME: join(folder, "none") });
  expect([none.status, none.stdout]).toEqual([1, ""]);
  expect(none.stderr).toContain("is not on PATH");
});

test("a saved plan that one of the two programs cannot read is shown by the other", () => {
  const saved = written("other-plan", Buffer.from("PK\u0003\u0004rest"));
  const bin = join(folder, "bin");
  mkdirSync(bin);
  const answers = (tofu: string) => {
    for (const [name, script] of [
      ["terraform", "exit 1"],
      ["tofu", tofu],
    ] as const) {
      writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    }
    return devplatforms(["review", saved], undefined, {
      PATH: `${bin}:${process.env.PATH}`,
      TERRAFORM_BINARY_NAME: "",
    });
  };
  expect(answers(`echo '${JSON.stringify(harmless)}'`).status).toBe(2);
  const neither = answers("exit 1");
  expect([neither.status, neither.stdout]).toEqual([1, ""]);
  expect(neither.stderr).toContain("terraform show and tofu show cannot read the saved plan");
});

test("a plan of PowerShell in UTF-16, and one with a byte order mark", () => {
  const json = JSON.stringify(harmless);
  expect(parseJson(Buffer.from(`\ufeff${json}`, "utf16le"), "the plan")).toEqual(harmless);
  expect(parseJson(Buffer.from(`\ufeff${json}`), "the plan")).toEqual(harmless);
});

test("JSON that is cut anywhere is refused, and the message does not quote it", () => {
  const json = Buffer.from(JSON.stringify(dangerous));
  for (let end = 0; end < json.length; end++) {
    expect(() => reviewPlan(parseJson(json.subarray(0, end), "the plan"))).toThrow(
      /^Not a plan: the plan is (empty\. Did terraform show fail\?|no complete JSON\.)$/,
    );
  }
});
