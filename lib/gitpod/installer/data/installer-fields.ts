// Fields of the installer's configuration v1 and their validation rules. Source, read 2026-11: gitpod-io/gitpod at tag 2022.11.3
// and at HEAD of 2026-07 (4f45d02e), `install/installer/pkg/config/v1/config.go` (names, `validate` tags, `Defaults()`),
// `validation.go` (lists of allowed words) and `deprecations.go`. The installer parses strictly: an unknown field is an error.
// Configurations for 2022.11 from this library were also validated with `config.Load` and `config.Validate` of that release (2026-11),
// without errors; those for HEAD were compared by reading.

/** Field with the rules of the installer's validation. */
export interface InstallerField {
  /** `required`, without a default. */
  readonly required?: boolean;
  /** `required`, but with a default of the installer: it may be omitted, but not empty. */
  readonly requiredIfGiven?: boolean;
  /** Allowed values. */
  readonly oneOf?: readonly string[];
  /** `startswith`. */
  readonly startsWith?: string;
  /** `fqdn`. */
  readonly fqdn?: boolean;
  /** `url`. */
  readonly url?: boolean;
  /** Duration in Go's format. */
  readonly duration?: boolean;
  /** Type of a field without fields. */
  readonly type?: "text" | "flag" | "number" | "quantity";
  /** Fields of a map; without them a map may contain anything. */
  readonly fields?: InstallerFields;
  /** Members of a list. */
  readonly items?: InstallerField;
  /** Members of a map with arbitrary names. */
  readonly members?: InstallerField;
}

/** Fields by their names. */
export interface InstallerFields {
  readonly [name: string]: InstallerField;
}

const TEXT: InstallerField = { type: "text" };
const FLAG: InstallerField = { type: "flag" };
const NUMBER: InstallerField = { type: "number" };
const ANYTHING: InstallerField = {};
const REQUIRED: InstallerField = { type: "text", required: true };
const DURATION: InstallerField = { type: "text", duration: true };

const REFERENCE_FIELDS: InstallerFields = {
  kind: { type: "text", required: true, oneOf: ["secret"] },
  name: REQUIRED,
};
const REFERENCE: InstallerField = { fields: REFERENCE_FIELDS };
const REQUIRED_REFERENCE: InstallerField = { required: true, fields: REFERENCE_FIELDS };
/** Kubernetes `resource.Quantity`, which the installer's parser rejects if it is invalid. */
const QUANTITY: InstallerField = { type: "quantity", required: true };
const QUANTITIES: InstallerField = { members: QUANTITY };
const RESOURCES: InstallerField = {
  fields: { requests: { ...QUANTITIES, required: true }, limits: QUANTITIES },
};
const CLAIM: InstallerField = { fields: { size: QUANTITY, storageClass: TEXT, snapshotClass: TEXT } };

const COMMON: InstallerFields = {
  apiVersion: { type: "text", oneOf: ["v1"] },
  kind: { type: "text", requiredIfGiven: true, oneOf: ["IDE", "WebApp", "Meta", "Workspace", "Full"] },
  domain: { type: "text", required: true, fqdn: true },
  metadata: { required: true, fields: { region: REQUIRED, shortname: TEXT } },
  repository: { type: "text", requiredIfGiven: true },
  observability: {
    fields: {
      logLevel: {
        type: "text",
        requiredIfGiven: true,
        oneOf: ["trace", "debug", "info", "warning", "error", "fatal", "panic"],
      },
      tracing: { fields: { endpoint: TEXT, agentHost: TEXT, secretName: TEXT } },
    },
  },
  database: {
    required: true,
    fields: {
      inCluster: FLAG,
      external: { fields: { certificate: REQUIRED_REFERENCE } },
      cloudSQL: { fields: { serviceAccount: REQUIRED_REFERENCE, instance: REQUIRED } },
      ssl: { fields: { caCert: REFERENCE } },
    },
  },
  certificate: { requiredIfGiven: true, fields: REFERENCE_FIELDS },
  httpProxy: REFERENCE,
  imagePullSecrets: { items: REFERENCE },
  authProviders: { items: REFERENCE },
  blockNewUsers: { fields: { enabled: FLAG, passlist: { items: { type: "text", required: true } } } },
  sshGatewayHostKey: REFERENCE,
  disableDefinitelyGp: FLAG,
  customCACert: REFERENCE,
  dropImageRepo: FLAG,
  customization: { items: ANYTHING },
  experimental: ANYTHING,
};

const STORAGE: InstallerFields = {
  inCluster: FLAG,
  cloudStorage: { fields: { serviceAccount: REQUIRED_REFERENCE, project: REQUIRED } },
  maximumBackupCount: NUMBER,
  blobQuota: NUMBER,
  resources: RESOURCES,
};

const RUNTIME: InstallerFields = {
  containerdRuntimeDir: { type: "text", requiredIfGiven: true, startsWith: "/" },
};

const WORKSPACE: InstallerFields = {
  resources: RESOURCES,
  templates: {
    fields: { default: ANYTHING, prebuild: ANYTHING, imagebuild: ANYTHING, regular: ANYTHING },
  },
  maxLifetime: { ...DURATION, requiredIfGiven: true },
  timeoutDefault: DURATION,
  timeoutExtended: DURATION,
  timeoutAfterClose: DURATION,
  workspaceImage: TEXT,
};

const REGISTRY: InstallerFields = {
  inCluster: { type: "flag", requiredIfGiven: true },
  privateBaseImageAllowList: { items: TEXT },
};

const S3_STORAGE: InstallerFields = { bucket: REQUIRED, region: REQUIRED, endpoint: REQUIRED };
const PROXY: InstallerField = {
  fields: {
    service: {
      fields: {
        serviceType: { type: "text", oneOf: ["ClusterIP", "LoadBalancer", "NodePort", "ExternalName"] },
      },
    },
  },
};
const ANNOTATED: InstallerField = { fields: { serviceAnnotations: ANYTHING } };

/** Fields, by Gitpod version. */
export const INSTALLER_FIELDS: { readonly [version: string]: InstallerFields } = {
  "2022.11": {
    ...COMMON,
    analytics: { fields: { segmentKey: TEXT, writer: TEXT } },
    objectStorage: {
      required: true,
      fields: {
        ...STORAGE,
        s3: {
          fields: {
            endpoint: REQUIRED,
            credentials: REQUIRED_REFERENCE,
            bucket: TEXT,
            allowInsecureConnection: FLAG,
          },
        },
        azure: { fields: { credentials: REQUIRED_REFERENCE } },
      },
    },
    containerRegistry: {
      required: true,
      fields: {
        ...REGISTRY,
        external: { fields: { url: REQUIRED, certificate: REQUIRED_REFERENCE } },
        s3storage: { fields: { ...S3_STORAGE, certificate: REQUIRED_REFERENCE } },
      },
    },
    workspace: {
      fields: {
        ...WORKSPACE,
        runtime: {
          fields: {
            ...RUNTIME,
            fsShiftMethod: { type: "text", requiredIfGiven: true, oneOf: ["fuse", "shiftfs"] },
            containerdSocket: { type: "text", requiredIfGiven: true, startsWith: "/" },
          },
        },
        prebuildPVC: CLAIM,
        pvc: CLAIM,
      },
    },
    openVSX: {
      fields: { url: { type: "text", url: true }, proxy: { fields: { disablePVC: FLAG } } },
    },
    license: REFERENCE,
    components: { fields: { proxy: PROXY } },
  },
  HEAD: {
    ...COMMON,
    analytics: { fields: { segmentKey: TEXT, writer: TEXT, segmentEndpoint: TEXT } },
    objectStorage: {
      required: true,
      fields: {
        ...STORAGE,
        s3: {
          fields: {
            endpoint: REQUIRED,
            credentials: REFERENCE,
            bucket: REQUIRED,
            allowInsecureConnection: FLAG,
          },
        },
      },
    },
    containerRegistry: {
      required: true,
      fields: {
        ...REGISTRY,
        enableAdditionalECRAuth: FLAG,
        subassemblyBucket: TEXT,
        external: { fields: { url: REQUIRED, certificate: REFERENCE, credentials: REFERENCE } },
        s3storage: { fields: { ...S3_STORAGE, certificate: REFERENCE } },
      },
    },
    workspace: {
      fields: {
        ...WORKSPACE,
        runtime: {
          fields: {
            ...RUNTIME,
            fsShiftMethod: { type: "text", requiredIfGiven: true, oneOf: ["shiftfs"] },
            containerdSocketDir: { type: "text", requiredIfGiven: true, startsWith: "/" },
          },
        },
      },
    },
    openVSX: {
      fields: {
        url: { type: "text", url: true },
        proxy: { fields: { disablePVC: FLAG, serviceAnnotations: ANYTHING } },
      },
    },
    sshGatewayCAKey: REFERENCE,
    components: {
      fields: {
        agentSmith: ANYTHING,
        ide: {
          fields: {
            metrics: { fields: { errorReportingEnabled: FLAG } },
            proxy: ANNOTATED,
            resolveLatest: FLAG,
          },
        },
        podConfig: ANYTHING,
        proxy: PROXY,
      },
    },
  },
};

/** Deprecated field of the installer, and its replacement. */
export interface DeprecatedField {
  readonly path: string;
  /** Replacement; the installer rejects both together. */
  readonly replacedBy?: string;
}

const DEPRECATED: DeprecatedField[] = [
  {
    path: "experimental.webapp.proxy.serviceType",
    replacedBy: "components.proxy.service.serviceType",
  },
  {
    path: "experimental.webapp.server.workspaceDefaults.workspaceImage",
    replacedBy: "workspace.workspaceImage",
  },
  {
    path: "experimental.webapp.server.defaultBaseImageRegistryWhitelist",
    replacedBy: "containerRegistry.privateBaseImageAllowList",
  },
  { path: "objectStorage.maximumBackupCount" },
];

/** Deprecated fields, by Gitpod version. */
export const DEPRECATED_FIELDS: { readonly [version: string]: readonly DeprecatedField[] } = {
  "2022.11": [...DEPRECATED, { path: "experimental.common.usePodSecurityPolicies" }],
  HEAD: [
    ...DEPRECATED,
    { path: "experimental.agentSmith", replacedBy: "components.agentSmith" },
    { path: "experimental.common.podConfig", replacedBy: "components.podConfig" },
    { path: "experimental.ide.resolveLatest", replacedBy: "components.ide.resolveLatest" },
    { path: "experimental.ide.ideMetrics", replacedBy: "components.ide.metrics" },
    {
      path: "experimental.ide.ideProxy.serviceAnnotations",
      replacedBy: "components.ide.proxy.serviceAnnotations",
    },
    {
      path: "experimental.ide.openvsxProxy.serviceAnnotations",
      replacedBy: "openVSX.proxy.serviceAnnotations",
    },
  ],
};
