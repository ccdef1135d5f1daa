import { SecretValue } from "../../database";
import type { Rule, SynthChecks } from "../../database/private";
import {
  PACKAGE_KEYS,
  PACKAGE_SECTIONS,
  PACKAGE_TOP_SETTINGS,
  RAILS_DATABASE_KEYS,
} from "./data/package-keys";
import type { GitlabRb } from "./gitlab-rb";

/** Writes additional settings of the user, and reports those that the package refuses or ignores, and those set here already. @internal */
export function writeExtra(
  rb: GitlabRb,
  checks: SynthChecks,
  property: string,
  extra: { readonly [setting: string]: unknown } | undefined,
): void {
  const entries = Object.entries(extra ?? {});
  if (entries.length > 0) rb.comment("Settings of your own.");
  const ours = new Set(rb.settings);
  for (const [setting, value] of entries) {
    const at = `${property}.extra`;
    const problem = problemOf(setting, ours);
    if (problem) checks.fail(at, setting, problem);
    else if (value instanceof SecretValue) {
      checks.fail(
        at,
        setting,
        "must not be a secret; put it into a file on the machine and use rubyFile(path)",
        `${property}.extra.secret`,
      );
    } else {
      const [section, key] = setting.split(".") as [string, string | undefined];
      if (key === undefined) rb.top(section, value);
      else rb.section(section, { [key]: value });
    }
  }
}

function problemOf(setting: string, ours: ReadonlySet<string>): Rule | undefined {
  const match = /^([a-z][a-z0-9_]*)(?:\.([A-Za-z][A-Za-z0-9_]*))?$/.exec(setting);
  if (!match) return "must be a setting such as puma.worker_processes or registry_external_url";
  const [, section, key] = match as unknown as [string, string, string | undefined];
  const known = key === undefined ? PACKAGE_TOP_SETTINGS : PACKAGE_SECTIONS;
  if (!known.includes(section)) return `must be a setting of the package: ${known.join(", ")}`;
  if ([...ours].some((each) => each === setting || each.startsWith(`${setting}/`)))
    return "must not be a setting that follows from the topology and the machines; change it there";
  if (key === undefined) return undefined;
  const keys =
    section === "gitlab_rails" && key.startsWith("db_") ? RAILS_DATABASE_KEYS : PACKAGE_KEYS[section];
  return keys && !keys.includes(key)
    ? `must be a key of ${section}, since the package ignores others: ${keys.join(", ")}`
    : undefined;
}
