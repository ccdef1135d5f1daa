/** What an application needs is there before it is installed: whatever Terraform may make afterwards is listed here. */
import { STACK_NAMES } from "../../../stacks/main";
import { type StackJson, synthesizedStacks } from "../../support/terraform/stacks";

/** Watches and guards, which applications run without, and parts of them. */
const AFTERWARDS = [
  /^aws_cloudwatch_(metric_alarm|dashboard)\.alarms[-_]/,
  /^aws_db_event_subscription\.alarms[-_]/,
  /^aws_kms_alias\./,
  /^azurerm_(monitor_(metric|activity_log)_alert|portal_dashboard)\.alerts[-_]/,
  /^google_monitoring_(alert_policy|dashboard)\.alerts[-_]/,
  // For people; applications and jobs have the passwords from Terraform itself.
  /^google_secret_manager_secret_version\.(mysql_Login-gitpod|postgres-main_Login-(gitlab|registry))_Version_/,
  /^kubernetes_pod_disruption_budget_v1\.(proxy|pgbouncer)_/,
  // Backups of the application come after it.
  /\.protection_/,
  /^azurerm_management_lock\./,
  /^azurerm_storage_management_policy\.(workspaces|object-storage)_Lifecycle_/,
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

const INSTALLERS = Object.entries({ gitpod: "kubernetes_job_v1.gitpod_", gitlab: "helm_release.gitlab_" });

test.each(
  INSTALLERS.flatMap(([application, installer]) =>
    STACK_NAMES.filter((name) => name.startsWith(`${application}-`)).map(
      (name) => [name, installer] as const,
    ),
  ),
)("%s installs the application last", (name, prefix) => {
  const stack = synthesizedStacks().find((each) => each.name === name);
  if (!stack) throw new Error(`stacks/main.ts has no stack ${name}`);
  const all = blocks(stack.json);
  const [installer, ...others] = [...all.keys()].filter((each) => each.startsWith(prefix));
  expect([installer, others]).toEqual([expect.any(String), []]);
  const found = before(all, installer as string);
  expect(found.size).toBeGreaterThan(30);
  const late = [...all.keys()].filter((each) => !found.has(each));
  expect(late.filter((each) => !AFTERWARDS.some((pattern) => pattern.test(each)))).toEqual([]);
});
