import {
  ArtifactRegistryRepository,
  type ArtifactRegistryRepositoryCleanupPolicies,
} from "@cdktf/provider-google/lib/artifact-registry-repository";
import type { ITerraformDependable, TerraformProvider } from "cdktf";
import type { Construct } from "constructs";
import { DeletionPolicy, type Protection } from "../../database";
import {
  checkUniqueName,
  namingPath,
  physicalName,
  requireProps,
  type SynthChecks,
} from "../../database/private";
import type { IImageRegistry } from "../../storage";
import { inSeconds } from "../cloud-storage/bucket-settings";
import { checkEncryptionKey, type ICryptoKey, ServiceAgentKeyGrant } from "../kms/crypto-key";
import { checkLabels } from "../resource-names";
import { type ArtifactRegistryAttributes, ImportedArtifactRegistry } from "./imported-artifact-registry";
import { repositoryProtections } from "./registry-protection";
import {
  ArtifactRegistryBase,
  checkLocation,
  checkRepositoryId,
  type RepositoryReference,
} from "./repository-grants";

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
   *
   * @see https://cloud.google.com/artifact-registry/docs/repositories/create-repos
   */
  readonly repositoryId?: string;
  /**
   * Description of the repository. @default - the construct's path
   *
   * @see https://cloud.google.com/artifact-registry/docs/repositories/create-repos
   */
  readonly description?: string;
  /**
   * Enables immutable image tags; applications that push `latest` again then fail. @default false
   *
   * @see https://cloud.google.com/artifact-registry/docs/docker/manage-images#immutable
   */
  readonly immutableTags?: boolean;
  /**
   * Grants identities that push also the deletion of images (`roles/artifactregistry.repoAdmin`).
   * @default false
   *
   * @see https://cloud.google.com/artifact-registry/docs/access-control#roles
   */
  readonly allowDelete?: boolean;
  /**
   * Cleanup policy: days after which untagged images are deleted, 1 to 36500. @default - never
   *
   * @see https://cloud.google.com/artifact-registry/docs/repositories/cleanup-policy
   */
  readonly deleteUntaggedAfterDays?: number;
  /**
   * Cleanup policy: number of most recent versions of each image to keep whatever their age, 1 to 10000.
   * @default - none
   *
   * @see https://cloud.google.com/artifact-registry/docs/repositories/cleanup-policy
   */
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
   *
   * @see https://cloud.google.com/artifact-registry/docs/cmek
   */
  readonly grantEncryptionKey?: boolean;
  /** Deletion policy. DELETE also deletes the images; SNAPSHOT is not available. @default DeletionPolicy.RETAIN */
  readonly deletionPolicy?: DeletionPolicy;
  /**
   * Project of the repository. @default - the provider's project
   *
   * @see https://cloud.google.com/resource-manager/docs/creating-managing-projects#identifying_projects
   */
  readonly project?: string;
  /**
   * Labels. @default - none
   *
   * @see https://cloud.google.com/artifact-registry/docs/repositories/label-repos
   */
  readonly tags?: { readonly [name: string]: string };
  /** The google provider. @default - the stack's only google provider */
  readonly provider?: TerraformProvider;
  /** Resources that must exist first. @default - none */
  readonly dependsOn?: ITerraformDependable[];
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
  /** The redundancy of a multi-region; an empty list for a region: Artifact Registry keeps no copies of deleted images. */
  public readonly protections: readonly Protection[];
  /** @internal */
  protected readonly _reference: RepositoryReference;

  public constructor(scope: Construct, id: string, props: ArtifactRegistryProps) {
    requireProps(`${scope.node.path}/${id}`, "ARTIFACT-REGISTRY", props, { location: true });
    super(scope, id, props);
    const { location, project, encryptionKey: key, provider, dependsOn } = props;
    check(this, this._checks, props);
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
      description: props.description ?? namingPath(this),
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
    this.protections = repositoryProtections({
      url: this.url,
      location,
      immutableTags: props.immutableTags ?? false,
      deleteUntaggedAfterDays: props.deleteUntaggedAfterDays,
    });
  }
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

function check(scope: Construct, checks: SynthChecks, props: ArtifactRegistryProps): void {
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
  checkLabels(checks, scope, props.tags);
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
