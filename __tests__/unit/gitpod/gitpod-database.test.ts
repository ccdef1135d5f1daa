/** `GitpodDatabase`: secrets, databases, login and preflight. */
import { KubernetesProvider } from "@cdktf/provider-kubernetes/lib/provider";
import { SecretV1 } from "@cdktf/provider-kubernetes/lib/secret-v1";
import { type TerraformStack, TerraformVariable } from "cdktf";
import { Cloud, DatabaseEngine, DatabaseLogin, DatabaseServer, MysqlVersion } from "../../../lib/database";
import {
  GitpodConnection,
  GitpodDatabase,
  GitpodDatabaseMode,
  GitpodServerParameters,
  GitpodSql,
  GitpodVersion,
} from "../../../lib/gitpod";
import { CloudSqlAdminLogin, CloudSqlCertificateAuthority } from "../../../lib/google";
import { DatabaseObjects } from "../../../lib/sql";
import { mysql as azureMysql } from "../../support/azure-stack";
import { RecordingBackend } from "../../support/sql/sql-program";
import { type Json, problemsOf, type Synthesized, synthesize, treeOf } from "../../support/synth";
import { server as rds } from "../aws/fixture";
import { server as cloudSql } from "../google/fixture";
import {
  build,
  type Case,
  CLOUD_SQL,
  databaseIn,
  gitpodIn,
  keys,
  PEM,
  proxyIn,
  secret,
  serverIn,
} from "./database-fixture";

const secretNamed = (out: Synthesized, name: string): Json =>
  out
    .resources("kubernetes_secret_v1")
    .find((s: Json) => s.metadata.name === name && s.metadata.namespace === "gitpod");
const jobNamed = (out: Synthesized, part: string): Json =>
  out.resources("kubernetes_job_v1").find((j: Json) => j.metadata.name.includes(part));
const variables = (job: Json): Record<string, string> =>
  Object.fromEntries(
    job.spec.template.spec.container[0].env.map((e: { name: string; value: string }) => [e.name, e.value]),
  );

describe("direct connection", () => {
  const out = build();

  test("the secret has the keys of `database.external` and stores nothing in the state", () => {
    const made = secretNamed(out, "database");
    expect(made.type).toBe("Opaque");
    expect(Object.keys(made.data_wo).sort()).toEqual([
      "encryptionKeys",
      "host",
      "password",
      "port",
      "username",
    ]);
    expect(made.data_wo).toMatchObject({
      host: "db.internal",
      port: "3306",
      username: "gitpod",
      password: "${trimspace(ephemeral.test.owner.value)}",
    });
    expect(made).not.toHaveProperty("data");
    expect(made).not.toHaveProperty("binary_data");
  });

  test("the encryption keys are a JSON array in Gitpod's format, encoded once", () => {
    expect(secretNamed(out, "database").data_wo.encryptionKeys).toBe(
      '${trimspace(jsonencode([{"name" = "general", "version" = 1, "primary" = true, "material" = trimspace(ephemeral.test.key.value)}]))}',
    );
  });

  test("the certificate authorities are a separate secret, under ca.crt", () => {
    expect(secretNamed(out, "database-ca")).toMatchObject({
      type: "Opaque",
      data: { "ca.crt": `${PEM}\n` },
    });
  });

  test("exposes the values for the installer's configuration", () => {
    let made: GitpodDatabase | undefined;
    synthesize((stack) => {
      made = gitpodIn(stack);
    });
    expect(made).toMatchObject({
      mode: GitpodDatabaseMode.EXTERNAL,
      version: GitpodVersion.V2022_11,
      namespace: "gitpod",
      secretName: "database",
      caSecretName: "database-ca",
      host: "db.internal",
      port: 3306,
      username: "gitpod",
      databaseNames: ["gitpod", "gitpod-sessions"],
    });
    expect(made?.cloudSqlInstance).toBeUndefined();
  });

  test("databases and a login with least privileges are created by SQL, outside Gitpod's namespace", () => {
    const job = jobNamed(out, "objects");
    expect(job.metadata.namespace).toBe("gitpod-database-setup");
    const desired = JSON.parse(variables(job).SQL_DESIRED as string);
    expect(desired.users).toMatchObject([
      {
        name: "gitpod",
        nativePassword: true,
        requireTls: true,
        existing: false,
      },
    ]);
    expect(desired.databases).toMatchObject([
      { name: "gitpod", characterSet: "utf8mb4" },
      { name: "gitpod-sessions", characterSet: "utf8mb4" },
    ]);
    expect(desired.grants.map((g: Json) => [g.database, g.user, g.grantable])).toEqual([
      ["gitpod", "gitpod", false],
      ["gitpod-sessions", "gitpod", false],
    ]);
  });

  test("names and construct tree are frozen", () => {
    expect(treeOf(out.stack.node.findChild("gitpod"))).toMatchInlineSnapshot(`
      "Keys
      ObjectsJobs
        Namespace
          Resource
      Objects
        Secret
          Resource
        Ca
          Resource
        Resource
      Secret
        Resource
      Ca
        Resource
      PreflightJobs
      Preflight
        Resource
      "
    `);
    expect(out.resources("kubernetes_job_v1").map((j: Json) => j.metadata.name)).toMatchInlineSnapshot(`
      [
        "test-gitpod-objects",
        "test-gitpod-preflight",
      ]
    `);
  });

  test("labels and provider are set on all objects", () => {
    const labelled = build({ props: { labels: { team: "platform" } } });
    const all = ["kubernetes_secret_v1", "kubernetes_job_v1"].flatMap((type) => labelled.resources(type));
    expect(all.map((each: Json) => each.metadata.labels.team)).toEqual(all.map(() => "platform"));
  });
});

describe("preflight", () => {
  const preflight = (options: Case = {}) => jobNamed(build(options), "preflight");

  test("mounts Gitpod's secrets only, in Gitpod's namespace", () => {
    const job = preflight();
    expect(job.metadata.namespace).toBe("gitpod");
    const pod = job.spec.template.spec;
    expect(
      pod.volume
        .filter((v: Json) => v.secret)
        .map((v: Json) => [v.secret.secret_name, v.secret.default_mode]),
    ).toEqual([
      ["database", "0440"],
      ["database-ca", "0440"],
    ]);
    expect(variables(job)).toMatchObject({
      GITPOD_DATABASES: "gitpod gitpod-sessions",
      GITPOD_MYSQL: "5.7 8.0",
      GITPOD_CA: "/run/secrets/gitpod-database-ca/ca.crt",
    });
  });

  test("runs as non-root user, with read-only root filesystem and pinned image, once per change", () => {
    const job = preflight();
    expect(job.wait_for_completion).toBe(true);
    const pod = job.spec.template.spec;
    expect(pod.automount_service_account_token).toBe(false);
    expect(pod.container[0]).toMatchObject({
      image: expect.stringMatching(/^docker\.io\/library\/mysql:8\.4\.\d+$/),
      security_context: {
        run_as_non_root: true,
        read_only_root_filesystem: true,
        allow_privilege_escalation: false,
        capabilities: { drop: ["ALL"] },
      },
    });
    expect(variables(job)).not.toHaveProperty("SQL_RUN");
  });

  test("depends on databases and secrets, and Gitpod depends on it", () => {
    const out = synthesize((stack) => {
      const { dependables } = gitpodIn(stack);
      new SecretV1(stack, "gitpods", { metadata: { name: "later" }, dependsOn: dependables });
    });
    const job = jobNamed(out, "preflight");
    expect(job.depends_on).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^kubernetes_job_v1\.gitpod_Objects/),
        expect.stringMatching(/^kubernetes_secret_v1\.gitpod_Secret/),
        expect.stringMatching(/^kubernetes_secret_v1\.gitpod_Ca/),
      ]),
    );
    const later = out.resources("kubernetes_secret_v1").find((s: Json) => s.metadata.name === "later");
    expect(later.depends_on.join()).toMatch(/kubernetes_job_v1\.gitpod_Preflight/);
  });

  test("image, timeout and everyApply", () => {
    const job = preflight({
      props: {
        preflight: {
          image: "mirror.local/mysql:8.4.6",
          timeoutSeconds: 90,
          everyApply: true,
        },
      },
    });
    expect(job.spec.active_deadline_seconds).toBe(90);
    expect(job.spec.template.spec.container[0].image).toBe("mirror.local/mysql:8.4.6");
    expect(variables(job).SQL_RUN).toBe("${plantimestamp()}");
  });

  test("can be disabled", () => {
    expect(preflight({ props: { preflight: { enabled: false } } })).toBeUndefined();
  });

  test("runs again for a changed secret", () => {
    const before = variables(preflight()).GITPOD_FINGERPRINT;
    const after = variables(
      preflight({
        owner: DatabaseLogin.withPassword("gitpod", secret("owner", 2)),
      }),
    ).GITPOD_FINGERPRINT;
    expect(before).toMatch(/^[0-9a-f]{64}$/);
    expect(after).not.toBe(before);
  });
});

describe("Gitpod's HEAD", () => {
  const out = build({ props: { version: GitpodVersion.HEAD } });

  test("creates the database authorization, and the preflight ignores the dropped database", () => {
    const desired = JSON.parse(variables(jobNamed(out, "objects")).SQL_DESIRED as string);
    expect(desired.databases.map((d: Json) => d.name)).toEqual([
      "gitpod",
      "gitpod-sessions",
      "authorization",
    ]);
    expect(variables(jobNamed(out, "preflight")).GITPOD_DATABASES).toBe("gitpod authorization");
  });

  test("opens more connections", () => {
    const needed = (version: GitpodVersion) => {
      let sum: number | undefined;
      synthesize((stack) => {
        const server = serverIn(stack);
        const database = server.database("gitpod", {
          owner: DatabaseLogin.withPassword("gitpod", secret("owner")),
        });
        gitpodIn(stack, { props: { database, version } });
        sum = server.connectionBudget.needed;
      });
      return sum;
    };
    // Five components, each with one pod more while it is rolled out; and the migrations.
    expect(needed(GitpodVersion.V2022_11)).toBe(5 * 2 * 10 + 10);
    expect(needed(GitpodVersion.HEAD)).toBe(5 * 2 * 40 + 2 * 100 + 40);
  });

  test("further databases can be disabled", () => {
    const less = build({
      props: {
        version: GitpodVersion.HEAD,
        sessionsDatabase: false,
        authorizationDatabase: false,
      },
    });
    const desired = JSON.parse(variables(jobNamed(less, "objects")).SQL_DESIRED as string);
    expect(desired.databases.map((d: Json) => d.name)).toEqual(["gitpod"]);
  });
});

describe("proxy service", () => {
  const behind = (connection: boolean) =>
    synthesize((stack) => {
      const server = serverIn(stack, { server: CLOUD_SQL });
      const direct = server.database("gitpod", {
        owner: DatabaseLogin.withPassword("gitpod", secret("owner")),
      });
      const proxy = proxyIn(stack, server);
      gitpodIn(stack, {
        props: connection
          ? { database: direct, connection: GitpodConnection.proxyService(proxy) }
          : { database: proxy.server.database("gitpod") },
      });
    });

  test.each([true, false])("Gitpod connects to the proxy's Service, without TLS (said: %s)", (said) => {
    const out = behind(said);
    expect(secretNamed(out, "database").data_wo).toMatchObject({
      host: "cloud-sql-proxy.gitpod.svc",
      port: "3306",
    });
    expect(secretNamed(out, "database-ca")).toBeUndefined();
    expect(variables(jobNamed(out, "preflight")).GITPOD_CA).toBe("");
    expect(jobNamed(out, "preflight").depends_on.join()).toMatch(/kubernetes_deployment_v1\.proxy/);
    // The proxy's connections are not TLS to the server's eyes.
    const desired = JSON.parse(variables(jobNamed(out, "objects")).SQL_DESIRED as string);
    expect(desired.users).toMatchObject([{ name: "gitpod", requireTls: false }]);
  });
});

describe("bundled proxy", () => {
  const credentials = secret("credentials");
  const out = build({
    server: { ...CLOUD_SQL, isPrivate: false },
    props: {
      connection: GitpodConnection.bundledProxy({
        connectionName: "platform:europe-west1:gitpod",
        credentials,
      }),
    },
  });

  test("the secret has the keys of `database.cloudSQL`", () => {
    const made = secretNamed(out, "cloudsql");
    expect(Object.keys(made.data_wo).sort()).toEqual([
      "credentials.json",
      "encryptionKeys",
      "password",
      "username",
    ]);
    expect(made.data_wo["credentials.json"]).toBe("${trimspace(ephemeral.test.credentials.value)}");
    expect(secretNamed(out, "cloudsql-ca")).toBeUndefined();
  });

  test("a key file in base64 fails a precondition", () => {
    expect(JSON.stringify(secretNamed(out, "cloudsql").lifecycle.precondition)).toContain(
      'can(lookup(jsondecode(ephemeral.test.credentials.value), \\"private_key\\"))',
    );
  });

  test("there is no preflight, and the key file is recorded as an opt-out", () => {
    expect(jobNamed(out, "preflight")).toBeUndefined();
    expect(out.infos.map((i) => i.message).join("\n")).toContain(
      "opt-out: GITPOD-CONNECTION-BUNDLED-PROXY: connection.bundledProxy: the cluster stores a service account key, which never expires; a proxy service needs none",
    );
  });

  test("exposes the values for the installer's configuration", () => {
    let made: GitpodDatabase | undefined;
    synthesize((stack) => {
      made = gitpodIn(stack, {
        server: { ...CLOUD_SQL, isPrivate: false },
        props: {
          connection: GitpodConnection.bundledProxy({
            connectionName: "platform:europe-west1:gitpod",
            credentials,
          }),
        },
      });
    });
    expect(made).toMatchObject({
      mode: GitpodDatabaseMode.CLOUD_SQL,
      secretName: "cloudsql",
      cloudSqlInstance: "platform:europe-west1:gitpod",
    });
    expect([made?.host, made?.port, made?.caSecretName]).toEqual([undefined, undefined, undefined]);
  });

  test("the proxy of HEAD supports private IP addresses", () => {
    const made = build({
      server: CLOUD_SQL,
      props: {
        version: GitpodVersion.HEAD,
        connection: GitpodConnection.bundledProxy({
          connectionName: "platform:europe-west1:gitpod",
          credentials,
        }),
      },
    });
    expect(secretNamed(made, "cloudsql")).toBeDefined();
  });
});

describe("databases created by the cloud's API or existing objects", () => {
  test("further databases are created by the server with the same owner", () => {
    const out = synthesize((stack) => {
      const server = serverIn(stack, { server: { adminLogin: undefined } });
      const owner = DatabaseLogin.withPassword("gitpod", secret("owner"));
      gitpodIn(stack, {
        props: { database: server.database("gitpod", { owner }) },
      });
      expect(server.database("gitpod-sessions").owner).toBe(owner);
    });
    expect(jobNamed(out, "objects")).toBeUndefined();
  });

  test("existing objects are dependencies", () => {
    const out = synthesize((stack) => {
      const database = databaseIn(stack);
      const objects = new DatabaseObjects(stack, "mine", {
        server: database.server,
        components: [GitpodSql.objects(database, { nativePassword: true })],
        backend: new RecordingBackend(),
      });
      gitpodIn(stack, { props: { database, databaseSetup: { objects } } });
    });
    expect(jobNamed(out, "objects")).toBeUndefined();
  });

  test("a given backend runs the SQL", () => {
    const backend = new RecordingBackend();
    const out = build({ props: { databaseSetup: { backend } } });
    expect(backend.program?.environment.SQL_DESIRED).toContain("gitpod-sessions");
    expect(jobNamed(out, "objects")).toBeUndefined();
  });
});

describe("Azure with public certificate authorities", () => {
  const azure: Case = {
    server: {
      host: "gitpod.mysql.database.azure.com",
      tls: { enforced: true, hostnameVerifiable: true },
      location: { cloud: Cloud.AZURE, region: "westeurope" },
      parameters: GitpodServerParameters.forCloud(Cloud.AZURE),
    },
  };

  test("Gitpod gets the root certificates, which it requires for TLS", () => {
    const pem = secretNamed(build(azure), "database-ca").data["ca.crt"] as string;
    expect(pem.match(/-----BEGIN CERTIFICATE-----/g)).toHaveLength(3);
  });

  test("given certificate authorities override them", () => {
    const own = build({
      ...azure,
      props: {
        connection: GitpodConnection.direct({ caCertificatesPem: PEM }),
      },
    });
    expect(secretNamed(own, "database-ca").data["ca.crt"]).toBe(`${PEM}\n`);
  });
});

describe("the clouds' own servers", () => {
  const MYSQL = { engine: DatabaseEngine.mysql(MysqlVersion.V8_0), acceptExtendedSupport: "8.0" };

  test("Cloud SQL with a certificate for its DNS name is connected directly", () => {
    const out = synthesize((stack) => {
      const server = cloudSql(stack, {
        ...MYSQL,
        adminLogin: CloudSqlAdminLogin.none(),
        certificateAuthority: CloudSqlCertificateAuthority.REGIONAL,
        parameters: GitpodServerParameters.forCloud(Cloud.GOOGLE),
      });
      gitpodIn(stack, { props: { database: server.database("gitpod") } });
    });
    expect(secretNamed(out, "database").data_wo.host).toContain(".dns_name");
    expect(secretNamed(out, "database-ca").data["ca.crt"]).toContain("server_ca_cert");
    // By the API, each for the same login.
    expect(out.resources("google_sql_database").map((d: Json) => [d.name, d.charset])).toEqual([
      ["gitpod", "utf8mb4"],
      ["gitpod-sessions", "utf8mb4"],
    ]);
    expect(out.resources("google_sql_user")).toHaveLength(1);
  });

  test.each([
    ["RDS", rds, Cloud.AWS],
    ["Cloud SQL", cloudSql, Cloud.GOOGLE],
    ["Azure", azureMysql, Cloud.AZURE],
  ])("%s requires the timestamp parameter", (_, server, cloud) => {
    const flagged = (parameters?: { [name: string]: string }) =>
      problemsOf((stack) => {
        const made = server(stack, { ...MYSQL, parameters });
        gitpodIn(stack, {
          props: { database: made.database("gitpod"), connection: GitpodConnection.direct() },
        });
      }).join("\n");
    expect(flagged()).toContain(
      "GITPOD-DATABASE-SERVER-PARAMETERS-EXPLICIT-DEFAULTS-FOR-TIMESTAMP: database.server.parameters.explicit_defaults_for_timestamp must be OFF on test/",
    );
    expect(flagged(GitpodServerParameters.forCloud(cloud))).not.toContain("explicit_defaults_for_timestamp");
  });
});

describe("tokens", () => {
  const variable = (stack: TerraformStack, id: string) => new TerraformVariable(stack, id, {}).stringValue;

  test("host, port, user and certificate authorities known to Terraform only are checked in preconditions", () => {
    const out = synthesize((stack) => {
      const server = serverIn(stack, {
        server: {
          host: variable(stack, "host"),
          port: new TerraformVariable(stack, "port", {}).numberValue,
          tls: {
            enforced: true,
            hostnameVerifiable: true,
            caCertificatesPem: variable(stack, "ca"),
          },
        },
      });
      const owner = DatabaseLogin.withPassword(variable(stack, "user"), secret("owner"));
      gitpodIn(stack, {
        props: { database: server.database("gitpod", { owner }) },
      });
    });
    const made = secretNamed(out, "database");
    expect(made.data_wo).toMatchObject({
      host: "${trimspace(var.host)}",
      port: "${trimspace(tostring(var.port))}",
      username: "${trimspace(var.user)}",
    });
    expect(made.data_wo_revision).toMatch(/^\$\{sum/);
    const conditions = made.lifecycle.precondition.map((p: Json) => p.condition);
    expect(conditions).toEqual([
      '${can(regex("^[A-Za-z0-9]{16,41}$", trimspace(ephemeral.test.owner.value)))}',
      '${can(regex("^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$", trimspace(ephemeral.test.key.value)))}',
      expect.stringContaining("sha256(trimspace(ephemeral.test.key.value)) != "),
      expect.stringContaining('!can(regex("^[0-9.]+$|:", var.host))'),
    ]);
    const ca = secretNamed(out, "database-ca");
    expect(ca.lifecycle.precondition[0].condition).toBe("${(length(var.ca) <= 131060)}");
  });

  test.each([true, false])(
    "connections that only Terraform can count are counted there (capacity known: %s)",
    (known) => {
      const number = (stack: TerraformStack, id: string) =>
        new TerraformVariable(stack, id, { type: "number" }).numberValue;
      const out = synthesize((stack) =>
        gitpodIn(stack, {
          server: { maxConnections: known ? 1000 : number(stack, "max") },
          props: { replicas: number(stack, "replicas") },
        }),
      );
      const conditions = secretNamed(out, "database").lifecycle.precondition.map((p: Json) => p.condition);
      expect(conditions.at(-1)).toMatch(known ? /var\.replicas.*<= 1000/ : /var\.replicas.*<= var\.max/);
    },
  );

  test("two clusters of one stack can have a Gitpod each in the same namespace", () => {
    synthesize((stack) => {
      const database = databaseIn(stack);
      for (const alias of ["blue", "green"]) {
        new GitpodDatabase(stack, alias, {
          database,
          namespace: "gitpod",
          encryptionKeys: keys(),
          kubernetesProvider: new KubernetesProvider(stack, `cluster-${alias}`, { alias }),
        });
      }
    });
  });

  test("names of namespaces and secrets can be tokens", () => {
    const out = synthesize((stack) =>
      gitpodIn(stack, {
        props: {
          namespace: variable(stack, "namespace"),
          secretName: variable(stack, "secret"),
        },
      }),
    );
    expect(out.resources("kubernetes_secret_v1").map((s: Json) => s.metadata.name)).toContain(
      "${var.secret}",
    );
  });
});

test("MySQL 5.7, with which Gitpod 2022.11 is proven, has no warning", () => {
  const out = build({
    server: {
      engine: DatabaseEngine.mysql(MysqlVersion.V5_7),
      acceptExtendedSupport: "5.7",
    },
  });
  expect(out.warnings.filter((w) => w.path.startsWith("gitpod"))).toEqual([]);
});

test("MySQL 8.0 with 2022.11 has a warning", () => {
  expect(build().warnings.map((w) => w.message)).toContainEqual(
    expect.stringContaining("Gitpod 2022.11 itself is tested with MySQL 5.7"),
  );
});

test.each([
  ["8.0", MysqlVersion.V8_0, true],
  ["5.7", MysqlVersion.V5_7, false],
])(
  "a login that SQL does not make on %s may have the wrong kind of password: said %s",
  (series, version, said) => {
    const out = build({
      server: {
        adminLogin: undefined,
        engine: DatabaseEngine.mysql(version),
        acceptExtendedSupport: series,
      },
    });
    const text = out.warnings.map((w) => w.message).join("\n");
    expect(text.includes("with the default authentication plugin of the server")).toBe(said);
  },
);

test("two installations in two namespaces are independent", () => {
  const out = synthesize((stack) => {
    gitpodIn(stack);
    const server = DatabaseServer.fromServerAttributes(stack, "other-server", {
      engine: DatabaseEngine.mysql(MysqlVersion.V8_0),
      acceptExtendedSupport: "8.0",
      host: "other.internal",
      maxConnections: 500,
      tls: { enforced: true, hostnameVerifiable: true, caCertificatesPem: PEM },
      parameters: GitpodServerParameters.forCloud(Cloud.SELF_MANAGED),
    });
    const owner = DatabaseLogin.withPassword("gitpod", secret("owner"));
    new GitpodDatabase(stack, "other", {
      database: server.database("gitpod", { owner }),
      namespace: "gitpod-2",
      encryptionKeys: keys(),
    });
  });
  expect(
    out.resources("kubernetes_secret_v1").filter((s: Json) => s.metadata.name === "database"),
  ).toHaveLength(2);
});
