// Merges Helm values of several sources and renders them for Terraform.
//
// Values known at synth are rendered as plain YAML, so that a reviewer reads them in cdk.tf.json and in every plan. One token in
// that document could turn all of it into "known after apply", so each value with a token gets a separate document: a plan then
// shows the values that it knows. Helm merges maps over several documents but replaces lists, so a list with a token anywhere in
// it is rendered as a whole.

import { Token } from "cdktf";
import { isResolved, terraformCall } from "../database/private";
import { yamlText } from "./yaml-text";

/** Values of a Helm chart. @see https://helm.sh/docs/chart_template_guide/values_files/ */
export type HelmValues = { readonly [key: string]: unknown };

/**
 * Values merged as Helm merges them: maps key by key, all other values (lists too) replaced by the later one. `undefined` is left
 * out; `null` is kept, since it removes a default of the chart.
 */
export function mergeValues(...layers: (HelmValues | undefined)[]): HelmValues {
  return layers.reduce<HelmValues>((merged, layer) => mergeTwo(merged, layer ?? {}), {});
}

function mergeTwo(base: HelmValues, over: HelmValues): HelmValues {
  const merged: { [key: string]: unknown } = { ...base };
  for (const [key, value] of Object.entries(over)) {
    if (value === undefined) continue;
    const before = merged[key];
    merged[key] = isMap(value) ? mergeTwo(isMap(before) ? before : {}, value) : value;
  }
  return merged;
}

/** The dotted paths at which `values` and `required` set different values. */
export function conflicts(values: HelmValues, required: HelmValues, prefix = ""): string[] {
  return Object.entries(required).flatMap(([key, own]) => {
    if (own === undefined || values[key] === undefined) return [];
    const path = `${prefix}${key}`;
    const theirs = values[key];
    if (isMap(own)) return isMap(theirs) ? conflicts(theirs, own, `${path}.`) : [path];
    return same(own, theirs) ? [] : [path];
  });
}

/** The documents for `helm_release.values`: first the values known at synth, then one document for each value with a token. */
export function valueDocuments(values: HelmValues): string[] {
  const { known, late } = split(values);
  const first = Object.keys(known).length > 0 ? [yamlText(known)] : [];
  // JSON is a subset of YAML. Terraform declares the format of yamlencode() experimental.
  return [...first, ...late.map((document) => terraformCall("jsonencode", document))];
}

function split(values: HelmValues): { known: HelmValues; late: HelmValues[] } {
  const known: { [key: string]: unknown } = {};
  const late: HelmValues[] = [];
  for (const [key, value] of Object.entries(values)) {
    if (isResolved(value) && isResolved(key)) {
      known[key] = value;
    } else if (isMap(value)) {
      const parts = split(value);
      if (Object.keys(parts.known).length > 0) known[key] = parts.known;
      late.push(...parts.late.map((part) => ({ [key]: part })));
    } else {
      late.push({ [key]: value });
    }
  }
  return { known, late };
}

/** True if a value is a map with resolved keys. A map token is an object too, with a token as its only key. */
export function isMap(value: unknown): value is HelmValues {
  return (
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    !Token.isUnresolved(value) &&
    Object.keys(value).every((key) => !Token.isUnresolved(key))
  );
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
