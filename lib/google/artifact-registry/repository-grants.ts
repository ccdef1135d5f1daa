// A repository as clients and grants see it: its address, and the role to push.

import { ArtifactRegistryRepositoryIamMember } from "@cdktf/provider-google/lib/artifact-registry-repository-iam-member";
import type { ITerraformDependable, TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { Cloud, type IGrant, type IWorkloadIdentity } from "../../database";
import { GrowingDependables, isResolved, SynthChecks, terraformCall } from "../../database/private";
import type { IImageRegistry } from "../../storage";
import { IdentityGrants, identityPart } from "../../storage/private";
import type { IGoogleWorkloadIdentity } from "../identity/google-workload-identity";

/** The repository as its grants name it. @internal */
export interface RepositoryReference {
  readonly repository: string;
  readonly repositoryId: string;
  readonly location: string;
  readonly project: string;
  /** The project in the url. */
  readonly urlProject: string;
}

/** A repository and its grants, created here or existing. */
export abstract class ArtifactRegistryBase extends Construct implements IImageRegistry {
  public readonly cloud = Cloud.GOOGLE;
  public readonly server: string;
  /** @internal */
  protected readonly _checks: SynthChecks;
  /** @internal */
  protected readonly _waitFor = new GrowingDependables();
  private readonly grants: IdentityGrants;
  private readonly role: string;
  private readonly provider?: TerraformProvider;

  public constructor(
    scope: Construct,
    id: string,
    props: {
      readonly location: string;
      readonly allowDelete?: boolean;
      readonly provider?: TerraformProvider;
    },
  ) {
    super(scope, id);
    this._checks = new SynthChecks(this, "ARTIFACT-REGISTRY");
    this.grants = new IdentityGrants(this._checks, "grantPush", this.cloud);
    this.role = `roles/artifactregistry.${props.allowDelete ? "repoAdmin" : "writer"}`;
    this.provider = props.provider;
    this.server = `${props.location}-docker.pkg.dev`;
  }

  /** @internal */
  protected abstract readonly _reference: RepositoryReference;

  public get url(): string {
    const { urlProject, repositoryId } = this._reference;
    return `${this.server}/${pathOf(urlProject)}/${repositoryId}`;
  }

  public get dependables(): ITerraformDependable[] {
    return this._waitFor.all;
  }

  /**
   * Grants an identity the role to pull and push the images of this repository. The same identity is granted once.
   *
   * @param identity an identity with a Google service account (`GkeWorkloadIdentity`).
   */
  public grantPush(identity: IWorkloadIdentity): IGrant {
    const { email } = identity as IGoogleWorkloadIdentity;
    return this.grants.grant(identity, email, "GkeWorkloadIdentity", () =>
      this.grantPushToMember(identityPart(this, identity), `serviceAccount:${email}`),
    );
  }

  /**
   * Grants the same role to any IAM principal, such as a service account whose key the application has.
   *
   * @param id part of the construct id, known at synth.
   * @param member the principal, as IAM writes it, such as `serviceAccount:NAME@PROJECT.iam.gserviceaccount.com`; may be a token.
   */
  public grantPushToMember(id: string, member: string): IGrant {
    const { repository, location, project } = this._reference;
    const grant = new ArtifactRegistryRepositoryIamMember(this, `Push-${id}`, {
      repository,
      location,
      project,
      role: this.role,
      member,
      provider: this.provider,
    });
    this._waitFor.add(grant);
    return { dependables: [grant] };
  }
}

// A project of a domain, `example.com:platform`, is `example.com/platform` in image names.
function pathOf(project: string): string {
  return isResolved(project) ? project.replace(":", "/") : terraformCall("replace", project, ":", "/");
}

/** Refuses a location that Artifact Registry does not have. @internal */
export function checkLocation(checks: SynthChecks, location: string): void {
  checks.matches(
    "location",
    location,
    /^([a-z]+-[a-z]+[0-9]+|europe|us|asia)$/,
    "must be a region such as europe-west1, or europe, us or asia",
  );
}

/** Refuses a repository id that Artifact Registry refuses. @internal */
export function checkRepositoryId(checks: SynthChecks, repositoryId: string | undefined): void {
  checks.matches(
    "repositoryId",
    repositoryId,
    /^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/,
    "must be 1 to 63 lower-case letters, digits and hyphens, with a letter first and no hyphen last",
  );
}
