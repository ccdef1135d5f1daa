/** Secrets and values for object storage, and access to the stores. */
import { type TerraformStack, TerraformVariable } from "cdktf";
import { parse } from "yaml";
import { Cloud, DatabaseEngine, PostgresVersion } from "../../../lib/database";
import { GitlabObjectStorage, type GitlabStores } from "../../../lib/gitlab";
import { ObjectStoreKey } from "../../../lib/storage";
import { type Json, problemsOf } from "../../support/synth";
import {
  AZURE,
  build,
  FakeStore,
  GOOGLE,
  identityIn,
  mainOn,
  releaseIn,
  secret,
  serverIn,
  storesIn,
} from "./release-fixtures";

type Make = (stack: TerraformStack) => GitlabObjectStorage;

const on = (storage: Make, chart = "9.5.2") => {
  const made = build({ chart, props: (stack) => ({ objectStorage: storage(stack) }) });
  return {
    ...made,
    connection: made.secretOf("gitlab-object-storage").data_wo.connection as string,
    registry: made.secretOf("gitlab-registry-storage").data_wo as Json,
    backups: made.secretOf("gitlab-backup-storage")?.data_wo.config as string | undefined,
    tool: made.known.gitlab.toolbox.backups,
  };
};

const google = {
  cloud: Cloud.GOOGLE,
  serviceAccountAnnotations: { "iam.gke.io/gcp-service-account": "g@acme" },
};
const azure = {
  cloud: Cloud.AZURE,
  serviceAccountAnnotations: { "azure.workload.identity/client-id": "1" },
  podLabels: { "azure.workload.identity/use": "true" },
};

describe("Amazon S3 with a workload identity", () => {
  const storage: Make = (stack) =>
    GitlabObjectStorage.withIdentity({ stores: storesIn(stack), identity: identityIn(stack) });

  test("no secret holds a key or an endpoint, from which GitLab would request the identity's token", () => {
    const { connection, registry, backups } = on(storage);
    expect(parse(connection)).toEqual({ provider: "AWS", region: "eu-central-1", use_iam_profile: true });
    expect(parse(registry.config)).toEqual({
      s3: { bucket: "acme-registry", region: "eu-central-1", v4auth: true },
    });
    expect(backups).toBe(
      "[default]\nbucket_location = eu-central-1\nuse_https = True\nmultipart_chunk_size_mb = 128",
    );
  });

  test("the registry's configuration is block YAML, since the chart inserts it below a key", () => {
    expect(on(storage).registry.config.split("\n")[0]).toBe("s3:");
  });

  test("buckets, and backups with the tool that supports identities", () => {
    const { known, tool } = on(storage);
    const { appConfig, registry } = known.global;
    expect(appConfig.object_store).toEqual({
      enabled: true,
      connection: { secret: "gitlab-object-storage", key: "connection" },
    });
    for (const [name, bucket] of [
      ["artifacts", "acme-artifacts"],
      ["lfs", "acme-lfs"],
      ["uploads", "acme-uploads"],
      ["packages", "acme-packages"],
      ["externalDiffs", "acme-externaldiffs"],
      ["terraformState", "acme-terraformstate"],
      ["ciSecureFiles", "acme-cisecurefiles"],
      ["dependencyProxy", "acme-dependencyproxy"],
    ] as const) {
      // A connection of their own would break the consolidated one (the chart's own check).
      expect([name, appConfig[name]]).toEqual([name, { enabled: true, bucket }]);
    }
    expect(appConfig.backups).toEqual({ bucket: "acme-backups", tmpBucket: "acme-tmp" });
    expect(registry).toEqual({ bucket: "acme-registry" });
    expect(tool).toEqual({
      objectStorage: { backend: "s3", config: { secret: "gitlab-backup-storage", key: "config" } },
      cron: { extraArgs: "--s3tool awscli" },
    });
    expect(known.global.pages).toBeUndefined();
  });

  test("one created service account for Rails and the registry, with access to all stores", () => {
    let stores: GitlabStores | undefined;
    const { known, resource } = on((stack) => {
      stores = storesIn(stack);
      return GitlabObjectStorage.withIdentity({ stores, identity: identityIn(stack) });
    });
    const account = { enabled: true, create: false, name: "gitlab-objects" };
    for (const name of ["webservice", "sidekiq", "toolbox", "migrations"]) {
      expect([name, known.gitlab[name].serviceAccount]).toEqual([name, account]);
    }
    expect(known.registry.serviceAccount).toEqual(account);
    // Without it each subchart creates the account too, and Helm refuses to install.
    expect(known.global.serviceAccount).toEqual({ create: false });
    expect(known.gitlab["gitlab-exporter"].serviceAccount).toBeUndefined();
    expect(resource("kubernetes_service_account_v1")).toMatchObject({
      metadata: {
        name: "gitlab-objects",
        namespace: "gitlab",
        annotations: { "eks.amazonaws.com/role-arn": "${var.role_arn}" },
      },
      automount_service_account_token: false,
    });
    for (const store of Object.values(stores as GitlabStores)) {
      expect((store as unknown as FakeStore).granted).toEqual(["gitlab-objects"]);
      expect((store as unknown as FakeStore).signers).toEqual(["gitlab-objects"]);
    }
  });

  test("the registry may have a separate identity, for its store only", () => {
    let stores: GitlabStores | undefined;
    const { known, resources } = on((stack) => {
      stores = storesIn(stack);
      return GitlabObjectStorage.withIdentity({
        stores,
        identity: identityIn(stack),
        registryIdentity: identityIn(stack, { serviceAccountName: "registry-objects" }),
      });
    });
    expect(known.registry.serviceAccount.name).toBe("registry-objects");
    expect(resources("kubernetes_service_account_v1")).toHaveLength(2);
    const granted = (name: keyof GitlabStores) =>
      ((stores as GitlabStores)[name] as unknown as FakeStore).granted;
    expect(granted("registry")).toEqual(["gitlab-objects", "registry-objects"]);
    expect(granted("lfs")).toEqual(["gitlab-objects"]);
    expect((stores as GitlabStores).registry).toMatchObject({
      signers: ["gitlab-objects", "registry-objects"],
    });
  });

  test("a bucket and region that are tokens", () => {
    const { connection, late } = on((stack) => {
      const region = new TerraformVariable(stack, "region", {}).stringValue;
      const bucketName = new TerraformVariable(stack, "bucket", {}).stringValue;
      return GitlabObjectStorage.withIdentity({
        stores: storesIn(stack, { region }, { lfs: { bucketName } }),
        identity: identityIn(stack),
      });
    });
    expect(connection).toContain("region: ${jsonencode(var.region)}");
    expect(late.some((document) => document.includes('"lfs" = {"bucket" = var.bucket}'))).toBe(true);
  });
});

describe("S3-compatible stores with a key", () => {
  const storage: Make = (stack) =>
    GitlabObjectStorage.withKey({
      stores: storesIn(stack, {
        cloud: Cloud.SELF_MANAGED,
        endpoint: "s3.internal:9000",
        region: "us-east-1",
      }),
      key: ObjectStoreKey.s3("AKIAEXAMPLE", secret("s3")),
    });

  test("endpoint, path style and the key, quoted by Terraform", () => {
    const { connection, registry, backups } = on(storage);
    expect(insideTrimspace(connection).split("\n")).toEqual([
      'provider: "AWS"',
      'region: "us-east-1"',
      'aws_access_key_id: "AKIAEXAMPLE"',
      "aws_secret_access_key: ${jsonencode(trimspace(ephemeral.random_password.s3.result))}",
      'aws_signature_version: "4"',
      'host: "s3.internal:9000"',
      'endpoint: "https://s3.internal:9000"',
      "path_style: true",
    ]);
    expect(registry.config).toContain("secretkey: ${jsonencode(");
    expect(registry.config).toContain("regionendpoint:");
    expect(backups).toContain("secret_key = ${trimspace(");
    expect(backups).toContain("host_base = s3.internal:9000");
  });

  test("no identity, no service account, and the key is an opt-out", () => {
    const { known, resources, infos, tool } = on(storage);
    expect(resources("kubernetes_service_account_v1")).toEqual([]);
    expect(known.gitlab.webservice.serviceAccount).toBeUndefined();
    expect(known.global.serviceAccount).toBeUndefined();
    expect(tool.cron.extraArgs).toBeUndefined();
    expect(infos.map((each) => each.message)).toEqual([
      expect.stringContaining(
        "opt-out: GITLAB-CHART-OBJECT-STORAGE: objectStorage: GitLab accesses its stores with a key, which has to be rotated, and not with a workload identity",
      ),
    ]);
  });
});

/** The text inside `${trimspace("...")}`, with quotes and line breaks as they will be. */
function insideTrimspace(expression: string): string {
  const [, inner = ""] = /^\$\{trimspace\("([\s\S]*)"\)\}$/.exec(expression) ?? [];
  return inner.replace(/\\"/g, '"').replace(/\\n/g, "\n");
}

describe("Google Cloud Storage", () => {
  test("with an identity: the pod's credentials, and no secret for backups", () => {
    const { connection, registry, backups, tool, known } = on((stack) =>
      GitlabObjectStorage.withIdentity({
        stores: storesIn(stack, GOOGLE),
        identity: identityIn(stack, google),
      }),
    );
    expect(parse(connection)).toEqual({
      provider: "Google",
      google_project: "acme",
      google_application_default: true,
    });
    expect(parse(registry.config)).toEqual({ gcs: { bucket: "acme-registry" } });
    expect(backups).toBeUndefined();
    expect(tool).toEqual({ objectStorage: { backend: "gcs" }, cron: {} });
    expect(known.registry.storage.extraKey).toBeUndefined();
  });

  test("with a key file: as text, as an extra file, and for backups with the project", () => {
    const { connection, registry, backups, tool, known } = on((stack) =>
      GitlabObjectStorage.withKey({
        stores: storesIn(stack, GOOGLE),
        key: ObjectStoreKey.gcs(secret("gcs")),
      }),
    );
    expect(connection).toContain("google_json_key_string: ${jsonencode(");
    expect(parse(registry.config)).toEqual({
      gcs: { bucket: "acme-registry", keyfile: "/etc/docker/registry/storage/gcs.json" },
    });
    expect(registry["gcs.json"]).toBe("${trimspace(ephemeral.random_password.gcs.result)}");
    expect(backups).toBe("${trimspace(ephemeral.random_password.gcs.result)}");
    expect(tool.objectStorage).toEqual({
      backend: "gcs",
      config: { secret: "gitlab-backup-storage", key: "config", gcpProject: "acme" },
    });
    expect(known.registry.storage.extraKey).toBe("gcs.json");
  });
});

describe("Azure Blob Storage", () => {
  test("with an identity: labels on the pods and the driver that supports it", () => {
    const { connection, registry, backups, known } = on((stack) =>
      GitlabObjectStorage.withIdentity({
        stores: storesIn(stack, AZURE),
        identity: identityIn(stack, azure),
      }),
    );
    expect(parse(connection)).toEqual({
      provider: "AzureRM",
      azure_storage_account_name: "acmegitlab",
      azure_storage_domain: "blob.core.windows.net",
    });
    expect(parse(registry.config)).toEqual({
      azure_v2: {
        accountname: "acmegitlab",
        container: "acme-registry",
        credentialstype: "default_credentials",
        realm: "core.windows.net",
      },
    });
    expect(parse(backups as string)).toEqual({
      azure_storage_account_name: "acmegitlab",
      azure_storage_domain: "blob.core.windows.net",
    });
    expect(known.gitlab.sidekiq.podLabels).toEqual({ "azure.workload.identity/use": "true" });
    expect(known.registry.podLabels).toEqual({ "azure.workload.identity/use": "true" });
  });

  test.each([
    ["9.5.2", "azure:"],
    ["10.0.2", "azure_v2:"],
  ])("with a key on chart %s: the driver %s", (chart, driver) => {
    const { registry } = on(
      (stack) =>
        GitlabObjectStorage.withKey({
          stores: storesIn(stack, AZURE),
          key: ObjectStoreKey.azureBlob("acmegitlab", secret("azure")),
        }),
      chart,
    );
    expect(registry.config).toContain(`\${trimspace("${driver}`);
  });
});

test("Pages get their store, with the same connection", () => {
  const { known } = on((stack) =>
    GitlabObjectStorage.withIdentity({
      stores: { ...storesIn(stack), pages: new FakeStore(stack, "pages") },
      identity: identityIn(stack),
    }),
  );
  expect(known.global.pages).toEqual({
    enabled: true,
    objectStore: {
      enabled: true,
      bucket: "acme-pages",
      connection: { secret: "gitlab-object-storage", key: "connection" },
    },
  });
});

test.each<[string, Make, string]>([
  [
    "one store used twice",
    (stack) =>
      GitlabObjectStorage.withIdentity({
        stores: storesIn(stack, {}, { tmp: { bucketName: "acme-backups" } }),
        identity: identityIn(stack),
      }),
    'GITLAB-CHART-OBJECT-STORAGE-STORES-SHARED: objectStorage.stores.tmp must not be the store of backups too (got "acme-backups"); a restore needs a separate store for each',
  ],
  [
    "stores on two clouds",
    (stack) =>
      GitlabObjectStorage.withIdentity({
        stores: storesIn(stack, {}, { lfs: GOOGLE }),
        identity: identityIn(stack),
      }),
    'GITLAB-CHART-OBJECT-STORAGE-STORES-KIND: objectStorage.stores.lfs must be s3 on aws like artifacts, since GitLab has one connection for all stores (got "gcs on google")',
  ],
  [
    "stores in two regions",
    (stack) =>
      GitlabObjectStorage.withIdentity({
        stores: storesIn(stack, {}, { lfs: { region: "us-east-1" } }),
        identity: identityIn(stack),
      }),
    'GITLAB-CHART-OBJECT-STORAGE-STORES-REGION: objectStorage.stores.lfs.region must be eu-central-1 like artifacts, since GitLab has one connection for all stores (got "us-east-1")',
  ],
  [
    "stores in two accounts",
    (stack) =>
      GitlabObjectStorage.withIdentity({
        stores: storesIn(stack, AZURE, { lfs: { accountName: "other" } }),
        identity: identityIn(stack, azure),
      }),
    'GITLAB-CHART-OBJECT-STORAGE-STORES-ACCOUNT-NAME: objectStorage.stores.lfs.accountName must be acmegitlab like artifacts, since GitLab has one connection for all stores (got "other")',
  ],
  [
    "a key of another protocol",
    (stack) =>
      GitlabObjectStorage.withKey({ stores: storesIn(stack), key: ObjectStoreKey.gcs(secret("gcs")) }),
    'GITLAB-CHART-OBJECT-STORAGE-KEY: objectStorage.key must be a key for s3, the kind of the stores (got "gcs")',
  ],
  [
    "a key of another account",
    (stack) =>
      GitlabObjectStorage.withKey({
        stores: storesIn(stack, AZURE),
        key: ObjectStoreKey.azureBlob("other", secret("azure")),
      }),
    'GITLAB-CHART-OBJECT-STORAGE-KEY: objectStorage.key must be a key of the account acmegitlab, in which the stores are (got "other")',
  ],
  [
    "an identity of another cloud",
    (stack) =>
      GitlabObjectStorage.withIdentity({ stores: storesIn(stack), identity: identityIn(stack, google) }),
    'GITLAB-CHART-OBJECT-STORAGE-IDENTITY: objectStorage.identity must be an identity of aws, where the stores are (got "google"); or use a key',
  ],
  [
    "an identity of another namespace",
    (stack) =>
      GitlabObjectStorage.withIdentity({
        stores: storesIn(stack),
        identity: identityIn(stack, { namespace: "other" }),
      }),
    'GITLAB-CHART-OBJECT-STORAGE-IDENTITY-NAMESPACE: objectStorage.identity.namespace must be gitlab, the namespace of the pods (got "other")',
  ],
  [
    "two identities for one service account",
    (stack) =>
      GitlabObjectStorage.withIdentity({
        stores: storesIn(stack),
        identity: identityIn(stack),
        registryIdentity: identityIn(stack, { dependables: [] }),
      }),
    'GITLAB-CHART-OBJECT-STORAGE-REGISTRY-IDENTITY: objectStorage.registryIdentity must have another service account than identity (got "gitlab-objects"); or leave it out',
  ],
])("refused: %s", (_, storage, message) => {
  expect(
    problemsOf((stack) => {
      releaseIn(stack, { props: { objectStorage: storage(stack) } });
    }).map((problem) => problem.replace(/^\[.*?\] /, "")),
  ).toContain(message);
});

test("a bucket of Cloud Storage that refuses to be overwritten is refused; versions on S3 may be locked", () => {
  const problems = (facts: Parameters<typeof storesIn>[1], of = {}) =>
    problemsOf((stack) => {
      releaseIn(stack, {
        chart: "9.11.5",
        props: {
          objectStorage: GitlabObjectStorage.withIdentity({
            stores: storesIn(stack, facts, { artifacts: { lockDays: 14 } }),
            identity: identityIn(stack, of),
          }),
        },
      });
    });
  expect(problems(GOOGLE, google)).toEqual([
    expect.stringContaining("objectStorage.stores.artifacts.lockDays must not be set on Cloud Storage"),
  ]);
  expect(problems({})).toEqual([]);
});

test("Azure's workload identity requires GitLab 17.9", () => {
  const problems = (chart: string) =>
    problemsOf((stack) => {
      releaseIn(stack, {
        chart,
        props: {
          objectStorage: GitlabObjectStorage.withIdentity({
            stores: storesIn(stack, AZURE),
            identity: identityIn(stack, azure),
          }),
        },
      });
    }).filter((problem) => problem.includes("workload identity"));
  expect(problems("8.8.0")).toEqual([
    '[gitlab] GITLAB-CHART-OBJECT-STORAGE-IDENTITY: objectStorage.identity must be used with GitLab 17.9 or later, which supports Azure\'s workload identity (got "17.8"); use a key with older versions',
  ]);
  expect(problems("8.9.0")).toEqual([]);
});

describe("backups by identity need a chart that hands it to the backup tool", () => {
  const problems = (chart: string, facts: typeof GOOGLE | typeof AZURE, scheduled: boolean) => {
    const of = facts === GOOGLE ? google : azure;
    const postgres = { engine: DatabaseEngine.postgres(PostgresVersion.V16) };
    return problemsOf((stack) => {
      releaseIn(stack, {
        chart,
        topology: (scope) =>
          chart.startsWith("8.") ? { main: mainOn(serverIn(scope, "server", postgres)) } : {},
        props: {
          backups: scheduled ? { cron: "0 1 * * *" } : undefined,
          objectStorage: GitlabObjectStorage.withIdentity({
            stores: storesIn(stack, facts),
            identity: identityIn(stack, of),
          }),
        },
      });
    }).map((problem) => problem.replace(/^\[.*?\] /, ""));
  };

  test.each(["8.11.0", "9.7.0", "9.10.6", "9.11.4", "10.0.0"])("Google, refused with chart %s", (chart) => {
    expect(problems(chart, GOOGLE, true)).toEqual([
      `GITLAB-CHART-OBJECT-STORAGE-IDENTITY-BACKUPS: objectStorage.identity must be used for backups with chart 9.10.7, 9.11.5, 10.0.1 or later, since before that the backup tool has no credentials and backups end in 401 (got "${chart}"); use a newer chart, use a key, or leave backups out`,
    ]);
    expect(problems(chart, GOOGLE, false)).toEqual([]);
  });

  test.each(["9.10.7", "9.10.9", "9.11.5", "10.0.1", "10.1.0", "10.2.3"])(
    "Google, with chart %s",
    (chart) => {
      expect(problems(chart, GOOGLE, true)).toEqual([]);
    },
  );

  test.each(["8.9.0", "8.10.8"])("Azure, refused with chart %s", (chart) => {
    expect(problems(chart, AZURE, true)).toEqual([
      `GITLAB-CHART-OBJECT-STORAGE-IDENTITY-BACKUPS: objectStorage.identity must be used for backups with chart 8.11.0 or later, since before that the pods of the backup cron job have no identity (got "${chart}"); use a newer chart, use a key, or leave backups out`,
    ]);
  });

  test.each(["8.11.0", "9.0.0", "10.0.0"])("Azure, with chart %s", (chart) => {
    expect(problems(chart, AZURE, true)).toEqual([]);
  });

  test("without a schedule a backup may still be started by hand", () => {
    const { warnings } = build({
      chart: "9.7.0",
      props: (stack) => ({
        objectStorage: GitlabObjectStorage.withIdentity({
          stores: storesIn(stack, GOOGLE),
          identity: identityIn(stack, google),
        }),
      }),
    });
    expect(warnings.map((each) => each.message)).toContainEqual(
      expect.stringContaining("backups fail before chart 9.10.7, 9.11.5, 10.0.1 (this one is 9.7.0)"),
    );
  });
});
