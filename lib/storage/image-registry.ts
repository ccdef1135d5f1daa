import type { ITerraformDependable } from "cdktf";
import type { IConstruct } from "constructs";
import type { Cloud, IWorkloadIdentity } from "../database";

/** A registry of container images, whoever runs it. */
export interface IImageRegistry extends IConstruct {
  /** The cloud that runs it. */
  readonly cloud: Cloud;
  /** The host that clients log in to, without scheme, such as `europe-west1-docker.pkg.dev`; may be a token. */
  readonly server: string;
  /** What images' names begin with: the host and, where there is one, the path; no slash at the end; may be a token. */
  readonly url: string;
  /** What has to exist before anybody uses it. */
  readonly dependables: ITerraformDependable[];

  /**
   * Lets an identity pull and push images of this registry, and nothing else. Asking twice changes nothing. A registry that
   * the library does not make grants nothing: it says so in the review, and access is the user's to give.
   *
   * @param identity the identity; one of another cloud is an error at synth.
   */
  grantPush(identity: IWorkloadIdentity): void;
}
