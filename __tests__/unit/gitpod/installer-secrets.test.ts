/** Secrets of the installation: required keys and types, without double base64. */
import { type TerraformStack, TerraformVariable } from "cdktf";
import type { Construct } from "constructs";
import {
  GitpodCertificate,
  GitpodLicensor,
  GitpodObjectStorage,
  type GitpodObjectStorageProps,
  GitpodRegistry,
  GitpodSecret,
  GitpodVersion,
} from "../../../lib/gitpod";
import { ImageRegistry, ObjectStoreKey, ObjectStoreKind, RegistryLogin } from "../../../lib/storage";
import { problemsOf, synthesize } from "../../support/synth";
import {
  azure,
  DOMAIN,
  gcs,
  identity,
  imageRegistry,
  login,
  PEM,
  s3,
  s3Key,
  secret,
} from "./installer-fixture";

const namespace = "gitpod";
type Build = (stack: TerraformStack) => Construct;

const secretOf = (build: Build) =>
  synthesize((stack) => {
    build(stack);
  }).resource("kubernetes_secret_v1");

const storage = (stack: TerraformStack, props: Partial<GitpodObjectStorageProps>) =>
  new GitpodObjectStorage(stack, "storage", { store: props.store ?? s3(stack), namespace, ...props });

const authProvider = (stack: TerraformStack, over = {}) =>
  GitpodSecret.authProvider(stack, "x", {
    namespace,
    providerId: "Public-GitHub",
    host: "github.com",
    type: "GitHub",
    clientId: "id",
    clientSecret: secret("oauth"),
    domain: DOMAIN,
    ...over,
  });

describe("names, keys and types", () => {
  test.each<[string, string, string, string[], Build]>([
    [
      "S3",
      "storage-s3",
      "Opaque",
      ["accessKeyId", "secretAccessKey"],
      (stack) => storage(stack, { key: s3Key() }),
    ],
    [
      "S3 at HEAD, which reads AWS's file",
      "storage-s3",
      "Opaque",
      ["accessKeyId", "secretAccessKey", "credentials"],
      (stack) => storage(stack, { key: s3Key(), version: GitpodVersion.HEAD }),
    ],
    [
      "Google",
      "storage-gcp",
      "Opaque",
      ["service-account.json"],
      (stack) => storage(stack, { store: gcs(stack), key: ObjectStoreKey.gcs(secret("k")) }),
    ],
    [
      "Azure",
      "storage-azure",
      "Opaque",
      ["accountName", "accountKey"],
      (stack) =>
        storage(stack, { store: azure(stack), key: ObjectStoreKey.azureBlob("gitpodstore", secret("k")) }),
    ],
    [
      "a registry outside",
      "container-registry",
      "kubernetes.io/dockerconfigjson",
      [".dockerconfigjson"],
      (stack) =>
        GitpodRegistry.external(stack, "r", { namespace, registry: imageRegistry(stack), login: login() }),
    ],
    [
      "a registry on S3",
      "container-registry-s3-backend",
      "Opaque",
      ["s3AccessKey", "s3SecretKey"],
      (stack) =>
        GitpodRegistry.inClusterOnS3(stack, "r", { namespace, store: s3(stack, "r-store"), key: s3Key() }),
    ],
    [
      "a certificate",
      "https-certificates",
      "kubernetes.io/tls",
      ["tls.crt", "tls.key"],
      (stack) =>
        GitpodCertificate.fromPem(stack, "c", { namespace, certificatePem: PEM, privateKey: secret("tls") }),
    ],
    [
      "authorities",
      "ca-certificate",
      "Opaque",
      ["ca.crt"],
      (stack) => GitpodSecret.customCa(stack, "x", { namespace, caCertificatesPem: PEM }),
    ],
    [
      "a licence",
      "gitpod-license",
      "Opaque",
      ["license", "type"],
      (stack) => GitpodSecret.license(stack, "x", { namespace, license: secret("l") }),
    ],
    [
      "an SSH key",
      "ssh-gateway-host-key",
      "Opaque",
      ["host.key"],
      (stack) => GitpodSecret.sshHostKey(stack, "x", { namespace, privateKey: secret("ssh") }),
    ],
    ["a provider of log-ins", "auth-provider-public-github", "Opaque", ["provider"], authProvider],
    [
      "a proxy",
      "http-proxy-settings",
      "Opaque",
      ["httpProxy", "httpsProxy", "noProxy"],
      (stack) =>
        GitpodSecret.httpProxy(stack, "x", { namespace, httpProxy: "http://p:3128", noProxy: [".svc"] }),
    ],
    [
      "pull credentials",
      "custom-registry-credentials",
      "kubernetes.io/dockerconfigjson",
      [".dockerconfigjson"],
      (stack) =>
        GitpodSecret.pullCredentials(stack, "x", {
          namespace,
          registry: imageRegistry(stack),
          login: login(),
        }),
    ],
  ])("%s", (_, name, type, keys, build) => {
    const made = secretOf(build);
    expect(made.metadata).toEqual({ name, namespace });
    expect(made.type).toBe(type);
    expect(Object.keys(made.data_wo)).toEqual(keys);
    expect(made.data).toBeUndefined();
  });

  test("the login of a registry is plain JSON, which the provider encodes once", () => {
    const made = secretOf((stack) =>
      GitpodRegistry.external(stack, "r", { namespace, registry: imageRegistry(stack), login: login() }),
    );
    const text = made.data_wo[".dockerconfigjson"];
    expect(text).toMatch(/^\$\{trimspace\(jsonencode\(/);
    expect(text.match(/base64encode/g)).toHaveLength(1);
    expect(text).toContain('base64encode(format("%s:%s", "pusher"');
  });

  test.each<[string, Build, string]>([
    [
      "the store",
      (stack) => storage(stack, { store: gcs(stack), key: ObjectStoreKey.gcs(secret("file")) }),
      "object storage",
    ],
    [
      "the registry",
      (stack) =>
        GitpodRegistry.external(stack, "r", {
          namespace,
          registry: imageRegistry(stack),
          login: RegistryLogin.googleKey(secret("file")),
        }),
      "registry",
    ],
  ])("a Google key file for %s in base64 fails a precondition", (_, build, what) => {
    expect(secretOf(build).lifecycle.precondition).toEqual([
      {
        condition: '${can(lookup(jsondecode(ephemeral.random_password.file.result), "private_key"))}',
        error_message: `The key of Gitpod's ${what} is no service account's key file: JSON with a private_key, and not its base64.`,
      },
    ]);
  });

  test("a password of another registry is not checked as a key file", () => {
    const made = secretOf((stack) =>
      GitpodRegistry.external(stack, "r", { namespace, registry: imageRegistry(stack), login: login() }),
    );
    expect(made.lifecycle).toBeUndefined();
  });

  test("the AWS credentials file has a default profile", () => {
    const made = secretOf((stack) => storage(stack, { key: s3Key(), version: GitpodVersion.HEAD }));
    expect(made.data_wo.credentials).toContain('join("\\n", ["[default]", format("aws_access_key_id = %s"');
  });

  test("an authentication provider has its callback URL and secret", () => {
    const text = secretOf(authProvider).data_wo.provider;
    expect(text).toContain('"callBackUrl" = "https://gitpod.example.com/auth/github.com/callback"');
    expect(text).toContain('"clientSecret" = trimspace(ephemeral.random_password.oauth.result)');
  });

  test("a license has its issuer", () => {
    const made = secretOf((stack) =>
      GitpodSecret.license(stack, "x", {
        namespace,
        license: secret("l"),
        type: GitpodLicensor.REPLICATED,
      }),
    );
    expect(made.data_wo.type).toBe("replicated");
  });

  test("a changed key or key id updates the secret", () => {
    const revision = (key: ObjectStoreKey, version = GitpodVersion.V2022_11) =>
      secretOf((stack) => storage(stack, { key, version })).data_wo_revision;
    const first = revision(ObjectStoreKey.s3("AKIAIOSFODNN7EXAMPLE", secret("a")));
    expect(revision(ObjectStoreKey.s3("AKIAIOSFODNN7EXAMPLE", secret("a", 2)))).not.toBe(first);
    expect(revision(ObjectStoreKey.s3("AKIAIOSFODNN7EXAMPLF", secret("a")))).not.toBe(first);
  });

  test("identities are granted access without a secret", () => {
    const accounts = ["content-service", "ws-daemon", "ws-manager-mk2"];
    const { resources, warnings } = synthesize((stack) => {
      storage(stack, {
        version: GitpodVersion.HEAD,
        identities: accounts.map((each) => identity(stack, each)),
      });
    });
    expect(resources("kubernetes_secret_v1")).toEqual([]);
    for (const account of accounts) {
      expect(warnings.map(({ message }) => message).join("\n")).toContain(`gitpod/${account}`);
    }
  });

  test("the cert-manager certificate has three DNS names", () => {
    let certificate: GitpodCertificate | undefined;
    synthesize((stack) => {
      certificate = GitpodCertificate.certManager(stack, "c", { domain: DOMAIN });
    });
    expect(certificate?.manifest).toEqual({
      apiVersion: "cert-manager.io/v1",
      kind: "Certificate",
      metadata: { name: "https-certificates" },
      spec: {
        secretName: "https-certificates",
        issuerRef: { name: "gitpod-issuer", kind: "ClusterIssuer" },
        dnsNames: ["gitpod.example.com", "*.gitpod.example.com", "*.ws.gitpod.example.com"],
      },
    });
  });
});

describe("refusals", () => {
  const key = () => ({ key: s3Key() });
  test.each<[string, Build, string]>([
    [
      "no key in 2022.11",
      (stack) => storage(stack, {}),
      "GITPOD-STORAGE-KEY: key must be set, because Gitpod 2022.11 only supports access keys on S3 (got not set); create one outside Terraform",
    ],
    [
      "neither key nor identities at HEAD",
      (stack) => storage(stack, { version: GitpodVersion.HEAD }),
      "GITPOD-STORAGE-KEY: key must be set, or identities of Gitpod's service accounts (got not set)",
    ],
    [
      "no bucket in 2022.11",
      (stack) => storage(stack, { store: s3(stack, "empty", { bucketName: "" }), ...key() }),
      'GITPOD-STORAGE-STORE-BUCKET-NAME: store.bucketName must be set, because Gitpod would create a bucket for each user, with permissions on the whole account and up to its quota (got ""); HEAD does not support that',
    ],
    [
      "no bucket at HEAD",
      (stack) =>
        storage(stack, {
          store: s3(stack, "empty", { bucketName: "" }),
          ...key(),
          version: GitpodVersion.HEAD,
        }),
      'GITPOD-STORAGE-STORE-BUCKET-NAME: store.bucketName must be set, because Gitpod would create a bucket for each user, with permissions on the whole account and up to its quota (got ""); HEAD does not support that',
    ],
    [
      "no region",
      (stack) =>
        storage(stack, { store: s3(stack, "nowhere", { region: "", endpoint: "s3.example.com" }), ...key() }),
      'GITPOD-STORAGE-STORE-REGION: store.region must be set, because Gitpod requires it as metadata.region (got "")',
    ],
    [
      "Azure at HEAD",
      (stack) =>
        storage(stack, {
          store: azure(stack),
          key: ObjectStoreKey.azureBlob("gitpodstore", secret("k")),
          version: GitpodVersion.HEAD,
        }),
      'GITPOD-STORAGE-STORE: store must be S3 or Google Cloud Storage, because Gitpod HEAD no longer supports Azure Blob Storage (got "azure-blob"); 2022.11 does',
    ],
    [
      "another account's key",
      (stack) => storage(stack, { store: azure(stack), key: ObjectStoreKey.azureBlob("other", secret("k")) }),
      'GITPOD-STORAGE-KEY-NAME: key.name must be the storage account of the store, gitpodstore (got "other")',
    ],
    [
      "a key of another kind",
      (stack) => storage(stack, { key: ObjectStoreKey.gcs(secret("k")) }),
      `key must be a key for s3, the kind of the store (got "${ObjectStoreKind.GCS}")`,
    ],
    [
      "identities in 2022.11",
      (stack) => storage(stack, { ...key(), identities: [identity(stack, "ws-daemon")] }),
      "GITPOD-STORAGE-IDENTITIES: identities must not be set, except at HEAD on S3 (got 1); use key",
    ],
    [
      "too few identities",
      (stack) => storage(stack, { version: GitpodVersion.HEAD, identities: [identity(stack, "ws-daemon")] }),
      'GITPOD-STORAGE-IDENTITIES-MISSING: identities must include an identity of the service account content-service, which uses the store (got ["ws-daemon"])',
    ],
    [
      "an identity too many",
      (stack) =>
        storage(stack, {
          version: GitpodVersion.HEAD,
          identities: ["content-service", "ws-daemon", "ws-manager-mk2", "server"].map((each) =>
            identity(stack, each),
          ),
        }),
      'GITPOD-STORAGE-IDENTITIES-SERVICE-ACCOUNT-NAME: identities.serviceAccountName must be one of content-service, ws-daemon, ws-manager-mk2, the service accounts that use the store (got "server")',
    ],
    [
      "key and identities",
      (stack) =>
        storage(stack, { version: GitpodVersion.HEAD, ...key(), identities: [identity(stack, "ws-daemon")] }),
      "GITPOD-STORAGE-IDENTITIES-KEY: identities must not be set with key, which Gitpod prefers (got 1); leave one of the two out",
    ],
    [
      "Google without a key",
      (stack) => storage(stack, { store: gcs(stack) }),
      "GITPOD-STORAGE-KEY: key must be set to the key file of a service account, the only authentication that Gitpod supports on Google Cloud Storage (got not set)",
    ],
    [
      "ECR",
      (stack) =>
        GitpodRegistry.external(stack, "r", {
          namespace,
          registry: ImageRegistry.fromRegistryAttributes(stack, "ecr", {
            url: "123456789012.dkr.ecr.eu-central-1.amazonaws.com/gitpod",
          }),
          login: login(),
        }),
      "use GitpodRegistry.inClusterOnS3 with a bucket",
    ],
    [
      "gcr.io",
      (stack) =>
        GitpodRegistry.external(stack, "r", {
          namespace,
          registry: ImageRegistry.fromRegistryAttributes(stack, "gcr", { url: "eu.gcr.io/project" }),
          login: login(),
        }),
      'GITPOD-REGISTRY-REGISTRY-SERVER: registry.server must not be Container Registry, which Google shut down on 2025-03-18 (got "eu.gcr.io"); use Artifact Registry',
    ],
    [
      "a registry on Google's store",
      (stack) =>
        GitpodRegistry.inClusterOnS3(stack, "r", {
          namespace,
          store: gcs(stack),
          key: ObjectStoreKey.gcs(secret("k")),
        }),
      'GITPOD-REGISTRY-STORE: store must be S3, the only storage of Gitpod\'s registry (got "gcs")',
    ],
    [
      "a registry without a bucket",
      (stack) =>
        GitpodRegistry.inClusterOnS3(stack, "r", {
          namespace,
          store: s3(stack, "empty", { bucketName: "" }),
          key: s3Key(),
        }),
      'GITPOD-REGISTRY-STORE-BUCKET-NAME: store.bucketName must be set, because Gitpod\'s registry requires bucket, region, endpoint and key (got "")',
    ],
    [
      "a key for a certificate",
      (stack) =>
        GitpodCertificate.fromPem(stack, "c", {
          namespace,
          certificatePem: "-----BEGIN PRIVATE KEY-----canary-value",
          privateKey: secret("k"),
        }),
      'GITPOD-CERTIFICATE-CERTIFICATE-PEM-PRIVATE-KEY: certificatePem must not contain the private key, since this text is in the output (got "a text"); use privateKey',
    ],
    [
      "a key for authorities",
      (stack) =>
        GitpodSecret.customCa(stack, "x", {
          namespace,
          caCertificatesPem: `${PEM}\n-----BEGIN PRIVATE KEY-----canary-value`,
        }),
      'GITPOD-SECRET-CA-CERTIFICATES-PEM: caCertificatesPem must be PEM text with certificates and without a key (got "a text")',
    ],
    [
      "a star for a domain",
      (stack) => GitpodCertificate.certManager(stack, "c", { domain: "*.example.com" }),
      'GITPOD-CERTIFICATE-DOMAIN: domain must be a domain such as gitpod.example.com, without scheme, asterisk, port and path, whose last label begins with a letter (got "*.example.com")',
    ],
    [
      "a proxy with a password",
      (stack) =>
        GitpodSecret.httpProxy(stack, "x", {
          namespace,
          httpProxy: "http://user:canary-value@p:3128",
          noProxy: [".svc"],
        }),
      'GITPOD-SECRET-HTTP-PROXY: httpProxy must not contain a login, which would be in the output (got "a text"); create the secret yourself and use GitpodSecret.fromSecretName',
    ],
    [
      "a proxy for everything",
      (stack) => GitpodSecret.httpProxy(stack, "x", { namespace, httpProxy: "http://p:3128", noProxy: [] }),
      "GITPOD-SECRET-NO-PROXY: noProxy must not be empty, because Gitpod's components would connect to each other through the proxy (got [])",
    ],
    [
      "an unknown provider",
      (stack) => authProvider(stack, { type: "Sourcehut" }),
      'GITPOD-SECRET-TYPE: type must be GitHub, GitLab, Bitbucket or BitbucketServer (got "Sourcehut")',
    ],
    [
      "a name that is none",
      (stack) => GitpodSecret.fromSecretName(stack, "x", "No Name"),
      'GITPOD-SECRET-SECRET-NAME: secretName must be 1 to 253 lower-case letters, digits, hyphens and dots, with a letter or digit at both ends of each part (got "No Name")',
    ],
  ])("%s", (_, build, message) => {
    const found = problemsOf((stack) => {
      build(stack);
    }).join("\n");
    expect(found).toContain(message);
    expect(found).not.toContain("canary-value");
  });

  test("values known to Terraform only are not checked at synth", () => {
    expect(
      problemsOf((stack) => {
        const later = (name: string) => new TerraformVariable(stack, name, {}).stringValue;
        storage(stack, {
          store: s3(stack, "later", {
            bucketName: later("bucket"),
            region: later("region"),
            endpoint: later("endpoint"),
          }),
          key: ObjectStoreKey.s3(later("key"), secret("k")),
          namespace: later("namespace"),
        });
        GitpodRegistry.external(stack, "r", {
          namespace: later("registry_namespace"),
          registry: ImageRegistry.fromRegistryAttributes(stack, "images", {
            url: later("url"),
            server: later("server"),
          }),
          login: login(),
        });
        GitpodCertificate.fromPem(stack, "c", {
          namespace,
          certificatePem: later("pem"),
          privateKey: secret("k"),
        });
        authProvider(stack, {
          providerId: later("provider"),
          host: later("host"),
          clientId: later("client"),
          domain: later("domain"),
        });
        GitpodSecret.httpProxy(stack, "internet", {
          namespace,
          httpProxy: later("proxy"),
          noProxy: new TerraformVariable(stack, "no_proxy", {}).listValue,
        });
      }),
    ).toEqual([]);
  });

  test("no TLS to the store is an opt-out; Google's permissions and Azure's gateway have warnings", () => {
    const notes = (build: Build) => {
      const { infos, warnings } = synthesize((stack) => {
        build(stack);
      });
      return [...infos, ...warnings].map(({ message }) => message).join("\n");
    };
    expect(notes((stack) => storage(stack, { key: s3Key(), allowInsecureConnection: true }))).toContain(
      "opt-out: GITPOD-STORAGE-ALLOW-INSECURE-CONNECTION: allowInsecureConnection: workspace content and the access key are sent without TLS",
    );
    expect(
      notes((stack) => storage(stack, { store: gcs(stack), key: ObjectStoreKey.gcs(secret("k")) })),
    ).toContain(
      "store: Gitpod creates a bucket for each user, so the service account of the key must be allowed to create buckets in the project of the store (ApplicationBuckets grants little more than that), and the settings of your own bucket do not apply to them. Use a dedicated project.",
    );
    expect(
      notes((stack) =>
        storage(stack, { store: azure(stack), key: ObjectStoreKey.azureBlob("gitpodstore", secret("k")) }),
      ),
    ).toContain("MinIO's gateway");
  });
});

test.each([
  "123456789012.dkr.ecr.eu-central-1.amazonaws.com",
  "123456789012.dkr.ecr-fips.us-east-1.amazonaws.com",
  "123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn",
  "123456789012.dkr-ecr.eu-central-1.on.aws",
])("Amazon ECR is refused, which makes no repositories on push and ends its passwords: %s", (host) => {
  const problems = problemsOf(
    (stack) =>
      void GitpodRegistry.external(stack, "r", {
        namespace,
        registry: ImageRegistry.fromRegistryAttributes(stack, "ecr", { url: `${host}/gitpod` }),
        login: login(),
      }),
  );
  expect(problems).toEqual([
    expect.stringMatching(/must not be Amazon ECR, .* whose passwords expire after 12 hours/),
  ]);
});
