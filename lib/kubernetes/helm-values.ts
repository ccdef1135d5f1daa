// Helm values: how several sources of them become one, and how that one reaches Terraform.
//
// What is known at synth is written as plain YAML, so that a reviewer reads it in cdk.tf.json and in every plan. One token
// in that text could turn all of it into "known after apply". So every value that only Terraform knows gets a document of
// its own: what a plan knows shows, whatever else has to wait for the apply. Helm merges maps over several documents but
// replaces lists, so a list with a token anywhere in it moves as a whole.

import { Token } from "cdktf";
import { stringify } from "yaml";
import { isResolved, terraformCall } from "../database/private";

/** Values of a chart by their keys. */
export type HelmValues = { readonly [key: string]: unknown };

/**
 * Values merged the way Helm does: maps key by key, everything else (lists too) replaced by the later one. `undefined`
 * is left out; `null` is kept, since by it a user takes away a chart's default.
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

/** The dotted paths at which `values` sets what `required` also sets, and to something else. */
export function conflicts(values: HelmValues, required: HelmValues, prefix = ""): string[] {
  return Object.entries(required).flatMap(([key, own]) => {
    if (own === undefined || values[key] === undefined) return [];
    const path = `${prefix}${key}`;
    const theirs = values[key];
    if (isMap(own)) return isMap(theirs) ? conflicts(theirs, own, `${path}.`) : [path];
    return same(own, theirs) ? [] : [path];
  });
}

/** The documents for `helm_release.values`: first what is known at synth, then one for each value that only Terraform knows. */
export function valueDocuments(values: HelmValues): string[] {
  const { known, late } = split(values);
  const first =
    Object.keys(known).length > 0 ? [stringify(known, { lineWidth: 0, aliasDuplicateObjects: false })] : [];
  // JSON is YAML. yamlencode() would do as well, but Terraform calls its format experimental.
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

/** Whether a value is a map whose keys are known: a map token is an object too, with one odd key. */
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
