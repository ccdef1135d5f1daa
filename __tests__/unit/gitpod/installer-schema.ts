/**
 * What the installer of Gitpod takes (configuration v1) and what KOTS asks for, as JSON Schema. Written from the sources and
 * apart from lib/gitpod, so that a slip there is found here: gitpod-io/gitpod at tag 2022.11.3 and at HEAD of 2026-07
 * (4f45d02e), `install/installer/pkg/config/v1/{config,validation}.go`; at 2022.11.3 `install/kots/manifests/kots-config.yaml`.
 */
import Ajv from "ajv";

type Schema = Record<string, unknown>;

const text: Schema = { type: "string" };
const filled: Schema = { type: "string", minLength: 1 };
const flag: Schema = { type: "boolean" };
const whole: Schema = { type: "integer" };
const anything: Schema = {};
const path: Schema = { type: "string", pattern: "^/" };
const duration: Schema = { type: "string", pattern: "^(\\d+(\\.\\d+)?(h|m|s|ms))+$" };
const domain: Schema = {
  type: "string",
  pattern:
    "^([a-zA-Z0-9]{1}[a-zA-Z0-9-]{0,62})(\\.[a-zA-Z0-9]{1}[a-zA-Z0-9-]{0,62})*?(\\.[a-zA-Z]{1}[a-zA-Z0-9]{0,62})\\.?$",
};
const words = (...allowed: string[]): Schema => ({ enum: allowed });
const listOf = (items: Schema): Schema => ({ type: "array", items });
const map = (properties: Schema, required: string[] = [], more: Schema = {}): Schema => ({
  type: "object",
  properties,
  required,
  additionalProperties: false,
  ...more,
});

const reference = map({ kind: words("secret"), name: filled }, ["kind", "name"]);
const resources = map(
  { requests: { type: "object", additionalProperties: text }, limits: { type: "object" } },
  ["requests"],
);
const claim = map({ size: filled, storageClass: text, snapshotClass: text }, ["size"]);
const proxy = map({
  service: map({ serviceType: words("ClusterIP", "LoadBalancer", "NodePort", "ExternalName") }),
});

/** One of several, `inCluster` among them; the last because the installer itself does not look. */
const oneMode = (...outside: string[]): Schema => ({
  oneOf: [
    { properties: { inCluster: { const: true } }, required: ["inCluster"] },
    ...outside.map((mode) => ({
      properties: { inCluster: { const: false } },
      required: ["inCluster", mode],
    })),
  ],
});

interface Version {
  readonly license: boolean;
  readonly storage: Schema;
  readonly s3: Schema;
  readonly registry: Schema;
  readonly registryReferences: Schema;
  readonly registryRequired: string[];
  readonly runtime: Schema;
  readonly workspace: Schema;
  readonly more: Schema;
}

const VERSIONS: Record<string, Version> = {
  "2022.11": {
    license: true,
    storage: { azure: map({ credentials: reference }, ["credentials"]) },
    s3: map({ endpoint: filled, credentials: reference, bucket: text, allowInsecureConnection: flag }, [
      "endpoint",
      "credentials",
    ]),
    registry: {},
    registryReferences: {},
    registryRequired: ["certificate"],
    runtime: { fsShiftMethod: words("fuse", "shiftfs"), containerdSocket: path },
    workspace: { pvc: claim, prebuildPVC: claim },
    more: { components: map({ proxy }), openVSX: map({ url: text, proxy: map({ disablePVC: flag }) }) },
  },
  HEAD: {
    license: false,
    storage: {},
    s3: map({ endpoint: filled, credentials: reference, bucket: filled, allowInsecureConnection: flag }, [
      "endpoint",
      "bucket",
    ]),
    registry: { enableAdditionalECRAuth: flag, subassemblyBucket: text },
    registryReferences: { credentials: reference },
    registryRequired: [],
    runtime: { fsShiftMethod: words("shiftfs"), containerdSocketDir: path },
    workspace: {},
    more: {
      components: map({ agentSmith: anything, ide: anything, podConfig: anything, proxy }),
      openVSX: map({ url: text, proxy: map({ disablePVC: flag, serviceAnnotations: anything }) }),
      sshGatewayCAKey: reference,
    },
  },
};

function installerSchema(version: string): Schema {
  const of = VERSIONS[version]!;
  return map(
    {
      apiVersion: words("v1"),
      kind: words("IDE", "WebApp", "Meta", "Workspace", "Full"),
      domain,
      metadata: map({ region: filled, shortname: text }, ["region"]),
      repository: filled,
      observability: map({
        logLevel: words("trace", "debug", "info", "warning", "error", "fatal", "panic"),
        tracing: map({ endpoint: text, agentHost: text, secretName: text }),
      }),
      analytics: anything,
      database: map(
        {
          inCluster: flag,
          external: map({ certificate: reference }, ["certificate"]),
          cloudSQL: map({ serviceAccount: reference, instance: filled }, ["serviceAccount", "instance"]),
          ssl: map({ caCert: reference }),
        },
        ["inCluster"],
        oneMode("external", "cloudSQL"),
      ),
      objectStorage: map(
        {
          inCluster: flag,
          s3: of.s3,
          cloudStorage: map({ serviceAccount: reference, project: filled }, ["serviceAccount", "project"]),
          ...of.storage,
          blobQuota: whole,
          maximumBackupCount: whole,
          resources,
        },
        ["inCluster"],
        oneMode("s3", "cloudStorage", ...Object.keys(of.storage)),
      ),
      containerRegistry: map(
        {
          inCluster: flag,
          external: map({ url: filled, certificate: reference, ...of.registryReferences }, [
            "url",
            ...of.registryRequired,
          ]),
          s3storage: map({ bucket: filled, region: filled, endpoint: filled, certificate: reference }, [
            "bucket",
            "region",
            "endpoint",
            ...of.registryRequired,
          ]),
          privateBaseImageAllowList: listOf(text),
          ...of.registry,
        },
        ["inCluster"],
        oneMode("external"),
      ),
      certificate: reference,
      httpProxy: reference,
      imagePullSecrets: listOf(reference),
      workspace: map({
        runtime: map({ containerdRuntimeDir: path, ...of.runtime }),
        resources,
        templates: map({ default: anything, prebuild: anything, imagebuild: anything, regular: anything }),
        maxLifetime: duration,
        timeoutDefault: duration,
        timeoutExtended: duration,
        timeoutAfterClose: duration,
        workspaceImage: text,
        ...of.workspace,
      }),
      authProviders: listOf(reference),
      blockNewUsers: map({ enabled: flag, passlist: { ...listOf(domain), minItems: 1 } }),
      ...(of.license ? { license: reference } : {}),
      sshGatewayHostKey: reference,
      disableDefinitelyGp: flag,
      customCACert: reference,
      dropImageRepo: flag,
      customization: listOf({ type: "object", required: ["apiVersion", "kind", "metadata"] }),
      experimental: { type: "object" },
      ...of.more,
    },
    ["domain", "metadata", "database", "objectStorage", "containerRegistry"],
  );
}

const yes = words("0", "1");
const plain = {
  type: "object",
  properties: { value: text },
  required: ["value"],
  additionalProperties: false,
};
const one = (...allowed: string[]) => ({ ...plain, properties: { value: words(...allowed) } });
const file = { ...plain, properties: { value: { type: "string", pattern: "^[A-Za-z0-9+/]+=*$" } } };
const password = {
  type: "object",
  properties: { valuePlaintext: filled },
  required: ["valuePlaintext"],
  additionalProperties: false,
};
const bool = { ...plain, properties: { value: yes } };

const KOTS_SCHEMA = map(
  {
    apiVersion: words("kots.io/v1beta1"),
    kind: words("ConfigValues"),
    spec: map(
      {
        values: map({
          domain: plain,
          openVsxUrl: plain,
          reg_incluster: bool,
          reg_incluster_storage: one("none", "s3"),
          reg_incluster_storage_s3_region: plain,
          reg_incluster_storage_s3_endpoint: plain,
          reg_incluster_storage_s3_bucketname: plain,
          reg_incluster_storage_s3_accesskey: plain,
          reg_incluster_storage_s3_secretkey: password,
          reg_url: plain,
          reg_server: plain,
          reg_username: plain,
          reg_password: password,
          reg_docker_config_enable: bool,
          reg_docker_config: file,
          db_incluster: bool,
          db_cloudsql_enabled: bool,
          db_cloudsql_instance: plain,
          db_encryption_keys: plain,
          db_host: plain,
          db_username: plain,
          db_password: password,
          db_port: plain,
          db_gcp_credentials: file,
          store_provider: one("incluster", "azure", "gcp", "s3"),
          store_region: plain,
          store_azure_account_name: plain,
          store_azure_access_key: password,
          store_gcp_project: plain,
          store_gcp_credentials: file,
          store_s3_endpoint: plain,
          store_s3_bucket: plain,
          store_s3_access_key_id: plain,
          store_s3_secret_access_key: password,
          tls_self_signed_enabled: bool,
          cert_manager_enabled: bool,
          cert_manager_issuer_name: plain,
          cert_manager_issuer: one("ClusterIssuer", "Issuer"),
          tls_crt: file,
          tls_key: file,
          tls_ca_crt: file,
          ssh_gateway: bool,
          user_management_block_enabled: bool,
          user_management_block_passlist: plain,
          advanced_mode_enabled: bool,
          installer_timeout: one("5m", "10m", "30m", "1h", "90m", "2h"),
          customization_patch: file,
          config_patch: file,
          component_proxy_service_serviceType: one("", "ClusterIP", "NodePort"),
          enable_proxy_settings: bool,
        }),
      },
      ["values"],
    ),
  },
  ["apiVersion", "kind", "spec"],
);

const ajv = new Ajv({ allErrors: true, strict: false });
const compiled = new Map<string, ReturnType<Ajv["compile"]>>();

function errors(name: string, schema: () => Schema, document: unknown): string[] {
  const validate = compiled.get(name) ?? ajv.compile(schema());
  compiled.set(name, validate);
  validate(document);
  return (validate.errors ?? []).map((error) => `${error.instancePath} ${error.message}`);
}

/** What is wrong with a configuration of the installer of a version; empty when all is well. */
export const installerErrors = (version: string, document: unknown): string[] =>
  errors(version, () => installerSchema(version), document);

/** What is wrong with a ConfigValues file; empty when all is well. */
export const kotsErrors = (document: unknown): string[] => errors("kots", () => KOTS_SCHEMA, document);
