/** The objects that a chart renders, and the pods in them. */
import { parseAllDocuments } from "yaml";
import type { Json } from "../synth";

export interface RenderedObject {
  readonly kind: string;
  readonly name: string;
  readonly namespace: string;
  readonly object: Json;
}

/** A pod template, with the object that makes pods of it. */
export interface Pod {
  /** Such as `Deployment/gitlab-toolbox`. */
  readonly owner: string;
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly spec: Json;
}

/** @returns the objects, lists taken apart. Namespaced objects without a namespace are in that of the release. */
export function renderedObjects(text: string, namespace: string): RenderedObject[] {
  return parseAllDocuments(text)
    .map((document) => {
      if (document.errors.length > 0) throw new Error(`not YAML: ${document.errors[0]?.message}`);
      return document.toJS() as Json;
    })
    .filter((object) => object?.kind !== undefined)
    .flatMap((object) => (object.kind === "List" ? object.items : [object]) as Json[])
    .map((object) => ({
      kind: String(object.kind),
      name: String(object.metadata?.name),
      namespace: String(object.metadata?.namespace ?? namespace),
      object,
    }));
}

/** The pods of all objects: workloads, jobs, cron jobs, and pods themselves. */
export function podsOf(objects: readonly RenderedObject[]): Pod[] {
  return objects.flatMap(({ kind, name, namespace, object }) => {
    const template =
      kind === "Pod"
        ? object
        : kind === "CronJob"
          ? object.spec.jobTemplate.spec.template
          : object.spec?.template;
    if (template?.spec?.containers === undefined) return [];
    return [
      {
        owner: `${kind}/${name}`,
        namespace,
        labels: template.metadata?.labels ?? {},
        spec: template.spec as Json,
      },
    ];
  });
}

/** All containers of a pod, those that run first included. */
export function containersOf({ spec }: Pod): Json[] {
  return [...(spec.initContainers ?? []), ...(spec.containers ?? [])];
}
