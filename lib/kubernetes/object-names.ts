// Kubernetes refuses invalid names only at apply, and a pod with an invalid volume name not even then: its ReplicaSet waits
// forever. So names are checked at synth. Source: kubernetes.io "Object Names and IDs" and "Secrets".

import type { SynthChecks } from "../database/private";

const LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
const SUBDOMAIN = /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/;
const DATA_KEY = /^(?!\.\.)(?!\.$)[A-Za-z0-9._-]{1,253}$/;
const ENVIRONMENT_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
const LABEL_LENGTH = 63;

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
