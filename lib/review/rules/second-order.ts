// Effects that no attribute has alone: they follow from several resources of a plan.

import type { Finding } from "../finding";
import { differencesOf, pairsAt, rootOf } from "../plan/differences";
import type { PlannedChange } from "../plan/read-plan";
import { type Configuration, plainAddress, typeOf } from "../plan/references";
import { entry, isMembers, items, type Members, member, textOf } from "../plan/values";
import { changedImports, newLifecycles } from "./arrivals";
import { machineShrinks } from "./changes";
import { budgetsIn } from "./connection-budgets";
import { endedSupport, waitingChanges } from "./database-servers";
import type { Effect, When } from "./rule";

/** A plan as a whole, as the rules of this file read it. */
export interface WholePlan {
  readonly changes: readonly PlannedChange[];
  readonly configuration: Configuration;
  /** The synthesized stack (cdk.tf.json) of the plan. @default - budgets of connections are not known */
  readonly stack?: unknown;
  /** Date of the review, as `2026-11-27`. @default - ends of support are not compared */
  readonly today?: string;
  /** Findings of the single changes. */
  readonly findings: readonly Finding[];
}

/** A finding before the engine completes it. */
export interface SecondOrder {
  readonly rule: string;
  readonly of: PlannedChange;
  readonly path?: string;
  readonly effects: readonly (Effect | "unknown")[];
  readonly when: When;
  readonly words: string;
  readonly next: string;
  readonly certainty?: "known" | "likely";
  readonly source?: string;
  readonly affected?: readonly string[];
}

/** All effects of the whole plan. */
export function secondOrder(plan: WholePlan): SecondOrder[] {
  return [
    ...staleEndpoints(plan),
    ...unusedRestores(plan),
    ...podsWithOldSecrets(plan),
    ...passwordsNotPassedOn(plan),
    ...pendingRestarts(plan),
    ...waitingChanges(plan),
    ...endedSupport(plan),
    ...smallerCapacity(plan),
    ...newLifecycles(plan),
    ...changedImports(plan),
  ];
}

/** Arguments that rename a server in place, and the attributes that stay old in the plan. */
const RENAMES: { readonly [type: string]: { readonly by: string; readonly endpoint: RegExp } | undefined } = {
  aws_db_instance: {
    by: "identifier",
    endpoint: /\.(address|endpoint|listener_endpoint|arn|id|identifier)$/,
  },
};

function staleEndpoints({ changes, configuration }: WholePlan): SecondOrder[] {
  return changes.flatMap((planned) => {
    const rename = entry(RENAMES, planned.type);
    if (planned.action !== "update" || !rename) return [];
    const pair = pairsAt(rootOf(planned.change), rename.by).find(
      ({ before, after, unknown }) => unknown || before !== after,
    );
    if (!pair) return [];
    const address = plainAddress(planned.address);
    const stale = configuration
      .usersOf(planned.address)
      .filter((user) =>
        configuration
          .referencesOf(user)
          .some((reference) => reference.startsWith(`${address}.`) && rename.endpoint.test(reference)),
      );
    if (stale.length === 0) return [];
    return [
      {
        rule: "STALE-ENDPOINT",
        of: planned,
        path: rename.by,
        effects: ["outage"],
        when: "now",
        words: `The server is renamed in place, and its endpoint changes; the resources that use the endpoint (${stale.length} in this plan) keep the old one until the next apply.`,
        next: "Keep the identifier. If it has to change, apply twice in a row within a maintenance window: with the second apply the dependents get the new endpoint.",
        source: "https://github.com/hashicorp/terraform-provider-aws/issues/45297",
        affected: stale,
      },
    ];
  });
}

/** Arguments that say that a new server is a copy. */
const RESTORES: { readonly [type: string]: readonly string[] | undefined } = {
  aws_db_instance: ["snapshot_identifier", "restore_to_point_in_time", "s3_import"],
  google_sql_database_instance: ["clone", "restore_backup_context"],
  azurerm_postgresql_flexible_server: ["point_in_time_restore_time_in_utc"],
  azurerm_mysql_flexible_server: ["point_in_time_restore_time_in_utc"],
};
const CLIENTS =
  /^(helm_release|kubernetes_(secret|deployment|stateful_set|daemon_set|config_map|job|cron_job)(_v1)?|aws_secretsmanager_secret_version|google_secret_manager_secret_version|azurerm_key_vault_secret)$/;

function unusedRestores({ changes, configuration }: WholePlan): SecondOrder[] {
  const restored = changes.filter(
    ({ type, action, change }) =>
      action === "create" &&
      entry(RESTORES, type)?.some((name) =>
        pairsAt(rootOf(change), name).some(({ after, unknown }) => after !== undefined || unknown),
      ),
  );
  const clientsOf = (planned: PlannedChange) =>
    [...configuration.dependentsOf(planned.address)].filter(isClient);
  const clientsByType = new Map(
    [...new Set(restored.map(({ type }) => type))].map((type) => {
      const others = changes.filter((each) => each.type === type && each.action !== "create");
      return [type, [...new Set(others.flatMap(clientsOf))]] as const;
    }),
  );
  return restored.flatMap((planned) => {
    const clients = clientsByType.get(planned.type) ?? [];
    if (clients.length === 0 || clientsOf(planned).length > 0) return [];
    return [
      {
        rule: "RESTORED-SERVER-UNUSED",
        of: planned,
        effects: [],
        when: "now",
        words: `A server is restored from a backup, and no application of this plan connects to it: ${count(clients, "resource")} keep the endpoint of the present server.`,
        next: "Let the applications use the restored server in a second change, after you have looked at its data.",
        certainty: "likely",
        affected: clients,
      },
    ];
  });
}

const isClient = (address: string) => CLIENTS.test(typeOf(address));
const WORKLOADS = /^(helm_release|kubernetes_(deployment|stateful_set|daemon_set)(_v1)?)$/;
const SECRETS = /^kubernetes_(secret|config_map)(_v1)?$/;
const SECRET_VALUES = ["data", "binary_data", "data_wo_revision", "binary_data_wo_revision"];

function podsWithOldSecrets({ changes, configuration }: WholePlan): SecondOrder[] {
  const changing = new Set(
    changes
      .filter(({ action }) => action !== "nothing" && action !== "read")
      .map(({ address }) => plainAddress(address)),
  );
  const workloads = changes.filter(
    ({ type, address }) => WORKLOADS.test(type) && !changing.has(plainAddress(address)),
  );
  const secrets = changes
    .filter(({ type, action }) => SECRETS.test(type) && action === "update")
    .filter(({ change }) =>
      differencesOf(rootOf(change)).some(({ path }) =>
        SECRET_VALUES.some((name) => path === name || path.startsWith(`${name}.`)),
      ),
    );
  const naming = workloadsByName(workloads, secrets);
  const byAddress = new Map<string, PlannedChange[]>();
  for (const each of workloads) append(byAddress, plainAddress(each.address), each);
  return secrets.flatMap((secret) => {
    const using = new Set(
      [...configuration.dependentsOf(secret.address)].flatMap((address) => byAddress.get(address) ?? []),
    );
    const { name = "", namespace } = metadataOf(secret.change);
    for (const each of naming.get(name) ?? []) if (isIn(each, namespace)) using.add(each);
    if (using.size === 0) return [];
    const stale = workloads.filter((each) => using.has(each)).map(({ address }) => address);
    return [
      {
        rule: "PODS-KEEP-OLD-SECRET",
        of: secret,
        effects: ["outage"],
        when: "next restart",
        words: `The secret changes, but not the workloads that use it (${stale.length} in this plan): pods read environment variables once, so they keep the old value until they restart.`,
        next: "Restart the pods after the apply (kubectl rollout restart), or put a checksum of the secret into the pod annotations.",
        certainty: "likely",
        source:
          "https://kubernetes.io/docs/concepts/configuration/secret/#using-secrets-as-environment-variables",
        affected: stale,
      } as const,
    ];
  });
}

/** The workloads whose values contain the name of a secret, by this name. Each text is read once, for all names. */
function workloadsByName(
  workloads: readonly PlannedChange[],
  secrets: readonly PlannedChange[],
): ReadonlyMap<string, readonly PlannedChange[]> {
  const names = secrets.flatMap(({ change }) => metadataOf(change).name ?? []);
  const wanted = new Set(names.filter((name) => name.length >= 3));
  const found = new Map<string, PlannedChange[]>();
  if (wanted.size === 0) return found;
  for (const workload of workloads) {
    const after = member(workload.change, "after");
    const mentioned = new Set<string>();
    for (const name of ["values", "spec", "set"]) addMentioned(member(after, name), wanted, mentioned);
    for (const name of mentioned) append(found, name, workload);
  }
  return found;
}

function append<T>(map: Map<string, T[]>, key: string, value: T): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}

function addMentioned(value: unknown, wanted: ReadonlySet<string>, found: Set<string>): void {
  if (typeof value === "string") {
    for (const [word] of value.matchAll(/[\w.-]+/g)) if (wanted.has(word)) found.add(word);
  } else if (Array.isArray(value)) {
    for (const each of value) addMentioned(each, wanted, found);
  } else if (isMembers(value)) {
    for (const each of Object.values(value)) addMentioned(each, wanted, found);
  }
}

/** True unless a workload is known to be in another namespace. */
function isIn({ change }: PlannedChange, namespace: string | undefined): boolean {
  const own = textOf(member(member(change, "after"), "namespace")) ?? metadataOf(change).namespace;
  return own === undefined || namespace === undefined || own === namespace;
}

function metadataOf(change: Members): { readonly name?: string; readonly namespace?: string } {
  const [metadata] = items(member(member(change, "after"), "metadata"));
  return { name: textOf(member(metadata, "name")), namespace: textOf(member(metadata, "namespace")) };
}

const PASSWORD_VERSIONS: { readonly [type: string]: readonly string[] | undefined } = {
  aws_db_instance: ["password", "password_wo_version"],
  google_sql_user: ["password", "password_wo_version"],
  azurerm_postgresql_flexible_server: ["administrator_password", "administrator_password_wo_version"],
  azurerm_mysql_flexible_server: ["administrator_password", "administrator_password_wo_version"],
};
const STORED =
  /^(kubernetes_secret(_v1)?|aws_secretsmanager_secret_version|google_secret_manager_secret_version|azurerm_key_vault_secret)$/;

function passwordsNotPassedOn({ changes }: WholePlan): SecondOrder[] {
  const isPassedOn = changes.some(
    ({ type, action }) => STORED.test(type) && !["nothing", "read", "destroy", "forget"].includes(action),
  );
  if (isPassedOn) return [];
  return changes.flatMap((planned) => {
    const names = entry(PASSWORD_VERSIONS, planned.type) ?? [];
    if (planned.action !== "update") return [];
    const pair = names
      .flatMap((name) => pairsAt(rootOf(planned.change), name))
      .find((each) => each.unknown || each.before !== each.after);
    if (!pair) return [];
    return [
      {
        rule: "PASSWORD-NOT-PASSED-ON",
        of: planned,
        path: pair.path,
        effects: ["outage"],
        when: "now",
        words:
          "The password changes, and no stored secret changes in this plan: clients that log in with the old password are refused.",
        next: "Change the secret that the clients read in the same plan, and let their pods restart.",
        certainty: "likely",
      } as const,
    ];
  });
}

const SERVERS = /^(aws_db_instance|google_sql_database_instance|azurerm_(postgresql|mysql)_flexible_server)$/;

const RESTARTS: readonly string[] = ["now", "maintenance window"];

/** For each finding that waits for a restart: the servers that have to restart, and whether this plan restarts them. */
function pendingRestarts({ changes, configuration, findings }: WholePlan): SecondOrder[] {
  const byAddress = new Map(changes.map((each) => [each.address, each]));
  const restarted = new Set(
    findings
      .filter(({ effects, when }) => effects.includes("outage") && RESTARTS.includes(when))
      .map(({ address }) => plainAddress(address)),
  );
  const waiting = new Set(
    findings
      .filter(({ when, type }) => when === "next restart" && !SERVERS.test(type))
      .map(({ address }) => address),
  );
  return [...waiting].flatMap((address) => {
    const planned = byAddress.get(address);
    if (!planned) return [];
    const near = [...configuration.usersOf(address), ...configuration.usedBy(address)];
    const servers = [...new Set(near.filter((each) => SERVERS.test(typeOf(each))))];
    const waitingServers = servers.filter((server) => !restarted.has(server));
    if (waitingServers.length === 0) return [];
    return [
      {
        rule: "PARAMETER-WAITS-FOR-RESTART",
        of: planned,
        effects: [],
        when: "next restart",
        words: `The parameter waits for a restart of ${count(waitingServers, "server")}, which neither this plan nor the cloud causes; until then the old value is in force.`,
        next: "Restart the server in a maintenance window, or take the change back: another restart, even an unplanned one, brings it into force.",
        source: "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_WorkingWithParamGroups.html",
        affected: waitingServers,
      } as const,
    ];
  });
}

const MACHINES: { readonly [type: string]: string | undefined } = {
  aws_db_instance: "instance_class",
  google_sql_database_instance: "settings.tier",
  azurerm_postgresql_flexible_server: "sku_name",
  azurerm_mysql_flexible_server: "sku_name",
};

/** Capacity for connections that shrinks below, or close to, the budget of the applications: the stack has the numbers. */
function smallerCapacity({ changes, configuration, stack }: WholePlan): SecondOrder[] {
  const budgets = budgetsIn(stack, changes);
  if (budgets.length === 0) return [];
  return changes.flatMap((planned) => {
    const path = entry(MACHINES, planned.type);
    if (planned.action !== "update" || path === undefined) return [];
    const shrinks = pairsAt(rootOf(planned.change), path).some((pair) =>
      machineShrinks.matches(pair.before, pair.after),
    );
    const mine = budgets.filter(
      ({ server, maximum, inForce }) => server === plainAddress(planned.address) && maximum < inForce,
    );
    return mine.slice(0, shrinks || mine.length > 0 ? 1 : 0).map((budget): SecondOrder => {
      const { needed, maximum, inForce } = budget;
      const isOver = needed > maximum;
      return {
        rule: "CONNECTIONS-SHRINK",
        of: planned,
        path,
        effects: isOver ? ["outage"] : needed > 0.8 * maximum ? ["weaker"] : [],
        when: "maintenance window",
        words: `The server will accept ${maximum} connections instead of ${inForce}; the applications on it may open ${needed}${isOver ? ", so some will be refused" : ""}.`,
        next: isOver
          ? "Reduce pools or replicas first, put a pooler in front, or keep the machine class."
          : "Check that no other client needs the rest.",
        certainty: "likely",
        affected: configuration.applicationsOf(planned.address),
      };
    });
  });
}

function count(list: readonly unknown[], one: string): string {
  return `${list.length} ${one}${list.length === 1 ? "" : "s"}`;
}
