// A Google service account that a Kubernetes service account of GKE acts as, so that its pods need no key.

import { ProjectIamMember } from "@cdktf/provider-google/lib/project-iam-member";
import { ServiceAccount } from "@cdktf/provider-google/lib/service-account";
import { ServiceAccountIamMember } from "@cdktf/provider-google/lib/service-account-iam-member";
import { ServiceAccountKey } from "@cdktf/provider-google/lib/service-account-key";
import type { ITerraformDependable, TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { Cloud, SecretValue } from "../../database";
import { isResolved, physicalName, SynthChecks, terraformCall } from "../../database/private";
import { secretVersion } from "../secrets/secret-version";
import type { IGoogleWorkloadIdentity } from "./google-workload-identity";

/** Properties of a `GkeWorkloadIdentity`. */
export interface GkeWorkloadIdentityProps {
  /** The namespace of the Kubernetes service account. */
  readonly namespace: string;
  /** The Kubernetes service account. */
  readonly serviceAccountName: string;
  /** The project of the servers and of the Google service account. */
  readonly project: string;
  /** The project of the GKE cluster. @default - the same project */
  readonly clusterProject?: string;
  /** The Google service account's id: 6 to 30 lower-case letters, digits and hyphens, a letter first. @default - the construct's path, shortened */
  readonly accountId?: string;
  /** What the account is for, for people, at most 100 characters. @default - the construct's path */
  readonly displayName?: string;
  /** Whether the account may connect and log in to every server of Cloud SQL in the project; false for what needs no database. @default true */
  readonly cloudSql?: boolean;
  /** The provider. @default - the stack's only google provider */
  readonly provider?: TerraformProvider;
  /** What has to exist first. @default - nothing */
  readonly dependsOn?: ITerraformDependable[];
}

/** Connecting through the Auth Proxy, and logging in by identity: no more. */
const ROLES: readonly string[] = ["roles/cloudsql.client", "roles/cloudsql.instanceUser"];

/**
 * The identity of an application in GKE that connects to Cloud SQL through the Auth Proxy or logs in without a password.
 *
 * @example
 * const identity = new GkeWorkloadIdentity(this, "identity", {
 *   namespace: "coder", serviceAccountName: "coder", project: "platform",
 * });
 */
export class GkeWorkloadIdentity extends Construct implements IGoogleWorkloadIdentity {
  public readonly cloud: Cloud = Cloud.GOOGLE;
  public readonly namespace: string;
  public readonly serviceAccountName: string;
  public readonly serviceAccountAnnotations: { [name: string]: string };
  public readonly podLabels: { [name: string]: string } = {};
  public readonly dependables: ITerraformDependable[];
  /** The Google service account. */
  public readonly resource: ServiceAccount;
  /** The account's roles in the project. */
  public readonly roles: ProjectIamMember[];
  /** The Google service account's e-mail address. */
  public readonly email: string;
  private readonly checks: SynthChecks;
  private readonly provider?: TerraformProvider;

  public constructor(scope: Construct, id: string, props: GkeWorkloadIdentityProps) {
    super(scope, id);
    const { namespace, serviceAccountName, project, provider, dependsOn } = props;
    this.checks = new SynthChecks(this);
    this.checkProps(props);
    this.namespace = namespace;
    this.serviceAccountName = serviceAccountName;
    this.provider = provider;
    this.resource = new ServiceAccount(this, "Resource", {
      accountId: props.accountId ?? this.defaultAccountId(),
      displayName: props.displayName ?? this.node.path.slice(-100),
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
    this.serviceAccountAnnotations = { "iam.gke.io/gcp-service-account": this.email };
    this.dependables = [...this.roles, binding];
  }

  /**
   * A key file of the account, for an application that knows nothing better, such as Gitpod's own proxy. **The key is in
   * Terraform's state.** Recorded as an opt-out; asking again gives the same key.
   *
   * @param version the number to raise for a new key, 1 or more. @default 1
   */
  public keyFile(version = 1): SecretValue {
    this.checks.optOut(
      "keyFile: a key of the service account exists and is in Terraform's state; protect the state",
    );
    const number = secretVersion(this.checks, "keyFile, the version", version);
    const existing = this.node.tryFindChild("Key") as ServiceAccountKey | undefined;
    const key =
      existing ??
      new ServiceAccountKey(this, "Key", {
        serviceAccountId: this.resource.name,
        keepers: { version: String(number) },
        // The new key is there before the old one stops working.
        lifecycle: { createBeforeDestroy: true },
        provider: this.provider,
      });
    return SecretValue.fromEphemeral(terraformCall("base64decode", key.privateKey), {
      version: number,
      dependables: [key],
    });
  }

  // 30 characters with the hash that a shortened path gets, and six at least.
  private defaultAccountId(): string {
    const name = physicalName(this, 30);
    return name.length < 6 ? `${name}-identity` : name;
  }

  private checkProps(props: GkeWorkloadIdentityProps): void {
    const project = /^([a-z0-9.-]+:)?[a-z][a-z0-9-]{4,28}[a-z0-9]$/;
    const projectRule =
      "allowed is a project id: 6 to 30 lower-case letters, digits and hyphens, with a letter first";
    this.checks.matches("project", props.project, project, projectRule);
    this.checks.matches("clusterProject", props.clusterProject, project, projectRule);
    this.checks.matches(
      "accountId",
      props.accountId,
      /^[a-z][a-z0-9-]{4,28}[a-z0-9]$/,
      "allowed are 6 to 30 lower-case letters, digits and hyphens, with a letter first and no hyphen last",
    );
    this.checks.check(
      "displayName",
      props.displayName,
      () => (props.displayName as string).length <= 100,
      "allowed are at most 100 characters",
    );
    this.checks.matches(
      "namespace",
      props.namespace,
      /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/,
      "allowed are 1 to 63 lower-case letters, digits and hyphens, with no hyphen first or last",
    );
    this.checks.matches(
      "serviceAccountName",
      props.serviceAccountName,
      /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/,
      "allowed are up to 253 lower-case letters, digits, hyphens and dots, with a letter or digit first and last",
    );
    // An unknown project has no effect on the length of the database user; a known one may make it too long.
    const { accountId, project: id } = props;
    if (accountId !== undefined && isResolved([accountId, id]) && `${accountId}@${id}.iam`.length > 63) {
      this.checks.warn(
        `${accountId}@${id}.iam has more than 63 characters, so it cannot be the name of a PostgreSQL user; take a shorter accountId to log in by identity`,
      );
    }
  }
}
