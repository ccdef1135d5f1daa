/**
 * Plans pairs of resources with Terraform: one plan of all first versions, a state from its values, and one plan of all second
 * versions. Nothing is applied, so it works with the real providers too.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type PlannedChange, readPlan } from "../../../lib/review/plan/read-plan";
import { type Members, member, members } from "../../../lib/review/plan/values";
import type { TerraformTools } from "../../../tools/machine/terraform";
import { type PlanJson, planned } from "../terraform/plan";
import { StackCopy } from "../terraform/stack-copy";
import type { RulePair } from "./rule-pairs";

/** A pair as Terraform planned it. */
export interface PlannedPair {
  readonly pair: RulePair;
  readonly change: PlannedChange;
  /** Argument names of the resource in the configuration. */
  readonly configured: Members;
}

export interface PlannedPairsOptions {
  readonly pairs: readonly RulePair[];
  /** The `provider` blocks of the stack, by local name. */
  readonly providers: { readonly [name: string]: object };
  /** Versions of the schemas in the state; 0 for a type that is not here. */
  readonly schemaVersions?: { readonly [type: string]: number };
  readonly realAws?: string;
}

const LOCAL = /^[a-z]+/;

/** @returns each pair with its change, in their order; a pair whose resource is not in the plan has none */
export function plannedPairs(tools: TerraformTools, options: PlannedPairsOptions): PlannedPair[] {
  const { pairs } = options;
  const copy = new StackCopy(tools, folderOf(options, "before"), { realAws: options.realAws });
  try {
    copy.init();
    const first = copy.plan("-refresh=false");
    copy.use(folderOf(options, "after"));
    writeFileSync(join(copy.folder, "terraform.tfstate"), JSON.stringify(stateOf(first, options)));
    const plan = copy.plan("-refresh=false");
    const changes = new Map(readPlan(plan).changes.map((change) => [change.address, change]));
    return pairs.map((pair, index) => {
      const address = `${pair.type}.${nameOf(index)}`;
      const change = changes.get(address);
      if (change === undefined) throw new Error(`${address} (${pair.rules.join()}) is not in the plan`);
      return { pair, change, configured: expressionsOf(plan, address) };
    });
  } finally {
    copy.remove();
  }
}

const nameOf = (index: number) => `pair_${index}`;

const folders: string[] = [];
process.once("exit", () => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

function folderOf({ pairs, providers }: PlannedPairsOptions, side: "before" | "after"): string {
  const resource: Record<string, Record<string, unknown>> = {};
  const removed: object[] = [];
  pairs.forEach((pair, index) => {
    const version = pair[side];
    if (version !== undefined) resource[pair.type] = { ...resource[pair.type], [nameOf(index)]: version };
    if (side === "after" && pair.action === "forget") {
      removed.push({ from: `${pair.type}.${nameOf(index)}`, lifecycle: { destroy: false } });
    }
  });
  const folder = mkdtempSync(join(tmpdir(), "devplatforms-pairs-"));
  folders.push(folder);
  const names = Object.keys(providers);
  const stack = {
    terraform: {
      required_providers: Object.fromEntries(
        names.map((name) => [name, { source: `hashicorp/${name}`, version: VERSIONS[name] }]),
      ),
    },
    provider: providers,
    resource,
    ...(removed.length > 0 ? { removed } : {}),
  };
  writeFileSync(join(folder, "cdk.tf.json"), JSON.stringify(stack, undefined, 2));
  return folder;
}

/** Versions of the stand-ins, those that the stacks pin. */
const VERSIONS: { readonly [name: string]: string } = {
  aws: "6.25.0",
  azurerm: "4.55.0",
  google: "6.50.0",
  helm: "3.1.1",
  kubernetes: "2.38.0",
  random: "3.7.2",
  tls: "4.1.0",
};

/** A state in which the resources of a plan are as planned; what a cloud would set is null, but for the id. */
function stateOf(plan: PlanJson, { schemaVersions = {} }: PlannedPairsOptions): object {
  return {
    version: 4,
    terraform_version: "1.11.0",
    serial: 1,
    lineage: "00000000-0000-4000-8000-000000000000",
    outputs: {},
    resources: planned(plan).map(({ type, name, change }) => ({
      mode: "managed",
      type,
      name,
      provider: `provider["registry.terraform.io/hashicorp/${LOCAL.exec(type)?.[0]}"]`,
      instances: [
        { schema_version: schemaVersions[type] ?? 0, attributes: { ...change.after, id: idOf(type, name) } },
      ],
    })),
  };
}

function idOf(type: string, name: string): string {
  return type.startsWith("azurerm_") ? `/subscriptions/00000000-0000-0000-0000-000000000000/${name}` : name;
}

function expressionsOf(plan: PlanJson, address: string): Members {
  const resources = member(member(plan.configuration, "root_module"), "resources");
  const found = (Array.isArray(resources) ? resources : []).find(
    (each) => member(each, "address") === address,
  );
  return members(member(found, "expressions"));
}
