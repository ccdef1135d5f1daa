import { ProjectIamMember } from "@cdktf/provider-google/lib/project-iam-member";
import { ServiceAccount } from "@cdktf/provider-google/lib/service-account";
import { ServiceAccountIamMember } from "@cdktf/provider-google/lib/service-account-iam-member";
import { ServiceAccountKey } from "@cdktf/provider-google/lib/service-account-key";
import type { ITerraformDependable, TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { Cloud, type IGrant, SecretValue } from "../../database";
import {
  GrowingDependables,
  isResolved,
  namingPath,
  physicalName,
  requireProps,
  SynthChecks,
  secretIdentity,
  secretVersion,
  terraformCall,
} from "../../database/private";
import { PROJECT_ID, PROJECT_RULE } from "../resource-names";
import {
  annotationsOf,
  checkKubernetesNames,
  type IGoogleWorkloadIdentity,
} from "./google-workload-identity";
import { type GkeWorkloadIdentityAttributes, ImportedWorkloadIdentity } from "./imported-workload-identity";
import { SignBlobGrant } from "./sign-blob-grant";

/** Properties of a `GkeWorkloadIdentity`. */
export interface GkeWorkloadIdentityProps {
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
   * Project of the servers and of the Google service account.
   *
   * @see https://cloud.google.com/resource-manager/docs/creating-managing-projects#identifying_projects
   */
  readonly project: string;
  /**
   * Project of the GKE cluster.
   * @default - the same project
   *
   * @see https://cloud.google.com/kubernetes-engine/docs/how-to/workload-identity
   */
  readonly clusterProject?: string;
  /**
   * Service account id: 6 to 30 lower-case letters, digits and hyphens, a letter first. @default - the construct's path, shortened
   *
   * @see https://cloud.google.com/iam/docs/service-accounts-create
   */
  readonly accountId?: string;
  /**
   * Display name of the Google service account, at most 100 characters. @default - the construct's path
   *
   * @see https://cloud.google.com/iam/docs/service-accounts-create
   */
  readonly displayName?: string;
  /**
   * Grants the account the roles to connect and log in to all Cloud SQL servers of the project; false for an application without
   * a database. @default true
   *
   * @see https://cloud.google.com/sql/docs/postgres/iam-roles
   */
  readonly cloudSql?: boolean;
  /** The google provider. @default - the stack's only google provider */
  readonly provider?: TerraformProvider;
  /** Resources that must exist first. @default - none */
  readonly dependsOn?: ITerraformDependable[];
}

/** To connect through the Auth Proxy, and to log in with IAM database authentication. */
const ROLES: readonly string[] = ["roles/cloudsql.client", "roles/cloudsql.instanceUser"];

/**
 * Workload Identity Federation for GKE: a Google service account that a Kubernetes service account impersonates, so that its pods
 * need no key. Applications use it to connect to Cloud SQL through the Auth Proxy, or to log in without a password.
 *
 * @see https://cloud.google.com/kubernetes-engine/docs/how-to/workload-identity
 *
 * @example
 * const identity = new GkeWorkloadIdentity(this, "identity", {
 *   namespace: "coder", serviceAccountName: "coder", project: "platform",
 * });
 */
export class GkeWorkloadIdentity extends Construct implements IGoogleWorkloadIdentity {
  /**
   * An existing Google service account, which the Kubernetes service account is allowed to impersonate. Creates no resources.
   *
   * @param scope the parent construct.
   * @param id the construct's id.
   * @param attributes the accounts.
   *
   * @example
   * const identity = GkeWorkloadIdentity.fromServiceAccountAttributes(this, "identity", {
   *   namespace: "coder", serviceAccountName: "coder", email: "coder@platform.iam.gserviceaccount.com",
   * });
   */
  public static fromServiceAccountAttributes(
    scope: Construct,
    id: string,
    attributes: GkeWorkloadIdentityAttributes,
  ): IGoogleWorkloadIdentity {
    return new ImportedWorkloadIdentity(scope, id, attributes);
  }

  public readonly cloud: Cloud = Cloud.GOOGLE;
  public readonly namespace: string;
  public readonly serviceAccountName: string;
  public readonly serviceAccountAnnotations: { [name: string]: string };
  public readonly podLabels: { [name: string]: string } = {};
  /** The Google service account. */
  public readonly resource: ServiceAccount;
  /** The account's roles in the project. */
  public readonly roles: ProjectIamMember[];
  public readonly email: string;
  private readonly waitFor = new GrowingDependables();
  private readonly checks: SynthChecks;
  private readonly provider?: TerraformProvider;

  public constructor(scope: Construct, id: string, props: GkeWorkloadIdentityProps) {
    super(scope, id);
    requireProps(this.node.path, "GKE-IDENTITY", props, {
      namespace: true,
      serviceAccountName: true,
      project: true,
    });
    const { namespace, serviceAccountName, project, provider, dependsOn } = props;
    this.checks = new SynthChecks(this, "GKE-IDENTITY");
    checkProps(this.checks, props);
    this.namespace = namespace;
    this.serviceAccountName = serviceAccountName;
    this.provider = provider;
    this.resource = new ServiceAccount(this, "Resource", {
      accountId: props.accountId ?? this.defaultAccountId(),
      displayName: props.displayName ?? namingPath(this).slice(-100),
      project,
      provider,
      dependsOn,
    });
    this.email = this.resource.email;
    this.roles = ((props.cloudSql ?? true) ? ROLES : []).map(
      (role) =>
        new ProjectIamMember(this, `Role-${role.split(".")[1]}`, {
          project,
          role,
          member: this.resource.member,
          provider,
        }),
    );
    const pool = `${props.clusterProject ?? project}.svc.id.goog`;
    const binding = new ServiceAccountIamMember(this, "Binding", {
      serviceAccountId: this.resource.name,
      role: "roles/iam.workloadIdentityUser",
      member: `serviceAccount:${pool}[${namespace}/${serviceAccountName}]`,
      provider,
    });
    this.serviceAccountAnnotations = annotationsOf(this.email);
    this.waitFor.addFirst(...this.roles, binding);
  }

  public get dependables(): ITerraformDependable[] {
    return this.waitFor.all;
  }

  public grantSignBlob(): IGrant {
    return SignBlobGrant.getOrCreate(this, this.waitFor, {
      serviceAccountId: this.resource.name,
      member: this.resource.member,
      project: this.resource.project,
      provider: this.provider,
    });
  }

  /**
   * Creates a key file of the account, for an application without other credentials, such as Gitpod's bundled proxy. **Terraform's
   * state contains the key.** Recorded as an opt-out; further calls return the same key.
   *
   * @param version key version, 1 or more; increment to rotate the key. @default 1
   *
   * @see https://cloud.google.com/iam/docs/keys-create-delete
   */
  public createKeyFile(version = 1): SecretValue {
    this.checks.optOut("keyFile: Terraform's state contains a key of the service account; protect the state");
    const number = secretVersion(this.checks, "version", version);
    const existing = this.node.tryFindChild("Key") as ServiceAccountKey | undefined;
    const key =
      existing ??
      new ServiceAccountKey(this, "Key", {
        serviceAccountId: this.resource.name,
        keepers: { version: String(number) },
        // The new key exists before the old one stops working.
        lifecycle: { createBeforeDestroy: true },
        provider: this.provider,
      });
    return SecretValue.fromEphemeral(terraformCall("base64decode", key.privateKey), {
      // A key that is made anew is another one under the same number.
      version: secretIdentity(key.id),
      dependables: [key],
    });
  }

  // At least 6 characters, and at most 30 with the hash of a shortened path.
  private defaultAccountId(): string {
    const name = physicalName(this, 30);
    return name.length < 6 ? `${name}-identity` : name;
  }
}

function checkProps(checks: SynthChecks, props: GkeWorkloadIdentityProps): void {
  checks.matches("project", props.project, PROJECT_ID, PROJECT_RULE);
  checks.matches("clusterProject", props.clusterProject, PROJECT_ID, PROJECT_RULE);
  checks.matches(
    "accountId",
    props.accountId,
    /^[a-z][a-z0-9-]{4,28}[a-z0-9]$/,
    "must be 6 to 30 lower-case letters, digits and hyphens, with a letter first and no hyphen last",
  );
  checks.check(
    "displayName",
    props.displayName,
    () => (props.displayName as string).length <= 100,
    "must have at most 100 characters",
  );
  checkKubernetesNames(checks, props);
  // A project that is not known at synth does not change the length of the database user; a known one may make it too long.
  const { accountId, project: id } = props;
  if (accountId !== undefined && isResolved([accountId, id]) && `${accountId}@${id}.iam`.length > 63) {
    checks.warn(
      `accountId: ${accountId}@${id}.iam has more than 63 characters, so it cannot be a PostgreSQL user name; choose a shorter accountId for IAM database authentication`,
      "accountId",
    );
  }
}
