// The installer's own validation, at synth and all at once, before anything is in the cluster. Values that only Terraform
// knows are left to the installer, which runs the same rules before it renders.

// The installer's rule for domains: `fqdn` of go-playground/validator v10, whose expression validation.go of 2022.11.3 repeats,
// but for the dot at the end: the installer takes it, and every certificate and URL would have it inside a name.
import { isResolved, type SynthChecks } from "../../database/private";
import type { HelmValues } from "../../kubernetes";
import { isMap } from "../../kubernetes/private";
import {
  DEPRECATED_FIELDS,
  INSTALLER_FIELDS,
  type InstallerField,
  type InstallerFields,
} from "./data/installer-fields";
/** What the installer takes for a fully qualified domain name. */
export const FQDN =
  /^[a-zA-Z0-9][a-zA-Z0-9-]{0,62}(\.[a-zA-Z0-9][a-zA-Z0-9-]{0,62})*?\.[a-zA-Z][a-zA-Z0-9]{0,62}$/;

/** The rule in words. */
export const FQDN_RULE =
  "allowed is a domain such as gitpod.example.com, without scheme, star, port and path, whose last part begins with a letter";

/** Reports what the installer does not take for a domain. */
export function checkDomain(checks: SynthChecks, property: string, domain: string): void {
  checks.matches(property, domain, FQDN, FQDN_RULE);
}

const GO_DURATION = /^([0-9]+(\.[0-9]+)?(ns|us|µs|ms|s|m|h))+$/;
/** A quantity of Kubernetes (apimachinery `resource.Quantity`), which for room and computing is not negative. */
const QUANTITY = /^\+?([0-9]+(\.[0-9]*)?|\.[0-9]+)([KMGTPE]i|[numkMGTPE]|[eE][+-]?[0-9]+)?$/;
/** Names of fields whose value would be a secret itself; the names of secrets end in `Name`, but for Redis's `passwordSecret`. */
const SECRET_FIELD = /^(?!passwordSecret$).*(secret|password|privatekey|token|apikey)$/i;

/**
 * Reports everything for which the installer would refuse a configuration.
 *
 * @param checks where to report; properties begin with `config.`.
 * @param config the configuration, with tokens anywhere in it.
 * @param version the version of Gitpod, by its name.
 */
export function checkInstallerConfig(checks: SynthChecks, config: HelmValues, version: string): void {
  const fields = INSTALLER_FIELDS[version];
  if (fields) checkFields(checks, "config", config, fields, version);
  checkModes(checks, config);
  checkUsers(checks, config);
  checkDeprecated(checks, config, version);
  checkNoSecrets(checks, "config", config);
  if (valueAt(config, "experimental.webapp.disableMigration") === true) {
    checks.optOut(
      "experimental.webapp.disableMigration: neither the session database nor any table is made or changed",
    );
  }
}

function checkFields(
  checks: SynthChecks,
  path: string,
  map: HelmValues,
  fields: InstallerFields,
  version: string,
): void {
  for (const [name, value] of Object.entries(map)) {
    const field = fields[name];
    if (value === undefined) continue;
    if (field) checkField(checks, `${path}.${name}`, value, field, version);
    else if (isResolved(name)) {
      checks.fail(`${path}.${name}`, "set", `the installer of Gitpod ${version} does not know this field`);
    }
  }
  for (const [name, field] of Object.entries(fields)) {
    if (field.required && map[name] === undefined) {
      checks.fail(`${path}.${name}`, undefined, "the installer requires it");
    }
  }
}

function checkField(
  checks: SynthChecks,
  path: string,
  value: unknown,
  field: InstallerField,
  version: string,
): void {
  if (field.items) {
    if (!Array.isArray(value)) {
      if (isResolved(value)) checks.fail(path, value, "allowed is a list");
      return;
    }
    const { items } = field;
    // A list token has one member, which is no known text.
    value.forEach((each, index) => {
      checkField(checks, `${path}[${index}]`, each, items, version);
    });
    return;
  }
  if (field.fields) {
    if (isMap(value)) checkFields(checks, path, value, field.fields, version);
    else if (isResolved(value)) checks.fail(path, value, "allowed is a map");
    return;
  }
  const { members } = field;
  if (members) {
    if (isMap(value)) {
      for (const [name, each] of Object.entries(value)) {
        checkField(checks, `${path}.${name}`, each, members, version);
      }
    } else if (isResolved(value)) checks.fail(path, value, "allowed is a map");
    return;
  }
  if (!isResolved(value)) return;
  if ((field.required || field.requiredIfGiven) && (value === "" || value === null)) {
    checks.fail(path, value, "the installer requires it");
    return;
  }
  checkScalar(checks, path, value, field);
}

const TYPES: { readonly [type: string]: readonly [string, string] } = {
  text: ["string", "a text"],
  flag: ["boolean", "true or false"],
  number: ["number", "a whole number, 0 or more"],
};

function checkScalar(checks: SynthChecks, path: string, value: unknown, field: InstallerField): void {
  const text = String(value);
  if (field.type === "quantity") {
    if (!QUANTITY.test(text)) checks.fail(path, value, "allowed is a quantity such as 500m, 2 or 30Gi");
    return;
  }
  const [type, words] = TYPES[field.type ?? ""] ?? [];
  if (type !== undefined && (typeof value !== type || (type === "number" && !isCount(value)))) {
    checks.fail(path, value, `allowed is ${words}`);
    return;
  }
  if (field.oneOf && !field.oneOf.includes(text)) {
    checks.fail(path, value, `allowed ${field.oneOf.length > 1 ? "are" : "is"} ${field.oneOf.join(", ")}`);
  }
  if (field.startsWith && !text.startsWith(field.startsWith)) {
    checks.fail(path, value, `it must start with ${field.startsWith}`);
  }
  if (field.fqdn && !FQDN.test(text)) checks.fail(path, value, FQDN_RULE);
  if (field.url && !URL.canParse(text)) checks.fail(path, value, "allowed is a URL");
  if (field.duration && !GO_DURATION.test(text)) {
    checks.fail(path, value, "allowed is a duration such as 36h or 30m");
  }
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

// The installer does not look: with two databases it renders one and gives its pods another, and with none it crashes.
function checkModes(checks: SynthChecks, config: HelmValues): void {
  exclusive(checks, config, "database", ["external", "cloudSQL"]);
  exclusive(checks, config, "objectStorage", ["s3", "cloudStorage", "azure"]);
  const registry = config.containerRegistry;
  if (!isMap(registry)) return;
  if (registry.inCluster === false && registry.external === undefined) {
    checks.fail(
      "config.containerRegistry.external",
      undefined,
      "the installer requires it if inCluster is false",
    );
  }
  if (registry.inCluster === true && registry.external !== undefined) {
    checks.fail(
      "config.containerRegistry.external",
      "set",
      "inCluster is true; a registry is in the cluster or outside",
    );
  }
  if (registry.inCluster === false && registry.s3storage !== undefined) {
    checks.fail(
      "config.containerRegistry.s3storage",
      "set",
      "inCluster is false, and only the registry in the cluster has it",
    );
  }
  const region = valueAt(config, "metadata.region");
  if (region === "local" && valueAt(config, "objectStorage.inCluster") === false) {
    checks.fail(
      "config.metadata.region",
      region,
      "with a store outside the cluster it is the store's region",
    );
  }
}

function exclusive(checks: SynthChecks, config: HelmValues, name: string, outside: string[]): void {
  const section = config[name];
  if (!isMap(section) || !isResolved(section.inCluster)) return;
  const set = outside.filter((each) => section[each] !== undefined);
  // The installer's default.
  if (section.inCluster !== false) set.unshift("inCluster");
  if (set.length === 1) return;
  checks.fail(`config.${name}`, set, `exactly one of inCluster, ${outside.join(", ")} has to be set`);
}

function checkUsers(checks: SynthChecks, config: HelmValues): void {
  if (valueAt(config, "blockNewUsers.enabled") !== true) return;
  const list = valueAt(config, "blockNewUsers.passlist");
  const rule = "with enabled there must be at least one domain in it, and only fully qualified ones";
  if (!Array.isArray(list) || list.length === 0) {
    checks.fail("config.blockNewUsers.passlist", list, rule);
    return;
  }
  for (const each of list) {
    checks.check("config.blockNewUsers.passlist", each, () => FQDN.test(String(each)), rule);
  }
}

function checkDeprecated(checks: SynthChecks, config: HelmValues, version: string): void {
  for (const { path, replacedBy } of DEPRECATED_FIELDS[version] ?? []) {
    if (valueAt(config, path) === undefined) continue;
    if (replacedBy !== undefined && valueAt(config, replacedBy) !== undefined) {
      checks.fail(
        `config.${path}`,
        "set",
        `it is deprecated, and ${replacedBy} is set as well; leave this one out`,
      );
    } else {
      checks.warn(`config.${path} is deprecated${replacedBy ? `; use ${replacedBy}` : " and does nothing"}`);
    }
  }
}

function checkNoSecrets(checks: SynthChecks, path: string, value: unknown): void {
  if (Array.isArray(value)) {
    value.forEach((each, index) => {
      checkNoSecrets(checks, `${path}[${index}]`, each);
    });
  } else if (isMap(value)) {
    for (const [name, member] of Object.entries(value)) {
      if (SECRET_FIELD.test(name) && typeof member === "string" && member !== "") {
        checks.fail(
          `${path}.${name}`,
          "(not shown)",
          "a secret has no place here, since the output and a ConfigMap hold it",
        );
      }
      checkNoSecrets(checks, `${path}.${name}`, member);
    }
  }
}

/** The value at a dotted path. */
export function valueAt(map: HelmValues, path: string): unknown {
  return path.split(".").reduce<unknown>((value, key) => (isMap(value) ? value[key] : undefined), map);
}
