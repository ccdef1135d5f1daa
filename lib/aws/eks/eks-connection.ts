// Not part of the index: it loads the aws bindings, which only users of EKS want.
//
// The token comes from an ephemeral resource: unlike the data source of the same name it is in no state, and unlike
// `aws eks get-token` it needs no AWS CLI where Terraform runs.

import { DataAwsEksCluster } from "@cdktf/provider-aws/lib/data-aws-eks-cluster";
import type { HelmProviderKubernetes } from "@cdktf/provider-helm/lib/provider";
import type { KubernetesProviderConfig } from "@cdktf/provider-kubernetes/lib/provider";
import type { ITerraformDependable, TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { EphemeralResource, SynthChecks, terraformCall } from "../../database/private";
import { ClusterConnection, type IClusterConnection } from "../../kubernetes";

/** Properties of an `EksConnection`. */
export interface EksConnectionProps {
  /** The cluster's name. */
  readonly clusterName: string;
  /** The cluster's region. @default - the provider's */
  readonly region?: string;
  /** The aws provider. @default - the stack's only one */
  readonly provider?: TerraformProvider;
  /** What has to exist first. @default - nothing */
  readonly dependsOn?: ITerraformDependable[];
}

/**
 * The connection to an EKS cluster by its name, with the credentials of the aws provider.
 *
 * @example
 * const cluster = new EksConnection(this, "cluster", { clusterName: "platform" });
 * new KubernetesProvider(this, "kubernetes", cluster.kubernetes);
 * new HelmProvider(this, "helm", { kubernetes: cluster.helm });
 */
export class EksConnection extends Construct implements IClusterConnection {
  public readonly kubernetes: KubernetesProviderConfig;
  public readonly helm: HelmProviderKubernetes;
  /** The cluster's data source. */
  public readonly cluster: DataAwsEksCluster;
  /** The VPC that the cluster runs in. */
  public readonly vpcId: string;
  /** The security group that EKS gives to the control plane and to managed nodes; who may connect to a database. */
  public readonly securityGroupId: string;
  /** The OIDC issuer's URL, for workload identity. */
  public readonly oidcIssuerUrl: string;

  public constructor(scope: Construct, id: string, props: EksConnectionProps) {
    super(scope, id);
    const checks = new SynthChecks(this);
    checks.matches(
      "clusterName",
      props.clusterName,
      /^[0-9A-Za-z][A-Za-z0-9_-]{0,99}$/,
      "allowed are 1 to 100 letters, digits, hyphens and underscores, with a letter or digit first",
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
    this.securityGroupId = vpc.clusterSecurityGroupId;
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
