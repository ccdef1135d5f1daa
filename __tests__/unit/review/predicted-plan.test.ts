import { readFileSync } from "node:fs";
import { predictPlan } from "../../../lib/review/compare/predicted-plan";
import { replacingAttributes, TABLE } from "../../../tools/review/replacing-attributes";

type Json = { [name: string]: unknown };

/** A stack with one resource. */
function stack(
  values: Json,
  { type = "google_sql_database_instance", name = "db", more = {} as Json } = {},
): Json {
  return {
    resource: { [type]: { [name]: { ...values, "//": { metadata: { path: "team/db" } } } } },
    ...more,
  };
}

interface Change {
  address: string;
  previous_address?: string;
  action_reason?: string;
  change: { actions: string[]; replace_paths?: string[][]; after_unknown?: unknown; importing?: unknown };
}

function changes(before: Json, after: Json): Change[] {
  return predictPlan(before, after).plan.resource_changes as Change[];
}

function only(before: Json, after: Json): Change {
  const all = changes(before, after);
  expect(all).toHaveLength(1);
  return all[0] as Change;
}

test("an attribute of the provider's rules replaces, another one is updated in place", () => {
  const before = stack({ region: "europe-west3", settings: { tier: "a", disk_size: 10 } });
  expect(
    only(before, stack({ region: "europe-west1", settings: { tier: "a", disk_size: 10 } })).change,
  ).toMatchObject({
    actions: ["delete", "create"],
    replace_paths: [["region"]],
  });
  expect(
    only(before, stack({ region: "europe-west3", settings: { tier: "b", disk_size: 10 } })).change.actions,
  ).toEqual(["update"]);
  expect(only(before, before).change.actions).toEqual(["no-op"]);
});

test("a direction decides where the provider looks at it: a smaller disk replaces, a larger one does not", () => {
  const size = (disk_size: number) => stack({ settings: { disk_size } });
  expect(only(size(20), size(10)).change.actions).toEqual(["delete", "create"]);
  expect(only(size(10), size(20)).change.actions).toEqual(["update"]);
});

test("a change inside a block is no replacement when the provider looks at the number of blocks alone", () => {
  const cron = (spec: Json) =>
    stack({ spec: { job_template: { spec } } }, { type: "kubernetes_cron_job_v1" });
  const pod = (container: Json, more: Json = {}) => ({
    template: { spec: { container: [container], ...more } },
  });
  const before = cron(pod({ name: "job", env: [{ name: "BACKUP_KEEP", value: "14" }] }));
  const actions = (after: Json) => only(before, after).change.actions;
  expect(actions(cron(pod({ name: "job", env: [{ name: "BACKUP_KEEP", value: "7" }] })))).toEqual(["update"]);
  expect(actions(cron(pod({ name: "job" }, { volume: [{ name: "tmp", empty_dir: {} }] })))).toEqual([
    "update",
  ]);
  const share = { name: "a", azure_file: { share_name: "s", secret_name: "n", secret_namespace: "m" } };
  expect(actions(cron(pod({ name: "job" }, { volume: [share] })))).toEqual(["delete", "create"]);
  expect(actions(cron({ completions: 2, ...pod({ name: "job" }) }))).toEqual(["delete", "create"]);
  const key = (more: Json) => stack(more, { type: "azurerm_postgresql_flexible_server" });
  const old = key({ customer_managed_key: { key_vault_key_id: "a" } });
  expect(only(old, key({ customer_managed_key: { key_vault_key_id: "b" } })).change.actions).toEqual([
    "update",
  ]);
  expect(only(key({}), old).change.actions).toEqual(["delete", "create"]);
});

test("a block that occurs once is equal to a list of one", () => {
  const [one, list] = [stack({ settings: { tier: "a" } }), stack({ settings: [{ tier: "a" }] })];
  expect(only(one, list).change.actions).toEqual(["no-op"]);
  expect(only(list, one).change.actions).toEqual(["no-op"]);
  expect(only(one, stack({ settings: [{ tier: "b" }] })).change.actions).toEqual(["update"]);
});

test("a renamed resource is destroyed and created, unless a moved block follows it", () => {
  const before = stack({ region: "r" });
  const after = stack({ region: "r" }, { name: "other" });
  expect(changes(before, after).map(({ address, change }) => [address, change.actions])).toEqual([
    ["google_sql_database_instance.other", ["create"]],
    ["google_sql_database_instance.db", ["delete"]],
  ]);
  const moved = {
    moved: [{ from: "google_sql_database_instance.db", to: "google_sql_database_instance.other" }],
  };
  expect(only(before, { ...after, ...moved })).toMatchObject({
    previous_address: "google_sql_database_instance.db",
    change: { actions: ["no-op"] },
  });
});

test("a removed block forgets, an import block imports", () => {
  const one = stack({ region: "r" });
  const removed = { removed: [{ from: "google_sql_database_instance.db", lifecycle: { destroy: false } }] };
  expect(only(one, { resource: {}, ...removed }).change.actions).toEqual(["forget"]);
  const imported = { import: [{ to: "google_sql_database_instance.db", id: "x" }] };
  expect(only({ resource: {} }, { ...one, ...imported }).change).toMatchObject({ importing: { id: "x" } });
});

test("ignored attributes are no change, at any depth", () => {
  const of = (disk: number, region: string) =>
    stack({
      region,
      settings: { disk_size: disk, tier: "a" },
      lifecycle: { ignore_changes: ["settings[0].disk_size"] },
    });
  expect(only(of(10, "r"), of(20, "r")).change.actions).toEqual(["no-op"]);
  expect(only(of(10, "r"), of(20, "s")).change.replace_paths).toEqual([["region"]]);
  const all = (tier: string) => stack({ settings: { tier }, lifecycle: { ignore_changes: "all" } });
  expect(only(all("a"), all("b")).change.actions).toEqual(["no-op"]);
});

test("an expression that changes is known after the apply", () => {
  const of = (host: string) => stack({ settings: { tier: host } });
  expect(only(of("${var.a}"), of("${var.b}")).change.after_unknown).toEqual({ settings: { tier: true } });
  expect(only(of("${var.a}"), of("${var.a}")).change.actions).toEqual(["no-op"]);
});

test("replace_triggered_by replaces when the trigger changes", () => {
  const both = (tier: string): Json => ({
    resource: {
      google_sql_database_instance: { db: { settings: { tier } } },
      terraform_data: { job: { lifecycle: { replace_triggered_by: ["google_sql_database_instance.db"] } } },
    },
  });
  const job = (all: Change[]) => all.find(({ address }) => address === "terraform_data.job");
  expect(job(changes(both("a"), both("b")))).toMatchObject({
    action_reason: "replace_by_triggers",
    change: { actions: ["delete", "create"] },
  });
  expect(job(changes(both("a"), both("a")))?.change.actions).toEqual(["no-op"]);
});

test("a change of a type without rules is updated or replaced: not known", () => {
  const of = (size: number) => stack({ size }, { type: "aws_fsx_lustre_file_system" });
  expect(predictPlan(of(1), of(2)).unknownActions).toEqual(["aws_fsx_lustre_file_system.db"]);
  expect(predictPlan(of(1), of(1)).unknownActions).toEqual([]);
});

test("a lifecycle that no longer prevents a destruction is named: no plan shows it", () => {
  const of = (prevent_destroy: boolean) => stack({ region: "r", lifecycle: { prevent_destroy } });
  expect(predictPlan(of(true), of(false)).unprotected).toEqual(["google_sql_database_instance.db"]);
  expect(predictPlan(of(false), of(true)).unprotected).toEqual([]);
});

test("the table of replacing attributes is what the providers' rules say", () => {
  expect(readFileSync(TABLE, "utf8").replace(/\s+/g, " ")).toBe(replacingAttributes().replace(/\s+/g, " "));
});
