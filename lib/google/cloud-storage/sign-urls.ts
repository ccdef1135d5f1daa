import { Cloud, type IGrant, type IWorkloadIdentity } from "../../database";
import type { SynthChecks } from "../../database/private";
import type { IGoogleWorkloadIdentity } from "../identity/google-workload-identity";

/**
 * The permission of an identity to sign URLs of a bucket: that to sign as itself, which is no permission of the bucket.
 *
 * @see https://cloud.google.com/storage/docs/access-control/signed-urls
 *
 * @internal
 */
export function grantSignUrls(checks: SynthChecks, identity: IWorkloadIdentity): IGrant {
  const google = identity as IGoogleWorkloadIdentity;
  if (identity.cloud !== Cloud.GOOGLE) {
    checks.fail(
      "grantSignUrls: identity.cloud",
      identity.cloud,
      `must be ${Cloud.GOOGLE}`,
      "grantSignUrls.identity.cloud",
    );
    return { dependables: [] };
  }
  if (typeof google.grantSignBlob !== "function") {
    checks.fail(
      "grantSignUrls: identity",
      identity.serviceAccountName,
      "must have a Google service account; use a GkeWorkloadIdentity",
      "grantSignUrls.identity",
    );
    return { dependables: [] };
  }
  return google.grantSignBlob();
}
