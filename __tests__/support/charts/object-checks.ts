/** What must be true of the objects that a chart renders beside those of a stack. Each check returns the faults that it finds. */
import { containersOf, type Pod, podsOf, type RenderedObject } from "./rendered";

export interface ObjectName {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

/** Objects that two of chart and stack create: Helm refuses to install one that exists. */
export function duplicates(chart: readonly ObjectName[], stack: readonly ObjectName[]): string[] {
  const seen = new Set<string>();
  return [...chart, ...stack].flatMap(({ kind, namespace, name }) => {
    const id = `${kind} ${namespace}/${name}`;
    if (seen.has(id)) return [id];
    seen.add(id);
    return [];
  });
}

/** Names that two environment variables, volumes, mounts or containers of one pod have. */
export function repeatedNames(objects: readonly RenderedObject[]): string[] {
  return podsOf(objects).flatMap((pod) => {
    const containers = containersOf(pod);
    return [
      ...repeated(pod.spec.volumes, "name").map((name) => `${pod.owner}: volume ${name}`),
      ...repeated(containers, "name").map((name) => `${pod.owner}: container ${name}`),
      ...containers.flatMap((container) => [
        ...repeated(container.env, "name").map((name) => `${pod.owner} ${container.name}: variable ${name}`),
        ...repeated(container.volumeMounts, "mountPath").map(
          (path) => `${pod.owner} ${container.name}: mount ${path}`,
        ),
      ]),
    ];
  });
}

function repeated(list: readonly { readonly [key: string]: unknown }[] | undefined, key: string): string[] {
  const names = (list ?? []).map((each) => String(each[key]));
  return [...new Set(names.filter((name, index) => names.indexOf(name) !== index))];
}

interface Named {
  readonly kind: "Secret" | "ConfigMap" | "ServiceAccount" | "PersistentVolumeClaim";
  readonly name: string;
  /** Undefined: the object alone is needed. */
  readonly key?: string;
}

/** What a pod names and cannot start without. */
export function neededBy(pod: Pod): Named[] {
  const { spec } = pod;
  const found: Named[] = [];
  const add = (kind: Named["kind"], name: unknown, optional: unknown, key?: unknown) => {
    if (typeof name === "string" && optional !== true) {
      found.push({ kind, name, key: key === undefined ? undefined : String(key) });
    }
  };
  const files = (
    kind: Named["kind"],
    name: unknown,
    source: { optional?: unknown; items?: { key: string }[] },
  ) => {
    if (!source.items?.length) add(kind, name, source.optional);
    for (const { key } of source.items ?? []) add(kind, name, source.optional, key);
  };
  for (const volume of spec.volumes ?? []) {
    if (volume.secret) files("Secret", volume.secret.secretName, volume.secret);
    if (volume.configMap) files("ConfigMap", volume.configMap.name, volume.configMap);
    add("PersistentVolumeClaim", volume.persistentVolumeClaim?.claimName, false);
    for (const source of volume.projected?.sources ?? []) {
      if (source.secret) files("Secret", source.secret.name, source.secret);
      if (source.configMap) files("ConfigMap", source.configMap.name, source.configMap);
    }
  }
  for (const container of containersOf(pod)) {
    for (const { valueFrom } of container.env ?? []) {
      const { secretKeyRef: secret, configMapKeyRef: map } = valueFrom ?? {};
      add("Secret", secret?.name, secret?.optional, secret?.key);
      add("ConfigMap", map?.name, map?.optional, map?.key);
    }
    for (const { secretRef, configMapRef } of container.envFrom ?? []) {
      add("Secret", secretRef?.name, secretRef?.optional);
      add("ConfigMap", configMapRef?.name, configMapRef?.optional);
    }
  }
  for (const { name } of spec.imagePullSecrets ?? []) add("Secret", name, false);
  if (spec.serviceAccountName !== "default") add("ServiceAccount", spec.serviceAccountName, false);
  return found;
}

/**
 * Secrets, config maps, accounts and claims that a pod names and that neither chart nor stack has.
 *
 * @param others what is there beside the rendered objects: what the stack makes, what a job of the chart makes
 */
export function missing(
  objects: readonly RenderedObject[],
  others: readonly (ObjectName & { readonly keys?: readonly string[] })[],
): string[] {
  const there = [...objects.map((each) => ({ ...each, keys: keysOf(each) })), ...others];
  return podsOf(objects).flatMap((pod) =>
    neededBy(pod).flatMap(({ kind, name, key }) => {
      const candidates = there.filter(
        (each) => each.kind === kind && each.name === name && each.namespace === pod.namespace,
      );
      if (candidates.some(({ keys }) => key === undefined || keys === undefined || keys.includes(key)))
        return [];
      return [`${pod.owner}: ${kind} ${name}${key === undefined ? "" : `, key ${key}`}`];
    }),
  );
}

function keysOf({ kind, object }: RenderedObject): string[] | undefined {
  if (kind !== "Secret" && kind !== "ConfigMap") return undefined;
  return [object.data, object.stringData, object.binaryData].flatMap((map) => Object.keys(map ?? {}));
}

/** What a cloud's identity needs on a pod. */
export interface Identity {
  readonly serviceAccountName: string;
  /** Keys of annotations of the account, such as `eks.amazonaws.com/role-arn`. */
  readonly annotations: readonly string[];
  readonly podLabels: Readonly<Record<string, string>>;
}

export interface Account {
  readonly namespace: string;
  readonly name: string;
  readonly annotations: readonly string[];
}

/** The service accounts among rendered objects. */
export const accountsOf = (objects: readonly RenderedObject[]): Account[] =>
  objects
    .filter(({ kind }) => kind === "ServiceAccount")
    .map(({ namespace, name, object }) => ({
      namespace,
      name,
      annotations: Object.keys(object.metadata.annotations ?? {}),
    }));

/**
 * Pods that need an identity and lack its account, an annotation of the account, or a label.
 *
 * @param accounts those of the stack; those of the chart are looked for here
 * @param needs the identity that a pod needs, if it needs one
 */
export function withoutIdentity(
  objects: readonly RenderedObject[],
  accounts: readonly Account[],
  needs: (pod: Pod) => Identity | undefined,
): string[] {
  const all = [...accountsOf(objects), ...accounts];
  return podsOf(objects).flatMap((pod) => {
    const identity = needs(pod);
    if (!identity) return [];
    const name = pod.spec.serviceAccountName ?? "default";
    if (name !== identity.serviceAccountName) {
      return [`${pod.owner}: account ${name} instead of ${identity.serviceAccountName}`];
    }
    const account = all.find((each) => each.name === name && each.namespace === pod.namespace);
    return [
      ...identity.annotations
        .filter((each) => !account?.annotations.includes(each))
        .map((each) => `${pod.owner}: account ${name} without ${each}`),
      ...Object.entries(identity.podLabels)
        .filter(([label, value]) => pod.labels[label] !== value)
        .map(([label]) => `${pod.owner}: no label ${label}`),
    ];
  });
}
