import type { ITerraformDependable, TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { Cloud, type IGrant } from "../../database";
import {
  GrowingDependables,
  isResolved,
  requireProps,
  SynthChecks,
  terraformCall,
} from "../../database/private";
import { PROJECT_ID, PROJECT_RULE } from "../resource-names";
import {
  annotationsOf,
  checkKubernetesNames,
  type IGoogleWorkloadIdentity,
} from "./google-workload-identity";
import { SignBlobGrant } from "./sign-blob-grant";

/** Attributes of an existing Google service account that a Kubernetes service account impersonates. */
export interface GkeWorkloadIdentityAttributes {
  /**
   * Namespace of the Kubernetes service account.
   *
   * @see https://cloud.google.com/kubernetes-engine/docs/how-to/workload-identity
   */
  readonly namespace: string;
  /**
   * Name of the Kubernetes service account.
   *
   * @see https://cloud.google.com/kubernetes-engine/docs/how-to/workload-identity
   */
  readonly serviceAccountName: string;
  /**
   * E-mail address of the Google service account; may be a token.
   *
   * @see https://cloud.google.com/iam/docs/service-accounts-create
   */
  readonly email: string;
  /**
   * Project of the Google service account, for `grantSignBlob`; may be a token.
   * @default - the project in the e-mail address
   *
   * @see https://cloud.google.com/resource-manager/docs/creating-managing-projects#identifying_projects
   */
  readonly project?: string;
  /** The google provider, for `grantSignBlob`. @default - the stack's only google provider */
  readonly provider?: TerraformProvider;
  /** Resources that must exist before a pod starts, such as the account's roles. @default - none */
  readonly dependsOn?: ITerraformDependable[];
}

/** An identity that exists. @internal */
export class ImportedWorkloadIdentity extends Construct implements IGoogleWorkloadIdentity {
  public readonly cloud: Cloud = Cloud.GOOGLE;
  public readonly namespace: string;
  public readonly serviceAccountName: string;
  public readonly serviceAccountAnnotations: { [name: string]: string };
  public readonly podLabels: { [name: string]: string } = {};
  public readonly email: string;
  private signBlob?: IGrant;
  private readonly waitFor = new GrowingDependables();
  private readonly checks: SynthChecks;
  private readonly attributes: GkeWorkloadIdentityAttributes;

  public constructor(scope: Construct, id: string, attributes: GkeWorkloadIdentityAttributes) {
    super(scope, id);
    requireProps(this.node.path, "GKE-IDENTITY", attributes, {
      namespace: true,
      serviceAccountName: true,
      email: true,
    });
    const { namespace, serviceAccountName, email } = attributes;
    this.attributes = attributes;
    this.checks = new SynthChecks(this, "GKE-IDENTITY");
    checkKubernetesNames(this.checks, attributes);
    this.checks.matches("project", attributes.project, PROJECT_ID, PROJECT_RULE);
    this.checks.matches(
      "email",
      email,
      /^[^@\s]+@[^@\s]+\.gserviceaccount\.com$/,
      "must be the address of a service account, which ends in .gserviceaccount.com",
    );
    this.namespace = namespace;
    this.serviceAccountName = serviceAccountName;
    this.email = email;
    this.serviceAccountAnnotations = annotationsOf(email);
    this.waitFor.addFirst(...(attributes.dependsOn ?? []));
  }

  public get dependables(): ITerraformDependable[] {
    return this.waitFor.all;
  }

  public grantSignBlob(): IGrant {
    this.signBlob ??= this.createSignBlob();
    return this.signBlob;
  }

  private createSignBlob(): IGrant {
    const { email } = this;
    const project = this.attributes.project ?? projectOf(email);
    if (project === undefined) {
      this.checks.fail(
        "project",
        undefined,
        "must be set for grantSignBlob, since the e-mail address of the account does not include it",
      );
      return { dependables: [] };
    }
    return SignBlobGrant.getOrCreate(this, this.waitFor, {
      serviceAccountId: `projects/${project}/serviceAccounts/${email}`,
      member: `serviceAccount:${email}`,
      project,
      provider: this.attributes.provider,
    });
  }
}

/** The project in the address of a user-managed account, `NAME@PROJECT.iam.gserviceaccount.com`. */
function projectOf(email: string): string | undefined {
  const domain = ".iam.gserviceaccount.com";
  if (isResolved(email)) return /^[^@]+@([^@.]+)\.iam\.gserviceaccount\.com$/.exec(email)?.[1];
  const host = terraformCall("element", terraformCall("split", "@", email), 1);
  return terraformCall("trimsuffix", host, domain);
}
