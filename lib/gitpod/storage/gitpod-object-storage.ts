import type { ITerraformDependable, TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { type IWorkloadIdentity, SecretValue } from "../../database";
import { terraformCall } from "../../database/private";
import { DatabaseSecret, type HelmValues, SecretEntry } from "../../kubernetes";
import { type IObjectStore, type ObjectStoreKey, ObjectStoreKind } from "../../storage";
import { secretReference } from "../secrets/gitpod-secret";
import { keyFilePreconditions } from "../secrets/secret-checks";
import { GitpodVersion } from "../version/gitpod-version";
import { checkGitpodObjectStorage } from "./gitpod-object-storage-checks";
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

/** KOTS's names of the secrets. */
const SECRET_NAMES: { readonly [kind: string]: string } = {
  [ObjectStoreKind.S3]: "storage-s3",
  [ObjectStoreKind.GCS]: "storage-gcp",
  [ObjectStoreKind.AZURE_BLOB]: "storage-azure",
};

/**
 * Where Gitpod keeps workspaces: a store, and the secret with its key or the grants for identities.
 *
 * @example
 * new GitpodObjectStorage(this, "storage", {
 *   store,
 *   key: ObjectStoreKey.s3("AKIAIOSFODNN7EXAMPLE", secret),
 *   namespace: "gitpod",
 * });
 */
export class GitpodObjectStorage extends Construct {
  /** The store. */
  public readonly store: IObjectStore;
  /** The key; not set with identities. */
  public readonly key?: ObjectStoreKey;
  /** The secret; not set with identities. */
  public readonly secret?: DatabaseSecret;
  /** The secret's name; not set with identities. */
  public readonly secretName?: string;
  /** The store's region, which Gitpod wants as `metadata.region`; may be a token. */
  public readonly region: string;
  /** The identities in place of a key. */
  public readonly identities: IWorkloadIdentity[];
  /** The version of Gitpod. */
  public readonly version: GitpodVersion;
  /** Gitpod's namespace. */
  public readonly namespace: string;
  /** Whether Gitpod speaks to the store without TLS. */
  public readonly allowInsecureConnection: boolean;
  /** What has to exist before Gitpod is installed. */
  public readonly dependables: ITerraformDependable[];

  public constructor(scope: Construct, id: string, props: GitpodObjectStorageProps) {
    super(scope, id);
    const { store, key } = props;
    this.store = store;
    this.key = key;
    this.region = store.region;
    this.identities = props.identities ?? [];
    this.version = props.version ?? GitpodVersion.V2022_11;
    this.namespace = props.namespace;
    this.allowInsecureConnection = props.allowInsecureConnection ?? false;
    checkGitpodObjectStorage(this, props);
    for (const identity of this.identities) store.grantReadWrite(identity);
    if (key && key.kind === store.kind) {
      this.secretName = props.secretName ?? SECRET_NAMES[store.kind];
      this.secret = new DatabaseSecret(this, "Secret", {
        namespace: props.namespace,
        secretName: this.secretName as string,
        entries: entries(key, this.version),
        labels: props.labels,
        provider: props.kubernetesProvider,
        dependsOn: props.dependsOn,
      });
      const precondition =
        key.kind === ObjectStoreKind.GCS
          ? keyFilePreconditions("The key of Gitpod's object storage", key.secret)
          : [];
      if (precondition.length > 0) this.secret.resource.lifecycle = { precondition };
    }
    this.dependables = [
      ...store.dependables,
      ...this.identities.flatMap((identity) => identity.dependables),
      ...(this.secret?.dependables ?? []),
    ];
  }

  /** @internal The installer's `objectStorage`. */
  public _objectStorage(): HelmValues {
    const { store } = this;
    const reference = this.secretName === undefined ? undefined : secretReference(this.secretName);
    switch (store.kind) {
      case ObjectStoreKind.GCS:
        return { inCluster: false, cloudStorage: { project: store.projectId, serviceAccount: reference } };
      case ObjectStoreKind.AZURE_BLOB:
        return { inCluster: false, azure: { credentials: reference } };
      default: {
        const s3 = {
          endpoint: store.endpoint,
          bucket: store.bucketName,
          credentials: reference,
          allowInsecureConnection: this.allowInsecureConnection || undefined,
        };
        return { inCluster: false, s3 };
      }
    }
  }

  /**
   * @internal The installer's `customization`, by which it annotates the service accounts. It looks for the annotations of an
   * account under the kind ConfigMap (`DefaultServiceAccount` of pkg/common/objects.go, 2022.11.3 and HEAD of 2026-07), so
   * a component's config map gets them too, where nobody reads them.
   */
  public _customization(): HelmValues[] {
    return this.identities
      .filter((identity) => Object.keys(identity.serviceAccountAnnotations).length > 0)
      .map((identity) => ({
        apiVersion: "v1",
        kind: "ConfigMap",
        metadata: {
          name: identity.serviceAccountName,
          annotations: { ...identity.serviceAccountAnnotations },
        },
      }));
  }
}

// The keys that the installer demands (ClusterValidation of pkg/config/v1/validation.go, 2022.11.3 and HEAD of 2026-07).
function entries(key: ObjectStoreKey, version: GitpodVersion): SecretEntry[] {
  switch (key.kind) {
    case ObjectStoreKind.GCS:
      return [SecretEntry.secret("service-account.json", key.secret)];
    case ObjectStoreKind.AZURE_BLOB:
      return [SecretEntry.plain("accountName", key.name ?? ""), SecretEntry.secret("accountKey", key.secret)];
    default:
      return [
        SecretEntry.plain("accessKeyId", key.name ?? ""),
        SecretEntry.secret("secretAccessKey", key.secret),
        // HEAD checks the two above and reads this one, as a file of AWS's SDK (StorageConfig of pkg/common/storage.go).
        ...(version.name === GitpodVersion.HEAD.name ? [sharedCredentials(key)] : []),
      ];
  }
}

function sharedCredentials(key: ObjectStoreKey): SecretEntry {
  const text = terraformCall("join", "\n", [
    "[default]",
    terraformCall("format", "aws_access_key_id = %s", terraformCall("trimspace", key.name ?? "")),
    terraformCall("format", "aws_secret_access_key = %s", terraformCall("trimspace", key.secret.writeOnly())),
  ]);
  const { version, dependables } = key.secret;
  return SecretEntry.secret(
    "credentials",
    SecretValue.fromEphemeral(text, { version, dependables }),
    key.name,
  );
}
