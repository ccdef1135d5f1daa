import type { SynthChecks } from "../../database/private";

/** A DNS label, as Kubernetes names namespaces; service accounts may also have dots (kubernetes.io, "Object Names"). */
const NAMESPACE = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
const SERVICE_ACCOUNT = /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/;

/**
 * Reports names that Kubernetes refuses. A `*` here would let every service account in.
 *
 * @internal
 */
export function checkServiceAccount(
  checks: SynthChecks,
  namespace: string,
  serviceAccountName: string,
): void {
  checks.matches(
    "namespace",
    namespace,
    NAMESPACE,
    "allowed are 1 to 63 lower-case letters, digits and hyphens, with no hyphen first or last",
  );
  checks.matches(
    "serviceAccountName",
    serviceAccountName,
    SERVICE_ACCOUNT,
    "allowed are 1 to 253 lower-case letters, digits, hyphens and dots, with a letter or digit first and last",
  );
}
