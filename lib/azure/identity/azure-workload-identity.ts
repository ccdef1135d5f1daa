import type { IWorkloadIdentity } from "../../database";

/** A Kubernetes service account that has a managed identity. */
export interface IAzureWorkloadIdentity extends IWorkloadIdentity {
  /** The identity's object id, for role assignments; may be a token. */
  readonly principalId: string;
}
