import type { ITerraformDependable, TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { type IWorkloadIdentity, SecretValue } from "../../database";
import { requireProps, terraformCall } from "../../database/private";
import { DatabaseSecret, type HelmValues, SecretEntry } from "../../kubernetes";
import { type IObjectStore, type ObjectStoreKey, ObjectStoreKind } from "../../storage";
import { secretReference } from "../secrets/gitpod-secret";
import { keyFilePreconditions } from "../secrets/secret-checks";
import { GitpodVersion } from "../version/gitpod-version";
import { checkGitpodObjectStorage } from "./gitpod-object-storage-checks";
/** Properties of a `GitpodObjectStorage`. */
export interface GitpodObjectStorageProps {
  /**
   * Object store. On Google Cloud and Azure, Gitpod creates a bucket or container for each user and only uses the region and the
   * project or account of this store, so it should have a dedicated project or account.
   *
   * @see https://github.com/gitpod-io/gitpod/blob/2022.11.3/install/installer/docs/overview.md#object-storage
   */
  readonly store: IObjectStore;
  /**
   * Kubernetes namespace of Gitpod, which must exist.
   *
   * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/
   */
  readonly namespace: string;
  /**
   * Access key of the store. @default - none; only with `identities`, on S3 at HEAD
   *
   * @see https://github.com/gitpod-io/gitpod/blob/2022.11.3/install/installer/docs/overview.md#object-storage
   */
  readonly key?: ObjectStoreKey;
  /**
   * Identities of Gitpod's service accounts `content-service`, `ws-daemon` and `ws-manager-mk2`, instead of a key. Each is
   * granted read and write access to the store, and the installer annotates the service accounts. S3 at HEAD only.
   * @default - none
   *
   * @see https://kubernetes.io/docs/concepts/security/service-accounts/
   */
  readonly identities?: IWorkloadIdentity[];
  /**
   * Gitpod version. @default GitpodVersion.V2022_11
   *
   * @see https://github.com/gitpod-io/gitpod/releases
   */
  readonly version?: GitpodVersion;
  /**
   * Connects to the store without TLS. Recorded as an opt-out. @default false
   *
   * @see https://github.com/gitpod-io/gitpod/blob/2022.11.3/install/installer/pkg/config/v1/config.go
   */
  readonly allowInsecureConnection?: boolean;
  /**
   * Name of the secret. @default "storage-s3", "storage-gcp" or "storage-azure", as in KOTS
   *
   * @see https://github.com/gitpod-io/gitpod/blob/2022.11.3/install/installer/docs/overview.md#object-storage
   */
  readonly secretName?: string;
  /**
   * Labels of the secret. @default - none
   *
   * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/
   */
  readonly labels?: { readonly [name: string]: string };
  /** Kubernetes provider. @default - the default provider of the stack */
  readonly kubernetesProvider?: TerraformProvider;
  /** Resources that must exist first, such as the namespace. @default - none */
  readonly dependsOn?: ITerraformDependable[];
}

/** Names of the secrets in KOTS. */
const SECRET_NAMES: { readonly [kind: string]: string } = {
  [ObjectStoreKind.S3]: "storage-s3",
  [ObjectStoreKind.GCS]: "storage-gcp",
  [ObjectStoreKind.AZURE_BLOB]: "storage-azure",
};

/**
 * Object storage of Gitpod's workspaces: a store, and a secret with its access key or grants for identities.
 *
 * @see https://github.com/gitpod-io/gitpod/blob/2022.11.3/install/installer/docs/overview.md
 *
 * @example
 * new GitpodObjectStorage(this, "storage", {
 *   store,
 *   key: ObjectStoreKey.s3("AKIAIOSFODNN7EXAMPLE", secret),
 *   namespace: "gitpod",
 * });
 */
export class GitpodObjectStorage extends Construct {
  /** Object store. */
  public readonly store: IObjectStore;
  /** Access key; not set with identities. */
  public readonly key?: ObjectStoreKey;
  /** Secret that holds the access key; not set with identities. */
  public readonly secret?: DatabaseSecret;
  /** Name of the secret; not set with identities. */
  public readonly secretName?: string;
  /** Region of the store, for `metadata.region`; may be a token. */
  public readonly region: string;
  /** Identities, instead of an access key. */
  public readonly identities: IWorkloadIdentity[];
  /** Gitpod version. */
  public readonly version: GitpodVersion;
  /** Kubernetes namespace of Gitpod. */
  public readonly namespace: string;
  /** True if Gitpod connects to the store without TLS. */
  public readonly allowInsecureConnection: boolean;
  /** Resources that must exist before Gitpod is installed. */
  public readonly dependables: ITerraformDependable[];

  public constructor(scope: Construct, id: string, props: GitpodObjectStorageProps) {
    super(scope, id);
    requireProps(this.node.path, "GITPOD-STORAGE", props, { store: true, namespace: true });
    const { store, key } = props;
    this.store = store;
    this.key = key;
    this.region = store.region;
    this.identities = props.identities ?? [];
    this.version = props.version ?? GitpodVersion.V2022_11;
    this.namespace = props.namespace;
    this.allowInsecureConnection = props.allowInsecureConnection ?? false;
    checkGitpodObjectStorage(this, props);
    for (const identity of this.identities) {
      store.grantReadWrite(identity);
      // Gitpod hands out signed URLs of workspace backups.
      store.grantSignUrls(identity);
    }
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
   * @internal The installer's `customization`, by which it annotates the service accounts. The installer reads the annotations of
   * a service account under the kind ConfigMap (`DefaultServiceAccount` of pkg/common/objects.go, 2022.11.3 and HEAD of 2026-07), so
   * the config map of the component gets them too, without effect.
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

// Keys that the installer requires (ClusterValidation of pkg/config/v1/validation.go, 2022.11.3 and HEAD of 2026-07).
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
        // HEAD validates the two above and reads this one, a credentials file of the AWS SDK (StorageConfig of pkg/common/storage.go).
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
