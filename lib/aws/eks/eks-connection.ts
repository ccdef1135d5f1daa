// Not exported by lib/aws: it loads the bindings of Kubernetes and Helm, which users of databases only do not need.

import { DataAwsEksCluster } from "@cdktf/provider-aws/lib/data-aws-eks-cluster";
import type { HelmProviderKubernetes } from "@cdktf/provider-helm/lib/provider";
import type { KubernetesProviderConfig } from "@cdktf/provider-kubernetes/lib/provider";
import type { ITerraformDependable, TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { EphemeralResource, requireProps, SynthChecks, terraformCall } from "../../database/private";
import { ClusterConnection, type IClusterConnection, type TokenCommand } from "../../kubernetes";
import { type ISecurityGroup, SecurityGroup } from "../network/security-group";
import { AwsEnvironment } from "../private/aws-environment";

/** Source of the tokens with which the Kubernetes and Helm providers log in to an EKS cluster. */
export enum EksTokenSource {
  /**
   * The exec credential plugin `aws eks get-token`, which the providers run again when a token expires. It needs the AWS CLI, 1.24 or 2.7
   * or later, on PATH where Terraform runs, and uses the credentials of the environment.
   */
  AWS_CLI = "aws-cli",
  /**
   * The ephemeral resource `aws_eks_cluster_auth`, with the credentials of the AWS provider. Its token expires after 15 minutes and is
   * not renewed (hashicorp/terraform-provider-aws#46633), so an apply that takes longer ends in `Unauthorized`.
   */
  EPHEMERAL_RESOURCE = "ephemeral-resource",
}

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
  /** Source of the tokens for the cluster. @default EksTokenSource.AWS_CLI */
  readonly tokenSource?: EksTokenSource;
  /**
   * ARN of the IAM role that `aws eks get-token` assumes, such as the role that the AWS provider assumes; may be a token.
   * @default - none: the credentials of the environment
   *
   * @see https://docs.aws.amazon.com/cli/latest/reference/eks/get-token.html
   */
  readonly roleArn?: string;
  /**
   * Profile of the AWS CLI for `aws eks get-token`; may be a token. @default - the environment's
   *
   * @see https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-files.html
   */
  readonly profile?: string;
  /** AWS provider. @default - the stack's only AWS provider */
  readonly provider?: TerraformProvider;
  /** Resources that have to exist first. @default - none */
  readonly dependsOn?: ITerraformDependable[];
}

/**
 * Connection to an EKS cluster for the Kubernetes and Helm providers. They get their tokens from `aws eks get-token`, so that an apply
 * may take longer than the 15 minutes for which a token is valid: the creation of a Multi-AZ server does.
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
    const ephemeral = props.tokenSource === EksTokenSource.EPHEMERAL_RESOURCE;
    this.check(checks, props, ephemeral);
    const connection = ClusterConnection.fromAddress({
      host: this.cluster.endpoint,
      clusterCaCertificate: terraformCall("base64decode", this.cluster.certificateAuthority.get(0).data),
      ...(ephemeral ? { token: this.token(props) } : { tokenCommand: this.tokenCommand(props) }),
    });
    this.kubernetes = connection.kubernetes;
    this.helm = connection.helm;
  }

  private tokenCommand({
    clusterName,
    region,
    roleArn,
    profile,
    provider,
  }: EksConnectionProps): TokenCommand {
    // Always with the region: the environment of the CLI may name another one than the provider.
    const args = ["--region", region ?? AwsEnvironment.of(this, provider).lookUpRegion()];
    if (roleArn !== undefined) args.push("--role-arn", roleArn);
    if (profile !== undefined) args.push("--profile", profile);
    return {
      command: "aws",
      args: ["eks", "get-token", "--cluster-name", clusterName, "--output", "json", ...args],
    };
  }

  private token({ clusterName, region, provider, dependsOn }: EksConnectionProps): string {
    return new EphemeralResource(this, "Login", {
      type: "aws_eks_cluster_auth",
      arguments: { name: clusterName, region },
      provider,
      dependsOn,
    }).attribute("token");
  }

  private check(checks: SynthChecks, props: EksConnectionProps, ephemeral: boolean): void {
    checks.matches(
      "roleArn",
      props.roleArn,
      /^arn:[a-z-]+:iam::\d{12}:role\/.+$/,
      "must be the ARN of an IAM role, such as arn:aws:iam::123456789012:role/deploy",
    );
    if (ephemeral) {
      checks.optOut(
        "tokenSource: the token for the cluster is not renewed, so an apply that takes longer than 15 minutes fails; the creation of a Multi-AZ server takes longer",
      );
      for (const property of ["roleArn", "profile"] as const) {
        if (props[property] === undefined) continue;
        checks.fail(
          property,
          props[property],
          "must not be set with EksTokenSource.EPHEMERAL_RESOURCE, which uses the credentials of the AWS provider",
        );
      }
      return;
    }
    // The provider may be added to the stack later.
    checks.whenComplete(() => {
      const { profile, role } = AwsEnvironment.of(this, props.provider).providerCredentials();
      if (profile && props.profile === undefined) {
        checks.warn(
          `profile is not set, while the AWS provider has a profile that "aws eks get-token" does not know; set profile, or AWS_PROFILE where Terraform runs`,
          "profile",
        );
      }
      if (role && props.roleArn === undefined) {
        checks.warn(
          `roleArn is not set, while the AWS provider assumes a role that "aws eks get-token" does not know; set roleArn to that role, or give the environment access to the cluster`,
          "roleArn",
        );
      }
    });
  }
}
