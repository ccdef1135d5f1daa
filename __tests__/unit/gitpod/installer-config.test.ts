import { type TerraformStack, TerraformVariable } from "cdktf";
import { parse } from "yaml";
import {
  GitpodCertificate,
  GitpodInstallerConfig,
  type GitpodInstallerConfigProps,
  GitpodKind,
  GitpodSecret,
  GitpodVersion,
} from "../../../lib/gitpod";
import { type Json, problemsOf, synthesize, treeOf } from "../../support/synth";
import { DOMAIN, everything, type PartsOptions, PEM, parts, secret } from "./installer-fixture";
import { installerErrors } from "./installer-schema";

type Over = Partial<GitpodInstallerConfigProps>;
type Case = (stack: TerraformStack) => Over;
const none: Case = () => ({});

function build(over: Case = none, options: PartsOptions = {}) {
  let config: GitpodInstallerConfig | undefined;
  const built = synthesize((stack) => {
    config = new GitpodInstallerConfig(stack, "config", { ...parts(stack, options), ...over(stack) });
  });
  const map = built.resource("kubernetes_config_map_v1");
  return { ...built, config: config as GitpodInstallerConfig, text: map.data["config.yaml"] as string, map };
}

const authProvider = (stack: TerraformStack, domain: string, id = "auth") =>
  GitpodSecret.authProvider(stack, id, {
    namespace: "gitpod",
    providerId: "GitHub",
    host: "github.com",
    type: "GitHub",
    clientId: "client",
    clientSecret: secret("oauth"),
    domain,
  });

const problems = (over: Case, version = GitpodVersion.V2022_11) =>
  problemsOf((stack) => {
    new GitpodInstallerConfig(stack, "config", { ...parts(stack, { version }), ...over(stack) });
  });

describe("installer configuration", () => {
  test("on S3 with a registry on S3", () => {
    const { text, map } = build();
    expect(map.metadata).toEqual({ name: "gitpod-installer-config", namespace: "gitpod" });
    expect(parse(text)).toEqual({
      apiVersion: "v1",
      domain: "gitpod.example.com",
      metadata: { region: "eu-central-1" },
      database: {
        inCluster: false,
        external: { certificate: { kind: "secret", name: "database" } },
        ssl: { caCert: { kind: "secret", name: "database-ca" } },
      },
      objectStorage: {
        inCluster: false,
        s3: {
          endpoint: "s3.eu-central-1.amazonaws.com",
          bucket: "store-bucket",
          credentials: { kind: "secret", name: "storage-s3" },
        },
      },
      containerRegistry: {
        inCluster: true,
        s3storage: {
          bucket: "images-store-bucket",
          region: "eu-central-1",
          endpoint: "s3.eu-central-1.amazonaws.com",
          certificate: { kind: "secret", name: "container-registry-s3-backend" },
        },
      },
      certificate: { kind: "secret", name: "https-certificates" },
    });
  });

  test("on Google Cloud, with the bundled proxy and an external registry", () => {
    const { text } = build(none, { cloud: "google" });
    expect(parse(text)).toMatchObject({
      metadata: { region: "europe-west1" },
      database: {
        inCluster: false,
        cloudSQL: {
          instance: "gitpod-project:europe-west1:mysql",
          serviceAccount: { kind: "secret", name: "cloudsql" },
        },
      },
      objectStorage: {
        inCluster: false,
        cloudStorage: {
          project: "gitpod-project",
          serviceAccount: { kind: "secret", name: "storage-gcp" },
        },
      },
      containerRegistry: {
        inCluster: false,
        external: {
          url: "registry.example.com/gitpod",
          certificate: { kind: "secret", name: "container-registry" },
        },
      },
    });
    expect(parse(text).database).not.toHaveProperty("external");
    expect(installerErrors("2022.11", parse(text))).toEqual([]);
  });

  test.each([
    ["2022.11", GitpodVersion.V2022_11],
    ["HEAD", GitpodVersion.HEAD],
  ])("all properties together are valid for the installer of %s", (name, version) => {
    const built = synthesize((stack) => {
      new GitpodInstallerConfig(stack, "config", everything(stack, version));
    });
    const document = parse(built.resource("kubernetes_config_map_v1").data["config.yaml"]);
    expect(installerErrors(name, document)).toEqual([]);
    expect(document).toMatchObject({
      metadata: { region: "eu-central-1", shortname: "eu" },
      workspace: { maxLifetime: "24h", resources: { requests: { cpu: "2000m", memory: "4Gi" } } },
      customCACert: { name: "ca-certificate" },
      sshGatewayHostKey: { name: "ssh-gateway-host-key" },
      httpProxy: { name: "http-proxy-settings" },
      authProviders: [{ kind: "secret", name: "auth-provider-public-github" }],
      imagePullSecrets: [{ kind: "secret", name: "custom-registry-credentials" }],
      blockNewUsers: { enabled: true, passlist: ["example.com"] },
      components: { proxy: { service: { serviceType: "NodePort" } } },
    });
    expect(document.workspace.runtime).toEqual(
      name === "HEAD"
        ? { containerdRuntimeDir: "/run/tasks", containerdSocketDir: "/run/containerd" }
        : { containerdRuntimeDir: "/run/tasks", containerdSocket: "/run/containerd" },
    );
  });

  test("the schema of the tests finds invalid configurations", () => {
    const document = parse(build().text);
    const wrong: [string, (d: Json) => void][] = [
      [
        "/database must match exactly one schema in oneOf",
        (d) => (d.database.cloudSQL = { instance: "a", serviceAccount: { kind: "secret", name: "b" } }),
      ],
      ["/metadata must have required property 'region'", (d) => delete d.metadata.region],
      ["/domain must match pattern", (d) => (d.domain = "https://gitpod.example.com")],
      ["/objectStorage must NOT have additional properties", (d) => (d.objectStorage.minio = {})],
    ];
    for (const [message, change] of wrong) {
      const changed = structuredClone(document);
      change(changed);
      expect(installerErrors("2022.11", changed).join("\n")).toContain(message);
    }
  });

  test("values known to Terraform only make it JSON", () => {
    const { text } = build((stack) => ({ domain: new TerraformVariable(stack, "domain", {}).stringValue }));
    expect(text).toMatch(/^\$\{jsonencode\(\{/);
    expect(text).toContain('"domain" = var.domain');
    expect(text).toContain('"bucket" = "store-bucket"');
  });

  test("contains no secrets, and their versions change the fingerprint", () => {
    const of = (version: number) =>
      build((stack) => {
        const license = GitpodSecret.license(stack, "license", {
          namespace: "gitpod",
          license: secret("license", version),
        });
        return { license };
      });
    expect(of(1).text).not.toContain("ephemeral");
    expect(of(1).text).toBe(of(2).text);
    expect(of(1).config.fingerprint).not.toBe(of(2).config.fingerprint);
  });

  test("HEAD on S3 with identities: no secret, and annotations for the installer", () => {
    const { text, resources } = build(
      () => ({ values: { customization: [{ apiVersion: "v1", kind: "Pod", metadata: { name: "own" } }] } }),
      { version: GitpodVersion.HEAD, identities: ["content-service", "ws-daemon", "ws-manager-mk2"] },
    );
    expect(text).not.toContain('"credentials"');
    expect(text).toContain('"kind" = "ConfigMap", "metadata" = {"name" = "ws-daemon"');
    expect(text).toContain('"eks.amazonaws.com/role-arn" = var.role_ws_daemon');
    expect(text).toContain('"metadata" = {"name" = "own"}');
    const names = resources("kubernetes_secret_v1").map((each: Json) => each.metadata.name);
    expect(names).not.toContain("storage-s3");
  });
});

describe("refusals, all at once", () => {
  test.each<[string, Case, string]>([
    [
      "a domain with a scheme",
      () => ({ domain: "https://gitpod.example.com" }),
      'GITPOD-INSTALLER-DOMAIN: domain must be a domain such as gitpod.example.com, without scheme, asterisk, port and path, whose last label begins with a letter (got "https://gitpod.example.com")',
    ],
    [
      "a host without dots",
      () => ({ domain: "localhost" }),
      'GITPOD-INSTALLER-DOMAIN: domain must be a domain such as gitpod.example.com, without scheme, asterisk, port and path, whose last label begins with a letter (got "localhost")',
    ],
    [
      "a last part that is a number",
      () => ({ domain: "10.0.0.1" }),
      'GITPOD-INSTALLER-DOMAIN: domain must be a domain such as gitpod.example.com, without scheme, asterisk, port and path, whose last label begins with a letter (got "10.0.0.1")',
    ],
    [
      "quantities and numbers that the installer cannot parse",
      () => ({
        workspaces: { cpu: "lots", memory: "2 GB", volume: { size: "-30Gi" } },
        blobQuotaBytes: 1.5,
        values: { objectStorage: { maximumBackupCount: -1 } },
      }),
      [
        "[config] GITPOD-INSTALLER-BLOB-QUOTA-BYTES: blobQuotaBytes must be a whole number, 0 or more (got 1.5)",
        "[config] GITPOD-INSTALLER-VALUES-OBJECT-STORAGE-MAXIMUM-BACKUP-COUNT: values.objectStorage.maximumBackupCount must be a whole number, 0 or more (got -1)",
        '[config] GITPOD-INSTALLER-WORKSPACES-CPU: workspaces.cpu must be a Kubernetes quantity such as 500m, 2 or 30Gi (got "lots")',
        '[config] GITPOD-INSTALLER-WORKSPACES-MEMORY: workspaces.memory must be a Kubernetes quantity such as 500m, 2 or 30Gi (got "2 GB")',
        '[config] GITPOD-INSTALLER-WORKSPACES-VOLUME-SIZE: workspaces.volume.size must be a Kubernetes quantity such as 500m, 2 or 30Gi (got "-30Gi")',
      ].join("\n"),
    ],
    [
      "a secret for something else",
      (stack) => ({
        license: GitpodSecret.customCa(stack, "ca", { namespace: "gitpod", caCertificatesPem: PEM }),
      }),
      'GITPOD-INSTALLER-LICENSE: license must be a secret by GitpodSecret.license (got "GitpodSecret.customCa")',
    ],
    [
      "log-ins of another domain",
      (stack) => ({ authProviders: [authProvider(stack, "other.example.com")] }),
      'GITPOD-INSTALLER-AUTH-PROVIDERS-DOMAIN: authProviders.domain must be the domain of Gitpod, gitpod.example.com, because the login redirects to it (got "other.example.com")',
    ],
    [
      "two secrets of one name",
      (stack) => ({ authProviders: [authProvider(stack, DOMAIN), authProvider(stack, DOMAIN, "second")] }),
      'K8S-SECRET-NAME: secretName must be unique (got "auth-provider-github"); test/auth/Secret is another Secret of this name in gitpod: choose another name for one of them',
    ],
    [
      "a certificate over the secret of something else",
      (stack) => ({
        certificate: GitpodCertificate.certManager(stack, "over", {
          domain: DOMAIN,
          secretName: "database-ca",
        }),
      }),
      'GITPOD-INSTALLER-CERTIFICATE-SECRET-NAME: certificate.secretName must not be the name of another secret of Gitpod, which the certificate would overwrite (got "database-ca")',
    ],
    [
      "no region",
      () => ({ region: "" }),
      'GITPOD-INSTALLER-REGION: region must not be empty, because the installer requires it (got "")',
    ],
    [
      "the region of nothing",
      () => ({ region: "local" }),
      'GITPOD-INSTALLER-REGION: region must be the region of the store if it is outside the cluster (got "local")',
    ],
    [
      "another region",
      () => ({ region: "us-east-1" }),
      'GITPOD-INSTALLER-REGION: region must be the region of the store, eu-central-1 (got "us-east-1")',
    ],
    [
      "a second mode",
      () => ({
        values: {
          database: { cloudSQL: { instance: "a:b:c", serviceAccount: { kind: "secret", name: "x" } } },
        },
      }),
      'GITPOD-INSTALLER-VALUES-MODE: values.database.cloudSQL must not be set, because the properties set the database, and Gitpod would mix both (got "set"); leave it out',
    ],
    [
      "a second mode, by the property",
      () => ({ values: { database: { cloudSQL: {} } } }),
      'GITPOD-INSTALLER-VALUES-MODE: values.database.cloudSQL must not be set, because the properties set the database, and Gitpod would mix both (got "set")',
    ],
    [
      "a database in the cluster too",
      () => ({ values: { database: { inCluster: true } } }),
      'GITPOD-INSTALLER-VALUES-PROPERTY: values.database.inCluster must not be set, because a property sets this field (got "set"); use the property',
    ],
    [
      "a second store",
      () => ({ values: { objectStorage: { azure: { credentials: { kind: "secret", name: "x" } } } } }),
      "values.objectStorage.azure",
    ],
    [
      "a registry outside that is none",
      () => ({ values: { containerRegistry: { inCluster: false } } }),
      "GITPOD-INSTALLER-VALUES-CONTAINER-REGISTRY-EXTERNAL: values.containerRegistry.external must be set if inCluster is false (got not set)",
    ],
    [
      "an unknown field",
      () => ({ values: { databse: {} } }),
      'GITPOD-INSTALLER-UNKNOWN-FIELD: values.databse must not be set, because the installer of Gitpod 2022.11 does not have this field (got "set")',
    ],
    [
      "an unknown field inside",
      () => ({ values: { database: { ssl: { customCa: {} } } } }),
      'GITPOD-INSTALLER-UNKNOWN-FIELD: values.database.ssl.customCa must not be set, because the installer of Gitpod 2022.11 does not have this field (got "set")',
    ],
    [
      "a field of a property",
      () => ({ values: { domain: "other.example.com" } }),
      'GITPOD-INSTALLER-VALUES-PROPERTY: values.domain must not be set, because a property sets this field (got "set"); use the property',
    ],
    [
      "another kind of reference",
      () => ({ values: { observability: { logLevel: "loud" } } }),
      'GITPOD-INSTALLER-VALUES-OBSERVABILITY-LOG-LEVEL: values.observability.logLevel must be one of trace, debug, info, warning, error, fatal, panic (got "loud")',
    ],
    [
      "a text for a number",
      () => ({ values: { objectStorage: { maximumBackupCount: "3" } } }),
      'GITPOD-INSTALLER-VALUES-OBJECT-STORAGE-MAXIMUM-BACKUP-COUNT: values.objectStorage.maximumBackupCount must be a whole number, 0 or more (got "3")',
    ],
    [
      "no socket",
      () => ({ workspaces: { containerdSocket: "run/containerd.sock" } }),
      'GITPOD-INSTALLER-WORKSPACES-CONTAINERD-SOCKET: workspaces.containerdSocket must start with / (got "run/containerd.sock")',
    ],
    [
      "no duration",
      () => ({ workspaces: { maxLifetime: "a day" } }),
      'GITPOD-INSTALLER-WORKSPACES-MAX-LIFETIME: workspaces.maxLifetime must be a duration such as 36h or 30m (got "a day")',
    ],
    [
      "nobody let in",
      () => ({ allowedUserDomains: [] }),
      "GITPOD-INSTALLER-ALLOWED-USER-DOMAINS: allowedUserDomains must contain at least one domain if enabled is true, and only fully qualified ones (got [])",
    ],
    [
      "a person let in",
      () => ({ allowedUserDomains: ["me@example.com"] }),
      'GITPOD-INSTALLER-ALLOWED-USER-DOMAINS: allowedUserDomains must contain at least one domain if enabled is true, and only fully qualified ones (got "me@example.com")',
    ],
    [
      "old and new at once",
      () => ({
        workspaces: { image: "a:1" },
        values: { experimental: { webapp: { server: { workspaceDefaults: { workspaceImage: "b:1" } } } } },
      }),
      'GITPOD-INSTALLER-DEPRECATED: values.experimental.webapp.server.workspaceDefaults.workspaceImage must not be set together with workspace.workspaceImage, which replaces this deprecated field (got "set")',
    ],
    [
      "a secret variable in a customization",
      () => ({
        values: {
          customization: [
            { kind: "Deployment", spec: { env: [{ name: "GIT_TOKEN", value: "canary-value" }] } },
          ],
        },
      }),
      'GITPOD-INSTALLER-SECRET: values.customization[0].spec.env[0] must not be a secret, because the output and a config map contain it (got "(not shown)")',
    ],
    [
      "a secret in clear",
      () => ({ values: { experimental: { webapp: { server: { session: { secret: "canary-value" } } } } } }),
      'GITPOD-INSTALLER-SECRET: values.experimental.webapp.server.session.secret must not be a secret, because the output and a config map contain it (got "(not shown)")',
    ],
    ["no URL", () => ({ openVsxUrl: "open vsx" }), "openVsxUrl"],
    [
      "a certificate for another domain",
      (stack) => ({
        certificate: GitpodCertificate.certManager(stack, "other", { domain: "other.example.com" }),
      }),
      'GITPOD-INSTALLER-CERTIFICATE-DOMAIN: certificate.domain must be the domain of Gitpod, gitpod.example.com (got "other.example.com")',
    ],
    [
      "secrets in another namespace",
      (stack) => ({
        license: GitpodSecret.license(stack, "license", { namespace: "elsewhere", license: secret("x") }),
      }),
      'GITPOD-INSTALLER-LICENSE-NAMESPACE: license.namespace must be the namespace of the database, gitpod, because Gitpod reads secrets of one namespace (got "elsewhere")',
    ],
    [
      "a store for another version",
      () => ({ version: GitpodVersion.HEAD }),
      'GITPOD-INSTALLER-STORAGE-VERSION: storage.version must be that of the configuration, HEAD (got "2022.11")',
    ],
  ])("%s", (_, over, message) => {
    const found = problems(over);
    expect(found.join("\n")).toContain(message);
    expect(found.join("\n")).not.toContain("canary-value");
  });

  test.each<[string, Case, string]>([
    [
      "a licence",
      (stack) => ({ license: GitpodSecret.fromSecretName(stack, "license", "license") }),
      'GITPOD-INSTALLER-UNKNOWN-FIELD: license must not be set, because the installer of Gitpod HEAD does not have this field (got "set")',
    ],
    ["volumes", () => ({ workspaces: { volume: { size: "30Gi" } } }), "workspaces.volume"],
    [
      "fuse",
      () => ({ values: { workspace: { runtime: { fsShiftMethod: "fuse" } } } }),
      'GITPOD-INSTALLER-VALUES-WORKSPACE-RUNTIME-FS-SHIFT-METHOD: values.workspace.runtime.fsShiftMethod must be shiftfs (got "fuse")',
    ],
    ["Azure's storage", () => ({ values: { objectStorage: { azure: {} } } }), "values.objectStorage.azure"],
    [
      "the old socket",
      () => ({ values: { workspace: { runtime: { containerdSocket: "/x" } } } }),
      "values.workspace.runtime.containerdSocket",
    ],
  ])("HEAD no longer has %s", (_, over, message) => {
    expect(problems(over, GitpodVersion.HEAD).join("\n")).toContain(message);
  });

  test("several at once", () => {
    const found = problems(() => ({ domain: "x", region: "", kind: "Half" as GitpodKind }));
    for (const part of [" domain must", " region must", " kind must"]) {
      expect(found.join("\n")).toContain(part);
    }
  });

  test("values known to Terraform only are left to the installer", () => {
    expect(
      problems((stack) => {
        const later = (name: string) => new TerraformVariable(stack, name, {}).stringValue;
        return {
          domain: later("domain"),
          certificate: GitpodCertificate.fromSecretName(stack, "tls", "https-certificates"),
          region: later("region"),
          shortname: later("shortname"),
          repository: later("repository"),
          allowedUserDomains: [later("users")],
          workspaces: { maxLifetime: later("lifetime"), containerdSocket: later("socket") },
        };
      }),
    ).toEqual([]);
  });

  test("deprecated fields have warnings, disabled migrations are an opt-out", () => {
    const { warnings, infos } = build(() => ({
      values: {
        objectStorage: { maximumBackupCount: 3 },
        experimental: { webapp: { disableMigration: true } },
      },
    }));
    const texts = (notes: { message: string }[]) => notes.map(({ message }) => message).join("\n");
    expect(texts(warnings)).toContain("values.objectStorage.maximumBackupCount is deprecated");
    expect(texts(infos)).toContain("experimental.webapp.disableMigration");
  });
});

describe("further parts", () => {
  test("Azure's store in 2022.11, a registry on a volume", () => {
    const { text } = build(none, { cloud: "azure" });
    const document = parse(text);
    expect(document.objectStorage).toEqual({
      inCluster: false,
      azure: { credentials: { kind: "secret", name: "storage-azure" } },
    });
    expect(document.containerRegistry).toEqual({ inCluster: true });
    expect(document.metadata.region).toBe("westeurope");
    expect(installerErrors("2022.11", document)).toEqual([]);
  });

  test("a self-signed certificate sets its certificate authority and is an opt-out", () => {
    const { text, infos } = build((stack) => ({
      certificate: GitpodCertificate.selfSigned(stack, "self-signed", DOMAIN),
    }));
    expect(parse(text).customCACert).toEqual({ kind: "secret", name: "ca-issuer-ca" });
    expect(infos.map(({ message }) => message).join("\n")).toContain(
      "opt-out: GITPOD-CERTIFICATE-SELF-SIGNED: selfSigned: a certificate authority in the cluster signs Gitpod's certificate, which browsers do not trust",
    );
  });

  test("construct tree is frozen", () => {
    const { config, stack } = build();
    expect(treeOf(config)).toBe("Resource\n");
    expect(treeOf(stack.node.findChild("storage"))).toBe("Secret\n  Resource\n");
    expect(treeOf(stack.node.findChild("registry"))).toBe("Secret\n  Resource\n");
  });

  test("a second configuration of the same name in the namespace is refused", () => {
    const said = problemsOf((stack) => {
      const given = parts(stack);
      for (const id of ["one", "two"]) new GitpodInstallerConfig(stack, id, given);
    });
    expect(said).toEqual([
      '[two] GITPOD-INSTALLER-CONFIG-NAME: configName must be unique (got "gitpod-installer-config"); test/one is another config map of this name in gitpod: choose another name for one of them',
    ]);
  });

  test("kind Meta", () => {
    expect(parse(build(() => ({ kind: GitpodKind.META })).text).kind).toBe("Meta");
  });
});
