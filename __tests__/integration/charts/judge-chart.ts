/** What a chart makes of a stack's values, judged as a whole. */

import type { TerraformTools } from "../../../tools/machine/terraform";
import { type ChartRelease, chartReleases } from "../../support/charts/chart-release";
import type { ChartFile } from "../../support/charts/chart-source";
import { generatedSecrets } from "../../support/charts/generated-secrets";
import type { Helm } from "../../support/charts/helm";
import {
  duplicates,
  type Identity,
  missing,
  repeatedNames,
  withoutIdentity,
} from "../../support/charts/object-checks";
import { type Pod, podsOf, renderedObjects } from "../../support/charts/rendered";
import { manifests } from "../../support/kubernetes/manifests";
import { holders } from "../../support/kubernetes/secret-references";
import { plansOf } from "../../support/terraform/plans";
import type { SynthesizedStack } from "../../support/terraform/stacks";

/** A stack and what its pods need. */
export interface Variation {
  readonly name: string;
  readonly build: () => SynthesizedStack;
  /** The identity that a pod of the chart needs. @default - none */
  readonly needs?: (pod: Pod) => Identity | undefined;
}

/** A variation whose every value is known, with the objects that the stack itself makes. */
export interface Settled {
  readonly variation: Variation;
  readonly stack: SynthesizedStack;
  readonly releases: readonly ChartRelease[];
  readonly objects: ReturnType<typeof manifests>;
  readonly held: ReturnType<typeof holders>;
}

export async function settled(terraform: TerraformTools, variation: Variation): Promise<Settled> {
  const stack = variation.build();
  const plans = plansOf(terraform, stack);
  return {
    variation,
    stack,
    releases: chartReleases(plans.settled),
    objects: manifests(stack.json, plans.settled),
    held: holders(stack.json, plans.settled),
  };
}

/** Faults by kind; all lists are empty for a release that can be installed and whose pods can start. */
export interface Faults {
  readonly duplicates: readonly string[];
  readonly repeatedNames: readonly string[];
  readonly missing: readonly string[];
  readonly withoutIdentity: readonly string[];
}

export const NO_FAULTS: Faults = { duplicates: [], repeatedNames: [], missing: [], withoutIdentity: [] };

export async function judgeRelease(
  helm: Helm,
  { path }: ChartFile,
  release: ChartRelease,
  { variation, objects, held }: Settled,
): Promise<Faults> {
  const rendered = renderedObjects(await helm.template(release, path), release.namespace);
  const others = objects.map(({ body, namespace }) => {
    const metadata = body.metadata as { name: string; annotations?: Record<string, string> };
    return {
      kind: body.kind,
      namespace: namespace ?? "",
      name: metadata.name,
      annotations: Object.keys(metadata.annotations ?? {}),
    };
  });
  const { needs } = variation;
  if (needs && !podsOf(rendered).some((pod) => needs(pod) !== undefined)) {
    throw new Error(`${variation.name}: no pod of the chart is one that needs an identity`);
  }
  // Secrets and config maps have their keys beside the plan.
  const named = others.filter(({ kind }) => kind !== "Secret" && kind !== "ConfigMap");
  return {
    duplicates: duplicates(rendered, others),
    repeatedNames: repeatedNames(rendered),
    missing: missing(rendered, [...named, ...held, ...generatedSecrets(rendered)]),
    withoutIdentity: withoutIdentity(
      rendered,
      others.filter(({ kind }) => kind === "ServiceAccount"),
      needs ?? (() => undefined),
    ),
  };
}
