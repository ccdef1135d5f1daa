/** Which keys of which Secrets and ConfigMaps a plan makes, and which ones its pods and charts name. */
import { parse } from "yaml";
import type { Attributes, PlanJson, ResourceChange } from "../terraform/plan";
import { planned } from "../terraform/plan";
import type { StackJson } from "../terraform/stacks";

export type Kind = "Secret" | "ConfigMap";

/** Something that holds keys. */
export interface Holder {
  readonly kind: Kind;
  readonly namespace: string;
  readonly name: string;
  /** Undefined where the keys are only known to Terraform. */
  readonly keys: readonly string[] | undefined;
}

export interface Reference {
  /** The address of the resource that names it. */
  readonly from: string;
  readonly kind: Kind;
  readonly namespace: string;
  readonly name: string;
  /** Undefined where all keys are meant, as by a volume. */
  readonly key?: string;
}

const HOLDERS: Record<string, Kind> = {
  kubernetes_secret: "Secret",
  kubernetes_secret_v1: "Secret",
  kubernetes_config_map: "ConfigMap",
  kubernetes_config_map_v1: "ConfigMap",
};

/** Write-only data is in no plan, so their keys are read in the stack itself. */
export function holders(stack: StackJson, plan: PlanJson): Holder[] {
  return planned(plan)
    .filter(({ type }) => type in HOLDERS)
    .map(({ type, name, change }) => {
      const source = stack.resource?.[type]?.[name] ?? {};
      const maps = ["data", "data_wo", "binary_data", "binary_data_wo"].map((each) => source[each]);
      const readable = maps.every((map) => map === undefined || typeof map === "object");
      return {
        kind: HOLDERS[type] as Kind,
        ...identity(change.after ?? {}),
        keys: readable ? maps.flatMap((map) => Object.keys(map ?? {})) : undefined,
      };
    });
}

/** Every reference of the plan: in the pods that it makes itself, and in the values of its charts. */
export function references(plan: PlanJson): Reference[] {
  return planned(plan).flatMap((resource) => {
    const after = resource.change.after ?? {};
    if (resource.type === "helm_release") {
      const values = Array.isArray(after.values) ? after.values : [];
      return values.flatMap((text) => walk(resource, String(after.namespace), parse(String(text))));
    }
    if (resource.type === "kubernetes_manifest") {
      const manifest = (after.manifest ?? {}) as { metadata?: { namespace?: string } };
      return walk(resource, manifest.metadata?.namespace ?? "default", manifest);
    }
    return resource.type.startsWith("kubernetes_") ? walk(resource, identity(after).namespace, after) : [];
  });
}

function identity(attributes: Attributes): { namespace: string; name: string } {
  const [metadata] = (attributes.metadata ?? []) as { namespace?: string; name?: string }[];
  return { namespace: metadata?.namespace ?? "default", name: metadata?.name ?? "" };
}

type Found = Pick<Reference, "kind" | "name" | "key">;

/** Visits every object; names are those of Kubernetes, in its own spelling and in that of the provider. */
function walk(resource: ResourceChange, namespace: string, node: unknown): Reference[] {
  if (Array.isArray(node)) {
    return node.flatMap((each) => walk(resource, namespace, each));
  }
  if (typeof node !== "object" || node === null) {
    return [];
  }
  return Object.entries(node).flatMap(([property, value]) => [
    ...read(property, value).map((found) => ({ from: resource.address, namespace, ...found })),
    ...walk(resource, namespace, value),
  ]);
}

function read(property: string, value: unknown): Found[] {
  const objects = (Array.isArray(value) ? value : [value]).filter(
    (each) => typeof each === "object" && each !== null,
  );
  const needed = (objects as Attributes[]).filter((each) => each.optional !== true);
  const gitlab = needed.flatMap((each) => gitlabs(property, each));
  if (gitlab.length > 0) {
    return gitlab;
  }
  switch (property) {
    case "secretKeyRef":
    case "secret_key_ref":
      return needed.map(({ name, key }) => ({ kind: "Secret", name: String(name), key: String(key) }));
    case "configMapKeyRef":
    case "config_map_key_ref":
      return needed.map(({ name, key }) => ({ kind: "ConfigMap", name: String(name), key: String(key) }));
    case "secretRef":
    case "secret_ref":
      return needed.map(({ name }) => ({ kind: "Secret", name: String(name) }));
    case "configMapRef":
    case "config_map_ref":
      return needed.map(({ name }) => ({ kind: "ConfigMap", name: String(name) }));
    case "secret":
      return needed.flatMap((volume) =>
        // The last is that of a projected volume's part.
        mounted("Secret", volume.secretName ?? volume.secret_name ?? volume.name, volume.items),
      );
    case "configMap":
    case "config_map":
      return needed.flatMap((volume) => mounted("ConfigMap", volume.name, volume.items));
    // Coder's chart: lists of files, and lists of names.
    case "secrets":
      return needed
        .filter(({ name, key }) => typeof name === "string" && typeof key === "string")
        .map(({ name, key }) => ({ kind: "Secret", name: String(name), key: String(key) }));
    case "secretNames":
      return (Array.isArray(value) ? value : []).map((name) => ({ kind: "Secret", name: String(name) }));
    // Coder's first chart reads the key `password` of it.
    case "passwordSecret":
      return typeof value === "string" && value !== ""
        ? [{ kind: "Secret", name: value, key: "password" }]
        : [];
    default:
      return [];
  }
}

/** The words in which GitLab's chart is told the key of a secret, beside `key` and `keys`. */
const GITLAB_KEYS = ["key", "extraKey", "serverCA", "clientCertificate", "clientKey"];

/** GitLab's chart: a secret's name as a text, and its keys beside it. */
function gitlabs(property: string, { secret, ...rest }: Attributes): Found[] {
  if (typeof secret !== "string" || secret === "") {
    return [];
  }
  const keys = [
    ...GITLAB_KEYS.map((name) => rest[name]),
    ...(Array.isArray(rest.keys) ? rest.keys : []),
    // This one has a fixed key.
    ...(property === "railsSecrets" ? ["secrets.yml"] : []),
  ].filter((key) => typeof key === "string");
  return keys.length === 0
    ? [{ kind: "Secret", name: secret }]
    : keys.map((key) => ({ kind: "Secret", name: secret, key }));
}

/** A volume of a Secret or ConfigMap: all of its keys, or those in its list. */
function mounted(kind: Kind, name: unknown, items: unknown): Found[] {
  if (typeof name !== "string") {
    return [];
  }
  const keys = (Array.isArray(items) ? items : []) as { key: string }[];
  return keys.length === 0 ? [{ kind, name }] : keys.map(({ key }) => ({ kind, name, key }));
}
