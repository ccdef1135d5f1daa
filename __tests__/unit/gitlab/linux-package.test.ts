/** Configuration of machines with the Linux package; the tier terraform reads it with Ruby. */

import type { TerraformStack } from "cdktf";
import { parse } from "yaml";
import { DatabaseLogin, DatabaseProvisioning, PoolMode } from "../../../lib/database";
import { LogicalDatabase } from "../../../lib/database/private";
import {
  DatabaseTopology,
  GitlabVersion,
  LinuxPackageConfig,
  LinuxPackageRole,
  RegistryMetadata,
} from "../../../lib/gitlab";
import { LEADER_HANDLER_SCRIPT } from "../../../lib/pooling";
import { rubyFile } from "../../../lib/pooling/private";
import { synthesize, treeOf } from "../../support/synth";
import { CA, config, login, managed, named, ownClusters, secret, server, topology } from "./package-fixture";

const { RAILS, POSTGRES, PGBOUNCER, SINGLE_NODE } = LinuxPackageRole;
const url = { externalUrl: "https://gitlab.example.com" };
const app = { name: "app", role: SINGLE_NODE, host: "10.0.0.5" };

test("it creates no resources, and its watches have stable ids", () => {
  const { json, stack, infos, warnings } = synthesize((s) => void ownClusters(s));
  expect(json.resource).toBeUndefined();
  const config = stack.node.findChild("package");
  expect(treeOf(config)).toBe("Watch-gitlab-main\nWatch-gitlab-ci\nPooler\n");
  // What is said about the topology is its own.
  expect(infos.map(({ path }) => path)).toEqual(["topology"]);
  expect(warnings).toEqual([]);
});

test("on managed servers a note says that PgBouncer and Consul are not required", () => {
  const { infos } = synthesize((s) => expect(managed(s).isManaged).toBe(true));
  expect(infos.map((note) => note.message)).toEqual([
    "GITLAB-PACKAGE-TOPOLOGY-MANAGED: topology: all databases are on managed servers (aws), so machines with PgBouncer and Consul are not required",
  ]);
  expect(config(managed).gitlabRb("gitlab")).not.toMatch(/consul|pgbouncer/);
});

test("opt-outs of secure defaults are recorded", () => {
  const { infos } = synthesize(
    (s) =>
      void ownClusters(s, {
        consul: undefined,
        inlineSecrets: true,
        pooler: { host: "p", consoleLogin: login(s, "pgbouncer"), authQuery: true },
      }),
  );
  expect(infos).toHaveLength(6);
  const text = infos.map((note) => note.message).join("\n");
  for (const what of [
    "allowSeparateCiDatabase",
    "inlineSecrets",
    "consul.encryptionKey",
    "consul.accessControl",
    "pooler.tls",
    "pooler.authQuery",
  ])
    expect(text).toContain(`: ${what}: `);
});

describe("secrets", () => {
  test("secret files of each machine, whose content is in no text", () => {
    const made = config(ownClusters);
    const paths = (node: string) =>
      made.secretFiles(node).map((file) => file.path.replace("/etc/gitlab/", ""));
    expect(paths("rails-1")).toEqual(["main", "ci", "registry"].map((name) => `secrets/${name}.password`));
    expect(paths("pg-ci-1")).toEqual([
      "secrets/ci.md5",
      "secrets/gitlab-ci-replication.password",
      "secrets/gitlab-ci-replication.md5",
      "secrets/gitlab-ci-api.password",
      "secrets/consul.encryption-key",
    ]);
    expect(paths("pooler-1")).toEqual([
      ...["gitlab", "gitlab_ci", "registry", "praefect"].map((user) => `pooling/${user}.md5`),
      "secrets/pgbouncer.md5",
      "secrets/consul.encryption-key",
    ]);
    for (const node of made.nodeNames) {
      const text = made.gitlabRb(node) + made.cloudInit(node) + JSON.stringify(made.files(node));
      expect(text).not.toMatch(/var\.|TfToken/);
    }
  });

  test("a hash is md5 of password and user, computed by Terraform", () => {
    const { stack } = synthesize((s) => {
      const made = ownClusters(s);
      const md5 = made.secretFiles("pg-ci-1")[0]?.content.writeOnly();
      s.addOverride("locals.hash", md5);
      const api = made.secretFiles("pg-ci-1")[3]?.content.writeOnly();
      s.addOverride("locals.api", api);
    });
    const json = JSON.parse(JSON.stringify(stack.toTerraform()));
    expect(json.locals.hash).toBe('${md5("${var.password-gitlab_ci}gitlab_ci")}');
    expect(json.locals.api).toBe("${var.password-patroni}");
  });

  test("in cloud-init only if allowed, as an ephemeral value", () => {
    expect(() => config(managed).cloudInitWithSecrets("gitlab")).toThrow(
      /GITLAB-PACKAGE-INLINE-SECRETS: inlineSecrets must be true/,
    );
    const inline = (version: number, folder?: string) =>
      config((s) => {
        const postgres = server(s, "own");
        const owner = DatabaseLogin.withPassword("gitlab", secret(s, "p", version));
        const main = postgres.database("gitlabhq_production", { owner });
        return managed(s, { inlineSecrets: true, secretFolder: folder }, { main, registry: undefined });
      }).cloudInitWithSecrets("gitlab");
    expect(() => `${inline(1)}`).toThrow(/must not be part of a text/);
    const versions = [inline(1), inline(2), inline(1, "/etc/other")].map((text) => text.version);
    expect(new Set(versions).size).toBe(3);
    expect(inline(1).version).toBe(versions[0]);
  });

  test("Rails may use a command instead", () => {
    const text = config((s) => managed(s, { railsSecretCommand: "/opt/db-secrets rails" })).gitlabRb(
      "gitlab",
    );
    expect(text).toContain("gitlab_rails['db_extra_config_command'] = '/opt/db-secrets rails'");
    expect(text).not.toContain("main.password");
    expect(text).toContain("registry.password");
  });
});

describe("Rails", () => {
  const rails = (make: Parameters<typeof config>[0]) => config(make).gitlabRb("app");

  test("one connection in single-database mode", () => {
    const text = rails((s) => {
      const main = named(s, server(s, "db"), "gitlabhq_production", "gitlab");
      const single = new DatabaseTopology(s, "t", {
        version: GitlabVersion.of("18.5"),
        main,
        singleDatabaseMode: true,
      });
      return new LinuxPackageConfig(s, "package", { topology: single, nodes: [app], ...url });
    });
    expect(text).toMatch(/'ci' => \{\s+'enable' => false,/);
  });

  test("Sidekiq alone has the databases, no registry, and never migrates", () => {
    const made = config((s) =>
      managed(s, { nodes: [app, { name: "jobs", role: LinuxPackageRole.SIDEKIQ, host: "10.0.0.6" }] }),
    );
    const text = made.gitlabRb("jobs");
    expect(text).toContain("roles(['sidekiq_role'])");
    expect(text).toContain("gitlab_rails['auto_migrate'] = false");
    expect(text).toContain("gitlab_rails['db_host'] = 'postgres.example.com'");
    expect(text).not.toContain("registry");
    expect(made.gitlabRb("app")).toContain("gitlab_rails['auto_migrate'] = true");
  });

  test("a registry that is imported has the database, disabled, and a read-only store or a warning", () => {
    const made = (registryMetadata: RegistryMetadata, extra?: { [setting: string]: unknown }) => {
      let text = "";
      const { warnings } = synthesize((s) => {
        text = managed(s, { nodes: [{ ...app, extra }] }, { registryMetadata }).gitlabRb("app");
      });
      return { text, warnings: warnings.map(({ message }) => message) };
    };
    const inUse = made(RegistryMetadata.IN_USE);
    expect(inUse.text).toMatch(/registry\['database'\] = \{\s+'enabled' => true,/);
    expect(inUse.warnings).toEqual([]);
    const before = made(RegistryMetadata.PRE_IMPORT);
    expect(before.text).toMatch(
      /registry\['database'\] = \{\s+'enabled' => false,\s+'host' => 'postgres.example.com',/,
    );
    expect(before.text).toContain("gitlab-ctl registry-database migrate up");
    expect(before.warnings).toEqual([]);
    const writable = made(RegistryMetadata.IMPORT);
    expect(writable.text).toMatch(/'enabled' => false,/);
    expect(writable.warnings).toEqual([
      "GITLAB-PACKAGE-NODES-EXTRA-REGISTRY-READ-ONLY: nodes.app.extra: without maintenance.readonly.enabled in registry.storage the registry takes new images, and the import exits until it is stopped (gitlab-ctl stop registry)",
    ]);
    const storage = { s3: { bucket: "images" }, maintenance: { readonly: { enabled: true } } };
    const readOnly = made(RegistryMetadata.IMPORT, { "registry.storage": storage });
    expect(readOnly.warnings).toEqual([]);
    expect(readOnly.text).toContain("'maintenance' => {");
  });

  test("a Geo secondary site migrates its tracking database and never main, a read-only replica", () => {
    const text = config((s) => {
      const db = server(s, "db");
      return new LinuxPackageConfig(s, "package", {
        topology: topology(s, {
          main: named(s, db, "gitlabhq_production", "gitlab"),
          geo: named(s, server(s, "geo"), "gitlabhq_geo_production", "gitlab_geo"),
        }),
        nodes: [{ name: "app", role: RAILS, host: "app" }],
        ...url,
      });
    }).gitlabRb("app");
    expect(text).toContain("roles(['geo_secondary_role', 'application_role'])");
    expect(text).toContain("gitlab_rails['auto_migrate'] = false");
    expect(text).toContain("geo_secondary['auto_migrate'] = true");
    expect(text).toContain("geo_secondary['db_database'] = 'gitlabhq_geo_production'");
    expect(text).toContain("geo_postgresql['enable'] = false");
  });

  test("replicas and timeouts; another database has other replicas", () => {
    const make = (runsMigrations: boolean) => (s: Parameters<typeof managed>[0]) => {
      const db = server(s, "db");
      return new LinuxPackageConfig(s, "package", {
        topology: topology(s, {
          main: named(s, db, "gitlabhq_production", "gitlab"),
          ci: named(s, db, "gitlabhq_production_ci", "gitlab"),
          allowSeparateCiDatabase: true,
          settings: { statementTimeoutMs: 30_000, keepalives: true },
          entrySettings: {
            main: { loadBalancing: { hosts: ["r1", "r2"], maxReplicationLagSeconds: 30 } },
          },
        }),
        nodes: [
          { ...app, runsMigrations },
          { ...app, name: "other", runsMigrations: !runsMigrations },
        ],
        ...url,
      });
    };
    const text = rails(make(false));
    expect(text).toContain("gitlab_rails['db_statement_timeout'] = 30000");
    expect(text).toContain("gitlab_rails['db_keepalives'] = 1");
    expect(text).toMatch(
      /gitlab_rails\['db_load_balancing'\] = \{\n {2}'hosts' => \['r1', 'r2'\],\n {2}'max_replication_lag_time' => 30,/,
    );
    expect(text).toMatch(/'ci' => \{[^}]*'db_load_balancing' => \{\n\s+'hosts' => \[\],/);
    expect(rails(make(true))).not.toContain("load_balancing");
  });

  test("main's settings apply to ci in the package, with a warning", () => {
    const { warnings } = synthesize((s) => {
      const main = named(s, server(s, "db"), "gitlabhq_production", "gitlab");
      const own = topology(s, { main, entrySettings: { main: { statementTimeoutMs: 20_000 } } });
      new LinuxPackageConfig(s, "package", { topology: own, nodes: [app], ...url });
    });
    expect(warnings.map((note) => note.message)).toContain(
      "GITLAB-PACKAGE-TOPOLOGY-HANDED-DOWN: topology.ci: the package applies main's statementTimeoutMs to ci; set it for ci as well if it has to differ",
    );
  });

  test("an existing pooler is kept; migrations and backups connect past it", () => {
    const text = rails((s) => {
      const [db, pool] = [server(s, "db"), server(s, "pool", { port: 6432 })];
      const direct = named(s, db, "gitlabhq_production", "gitlab");
      const main = new LogicalDatabase(s, "pooled", {
        server: pool,
        databaseName: "gitlabhq_production",
        owner: direct.owner,
        provisioning: DatabaseProvisioning.CLOUD_API,
        pooling: { mode: PoolMode.TRANSACTION, preparedStatements: false, direct },
      });
      return new LinuxPackageConfig(s, "package", {
        topology: topology(s, { main }),
        nodes: [
          { ...app, runsMigrations: false },
          { ...app, name: "deploy", runsMigrations: true },
        ],
        ...url,
      });
    });
    expect(text).toContain("gitlab_rails['db_host'] = 'pool.example.com'");
    expect(text).toContain("'GITLAB_BACKUP_MAIN_PGHOST' => 'db.example.com'");
    expect(text).not.toContain("GITLAB_BACKUP_CI");
  });

  test("public authorities: libpq gets their path", () => {
    const text = rails((s) => {
      const db = server(s, "db", { tls: { enforced: true, hostnameVerifiable: true } });
      const main = named(s, db, "gitlabhq_production", "gitlab");
      return new LinuxPackageConfig(s, "package", { topology: topology(s, { main }), nodes: [app], ...url });
    });
    expect(text).toContain("gitlab_rails['db_sslrootcert'] = '/opt/gitlab/embedded/ssl/certs/cacert.pem'");
  });

  test("additional settings come last, with their files", () => {
    const extra = { "gitlab_rails.smtp_password": rubyFile("/etc/smtp"), "puma.worker_processes": 4 };
    const text = config((s) => managed(s, { nodes: [{ ...app, extra }] })).gitlabRb("app");
    expect(
      text.endsWith(
        "gitlab_rails['smtp_password'] = File.read('/etc/smtp').chomp\npuma['worker_processes'] = 4\n",
      ),
    ).toBe(true);
  });
});

describe("clusters", () => {
  test("a single PostgreSQL has no Patroni, no Consul and no watch", () => {
    const made = config((s) => {
      const db = server(s, "db");
      return new LinuxPackageConfig(s, "package", {
        topology: topology(s, {
          main: named(s, db, "gitlabhq_production", "gitlab"),
          ci: named(s, db, "gitlabhq_production_ci", "gitlab"),
          sec: named(s, db, "gitlabhq_production_sec", "gitlab_sec"),
          allowSeparateCiDatabase: true,
        }),
        nodes: [
          app,
          { name: "pg", role: POSTGRES, host: "pg", cluster: "db" },
          { name: "pool", role: PGBOUNCER, host: "pool" },
        ],
        clusters: [{ name: "db", server: db, trustAddresses: ["10.0.0.0/8"], restrictDatabaseAccess: false }],
        pooler: { host: "pool", consoleLogin: login(s, "pgbouncer"), authQuery: true },
        ...url,
      });
    });
    const pg = made.gitlabRb("pg");
    expect(pg).toContain("roles(['postgres_role'])");
    expect(pg).not.toMatch(/patroni\[|consul\[/);
    // Rails' databases of one owner are Rails', one of another is a component's with the same extensions.
    expect(pg).toContain("'db_database' => 'gitlabhq_production_ci'");
    expect(pg).toMatch(
      /'sec' => \{[^}]*'user' => 'gitlab_sec',[^}]*'extensions' => \['amcheck', 'btree_gist', 'pg_trgm'\]/,
    );
    expect(pg).toContain(
      "postgresql['pgbouncer_user_password'] = File.read('/etc/gitlab/secrets/pgbouncer.md5').chomp",
    );
    expect(pg).toContain("postgresql['restrict_database_access'] = false");
    const pool = made.gitlabRb("pool");
    expect(pool).toContain("# No cluster is watched");
    expect(pool).toContain("consul['enable'] = false");
    expect(pool.match(/server_tls_(sslmode|ca_file).*/g)).toEqual([
      "server_tls_sslmode'] = 'verify-full'",
      "server_tls_ca_file'] = '/etc/gitlab/pooling/server-ca.crt'",
    ]);
    expect(made.files("pool").find((f) => f.path.endsWith("server-ca.crt"))?.content).toBe(CA);
    expect(made.consulPolicy("pool")).toBeUndefined();
  });

  test("pools divide the server's connections between machines and entries, or are as given", () => {
    const sizes = (made: LinuxPackageConfig) =>
      [...made.gitlabRb("pooler-1").matchAll(/pool_size: (\d+)/g)].map((match) => Number(match[1]));
    // 500 less 3 reserved: nine tenths over two machines with three entries, or one.
    expect(sizes(config(ownClusters))).toEqual([69, 218, 69, 69]);
    const given = (s: Parameters<typeof ownClusters>[0]) =>
      ownClusters(s, {
        pooler: { host: "p", consoleLogin: login(s, "pgbouncer"), poolSizes: { main: 120, praefect: 10 } },
      });
    expect(sizes(config(given))).toEqual([120, 218, 69, 10]);
  });

  test.each<[string, boolean, boolean, string]>([
    ["19.1", false, false, "restrictDatabaseAccess: before 19.3 every user may connect"],
    ["19.2", true, false, "restrictDatabaseAccess: before 19.3 every user may connect"],
    ["19.3", true, true, ""],
  ])("features of the package %s", (version, components, restricts, note) => {
    let text = "";
    const { infos, warnings } = synthesize((s) => {
      const db = server(s, "db");
      const own = new DatabaseTopology(s, "topology", {
        version: GitlabVersion.of(version),
        main: named(s, db, "gitlabhq_production", "gitlab"),
        registry: named(s, db, "registry"),
      });
      const made = new LinuxPackageConfig(s, "package", {
        topology: own,
        nodes: [app, { name: "pg", role: POSTGRES, host: "pg", cluster: "db" }],
        clusters: [{ name: "db", server: db, passwordAddresses: ["10.0.0.0/8"] }],
        ...url,
      });
      text = made.gitlabRb("pg");
    });
    expect(text.includes("component_databases")).toBe(components);
    expect(text.includes("restrict_database_access")).toBe(restricts);
    expect(infos.map((each) => each.message).join("\n")).toContain(note);
    const warning =
      "GITLAB-PACKAGE-CLUSTERS-COMPONENTS: clusters.db: before 19.2 the package creates only the databases of Rails with one owner; create registry with DatabaseObjects";
    expect(warnings.some((each) => each.message === warning)).toBe(!components);
  });

  test("Consul policy of each machine", () => {
    const made = config(ownClusters);
    expect(made.consulPolicy("pg-ci-1")).toContain('key_prefix "service/gitlab-ci/"');
    expect(made.consulPolicy("pg-ci-1")).not.toContain("gitlab-main");
    expect(made.consulPolicy("pooler-1")).toMatch(/service "gitlab-ci" \{\n {2}policy = "read"/);
    expect(made.consulPolicy("consul-1")).toContain('node "consul-1"');
    expect(made.consulPolicy("rails-1")).toBeUndefined();
  });
});

describe("cloud-init", () => {
  test("files readable by root only, commands in order", () => {
    const made = config((s) => ownClusters(s, { setupCommands: ["install", "fetch"] }));
    const text = made.cloudInit("pooler-1");
    expect(text.startsWith("#cloud-config\n")).toBe(true);
    const { write_files, runcmd } = parse(text);
    expect(runcmd).toEqual(["install", "fetch", ["gitlab-ctl", "reconfigure"]]);
    expect(write_files.map((f: { path: string; permissions: string }) => [f.path, f.permissions])).toEqual([
      ["/etc/gitlab/pooling/server-ca.crt", "0644"],
      ["/etc/gitlab/pooling/leader-handler", "0755"],
      ["/etc/gitlab/gitlab.rb", "0600"],
    ]);
    // A template's sign is doubled, as Terraform wants it.
    expect(write_files[1].content).toBe(LEADER_HANDLER_SCRIPT.replaceAll("%{", "%%{"));
    expect(write_files[2].content).toBe(made.gitlabRb("pooler-1"));
  });
});

describe("client certificates", () => {
  const mutual = (s: TerraformStack) => {
    const clientCertificate = { certificatePem: CA, privateKeyPem: secret(s, "client-key") };
    const tls = { enforced: true, hostnameVerifiable: true, caCertificatesPem: CA, clientCertificate };
    const db = server(s, "db", { tls });
    return new LinuxPackageConfig(s, "package", {
      topology: topology(s, {
        main: named(s, db, "gitlabhq_production", "gitlab"),
        registry: named(s, db, "registry"),
      }),
      ...url,
      nodes: [
        { name: "app", role: RAILS, host: "app.example.com" },
        { name: "pooler", role: PGBOUNCER, host: "pooler.example.com" },
        { name: "pg", role: POSTGRES, host: "db.example.com", cluster: "db" },
      ],
      clusters: [{ name: "db", server: db, passwordAddresses: ["10.0.0.0/8"] }],
      pooler: { host: "pooler.example.com", consoleLogin: login(s, "pgbouncer") },
      inlineSecrets: true,
    });
  };
  const made = () => config(mutual);

  test("each key is readable for the group of its program", () => {
    const keys = made()
      .secretFiles("app")
      .filter(({ path }) => path.endsWith(".key"));
    expect(keys.map(({ path, group }) => [path, group])).toEqual([
      ["/etc/gitlab/ssl/database/main-client.key", "git"],
      ["/etc/gitlab/ssl/database/registry-client.key", "registry"],
    ]);
  });

  test("backups past the pooler use it as well", () => {
    const text = made().gitlabRb("app");
    expect(text).toContain("'GITLAB_BACKUP_MAIN_PGSSLCERT' => '/etc/gitlab/ssl/database/main-client.pem'");
    expect(text).toContain("'GITLAB_BACKUP_MAIN_PGSSLKEY' => '/etc/gitlab/ssl/database/main-client.key'");
  });

  test("PgBouncer has separate files: every file that its configuration names is on the machine", () => {
    const config = made();
    const files = [...config.files("pooler"), ...config.secretFiles("pooler")].map(({ path }) => path);
    const named = [...config.gitlabRb("pooler").matchAll(/'(\/etc\/gitlab\/[^']+)'/g)].map(
      ([, path]) => path,
    );
    expect(named).toEqual(expect.arrayContaining([expect.stringMatching(/server-client.crt$/)]));
    expect(files).toEqual(expect.arrayContaining(named));
    const key = config.secretFiles("pooler").find(({ path }) => path.endsWith("server-client.key"));
    expect(key?.group).toBe("gitlab-psql");
  });

  test("cloud-init creates the group that the package creates later", () => {
    const { stack } = synthesize((s) => {
      s.addOverride("locals.text", mutual(s).cloudInitWithSecrets("app").writeOnly());
    });
    const { text } = JSON.parse(JSON.stringify(stack.toTerraform())).locals;
    expect(text).toContain(
      "getent group registry >/dev/null || groupadd --system registry; chgrp registry '/etc/gitlab/ssl/database/registry-client.key'",
    );
  });
});

test("an unknown machine", () => {
  expect(() => config(managed).gitlabRb("web")).toThrow(
    /GITLAB-PACKAGE-NODE: node must be one of gitlab \(got "web"\)/,
  );
});
