import type { ITerraformDependable } from "cdktf";
import type { Cloud } from "./cloud";

/** A Kubernetes service account that a cloud knows, so that its pods need no key. */
export interface IWorkloadIdentity {
  /** The cloud whose identity the pods get. */
  readonly cloud: Cloud;
  /** The namespace of the service account. */
  readonly namespace: string;
  /** The service account's name. */
  readonly serviceAccountName: string;
  /** The annotations that the service account must carry; values may be tokens. */
  readonly serviceAccountAnnotations: { [name: string]: string };
  /** The labels that the pods must carry. */
  readonly podLabels: { [name: string]: string };
  /** What has to exist before pods start. */
  readonly dependables: ITerraformDependable[];
}
