/** A database, stores, registries and secrets for tests of Gitpod's installation. */
import { type TerraformStack, TerraformVariable } from "cdktf";
import {
  Cloud,
  DatabaseEngine,
  DatabaseLogin,
  DatabaseServer,
  type IWorkloadIdentity,
  MysqlVersion,
  SecretValue,
} from "../../../lib/database";
import {
  GitpodCertificate,
  GitpodConnection,
  GitpodDatabase,
  GitpodDatabaseMode,
  type GitpodDatabaseProps,
  GitpodEncryptionKeys,
  type GitpodInstallerConfigProps,
  GitpodObjectStorage,
  GitpodRegistry,
  GitpodSecret,
  GitpodVersion,
} from "../../../lib/gitpod";
import {
  type IImageRegistry,
  ImageRegistry,
  type IObjectStore,
  ObjectStore,
  type ObjectStoreAttributes,
  ObjectStoreKey,
  ObjectStoreKind,
  RegistryLogin,
} from "../../../lib/storage";

export const PEM = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----";
export const DOMAIN = "gitpod.example.com";

export const secret = (name: string, version = 1) =>
  SecretValue.fromEphemeral(`\${ephemeral.random_password.${name}.result}`, { version });

/** MySQL 8.0 at a private address on AWS; with a way through Gitpod's own proxy, at a public one of Cloud SQL. */
export function database(stack: TerraformStack, props: Partial<GitpodDatabaseProps> = {}): GitpodDatabase {
  const proxied = props.connection?.mode === GitpodDatabaseMode.CLOUD_SQL;
  const server = DatabaseServer.fromServerAttributes(stack, "server", {
    engine: DatabaseEngine.mysql(MysqlVersion.V8_0),
    host: "mysql.internal.example.com",
    isPrivate: !proxied,
    maxConnections: 1_000,
    parameters: { explicit_defaults_for_timestamp: "OFF" },
    tls: { enforced: true, hostnameVerifiable: true, caCertificatesPem: PEM },
    location: proxied
      ? { cloud: Cloud.GOOGLE, region: "europe-west1" }
      : { cloud: Cloud.AWS, region: "eu-central-1" },
    acceptExtendedSupport: "8.0",
  });
  return new GitpodDatabase(stack, "database", {
    database: server.database("gitpod", { owner: DatabaseLogin.withPassword("gitpod", secret("db")) }),
    namespace: "gitpod",
    encryptionKeys: GitpodEncryptionKeys.single(GitpodEncryptionKeys.material(secret("material"))),
    preflight: { enabled: false },
    ...props,
  });
}

export function s3(
  stack: TerraformStack,
  id = "store",
  props: Partial<ObjectStoreAttributes> = {},
): IObjectStore {
  return ObjectStore.fromObjectStoreAttributes(stack, id, {
    kind: ObjectStoreKind.S3,
    bucketName: `${id}-bucket`,
    region: "eu-central-1",
    endpoint: "s3.eu-central-1.amazonaws.com",
    cloud: props.endpoint === undefined ? Cloud.AWS : undefined,
    ...props,
  });
}

export const s3Key = () => ObjectStoreKey.s3("AKIAIOSFODNN7EXAMPLE", secret("s3"));

export function gcs(stack: TerraformStack): IObjectStore {
  return ObjectStore.fromObjectStoreAttributes(stack, "store", {
    kind: ObjectStoreKind.GCS,
    bucketName: "unused-bucket",
    region: "europe-west1",
    endpoint: "storage.googleapis.com",
    cloud: Cloud.GOOGLE,
    projectId: "gitpod-project",
  });
}

export function azure(stack: TerraformStack): IObjectStore {
  return ObjectStore.fromObjectStoreAttributes(stack, "store", {
    kind: ObjectStoreKind.AZURE_BLOB,
    bucketName: "gitpod",
    region: "westeurope",
    endpoint: "gitpodstore.blob.core.windows.net",
    cloud: Cloud.AZURE,
    accountName: "gitpodstore",
  });
}

export function imageRegistry(stack: TerraformStack, id = "images"): IImageRegistry {
  return ImageRegistry.fromRegistryAttributes(stack, id, { url: "registry.example.com/gitpod" });
}

export const login = () => RegistryLogin.of("pusher", secret("registry"));

export interface PartsOptions {
  readonly version?: GitpodVersion;
  /** S3 and a registry on S3; Cloud SQL by Gitpod's proxy, GCS and a registry outside; Azure's store and a registry on a volume. */
  readonly cloud?: "aws" | "google" | "azure";
  /** By identities, in place of a key. */
  readonly identities?: string[];
}

type Parts = Pick<GitpodInstallerConfigProps, "domain" | "database" | "storage" | "registry" | "certificate">;

/** The least that a configuration is made of. */
export function parts(stack: TerraformStack, options: PartsOptions = {}): Parts {
  const { version = GitpodVersion.V2022_11, cloud = "aws", identities } = options;
  const namespace = "gitpod";
  const connection =
    cloud === "google"
      ? GitpodConnection.bundledProxy({
          connectionName: "gitpod-project:europe-west1:mysql",
          credentials: secret("cloudsql"),
        })
      : undefined;
  const store = { aws: () => s3(stack), google: () => gcs(stack), azure: () => azure(stack) }[cloud]();
  const key = {
    aws: s3Key,
    google: () => ObjectStoreKey.gcs(secret("gcs")),
    azure: () => ObjectStoreKey.azureBlob("gitpodstore", secret("azure")),
  }[cloud]();
  const registry = {
    aws: () =>
      GitpodRegistry.inClusterOnS3(stack, "registry", {
        store: s3(stack, "images-store"),
        key: s3Key(),
        namespace,
      }),
    google: () =>
      GitpodRegistry.external(stack, "registry", {
        registry: imageRegistry(stack),
        login: login(),
        namespace,
      }),
    azure: () => GitpodRegistry.inCluster(stack, "registry"),
  }[cloud]();
  return {
    domain: DOMAIN,
    database: database(stack, { version, connection }),
    storage: new GitpodObjectStorage(stack, "storage", {
      store,
      namespace,
      version,
      ...(identities ? { identities: identities.map((each) => identity(stack, each)) } : { key }),
    }),
    registry,
    certificate: GitpodCertificate.certManager(stack, "certificate", { domain: DOMAIN }),
  };
}

/** Everything on. */
export function everything(
  stack: TerraformStack,
  version = GitpodVersion.V2022_11,
): GitpodInstallerConfigProps {
  return { ...parts(stack, { version }), ...extras(stack, version) };
}

/** What may be left out: all secrets that the configuration can name beside those of its parts. */
export function extras(
  stack: TerraformStack,
  version = GitpodVersion.V2022_11,
): Partial<GitpodInstallerConfigProps> {
  const namespace = "gitpod";
  const isOld = version === GitpodVersion.V2022_11;
  return {
    shortname: "eu",
    repository: "registry.example.com/gitpod-images",
    blobQuotaBytes: 1_000_000,
    privateBaseImages: ["registry.example.com", "docker.io"],
    allowedUserDomains: ["example.com"],
    openVsxUrl: "https://open-vsx.example.com",
    workspaces: {
      cpu: "2000m",
      memory: "4Gi",
      maxLifetime: "24h",
      timeout: "45m",
      extendedTimeout: "3h",
      timeoutAfterClose: "5m",
      image: "registry.example.com/workspace:1",
      containerdRuntimeDirectory: "/run/tasks",
      containerdSocket: "/run/containerd",
      ...(isOld ? { volume: { size: "50Gi", storageClass: "fast" }, prebuildVolume: { size: "30Gi" } } : {}),
    },
    customCa: GitpodSecret.customCa(stack, "ca", { namespace, caCertificatesPem: PEM }),
    ...(isOld
      ? { license: GitpodSecret.license(stack, "license", { namespace, license: secret("license") }) }
      : {}),
    sshHostKey: GitpodSecret.sshHostKey(stack, "ssh", { namespace, privateKey: secret("ssh") }),
    authProviders: [
      GitpodSecret.authProvider(stack, "github", {
        namespace,
        providerId: "Public-GitHub",
        host: "github.com",
        type: "GitHub",
        clientId: "id",
        clientSecret: secret("oauth"),
        domain: DOMAIN,
      }),
    ],
    httpProxy: GitpodSecret.httpProxy(stack, "proxy", {
      namespace,
      httpProxy: "http://proxy.internal:3128",
      noProxy: ["10.0.0.0/8", ".svc"],
    }),
    imagePullSecrets: [
      GitpodSecret.pullCredentials(stack, "pull", {
        namespace,
        registry: imageRegistry(stack, "pull-images"),
        login: login(),
      }),
    ],
    values: {
      components: { proxy: { service: { serviceType: "NodePort" } } },
      experimental: { workspace: { classes: {} } },
    },
  };
}

export function identity(stack: TerraformStack, account: string): IWorkloadIdentity {
  const role = new TerraformVariable(stack, `role_${account.replaceAll("-", "_")}`, {});
  return {
    cloud: Cloud.AWS,
    namespace: "gitpod",
    serviceAccountName: account,
    serviceAccountAnnotations: { "eks.amazonaws.com/role-arn": role.stringValue },
    podLabels: {},
    dependables: [],
  };
}
