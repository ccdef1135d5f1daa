import { type TerraformStack, TerraformVariable } from "cdktf";
import { parse } from "yaml";
import {
  GitpodCertificate,
  GitpodSecret,
  GitpodVersion,
  KotsConfigValues,
  type KotsConfigValuesProps,
} from "../../../lib/gitpod";
import { KOTS_ITEMS } from "../../../lib/gitpod/kots/data/kots-items";
import { type Json, problemsOf, synthesize, treeOf } from "../../support/synth";
import { DOMAIN, extras, type PartsOptions, PEM, parts, secret } from "./installer-fixture";
import { installerErrors, kotsErrors } from "./installer-schema";

type Case = (stack: TerraformStack) => Partial<KotsConfigValuesProps>;

function build(over: Case = () => ({}), options: PartsOptions = {}) {
  let values: KotsConfigValues | undefined;
  const built = synthesize((stack) => {
    values = new KotsConfigValues(stack, "kots", { ...parts(stack, options), ...over(stack) });
    // The text is no attribute of any resource, so that a variable holds it for the test.
    new TerraformVariable(stack, "text", { default: values.yaml });
  });
  const made = built
    .resources("kubernetes_secret_v1")
    .find((each: Json) => each.metadata.name === "gitpod-kots-config-values");
  const text = built.json.variable.text.default as string;
  return {
    ...built,
    values: values as KotsConfigValues,
    text,
    made,
    file: made.data_wo["config-values.yaml"],
  };
}

const decoded = (item: Json) => parse(Buffer.from(item.value, "base64").toString());

describe("KOTS config values", () => {
  test("on S3: all values but secrets are readable", () => {
    const { text } = build();
    expect(kotsErrors(parse(text))).toEqual([]);
    const { values } = parse(text).spec;
    expect(values).toMatchObject({
      domain: { value: "gitpod.example.com" },
      db_incluster: { value: "0" },
      db_cloudsql_enabled: { value: "0" },
      db_host: { value: "mysql.internal.example.com" },
      db_port: { value: "3306" },
      db_username: { value: "gitpod" },
      store_provider: { value: "s3" },
      store_region: { value: "eu-central-1" },
      store_s3_bucket: { value: "store-bucket" },
      reg_incluster: { value: "1" },
      reg_incluster_storage: { value: "s3" },
      reg_incluster_storage_s3_bucketname: { value: "images-store-bucket" },
      cert_manager_enabled: { value: "1" },
      cert_manager_issuer_name: { value: "gitpod-issuer" },
      cert_manager_issuer: { value: "ClusterIssuer" },
      tls_self_signed_enabled: { value: "0" },
      advanced_mode_enabled: { value: "1" },
    });
    expect(decoded(values.config_patch)).toEqual({
      database: { ssl: { caCert: { kind: "secret", name: "database-ca" } } },
    });
    for (const name of ["db_password", "db_encryption_keys", "store_s3_secret_access_key"]) {
      expect(values).not.toHaveProperty(name);
    }
  });

  test("secrets are only in the write-only file", () => {
    const { file, made, json } = build();
    expect(file).toMatch(/^\$\{trimspace\(jsonencode\(/);
    expect(file).toContain(
      '"db_password" = {"valuePlaintext" = trimspace(ephemeral.random_password.db.result)}',
    );
    expect(file).toContain('"reg_incluster_storage_s3_secretkey" = {"valuePlaintext" = trimspace(');
    expect(file).toContain('"db_encryption_keys" = {"value" = trimspace(jsonencode(');
    expect(made.data).toBeUndefined();
    expect(
      JSON.stringify({ ...json, resource: { ...json.resource, kubernetes_secret_v1: {} } }),
    ).not.toContain("ephemeral.random_password");
  });

  test("Google Cloud: proxy, project, key files in base64, external registry", () => {
    const { text, file } = build(() => ({ cloudSqlCredentials: secret("cloudsql") }), { cloud: "google" });
    expect(kotsErrors(parse(text))).toEqual([]);
    expect(parse(text).spec.values).toMatchObject({
      db_cloudsql_enabled: { value: "1" },
      db_cloudsql_instance: { value: "gitpod-project:europe-west1:mysql" },
      store_provider: { value: "gcp" },
      store_gcp_project: { value: "gitpod-project" },
      reg_incluster: { value: "0" },
      reg_url: { value: "registry.example.com/gitpod" },
      reg_server: { value: "registry.example.com" },
      reg_username: { value: "pusher" },
    });
    expect(parse(text).spec.values).not.toHaveProperty("db_host");
    for (const name of ["db_gcp_credentials", "store_gcp_credentials"]) {
      expect(file).toContain(`"${name}" = {"value" = base64encode(format(`);
    }
    expect(file).toContain('"reg_password" = {"valuePlaintext" = ');
  });

  test("Azure", () => {
    const { text, file } = build(undefined, { cloud: "azure" });
    expect(kotsErrors(parse(text))).toEqual([]);
    expect(parse(text).spec.values).toMatchObject({
      store_provider: { value: "azure" },
      store_azure_account_name: { value: "gitpodstore" },
      reg_incluster_storage: { value: "none" },
    });
    expect(file).toContain('"store_azure_access_key" = {"valuePlaintext" = ');
  });

  test("settings without a config item go into the patch", () => {
    const { text } = build((stack) => {
      const { license: _, ...rest } = extras(stack);
      return {
        ...rest,
        timeoutSeconds: 3600,
        certificate: GitpodCertificate.fromPem(stack, "own", {
          namespace: "gitpod",
          certificatePem: PEM,
          privateKey: secret("tls"),
        }),
      };
    });
    const { values } = parse(text).spec;
    expect(kotsErrors(parse(text))).toEqual([]);
    expect(values).toMatchObject({
      openVsxUrl: { value: "https://open-vsx.example.com" },
      ssh_gateway: { value: "1" },
      user_management_block_enabled: { value: "1" },
      user_management_block_passlist: { value: "example.com" },
      installer_timeout: { value: "1h" },
      component_proxy_service_serviceType: { value: "NodePort" },
      cert_manager_enabled: { value: "0" },
    });
    expect(Buffer.from(values.tls_ca_crt.value, "base64").toString()).toBe(PEM);
    const patch = decoded(values.config_patch);
    expect(Object.keys(patch).sort()).toEqual([
      "authProviders",
      "components",
      "containerRegistry",
      "database",
      "experimental",
      "httpProxy",
      "imagePullSecrets",
      "metadata",
      "objectStorage",
      "repository",
      "sshGatewayHostKey",
      "workspace",
    ]);
    expect(patch.metadata).toEqual({ shortname: "eu" });
    expect(patch.objectStorage).toEqual({ blobQuota: 1_000_000 });
    // Merged into what the items make, it is a configuration that the installer takes.
    const merged = {
      domain: DOMAIN,
      ...patch,
      metadata: { region: "eu-central-1", ...patch.metadata },
      database: { inCluster: false, external: reference("certificate", "database"), ...patch.database },
      objectStorage: {
        inCluster: false,
        s3: { endpoint: "s3.amazonaws.com", ...reference("credentials", "storage-s3") },
        ...patch.objectStorage,
      },
      containerRegistry: { inCluster: true, ...patch.containerRegistry },
    };
    expect(installerErrors("2022.11", merged)).toEqual([]);
  });

  test("a self-signed certificate", () => {
    const { text } = build((stack) => ({ certificate: GitpodCertificate.selfSigned(stack, "self", DOMAIN) }));
    expect(parse(text).spec.values).toMatchObject({
      tls_self_signed_enabled: { value: "1" },
      cert_manager_enabled: { value: "0" },
    });
  });

  test("with values known to Terraform only", () => {
    const { text } = build((stack) => ({
      domain: new TerraformVariable(stack, "domain", {}).stringValue,
      shortname: new TerraformVariable(stack, "shortname", {}).stringValue,
      allowedUserDomains: new TerraformVariable(stack, "domains", {}).listValue,
    }));
    expect(text).toContain('"user_management_block_passlist" = {"value" = join(" ", var.domains)}');
    expect(text).toMatch(/^\$\{jsonencode\(/);
    expect(text).toContain('"domain" = {"value" = var.domain}');
    expect(text).toContain('"config_patch" = {"value" = base64encode(jsonencode(');
  });

  test("a new version of any secret updates the file", () => {
    const revision = (version: number) =>
      build(() => ({ cloudSqlCredentials: secret("cloudsql", version) }), { cloud: "google" }).made
        .data_wo_revision;
    expect(revision(2)).not.toBe(revision(1));
  });

  test("config items equal those of the schema", () => {
    const plain = Object.entries(KOTS_ITEMS).map(([name, kind]) => [
      name,
      kind === "password"
        ? { valuePlaintext: "x" }
        : { value: WORDS[name] ?? (kind === "bool" ? "1" : "aaaa") },
    ]);
    const document = {
      apiVersion: "kots.io/v1beta1",
      kind: "ConfigValues",
      spec: { values: Object.fromEntries(plain) },
    };
    expect(kotsErrors(document)).toEqual([]);
    expect(kotsErrors({ ...document, spec: { values: { db_pasword: { value: "" } } } })).not.toEqual([]);
  });

  test("construct tree is frozen", () => {
    expect(treeOf(build().values)).toBe("Secret\n  Resource\n");
  });
});

const WORDS: Record<string, string> = {
  reg_incluster_storage: "s3",
  store_provider: "s3",
  cert_manager_issuer: "Issuer",
  installer_timeout: "5m",
  component_proxy_service_serviceType: "NodePort",
};

const reference = (field: string, name: string) => ({ [field]: { kind: "secret", name } });

describe("refusals", () => {
  const problems = (over: Case, options: PartsOptions = {}) =>
    problemsOf((stack) => {
      new KotsConfigValues(stack, "kots", { ...parts(stack, options), ...over(stack) });
    }).join("\n");

  test.each<[string, Case, PartsOptions, string]>([
    [
      "HEAD",
      () => ({}),
      { version: GitpodVersion.HEAD },
      'KOTS-VERSION: version must be 2022.11, the only version that KOTS installs (got "HEAD")',
    ],
    [
      "no key file",
      () => ({}),
      { cloud: "google" },
      "KOTS-CLOUD-SQL-CREDENTIALS: cloudSqlCredentials must be set with the bundled proxy, because KOTS requires the key file (got not set)",
    ],
    [
      "a time that KOTS does not offer",
      () => ({ timeoutSeconds: 1_000 }),
      {},
      "KOTS-TIMEOUT-SECONDS: timeoutSeconds must be one of 300, 600, 1800, 3600, 5400, 7200 (got 1000)",
    ],
    [
      "somebody else's certificate",
      (stack) => ({ certificate: GitpodCertificate.fromSecretName(stack, "x", "tls") }),
      {},
      'KOTS-CERTIFICATE: certificate must have a certificate (GitpodCertificate.fromPem) or an issuer, because KOTS creates the secret itself (got "tls")',
    ],
    [
      "a licence",
      (stack) => ({ license: GitpodSecret.fromSecretName(stack, "x", "license") }),
      {},
      "KOTS-LICENSE: license must not be set, because KOTS gets the license from Replicated (got test/x)",
    ],
    [
      "what the installer refuses too",
      () => ({ domain: "localhost" }),
      {},
      'KOTS-DOMAIN: domain must be a domain such as gitpod.example.com, without scheme, asterisk, port and path, whose last label begins with a letter (got "localhost")',
    ],
  ])("%s", (_, over, options, message) => {
    expect(problems(over, options)).toContain(message);
  });

  test("secrets that KOTS creates too have warnings", () => {
    const { warnings } = build();
    const texts = warnings.map(({ message }) => message).join("\n");
    expect(texts).toContain(
      "secretName: KOTS creates the secret database itself, so KOTS and Terraform would alternately change its labels; use another secretName",
    );
    expect(texts).toContain(
      "secretName: KOTS creates the secret storage-s3 itself, so KOTS and Terraform would alternately change its labels; use another secretName",
    );
  });
});
