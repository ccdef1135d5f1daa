import type { ITerraformDependable, TerraformProvider } from "cdktf";
import type { IWorkloadIdentity } from "../../database";
import type { IObjectStore, ObjectStoreKey } from "../../storage";
import type { GitpodVersion } from "../gitpod-version";

/** Properties of a `GitpodObjectStorage`. */
export interface GitpodObjectStorageProps {
  /**
   * The store. On Google and Azure Gitpod makes a bucket or container for each user itself, and takes from here only the region and the
   * project or account: give it one of its own.
   */
  readonly store: IObjectStore;
  /** Gitpod's namespace, which has to exist. */
  readonly namespace: string;
  /** The key with which Gitpod reaches the store. @default - none: S3 at HEAD, by `identities` */
  readonly key?: ObjectStoreKey;
  /**
   * The identities of Gitpod's service accounts `content-service`, `ws-daemon` and `ws-manager-mk2`, in place of a key. Each
   * gets the right to read and write this store, and the installer annotates the accounts. S3 at HEAD only.
   * @default - none
   */
  readonly identities?: IWorkloadIdentity[];
  /** The version of Gitpod. @default GitpodVersion.V2022_11 */
  readonly version?: GitpodVersion;
  /** Whether Gitpod speaks to the store without TLS. Recorded as an opt-out. @default false */
  readonly allowInsecureConnection?: boolean;
  /** The secret's name. @default "storage-s3", "storage-gcp" or "storage-azure", KOTS's names */
  readonly secretName?: string;
  /** Labels. @default - none */
  readonly labels?: { readonly [name: string]: string };
  /** The Kubernetes provider. @default - the stack's only one */
  readonly kubernetesProvider?: TerraformProvider;
  /** What has to exist first, such as the namespace. @default - nothing */
  readonly dependsOn?: ITerraformDependable[];
}
