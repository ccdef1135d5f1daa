import {
  ArtifactRegistryRepository,
  type ArtifactRegistryRepositoryCleanupPolicies,
} from "@cdktf/provider-google/lib/artifact-registry-repository";
import { ArtifactRegistryRepositoryIamMember } from "@cdktf/provider-google/lib/artifact-registry-repository-iam-member";
import type { ITerraformDependable, TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { Cloud, DeletionPolicy, type IWorkloadIdentity } from "../../database";
import {
  checkUniqueName,
  isResolved,
  physicalName,
  SynthChecks,
  terraformCall,
} from "../../database/private";
import type { IImageRegistry } from "../../storage";
import { IdentityGrants, identityPart } from "../../storage/private";
import { checkLabels } from "../cloud-sql/cloud-sql-labels";
import { inSeconds } from "../cloud-storage/bucket-settings";
import type { IGoogleWorkloadIdentity } from "../identity/google-workload-identity";
import { EncryptionGrant } from "../secrets/encryption-grant";

/** Properties of an `ArtifactRegistry`. */
export interface ArtifactRegistryProps {
  /** A region such as `europe-west1`, or `europe`, `us` or `asia`. Changing it replaces the registry. */
  readonly location: string;
  /** The repository's id: 1 to 63 lower-case letters, digits and hyphens, a letter first. Changing it replaces the registry. @default - the construct's path */
  readonly repositoryId?: string;
  /** What it is for, for people. @default - the construct's path */
  readonly description?: string;
  /** Whether a tag stays at its image for ever; applications that push `latest` again then fail. @default false */
  readonly immutableTags?: boolean;
  /** Whether identities that push may also delete images (`roles/artifactregistry.repoAdmin`). @default false */
  readonly allowDelete?: boolean;
  /** After how many days an image without a tag goes, 1 to 36500. @default - never */
  readonly deleteUntaggedAfterDays?: number;
  /** How many of the newest versions of each image stay whatever their age, 1 to 10000. @default - none is kept on purpose */
  readonly keepNewest?: number;
  /** The KMS key, in the registry's location. @default - a key that Google manages */
  readonly encryptionKeyName?: string;
  /**
   * Whether Artifact Registry's service agent is granted the use of the key here. The agent exists once the project has used
   * the API. @default true
   */
  readonly grantEncryptionKey?: boolean;
  /** What happens on destroy; DELETE takes all images along, and there is no SNAPSHOT. @default DeletionPolicy.RETAIN */
  readonly deletionPolicy?: DeletionPolicy;
  /** The project. @default - the provider's */
  readonly project?: string;
  /** Labels. @default - none */
  readonly tags?: { readonly [name: string]: string };
  /** The provider. @default - the stack's only google provider */
  readonly provider?: TerraformProvider;
  /** What has to exist first. @default - nothing */
  readonly dependsOn?: ITerraformDependable[];
}

/**
 * A registry of container images in Artifact Registry; nobody reads it without a role.
 *
 * @example
 * const registry = new ArtifactRegistry(this, "images", { location: "europe-west1" });
 * registry.grantPush(identity);
 */
export class ArtifactRegistry extends Construct implements IImageRegistry {
  public readonly cloud = Cloud.GOOGLE;
  public readonly server: string;
  public readonly url: string;
  public readonly dependables: ITerraformDependable[];
  /** The repository. */
  public readonly resource: ArtifactRegistryRepository;
  private readonly grants: IdentityGrants;
  private readonly props: ArtifactRegistryProps;

  public constructor(scope: Construct, id: string, props: ArtifactRegistryProps) {
    super(scope, id);
    const { location, project, encryptionKeyName: keyName, provider, dependsOn } = props;
    const checks = new SynthChecks(this);
    check(checks, props);
    this.props = props;
    this.grants = new IdentityGrants(checks, "grantPush", this.cloud);
    const grant =
      keyName !== undefined && (props.grantEncryptionKey ?? true)
        ? new EncryptionGrant(this, "EncryptionGrant", {
            keyName,
            agentProject: "gcp-sa-artifactregistry",
            project,
            provider,
            dependsOn,
          }).resource
        : undefined;
    const repositoryId = props.repositoryId ?? physicalName(this, 63);
    checkUniqueName(checks, this, {
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
      kmsKeyName: keyName,
      lifecycle: retain ? { preventDestroy: true } : undefined,
      labels: props.tags,
      project,
      provider,
      dependsOn: grant ? [...(dependsOn ?? []), grant] : dependsOn,
    });
    this.server = `${location}-docker.pkg.dev`;
    this.url = `${this.server}/${inPaths(project ?? this.resource.project)}/${this.resource.repositoryId}`;
    this.dependables = [this.resource];
  }

  /**
   * Lets an identity pull and push the images of this registry, by a role in the repository.
   *
   * @param identity an identity with a Google service account (`GkeWorkloadIdentity`).
   */
  public grantPush(identity: IWorkloadIdentity): void {
    const { email } = identity as IGoogleWorkloadIdentity;
    if (!this.grants.begin(identity, email, "GkeWorkloadIdentity")) return;
    this.grantPushToMember(identityPart(this, identity), `serviceAccount:${email}`);
  }

  /**
   * The same for somebody who is no identity of a cluster, such as an account whose key the application has.
   *
   * @param id part of the construct id, known at synth.
   * @param member the member in IAM's words, such as `serviceAccount:NAME@PROJECT.iam.gserviceaccount.com`; may be a token.
   */
  public grantPushToMember(id: string, member: string): void {
    this.dependables.push(
      new ArtifactRegistryRepositoryIamMember(this, `Push-${id}`, {
        repository: this.resource.name,
        location: this.resource.location,
        project: this.resource.project,
        role: `roles/artifactregistry.${this.props.allowDelete ? "repoAdmin" : "writer"}`,
        member,
        provider: this.props.provider,
      }),
    );
  }
}

// A project of a domain, `example.com:platform`, is `example.com/platform` in names of images.
function inPaths(project: string): string {
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
  const { encryptionKeyName, location, deletionPolicy } = props;
  checks.matches(
    "location",
    location,
    /^([a-z]+-[a-z]+[0-9]+|europe|us|asia)$/,
    "allowed is a region such as europe-west1, or europe, us or asia",
  );
  checks.matches(
    "repositoryId",
    props.repositoryId,
    /^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/,
    "allowed are 1 to 63 lower-case letters, digits and hyphens, with a letter first and no hyphen last",
  );
  checks.wholeNumber("deleteUntaggedAfterDays", props.deleteUntaggedAfterDays, 1, 36_500, "days");
  checks.wholeNumber("keepNewest", props.keepNewest, 1, 10_000, "versions");
  if (props.keepNewest !== undefined && props.deleteUntaggedAfterDays === undefined) {
    checks.fail("keepNewest", props.keepNewest, "without deleteUntaggedAfterDays nothing is deleted anyway");
  }
  const key = /^projects\/[^/]+\/locations\/([^/]+)\/keyRings\/[^/]+\/cryptoKeys\/[^/]+$/;
  checks.matches(
    "encryptionKeyName",
    encryptionKeyName,
    key,
    "allowed is projects/PROJECT/locations/LOCATION/keyRings/RING/cryptoKeys/KEY",
  );
  const found = isResolved([encryptionKeyName, location])
    ? key.exec(encryptionKeyName ?? "")?.[1]
    : undefined;
  if (found !== undefined && found !== location) {
    checks.fail(
      "encryptionKeyName",
      encryptionKeyName,
      `the key has to be in the registry's location, ${location}`,
    );
  }
  checkLabels(checks, props.tags);
  if (deletionPolicy === DeletionPolicy.SNAPSHOT) {
    checks.fail(
      "deletionPolicy",
      deletionPolicy,
      "a registry has no snapshots; allowed are retain and delete",
    );
  }
  if (deletionPolicy === DeletionPolicy.DELETE) {
    checks.optOut("deletionPolicy: the registry and its images are deleted when it leaves the program");
  }
}
