import type { IWorkloadIdentity } from "../../database";

/** A Kubernetes service account that acts as a Google service account. */
export interface IGoogleWorkloadIdentity extends IWorkloadIdentity {
  /** The Google service account's e-mail address; may be a token. */
  readonly email: string;
}
