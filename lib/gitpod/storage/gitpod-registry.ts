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

/** What every way to a registry may be given. */
export interface GitpodRegistryOptions {
  /** Gitpod's namespace, which has to exist. */
  readonly namespace: string;
  /** The secret's name. @default "container-registry", or "container-registry-s3-backend" with a store; KOTS's names */
  readonly secretName?: string;
  /** Labels. @default - none */
  readonly labels?: { readonly [name: string]: string };
  /** The Kubernetes provider. @default - the stack's only one */
  readonly kubernetesProvider?: TerraformProvider;
  /** What has to exist first, such as the namespace. @default - nothing */
  readonly dependsOn?: ITerraformDependable[];
}

/** A registry outside the cluster. */
export interface GitpodExternalRegistryProps extends GitpodRegistryOptions {
  /** The registry. Gitpod makes repositories by pushing, which Amazon's ECR does not allow. */
  readonly registry: IImageRegistry;
  /** A login that may pull and push. */
  readonly login: RegistryLogin;
}

/** Gitpod's own registry in the cluster, which keeps its images in a store. */
export interface GitpodInClusterRegistryProps extends GitpodRegistryOptions {
  /** The store, which speaks S3; one of its own, apart from the workspaces'. */
  readonly store: IObjectStore;
  /** The key with which the registry reaches it. */
  readonly key: ObjectStoreKey;
}

/**
 * Where Gitpod keeps the images that it builds. They can be built again, so losing them costs time and no work.
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
   * A registry outside the cluster.
   *
   * @param scope the construct that it belongs to.
   * @param id the construct's id.
   * @param props registry and login.
   */
  public static external(scope: Construct, id: string, props: GitpodExternalRegistryProps): GitpodRegistry {
    return new GitpodRegistry(scope, id, { external: props });
  }

  /**
   * Gitpod's own registry on a volume of the cluster, which is no place for much: the volume has a fixed size.
   *
   * @param scope the construct that it belongs to.
   * @param id the construct's id.
   */
  public static inCluster(scope: Construct, id: string): GitpodRegistry {
    return new GitpodRegistry(scope, id, {});
  }

  /**
   * Gitpod's own registry, with its images in a store: the way on AWS.
   *
   * @param scope the construct that it belongs to.
   * @param id the construct's id.
   * @param props store and key.
   */
  public static inClusterOnS3(
    scope: Construct,
    id: string,
    props: GitpodInClusterRegistryProps,
  ): GitpodRegistry {
    return new GitpodRegistry(scope, id, { inCluster: props });
  }

  /** The registry outside the cluster, when it is one. */
  public readonly registry?: IImageRegistry;
  /** The login of the registry outside the cluster. */
  public readonly login?: RegistryLogin;
  /** The store of the registry in the cluster, when it has one. */
  public readonly store?: IObjectStore;
  /** The key of that store. */
  public readonly key?: ObjectStoreKey;
  /** The secret; not set for a registry on a volume. */
  public readonly secret?: DatabaseSecret;
  /** The secret's name; not set for a registry on a volume. */
  public readonly secretName?: string;
  /** Gitpod's namespace; not set for a registry on a volume. */
  public readonly namespace?: string;
  /** What has to exist before Gitpod is installed. */
  public readonly dependables: ITerraformDependable[];

  private constructor(scope: Construct, id: string, way: RegistryWay) {
    super(scope, id);
    const { external, inCluster } = way;
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
    const checks = new SynthChecks(this);
    checkLabelName(checks, "namespace", options?.namespace);
    const { registry, store, key } = this;
    if (registry) {
      for (const property of ["server", "url"] as const) {
        checks.check(
          `registry.${property}`,
          registry[property],
          () => /^[A-Za-z0-9][^\s:/]*(:\d+)?(\/[^\s]*[^\s/])?$/.test(registry[property]),
          "allowed is a host without scheme, followed by a path where there is one, with no slash at the end",
        );
      }
      checks.check(
        "registry.server",
        registry.server,
        () => !/\.dkr\.ecr\.[a-z0-9-]+\.amazonaws\.com/.test(registry.server),
        "Gitpod pushes to repositories that ECR would have to make and does not; use GitpodRegistry.inClusterOnS3 with a bucket",
      );
      checks.check(
        "registry.server",
        registry.server,
        () => !/(^|\.)gcr\.io$/.test(registry.server),
        "Google shut its Container Registry down on 2025-03-18; use Artifact Registry",
      );
    }
    if (!store) return;
    if (store.kind !== ObjectStoreKind.S3) {
      checks.fail("store", store.kind, "Gitpod's own registry keeps its images on S3 only");
    }
    if (key?.kind !== ObjectStoreKind.S3) {
      checks.fail(
        "key",
        key?.kind,
        "the registry needs a key for S3, also at HEAD, whose installer crashes without one",
      );
    }
    for (const property of ["bucketName", "region", "endpoint"] as const) {
      checks.check(
        `store.${property}`,
        store[property],
        () => /\S/.test(store[property]),
        "Gitpod's own registry needs bucket, region, endpoint and key",
      );
    }
  }
}

interface RegistryWay {
  readonly external?: GitpodExternalRegistryProps;
  readonly inCluster?: GitpodInClusterRegistryProps;
}

// Plain JSON: the provider encodes what is in a secret, and twice would be once too often.
function dockerConfig(registry: IImageRegistry, login: RegistryLogin): SecretEntry {
  const describedBy = `${registry.server} ${login.username}`;
  return SecretEntry.secret(".dockerconfigjson", login.dockerConfigJson(registry), describedBy);
}
