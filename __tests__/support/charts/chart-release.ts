/** The Helm releases of a plan: which chart, where, with which values. */
import { parse } from "yaml";
import { mergeValues } from "../../../lib/kubernetes/private";
import type { Json } from "../synth";
import { type Attributes, type PlanJson, planned } from "../terraform/plan";

export interface ChartRelease {
  readonly address: string;
  readonly name: string;
  readonly namespace: string;
  readonly chart: string;
  readonly repository: string;
  readonly version: string;
  /** The YAML documents, as the provider hands them to Helm. */
  readonly values: readonly string[];
  /** The resource's other attributes, such as `atomic`. */
  readonly options: Attributes;
}

/** @param plan one in which all values are known */
export function chartReleases(plan: PlanJson): ChartRelease[] {
  return planned(plan, "helm_release").map(({ address, change }) => {
    const after = change.after ?? {};
    return {
      address,
      name: String(after.name),
      namespace: String(after.namespace),
      chart: String(after.chart),
      repository: String(after.repository),
      version: String(after.version),
      values: (after.values as string[]) ?? [],
      options: after,
    };
  });
}

/** The values of a release, merged as Helm merges them. */
export function mergedValues({ values }: ChartRelease): Json {
  return mergeValues(...values.map((text) => parse(text) as Json)) as Json;
}
