/** Values and secrets of the chart, whose structure was compared with templates rendered with chart 8.3.0. */
import { TerraformVariable } from "cdktf";
import {
  Cloud,
  DatabaseEngine,
  DatabaseLogin,
  PoolMode,
  PostgresVersion,
  SecretValue,
} from "../../../lib/database";
import { GitlabRedis, GitlabSecrets, GitlabSize, RegistryMetadata } from "../../../lib/gitlab";
import { ClientTls, PgBouncer } from "../../../lib/pooling";
import { type Json, treeOf } from "../../support/synth";
import {
  behindPooler,
  build,
  CA,
  databaseOn,
  mainOn,
  OTHER_CA,
  poolerIn,
  type ReleaseCase,
  secret,
  serverIn,
} from "./release-fixtures";

const PASSWORD = { secret: "gitlab-postgresql-password" };

const postgres16 = { engine: DatabaseEngine.postgres(PostgresVersion.V16) };

const split: ReleaseCase = {
  topology: (stack) => ({
    main: mainOn(serverIn(stack)),
    ci: databaseOn(serverIn(stack, "second"), "gitlabhq_production_ci", "gitlab_ci"),
    allowSeparateCiDatabase: true,
  }),
};

const pooled: ReleaseCase = {
  topology: (stack) => {
    const server = serverIn(stack);
    const pooler = poolerIn(stack);
    return {
      main: behindPooler(mainOn(server), pooler, "main"),
      ci: behindPooler(databaseOn(server, "gitlabhq_production_ci", "gitlab"), pooler, "ci"),
      allowSeparateCiDatabase: true,
    };
  },
};

describe("the default: one database over the two connections that GitLab opens", () => {
  test("host and secret are at the top level and in main and ci; only ci has migrations disabled", () => {
    const { psql } = build().known.global;
    const connection = {
      host: "server.internal",
      port: 5432,
      database: "gitlabhq_production",
      username: "gitlab",
    };
    expect(psql).toEqual({
      ...connection,
      password: { ...PASSWORD, key: "main-gitlab-password" },
      preparedStatements: false,
      main: {
        ...connection,
        password: { ...PASSWORD, key: "main-gitlab-password" },
        preparedStatements: false,
      },
      ci: {
        ...connection,
        password: { ...PASSWORD, key: "ci-gitlab-password" },
        preparedStatements: false,
        databaseTasks: false,
      },
    });
  });

  test("migrations and the toolbox have no separate addresses, and a second database is not allowed", () => {
    const { known } = build();
    expect(known.gitlab.migrations.psql).toBeUndefined();
    expect(known.gitlab.toolbox.psql).toBeUndefined();
    expect(known.gitlab.webservice.psql).toBeUndefined();
    expect(known.global.extraEnv).toBeUndefined();
    expect(known.global.geo).toBeUndefined();
    expect(known.registry.database).toEqual({ enabled: false });
  });

  test("every pod of Rails verifies the server with its private authorities, in a separate file", () => {
    const { known, secretOf } = build();
    const environment = {
      PGSSLMODE: "verify-full",
      PGSSLROOTCERT: "/etc/ssl/certs/gitlab-database-ca.pem",
    };
    for (const name of ["webservice", "sidekiq", "gitlab-exporter", "migrations", "toolbox"]) {
      expect([name, known.gitlab[name].extraEnv]).toEqual([name, environment]);
    }
    expect(known.global.certificates.customCAs).toEqual([
      { secret: "gitlab-database-ca", keys: ["gitlab-database-ca.crt"] },
    ]);
    expect(secretOf("gitlab-database-ca").data).toEqual({ "gitlab-database-ca.crt": `${CA}\n` });
    expect(known.global.psql.ssl).toBeUndefined();
  });

  test("one secret has a key for each logical database, the only place of the password", () => {
    const { json, secretOf } = build();
    expect(secretOf("gitlab-postgresql-password").data_wo).toEqual({
      "main-gitlab-password": "${trimspace(ephemeral.random_password.gitlab.result)}",
      "ci-gitlab-password": "${trimspace(ephemeral.random_password.gitlab.result)}",
    });
    expect(JSON.stringify(json).split("random_password.gitlab.")).toHaveLength(3);
    expect(JSON.stringify(json.resource.helm_release)).not.toContain("random_password");
  });

  test.each([true, false])(
    "of two users that alternate the secret has both passwords, and the values name the one in use (clone: %s)",
    (cloneInUse) => {
      const { known, secretOf } = build({
        topology: (stack) => {
          const server = serverIn(stack);
          const login = (name: string) => DatabaseLogin.withPassword(name, secret(name));
          const owner = DatabaseLogin.alternating({
            owner: login("gitlab"),
            clone: login("gitlab_clone"),
            cloneInUse,
          });
          return { main: server.database("gitlabhq_production", { owner }) };
        },
      });
      const suffix = cloneInUse ? "-clone" : "";
      for (const name of ["main", "ci"]) {
        expect(known.global.psql[name]).toMatchObject({
          username: cloneInUse ? "gitlab_clone" : "gitlab",
          password: { ...PASSWORD, key: `${name}-gitlab-password${suffix}` },
        });
      }
      const of = (name: string) => `\${trimspace(ephemeral.random_password.${name}.result)}`;
      expect(secretOf("gitlab-postgresql-password").data_wo).toEqual({
        "main-gitlab-password": of("gitlab"),
        "main-gitlab-password-clone": of("gitlab_clone"),
        "ci-gitlab-password": of("gitlab"),
        "ci-gitlab-password-clone": of("gitlab_clone"),
      });
    },
  );

  test("the release comes from GitLab's repository and waits for migrations", () => {
    const { release } = build();
    expect(release).toMatchObject({
      name: "gitlab",
      namespace: "gitlab",
      chart: "gitlab",
      repository: "https://charts.gitlab.io/",
      version: "9.5.2",
      timeout: 3600,
      wait_for_jobs: true,
    });
    expect(release.depends_on).toEqual(
      expect.arrayContaining(["aws_s3_bucket.artifacts", "aws_iam_role.gitlab"]),
    );
  });

  test("the construct tree, which decides the addresses in Terraform's state", () => {
    expect(treeOf(build().made)).toBe(
      [
        "Namespace",
        "  Resource",
        "DatabaseSecret",
        "  Resource",
        "DatabaseCa",
        "  Resource",
        "RailsSecret",
        "  Resource",
        "RedisSecret",
        "  Resource",
        "ObjectStorage",
        "  Resource",
        "RegistryStorage",
        "  Resource",
        "BackupStorage",
        "  Resource",
        "ServiceAccount",
        "Release",
        "  Resource",
        "",
      ].join("\n"),
    );
  });

  test("no opt-out is recorded", () => {
    const { infos, warnings } = build();
    expect(infos).toEqual([]);
    expect(warnings).toEqual([]);
  });
});

describe("chart versions", () => {
  const on = (chart: string) =>
    build({
      chart,
      topology: (stack) => ({
        main: mainOn(serverIn(stack, "server", chart.startsWith("8") ? postgres16 : {})),
      }),
    }).known;

  test.each(["8.3.0", "9.5.2"])("%s: services that the chart bundles are disabled", (chart) => {
    const known = on(chart);
    expect(known.postgresql).toEqual({ install: false });
    expect(known.redis).toEqual({ install: false });
    expect(known.global.minio).toEqual({ enabled: false });
    expect(known.global.psql.host).toBe("server.internal");
  });

  test("10: without the switches, with host and secret", () => {
    const known = on("10.0.2");
    expect(known.postgresql).toBeUndefined();
    expect(known.redis).toBeUndefined();
    expect(known.global.minio).toBeUndefined();
    expect(known.global.psql).toMatchObject({
      host: "server.internal",
      password: { ...PASSWORD, key: "main-gitlab-password" },
    });
  });
});

describe("several databases", () => {
  test("ci on a separate server has its address and login; migrations run, and GitLab allows it", () => {
    const { known, secretOf } = build(split);
    expect(known.global.psql.ci).toEqual({
      host: "second.internal",
      port: 5432,
      database: "gitlabhq_production_ci",
      username: "gitlab_ci",
      password: { ...PASSWORD, key: "ci-gitlab-password" },
      preparedStatements: false,
    });
    expect(known.global.extraEnv).toEqual({ GITLAB_ALLOW_SEPARATE_CI_DATABASE: "1" });
    expect(secretOf("gitlab-postgresql-password").data_wo["ci-gitlab-password"]).toContain(
      "gitlab_ci.result",
    );
  });

  test("databaseTasks is never set where another entry would inherit it", () => {
    for (const options of [{}, split, pooled]) {
      const { psql } = build(options).known.global;
      expect(psql).not.toHaveProperty("databaseTasks");
      expect(psql.main).not.toHaveProperty("databaseTasks");
    }
  });

  test("sec in main's database has no entry; a separate one has", () => {
    const entry = (own: boolean) =>
      build({
        topology: (stack) => {
          const main = mainOn(serverIn(stack));
          return own
            ? {
                main,
                sec: databaseOn(serverIn(stack, "second"), "gitlabhq_production_sec", "gitlab_sec"),
                allowSeparateCiDatabase: true,
              }
            : { main, sec: main };
        },
      }).known.global.psql.sec;
    expect(entry(false)).toBeUndefined();
    expect(entry(true)).toMatchObject({ host: "second.internal", username: "gitlab_sec" });
    expect(entry(true)).not.toHaveProperty("databaseTasks");
  });

  test("in single-database mode ci is disabled, since the chart adds an entry by default", () => {
    const { known } = build({
      chart: "9.5.2",
      topology: (stack) => ({ main: mainOn(serverIn(stack)), singleDatabaseMode: true }),
    });
    expect(known.global.psql.ci).toEqual({ enabled: false });
  });

  test("settings with the chart's names and units", () => {
    const { psql } = build({
      topology: (stack) => ({
        main: mainOn(serverIn(stack)),
        settings: {
          applicationName: "",
          connectTimeoutSeconds: 5,
          keepalives: true,
          keepalivesIdleSeconds: 10,
          keepalivesIntervalSeconds: 11,
          keepalivesCount: 3,
          tcpUserTimeoutMs: 30_000,
          preparedStatements: true,
        },
        entrySettings: { ci: { connectTimeoutSeconds: 9 } },
      }),
    }).known.global;
    const rest = {
      applicationName: "",
      keepalives: 1,
      keepalivesIdle: 10,
      keepalivesInterval: 11,
      keepalivesCount: 3,
      tcpUserTimeout: 30_000,
      preparedStatements: true,
    };
    expect(psql).toMatchObject({ ...rest, connectTimeout: 5 });
    expect(psql.main).toMatchObject({ ...rest, connectTimeout: 5 });
    expect(psql.ci).toMatchObject({ ...rest, connectTimeout: 9 });
  });

  test("replicas are set for each component that reads from them, and not inherited by ci", () => {
    const { known } = build({
      topology: (stack) => ({
        ...split.topology?.(stack),
        entrySettings: {
          main: {
            loadBalancing: {
              discover: { record: "secondary.postgresql.service.consul", port: 8600, useTcp: true },
              maxReplicationLagSeconds: 30,
            },
          },
        },
      }),
    });
    const psql = {
      main: {
        load_balancing: {
          discover: { record: "secondary.postgresql.service.consul", port: 8600, use_tcp: true },
          max_replication_lag_time: 30,
        },
      },
      ci: { load_balancing: false },
    };
    expect(known.gitlab.webservice.psql).toEqual(psql);
    expect(known.gitlab.sidekiq.psql).toEqual(psql);
    expect(known.gitlab.migrations.psql).toBeUndefined();
    expect(known.global.psql).not.toHaveProperty("load_balancing");
    expect(known.global.psql.main).not.toHaveProperty("load_balancing");
  });
});

describe("behind a pooler", () => {
  test("pods connect through it, migrations and the toolbox past it, for each entry", () => {
    const { known } = build(pooled);
    expect(known.global.psql).toMatchObject({ host: "pgbouncer.gitlab.svc", port: 6432, database: "main" });
    expect(known.global.psql.ci).toMatchObject({ host: "pgbouncer.gitlab.svc", port: 6432, database: "ci" });
    const direct = (name: string, database: string) => ({
      host: "server.internal",
      port: 5432,
      database,
      username: "gitlab",
      password: { ...PASSWORD, key: `${name}-gitlab-password` },
    });
    for (const component of ["migrations", "toolbox"]) {
      expect(known.gitlab[component].psql).toEqual({
        ...direct("main", "gitlabhq_production"),
        main: direct("main", "gitlabhq_production"),
        ci: direct("ci", "gitlabhq_production_ci"),
      });
    }
    expect(known.gitlab.webservice.psql).toBeUndefined();
  });

  test("each connection has the TLS mode of its servers", () => {
    const { known } = build(pooled);
    expect(known.gitlab.webservice.extraEnv).toEqual({ PGSSLMODE: "disable" });
    expect(known.gitlab.migrations.extraEnv).toEqual({
      PGSSLMODE: "verify-full",
      PGSSLROOTCERT: "/etc/ssl/certs/gitlab-database-ca.pem",
    });
  });

  test("a pooler with another certificate authority: both are trusted, each once", () => {
    const { known, secretOf } = build({
      topology: (stack) => {
        const tls = { enforced: true, hostnameVerifiable: true, caCertificatesPem: OTHER_CA };
        return { main: behindPooler(mainOn(serverIn(stack)), poolerIn(stack, { tls }), "main") };
      },
    });
    expect(secretOf("gitlab-database-ca").data["gitlab-database-ca.crt"]).toBe(`${OTHER_CA}\n${CA}\n`);
    expect(known.gitlab.webservice.extraEnv.PGSSLMODE).toBe("verify-full");
  });

  test("PgBouncer of this library: the connections of the pods decide its sizes", () => {
    const { known, resources, release } = build({
      topology: (stack) => {
        const server = serverIn(stack, "server", { maxConnections: 500 });
        const pooler = new PgBouncer(stack, "pooler", {
          namespace: "databases",
          clientNamespaces: ["gitlab"],
          clientTls: ClientTls.fromSecret("pooler-tls", OTHER_CA),
          entries: [
            { name: "main", database: mainOn(server), component: "rails" },
            {
              name: "ci",
              database: databaseOn(server, "gitlabhq_production_ci", "gitlab"),
              component: "rails",
            },
          ],
        });
        return {
          main: pooler.database("main"),
          ci: pooler.database("ci"),
          allowSeparateCiDatabase: true,
          registry: databaseOn(server, "registry", "registry"),
        };
      },
      props: { registry: { maxReplicas: 4 } },
    });
    expect(known.global.psql).toMatchObject({
      host: "pgbouncer.databases.svc",
      port: 6432,
      database: "main",
    });
    expect(known.gitlab.migrations.psql.ci).toMatchObject({
      host: "server.internal",
      database: "gitlabhq_production_ci",
    });
    expect(known.gitlab.webservice.extraEnv.PGSSLMODE).toBe("verify-full");
    // 13 pods at the worst moment with 28 connections and 13 with 31, a quarter of room, for each of the two, and ten.
    expect(JSON.stringify(resources("kubernetes_config_map_v1"))).toContain("max_client_conn = 1928");
    expect(release.depends_on.join(" ")).toContain("kubernetes_deployment_v1.pooler");
  });

  test("two names of one database are one: migrations do not run over ci again", () => {
    const { known } = build({
      topology: (stack) => {
        const main = mainOn(serverIn(stack));
        const pooler = poolerIn(stack);
        return { main: behindPooler(main, pooler, "main"), ci: behindPooler(main, pooler, "ci") };
      },
    });
    expect(known.global.psql.ci).toMatchObject({ database: "ci", databaseTasks: false });
    expect(known.global.extraEnv).toBeUndefined();
  });
});

describe("TLS", () => {
  const on = (tls: Json, chart?: string) =>
    build({ chart, topology: (stack) => ({ main: mainOn(serverIn(stack, "server", { tls })) }) });

  test("a certificate that names no host is verified up to its authority", () => {
    const { known } = on({ enforced: true, hostnameVerifiable: false, caCertificatesPem: CA });
    expect(known.gitlab.webservice.extraEnv.PGSSLMODE).toBe("verify-ca");
  });

  test("public authorities need no secret", () => {
    const { known, secretOf } = on({ enforced: true, hostnameVerifiable: true });
    expect(known.gitlab.webservice.extraEnv).toEqual({
      PGSSLMODE: "verify-full",
      PGSSLROOTCERT: "/etc/ssl/certs/ca-certificates.crt",
    });
    expect(secretOf("gitlab-database-ca")).toBeUndefined();
    expect(known.global.certificates).toBeUndefined();
  });

  test("a client certificate: all four keys of the map, one secret, and an opt-out for the weaker verification", () => {
    const { known, secretOf, infos } = on({
      enforced: true,
      hostnameVerifiable: true,
      caCertificatesPem: CA,
      clientCertificate: { certificatePem: OTHER_CA, privateKeyPem: secret("key") },
    });
    expect(known.global.psql.ssl).toEqual({
      secret: "gitlab-database-client",
      serverCA: "server-ca.pem",
      clientCertificate: "client-certificate.pem",
      clientKey: "client-key.pem",
    });
    expect(secretOf("gitlab-database-client").data_wo).toEqual({
      "server-ca.pem": `${CA}\n`,
      "client-certificate.pem": `${OTHER_CA}\n`,
      "client-key.pem": "${trimspace(ephemeral.random_password.key.result)}\n",
    });
    expect(known.gitlab["gitlab-exporter"].extraEnv).toMatchObject({
      PGSSLMODE: "verify-ca",
      PGSSLCERT: "/etc/gitlab/postgres/ssl/client-certificate.pem",
    });
    expect(infos.map((info) => info.message)).toEqual([
      expect.stringContaining("not the host name (verify-ca)"),
    ]);
  });

  const geoSite = (main: Json, geo: Json) =>
    build({
      topology: (stack) => ({
        main: mainOn(serverIn(stack, "server", { tls: main })),
        geo: databaseOn(serverIn(stack, "geo", { tls: geo }), "gitlabhq_geo_production", "gitlab_geo"),
      }),
    });
  const plain = { enforced: true, hostnameVerifiable: true, caCertificatesPem: CA };
  const mutual = { ...plain, clientCertificate: { certificatePem: CA, privateKeyPem: secret("key") } };

  test("a client certificate for the tracking database only leaves main's connections unchanged", () => {
    const { known, secretOf } = geoSite(plain, mutual);
    for (const component of ["webservice", "migrations"]) {
      // The chart writes database_geo.yml with all files; there are none of main's.
      expect(known.gitlab[component].extraEnv).toEqual({
        PGSSLMODE: "verify-full",
        PGSSLROOTCERT: "/etc/ssl/certs/gitlab-database-ca.pem",
      });
    }
    expect(known.global.psql.ssl).toBeUndefined();
    expect(known.global.geo.psql.ssl.secret).toBe("gitlab-geo-database-client");
    expect(secretOf("gitlab-database-client")).toBeUndefined();
  });

  test("with a client certificate for main only, its file of authorities includes that of the tracking database", () => {
    const { known, secretOf } = geoSite(mutual, { ...plain, caCertificatesPem: OTHER_CA });
    expect(known.gitlab.webservice.extraEnv.PGSSLROOTCERT).toBe("/etc/gitlab/postgres/ssl/server-ca.pem");
    expect(secretOf("gitlab-database-client").data_wo["server-ca.pem"]).toBe(`${CA}\n${OTHER_CA}\n`);
  });

  test("authorities of the user are kept beside those of the databases", () => {
    const { known } = build({
      props: {
        values: { global: { certificates: { customCAs: [{ secret: "mine" }], image: { tag: "x" } } } },
      },
    });
    expect(known.global.certificates).toEqual({
      image: { tag: "x" },
      customCAs: [{ secret: "gitlab-database-ca", keys: ["gitlab-database-ca.crt"] }, { secret: "mine" }],
    });
  });
});

describe("beside Rails", () => {
  const with_ = (name: string, owner = name, chart?: string, tls?: Json) =>
    build({
      chart,
      topology: (stack) => ({
        main: mainOn(serverIn(stack)),
        [name]: databaseOn(serverIn(stack, "second", tls && { tls }), `${name}_db`, owner),
      }),
    });

  test("the registry: enabled, with verify-full, since the chart's default is no TLS", () => {
    const { known, secretOf } = with_("registry");
    expect(known.registry.database).toEqual({
      enabled: true,
      migrations: { enabled: true },
      host: "second.internal",
      port: 5432,
      user: "registry",
      name: "registry_db",
      password: { secret: "gitlab-registry-database-password", key: "password" },
      sslmode: "verify-full",
      preparedstatements: false,
      pool: { maxopen: 10 },
    });
    expect(secretOf("gitlab-registry-database-password").data_wo).toEqual({
      password: "${trimspace(ephemeral.random_password.registry.result)}",
    });
    // The one folder that also the container sees which waits for migrations.
    expect(known.registry.extraEnv).toEqual({
      SSL_CERT_DIR: "/etc/ssl/certs:/etc/docker/registry/storage",
    });
    expect(known.registry.storage).toEqual({
      secret: "gitlab-registry-storage",
      key: "config",
      extraKey: "database-ca.pem",
    });
    expect(secretOf("gitlab-registry-storage").data_wo["database-ca.pem"]).toBe(`${CA}\n`);
  });

  test.each([
    [RegistryMetadata.IN_USE, { enabled: true }, undefined],
    [RegistryMetadata.PRE_IMPORT, { enabled: false, configure: true }, undefined],
    [RegistryMetadata.IMPORT, { enabled: false, configure: true }, { readonly: { enabled: true } }],
  ])(
    "a registry with images, %s: the import has the database before the registry uses it",
    (registryMetadata, database, maintenance) => {
      const { known, secretOf } = build({
        topology: (stack) => ({
          main: mainOn(serverIn(stack)),
          registry: databaseOn(serverIn(stack, "second"), "registry", "registry"),
          registryMetadata,
        }),
      });
      const { enabled, configure } = known.registry.database;
      expect({ enabled, configure }).toEqual(database);
      expect(known.registry.maintenance).toEqual(maintenance);
      // Both are used by the program that imports.
      expect(known.registry.database).toMatchObject({
        host: "second.internal",
        migrations: { enabled: true },
      });
      expect(secretOf("gitlab-registry-database-password")).toBeDefined();
    },
  );

  test("the registry with a client certificate: every key is set", () => {
    const { known, secretOf } = with_("registry", "registry", "10.0.2", {
      enforced: true,
      hostnameVerifiable: true,
      caCertificatesPem: CA,
      clientCertificate: { certificatePem: OTHER_CA, privateKeyPem: secret("key") },
    });
    expect(known.registry.database).toMatchObject({
      sslmode: "verify-full",
      ssl: {
        secret: "gitlab-registry-database-client",
        serverCA: "server-ca.pem",
        clientCertificate: "client-certificate.pem",
        clientKey: "client-key.pem",
      },
    });
    expect(Object.keys(secretOf("gitlab-registry-database-client").data_wo)).toEqual([
      "server-ca.pem",
      "client-certificate.pem",
      "client-key.pem",
    ]);
    expect(known.registry.extraEnv).toBeUndefined();
    expect(known.global.psql.ssl).toBeUndefined();
  });

  test("Praefect: verify-full, and a warning about the experiment", () => {
    const { known, secretOf, warnings } = with_("praefect");
    expect(known.global.praefect).toEqual({
      enabled: true,
      psql: {
        host: "second.internal",
        port: 5432,
        user: "praefect",
        dbName: "praefect_db",
        sslMode: "verify-full",
      },
      dbSecret: { secret: "gitlab-praefect-dbsecret", key: "secret" },
    });
    expect(Object.keys(secretOf("gitlab-praefect-dbsecret").data_wo)).toEqual(["secret"]);
    expect(known.gitlab.praefect.extraEnv.PGSSLROOTCERT).toBe("/etc/ssl/certs/gitlab-database-ca.pem");
    expect(warnings.map((each) => each.message)).toEqual([
      expect.stringContaining("does not support Gitaly Cluster"),
    ]);
  });

  test("OpenBao: a separate database and password, where the toolbox reads them", () => {
    const { known, infos } = with_("openbao", "openbao", "10.0.2");
    const psql = {
      host: "second.internal",
      port: 5432,
      database: "openbao_db",
      username: "openbao",
      password: { secret: "gitlab-openbao-database-password", key: "password" },
    };
    expect(known.global.openbao).toEqual({ enabled: true, psql });
    expect(known.openbao.config.storage.postgresql.connection).toEqual({ ...psql, sslMode: "require" });
    expect(infos.map((each) => each.message)).toContainEqual(
      expect.stringContaining(
        "opt-out: GITLAB-CHART-TOPOLOGY-OPENBAO: topology.openbao: the chart mounts no certificate authorities in its pods, so the server's certificate is not verified",
      ),
    );
  });

  test("a Geo secondary site has its tracking database, and the log cursor a folder with authorities", () => {
    const { known, secretOf } = build({
      topology: (stack) => ({
        main: mainOn(serverIn(stack)),
        geo: databaseOn(serverIn(stack, "second", { port: 5431 }), "gitlabhq_geo_production", "gitlab_geo"),
      }),
      props: { geo: { nodeName: "Frankfurt", primaryApiUrl: "https://registry.example.org" } },
    });
    expect(known.global.geo).toEqual({
      enabled: true,
      role: "secondary",
      nodeName: "Frankfurt",
      psql: {
        host: "second.internal",
        port: 5431,
        database: "gitlabhq_geo_production",
        username: "gitlab_geo",
        password: { secret: "gitlab-geo-postgresql-password", key: "postgresql-password" },
      },
      registry: { replication: { enabled: true, primaryApiUrl: "https://registry.example.org" } },
    });
    expect(Object.keys(secretOf("gitlab-geo-postgresql-password").data_wo)).toEqual(["postgresql-password"]);
    expect(known.gitlab["geo-logcursor"]).toMatchObject({
      extraEnv: { PGSSLROOTCERT: "/etc/gitlab-database/gitlab-database-ca.crt" },
      extraVolumes: expect.stringContaining("secretName: gitlab-database-ca"),
      extraVolumeMounts: expect.stringContaining("mountPath: /etc/gitlab-database"),
    });
  });

  test("a Geo primary site has no tracking database", () => {
    const { known } = build({ topology: (stack) => ({ main: mainOn(serverIn(stack)), geoSites: true }) });
    expect(known.global.geo).toEqual({ enabled: true, role: "primary" });
  });
});

describe("keys of Rails", () => {
  test("the keys of Rails are a document in a secret, write-only", () => {
    const { known, secretOf } = build({
      props: {
        secrets: GitlabSecrets.fromKeys({
          dbKeyBase: secret("db", 3),
          otpKeyBase: secret("otp"),
          secretKeyBase: secret("base"),
          encryptedSettingsKeyBase: secret("settings"),
          openidConnectSigningKey: secret("oidc"),
          activeRecordEncryptionPrimaryKey: secret("primary"),
          activeRecordEncryptionDeterministicKey: secret("deterministic"),
          activeRecordEncryptionKeyDerivationSalt: secret("salt"),
        }),
      },
    });
    expect(known.global.railsSecrets).toEqual({ secret: "gitlab-rails-secret" });
    const { data_wo } = secretOf("gitlab-rails-secret");
    expect(Object.keys(data_wo)).toEqual(["secrets.yml"]);
    for (const key of ["db_key_base", "otp_key_base", "active_record_encryption_primary_key"]) {
      expect(data_wo["secrets.yml"]).toContain(`"${key}" = `);
    }
  });

  test("another version of one key writes the secret again and replaces the pods", () => {
    const of = (version: number) => {
      const made = build({ props: { secrets: GitlabSecrets.fromDocument(secret("rails", version)) } });
      return [
        made.secretOf("gitlab-rails-secret").data_wo_revision,
        made.known.gitlab.webservice.annotations["checksum/secrets"],
      ];
    };
    expect(of(2)[0]).not.toBe(of(1)[0]);
    expect(of(2)[1]).not.toBe(of(1)[1]);
    expect(of(1)).toEqual(of(1));
  });

  test("an existing secret is named; keys generated by the chart are a warning", () => {
    const existing = build({ props: { secrets: GitlabSecrets.fromSecretName("kept") } });
    expect(existing.known.global.railsSecrets).toEqual({ secret: "kept" });
    expect(existing.secretOf("gitlab-rails-secret")).toBeUndefined();
    expect(existing.warnings).toEqual([]);
    for (const secrets of [undefined, GitlabSecrets.generatedByChart()]) {
      const made = build({ props: { secrets } });
      expect(made.known.global.railsSecrets).toBeUndefined();
      expect(made.warnings.map((each) => each.message)).toEqual([
        expect.stringContaining(
          "secrets: the chart generates the keys that encrypt parts of the databases, in the cluster only. Without the secret <release>-rails-secret a backup of the databases cannot be read completely: keep a copy of it, or set secrets to GitlabSecrets",
        ),
      ]);
    }
  });
});

describe("Redis", () => {
  test("external, with TLS and a password", () => {
    expect(build().known.global.redis).toEqual({
      host: "redis.internal",
      port: 6379,
      scheme: "rediss",
      auth: { enabled: true, secret: "gitlab-redis-password", key: "password" },
    });
  });

  test("without a password authentication is disabled; without TLS an opt-out is recorded", () => {
    const { known, infos } = build({
      props: { redis: GitlabRedis.fromRedisAttributes({ host: "r", tls: false }) },
    });
    expect(known.global.redis).toEqual({ host: "r", port: 6379, scheme: "redis", auth: { enabled: false } });
    expect(infos.map((each) => each.message)).toEqual([
      "opt-out: GITLAB-CHART-REDIS-TLS: redis.tls: the connection to Redis is not encrypted",
    ]);
  });

  test("the bundled one, before chart 10, is an opt-out", () => {
    const { known, infos } = build({ props: { redis: GitlabRedis.bundled() } });
    expect(known.redis).toEqual({ install: true });
    expect(infos.map((each) => each.message)).toEqual([
      expect.stringContaining(
        "opt-out: GITLAB-CHART-REDIS: redis: one pod on one volume in the cluster, which GitLab calls not ready for production",
      ),
    ]);
  });
});

describe("pods and connections", () => {
  test("a size sets workers and pods", () => {
    const { known } = build({ props: { size: GitlabSize.S } });
    expect(known.gitlab.webservice).toMatchObject({ minReplicas: 2, maxReplicas: 9, workerProcesses: 4 });
    expect(known.gitlab.sidekiq).toMatchObject({ minReplicas: 1, maxReplicas: 12, concurrency: 20 });
  });

  test("explicit numbers override the size", () => {
    const { known } = build({
      props: {
        size: GitlabSize.S,
        webservice: { maxReplicas: 3, maxThreads: 2 },
        sidekiq: { concurrency: 10 },
      },
    });
    expect(known.gitlab.webservice).toMatchObject({
      maxReplicas: 3,
      workerProcesses: 4,
      puma: { threads: { min: 2, max: 2 } },
    });
    expect(known.gitlab.sidekiq).toMatchObject({ maxReplicas: 12, concurrency: 10 });
  });

  test("each connection of Rails counts, also if two are to one database", () => {
    const needed = () => {
      let server: ReturnType<typeof serverIn> | undefined;
      build({
        topology: (stack) => {
          server = serverIn(stack);
          return { main: mainOn(server) };
        },
        props: { webservice: { maxReplicas: 4 }, sidekiq: { maxReplicas: 4 } },
      });
      return server?.connectionBudget.needed;
    };
    // 2 x ((4 + 1 pods) x 2 workers x 14 + (4 + 1) x 31 + 20 others)
    expect(needed()).toBe(630);
  });

  test("behind a pooler the pods count there, and migrations on the server", () => {
    const found: Json = {};
    build({
      topology: (stack) => {
        found.server = serverIn(stack);
        found.pooler = poolerIn(stack);
        return { main: behindPooler(mainOn(found.server), found.pooler, "main", PoolMode.TRANSACTION) };
      },
    });
    const names = (server: Json) => server.connectionBudget.consumers.map((each: Json) => each.name);
    expect(names(found.pooler)).toEqual([
      "test/gitlab webservice to main",
      "test/gitlab sidekiq to main",
      "test/gitlab webservice to ci",
      "test/gitlab sidekiq to ci",
    ]);
    expect(names(found.server)).toEqual([
      "test/gitlab migrations and toolbox to main",
      "test/gitlab migrations and toolbox to ci",
    ]);
  });

  test("more pods than the server supports are an error at synth", () => {
    expect(() =>
      build({ topology: (stack) => ({ main: mainOn(serverIn(stack, "server", { maxConnections: 400 })) }) }),
    ).toThrow(/connectionBudget must be at most \d+ connections, 400/);
  });
});

describe("tokens", () => {
  test("a host as a token leaves the other values readable, and is set everywhere", () => {
    const { known, late } = build({
      topology: (stack) => ({
        main: mainOn(
          serverIn(stack, "server", { host: new TerraformVariable(stack, "host", {}).stringValue }),
        ),
      }),
    });
    expect(known.global.psql).toMatchObject({ port: 5432, username: "gitlab" });
    expect(known.global.psql.host).toBeUndefined();
    for (const path of ['"psql" = {"host"', '"main" = {"host"', '"ci" = {"host"']) {
      expect(late.filter((document) => document.includes(`${path} = var.host`))).toHaveLength(1);
    }
  });

  test("authorities as tokens are joined by Terraform, each once", () => {
    const { secretOf } = build({
      topology: (stack) => {
        const pem = new TerraformVariable(stack, "pem", {}).stringValue;
        const tls = { enforced: true, hostnameVerifiable: true, caCertificatesPem: pem };
        return {
          main: mainOn(serverIn(stack, "server", { tls })),
          registry: databaseOn(serverIn(stack, "second"), "registry", "registry"),
        };
      },
    });
    expect(secretOf("gitlab-database-ca").data["gitlab-database-ca.crt"]).toMatch(
      /join\("\\n", distinct\(\[trimspace\(var\.pem\), trimspace\("-----BEGIN/,
    );
  });

  test("pods as tokens are counted by Terraform, before it installs", () => {
    const { release } = build({
      props: (stack) => ({
        webservice: { maxReplicas: new TerraformVariable(stack, "pods", { type: "number" }).numberValue },
      }),
    });
    expect(release.lifecycle.precondition).toEqual([
      {
        condition: expect.stringContaining("var.pods"),
        error_message: expect.stringContaining("more connections"),
      },
    ]);
  });

  test("secrets whose version is a token", () => {
    const { release } = build({
      props: (stack) => ({
        secrets: GitlabSecrets.fromDocument(
          SecretValue.fromEphemeral("${var.keys}", {
            version: new TerraformVariable(stack, "v", { type: "number" }).numberValue,
          }),
        ),
      }),
    });
    expect(JSON.stringify(release.values)).toContain("var.v");
  });
});

describe("backups", () => {
  test("databases that GitLab's backup misses are listed", () => {
    const { infos, made } = build({
      topology: (stack) => ({
        main: mainOn(serverIn(stack)),
        registry: databaseOn(serverIn(stack, "second"), "registry", "registry"),
      }),
    });
    expect(infos.map((each) => each.message)).toEqual([
      expect.stringContaining("backup: database of registry: not in GitLab's backup"),
    ]);
    expect(made.backupCoverage.text.split("\n")).toEqual([
      "main (gitlabhq_production at server.internal:5432): covered: gitlab-backup and the chart's backup-utility dump it",
      "ci (gitlabhq_production at server.internal:5432): covered: it is the database of main, which is dumped once",
      expect.stringMatching(/^registry \(registry at second\.internal:5432\): MISSED: /),
    ]);
    expect(made.backupCoverage.environment).toEqual({});
  });

  test("past the pooler: addresses for the package's tool, and no password", () => {
    expect(build(pooled).made.backupCoverage.environment).toEqual({
      GITLAB_BACKUP_MAIN_PGHOST: "server.internal",
      GITLAB_BACKUP_MAIN_PGPORT: "5432",
      GITLAB_BACKUP_CI_PGHOST: "server.internal",
      GITLAB_BACKUP_CI_PGPORT: "5432",
    });
  });

  test("a schedule enables the chart's cron job, with a volume for the archive", () => {
    const { cron } = build({ props: { backups: { cron: "0 1 * * *", diskGiB: 200 } } }).known.gitlab.toolbox
      .backups;
    expect(cron).toEqual({
      enabled: true,
      schedule: "0 1 * * *",
      persistence: { enabled: true, size: "200Gi", useGenericEphemeralVolume: true },
      extraArgs: "--s3tool awscli",
    });
  });
});

test("the location of a server does not matter to the chart", () => {
  const location = { cloud: Cloud.GOOGLE, region: "europe-west1" };
  expect(
    build({ topology: (s) => ({ main: mainOn(serverIn(s, "server", { location })) }) }).warnings,
  ).toEqual([]);
});
