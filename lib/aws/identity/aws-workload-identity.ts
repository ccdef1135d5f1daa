import type { IWorkloadIdentity } from "../../database";

/** A Kubernetes service account that has an IAM role. */
export interface IAwsWorkloadIdentity extends IWorkloadIdentity {
  /** The role's ARN. */
  readonly roleArn: string;
  /** The role's name. */
  readonly roleName: string;

  /**
   * Gives the role an inline policy.
   *
   * @param id part of the construct's id, known at synth.
   * @param policy the policy as JSON.
   */
  addPolicy(id: string, policy: string): void;
}
