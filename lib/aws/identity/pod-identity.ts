import { EksPodIdentityAssociation } from "@cdktf/provider-aws/lib/eks-pod-identity-association";
import type { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import type { ITerraformDependable, TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { Cloud } from "../../database";
import { GrowingDependables, requireProps, SynthChecks } from "../../database/private";
import { checkTags } from "../private/tags";
import {
  type AwsWorkloadIdentityProps,
  checkServiceAccount,
  type IAwsWorkloadIdentity,
  workloadPolicy,
  workloadRole,
} from "./workload-role";

/** Properties of a `PodIdentity`. */
export interface PodIdentityProps extends AwsWorkloadIdentityProps {
  /**
   * Name of the EKS cluster, which runs the EKS Pod Identity Agent; may be a token.
   *
   * @see https://docs.aws.amazon.com/eks/latest/userguide/pod-id-agent-setup.html
   */
  readonly clusterName: string;
}

/**
 * IAM role for one Kubernetes service account with an EKS Pod Identity association. It needs no OIDC provider and no annotation; the
 * cluster needs the add-on `eks-pod-identity-agent`.
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/pod-identities.html
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
  /** The IAM role. */
  public readonly resource: IamRole;
  /** The EKS Pod Identity association. */
  public readonly association: EksPodIdentityAssociation;
  public readonly roleArn: string;
  public readonly roleName: string;
  private readonly provider?: TerraformProvider;
  private readonly waitFor = new GrowingDependables();

  public constructor(scope: Construct, id: string, props: PodIdentityProps) {
    super(scope, id);
    requireProps(this.node.path, "POD-IDENTITY", props, {
      clusterName: true,
      namespace: true,
      serviceAccountName: true,
    });
    const { clusterName, namespace, serviceAccountName, provider, tags } = props;
    const checks = new SynthChecks(this, "POD-IDENTITY");
    checkServiceAccount(checks, props);
    checkTags(checks, this, props.tags);
    checks.matches(
      "clusterName",
      clusterName,
      /^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$/,
      "must be 1 to 100 letters, digits, hyphens and underscores, with a letter or digit first",
    );
    this.namespace = namespace;
    this.serviceAccountName = serviceAccountName;
    this.provider = provider;
    this.resource = workloadRole(this, props, {
      Sid: "ServiceAccount",
      Effect: "Allow",
      Principal: { Service: "pods.eks.amazonaws.com" },
      Action: ["sts:AssumeRole", "sts:TagSession"],
      // EKS decides which associations may be created; these conditions keep this role from being associated with another service
      // account. EKS sets these tags on every session (EKS user guide, "Create IAM role with trust policy required by EKS Pod
      // Identity").
      Condition: {
        StringEquals: {
          "aws:RequestTag/eks-cluster-name": clusterName,
          "aws:RequestTag/kubernetes-namespace": namespace,
          "aws:RequestTag/kubernetes-service-account": serviceAccountName,
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
    // Pods that start before the association exists get no credentials until they are restarted.
    this.waitFor.addFirst(this.association);
  }

  public get dependables(): ITerraformDependable[] {
    return this.waitFor.all;
  }

  public addPolicy(id: string, policy: string): ITerraformDependable {
    const resource = workloadPolicy(this, id, this.resource, policy, this.provider);
    this.waitFor.add(resource);
    return resource;
  }
}
