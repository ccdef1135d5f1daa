// The installer's own validation, at synth and all at once, before anything is in the cluster. Values that are only known to
// Terraform are left to the installer, which runs the same rules before it renders.

import { isResolved, type Rule, type SynthChecks } from "../../database/private";
import type { HelmValues } from "../../kubernetes";
import { isMap, secretVariables } from "../../kubernetes/private";
import {
  DEPRECATED_FIELDS,
  INSTALLER_FIELDS,
  type InstallerField,
  type InstallerFields,
} from "./data/installer-fields";
/**
 * Fully qualified domain names that the installer accepts: `fqdn` of go-playground/validator v10, whose expression validation.go of
 * 2022.11.3 repeats, but without a dot at the end. The installer accepts that dot, which every certificate and URL would then contain.
 */
export const FQDN =
  /^[a-zA-Z0-9][a-zA-Z0-9-]{0,62}(\.[a-zA-Z0-9][a-zA-Z0-9-]{0,62})*?\.[a-zA-Z][a-zA-Z0-9]{0,62}$/;

/** Rule for domains in words. */
export const FQDN_RULE =
  "must be a domain such as gitpod.example.com, without scheme, asterisk, port and path, whose last label begins with a letter";

/** Reports a domain that the installer does not accept. */
export function checkDomain(checks: SynthChecks, property: string, domain: string): void {
  checks.matches(property, domain, FQDN, FQDN_RULE);
}

const GO_DURATION = /^([0-9]+(\.[0-9]+)?(ns|us|µs|ms|s|m|h))+$/;
/** Kubernetes quantity (apimachinery `resource.Quantity`), not negative as for storage, memory and CPU. */
const QUANTITY = /^\+?([0-9]+(\.[0-9]*)?|\.[0-9]+)([KMGTPE]i|[numkMGTPE]|[eE][+-]?[0-9]+)?$/;
/** Names of fields whose values are secrets. Fields with names of secrets end in `Name`, except Redis's `passwordSecret`. */
const SECRET_FIELD = /^(?!passwordSecret$).*(secret|password|privatekey|token|apikey)$/i;

const NO_SECRET = "must not be a secret, because the output and a config map contain it";

/** Reports mistakes by their paths in the configuration. */
export interface InstallerChecks {
  fail(path: string, value: unknown, rule: Rule, code?: string): void;
  warn(path: string, text: string, code: string): void;
  optOut(what: string): void;
}

/**
 * Reports every reason for which the installer would reject a configuration.
 *
 * @param checks reports the mistakes, by their paths in the configuration.
 * @param config configuration, which may contain tokens anywhere.
 * @param version name of the Gitpod version.
 */
export function checkInstallerConfig(checks: InstallerChecks, config: HelmValues, version: string): void {
  const fields = INSTALLER_FIELDS[version];
  if (fields) checkFields(checks, "", config, fields, version);
  checkModes(checks, config);
  checkUsers(checks, config);
  checkDeprecated(checks, config, version);
  checkNoSecrets(checks, "", config);
  for (const path of secretVariables(config)) checks.fail(path, "(not shown)", NO_SECRET, "secret");
  if (valueAt(config, "experimental.webapp.disableMigration") === true) {
    checks.optOut(
      "experimental.webapp.disableMigration: no session database is created, and no table is created or migrated",
    );
  }
}

function checkFields(
  checks: InstallerChecks,
  path: string,
  map: HelmValues,
  fields: InstallerFields,
  version: string,
): void {
  for (const [name, value] of Object.entries(map)) {
    const field = fields[name];
    if (value === undefined) continue;
    if (field) checkField(checks, below(path, name), value, field, version);
    else if (isResolved(name)) {
      checks.fail(
        below(path, name),
        "set",
        `must not be set, because the installer of Gitpod ${version} does not have this field`,
        "unknownField",
      );
    }
  }
  for (const [name, field] of Object.entries(fields)) {
    if (field.required && map[name] === undefined) {
      checks.fail(below(path, name), undefined, "must be set, because the installer requires it");
    }
  }
}

function checkField(
  checks: InstallerChecks,
  path: string,
  value: unknown,
  field: InstallerField,
  version: string,
): void {
  if (field.items) {
    if (!Array.isArray(value)) {
      if (isResolved(value)) checks.fail(path, value, "must be a list");
      return;
    }
    const { items } = field;
    // A list token has one member, which is not known at synth.
    value.forEach((each, index) => {
      checkField(checks, `${path}[${index}]`, each, items, version);
    });
    return;
  }
  if (field.fields) {
    if (isMap(value)) checkFields(checks, path, value, field.fields, version);
    else if (isResolved(value)) checks.fail(path, value, "must be a map");
    return;
  }
  const { members } = field;
  if (members) {
    if (isMap(value)) {
      for (const [name, each] of Object.entries(value)) {
        checkField(checks, below(path, name), each, members, version);
      }
    } else if (isResolved(value)) checks.fail(path, value, "must be a map");
    return;
  }
  if (!isResolved(value)) return;
  if ((field.required || field.requiredIfGiven) && (value === "" || value === null)) {
    checks.fail(path, value, "must not be empty, because the installer requires it");
    return;
  }
  checkScalar(checks, path, value, field);
}

const TYPES: { readonly [type: string]: readonly [string, string] } = {
  text: ["string", "a text"],
  flag: ["boolean", "true or false"],
  number: ["number", "a whole number, 0 or more"],
};

function checkScalar(checks: InstallerChecks, path: string, value: unknown, field: InstallerField): void {
  const text = String(value);
  if (field.type === "quantity") {
    if (!QUANTITY.test(text))
      checks.fail(path, value, "must be a Kubernetes quantity such as 500m, 2 or 30Gi");
    return;
  }
  const [type, words] = TYPES[field.type ?? ""] ?? [];
  if (type !== undefined && (typeof value !== type || (type === "number" && !isCount(value)))) {
    checks.fail(path, value, `must be ${words}`);
    return;
  }
  if (field.oneOf && !field.oneOf.includes(text)) {
    checks.fail(path, value, `must be ${field.oneOf.length > 1 ? "one of " : ""}${field.oneOf.join(", ")}`);
  }
  if (field.startsWith && !text.startsWith(field.startsWith)) {
    checks.fail(path, value, `must start with ${field.startsWith}`);
  }
  if (field.fqdn && !FQDN.test(text)) checks.fail(path, value, FQDN_RULE);
  if (field.url && !URL.canParse(text)) checks.fail(path, value, "must be a URL");
  if (field.duration && !GO_DURATION.test(text)) {
    checks.fail(path, value, "must be a duration such as 36h or 30m");
  }
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

// The installer does not check this: with two databases it renders one and configures its pods for the other, and with none it crashes.
function checkModes(checks: InstallerChecks, config: HelmValues): void {
  exclusive(checks, config, "database", ["external", "cloudSQL"]);
  exclusive(checks, config, "objectStorage", ["s3", "cloudStorage", "azure"]);
  const registry = config.containerRegistry;
  if (!isMap(registry)) return;
  if (registry.inCluster === false && registry.external === undefined) {
    checks.fail("containerRegistry.external", undefined, "must be set if inCluster is false");
  }
  if (registry.inCluster === true && registry.external !== undefined) {
    checks.fail("containerRegistry.external", "set", "must not be set if inCluster is true");
  }
  if (registry.inCluster === false && registry.s3storage !== undefined) {
    checks.fail("containerRegistry.s3storage", "set", "must not be set if inCluster is false");
  }
  const region = valueAt(config, "metadata.region");
  if (region === "local" && valueAt(config, "objectStorage.inCluster") === false) {
    checks.fail("metadata.region", region, "must be the region of the store if it is outside the cluster");
  }
}

function exclusive(checks: InstallerChecks, config: HelmValues, name: string, outside: string[]): void {
  const section = config[name];
  if (!isMap(section) || !isResolved(section.inCluster)) return;
  const set = outside.filter((each) => section[each] !== undefined);
  // True is the installer's default.
  if (section.inCluster !== false) set.unshift("inCluster");
  if (set.length === 1) return;
  checks.fail(`${name}`, set, `must have exactly one of inCluster, ${outside.join(", ")}`);
}

function checkUsers(checks: InstallerChecks, config: HelmValues): void {
  if (valueAt(config, "blockNewUsers.enabled") !== true) return;
  const list = valueAt(config, "blockNewUsers.passlist");
  const rule = "must contain at least one domain if enabled is true, and only fully qualified ones";
  if (!Array.isArray(list) || list.length === 0) {
    checks.fail("blockNewUsers.passlist", list, rule);
    return;
  }
  for (const each of list) {
    if (isResolved(each) && !FQDN.test(String(each))) checks.fail("blockNewUsers.passlist", each, rule);
  }
}

function checkDeprecated(checks: InstallerChecks, config: HelmValues, version: string): void {
  for (const { path, replacedBy } of DEPRECATED_FIELDS[version] ?? []) {
    if (valueAt(config, path) === undefined) continue;
    if (replacedBy !== undefined && valueAt(config, replacedBy) !== undefined) {
      checks.fail(
        path,
        "set",
        `must not be set together with ${replacedBy}, which replaces this deprecated field`,
        "deprecated",
      );
    } else {
      checks.warn(
        path,
        `is deprecated${replacedBy ? `; use ${replacedBy}` : " and does nothing"}`,
        "deprecated",
      );
    }
  }
}

function checkNoSecrets(checks: InstallerChecks, path: string, value: unknown): void {
  if (Array.isArray(value)) {
    value.forEach((each, index) => {
      checkNoSecrets(checks, `${path}[${index}]`, each);
    });
  } else if (isMap(value)) {
    for (const [name, member] of Object.entries(value)) {
      if (SECRET_FIELD.test(name) && typeof member === "string" && member !== "") {
        checks.fail(below(path, name), "(not shown)", NO_SECRET, "secret");
      }
      checkNoSecrets(checks, below(path, name), member);
    }
  }
}

function below(path: string, name: string): string {
  return path === "" ? name : `${path}.${name}`;
}

/** Value at a dotted path. */
export function valueAt(map: HelmValues, path: string): unknown {
  return path.split(".").reduce<unknown>((value, key) => (isMap(value) ? value[key] : undefined), map);
}
