import type { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import type { ITerraformDependable, TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { Cloud } from "../../database";
import {
  GrowingDependables,
  isResolved,
  requireProps,
  SynthChecks,
  terraformCall,
} from "../../database/private";
import { checkTags } from "../private/tags";
import {
  type AwsWorkloadIdentityProps,
  checkServiceAccount,
  type IAwsWorkloadIdentity,
  workloadPolicy,
  workloadRole,
} from "./workload-role";

/** Properties of an `IrsaIdentity`. */
export interface IrsaIdentityProps extends AwsWorkloadIdentityProps {
  /**
   * ARN of the cluster's IAM OIDC provider; may be a token.
   *
   * @see https://docs.aws.amazon.com/eks/latest/userguide/enable-iam-roles-for-service-accounts.html
   */
  readonly oidcProviderArn: string;
  /**
   * URL of the cluster's OIDC issuer, with or without `https://`; may be a token.
   *
   * @see https://docs.aws.amazon.com/eks/latest/userguide/enable-iam-roles-for-service-accounts.html
   */
  readonly oidcIssuerUrl: string;
}

/**
 * IAM role for one Kubernetes service account (IRSA), assumed with the cluster's IAM OIDC provider. The service account is annotated
 * with the role's ARN.
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/iam-roles-for-service-accounts.html
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
  /** The IAM role. */
  public readonly resource: IamRole;
  public readonly roleArn: string;
  public readonly roleName: string;
  private readonly provider?: TerraformProvider;
  private readonly waitFor = new GrowingDependables();

  public constructor(scope: Construct, id: string, props: IrsaIdentityProps) {
    super(scope, id);
    requireProps(this.node.path, "IRSA", props, {
      oidcProviderArn: true,
      oidcIssuerUrl: true,
      namespace: true,
      serviceAccountName: true,
    });
    const { namespace, serviceAccountName, oidcProviderArn, oidcIssuerUrl } = props;
    const checks = new SynthChecks(this, "IRSA");
    checkServiceAccount(checks, props);
    checkTags(checks, this, props.tags);
    checks.matches(
      "oidcProviderArn",
      oidcProviderArn,
      /^arn:[a-z-]+:iam::\d{12}:oidc-provider\/.+$/,
      "must be the ARN of an IAM OIDC provider, such as arn:aws:iam::123456789012:oidc-provider/oidc.eks...",
    );
    checks.matches(
      "oidcIssuerUrl",
      oidcIssuerUrl,
      /^(https:\/\/)?[a-z0-9.-]+(:\d+)?(\/[A-Za-z0-9/_.-]*)?$/,
      "must be the URL of an OIDC issuer, such as https://oidc.eks.eu-central-1.amazonaws.com/id/...",
    );
    if (isResolved(oidcProviderArn)) {
      checks.check(
        "oidcIssuerUrl",
        oidcIssuerUrl,
        () => oidcProviderArn.endsWith(`:oidc-provider/${withoutScheme(oidcIssuerUrl)}`),
        `must be the issuer of oidcProviderArn, ${oidcProviderArn}`,
      );
    }
    const issuer = withoutScheme(oidcIssuerUrl);
    this.namespace = namespace;
    this.serviceAccountName = serviceAccountName;
    this.provider = props.provider;
    this.resource = workloadRole(this, props, {
      Sid: "ServiceAccount",
      Effect: "Allow",
      Principal: { Federated: oidcProviderArn },
      Action: "sts:AssumeRoleWithWebIdentity",
      // Both conditions, and both exact: without `sub` every pod of the cluster can assume the role, without `aud` any token can.
      Condition: {
        StringEquals: {
          [`${issuer}:sub`]: `system:serviceaccount:${namespace}:${serviceAccountName}`,
          [`${issuer}:aud`]: "sts.amazonaws.com",
        },
      },
    });
    this.roleArn = this.resource.arn;
    this.roleName = this.resource.name;
    this.serviceAccountAnnotations = { "eks.amazonaws.com/role-arn": this.roleArn };
    this.waitFor.addFirst(this.resource);
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

/** IAM names an issuer without the scheme. */
function withoutScheme(issuerUrl: string): string {
  return isResolved(issuerUrl)
    ? issuerUrl.replace(/^https:\/\//, "").replace(/\/$/, "")
    : terraformCall("trimsuffix", terraformCall("trimprefix", issuerUrl, "https://"), "/");
}
