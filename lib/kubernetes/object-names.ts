// Kubernetes takes wrong names only at apply, and a pod whose volume has a wrong name not even then: the ReplicaSet
// waits for ever. So names are judged at synth. Source: kubernetes.io "Object Names and IDs" and "Secrets".

import type { SynthChecks } from "../database/private";

const LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
const SUBDOMAIN = /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/;
const DATA_KEY = /^(?!\.\.)(?!\.$)[A-Za-z0-9._-]{1,253}$/;
const ENVIRONMENT_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
const LABEL_LENGTH = 63;

/** Reports a name that is no RFC 1123 label: namespaces, service names, container and volume names. */
export function checkLabelName(checks: SynthChecks, property: string, name: string | undefined): void {
  checks.matches(
    property,
    name,
    LABEL,
    "allowed are 1 to 63 lower-case letters, digits and hyphens, with no hyphen first or last",
  );
}

/** Reports a name that is no RFC 1123 subdomain: secrets, config maps, service accounts. */
export function checkObjectName(checks: SynthChecks, property: string, name: string | undefined): void {
  checks.matches(
    property,
    name,
    SUBDOMAIN,
    "allowed are 1 to 253 lower-case letters, digits, hyphens and dots, with a letter or digit at both ends of each part",
  );
}

/**
 * Reports the name of a secret that a chart also uses for a volume, `prefix` and name together: stricter than a secret's
 * own rule, since dots are not allowed and the whole has 63 characters.
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
    `the chart names a volume ${prefix ? `${prefix}<name>` : "after it"}, so allowed are 1 to ${most} lower-case letters, ` +
      `digits and hyphens, without dots${prefix ? " and with no hyphen last" : " and with no hyphen first or last"}`,
  );
}

/** Reports a key that a secret or config map cannot have. */
export function checkDataKey(checks: SynthChecks, property: string, key: string | undefined): void {
  checks.matches(
    property,
    key,
    DATA_KEY,
    "allowed are 1 to 253 letters, digits, hyphens, underscores and dots",
  );
}

/** Reports a name that a shell cannot use for an environment variable. */
export function checkEnvironmentName(checks: SynthChecks, property: string, name: string | undefined): void {
  checks.matches(
    property,
    name,
    ENVIRONMENT_NAME,
    "allowed are letters, digits and underscores, with no digit first",
  );
}
