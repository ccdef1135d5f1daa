/** Applies the first version of a change with the stand-ins of the offline mirror, and plans the second one. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { must } from "../../machine/processes";
import { cliConfiguration, type TerraformTools } from "../../machine/terraform";
import type { Resources, ReviewedChange } from "./changes";

/** The plans of a change. */
export interface PlannedChange {
  /** JSON of the plan that creates the first version. */
  readonly first: string;
  /** JSON of the plan of the change. */
  readonly json: string;
  /** Output of `terraform show` for the plan of the change. */
  readonly text: string;
}

const PROVIDERS: { readonly [name: string]: { readonly version: string; readonly settings: object } } = {
  aws: { version: "6.25.0", settings: { region: "eu-central-1" } },
  azurerm: {
    version: "4.55.0",
    settings: { features: {}, subscription_id: "00000000-0000-0000-0000-000000000000" },
  },
  google: { version: "6.50.0", settings: { project: "p", region: "europe-west3" } },
  helm: { version: "3.1.1", settings: {} },
  kubernetes: { version: "2.38.0", settings: {} },
};

/** Versions of the providers that the changes use. */
export const PROVIDER_VERSIONS = Object.entries(PROVIDERS)
  .map(([name, { version }]) => `${name} ${version}`)
  .join(", ");

/** @param tools Terraform with the mirror */
export function planChange(tools: TerraformTools, { before, after }: ReviewedChange): PlannedChange {
  const folder = mkdtempSync(join(tmpdir(), "devplatforms-peers-"));
  try {
    const rc = join(folder, ".terraform.rc");
    writeFileSync(rc, cliConfiguration(tools.mirror, undefined));
    const env = {
      ...process.env,
      TF_CLI_CONFIG_FILE: rc,
      CHECKPOINT_DISABLE: "1",
      OFFLINE_PROVIDER_TYPES: [...new Set([before, after].flatMap(Object.keys))].join(),
    };
    const terraform = (...args: string[]) => must(tools.program, args, { cwd: folder, env });
    const planned = (resources: Resources) => {
      writeFileSync(join(folder, "main.tf.json"), JSON.stringify(programOf(resources)));
      terraform("plan", "-input=false", "-no-color", "-out=plan");
      return terraform("show", "-json", "plan");
    };
    writeFileSync(join(folder, "main.tf.json"), JSON.stringify(programOf(before)));
    terraform("init", "-input=false", "-no-color");
    const first = planned(before);
    terraform("apply", "-input=false", "-no-color", "plan");
    const json = planned(after);
    return { first, json, text: terraform("show", "-no-color", "plan") };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function programOf(resource: Resources): object {
  const names = [...new Set(Object.keys(resource).map((type) => type.replace(/_.*/, "")))];
  const of = (part: (name: string) => unknown) => Object.fromEntries(names.map((name) => [name, part(name)]));
  return {
    terraform: {
      required_providers: of((name) => ({ source: `hashicorp/${name}`, version: PROVIDERS[name]?.version })),
    },
    provider: of((name) => PROVIDERS[name]?.settings),
    resource,
  };
}

/** The version in the output of a program. */
export function versionOf(output: string): string {
  return /\d+\.\d+\.\d+(-[\w-]+)?/.exec(output)?.[0] ?? "unknown";
}

/** @returns the version of a Python package that a requirements file pins */
export function pinned(requirements: string, name: string): string {
  return new RegExp(`^${name}==(\\S+)`, "m").exec(readFileSync(requirements, "utf8"))?.[1] ?? "unknown";
}
