// Not exported by lib/aws: it loads the bindings of Kubernetes and Helm, which users of databases only do not need.

import { DataAwsEksCluster } from "@cdktf/provider-aws/lib/data-aws-eks-cluster";
import type { HelmProviderKubernetes } from "@cdktf/provider-helm/lib/provider";
import type { KubernetesProviderConfig } from "@cdktf/provider-kubernetes/lib/provider";
import type { ITerraformDependable, TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { EphemeralResource, requireProps, SynthChecks, terraformCall } from "../../database/private";
import { ClusterConnection, type IClusterConnection } from "../../kubernetes";
import { type ISecurityGroup, SecurityGroup } from "../network/security-group";

/** Properties of an `EksConnection`. */
export interface EksConnectionProps {
  /**
   * Name of the EKS cluster.
   *
   * @see https://docs.aws.amazon.com/eks/latest/APIReference/API_Cluster.html
   */
  readonly clusterName: string;
  /** AWS Region of the cluster. @default - the provider's */
  readonly region?: string;
  /** AWS provider. @default - the stack's only AWS provider */
  readonly provider?: TerraformProvider;
  /** Resources that have to exist first. @default - none */
  readonly dependsOn?: ITerraformDependable[];
}

/**
 * Connection to an EKS cluster for the Kubernetes and Helm providers, with the credentials of the AWS provider. The token comes from an
 * ephemeral resource: unlike that of the data source it is in no state, and unlike `aws eks get-token` it needs no AWS CLI.
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/cluster-auth.html
 *
 * @example
 * const cluster = new EksConnection(this, "cluster", { clusterName: "platform" });
 * new KubernetesProvider(this, "kubernetes", cluster.kubernetes);
 * new HelmProvider(this, "helm", { kubernetes: cluster.helm });
 */
export class EksConnection extends Construct implements IClusterConnection {
  public readonly kubernetes: KubernetesProviderConfig;
  public readonly helm: HelmProviderKubernetes;
  /** Data source of the cluster. */
  public readonly cluster: DataAwsEksCluster;
  /** ID of the cluster's VPC. */
  public readonly vpcId: string;
  /**
   * Cluster security group, which the control plane has, and nodes whose launch template names no other: a client of a
   * `DatabaseNetwork`.
   *
   * @see https://docs.aws.amazon.com/eks/latest/userguide/sec-group-reqs.html
   */
  public readonly securityGroup: ISecurityGroup;
  /** URL of the cluster's OIDC issuer, for `IrsaIdentity`. */
  public readonly oidcIssuerUrl: string;

  public constructor(scope: Construct, id: string, props: EksConnectionProps) {
    super(scope, id);
    requireProps(this.node.path, "EKS", props, { clusterName: true });
    const checks = new SynthChecks(this, "EKS");
    checks.matches(
      "clusterName",
      props.clusterName,
      /^[0-9A-Za-z][A-Za-z0-9_-]{0,99}$/,
      "must be 1 to 100 letters, digits, hyphens and underscores, with a letter or digit first",
    );
    const { provider, region, dependsOn } = props;
    this.cluster = new DataAwsEksCluster(this, "Resource", {
      name: props.clusterName,
      region,
      provider,
      dependsOn,
    });
    const vpc = this.cluster.vpcConfig.get(0);
    this.vpcId = vpc.vpcId;
    this.securityGroup = SecurityGroup.fromSecurityGroupId(vpc.clusterSecurityGroupId);
    this.oidcIssuerUrl = this.cluster.identity.get(0).oidc.get(0).issuer;
    const login = new EphemeralResource(this, "Login", {
      type: "aws_eks_cluster_auth",
      arguments: { name: props.clusterName, region },
      provider,
      dependsOn,
    });
    const connection = ClusterConnection.fromAddress({
      host: this.cluster.endpoint,
      clusterCaCertificate: terraformCall("base64decode", this.cluster.certificateAuthority.get(0).data),
      token: login.attribute("token"),
    });
    this.kubernetes = connection.kubernetes;
    this.helm = connection.helm;
  }
}
