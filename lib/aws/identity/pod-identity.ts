import { EksPodIdentityAssociation } from "@cdktf/provider-aws/lib/eks-pod-identity-association";
import type { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import type { ITerraformDependable, TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { Cloud } from "../../database";
import { SynthChecks } from "../../database/private";
import type { IAwsWorkloadIdentity } from "./aws-workload-identity";
import { checkServiceAccount } from "./service-account";
import { workloadPolicy, workloadRole } from "./workload-role";

/** Properties of a `PodIdentity`. */
export interface PodIdentityProps {
  /** The EKS cluster's name; it runs the Pod Identity agent. May be a token. */
  readonly clusterName: string;
  /** The namespace of the service account. */
  readonly namespace: string;
  /** The service account's name. */
  readonly serviceAccountName: string;
  /** A policy that limits what the role can ever do. @default - none */
  readonly permissionsBoundaryArn?: string;
  /** Tags. @default - none but the provider's default tags */
  readonly tags?: { readonly [name: string]: string };
  /** The provider. @default - the stack's only AWS provider */
  readonly provider?: TerraformProvider;
  /** What has to exist first. @default - nothing */
  readonly dependsOn?: ITerraformDependable[];
}

/**
 * The IAM role of exactly one Kubernetes service account, by EKS Pod Identity. Needs no OIDC provider and no annotation;
 * the cluster needs the add-on `eks-pod-identity-agent`.
 *
 * @example
 * const identity = new PodIdentity(this, "identity", {
 *   clusterName: "platform",
 *   namespace: "coder",
 *   serviceAccountName: "coder",
 * });
 */
export class PodIdentity extends Construct implements IAwsWorkloadIdentity {
  public readonly cloud = Cloud.AWS;
  public readonly namespace: string;
  public readonly serviceAccountName: string;
  public readonly serviceAccountAnnotations: { [name: string]: string } = {};
  public readonly podLabels: { [name: string]: string } = {};
  public readonly dependables: ITerraformDependable[];
  /** The role. */
  public readonly resource: IamRole;
  /** What gives the role to the service account. */
  public readonly association: EksPodIdentityAssociation;
  public readonly roleArn: string;
  public readonly roleName: string;
  private readonly provider?: TerraformProvider;

  public constructor(scope: Construct, id: string, props: PodIdentityProps) {
    super(scope, id);
    const { clusterName, namespace, serviceAccountName, provider, tags } = props;
    const checks = new SynthChecks(this);
    checkServiceAccount(checks, namespace, serviceAccountName);
    checks.matches(
      "clusterName",
      clusterName,
      /^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$/,
      "allowed are 1 to 100 letters, digits, hyphens and underscores, with a letter or digit first",
    );
    this.namespace = namespace;
    this.serviceAccountName = serviceAccountName;
    this.provider = provider;
    this.resource = workloadRole(this, {
      ...props,
      trust: {
        Sid: "ServiceAccount",
        Effect: "Allow",
        Principal: { Service: "pods.eks.amazonaws.com" },
        Action: ["sts:AssumeRole", "sts:TagSession"],
        // Who may associate a role with a service account is a matter of EKS; these let nobody associate this role with
        // another one. EKS gives these tags to every session (EKS user guide, "Create IAM role with trust policy required by
        // EKS Pod Identity").
        Condition: {
          StringEquals: {
            "aws:RequestTag/eks-cluster-name": clusterName,
            "aws:RequestTag/kubernetes-namespace": namespace,
            "aws:RequestTag/kubernetes-service-account": serviceAccountName,
          },
        },
      },
    });
    this.roleArn = this.resource.arn;
    this.roleName = this.resource.name;
    this.association = new EksPodIdentityAssociation(this, "Association", {
      clusterName,
      namespace,
      serviceAccount: serviceAccountName,
      roleArn: this.roleArn,
      tags,
      provider,
    });
    // Pods that start before the association get no credentials until they are restarted.
    this.dependables = [this.association];
  }

  /**
   * Gives the role an inline policy.
   *
   * @param id part of the construct's id, known at synth.
   * @param policy the policy as JSON.
   */
  public addPolicy(id: string, policy: string): void {
    this.dependables.push(workloadPolicy(this, id, this.resource, policy, this.provider));
  }
}
