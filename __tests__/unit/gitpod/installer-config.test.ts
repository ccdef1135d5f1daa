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

describe("the installer's configuration", () => {
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

  test("on Google, through Gitpod's own proxy, with a registry outside", () => {
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
  ])("everything on is what the installer of %s takes", (name, version) => {
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

  test("the schema finds what the installer would refuse", () => {
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

  test("with values that only Terraform knows it is JSON, which Terraform makes", () => {
    const { text } = build((stack) => ({ domain: new TerraformVariable(stack, "domain", {}).stringValue }));
    expect(text).toMatch(/^\$\{jsonencode\(\{/);
    expect(text).toContain('"domain" = var.domain');
    expect(text).toContain('"bucket" = "store-bucket"');
  });

  test("no secret is in it, but their versions change the fingerprint", () => {
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

  test("HEAD on S3 by identities: no secret, and annotations where the installer looks for them", () => {
    const { text, resources } = build(
      () => ({ extra: { customization: [{ apiVersion: "v1", kind: "Pod", metadata: { name: "own" } }] } }),
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

describe("what is wrong is said, all at once", () => {
  test.each<[string, Case, string]>([
    [
      "a domain with a scheme",
      () => ({ domain: "https://gitpod.example.com" }),
      'config.domain is "https://gitpod.example.com": allowed is a domain',
    ],
    ["a host without dots", () => ({ domain: "localhost" }), 'config.domain is "localhost"'],
    ["a last part that is a number", () => ({ domain: "10.0.0.1" }), 'config.domain is "10.0.0.1"'],
    [
      "quantities and numbers that the installer cannot parse",
      () => ({
        workspaces: { cpu: "lots", memory: "2 GB", volume: { size: "-30Gi" } },
        blobQuotaBytes: 1.5,
        extra: { objectStorage: { maximumBackupCount: -1 } },
      }),
      [
        "[config] config.objectStorage.blobQuota is 1.5: allowed is a whole number, 0 or more",
        "[config] config.objectStorage.maximumBackupCount is -1: allowed is a whole number, 0 or more",
        '[config] config.workspace.resources.requests.cpu is "lots": allowed is a quantity such as 500m, 2 or 30Gi',
        '[config] config.workspace.resources.requests.memory is "2 GB": allowed is a quantity such as 500m, 2 or 30Gi',
        '[config] config.workspace.pvc.size is "-30Gi": allowed is a quantity such as 500m, 2 or 30Gi',
      ].join("\n"),
    ],
    [
      "a secret for something else",
      (stack) => ({
        license: GitpodSecret.customCa(stack, "ca", { namespace: "gitpod", caCertificatesPem: PEM }),
      }),
      '[config] license is "a secret by GitpodSecret.customCa": allowed is one by GitpodSecret.license',
    ],
    [
      "log-ins of another domain",
      (stack) => ({ authProviders: [authProvider(stack, "other.example.com")] }),
      '[config] authProviders.domain is "other.example.com": Gitpod is at gitpod.example.com, and the log-in would end elsewhere',
    ],
    [
      "two secrets of one name",
      (stack) => ({ authProviders: [authProvider(stack, DOMAIN), authProvider(stack, DOMAIN, "second")] }),
      '[second/Secret] secretName must be unique (got "auth-provider-github"); test/auth/Secret is another secret of this name in gitpod: choose another name for one of them',
    ],
    [
      "a certificate over the secret of something else",
      (stack) => ({
        certificate: GitpodCertificate.certManager(stack, "over", {
          domain: DOMAIN,
          secretName: "database-ca",
        }),
      }),
      '[config] certificate.secretName is "database-ca": another secret of Gitpod has this name',
    ],
    ["no region", () => ({ region: "" }), 'config.metadata.region is "": the installer requires it'],
    [
      "the region of nothing",
      () => ({ region: "local" }),
      "with a store outside the cluster it is the store's region",
    ],
    [
      "another region",
      () => ({ region: "us-east-1" }),
      'region is "us-east-1": it has to be the store\'s, which is eu-central-1',
    ],
    [
      "a second mode",
      () => ({
        extra: {
          database: { cloudSQL: { instance: "a:b:c", serviceAccount: { kind: "secret", name: "x" } } },
        },
      }),
      'config.database is ["external","cloudSQL"]: exactly one of inCluster, external, cloudSQL has to be set',
    ],
    [
      "a second mode, by the property",
      () => ({ extra: { database: { cloudSQL: {} } } }),
      'extra.database.cloudSQL is "set": there is one database already',
    ],
    [
      "a database in the cluster too",
      () => ({ extra: { database: { inCluster: true } } }),
      'extra.database.inCluster is "set"',
    ],
    [
      "a second store",
      () => ({ extra: { objectStorage: { azure: { credentials: { kind: "secret", name: "x" } } } } }),
      "extra.objectStorage.azure",
    ],
    [
      "a registry outside that is none",
      () => ({ extra: { containerRegistry: { inCluster: false } } }),
      "config.containerRegistry.external is not set: the installer requires it if inCluster is false",
    ],
    [
      "an unknown field",
      () => ({ extra: { databse: {} } }),
      'config.databse is "set": the installer of Gitpod 2022.11 does not know this field',
    ],
    [
      "an unknown field inside",
      () => ({ extra: { database: { ssl: { customCa: {} } } } }),
      'config.database.ssl.customCa is "set"',
    ],
    [
      "a field of a property",
      () => ({ extra: { domain: "other.example.com" } }),
      'extra.domain is "set": a property sets this field already',
    ],
    [
      "another kind of reference",
      () => ({ extra: { observability: { logLevel: "loud" } } }),
      'config.observability.logLevel is "loud": allowed are trace, debug',
    ],
    [
      "a text for a number",
      () => ({ extra: { objectStorage: { maximumBackupCount: "3" } } }),
      "allowed is a whole number, 0 or more",
    ],
    [
      "no socket",
      () => ({ workspaces: { containerdSocket: "run/containerd.sock" } }),
      'config.workspace.runtime.containerdSocket is "run/containerd.sock": it must start with /',
    ],
    ["no duration", () => ({ workspaces: { maxLifetime: "a day" } }), "allowed is a duration such as 36h"],
    [
      "nobody let in",
      () => ({ allowedUserDomains: [] }),
      "config.blockNewUsers.passlist is []: with enabled there must be at least one domain",
    ],
    [
      "a person let in",
      () => ({ allowedUserDomains: ["me@example.com"] }),
      'config.blockNewUsers.passlist is "me@example.com"',
    ],
    [
      "old and new at once",
      () => ({
        workspaces: { image: "a:1" },
        extra: { experimental: { webapp: { server: { workspaceDefaults: { workspaceImage: "b:1" } } } } },
      }),
      "it is deprecated, and workspace.workspaceImage is set as well",
    ],
    [
      "a secret in clear",
      () => ({ extra: { experimental: { webapp: { server: { session: { secret: "canary-value" } } } } } }),
      'config.experimental.webapp.server.session.secret is "(not shown)": a secret has no place here',
    ],
    ["no URL", () => ({ openVsxUrl: "open vsx" }), "config.openVSX.url"],
    [
      "a certificate for another domain",
      (stack) => ({
        certificate: GitpodCertificate.certManager(stack, "other", { domain: "other.example.com" }),
      }),
      'certificate.domain is "other.example.com": Gitpod is at gitpod.example.com',
    ],
    [
      "secrets in another namespace",
      (stack) => ({
        license: GitpodSecret.license(stack, "license", { namespace: "elsewhere", license: secret("x") }),
      }),
      'license.namespace is "elsewhere"',
    ],
    [
      "a store for another version",
      () => ({ version: GitpodVersion.HEAD }),
      'storage.version is "2022.11": the configuration is for HEAD',
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
      "Gitpod HEAD knows no licence",
    ],
    ["volumes", () => ({ workspaces: { volume: { size: "30Gi" } } }), "config.workspace.pvc"],
    ["fuse", () => ({ extra: { workspace: { runtime: { fsShiftMethod: "fuse" } } } }), "allowed is shiftfs"],
    ["Azure's storage", () => ({ extra: { objectStorage: { azure: {} } } }), "config.objectStorage.azure"],
    [
      "the old socket",
      () => ({ extra: { workspace: { runtime: { containerdSocket: "/x" } } } }),
      "config.workspace.runtime.containerdSocket",
    ],
  ])("HEAD no longer has %s", (_, over, message) => {
    expect(problems(over, GitpodVersion.HEAD).join("\n")).toContain(message);
  });

  test("several at once", () => {
    const found = problems(() => ({ domain: "x", region: "", kind: "Half" as GitpodKind }));
    for (const part of ["config.domain", "config.metadata.region", "config.kind"]) {
      expect(found.join("\n")).toContain(part);
    }
  });

  test("what only Terraform knows is left to the installer", () => {
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

  test("deprecated fields are warned of, migrations turned off are an opt-out", () => {
    const { warnings, infos } = build(() => ({
      extra: {
        objectStorage: { maximumBackupCount: 3 },
        experimental: { webapp: { disableMigration: true } },
      },
    }));
    const texts = (notes: { message: string }[]) => notes.map(({ message }) => message).join("\n");
    expect(texts(warnings)).toContain("config.objectStorage.maximumBackupCount is deprecated");
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

  test("a self-signed certificate brings its authority, and says so", () => {
    const { text, infos } = build((stack) => ({
      certificate: GitpodCertificate.selfSigned(stack, "self-signed", DOMAIN),
    }));
    expect(parse(text).customCACert).toEqual({ kind: "secret", name: "ca-issuer-ca" });
    expect(infos.map(({ message }) => message).join("\n")).toContain("opt-out: selfSigned");
  });

  test("the tree is frozen", () => {
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
      '[two] configName must be unique (got "gitpod-installer-config"); test/one is another config map of this name in gitpod: choose another name for one of them',
    ]);
  });

  test("Meta is Meta", () => {
    expect(parse(build(() => ({ kind: GitpodKind.META })).text).kind).toBe("Meta");
  });
});
