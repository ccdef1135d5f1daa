/** What Gitpod needs is there before the job installs it: whatever Terraform may make afterwards is listed here. */
import { type StackJson, synthesizedStacks } from "../support/stacks";

/** Watches and guards, which Gitpod runs without, and parts of them. */
const AFTERWARDS = [
  /^aws_cloudwatch_metric_alarm\.alarms_/,
  /^aws_db_event_subscription\.alarms_/,
  /^aws_kms_alias\./,
  /^google_monitoring_alert_policy\.alerts_/,
  // For people; Gitpod and the job have the password from Terraform itself.
  /^google_secret_manager_secret_version\.mysql_Login-gitpod_Version_/,
  /^kubernetes_pod_disruption_budget_v1\.proxy_/,
  /^azurerm_management_lock\./,
  /^azurerm_storage_management_policy\.workspaces_Lifecycle_/,
];

function blocks({ resource = {} }: StackJson): Map<string, string> {
  const all = new Map<string, string>();
  for (const [type, named] of Object.entries(resource)) {
    for (const [name, { "//": _, ...block }] of Object.entries(named)) {
      all.set(`${type}.${name}`, JSON.stringify(block));
    }
  }
  return all;
}

function before(all: Map<string, string>, address: string, seen = new Set<string>()): Set<string> {
  seen.add(address);
  const named = (all.get(address) ?? "").match(/\b[a-z0-9_]+\.[A-Za-z0-9_-]+/g) ?? [];
  for (const other of named) if (all.has(other) && !seen.has(other)) before(all, other, seen);
  return seen;
}

test.each(["gitpod-aws", "gitpod-google", "gitpod-azure"])("%s installs Gitpod last", (name) => {
  const stack = synthesizedStacks().find((each) => each.name === name);
  if (!stack) throw new Error(`stacks/main.ts has no stack ${name}`);
  const all = blocks(stack.json);
  const [installer, ...others] = [...all.keys()].filter((each) =>
    each.startsWith("kubernetes_job_v1.gitpod_"),
  );
  expect([installer, others]).toEqual([expect.any(String), []]);
  const found = before(all, installer as string);
  expect(found.size).toBeGreaterThan(30);
  const late = [...all.keys()].filter((each) => !found.has(each));
  expect(late.filter((each) => !AFTERWARDS.some((pattern) => pattern.test(each)))).toEqual([]);
});
