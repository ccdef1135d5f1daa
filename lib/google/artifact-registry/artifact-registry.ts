import {
  ArtifactRegistryRepository,
  type ArtifactRegistryRepositoryCleanupPolicies,
} from "@cdktf/provider-google/lib/artifact-registry-repository";
import { ArtifactRegistryRepositoryIamMember } from "@cdktf/provider-google/lib/artifact-registry-repository-iam-member";
import type { ITerraformDependable, TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { Cloud, DeletionPolicy, type IGrant, type IWorkloadIdentity } from "../../database";
import {
  checkUniqueName,
  GrowingDependables,
  isResolved,
  physicalName,
  requireProps,
  SynthChecks,
  terraformCall,
} from "../../database/private";
import type { IImageRegistry } from "../../storage";
import { IdentityGrants, identityPart } from "../../storage/private";
import { inSeconds } from "../cloud-storage/bucket-settings";
import type { IGoogleWorkloadIdentity } from "../identity/gke-workload-identity";
import { checkEncryptionKey, type ICryptoKey, ServiceAgentKeyGrant } from "../kms/crypto-key";
import { checkLabels } from "../resource-names";

/** Properties of an `ArtifactRegistry`. */
export interface ArtifactRegistryProps {
  /**
   * Location of the repository: a region such as `europe-west1`, or the multi-region `europe`, `us` or `asia`. Changing it replaces
   * the repository.
   *
   * @see https://cloud.google.com/artifact-registry/docs/repositories/repo-locations
   */
  readonly location: string;
  /**
   * Repository id: 1 to 63 lower-case letters, digits and hyphens, a letter first. Changing it replaces the repository.
   * @default - the construct's path
   */
  readonly repositoryId?: string;
  /** Description of the repository. @default - the construct's path */
  readonly description?: string;
  /**
   * Enables immutable image tags; applications that push `latest` again then fail. @default false
   *
   * @see https://cloud.google.com/artifact-registry/docs/docker/manage-images#immutable
   */
  readonly immutableTags?: boolean;
  /** Grants identities that push also the deletion of images (`roles/artifactregistry.repoAdmin`). @default false */
  readonly allowDelete?: boolean;
  /**
   * Cleanup policy: days after which untagged images are deleted, 1 to 36500. @default - never
   *
   * @see https://cloud.google.com/artifact-registry/docs/repositories/cleanup-policy
   */
  readonly deleteUntaggedAfterDays?: number;
  /** Cleanup policy: number of most recent versions of each image to keep whatever their age, 1 to 10000. @default - none */
  readonly keepNewest?: number;
  /**
   * Customer-managed encryption key (CMEK), in the repository's location. @default - a key that Google manages
   *
   * @see https://cloud.google.com/artifact-registry/docs/cmek
   */
  readonly encryptionKey?: ICryptoKey;
  /**
   * Grants Artifact Registry's service agent the use of the key. The agent exists once the project has used the API.
   * @default true
   */
  readonly grantEncryptionKey?: boolean;
  /** Deletion policy. DELETE also deletes the images; SNAPSHOT is not available. @default DeletionPolicy.RETAIN */
  readonly deletionPolicy?: DeletionPolicy;
  /** Project of the repository. @default - the provider's project */
  readonly project?: string;
  /** Labels. @default - none */
  readonly tags?: { readonly [name: string]: string };
  /** The google provider. @default - the stack's only google provider */
  readonly provider?: TerraformProvider;
  /** Resources that must exist first. @default - none */
  readonly dependsOn?: ITerraformDependable[];
}

/** Attributes of an existing repository. */
export interface ArtifactRegistryAttributes {
  /** Repository id; may be a token. */
  readonly repositoryId: string;
  /** Location of the repository; may be a token. */
  readonly location: string;
  /** Project of the repository; may be a token. */
  readonly project: string;
  /** Grants identities that push also the deletion of images. @default false */
  readonly allowDelete?: boolean;
  /** The google provider. @default - the stack's only google provider */
  readonly provider?: TerraformProvider;
  /** Resources that must exist before a client uses the repository. @default - none */
  readonly dependsOn?: ITerraformDependable[];
}

/** The repository as its grants name it. */
interface RepositoryReference {
  readonly repository: string;
  readonly repositoryId: string;
  readonly location: string;
  readonly project: string;
  /** The project in the url. */
  readonly urlProject: string;
}

/** A repository and its grants, created here or existing. */
abstract class ArtifactRegistryBase extends Construct implements IImageRegistry {
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

/**
 * A Docker repository in Artifact Registry. Only principals with a role can read it.
 *
 * @see https://cloud.google.com/artifact-registry/docs/docker
 *
 * @example
 * const registry = new ArtifactRegistry(this, "images", { location: "europe-west1" });
 * registry.grantPush(identity);
 */
export class ArtifactRegistry extends ArtifactRegistryBase {
  /**
   * An existing Docker repository. Creates no resources; identities can be granted access to it.
   *
   * @param scope the parent construct.
   * @param id the construct's id.
   * @param attributes the repository.
   *
   * @example
   * const registry = ArtifactRegistry.fromRegistryAttributes(this, "images", {
   *   repositoryId: "gitpod", location: "europe-west1", project: "platform",
   * });
   * registry.grantPush(identity);
   */
  public static fromRegistryAttributes(
    scope: Construct,
    id: string,
    attributes: ArtifactRegistryAttributes,
  ): IImageRegistry {
    return new ImportedArtifactRegistry(scope, id, attributes);
  }

  /** The repository. */
  public readonly resource: ArtifactRegistryRepository;
  /** @internal */
  protected readonly _reference: RepositoryReference;

  public constructor(scope: Construct, id: string, props: ArtifactRegistryProps) {
    requireProps(`${scope.node.path}/${id}`, "ARTIFACT-REGISTRY", props, { location: true });
    super(scope, id, props);
    const { location, project, encryptionKey: key, provider, dependsOn } = props;
    check(this._checks, props);
    const grant =
      key !== undefined && (props.grantEncryptionKey ?? true)
        ? new ServiceAgentKeyGrant(this, "EncryptionGrant", {
            key,
            agentDomain: "gcp-sa-artifactregistry",
            project,
            provider,
            dependsOn,
          }).resource
        : undefined;
    const repositoryId = props.repositoryId ?? physicalName(this, 63);
    checkUniqueName(this._checks, this, {
      kind: "Artifact Registry repository",
      property: "repositoryId",
      name: repositoryId,
      place: project === undefined ? location : `${project}/${location}`,
      provider,
    });
    const retain = props.deletionPolicy !== DeletionPolicy.DELETE;
    this.resource = new ArtifactRegistryRepository(this, "Resource", {
      repositoryId,
      location,
      format: "DOCKER",
      mode: "STANDARD_REPOSITORY",
      description: props.description ?? this.node.path,
      dockerConfig: { immutableTags: props.immutableTags ?? false },
      cleanupPolicies: cleanupPolicies(props),
      cleanupPolicyDryRun: false,
      kmsKeyName: key?.keyName,
      lifecycle: retain ? { preventDestroy: true } : undefined,
      labels: props.tags,
      project,
      provider,
      dependsOn: grant ? [...(dependsOn ?? []), grant] : dependsOn,
    });
    this._reference = {
      repository: this.resource.name,
      repositoryId: this.resource.repositoryId,
      location: this.resource.location,
      project: this.resource.project,
      urlProject: project ?? this.resource.project,
    };
    this._waitFor.addFirst(this.resource);
  }
}

/** A repository that exists. */
class ImportedArtifactRegistry extends ArtifactRegistryBase {
  protected readonly _reference: RepositoryReference;

  public constructor(scope: Construct, id: string, attributes: ArtifactRegistryAttributes) {
    requireProps(`${scope.node.path}/${id}`, "ARTIFACT-REGISTRY", attributes, {
      repositoryId: true,
      location: true,
      project: true,
    });
    super(scope, id, attributes);
    const { repositoryId, location, project } = attributes;
    checkRepositoryId(this._checks, repositoryId);
    checkLocation(this._checks, location);
    this._reference = { repository: repositoryId, repositoryId, location, project, urlProject: project };
    this._waitFor.addFirst(...(attributes.dependsOn ?? []));
  }
}

// A project of a domain, `example.com:platform`, is `example.com/platform` in image names.
function pathOf(project: string): string {
  return isResolved(project) ? project.replace(":", "/") : terraformCall("replace", project, ":", "/");
}

function cleanupPolicies(
  props: ArtifactRegistryProps,
): ArtifactRegistryRepositoryCleanupPolicies[] | undefined {
  const { deleteUntaggedAfterDays: days, keepNewest: keepCount } = props;
  const policies: ArtifactRegistryRepositoryCleanupPolicies[] = [];
  if (days !== undefined) {
    const olderThan = `${inSeconds(days)}s`;
    policies.push({
      id: "delete-untagged",
      action: "DELETE",
      condition: { tagState: "UNTAGGED", olderThan },
    });
  }
  if (keepCount !== undefined) {
    policies.push({ id: "keep-newest", action: "KEEP", mostRecentVersions: { keepCount } });
  }
  return policies.length > 0 ? policies : undefined;
}

function check(checks: SynthChecks, props: ArtifactRegistryProps): void {
  const { location, deletionPolicy } = props;
  checkLocation(checks, location);
  checkRepositoryId(checks, props.repositoryId);
  checks.wholeNumber("deleteUntaggedAfterDays", props.deleteUntaggedAfterDays, 1, 36_500, "days");
  checks.wholeNumber("keepNewest", props.keepNewest, 1, 10_000, "versions");
  if (props.keepNewest !== undefined && props.deleteUntaggedAfterDays === undefined) {
    checks.fail(
      "keepNewest",
      props.keepNewest,
      "must be left out without deleteUntaggedAfterDays, since nothing is deleted",
    );
  }
  checkEncryptionKey(checks, props.encryptionKey, "repository", [location]);
  checkLabels(checks, props.tags);
  if (deletionPolicy === DeletionPolicy.SNAPSHOT) {
    checks.fail(
      "deletionPolicy",
      deletionPolicy,
      "must be retain or delete, since repositories have no snapshots",
    );
  }
  if (deletionPolicy === DeletionPolicy.DELETE) {
    checks.optOut("deletionPolicy: the repository can be deleted, together with its images");
  }
}

function checkLocation(checks: SynthChecks, location: string): void {
  checks.matches(
    "location",
    location,
    /^([a-z]+-[a-z]+[0-9]+|europe|us|asia)$/,
    "must be a region such as europe-west1, or europe, us or asia",
  );
}

function checkRepositoryId(checks: SynthChecks, repositoryId: string | undefined): void {
  checks.matches(
    "repositoryId",
    repositoryId,
    /^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/,
    "must be 1 to 63 lower-case letters, digits and hyphens, with a letter first and no hyphen last",
  );
}
