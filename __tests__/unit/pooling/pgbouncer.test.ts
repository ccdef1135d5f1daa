import { type TerraformStack, TerraformVariable } from "cdktf";
import { CoderSql } from "../../../lib/coder";
import {
  Cloud,
  DatabaseEngine,
  DatabaseLogin,
  type IDatabaseServer,
  MysqlVersion,
  PoolMode,
  SecretValue,
  SslMode,
  strictestSslMode,
  TerraformData,
  type TlsTrust,
} from "../../../lib/database";
import {
  AuthQuery,
  ClientTls,
  PgBouncer,
  PgBouncerImage,
  type PgBouncerProps,
  type PoolEntry,
} from "../../../lib/pooling";
import { DatabaseObjects, LocalSqlBackend } from "../../../lib/sql";
import { type Json, problemsOf, type Synthesized, synthesize, treeOf } from "../../support/synth";
import { CA, database, login, pooler, server } from "./fixture";

const OLD = PgBouncerImage.of("pgbouncer:1.20.1", "1.20.1");

const made = (props: Partial<PgBouncerProps> = {}, entry: Partial<PoolEntry> = {}) =>
  synthesize((s) => pooler(s, props, entry));
const config = (result: Synthesized): Json =>
  result.resources("kubernetes_config_map_v1").find((c) => "hba.conf" in c.data).data;
const ini = (result: Synthesized): string => config(result)["pgbouncer.ini"];
const pod = (result: Synthesized): Json => result.resource("kubernetes_deployment_v1").spec.template.spec;

describe("defaults", () => {
  test("one line per entry, with secure settings", () => {
    const text = ini(made());
    expect(text).toContain(
      "\nmain = host=server.example.com port=5432 dbname=main pool_mode=transaction pool_size=40 max_db_connections=40\n",
    );
    for (const line of [
      "auth_type = hba",
      "server_tls_sslmode = verify-full",
      "server_tls_ca_file = /etc/ssl/certs/ca-certificates.crt",
      "client_tls_sslmode = require",
      "max_prepared_statements = 0",
      "listen_port = 6432",
    ]) {
      expect(text).toContain(`\n${line}\n`);
    }
    expect(text).not.toMatch(/password|admin_users/);
  });

  test("each user may connect to its entry only, with TLS and SCRAM", () => {
    const lines = config(made())
      ["hba.conf"].split("\n")
      .filter((line: string) => line && !line.startsWith("#"));
    expect(lines).toEqual([
      "local pgbouncer pgbouncer_exporter trust",
      'hostssl "main" "main_owner" 0.0.0.0/0 scram-sha-256',
      'hostssl "main" "main_owner" ::/0 scram-sha-256',
    ]);
  });

  test("pods are non-root with a read-only root filesystem, and spread", () => {
    const result = made();
    const spec = pod(result);
    expect(spec).toMatchObject({
      automount_service_account_token: false,
      security_context: {
        run_as_non_root: true,
        run_as_user: "70",
        fs_group: "70",
        seccomp_profile: { type: "RuntimeDefault" },
      },
      topology_spread_constraint: [
        {
          topology_key: "kubernetes.io/hostname",
          when_unsatisfiable: "DoNotSchedule",
        },
        { topology_key: "topology.kubernetes.io/zone" },
      ],
    });
    expect(spec.container.map((c: Json) => c.name)).toEqual(["pgbouncer", "exporter"]);
    for (const container of spec.container) {
      expect(container.security_context).toMatchObject({
        allow_privilege_escalation: false,
        read_only_root_filesystem: true,
        capabilities: { drop: ["ALL"] },
      });
      expect(container.readiness_probe).toBeDefined();
      expect(Object.keys(container.resources.limits).sort()).toEqual(["cpu", "memory"]);
      expect(container.image_pull_policy).toBe("IfNotPresent");
    }
    // PgBouncer's console takes its own system user for the administrator.
    expect(spec.container[1].security_context.run_as_user).not.toBe(spec.security_context.run_as_user);
    expect(result.resource("kubernetes_pod_disruption_budget_v1").spec.max_unavailable).toBe("1");
    expect(result.resource("kubernetes_deployment_v1").spec).toMatchObject({
      replicas: "2",
      min_ready_seconds: 60,
      strategy: { rolling_update: { max_surge: "1", max_unavailable: "0" } },
    });
    expect(spec.termination_grace_period_seconds).toBe(60);
  });

  test("only pods of the pooler's namespace may connect", () => {
    const [clients, metrics] = made().resource("kubernetes_network_policy_v1").spec.ingress;
    expect(clients).toEqual({
      ports: [{ port: "6432", protocol: "TCP" }],
      from: [
        {
          namespace_selector: {
            match_labels: { "kubernetes.io/metadata.name": "gitlab" },
          },
        },
      ],
    });
    expect(metrics.ports).toEqual([{ port: "9127", protocol: "TCP" }]);
  });

  test("the user list is written after dependsOn and before the pods", () => {
    const result = synthesize((s) => {
      const on = server(s, "server", { adminLogin: login(s, "dbadmin") });
      pooler(s, { dependsOn: [marker(s)] }, {}, on);
    });
    const secret = result.resource("kubernetes_secret_v1");
    expect(secret.depends_on).toContain("kubernetes_service_v1.marker");
    expect(result.resource("kubernetes_deployment_v1").depends_on).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^kubernetes_config_map_v1\.pooler_Config/),
        expect.stringMatching(/^kubernetes_secret_v1\./),
      ]),
    );
    expect(Object.keys(secret.data_wo)).toEqual(["userlist.txt"]);
    expect(secret.data).toBeUndefined();
  });

  test("construct ids and names do not change", () => {
    const result = made();
    expect(treeOf(result.stack.node.findChild("pooler") as never)).toMatchInlineSnapshot(`
      "Scripts
      Secret
        Resource
      Config
      Resource
      Service
      DisruptionBudget
      NetworkPolicy
      Entry-main
        Database
      "
    `);
    expect(
      Object.entries<Json>(result.json.resource).flatMap(([type, all]) =>
        Object.values<Json>(all).map((r) => `${type} ${r.metadata.name}`),
      ),
    ).toMatchInlineSnapshot(`
      [
        "kubernetes_config_map_v1 pgbouncer-scripts",
        "kubernetes_config_map_v1 pgbouncer-config",
        "kubernetes_secret_v1 pgbouncer-secret",
        "kubernetes_deployment_v1 pgbouncer",
        "kubernetes_service_v1 pgbouncer",
        "kubernetes_pod_disruption_budget_v1 pgbouncer",
        "kubernetes_network_policy_v1 pgbouncer",
      ]
    `);
  });
});

/** Something to depend on. */
function marker(stack: TerraformStack) {
  const { ServiceV1 } = jest.requireActual<typeof import("@cdktf/provider-kubernetes/lib/service-v1")>(
    "@cdktf/provider-kubernetes/lib/service-v1",
  );
  return new ServiceV1(stack, "marker", {
    metadata: { name: "marker" },
    spec: {},
  });
}

describe("overrides", () => {
  test("name, port, replicas, times, image, node selector", () => {
    const result = made({
      poolerName: "pool",
      port: 5432,
      replicas: 4,
      drainSeconds: 30,
      transactionSeconds: 120,
      image: PgBouncerImage.of("registry.example.com/pgbouncer:1.24.1", "1.24.1"),
      cpu: "1",
      memory: "1Gi",
      nodeSelector: { pool: "db" },
      labels: { team: "x" },
      clientNamespaces: ["a", "b"],
    });
    const deployment = result.resource("kubernetes_deployment_v1");
    expect(deployment.metadata).toMatchObject({
      name: "pool",
      namespace: "gitlab",
      labels: { team: "x", "app.kubernetes.io/instance": "pool" },
    });
    expect(deployment.spec).toMatchObject({
      replicas: "4",
      min_ready_seconds: 150,
    });
    const [main] = deployment.spec.template.spec.container;
    expect(main).toMatchObject({
      image: "registry.example.com/pgbouncer:1.24.1",
      resources: { requests: { cpu: "1", memory: "1Gi" } },
    });
    expect(main.args.join(" ")).toContain("--drain 30");
    expect(deployment.spec.template.spec.node_selector).toEqual({ pool: "db" });
    expect(ini(result)).toContain("listen_port = 5432");
    expect(result.resource("kubernetes_network_policy_v1").spec.ingress[0].from).toHaveLength(2);
  });

  test("custom labels do not replace selector labels", () => {
    const labels = {
      "app.kubernetes.io/name": "mine",
      "app.kubernetes.io/instance": "mine",
    };
    const { spec } = made({ labels }).resource("kubernetes_deployment_v1");
    expect(spec.template.metadata.labels).toMatchObject(spec.selector.match_labels);
  });

  test("connections without TLS are recorded as an opt-out", () => {
    const result = made({ clientTls: ClientTls.none() });
    expect(ini(result)).toContain("client_tls_sslmode = disable");
    expect(config(result)["hba.conf"]).toContain('\nhost "main"');
    expect(result.infos.map((i) => i.message)).toEqual([
      "opt-out: PGBOUNCER-CLIENT-TLS: clientTls: clients in the cluster connect to the pooler without TLS",
    ]);
    expect(made().infos).toEqual([]);
  });

  test("CA certificates, client certificate and verify-ca of the server are configured", () => {
    const tls: TlsTrust = {
      enforced: true,
      hostnameVerifiable: false,
      caCertificatesPem: CA,
      clientCertificate: {
        certificatePem: CA,
        privateKeyPem: SecretValue.fromEphemeral("${ephemeral.tls_private_key.k.private_key_pem}", {
          version: 3,
        }),
      },
    };
    const result = synthesize((s) => pooler(s, {}, {}, server(s, "server", { tls })));
    expect(ini(result)).toContain(
      "server_tls_sslmode = verify-ca\nserver_tls_ca_file = /etc/pgbouncer/server-ca.crt\n",
    );
    expect(ini(result)).toContain("server_tls_key_file = /etc/pgbouncer-secret/server-client.key");
    expect(config(result)["server-ca.crt"]).toBe(CA);
    expect(Object.keys(result.resource("kubernetes_secret_v1").data_wo)).toEqual([
      "userlist.txt",
      "server-client.key",
    ]);
    expect(JSON.stringify(config(result))).not.toContain("ephemeral");
  });

  test("prepared statements in transaction mode, for versions with support", () => {
    const result = synthesize((s) => {
      const p = pooler(s, {}, { preparedStatements: true });
      expect(p.database("main").pooling).toMatchObject({
        preparedStatements: true,
        mode: PoolMode.TRANSACTION,
      });
    });
    expect(ini(result)).toContain("max_prepared_statements = 200");
    // 1.20 does not know the setting at all.
    expect(ini(made({ image: OLD }))).not.toContain("max_prepared_statements");
  });

  test("auth_query stores the password of auth_user only, and adds its connections", () => {
    const result = synthesize((s) =>
      pooler(s, { authQuery: new AuthQuery(login(s, "asker")) }, { poolSize: 7 }),
    );
    expect(ini(result)).toContain(
      "auth_user = asker\nauth_query = SELECT usename, passwd FROM pgbouncer.user_lookup($1)\n",
    );
    expect(ini(result)).toContain("pool_size=7 max_db_connections=8");
    const users = result.resource("kubernetes_secret_v1").data_wo["userlist.txt"];
    expect(users).toContain("asker");
    expect(users).not.toContain("main_owner");
  });
});

test("pods are replaced for changed scripts and not for changed configuration", () => {
  const template = (entry: Partial<PoolEntry>) =>
    made({}, entry).resource("kubernetes_deployment_v1").spec.template;
  expect(template({ poolSize: 3 })).toEqual(template({ poolSize: 4, mode: PoolMode.SESSION }));
  expect(template({}).metadata.annotations["checksum/scripts"]).toMatch(/^[0-9a-f]{8}$/);
});

describe("databases for applications", () => {
  test("the server of a database is the pooler; pooling.direct is the database on its server", () => {
    synthesize((s) => {
      const p = pooler(s, {}, { mode: PoolMode.SESSION });
      const main = p.database("main");
      expect(main.server.endpoint).toEqual({
        host: "pgbouncer.gitlab.svc",
        port: 6432,
        isPrivate: true,
      });
      expect(main.owner.username).toBe("main_owner");
      expect(main.pooling?.direct.server.endpoint.host).toBe("server.example.com");
      expect(main.server.database("main")).toBe(main);
      expect(strictestSslMode(main.server.tls)).toBe(SslMode.VERIFY_FULL);
      expect(main.server.dependables).toEqual([p.resource, p.service, p.networkPolicy]);
      expect(() => p.database("nothing")).toThrow(
        'PGBOUNCER-DATABASE: database must be an entry: main (got "nothing")',
      );
      expect(() => main.server.database("other")).toThrow(
        'PGBOUNCER-DATABASE: database must be "main", without options (got "other")',
      );
    });
  });

  test("without TLS for clients, the SSL mode is disable", () => {
    synthesize((s) => {
      expect(strictestSslMode(pooler(s, { clientTls: ClientTls.none() }).database("main").server.tls)).toBe(
        SslMode.DISABLE,
      );
    });
  });
});

describe("the user list", () => {
  const users = (result: Synthesized) => result.resource("kubernetes_secret_v1");

  test("is written again only when a password or the set of users changes", () => {
    const revision = (version: number, more = false) =>
      users(
        synthesize((s) => {
          const on = server(s);
          const entries: PoolEntry[] = [{ database: database(s, "main", on, version), poolSize: 1 }];
          if (more) entries.push({ database: database(s, "ci", on), poolSize: 1 });
          pooler(s, { entries });
        }),
      ).data_wo_revision;
    expect(revision(1)).toBe(revision(1));
    expect(new Set([revision(1), revision(2), revision(1, true)]).size).toBe(3);
  });

  test("has the user of several entries of one component once", () => {
    const result = synthesize((s) => {
      const main = database(s, "main");
      pooler(s, {
        entries: [
          { database: main },
          {
            database: main,
            name: "main-session",
            component: "main",
            mode: PoolMode.SESSION,
            poolSize: 2,
          },
        ],
      });
    });
    expect(users(result).data_wo["userlist.txt"].match(/"main_owner"/g)).toHaveLength(1);
    expect(config(result)["hba.conf"]).toContain('"main-session" "main_owner"');
  });

  test("names and tokens are quoted", () => {
    const result = synthesize((s) => {
      const variable = (id: string, type: string) => new TerraformVariable(s, id, { type });
      const on = server(s, "server", {
        host: variable("host", "string").stringValue,
        port: variable("port", "number").numberValue,
      });
      const owner = DatabaseLogin.withPassword(
        variable("user", "string").stringValue,
        login(s, "x").password as SecretValue,
      );
      pooler(s, { entries: [{ database: on.database("main", { owner }) }] });
    });
    expect(ini(result)).toMatch(
      /^main = host='\$\{replace\(var\.host, "'", "''"\)\}' port=\$\{var\.port\} /m,
    );
    expect(config(result)["hba.conf"]).toContain(
      'hostssl "main" "${replace(var.user, "\\"", "\\"\\"")}" ::/0',
    );
  });
});

describe("wrong input", () => {
  const problems = (props: Partial<PgBouncerProps> = {}, entry: Partial<PoolEntry> = {}) =>
    problemsOf((s) => pooler(s, props, entry));
  const one = (found: string[]) => {
    expect(found).toHaveLength(1);
    return found[0] as string;
  };

  test("transaction pooling with prepared statements on an old version", () => {
    expect(one(problems({ image: OLD }, { preparedStatements: true }))).toBe(
      "[pooler] PGBOUNCER-ENTRIES-PREPARED-STATEMENTS: entries[main].preparedStatements must be false in transaction mode before PgBouncer 1.21.0, and the image has 1.20.1 (got true); disable them in the application, use session mode, or use a later image",
    );
    expect(problems({ image: OLD }, { preparedStatements: true, mode: PoolMode.SESSION })).toEqual([]);
  });

  test("two components sharing a user", () => {
    const found = problemsOf((s) => {
      const on = server(s);
      const shared = login(s, "everybody");
      pooler(s, {
        entries: [
          { database: on.database("main", { owner: shared }) },
          { database: on.database("ci", { owner: shared }) },
        ],
      });
    });
    expect(one(found)).toContain(
      "PGBOUNCER-ENTRIES-LOGIN: entries[ci].login must belong to one component: component main has the same user (entry main)",
    );
  });

  test("the same user name on two servers", () => {
    const found = problemsOf((s) => {
      const entries = ["a", "b"].map((id) => ({
        name: id,
        component: "same",
        database: server(s, id).database("main", { owner: login(s, "app") }),
      }));
      pooler(s, { entries });
    });
    expect(one(found)).toContain(
      "PGBOUNCER-ENTRIES-LOGIN: entries[b].login must be on one server: entry a has a user of the same name on another server, and PgBouncer stores one password per name",
    );
  });

  test("duplicate and reserved names", () => {
    const found = problemsOf((s) => {
      const on = server(s);
      pooler(s, {
        entries: [
          { database: database(s, "main", on) },
          { database: database(s, "ci", on), name: "main" },
          { database: database(s, "reg", on), name: "pgbouncer" },
          { database: on.database("x", { owner: login(s, "pgbouncer") }) },
          {
            database: on.database("y", {
              owner: login(s, "PgBouncer_Exporter"),
            }),
          },
          { database: database(s, "z", on), name: "z; DROP" },
        ],
      });
    });
    expect(found).toEqual(
      expect.arrayContaining([
        '[pooler] PGBOUNCER-ENTRIES-NAME: entries.name must be unique (got "main"); give one of the entries another name',
        `[pooler] PGBOUNCER-ENTRIES-NAME: entries.name must not be the name of PgBouncer's admin console (got "pgbouncer")`,
        '[pooler] PGBOUNCER-ENTRIES-LOGIN: entries[x].login must not be a reserved user: pgbouncer, pgbouncer_exporter (got "pgbouncer")',
        '[pooler] PGBOUNCER-ENTRIES-LOGIN: entries[y].login must not be a reserved user: pgbouncer, pgbouncer_exporter (got "PgBouncer_Exporter")',
        expect.stringContaining(
          "[pooler] PGBOUNCER-ENTRIES-NAME: entries.name must be 1 to 63 letters, digits, underscores and hyphens",
        ),
      ]),
    );
  });

  test("databases and users created in SQL, without dependsOn", () => {
    const found = problemsOf((s) =>
      pooler(s, {}, {}, server(s, "server", { adminLogin: login(s, "dbadmin") })),
    );
    expect(one(found)).toContain(
      "PGBOUNCER-DEPENDS-ON: dependsOn must be set: the databases and users of main are created in SQL and must exist before the pooler starts (got not set); describe them with DatabaseObjects",
    );
  });

  test("a login without a password, a cloud identity, the administrator", () => {
    const found = problemsOf((s) => {
      const on = server(s, "server", {
        acceptsCloudIdentity: true,
        adminLogin: login(s, "dbadmin"),
      });
      pooler(s, {
        dependsOn: [marker(s)],
        entries: [
          {
            database: on.database("main", {
              owner: DatabaseLogin.withCloudIdentity("iam"),
            }),
          },
          { database: database(s, "ci", on), login: login(s, "dbadmin") },
        ],
      });
    });
    expect(found).toEqual([
      expect.stringContaining(
        'PGBOUNCER-ENTRIES-LOGIN: entries[ci].login must not be the administrator\'s login (got "dbadmin")',
      ),
      expect.stringContaining(
        'PGBOUNCER-ENTRIES-LOGIN: entries[main].login must be a login with a password: a pooler cannot log in with its clients\' cloud identities (got "cloud-identity")',
      ),
    ]);
  });

  test("auth_query on a managed server", () => {
    const found = problemsOf((s) =>
      pooler(
        s,
        { authQuery: new AuthQuery(login(s, "asker")) },
        {},
        server(s, "server", { location: { cloud: Cloud.AWS } }),
      ),
    );
    expect(one(found)).toContain(
      "PGBOUNCER-AUTH-QUERY: authQuery must not be set for managed servers: they have no superuser, and no other role can read SCRAM verifiers, not even through a SECURITY",
    );
  });

  test("MySQL, a pooler behind a pooler, servers with different SSL modes", () => {
    expect(
      problemsOf((s) => {
        const on = server(s, "server", {
          engine: DatabaseEngine.mysql(MysqlVersion.V8_4),
        });
        pooler(s, { clientTls: ClientTls.none() }, {}, on);
      }),
    ).toEqual([
      expect.stringContaining(
        'PGBOUNCER-ENTRIES-DATABASE: entries[main].database must be a PostgreSQL database (got "MySQL 8.4")',
      ),
    ]);
    expect(
      problemsOf((s) => {
        const first = pooler(s);
        new PgBouncer(s, "second", {
          namespace: "gitlab",
          poolerName: "second",
          clientTls: ClientTls.none(),
          entries: [{ database: first.database("main"), poolSize: 1, maxClients: 5 }],
        });
      }),
    ).toEqual(
      expect.arrayContaining([
        expect.stringContaining('entries[main].database must not be behind another pooler (got "main")'),
      ]),
    );
    expect(
      problemsOf((s) => {
        const weak = server(s, "weak", {
          tls: { enforced: true, hostnameVerifiable: false, caCertificatesPem: CA },
        });
        pooler(s, {
          entries: [
            { database: database(s, "a", weak) },
            { database: database(s, "b", server(s, "strong")) },
          ],
        });
      }),
    ).toEqual([
      expect.stringContaining(
        "PGBOUNCER-ENTRIES-TLS: entries must be on servers with the same SSL mode: PgBouncer has one server_tls_sslmode",
      ),
    ]);
  });

  test.each<[Partial<PgBouncerProps>, string]>([
    [{ replicas: 1 }, "replicas must be a whole number from 2 to 50 (got 1)"],
    [{ replicas: 2.5 }, "replicas must be a whole number from 2 to 50 (got 2.5)"],
    [{ port: 80 }, "port must be a whole number from 1024 to 65535 (got 80)"],
    [{ port: 9127 }, "PGBOUNCER-PORT: port must not be the exporter's port (got 9127)"],
    [
      { poolerName: "Pool" },
      'poolerName must be 1 to 63 lower-case letters, digits and hyphens, with no hyphen first or last (got "Pool")',
    ],
    [{ poolerName: "p".repeat(41) }, "at most 40 characters"],
    [
      { namespace: "not_legal" },
      'namespace must be 1 to 63 lower-case letters, digits and hyphens, with no hyphen first or last (got "not_legal")',
    ],
    [
      { clientNamespaces: [] },
      "PGBOUNCER-CLIENT-NAMESPACES: clientNamespaces must not be empty (got []); leave it out for the pooler's namespace",
    ],
    [
      { clientNamespaces: ["A"] },
      'clientNamespaces must be 1 to 63 lower-case letters, digits and hyphens, with no hyphen first or last (got "A")',
    ],
    [{ drainSeconds: -1 }, "drainSeconds must be a whole number from 0 to 600 (got -1)"],
    [{ transactionSeconds: 0 }, "transactionSeconds must be a whole number from 1 to 3600 (got 0)"],
    [
      { clientTls: ClientTls.fromSecret("Not_legal") },
      'clientTls.secretName must be 1 to 253 lower-case letters, digits, hyphens and dots, with a letter or digit at both ends of each part (got "Not_legal")',
    ],
    [
      { image: PgBouncerImage.of("pgbouncer", "1.25.2") },
      'PGBOUNCER-IMAGE-REFERENCE: image.reference must be an image with an exact tag or digest, not latest (got "pgbouncer")',
    ],
    [{ image: PgBouncerImage.of("pgbouncer:latest", "1.25.2") }, "image.reference"],
    [
      { image: PgBouncerImage.of("pgbouncer:1.16", "1.16.1") },
      'PGBOUNCER-IMAGE-VERSION: image.version must be an exact version, 1.18.0 or later (got "1.16.1")',
    ],
    [{ image: PgBouncerImage.of("pgbouncer:x", "newest") }, "image.version"],
    [
      { cpu: "2" },
      'PGBOUNCER-CPU: cpu must be "1m" to "1000m" or a fraction of one core such as "0.5": PgBouncer has one thread (got "2")',
    ],
    [
      { cpu: "1500m" },
      'PGBOUNCER-CPU: cpu must be "1m" to "1000m" or a fraction of one core such as "0.5": PgBouncer has one thread',
    ],
    [
      { cpu: "0" },
      'PGBOUNCER-CPU: cpu must be "1m" to "1000m" or a fraction of one core such as "0.5": PgBouncer has one thread',
    ],
    [
      { memory: "256" },
      'PGBOUNCER-MEMORY: memory must be a whole number with Mi, Gi, M or G, such as "512Mi" (got "256")',
    ],
    [
      { memory: "a lot" },
      'PGBOUNCER-MEMORY: memory must be a whole number with Mi, Gi, M or G, such as "512Mi" (got "a lot")',
    ],
    [{ entries: [] }, "PGBOUNCER-ENTRIES: entries must have at least one entry (got [])"],
  ])("%o", (props, message) => {
    const found = problems(props);
    expect(found.length).toBeGreaterThan(0);
    expect(found.join("\n")).toContain(message);
  });

  test.each<[Partial<PoolEntry>, string]>([
    [
      { poolSize: 0 },
      "PGBOUNCER-ENTRIES-POOL-SIZE: entries[main].poolSize must be a whole number from 1 to 10000 (got 0)",
    ],
    [
      { maxClients: 0 },
      "PGBOUNCER-ENTRIES-MAX-CLIENTS: entries[main].maxClients must be a whole number from 1 to 100000 (got 0)",
    ],
    [{ share: 0 }, "PGBOUNCER-ENTRIES-SHARE: entries[main].share must be a number above 0 (got 0)"],
    [
      { share: Number.NaN },
      "PGBOUNCER-ENTRIES-SHARE: entries[main].share must be a number above 0 (got NaN)",
    ],
  ])("%o", (entry, message) => {
    expect(problems({}, entry).join("\n")).toContain(message);
  });

  test("sizes that are not known at synth are refused", () => {
    const found = problemsOf((s) => {
      const number = new TerraformVariable(s, "n", { type: "number" }).numberValue;
      pooler(s, { replicas: number, port: number }, { poolSize: number, maxClients: number, share: number });
    });
    const refused = found
      .filter((f) => f.includes("must be known at synth"))
      .map((f) => f.replace(/ must .*/, "").replace(/ [A-Z-]+:/, ""));
    expect(refused.sort()).toEqual([
      "[pooler] entries[main].maxClients",
      "[pooler] entries[main].poolSize",
      "[pooler] entries[main].share",
      "[pooler] port",
      "[pooler] replicas",
    ]);
  });

  test("an entry name that is not known at synth is refused", () => {
    expect(() =>
      problemsOf((s) => pooler(s, {}, { name: new TerraformVariable(s, "n", {}).stringValue })),
    ).toThrow("[test/pooler] PGBOUNCER-ENTRIES-NAME: entries.name must be known at synth");
  });

  test("no message shows a password's expression", () => {
    const found = problems({ replicas: 1, image: OLD }, { preparedStatements: true, poolSize: 0 });
    expect(found.join("\n")).not.toMatch(/password-|var\./);
  });
});

describe("SQL objects that describe the databases of the entries", () => {
  const objects = (stack: TerraformStack, on: IDatabaseServer) =>
    new DatabaseObjects(stack, "objects", {
      server: on,
      backend: new LocalSqlBackend(),
      components: [CoderSql.objects(on.database("main"))],
    });
  const waits = (build: (stack: TerraformStack, on: IDatabaseServer) => unknown) => {
    const { json } = synthesize((stack) => {
      const on = server(stack, "server", { adminLogin: login(stack, "administrator") });
      database(stack, "main", on);
      build(stack, on);
    });
    return Object.entries(json.resource as { [type: string]: { [name: string]: { depends_on?: string[] } } })
      .flatMap(([type, named]) =>
        Object.entries(named).map(([name, { depends_on }]) => ({ id: `${type}.${name}`, depends_on })),
      )
      .filter(({ id }) => /^kubernetes_(secret|config_map)_v1\.pooler_(Secret|Config)_/.test(id))
      .map(({ depends_on = [] }) => depends_on.filter((each) => each.startsWith("terraform_data.objects")));
  };
  const ONCE = [[expect.any(String)], [expect.any(String)]];
  const entries = (on: IDatabaseServer) => ({ entries: [{ database: on.database("main") }] });

  test("come before its users and its configuration, whichever the program makes first", () => {
    expect(waits((stack, on) => [objects(stack, on), pooler(stack, entries(on))])).toEqual(ONCE);
    expect(waits((stack, on) => [pooler(stack, entries(on)), objects(stack, on)])).toEqual(ONCE);
  });

  test("are waited for once where the program says so too", () => {
    expect(
      waits((stack, on) => pooler(stack, { ...entries(on), dependsOn: objects(stack, on).dependables })),
    ).toEqual(ONCE);
  });

  test("of other databases are not waited for", () => {
    expect(
      waits((stack, on) => [
        objects(stack, on),
        pooler(stack, {
          entries: [{ database: database(stack, "other", on) }],
          dependsOn: [new TerraformData(stack, "namespace")],
        }),
      ]),
    ).toEqual([[], []]);
  });
});
