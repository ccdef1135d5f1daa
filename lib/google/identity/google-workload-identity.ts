// What a new and an existing identity have in common.

import type { IGrant, IWorkloadIdentity } from "../../database";
import type { SynthChecks } from "../../database/private";

/** A Kubernetes service account that impersonates a Google service account. */
export interface IGoogleWorkloadIdentity extends IWorkloadIdentity {
  /** E-mail address of the Google service account; may be a token. */
  readonly email: string;

  /**
   * Grants the account the permission to sign blobs as itself (`iam.serviceAccounts.signBlob`), with which its pods sign URLs of
   * Cloud Storage without a key. `grantSignUrls` of a bucket calls it. Granting it again changes nothing.
   */
  grantSignBlob(): IGrant;
}

/** The annotation that GKE reads. @internal */
export function annotationsOf(email: string): { [name: string]: string } {
  return { "iam.gke.io/gcp-service-account": email };
}

/** Refuses a namespace or service account name that Kubernetes refuses. @internal */
export function checkKubernetesNames(
  checks: SynthChecks,
  { namespace, serviceAccountName }: { readonly namespace: string; readonly serviceAccountName: string },
): void {
  checks.matches(
    "namespace",
    namespace,
    /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/,
    "must be 1 to 63 lower-case letters, digits and hyphens, with no hyphen first or last",
  );
  checks.matches(
    "serviceAccountName",
    serviceAccountName,
    /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/,
    "must be up to 253 lower-case letters, digits, hyphens and dots, with a letter or digit first and last",
  );
}
