import type { ITerraformDependable, TerraformProvider } from "cdktf";
import type { Construct } from "constructs";
import { requireProps } from "../../database/private";
import {
  ArtifactRegistryBase,
  checkLocation,
  checkRepositoryId,
  type RepositoryReference,
} from "./repository-grants";

/** Attributes of an existing repository. */
export interface ArtifactRegistryAttributes {
  /**
   * Repository id; may be a token.
   *
   * @see https://cloud.google.com/artifact-registry/docs/repositories/create-repos
   */
  readonly repositoryId: string;
  /**
   * Location of the repository; may be a token.
   *
   * @see https://cloud.google.com/artifact-registry/docs/repositories/repo-locations
   */
  readonly location: string;
  /**
   * Project of the repository; may be a token.
   *
   * @see https://cloud.google.com/resource-manager/docs/creating-managing-projects#identifying_projects
   */
  readonly project: string;
  /**
   * Grants identities that push also the deletion of images. @default false
   *
   * @see https://cloud.google.com/artifact-registry/docs/access-control#roles
   */
  readonly allowDelete?: boolean;
  /** The google provider. @default - the stack's only google provider */
  readonly provider?: TerraformProvider;
  /** Resources that must exist before a client uses the repository. @default - none */
  readonly dependsOn?: ITerraformDependable[];
}

/** A repository that exists. @internal */
export class ImportedArtifactRegistry extends ArtifactRegistryBase {
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
