import type { ITerraformDependable } from "cdktf";
import type { Construct, IConstruct } from "constructs";
import type { Cloud, IGrant, IWorkloadIdentity, Protection } from "../database";
import { ImportedImageRegistry } from "./private/imported-image-registry";

/** A registry of container images, on any cloud or self-managed. */
export interface IImageRegistry extends IConstruct {
  /** Cloud of the registry. */
  readonly cloud: Cloud;
  /** Host that clients log in to, without scheme, such as `europe-west1-docker.pkg.dev`; may be a token. */
  readonly server: string;
  /** Prefix of image names: the host and, if there is one, the path, without a trailing slash; may be a token. */
  readonly url: string;
  /** Mechanisms that protect the images. Not set if they are not known, as for an existing registry; an empty list says that there are none. */
  readonly protections?: readonly Protection[];
  /** Resources that must exist before the registry is used. */
  readonly dependables: ITerraformDependable[];

  /**
   * Grants an identity permission to pull and push images of this registry; granting it again changes nothing. An existing
   * registry (`ImageRegistry.fromRegistryAttributes`) grants nothing and warns instead.
   *
   * @param identity the identity; an identity of another cloud is an error at synth.
   */
  grantPush(identity: IWorkloadIdentity): IGrant;
}

/** Attributes of an existing image registry. */
export interface ImageRegistryAttributes {
  /** Prefix of image names: the host and, if there is one, the path, such as `registry.example.com/gitpod`; may be a token. */
  readonly url: string;
  /** Host that clients log in to, with a port if it is not 443; may be a token. @default - `url` up to the first slash; required if `url` is a token */
  readonly server?: string;
  /** Cloud of the registry. @default Cloud.SELF_MANAGED */
  readonly cloud?: Cloud;
  /** Mechanisms that protect the images. @default - not known */
  readonly protections?: readonly Protection[];
  /** Resources that must exist before the registry is used. @default - none */
  readonly dependsOn?: ITerraformDependable[];
}

/** References to image registries that this program does not create. */
export class ImageRegistry {
  /**
   * An existing registry; creates no resources and grants no access.
   *
   * @param scope the scope.
   * @param id the construct id.
   * @param attrs the attributes of the registry.
   *
   * @example
   * const registry = ImageRegistry.fromRegistryAttributes(this, "registry", { url: "registry.example.com/gitpod" });
   */
  public static fromRegistryAttributes(
    scope: Construct,
    id: string,
    attrs: ImageRegistryAttributes,
  ): IImageRegistry {
    return new ImportedImageRegistry(scope, id, attrs);
  }

  private constructor() {}
}
