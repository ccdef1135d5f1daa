// Kubernetes refuses invalid names only at apply, and a pod with an invalid volume name not even then: its ReplicaSet waits
// forever. So names are checked at synth. Source: kubernetes.io "Object Names and IDs" and "Secrets".

import type { SynthChecks } from "../database/private";

const LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
const SUBDOMAIN = /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/;
const DATA_KEY = /^(?!\.\.)(?!\.$)[A-Za-z0-9._-]{1,253}$/;
const ENVIRONMENT_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
const LABEL_LENGTH = 63;
// IsQualifiedName and IsValidLabelValue of k8s.io/apimachinery, which validate labels and node selectors of every object.
const QUALIFIED = /^[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?$/;
const LABEL_VALUE = /^([A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?)?$/;
const QUANTITY = /^(?=[0.]*[1-9])(\d+\.?\d*|\.\d+)([munkMGTPE]|[KMGTPE]i|[eE][+-]?\d+)?$/;

/** Reports a name that is not an RFC 1123 label: namespaces, Services, containers and volumes. */
export function checkLabelName(checks: SynthChecks, property: string, name: string | undefined): void {
  checks.matches(
    property,
    name,
    LABEL,
    "must be 1 to 63 lower-case letters, digits and hyphens, with no hyphen first or last",
  );
}

/** Reports a name that is not an RFC 1123 subdomain: Secrets, ConfigMaps, service accounts. */
export function checkObjectName(checks: SynthChecks, property: string, name: string | undefined): void {
  checks.matches(
    property,
    name,
    SUBDOMAIN,
    "must be 1 to 253 lower-case letters, digits, hyphens and dots, with a letter or digit at both ends of each part",
  );
}

/**
 * Reports the name of a Secret that a chart also uses as a volume name, with `prefix` in front. Volume names are stricter than
 * Secret names: no dots, and at most 63 characters with the prefix.
 */
export function checkVolumeSecretName(
  checks: SynthChecks,
  property: string,
  name: string | undefined,
  prefix = "",
): void {
  const most = LABEL_LENGTH - prefix.length;
  checks.check(
    property,
    name,
    () => LABEL.test(`${prefix}${name}`),
    `must be 1 to ${most} lower-case letters, digits and hyphens, without dots and with no hyphen ${prefix ? "last" : "first or last"}: the chart names a volume ${prefix ? `${prefix}<name>` : "after it"}`,
  );
}

/** Reports a key that a Secret or ConfigMap cannot have. */
export function checkDataKey(checks: SynthChecks, property: string, key: string | undefined): void {
  checks.matches(property, key, DATA_KEY, "must be 1 to 253 letters, digits, hyphens, underscores and dots");
}

/** Reports a name that a shell cannot use for an environment variable. */
export function checkEnvironmentName(checks: SynthChecks, property: string, name: string | undefined): void {
  checks.matches(
    property,
    name,
    ENVIRONMENT_NAME,
    "must be letters, digits and underscores, with no digit first",
  );
}

/**
 * Reports labels, or a node selector, that the API server refuses. Programs without types hand over numbers and booleans, such as `true`
 * for `"true"`, which it refuses too.
 *
 * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set
 */
export function checkLabels(
  checks: SynthChecks,
  property: string,
  labels: { readonly [name: string]: string } | undefined,
): void {
  checks.check(
    property,
    labels,
    () => typeof labels === "object" && !Array.isArray(labels),
    "must be names and values, such as { pool: jobs }",
  );
  if (labels === undefined || labels === null || typeof labels !== "object" || Array.isArray(labels)) return;
  for (const [name, value] of Object.entries(labels)) {
    checks.check(
      property,
      name,
      () => isLabelKey(name),
      "must have names of 1 to 63 letters, digits, hyphens, underscores and dots, with a letter or digit at both ends, behind an optional DNS name and a slash, such as example.com/pool",
    );
    checks.check(
      property,
      value,
      () => typeof value === "string" && LABEL_VALUE.test(value),
      "must have values of at most 63 letters, digits, hyphens, underscores and dots, as texts, with a letter or digit at both ends",
    );
  }
}

function isLabelKey(name: string): boolean {
  const parts = name.split("/");
  const last = parts.pop() as string;
  return (
    QUALIFIED.test(last) && (parts.length === 0 || (parts.length === 1 && SUBDOMAIN.test(parts[0] as string)))
  );
}

/**
 * Reports a storage class that no claim gets a volume from: `""` disables dynamic provisioning, so that the claim waits for a volume made
 * by hand, and its pod with it.
 *
 * @see https://kubernetes.io/docs/concepts/storage/persistent-volumes/#class-1
 */
export function checkStorageClassName(checks: SynthChecks, property: string, name: string | undefined): void {
  checks.check(
    property,
    name,
    () => name !== "",
    "must be the name of a storage class, since no class means no dynamic provisioning and the pod would wait for ever; leave it out for the cluster's default class",
  );
  if (name !== "") checkObjectName(checks, property, name);
}

/**
 * Reports a quantity of CPU or memory that Kubernetes does not read, or that is zero.
 *
 * @see https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
 */
export function checkQuantity(checks: SynthChecks, property: string, quantity: string | undefined): void {
  checks.check(
    property,
    quantity,
    () => QUANTITY.test(String(quantity)),
    'must be a quantity of Kubernetes above zero, such as "500m", "2" or "512Mi"',
  );
}
