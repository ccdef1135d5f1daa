import type { ITerraformDependable, TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { SynthChecks } from "../../database/private";
import type { HelmValues } from "../../kubernetes";
import { DatabaseSecret, SecretEntry } from "../../kubernetes";
import { checkLabelName } from "../../kubernetes/private";
import type { IImageRegistry, ObjectStoreKey } from "../../storage";
import { type IObjectStore, ObjectStoreKind, RegistryLogin } from "../../storage";
import { secretReference } from "../secrets/gitpod-secret";
import { keyFilePreconditions } from "../secrets/secret-checks";

/** Options of every registry with a secret. */
export interface GitpodRegistryOptions {
  /**
   * Kubernetes namespace of Gitpod, which must exist.
   *
   * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/
   */
  readonly namespace: string;
  /**
   * Name of the secret. @default "container-registry", or "container-registry-s3-backend" with a store, as in KOTS
   *
   * @see https://github.com/gitpod-io/gitpod/blob/2022.11.3/install/installer/docs/overview.md#container-registry
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

/** Properties of `GitpodRegistry.external`. */
export interface GitpodExternalRegistryProps extends GitpodRegistryOptions {
  /**
   * Registry. Gitpod creates repositories by pushing, which Amazon ECR does not support.
   *
   * @see https://github.com/gitpod-io/gitpod/blob/2022.11.3/install/installer/docs/overview.md#container-registry
   */
  readonly registry: IImageRegistry;
  /**
   * Login that can pull and push.
   *
   * @see https://github.com/gitpod-io/gitpod/blob/2022.11.3/install/installer/docs/overview.md#container-registry
   */
  readonly login: RegistryLogin;
}

/** Properties of `GitpodRegistry.inClusterOnS3`. */
export interface GitpodInClusterRegistryProps extends GitpodRegistryOptions {
  /**
   * S3 object store, other than that of the workspaces.
   *
   * @see https://github.com/gitpod-io/gitpod/blob/2022.11.3/install/installer/docs/overview.md#container-registry
   */
  readonly store: IObjectStore;
  /**
   * Access key of the store.
   *
   * @see https://github.com/gitpod-io/gitpod/blob/2022.11.3/install/installer/docs/overview.md#container-registry
   */
  readonly key: ObjectStoreKey;
}

/**
 * Container registry of the images that Gitpod builds. They can be built again, so losing them costs time but no work.
 *
 * @see https://github.com/gitpod-io/gitpod/blob/2022.11.3/install/installer/docs/overview.md
 *
 * @example
 * GitpodRegistry.inClusterOnS3(this, "registry", {
 *   store,
 *   key: ObjectStoreKey.s3("AKIAIOSFODNN7EXAMPLE", secret),
 *   namespace: "gitpod",
 * });
 */
export class GitpodRegistry extends Construct {
  /**
   * Registry outside the cluster.
   *
   * @param scope parent construct.
   * @param id construct id.
   * @param props registry and login.
   */
  public static external(scope: Construct, id: string, props: GitpodExternalRegistryProps): GitpodRegistry {
    return new GitpodRegistry(scope, id, { external: props });
  }

  /**
   * Gitpod's registry in the cluster, on a volume of fixed size. Not suitable for many images.
   *
   * @param scope parent construct.
   * @param id construct id.
   */
  public static inCluster(scope: Construct, id: string): GitpodRegistry {
    return new GitpodRegistry(scope, id, {});
  }

  /**
   * Gitpod's registry in the cluster with its images in an S3 object store, as required on AWS.
   *
   * @param scope parent construct.
   * @param id construct id.
   * @param props store and access key.
   */
  public static inClusterOnS3(
    scope: Construct,
    id: string,
    props: GitpodInClusterRegistryProps,
  ): GitpodRegistry {
    return new GitpodRegistry(scope, id, { inCluster: props });
  }

  /** Registry outside the cluster; not set in the cluster. */
  public readonly registry?: IImageRegistry;
  /** Login of the registry outside the cluster. */
  public readonly login?: RegistryLogin;
  /** Object store of the registry in the cluster; not set on a volume. */
  public readonly store?: IObjectStore;
  /** Access key of that store. */
  public readonly key?: ObjectStoreKey;
  /** Secret that holds the login or access key; not set on a volume. */
  public readonly secret?: DatabaseSecret;
  /** Name of the secret; not set on a volume. */
  public readonly secretName?: string;
  /** Kubernetes namespace of Gitpod; not set on a volume. */
  public readonly namespace?: string;
  /** Resources that must exist before Gitpod is installed. */
  public readonly dependables: ITerraformDependable[];

  private constructor(scope: Construct, id: string, kind: RegistryKind) {
    super(scope, id);
    const { external, inCluster } = kind;
    const options = external ?? inCluster;
    this.registry = external?.registry;
    this.login = external?.login;
    this.store = inCluster?.store;
    this.key = inCluster?.key;
    this.namespace = options?.namespace;
    this.check(options);
    if (external) {
      this.secretName = external.secretName ?? "container-registry";
      this.secret = this.makeSecret(
        external,
        this.secretName,
        [dockerConfig(external.registry, external.login)],
        "kubernetes.io/dockerconfigjson",
      );
      const precondition =
        external.login.username === RegistryLogin.GOOGLE_KEY_NAME
          ? keyFilePreconditions("The key of Gitpod's registry", external.login.password)
          : [];
      if (precondition.length > 0) this.secret.resource.lifecycle = { precondition };
    } else if (inCluster) {
      this.secretName = inCluster.secretName ?? "container-registry-s3-backend";
      this.secret = this.makeSecret(inCluster, this.secretName, [
        SecretEntry.plain("s3AccessKey", inCluster.key.name ?? ""),
        SecretEntry.secret("s3SecretKey", inCluster.key.secret),
      ]);
    }
    this.dependables = [
      ...(this.registry?.dependables ?? []),
      ...(this.store?.dependables ?? []),
      ...(this.secret?.dependables ?? []),
    ];
  }

  /** @internal The installer's `containerRegistry`. */
  public _containerRegistry(): HelmValues {
    const { registry, store, secretName } = this;
    const certificate = secretName === undefined ? undefined : secretReference(secretName);
    if (registry) return { inCluster: false, external: { url: registry.url, certificate } };
    if (!store) return { inCluster: true };
    const s3storage = {
      bucket: store.bucketName,
      region: store.region,
      endpoint: store.endpoint,
      certificate,
    };
    return { inCluster: true, s3storage };
  }

  private makeSecret(
    options: GitpodRegistryOptions,
    secretName: string,
    entries: SecretEntry[],
    type?: string,
  ): DatabaseSecret {
    return new DatabaseSecret(this, "Secret", {
      namespace: options.namespace,
      secretName,
      entries,
      type,
      labels: options.labels,
      provider: options.kubernetesProvider,
      dependsOn: options.dependsOn,
    });
  }

  private check(options: GitpodRegistryOptions | undefined): void {
    const checks = new SynthChecks(this, "GITPOD-REGISTRY");
    checkLabelName(checks, "namespace", options?.namespace);
    const { registry, store, key } = this;
    if (registry) {
      for (const property of ["server", "url"] as const) {
        checks.check(
          `registry.${property}`,
          registry[property],
          () => /^[A-Za-z0-9][^\s:/]*(:\d+)?(\/[^\s]*[^\s/])?$/.test(registry[property]),
          "must be a host without scheme and an optional path, without a slash at the end",
        );
      }
      checks.check(
        "registry.server",
        registry.server,
        () => !/\.dkr[.-]ecr(-fips)?\.[a-z0-9-]+\.(amazonaws|on)\./.test(registry.server),
        "must not be Amazon ECR, which does not create repositories when Gitpod pushes, and whose passwords expire after 12 hours; use GitpodRegistry.inClusterOnS3 with a bucket",
      );
      checks.check(
        "registry.server",
        registry.server,
        () => !/(^|\.)gcr\.io$/.test(registry.server),
        "must not be Container Registry, which Google shut down on 2025-03-18; use Artifact Registry",
      );
    }
    if (!store) return;
    if (store.kind !== ObjectStoreKind.S3) {
      checks.fail("store", store.kind, "must be S3, the only storage of Gitpod's registry");
    }
    if (key?.kind !== ObjectStoreKind.S3) {
      checks.fail(
        "key",
        key?.kind,
        "must be a key for S3, also at HEAD, whose installer crashes without one",
      );
    }
    for (const property of ["bucketName", "region", "endpoint"] as const) {
      checks.check(
        `store.${property}`,
        store[property],
        () => /\S/.test(store[property]),
        "must be set, because Gitpod's registry requires bucket, region, endpoint and key",
      );
    }
  }
}

interface RegistryKind {
  readonly external?: GitpodExternalRegistryProps;
  readonly inCluster?: GitpodInClusterRegistryProps;
}

// Plain JSON: the provider encodes the content of a secret in base64 itself.
function dockerConfig(registry: IImageRegistry, login: RegistryLogin): SecretEntry {
  const describedBy = `${registry.server} ${login.username}`;
  return SecretEntry.secret(".dockerconfigjson", login.dockerConfigJson(registry), describedBy);
}
