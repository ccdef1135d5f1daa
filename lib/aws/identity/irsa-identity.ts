import type { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import type { ITerraformDependable, TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { Cloud } from "../../database";
import { isResolved, SynthChecks, terraformCall } from "../../database/private";
import type { IAwsWorkloadIdentity } from "./aws-workload-identity";
import { checkServiceAccount } from "./service-account";
import { workloadPolicy, workloadRole } from "./workload-role";

/** Properties of an `IrsaIdentity`. */
export interface IrsaIdentityProps {
  /** The ARN of the cluster's OIDC provider in IAM; may be a token. */
  readonly oidcProviderArn: string;
  /** The issuer's URL, with or without `https://`; may be a token. */
  readonly oidcIssuerUrl: string;
  /** The namespace of the service account. */
  readonly namespace: string;
  /** The service account's name; exact, without wildcards. */
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
 * The IAM role of exactly one Kubernetes service account, by the cluster's OIDC provider (IRSA). The service account
 * carries the role's ARN as an annotation.
 *
 * @example
 * const identity = new IrsaIdentity(this, "identity", {
 *   oidcProviderArn: "arn:aws:iam::123456789012:oidc-provider/oidc.eks.eu-central-1.amazonaws.com/id/EXAMPLE",
 *   oidcIssuerUrl: "https://oidc.eks.eu-central-1.amazonaws.com/id/EXAMPLE",
 *   namespace: "coder",
 *   serviceAccountName: "coder",
 * });
 */
export class IrsaIdentity extends Construct implements IAwsWorkloadIdentity {
  public readonly cloud = Cloud.AWS;
  public readonly namespace: string;
  public readonly serviceAccountName: string;
  public readonly serviceAccountAnnotations: { [name: string]: string };
  public readonly podLabels: { [name: string]: string } = {};
  public readonly dependables: ITerraformDependable[];
  /** The role. */
  public readonly resource: IamRole;
  public readonly roleArn: string;
  public readonly roleName: string;
  private readonly provider?: TerraformProvider;

  public constructor(scope: Construct, id: string, props: IrsaIdentityProps) {
    super(scope, id);
    const { namespace, serviceAccountName, oidcProviderArn, oidcIssuerUrl } = props;
    const checks = new SynthChecks(this);
    checkServiceAccount(checks, namespace, serviceAccountName);
    checks.matches(
      "oidcProviderArn",
      oidcProviderArn,
      /^arn:[a-z-]+:iam::\d{12}:oidc-provider\/.+$/,
      "allowed is the ARN of an OIDC provider, such as arn:aws:iam::123456789012:oidc-provider/oidc.eks...",
    );
    checks.matches(
      "oidcIssuerUrl",
      oidcIssuerUrl,
      /^(https:\/\/)?[a-z0-9.-]+(:\d+)?(\/[A-Za-z0-9/_.-]*)?$/,
      "allowed is the issuer's URL, such as https://oidc.eks.eu-central-1.amazonaws.com/id/...",
    );
    if (isResolved(oidcProviderArn)) {
      checks.check(
        "oidcIssuerUrl",
        oidcIssuerUrl,
        () => oidcProviderArn.endsWith(`:oidc-provider/${bare(oidcIssuerUrl)}`),
        `it has to be the issuer of oidcProviderArn, ${oidcProviderArn}`,
      );
    }
    const issuer = bare(oidcIssuerUrl);
    this.namespace = namespace;
    this.serviceAccountName = serviceAccountName;
    this.provider = props.provider;
    this.resource = workloadRole(this, {
      ...props,
      trust: {
        Sid: "ServiceAccount",
        Effect: "Allow",
        Principal: { Federated: oidcProviderArn },
        Action: "sts:AssumeRoleWithWebIdentity",
        // Both, and both exactly: without `sub` every pod of the cluster gets the role, without `aud` any token does.
        Condition: {
          StringEquals: {
            [`${issuer}:sub`]: `system:serviceaccount:${namespace}:${serviceAccountName}`,
            [`${issuer}:aud`]: "sts.amazonaws.com",
          },
        },
      },
    });
    this.roleArn = this.resource.arn;
    this.roleName = this.resource.name;
    this.serviceAccountAnnotations = { "eks.amazonaws.com/role-arn": this.roleArn };
    this.dependables = [this.resource];
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

/** IAM names an issuer without the scheme. */
function bare(issuerUrl: string): string {
  return isResolved(issuerUrl)
    ? issuerUrl.replace(/^https:\/\//, "").replace(/\/$/, "")
    : terraformCall("trimsuffix", terraformCall("trimprefix", issuerUrl, "https://"), "/");
}
