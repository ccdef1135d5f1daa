import { type TerraformStack, TerraformVariable } from "cdktf";
import { parse } from "yaml";
import {
  CoderPasswordDelivery,
  CoderProvisionerKey,
  CoderRelease,
  type CoderReleaseProps,
  CoderSize,
  CoderSql,
} from "../../../lib/coder";
import { DatabaseLogin, DatabaseProvisioning, DeletionPolicy, SslMode } from "../../../lib/database";
import { LogicalDatabase } from "../../../lib/database/private";
import { EnvironmentVariable } from "../../../lib/kubernetes";
import { mergeValues } from "../../../lib/kubernetes/private";
import { ComponentObjects, DatabaseObjects, LocalSqlBackend } from "../../../lib/sql";
import { type Json, problemsOf, synthesize, treeOf } from "../../support/synth";
import { type DatabaseCase, databaseIn, identityIn, PEM, secret } from "./fixtures";

interface Case extends DatabaseCase {
  readonly props?: Partial<CoderReleaseProps> | ((stack: TerraformStack) => Partial<CoderReleaseProps>);
}

function build({ props, ...database }: Case = {}) {
  const built = synthesize((stack) => {
    new CoderRelease(stack, "coder", {
      database: databaseIn(stack, database),
      accessUrl: "https://coder.example.com",
      chartVersion: "2.33.6",
      ...(typeof props === "function" ? props(stack) : props),
    });
  });
  const release = built.resources("helm_release").find((each: Json) => each.chart === "coder");
  const documents: string[] = release.values;
  return {
    ...built,
    release,
    documents,
    /** What the chart gets, as far as it is known at synth. */
    known: parse(documents[0] as string),
    late: documents.slice(1),
    secrets: (name: string) =>
      built.resources("kubernetes_secret_v1").find((each: Json) => each.metadata.name === name),
  };
}

const environmentOf = (values: Json): Json =>
  Object.fromEntries(values.coder.env.map((each: Json) => [each.name, each.value ?? each.valueFrom]));

describe("by default", () => {
  test("the chart gets the URL from a secret and the certificate authorities as files", () => {
    expect(build().known).toEqual({
      coder: {
        securityContext: { capabilities: { drop: ["ALL"] } },
        livenessProbe: { enabled: false, initialDelaySeconds: 600 },
        env: [
          { name: "CODER_ACCESS_URL", value: "https://coder.example.com" },
          {
            name: "CODER_PG_CONNECTION_URL",
            valueFrom: { secretKeyRef: { name: "coder-db-url", key: "url" } },
          },
        ],
        replicaCount: 1,
        podAnnotations: { "checksum/secrets": expect.stringMatching(/^[0-9a-f]{64}$/) },
        serviceAccount: { name: "coder" },
        volumes: [{ name: "database-ca", secret: { secretName: "coder-db-ca" } }],
        volumeMounts: [{ name: "database-ca", mountPath: "/etc/coder-database/ca", readOnly: true }],
      },
    });
  });

  test("the URL has the port, the strictest sslmode and an encoded password, and is only in the secret", () => {
    const { json, secrets } = build();
    expect(secrets("coder-db-url").data_wo).toEqual({
      url:
        '${trimspace("postgres://coder:${replace(urlencode(trimspace(ephemeral.random_password.owner.result)), "+", "%20")}' +
        '@db.internal:5432/coder?sslmode=verify-full&sslrootcert=/etc/coder-database/ca/ca.crt")}',
    });
    expect(secrets("coder-db-ca").data).toEqual({ "ca.crt": `${PEM}\n` });
    expect(JSON.stringify(json).split("random_password.owner")).toHaveLength(2);
  });

  test("the release is from Coder's repository, in a namespace that Terraform does not remove", () => {
    const { release, resource } = build();
    expect(release).toMatchObject({
      name: "coder",
      namespace: "coder",
      chart: "coder",
      repository: "https://helm.coder.com/v2",
      version: "2.33.6",
      timeout: 900,
      atomic: true,
      wait: true,
    });
    expect(resource("kubernetes_namespace_v1")).toMatchObject({
      metadata: { name: "coder" },
      lifecycle: { prevent_destroy: true },
    });
  });

  test("construct tree, which determines the addresses in Terraform's state", () => {
    expect(treeOf(build().stack)).toContain(
      [
        "coder",
        "  Namespace",
        "    Resource",
        "  DatabaseSecret",
        "    Resource",
        "  DatabaseCa",
        "    Resource",
        "  Release",
        "    Resource",
        "",
      ].join("\n"),
    );
  });

  test("no opt-out is recorded", () => {
    expect(build().infos).toEqual([]);
    expect(build().warnings).toEqual([]);
  });
});

describe("secrets and restarts", () => {
  const checksum = (options: Case) => build(options).known.coder.podAnnotations["checksum/secrets"];

  test.each<[string, Case]>([
    ["another password", { passwordVersion: 2 }],
    ["another host", { server: { host: "db-2.internal" } }],
    [
      "other authorities",
      { server: { tls: { enforced: true, hostnameVerifiable: true, caCertificatesPem: `${PEM}\n${PEM}` } } },
    ],
    ["another schema", { props: { searchPath: "own" } }],
    [
      "another secret of the user's",
      {
        props: { env: [EnvironmentVariable.fromSecretValue("CODER_OIDC_CLIENT_SECRET", secret("oidc", 2))] },
      },
    ],
  ])("%s restarts the pods", (_, options) => {
    expect(checksum(options)).not.toBe(checksum({}));
  });

  test("a host known to Terraform only leaves the other values readable", () => {
    const { known, late } = build({
      host: "variable",
    });
    expect(known.coder.env).toHaveLength(2);
    expect(late).toEqual([
      expect.stringMatching(/^\$\{jsonencode\(\{"coder" = \{"podAnnotations" = .*var\.host/),
    ]);
  });

  test("secret variables are stored in a separate secret", () => {
    const { known, secrets } = build({
      props: {
        env: [
          EnvironmentVariable.fromSecretValue("CODER_OIDC_CLIENT_SECRET", secret("oidc")),
          EnvironmentVariable.fromSecret("CODER_SCIM_AUTH_HEADER", "mine", "scim"),
          EnvironmentVariable.plain("CODER_PROMETHEUS_ENABLE", "true"),
        ],
      },
    });
    expect(secrets("coder-env").data_wo).toEqual({
      CODER_OIDC_CLIENT_SECRET: "${trimspace(ephemeral.random_password.oidc.result)}",
    });
    expect(environmentOf(known)).toMatchObject({
      CODER_OIDC_CLIENT_SECRET: { secretKeyRef: { name: "coder-env", key: "CODER_OIDC_CLIENT_SECRET" } },
      CODER_SCIM_AUTH_HEADER: { secretKeyRef: { name: "mine", key: "scim" } },
      CODER_PROMETHEUS_ENABLE: "true",
    });
  });
});

describe("database connection", () => {
  test("the password can be delivered in PGPASSWORD", () => {
    const { known, secrets } = build({
      props: {
        passwordDelivery: CoderPasswordDelivery.PGPASSWORD,
        databaseSecretName: "db",
        databaseSecretKey: "dsn",
      },
    });
    expect(environmentOf(known)).toMatchObject({
      CODER_PG_CONNECTION_URL: { secretKeyRef: { name: "db", key: "dsn" } },
      PGPASSWORD: { secretKeyRef: { name: "db", key: "password" } },
    });
    expect(secrets("db").data_wo).toEqual({
      dsn: "postgres://coder@db.internal:5432/coder?sslmode=verify-full&sslrootcert=/etc/coder-database/ca/ca.crt",
      password: "${trimspace(ephemeral.random_password.owner.result)}",
    });
  });

  test("IAM database authentication: no password, annotated service account", () => {
    const { known, late, secrets, release } = build({
      identity: true,
      props: (stack) => ({
        identity: identityIn(stack, { podLabels: { "azure.workload.identity/use": "true" } }),
      }),
    });
    expect(environmentOf(known)).toMatchObject({ CODER_PG_AUTH: "awsiamrds" });
    expect(secrets("coder-db-url").data_wo.url).toBe(
      "postgres://coder@db.internal:5432/coder?sslmode=verify-full&sslrootcert=/etc/coder-database/ca/ca.crt",
    );
    expect(known.coder.serviceAccount).toEqual({ name: "coder" });
    expect(known.coder.podLabels).toEqual({ "azure.workload.identity/use": "true" });
    expect(late).toEqual([
      '${jsonencode({"coder" = {"serviceAccount" = {"annotations" = {"eks.amazonaws.com/role-arn" = var.role_arn}}}})}',
    ]);
    expect(release.depends_on).toContain("aws_iam_role.coder");
  });

  test("proxy in the pod: user name without password", () => {
    const { known, secrets } = build({
      server: { host: "127.0.0.1", tls: { offered: false, enforced: false, hostnameVerifiable: false } },
      proxy: true,
    });
    expect(environmentOf(known).CODER_PG_AUTH).toBeUndefined();
    expect(secrets("coder-db-url").data_wo.url).toBe("postgres://coder@127.0.0.1:5432/coder?sslmode=disable");
  });

  test("client certificate: only Coder's group can read the key", () => {
    const { known, secrets } = build({
      server: {
        tls: {
          enforced: true,
          hostnameVerifiable: true,
          caCertificatesPem: PEM,
          clientCertificate: { certificatePem: PEM, privateKeyPem: secret("key") },
        },
      },
    });
    expect(known.coder.podSecurityContext).toEqual({ fsGroup: 1000 });
    expect(known.coder.volumes).toContainEqual({
      name: "database-client",
      // 0440
      secret: { secretName: "coder-db-client", defaultMode: 0o440 },
    });
    expect(secrets("coder-db-client").data_wo).toEqual({
      "client.crt": `${PEM}\n`,
      "client.key": "${trimspace(ephemeral.random_password.key.result)}\n",
    });
    expect(secrets("coder-db-url").data_wo.url).toContain(
      "&sslcert=/etc/coder-database/client/client.crt&sslkey=/etc/coder-database/client/client.key",
    );
  });

  test("public certificate authorities need no file", () => {
    const { known, secrets } = build({ server: { tls: { enforced: true, hostnameVerifiable: true } } });
    expect(known.coder.volumes).toBeUndefined();
    expect(secrets("coder-db-ca")).toBeUndefined();
    expect(secrets("coder-db-url").data_wo.url).toContain('?sslmode=verify-full")');
  });

  test("a certificate without the host name is verified with verify-ca", () => {
    const { secrets } = build({
      server: { tls: { enforced: true, hostnameVerifiable: false, caCertificatesPem: PEM } },
    });
    expect(secrets("coder-db-url").data_wo.url).toContain("sslmode=verify-ca&sslrootcert=");
  });

  test("the search path is part of the URL", () => {
    expect(build({ props: { searchPath: "own" } }).secrets("coder-db-url").data_wo.url).toContain(
      "&search_path=own",
    );
  });
});

describe("size, pool and budget", () => {
  test("a size sets replicas, resources and provisioners", () => {
    const { known, resources } = build({
      props: {
        size: CoderSize.UP_TO_2K,
        provisioners: { key: CoderProvisionerKey.fromSecretName("coder-provisioner-key", "key") },
      },
    });
    expect(known.coder).toMatchObject({
      replicaCount: 3,
      resources: {
        requests: { cpu: "4000m", memory: "12Gi" },
        limits: { cpu: "4000m", memory: "12Gi" },
      },
    });
    const provisioners = resources("helm_release").find((each: Json) => each.chart === "coder-provisioner");
    expect(parse(provisioners.values[0]).coder.replicaCount).toBe(120);
  });

  test("explicit properties override the size", () => {
    const { known } = build({
      props: { size: CoderSize.UP_TO_1K, replicas: 2, resources: { cpu: "1", memory: "2Gi" } },
    });
    expect(known.coder).toMatchObject({
      replicaCount: 2,
      resources: { limits: { cpu: "1", memory: "2Gi" } },
    });
  });

  test("the pool is set if given, and the rolling update counts in the budget", () => {
    const { known } = build({
      props: { chartVersion: "2.38.0", pool: { maxOpen: 30, maxIdle: 10 }, surge: 0.5, replicas: 2 },
    });
    expect(environmentOf(known)).toMatchObject({
      CODER_PG_CONN_MAX_OPEN: "30",
      CODER_PG_CONN_MAX_IDLE: "10",
    });
    expect(known.coder.strategy).toEqual({
      type: "RollingUpdate",
      rollingUpdate: { maxSurge: "50%", maxUnavailable: "25%" },
    });
  });

  test("without surge one replica is unavailable: Kubernetes rejects zero for both", () => {
    expect(build({ props: { chartVersion: "2.38.0", surge: 0 } }).known.coder.strategy.rollingUpdate).toEqual(
      {
        maxSurge: "0%",
        maxUnavailable: 1,
      },
    );
  });

  test.each([
    [{}, 32],
    // (3 + 1) x (10 + 1 listener) + 10 others: the table of the budget's rule.
    [{ replicas: 3 }, 54],
    [{ replicas: 10, pool: { maxOpen: 30 }, otherConnections: 0 }, 403],
    [{ replicas: 3, surge: 0, chartVersion: "2.38.0", otherConnections: 0 }, 33],
  ])("%j needs the connections of the formula", (props, needed) => {
    let actual: number | undefined;
    synthesize((stack) => {
      const database = databaseIn(stack, { server: { maxConnections: 5000 } });
      new CoderRelease(stack, "coder", {
        database,
        accessUrl: "https://coder.example.com",
        chartVersion: "2.33.6",
        ...props,
      });
      actual = database.server.connectionBudget.needed;
    });
    expect(actual).toBe(needed);
  });

  test("replicas known to Terraform only are checked in a precondition of the release", () => {
    const { release, late } = build({
      props: (stack) => ({
        replicas: new TerraformVariable(stack, "replicas", { type: "number" }).numberValue,
      }),
    });
    expect(release.lifecycle.precondition).toEqual([
      {
        condition: expect.stringContaining("var.replicas"),
        error_message: expect.stringContaining("more connections"),
      },
    ]);
    expect(late).toContain('${jsonencode({"coder" = {"replicaCount" = var.replicas}})}');
  });

  test("more than one replica notes that a license is required", () => {
    expect(build({ props: { replicas: 2 } }).infos).toEqual([
      {
        path: "coder",
        message:
          "CODER-REPLICAS-LICENSE: replicas: 2 Coder replicas require a license with high availability",
      },
    ]);
  });
});

describe("region", () => {
  test("is compared in a precondition if it is known to Terraform only", () => {
    const { release } = build({
      props: (stack) => ({ clusterRegion: new TerraformVariable(stack, "region", {}).stringValue }),
    });
    expect(release.lifecycle.precondition).toEqual([
      {
        condition: '${(var.region == "eu-central-1")}',
        error_message: expect.stringContaining("another region"),
      },
    ]);
  });

  test("is not compared without clusterRegion or with acceptOtherRegion", () => {
    expect(build().release.lifecycle).toBeUndefined();
    const { release, infos } = build({ props: { clusterRegion: "us-east-1", acceptOtherRegion: true } });
    expect(release.lifecycle).toBeUndefined();
    expect(infos).toEqual([
      {
        path: "coder",
        message:
          "opt-out: CODER-ACCEPT-OTHER-REGION: acceptOtherRegion: the database may be in another region than the cluster",
      },
    ]);
  });
});

describe("the user's values", () => {
  test("override the defaults, and lists of volumes are appended", () => {
    const { documents } = build({
      props: {
        values: {
          coder: {
            livenessProbe: { enabled: true },
            service: { type: "ClusterIP" },
            podAnnotations: { mine: "yes" },
            volumes: [{ name: "mine", emptyDir: {} }],
            volumeMounts: [{ name: "mine", mountPath: "/mine" }],
          },
        },
      },
    });
    const merged: Json = mergeValues(...documents.map((document) => parse(document)));
    expect(merged.coder).toMatchObject({
      livenessProbe: { enabled: true, initialDelaySeconds: 600 },
      service: { type: "ClusterIP" },
      podAnnotations: { mine: "yes", "checksum/secrets": expect.any(String) },
      volumes: [{ name: "database-ca" }, { name: "mine" }],
      volumeMounts: [{ name: "database-ca" }, { name: "mine" }],
    });
  });

  test("another release name has a matching pod anti-affinity", () => {
    const { known, release } = build({ props: { releaseName: "coder-2" } });
    expect(release.name).toBe("coder-2");
    const [rule] = known.coder.affinity.podAntiAffinity.preferredDuringSchedulingIgnoredDuringExecution;
    expect(rule.podAffinityTerm.labelSelector.matchExpressions[0].values).toEqual(["coder-2"]);
  });

  test("TLS certificates and trusted certificate authorities", () => {
    const { known } = build({
      props: {
        tlsSecretNames: ["coder-tls"],
        certificateAuthorities: [{ name: "corp-ca", key: "ca.pem" }],
        wildcardAccessUrl: "*.coder.example.com",
      },
    });
    expect(known.coder.tls).toEqual({ secretNames: ["coder-tls"] });
    expect(known.coder.certs).toEqual({ secrets: [{ name: "corp-ca", key: "ca.pem" }] });
    expect(environmentOf(known).CODER_WILDCARD_ACCESS_URL).toBe("*.coder.example.com");
  });
});

describe("order", () => {
  test("the release depends on database, secrets, database setup and namespace", () => {
    const { release, resource } = build({
      server: {
        adminLogin: DatabaseLogin.withPassword("dbadmin", secret("admin")),
        dependsOn: [{ fqn: "aws_db_instance.main" } as never],
      },
    });
    expect(release.depends_on).toEqual(
      expect.arrayContaining([
        "aws_db_instance.main",
        expect.stringMatching(/^kubernetes_job_v1\.coder_DatabaseSetup/),
        expect.stringMatching(/^kubernetes_secret_v1\.coder_DatabaseSecret/),
        expect.stringMatching(/^kubernetes_secret_v1\.coder_DatabaseCa/),
        expect.stringMatching(/^kubernetes_namespace_v1\.coder_Namespace/),
      ]),
    );
    expect(resource("kubernetes_job_v1").metadata).toMatchObject({
      name: "test-coder-databasesetup",
      namespace: "coder-database-setup",
    });
  });

  test("the database setup depends on dependsOn and on the database", () => {
    const { resource } = synthesize((stack) => {
      const server = databaseIn(stack, {
        server: { adminLogin: DatabaseLogin.withPassword("dbadmin", secret("admin")) },
      }).server;
      const database = new LogicalDatabase(stack, "by-api", {
        server,
        databaseName: "coder_by_api",
        owner: DatabaseLogin.withPassword("coder_by_api", secret("owner")),
        provisioning: DatabaseProvisioning.SQL_JOB,
        dependables: [{ fqn: "azurerm_postgresql_flexible_server_database.coder" } as never],
      });
      new CoderRelease(stack, "coder", {
        database,
        accessUrl: "https://coder.example.com",
        chartVersion: "2.33.6",
        dependsOn: [{ fqn: "null_resource.before" } as never],
      });
    });
    expect(resource("kubernetes_job_v1").depends_on).toEqual(
      expect.arrayContaining(["azurerm_postgresql_flexible_server_database.coder", "null_resource.before"]),
    );
  });

  describe("databaseSetup", () => {
    const admin = DatabaseLogin.withPassword("dbadmin", secret("admin"));
    function withObjects(given: "coder" | "other" | "backend" | "both") {
      return (stack: TerraformStack) => {
        const database = databaseIn(stack, { server: { adminLogin: admin } });
        const other = database.server.database("other", {
          owner: DatabaseLogin.withPassword("other", secret("other")),
        });
        const backend = new LocalSqlBackend();
        const objects = () =>
          new DatabaseObjects(stack, "objects", {
            server: database.server,
            components: [
              given === "other"
                ? ComponentObjects.fromDatabases("praefect", [other])
                : CoderSql.objects(database),
            ],
            backend,
          });
        new CoderRelease(stack, "coder", {
          database,
          accessUrl: "https://coder.example.com",
          chartVersion: "2.33.6",
          databaseSetup: {
            ...(given === "backend" ? {} : { objects: objects() }),
            ...(given === "backend" || given === "both" ? { backend } : {}),
          },
        });
      };
    }

    test("existing objects: none are created, and the release depends on them", () => {
      const { resources } = synthesize(withObjects("coder"));
      expect(resources("kubernetes_job_v1")).toEqual([]);
      expect(resources("helm_release")[0].depends_on).toContainEqual(
        expect.stringMatching(/^terraform_data\.objects_/),
      );
    });

    test("another backend: no job and no namespace", () => {
      const { resources } = synthesize(withObjects("backend"));
      expect(resources("kubernetes_job_v1")).toEqual([]);
      expect(resources("terraform_data")).toHaveLength(1);
      expect(resources("kubernetes_namespace_v1")).toHaveLength(1);
      expect(resources("helm_release")[0].depends_on).toContainEqual(
        expect.stringMatching(/^terraform_data\.coder_DatabaseSetup_/),
      );
    });

    test.each([
      [
        "objects without Coder's database",
        "other",
        'CODER-DATABASE-SETUP-OBJECTS: databaseSetup.objects must describe the database coder of test/server (got "test/objects"); add CoderSql.objects(database)',
      ],
      [
        "objects and a back end",
        "both",
        'CODER-DATABASE-SETUP-BACKEND: databaseSetup.backend must not be set with objects, which have a backend (got "a backend")',
      ],
    ] as const)("%s are refused", (_, given, message) => {
      expect(problemsOf(withObjects(given)).join("\n")).toContain(message);
    });
  });

  test("an existing namespace is not created", () => {
    const { resources, secrets } = build({ props: { namespace: "tools", createNamespace: false } });
    expect(resources("kubernetes_namespace_v1")).toEqual([]);
    expect(secrets("coder-db-url").metadata.namespace).toBe("tools");
  });

  test("namespaceDeletionPolicy allows to remove the namespace", () => {
    const { resource } = build({ props: { namespaceDeletionPolicy: DeletionPolicy.DELETE } });
    expect(resource("kubernetes_namespace_v1").lifecycle).not.toHaveProperty("prevent_destroy");
  });
});

test("weaker TLS is recorded as an opt-out", () => {
  const { infos, secrets } = build({
    server: { tls: { enforced: false, hostnameVerifiable: true } },
    props: { sslMode: SslMode.REQUIRE },
  });
  expect(infos).toEqual([
    {
      path: "coder",
      message: "opt-out: CODER-SSL-MODE: sslMode: the certificate of the database server is not verified",
    },
  ]);
  expect(secrets("coder-db-url").data_wo.url).toContain('sslmode=require")');
});
