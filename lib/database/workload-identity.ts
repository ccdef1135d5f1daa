import type { ITerraformDependable } from "cdktf";
import type { Cloud } from "./cloud";

/**
 * Kubernetes service account that is federated with an identity of a cloud, so that its pods need no keys: IRSA or EKS Pod Identity on
 * AWS, Workload Identity Federation for GKE on Google Cloud, Microsoft Entra Workload ID on Azure.
 */
export interface IWorkloadIdentity {
  /** Cloud of the identity. */
  readonly cloud: Cloud;
  /** Namespace of the service account. */
  readonly namespace: string;
  /** Name of the service account. */
  readonly serviceAccountName: string;
  /** Annotations that the service account requires; values may be tokens. */
  readonly serviceAccountAnnotations: { [name: string]: string };
  /** Labels that the pods require. */
  readonly podLabels: { [name: string]: string };
  /** Resources that must exist before pods start. */
  readonly dependables: ITerraformDependable[];
}
