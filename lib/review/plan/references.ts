// The graph of a plan's configuration: which resource names which. Names and references only, no values.

import { isMembers, items, type Members, member, members, textOf } from "./values";

/** Bound of the time that a plan of thousands of dependents takes. */
const MOST_DEPENDENTS = 500;
const MOST_APPLICATIONS = 20;
const APPLICATIONS = /^(helm_release|kubernetes_(deployment|stateful_set|daemon_set|cron_job|job)(_v1)?)$/;

const NONE: readonly string[] = [];

/** Resources of the configuration by address, without instance keys. */
export class Configuration {
  private readonly expressions = new Map<string, Members>();
  private readonly references = new Map<string, readonly string[]>();
  private readonly users = new Map<string, Set<string>>();
  private readonly applications = new Map<string, readonly string[]>();
  private readonly isApplication = new Set<string>();

  public constructor(configuration: unknown) {
    this.read(member(configuration, "root_module"), "");
    for (const [address, references] of this.references) {
      for (const reference of references) {
        const used = this.resourceOf(reference);
        if (used !== undefined && used !== address) add(this.users, used, address);
      }
    }
  }

  /** The arguments that a resource sets; `undefined` for one that is no longer in the program. */
  public argumentsOf(address: string): Members | undefined {
    return this.expressions.get(plainAddress(address));
  }

  /** References of a resource, such as `aws_db_instance.a.address`. */
  public referencesOf(address: string): readonly string[] {
    return this.references.get(plainAddress(address)) ?? [];
  }

  /** Resources that name this one. */
  public usersOf(address: string): readonly string[] {
    return [...(this.users.get(plainAddress(address)) ?? [])];
  }

  /** Resources that this one names. */
  public usedBy(address: string): readonly string[] {
    const plain = plainAddress(address);
    const used = this.referencesOf(plain).map((reference) => this.resourceOf(reference));
    return [...new Set(used)].filter((each): each is string => each !== undefined && each !== plain);
  }

  /** Resources that name this one, directly or through others, nearest first; at most `MOST_DEPENDENTS` are looked at. */
  public *dependentsOf(address: string): Generator<string> {
    const start = plainAddress(address);
    const seen = new Set([start]);
    for (const each of seen) {
      if (each !== start) yield each;
      for (const user of this.users.get(each) ?? []) if (seen.size <= MOST_DEPENDENTS) seen.add(user);
    }
  }

  /** Applications that depend on a resource: Helm releases, workloads and jobs, at most 20. */
  public applicationsOf(address: string): readonly string[] {
    const plain = plainAddress(address);
    if (!this.users.has(plain)) return NONE;
    const known = this.applications.get(plain);
    if (known) return known;
    const found: string[] = [];
    for (const each of this.dependentsOf(plain)) {
      if (this.isApplication.has(each) && found.push(each) === MOST_APPLICATIONS) break;
    }
    this.applications.set(plain, found);
    return found;
  }

  private read(module: unknown, prefix: string): void {
    for (const resource of items(member(module, "resources"))) {
      const address = textOf(member(resource, "address"));
      if (address === undefined) continue;
      const expressions = members(member(resource, "expressions"));
      const names: string[] = [];
      addReferences(expressions, names, prefix);
      for (const each of items(member(resource, "depends_on"))) {
        if (typeof each === "string") names.push(prefix + each);
      }
      this.expressions.set(prefix + address, expressions);
      if (APPLICATIONS.test(typeOf(prefix + address))) this.isApplication.add(prefix + address);
      this.references.set(prefix + address, names.length > 1 ? [...new Set(names)] : names);
    }
    for (const [name, call] of Object.entries(members(member(module, "module_calls")))) {
      this.read(member(call, "module"), `${prefix}module.${name}.`);
    }
  }

  /** The address of the resource that a reference names; data sources and variables are no resources of the plan. */
  private resourceOf(reference: string): string | undefined {
    const module = moduleOf(reference);
    const [type, name = ""] = reference.slice(module.length).split(".", 2);
    const key = name.indexOf("[");
    const address = `${module}${type}.${key < 0 ? name : name.slice(0, key)}`;
    return this.references.has(address) ? address : undefined;
  }
}

/** An address without instance keys. Keys in quotes may have dots and brackets. */
export function plainAddress(address: string): string {
  return address.includes("[") ? withoutKeys(address) : address;
}

function withoutKeys(address: string): string {
  return address.replace(/\[(?:\d+|"(?:[^"\\]|\\.)*")\]/g, "");
}

/** The resource type in an address. */
export function typeOf(address: string): string {
  const start = moduleOf(address).length;
  const end = address.indexOf(".", start);
  return end < 0 ? address.slice(start) : address.slice(start, end);
}

/** The modules in an address: `module.a.module.b.`. */
function moduleOf(address: string): string {
  return address.startsWith("module.") ? (/^(?:module\.[^.]+\.)*/.exec(address)?.[0] ?? "") : "";
}

function addReferences(expression: unknown, found: string[], prefix: string): void {
  if (Array.isArray(expression)) {
    for (const each of expression) addReferences(each, found, prefix);
  } else if (isMembers(expression)) {
    for (const name of Object.keys(expression)) {
      if (name === "constant_value") continue;
      const value = expression[name];
      if (name === "references" && Array.isArray(value) && value.every((each) => typeof each === "string")) {
        for (const each of value) found.push(prefix + each);
      } else if (typeof value === "object") addReferences(value, found, prefix);
    }
  }
}

function add(map: Map<string, Set<string>>, key: string, value: string): void {
  const values = map.get(key);
  if (values) values.add(value);
  else map.set(key, new Set([value]));
}
